"""What stands between two words of a file: comments and empty lines; and how far in a comment stands."""

from __future__ import annotations

from dataclasses import dataclass

Level = tuple[int, int]
"""How far a list's or a mapping's lines stood in, and how far they stand in now."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment's text, and the column it stood in. `after`: how many spaces stood before it on its line."""

    text: str
    column: int
    after: int = 0


@dataclass(frozen=True, slots=True)
class Between:
    """`tail` stands behind a word; `lines` have a comment each, or nothing. The next word, if any, is at `end`."""

    tail: Comment | None
    lines: tuple[Comment | None, ...]
    end: int

    @property
    def comments(self) -> tuple[str, ...]:
        """Every comment, in order."""
        found = (self.tail, *self.lines)
        return tuple(each.text for each in found if each)


def between(text: str, start: int) -> Between:
    """What stands from here to the next sign that is no space and in no comment."""
    at, tail, lines = start, None, list[Comment | None]()
    first, filled = start > 0, start > 0
    while at < len(text):
        sign = text[at]
        if sign == "\n":
            if not filled:
                lines.append(None)
            first = filled = False
        elif sign == "#" and (at == 0 or text[at - 1] in " \t\n"):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            comment = Comment(text[at:end].rstrip(), at - text.rfind("\n", 0, at) - 1, at - start)
            if first:
                tail = comment
            else:
                lines.append(comment)
            at, filled = end, True
            continue
        elif sign not in " \t":
            break
        at += 1
    return Between(tail, tuple(lines), at)


def behind(line: str, comment: Comment) -> str:
    """A line with the comment behind it: in its own column, so that those of several lines stay under each other."""
    return line.ljust(max(comment.column, len(line) + min(2, comment.after))) + comment.text


def indent(comment: Comment, before: tuple[Level, ...], following: tuple[Level, ...], opens: bool) -> int:
    """How far in a comment's line stands: as what stands before it or after it, or between, whichever was nearest.

    `opens`: the last key has no value, so what stands further in than it may be meant for it.
    """
    if opens and before and comment.column > before[-1][0] and len(following) <= len(before):
        return before[-1][1] + 2
    shared = sum(1 for a, b in zip(before, following, strict=False) if a == b)
    open_ = {*before[max(0, shared - 1) :], *following[max(0, shared - 1) :]} or {(0, 0)}
    last = following[-1:]
    return min(open_, key=lambda level: (abs(level[0] - comment.column), (level,) != last, level))[1]
