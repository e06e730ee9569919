"""A file's parts laid out anew: two spaces a level, one between a key and its value, what fits on one line on one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ombud.policy.between import Between, Level, behind, between, indent
from ombud.policy.extents import Kind, Part

WIDTH = 140
"""Characters of a line, after which what stands in brackets is broken."""

_HEADER = re.compile(r"([|>]-?)([ \t]*)(#[^\n]*)?\n")

_Run = tuple[int, str]
"""What is never broken, and how deep in brackets it stands."""


class Left(Exception):
    """What has no form here: why, and the line (0: not known)."""

    def __init__(self, cause: str, line: int = 0) -> None:
        super().__init__(cause)
        self.cause, self.line = cause, line


@dataclass
class Layout:
    """Writes a text's parts, from its beginning to its end. `at` is how far it was read."""

    text: str
    at: int = 0
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    _levels: tuple[Level, ...] = ()
    _before: tuple[Level, ...] = ()
    _opens: bool = False
    _kept: bool = False

    def whole(self, root: Part) -> str:
        """The text anew, every comment of which is in `comments`. Raises Left."""
        if self.text.startswith("---", between(self.text, 0).end):
            self._comments(self._between())
            self.at += 3
            self.lines.append("---")
        if root.block:
            self._block(root, 0, inline=False)
        else:
            self._comments(self._between())
            self.lines.append("")
            self._value(root, 0, 0)
        self._comments(self._between())
        if self.at < len(self.text):
            raise self._left("the document's end is marked, or something follows it")
        return "\n".join(self.lines).strip("\n") + "\n"

    def _block(self, part: Part, far: int, inline: bool) -> None:
        """A list or a mapping in lines of its own. `inline`: it begins behind a dash."""
        outer = self._levels
        self._levels = (*outer, (part.column, far))
        for n, (key, value) in enumerate(part.pairs if part.kind is Kind.MAPPING else ((p, p) for p in part.parts)):
            found = self._between()
            if inline and n == 0 and not found.comments:
                self.lines[-1] += " "
            else:
                self._comments(found)
                self.lines.append(" " * far)
            self._before, self._opens = self._levels, False
            if part.kind is Kind.MAPPING:
                self._key(key)
            else:
                self._sign("-", "this is no list's item")
            self._under(value, far, inline=part.kind is Kind.LIST)
        self._levels = outer

    def _key(self, key: Part) -> None:
        if key.kind is not Kind.SCALAR or self.at != key.start or "\n" in self.text[key.start : key.end]:
            raise self._left("a key is written with `?`, or in several lines")
        self.lines[-1] += self.text[key.start : key.end]
        self.at = key.end
        if self._between().comments:
            raise self._left("a comment stands between a key and its colon")
        self._sign(":", "a key is written with `?`")

    def _sign(self, sign: str, otherwise: str) -> None:
        if not self.text.startswith(sign, self.at):
            raise self._left(otherwise)
        self.at += 1
        self.lines[-1] += sign

    def _under(self, value: Part, far: int, inline: bool) -> None:
        """What stands behind a key's colon or a dash."""
        if value.block:
            self._block(value, far + 2, inline)
        elif _empty(value):
            self._opens = True
        else:
            if self._between().comments:
                raise self._left("a comment stands between a key, or a dash, and its value")
            self.lines[-1] += " "
            self._value(value, far, self._levels[-1][0])

    def _value(self, value: Part, far: int, was: int) -> None:
        """A scalar, or what stands in brackets; `was`: how far in its first line stood."""
        if self.at != value.start:
            raise self._left("an anchor, a tag or a sign that has no form")
        if value.flow:
            self._brackets(value, far, was)
        elif value.style in ("|", ">"):
            self._literal(far)
        else:
            first, *rest = self.text[value.start : value.end].split("\n")
            self.lines[-1] += first.rstrip() if rest else first
            self.lines += [" " * (far + 2) + line.strip() if line.strip() else "" for line in rest]
            self.at = value.end

    def _literal(self, far: int) -> None:
        """A text in lines of its own, after `|` or `>`."""
        header = _HEADER.match(self.text, self.at)
        if header is None:
            raise self._left("a text of several lines says how far it stands in, or keeps its empty lines (`|2`, `|+`)")
        self.lines[-1] += header[1]
        if header[3]:
            self.at = header.end(1)
            self._comments(Between(between(self.text, self.at).tail, (), 0))
        end, near, held = header.end(), 0, list[str]()
        for line in self.text[end:].split("\n") if end < len(self.text) else ():
            bare = line.strip(" ")
            near = near or (len(line) - len(line.lstrip(" ")) if bare else 0)
            if bare and (not near or not line.startswith(" " * near) or near <= (self._levels or ((-1, 0),))[-1][0]):
                break
            held.append(line[near:])
        while held and not held[-1].strip(" "):
            held.pop()
        self.at = header.end() - 1
        for line in held:
            self.at = self.text.find("\n", self.at + 1)
            self.at = len(self.text) if self.at < 0 else self.at
            self.lines.append(" " * (far + 2) + line if line else "")

    def _brackets(self, value: Part, far: int, was: int) -> None:
        """On one line if they fit, else broken between items; with a comment or an empty line inside, as they were."""
        many, self._kept = len(self.comments), False
        runs = self._runs(value, 1)
        if self._kept or len(self.comments) > many:
            first, *rest = self.text[value.start : value.end].split("\n")
            self.lines[-1] += first.rstrip()
            for line in rest:
                bare = line.strip()
                stood = len(line) - len(line.lstrip())
                self.lines.append(" " * max(far + 1, stood + far - was) + bare if bare else "")
            return
        self.lines[-1] += runs[0][1]
        fits = len(self.lines[-1]) + sum(1 + len(run) for _, run in runs[1:]) <= WIDTH
        for depth, run in runs[1:]:
            if fits or len(self.lines[-1]) + 1 + len(run) <= WIDTH:
                self.lines[-1] += f" {run}"
            else:
                self.lines[-1] = self.lines[-1].rstrip()
                self.lines.append(" " * (far + 2 * depth) + run)

    def _runs(self, part: Part, depth: int) -> list[_Run]:
        """What stands in brackets, as what is not broken; the spaces between are left out."""
        if part.kind is Kind.SCALAR:
            return [(depth, self._flat(part))]
        opening, closing = "[]" if part.kind is Kind.LIST else "{}"
        bare = not self.text.startswith(opening, part.start)  # `[a: b]`, a pair without braces
        opening, closing = ("", "") if bare else (opening, closing)
        self.at += len(opening)
        runs: list[_Run] = []
        for key, value in part.pairs if part.kind is Kind.MAPPING else ((p, None) for p in part.parts):
            if runs:
                runs[-1] = (runs[-1][0], runs[-1][1] + ",")
            self._inside(key)
            item = self._runs(key, depth + 1)
            self._inside()
            if value is not None and self.text.startswith(":", self.at):
                self.at += 1
                self._inside(None if _empty(value) else value)
                (_, first), *rest = [(depth, "")] if _empty(value) else self._runs(value, depth + 1)
                item = [*item[:-1], (depth, f"{item[-1][1]}: {first}"), *rest]
                self._inside()
            self.at += self.text.startswith(",", self.at) and not bare
            runs += [(depth, item[0][1]), *item[1:]]
        if not bare:
            self._inside()
        if not self.text.startswith(closing, self.at):
            raise self._left("what stands in brackets has a form of its own")
        self.at += len(closing)
        runs = runs or [(depth, "")]
        runs[0] = (runs[0][0], opening + runs[0][1])
        runs[-1] = (runs[-1][0], runs[-1][1] + closing)
        return runs

    def _flat(self, part: Part) -> str:
        said = self.text[part.start : part.end]
        self._kept |= re.search(r"\n[ \t]*\n", said) is not None
        self.at = part.end
        return re.sub(r"[ \t]*\n[ \t]*", " ", said)

    def _inside(self, following: Part | None = None) -> None:
        self.comments += self._between().comments
        if following is not None and self.at != following.start:
            raise self._left("what stands in brackets has a form of its own")

    def _between(self) -> Between:
        found = between(self.text, self.at)
        self.at = found.end
        return found

    def _comments(self, found: Between) -> None:
        """Comments and one empty line at most between two others."""
        self.comments += found.comments
        if found.tail:
            self.lines[-1] = behind(self.lines[-1], found.tail)
        for each in found.lines:
            if each is not None:
                self.lines.append(" " * indent(each, self._before, self._levels, self._opens) + each.text)
            elif self.lines[-1:] != [""]:
                self.lines.append("")

    def _left(self, cause: str) -> Left:
        return Left(cause, self.text.count("\n", 0, self.at) + 1)


def _empty(part: Part) -> bool:
    return part.kind is Kind.SCALAR and part.start == part.end
