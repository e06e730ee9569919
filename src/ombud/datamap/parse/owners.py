"""Whom a row or a cell is about: `customer`, `{each: bridge.link}`, `{identifier: email, in: column}`, a list."""

from __future__ import annotations

from ombud.datamap.identity import KINDS
from ombud.datamap.model import ByIdentifier, EachOwner
from ombud.datamap.parse.draft import ByName, Nobody, OwnerWord, Scope
from ombud.datamap.parse.fields import Findings, form, keys, text
from ombud.datamap.parse.where import child_link, must_say, where
from ombud.datamap.parse.words import OWNERS
from ombud.policy.tree import Entries, Items, Node, guess
from ombud.terms import IfNone, Place


def owners(node: Node | None, scope: Scope, findings: Findings) -> tuple[OwnerWord, ...] | None:
    """The words of an owner; None where nothing is said."""
    if node is None:
        return None
    nodes = node.nodes if isinstance(node, Items) else (node,)
    if not nodes:
        findings.add("M005", node.place, "the list names no owner", "write `owner: nobody` if that is meant")
    read = (_owner(each, scope, findings) for each in nodes)
    words = tuple(each for each in read if each is not None)
    if len(words) > 1 and any(isinstance(each, Nobody) for each in words):
        findings.add("M004", node.place, "`nobody` stands beside an owner", "leave one of them out")
    return words


def kind_of(node: Node, findings: Findings) -> str | None:
    """A kind of identifier; one that is nearly a known kind is a slip of the pen."""
    said = text(node, "a kind of identifier", findings)
    return None if said is None else known_kind(said, node.place, findings)


def known_kind(said: str, place: Place, findings: Findings) -> str:
    """The same for a name that is already read."""
    hint = guess(said, KINDS)
    if said not in KINDS and hint.startswith("did you mean"):
        findings.add("M019", place, f"{said!r} is no kind of identifier", hint)
    return said


def _owner(node: Node, scope: Scope, findings: Findings) -> OwnerWord | None:
    if not isinstance(node, Entries):
        name = text(node, "an owner", findings)
        if name is None:
            return None
        return Nobody(node.place) if name == "nobody" else ByName(name, node.place)
    form_ = next((each for each in OWNERS if node.get(each) is not None), None)
    if form_ is None:
        findings.add(
            "M004",
            node.place,
            f"{form(node)} names no owner",
            "write a link's name, {each: table.link} or {identifier: …, in: …}",
        )
        return None
    said = keys(node, "an owner", OWNERS[form_], findings)
    if form_ == "each":
        bridge = child_link(said["each"].node, scope, findings)
        missing = must_say(said.get("if_none"), node.place, "no row points here", scope, findings)
        return EachOwner(bridge[0], bridge[1], missing) if bridge else None
    kind = kind_of(said["identifier"].node, findings)
    column = text(said["in"].node, "a column", findings) if "in" in said else None
    if "in" not in said:
        findings.add("M005", node.place, "no column holds the identifier", "add `in: column`")
    missing = must_say(said.get("if_none"), node.place, "the identifier is empty", scope, findings)
    tests = where(said["when"].node if "when" in said else None, scope.table, scope, findings)
    return ByIdentifier(kind, column, missing, tests) if kind and column else None


def mentions(node: Node | None, findings: Findings) -> tuple[ByIdentifier, ...]:
    """`{email: cc}`: who may see a row without owning it. An empty one mentions nobody."""
    if node is None:
        return ()
    if not isinstance(node, Entries):
        findings.add("M003", node.place, f"{form(node)} does not fit here", "write {email: column}")
        return ()
    found: list[ByIdentifier] = []
    for entry in node.entries:
        nodes = entry.node.nodes if isinstance(entry.node, Items) else (entry.node,)
        kind = known_kind(entry.key, entry.place, findings)
        columns = [text(each, "a column", findings) for each in nodes]
        found.extend(ByIdentifier(kind, column, IfNone.NONE) for column in columns if column)
    return tuple(found)
