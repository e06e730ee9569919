"""Sorts of persons that have a row of their own, and where their identifiers stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ombud.datamap.model import IdentifierColumn, ProtectedColumn, Where
from ombud.datamap.parse.draft import DraftSubject, Scope
from ombud.datamap.parse.fields import Findings, entries, flag, keys, names, text, values
from ombud.datamap.parse.owners import known_kind
from ombud.datamap.parse.where import child_column, where
from ombud.datamap.parse.words import IDENTIFIER, PROTECTED, SUBJECT
from ombud.policy.tree import Entries, Entry, Items, Node, Scalar
from ombud.terms import Place

PERSONNUMMER = "personnummer"


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
        table = scope.physical(its)
        flags = tuple(_protected(said["protected"].node if "protected" in said else None, table, scope, findings))
        found[each.key] = DraftSubject(each.key, table, tuple(columns), place, flags)
    return found


def _identifier(kind: str, node: Node, its: str, scope: Scope, findings: Findings) -> IdentifierColumn | None:
    said = keys(node, "an identifier", IDENTIFIER, findings) if isinstance(node, Entries) else {}
    if isinstance(node, Entries) and "in" not in said:
        findings.add("M005", node.place, "no column holds the identifier", "add `in: column`")
        return None
    at = _at(node, said, its, scope, findings)
    if at is None:
        return None
    former = flag(said["former"].node, "former", findings) if "former" in said else False
    if former and kind == PERSONNUMMER:
        message = "by a former personnummer a changed identity would be linked with the one before"
        findings.add("M099", said["former"].place, message, "map the column as personal data, and not as an identifier")
    return IdentifierColumn(kind, *at, former)


def _protected(node: Node | None, its: str, scope: Scope, findings: Findings) -> Iterator[ProtectedColumn]:
    """Where flags of a protected identity stand."""
    for each in node.nodes if isinstance(node, Items) else (node,) if node is not None else ():
        said = keys(each, "a protected identity", PROTECTED, findings)
        if isinstance(each, Entries) and "in" not in said:
            findings.add("M005", each.place, "no column holds the flag", "add `in: column`")
        if isinstance(each, Entries) and "unless" not in said:
            message = "which values are no flag of a protected identity is not said"
            findings.add("M005", each.place, message, "add `unless: …`: every other value is one, NULL too")
        at = _at(each, said, its, scope, findings) if "in" in said and "unless" in said else None
        if at is None:
            continue
        column, child, link, tests = at
        unless = values(said["unless"].node, "a value", findings)
        if not unless:
            findings.add(
                "M004", said["unless"].node.place, "everybody would be protected", "name a value that is no flag"
            )
        yield ProtectedColumn(column, unless, child, link, tests)


def _at(
    node: Node, said: Mapping[str, Entry], its: str, scope: Scope, findings: Findings
) -> tuple[str, str | None, str | None, Where] | None:
    """A column of the subject's table, or of a child's rows with the link and the tests that choose them."""
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
    return column, child, link, tests
