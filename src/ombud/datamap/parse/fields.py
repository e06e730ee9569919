"""Typed access to the tree of a file: a value that fits, or None and a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from ombud.policy.tree import Entries, Entry, Form, Items, Node, Scalar, guess
from ombud.terms import Finding, Level, Place

Word = TypeVar("Word", bound=StrEnum)
Named = tuple[str, Place]
"""A name and where it is written."""


@dataclass(slots=True)
class Findings:
    """What is wrong with the files so far."""

    found: list[Finding] = field(default_factory=list)
    _added: set[Finding] = field(default_factory=set)

    def add(self, code: str, place: Place, message: str, hint: str = "", level: Level = Level.ERROR) -> None:
        """Collect one finding."""
        finding = Finding(code, place, message, hint, level)
        if finding not in self._added:
            self._added.add(finding)
            self.found.append(finding)

    def refuse(self) -> bool:
        """Whether any of them is an error."""
        return any(finding.level is Level.ERROR for finding in self.found)

    def unknown(self, code: str, place: Place, what: str, word: str, known: object) -> None:
        """A name that nothing has, with the nearest that something has."""
        names = (
            frozenset(map(str, known)) if isinstance(known, Mapping | frozenset | set | tuple | list) else frozenset()
        )
        self.add(code, place, f"there is no {what} {word!r}", guess(word, names))


def keys(node: Node, what: str, known: Mapping[str, str], findings: Findings) -> dict[str, Entry]:
    """The entries of a mapping that are keys of the language; others are findings."""
    if not isinstance(node, Entries):
        findings.add("M003", node.place, f"{form(node)} does not fit here", f"{what} is a mapping: {', '.join(known)}")
        return {}
    for entry in node.entries:
        if entry.key not in known:
            findings.add("M002", entry.place, f"{entry.key!r} is not a key of {what}", guess(entry.key, tuple(known)))
    return {entry.key: entry for entry in node.entries if entry.key in known}


def entries(node: Node, what: str, findings: Findings) -> tuple[Entry, ...]:
    """The entries of a mapping whose keys are names."""
    if isinstance(node, Entries):
        return node.entries
    findings.add("M003", node.place, f"{form(node)} does not fit here", f"write {what} as `name: …`")
    return ()


def text(node: Node | None, what: str, findings: Findings) -> str | None:
    """A word."""
    if node is None:
        return None
    if isinstance(node, Scalar) and node.form is Form.TEXT and node.text:
        return node.text
    hint = f'put it in quotes: "{node.text}"' if isinstance(node, Scalar) and node.text else f"write {what}"
    findings.add("M003", node.place, f"{form(node)} does not fit here", hint)
    return None


def names(node: Node | None, what: str, findings: Findings) -> tuple[Named, ...]:
    """One word, or a list of them."""
    if node is None:
        return ()
    nodes = node.nodes if isinstance(node, Items) else (node,)
    read = ((text(each, what, findings), each.place) for each in nodes)
    return tuple((word, place) for word, place in read if word is not None)


def word(node: Node | None, words: type[Word], what: str, findings: Findings) -> Word | None:
    """One of a closed set of words."""
    if node is None:
        return None
    known = tuple(str(each) for each in words)
    if isinstance(node, Scalar) and node.text in known:
        return words(node.text)
    said = node.text if isinstance(node, Scalar) else form(node)
    findings.add("M004", node.place, f"{said!r} is not {what}", guess(said, known))
    return None


def value(node: Node, what: str, findings: Findings) -> Any:
    """A single value as YAML 1.2 reads it: text, number, true or false, or None."""
    if isinstance(node, Scalar):
        return scalar(node)
    findings.add("M003", node.place, f"{form(node)} does not fit here", f"write {what}")
    return None


def values(node: Node, what: str, findings: Findings) -> tuple[Any, ...]:
    """One value, or a list of them."""
    nodes = node.nodes if isinstance(node, Items) else (node,)
    return tuple(value(each, what, findings) for each in nodes)


def number(node: Node | None, what: str, findings: Findings) -> int | None:
    """A whole number from 0 to 36,500."""
    if node is None:
        return None
    read = scalar(node) if isinstance(node, Scalar) else None
    if isinstance(read, int) and not isinstance(read, bool) and 0 <= read <= 36_500:
        return read
    findings.add("M004", node.place, f"{what} is a whole number of days", "write a number such as 2")
    return None


def flag(node: Node | None, what: str, findings: Findings) -> bool:
    """true or false; unsaid is false."""
    if node is None:
        return False
    if isinstance(node, Scalar) and node.form is Form.FLAG:
        return node.text.lower() == "true"
    findings.add("M003", node.place, f"{form(node)} does not fit here", f"{what} is true or false")
    return False


def scalar(node: Scalar) -> Any:
    """What a scalar means."""
    match node.form:
        case Form.EMPTY:
            return None
        case Form.FLAG:
            return node.text.lower() == "true"
        case Form.NUMBER:
            return _number(node.text)
        case _:
            return node.text


def form(node: Node) -> str:
    """What a node is, in words."""
    if isinstance(node, Scalar):
        return {Form.EMPTY: "nothing", Form.FLAG: "true or false", Form.NUMBER: "a number"}.get(node.form, "a text")
    return "a list" if isinstance(node, Items) else "a mapping"


def _number(text_: str) -> int | float:
    for base, prefix in ((8, "0o"), (16, "0x"), (10, "")):
        if text_.lower().startswith(prefix):
            try:
                return int(text_, base)
            except ValueError:
                continue
    return float(text_)
