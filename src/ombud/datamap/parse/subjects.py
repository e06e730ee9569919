"""Sorts of persons that have a row of their own, and where their identifiers stand."""

from __future__ import annotations

from collections.abc import Mapping

from ombud.datamap.model import IdentifierColumn
from ombud.datamap.parse.draft import DraftSubject, Scope
from ombud.datamap.parse.fields import Findings, entries, flag, keys, names, text
from ombud.datamap.parse.owners import known_kind
from ombud.datamap.parse.where import child_column, where
from ombud.datamap.parse.words import IDENTIFIER, SUBJECT
from ombud.policy.tree import Entries, Entry, Items, Node, Scalar
from ombud.terms import Place


def subject_keys(entry: Entry | None, findings: Findings) -> Mapping[str, tuple[str, ...]]:
    """The keys that subjects state for their tables."""
    found: dict[str, tuple[str, ...]] = {}
    for each in entry.node.entries if entry and isinstance(entry.node, Entries) else ():
        if isinstance(each.node, Entries) and isinstance(each.node.get("table"), Scalar):
            key = tuple(name for name, _ in names(each.node.get("key"), "a column", findings))
            where_ = each.node.get("table")
            if key and isinstance(where_, Scalar):
                found[where_.text] = key
    return found


def subjects(entry: Entry | None, scope: Scope, findings: Findings) -> Mapping[str, DraftSubject]:
    """The sorts of persons that have a row of their own, by name."""
    found: dict[str, DraftSubject] = {}
    for each in entries(entry.node, "subjects", findings) if entry else ():
        said = keys(each.node, "a subject", SUBJECT, findings)
        its = text(said["table"].node, "a table", findings) if "table" in said else each.key
        if its is None:
            continue
        columns: list[tuple[IdentifierColumn, Place]] = []
        for kind in entries(said["identifiers"].node, "identifiers", findings) if "identifiers" in said else ():
            known_kind(kind.key, kind.place, findings)
            nodes = kind.node.nodes if isinstance(kind.node, Items) else (kind.node,)
            read = (_identifier(kind.key, node, scope.physical(its), scope, findings) for node in nodes)
            columns.extend((column, kind.place) for column in read if column)
        place = said["table"].node.place if "table" in said else each.place
        found[each.key] = DraftSubject(each.key, scope.physical(its), tuple(columns), place)
    return found


def _identifier(kind: str, node: Node, its: str, scope: Scope, findings: Findings) -> IdentifierColumn | None:
    said = keys(node, "an identifier", IDENTIFIER, findings) if isinstance(node, Entries) else {}
    if isinstance(node, Entries) and "in" not in said:
        findings.add("M005", node.place, "no column holds the identifier", "add `in: column`")
        return None
    at = child_column(said["in"].node if said else node, scope, findings)
    if at is None:
        return None
    child, column = at
    link = text(said["link"].node, "a link", findings) if "link" in said else None
    if child is None and link is not None:
        findings.add("M004", said["link"].place, "a link needs a child table", "write `in: table.column`")
    if child is not None and link is None:
        only = sorted(scope.links[child])
        if len(only) != 1:
            findings.add(
                "M005", node.place, f"by which link {child} belongs to the person is not said", "add `link: …`"
            )
            return None
        link = only[0]
    if child is not None and link not in scope.links[child]:
        findings.unknown("M015", node.place, f"link of {child}", link or "", scope.links[child])
        return None
    tests = where(said["where"].node if "where" in said else None, child or its, scope, findings)
    return IdentifierColumn(
        kind, column, child, link, tests, flag(said["former"].node, "former", findings) if "former" in said else False
    )
