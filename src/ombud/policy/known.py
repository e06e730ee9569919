"""Which names the files declare, and what is said of a name that none does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ombud.policy.tree import Entries, Items, Node, Scalar, guess
from ombud.terms import Finding, Level, Place

KINDS = ("companies", "categories", "moments", "states", "regions", "agreements", "recipients", "purposes")


@dataclass(slots=True)
class Reading:
    """What is known while files are read, and what was found. Names count even where their value is wrong."""

    names: dict[str, frozenset[str]]
    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, place: Place, message: str, hint: str = "", level: Level = Level.ERROR) -> None:
        """Collect a finding once."""
        finding = Finding(code, place, message, hint, level)
        if finding not in self.findings:
            self.findings.append(finding)

    def term(self, kind: str, node: Node | None) -> str | None:
        """The name that a scalar gives, if one of that kind is declared; else None, with finding P012."""
        if not isinstance(node, Scalar):
            return None
        known = self.names.get(kind, frozenset())
        if node.text in known:
            return node.text
        elsewhere = next((other for other in KINDS if node.text in self.names.get(other, frozenset())), None)
        hint = f"{node.text} is one of {elsewhere}" if elsewhere else guess(node.text, known)
        self.add("P012", node.place, f"{node.text!r} is not one of {kind}", hint)
        return None

    def terms(self, kind: str, node: Node | None) -> tuple[str, ...]:
        """The names in a list of scalars, without the unknown; a name twice is P017."""
        found: list[str] = []
        for item in node.nodes if isinstance(node, Items) else ():
            name = self.term(kind, item)
            if name is not None and name in found:
                self.add("P017", item.place, f"{name} stands twice in the list", "keep one of them")
            elif name is not None:
                found.append(name)
        return tuple(found)


def declared(tree: Entries) -> dict[str, frozenset[str]]:
    """The names that a file's tables declare, by table; categories by dotted path."""
    names: dict[str, frozenset[str]] = {}
    for kind in KINDS:
        node = tree.get(kind)
        if isinstance(node, Entries):
            names[kind] = frozenset(paths(node)) if kind == "categories" else frozenset(e.key for e in node.entries)
    return names


def paths(categories: Entries, above: str = "") -> tuple[str, ...]:
    """Every dotted path of a category tree."""
    found: list[str] = []
    for entry in categories.entries:
        found.append(above + entry.key)
        parts = entry.node.get("parts") if isinstance(entry.node, Entries) else None
        if isinstance(parts, Entries):
            found.extend(paths(parts, f"{above}{entry.key}."))
    return tuple(found)


def text(node: Node | None) -> str:
    """A scalar's text, or nothing."""
    return node.text if isinstance(node, Scalar) else ""


def texts(node: Node | None) -> tuple[str, ...]:
    """One or many scalars' texts."""
    if isinstance(node, Items):
        return tuple(item.text for item in node.nodes if isinstance(item, Scalar))
    return (node.text,) if isinstance(node, Scalar) else ()


def mapping(node: Node | None) -> Mapping[str, str]:
    """A mapping of names to texts, such as a title by language; what is no text is left out."""
    if not isinstance(node, Entries):
        return {}
    return {entry.key: entry.node.text for entry in node.entries if isinstance(entry.node, Scalar)}


def flag(node: Node | None) -> bool:
    """Whether a scalar says true."""
    return text(node).lower() == "true"


def rows(tree: Entries, kind: str) -> tuple[tuple[str, Place, Entries], ...]:
    """The entries of a table whose values are mappings: name, where it stands, what it says."""
    node = tree.get(kind)
    entries = node.entries if isinstance(node, Entries) else ()
    return tuple((entry.key, entry.place, entry.node) for entry in entries if isinstance(entry.node, Entries))
