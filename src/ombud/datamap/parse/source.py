"""One file: the source's conventions, its subjects, its tables; once for each entry of `for_each`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ombud.datamap.model import CompanyColumn, IdentifierColumn, Provenance
from ombud.datamap.parse.cells import bindings
from ombud.datamap.parse.draft import Conventions, DraftSource, DraftSubject, DraftTable, Scope
from ombud.datamap.parse.fields import Findings, entries, flag, keys, names, number, text, values, word
from ombud.datamap.parse.links import link_names
from ombud.datamap.parse.moments import Children
from ombud.datamap.parse.owners import known_kind
from ombud.datamap.parse.table import Reader, company, table
from ombud.datamap.parse.times import times
from ombud.datamap.parse.where import child_column, where
from ombud.datamap.parse.words import COMPANY, IDENTIFIER, SOURCE, SUBJECT
from ombud.policy.tree import Entries, Entry, Items, Node, Scalar
from ombud.terms import IfNone, Place


def sources(node: Node, zone: str, findings: Findings) -> list[DraftSource]:
    """The maps that a file holds. `zone` is the policy's."""
    read = (_source(each, zone, findings) for each in _each(node, findings))
    return [each for each in read if each is not None]


def _each(node: Node, findings: Findings) -> list[Node]:
    """The file once for each entry of `for_each`, its parameters filled in; the file itself where there is none."""
    given = node.get("for_each") if isinstance(node, Entries) else None
    if given is None or not isinstance(node, Entries):
        return [node]
    rest = Entries(node.place, tuple(entry for entry in node.entries if entry.key != "for_each"))
    if not isinstance(given, Items) or not given.nodes:
        findings.add("M006", given.place, "`for_each` is a list of parameters", "write `- {source: …, company: …}`")
        return []
    sets: list[Mapping[str, Scalar]] = []
    for each in given.nodes:
        said = entries(each, "parameters", findings)
        sets.append({entry.key: entry.node for entry in said if isinstance(entry.node, Scalar)})
        for entry in said:
            if not isinstance(entry.node, Scalar):
                findings.add("M006", entry.place, f"the parameter {entry.key} is not a single value", "write one value")
        if sets[-1].keys() != sets[0].keys():
            missing = ", ".join(sorted(sets[-1].keys() ^ sets[0].keys()))
            findings.add(
                "M006", each.place, f"this entry and the first differ in: {missing}", "give all entries the same names"
            )
            sets.pop()
    return [_filled(rest, parameters) for parameters in sets]


def _filled(node: Node, parameters: Mapping[str, Scalar]) -> Node:
    match node:
        case Scalar():
            for name, given in parameters.items():
                if node.text == f"<{name}>":
                    return replace(given, place=node.place)
                node = replace(node, text=node.text.replace(f"<{name}>", given.text))
            return node
        case Items():
            return replace(node, nodes=tuple(_filled(each, parameters) for each in node.nodes))
        case Entries():
            filled = (replace(each, node=_filled(each.node, parameters)) for each in node.entries)
            return replace(node, entries=tuple(filled))


def _source(node: Node, zone: str, findings: Findings) -> DraftSource | None:
    said = keys(node, "a data map", SOURCE, findings)
    if not said:
        return None
    name = text(said["source"].node, "a source", findings) if "source" in said else None
    for each in ("source", "tables"):
        if each not in said:
            findings.add("M005", node.place, f"the map has no `{each}`", f"add `{each}`: {SOURCE[each]}")
    conventions = _conventions(said, zone, findings)
    written = entries(said["tables"].node, "tables", findings) if "tables" in said else ()
    links = {
        conventions.prefix + entry.key: link_names(entry.node.get("links") if isinstance(entry.node, Entries) else None)
        for entry in written
    }
    keys_of = _subject_keys(said.get("subjects"), findings)
    children: Children = {}
    drafts: dict[str, DraftTable] = {}
    for entry in written:
        scope = Scope(conventions, conventions.prefix + entry.key, links)
        reader = Reader(scope, keys_of.get(entry.key, conventions.key), children, findings)
        drafts[scope.table] = table(entry, reader)
    subjects = _subjects(said.get("subjects"), Scope(conventions, "", links), findings)
    return DraftSource(
        source=name or "",
        place=said["source"].node.place if "source" in said else node.place,
        conventions=conventions,
        tables=drafts,
        subjects=subjects,
        purposes=bindings(said["purposes"].node, findings) if "purposes" in said else None,
        not_personal=_patterns(said.get("not_personal"), conventions.prefix, findings),
        children=children,
    )


def _conventions(said: Mapping[str, Entry], zone: str, findings: Findings) -> Conventions:
    node = {key: entry.node for key, entry in said.items()}
    encoding, written_in, patterns = times(node.get("times"), zone, findings)
    values_said: Mapping[object, str] = {}
    plain = Conventions(
        zone,
        prefix=text(node.get("prefix"), "a prefix", findings) or "",
        key=tuple(each for each, _ in names(node.get("key"), "a column", findings)) or ("id",),
        encoding=encoding,
        written_in=written_in,
        times=patterns,
        absent=values(node["absent"], "a value", findings) if "absent" in node else (),
        grace=number(node.get("grace"), "grace", findings) or 0,
        if_none=word(node.get("if_none"), IfNone, "a meaning of what is missing", findings),
        provenance=word(node.get("provenance"), Provenance, "a provenance", findings),
        values=values_said,
    )
    whose = node.get("company")
    rule = company(whose, Scope(plain, "", {}), findings)
    if isinstance(whose, Entries) and rule is None and "values" in keys(whose, "a company", COMPANY, Findings()):
        rule = company(Entries(whose.place, (*whose.entries, _no_column(whose.place))), Scope(plain, "", {}), findings)
        values_said = rule.values if isinstance(rule, CompanyColumn) else {}
        return replace(plain, values=values_said)
    return replace(plain, company=rule, values=rule.values if isinstance(rule, CompanyColumn) else {})


def _no_column(place: Place) -> Entry:
    """A file that gives only `values` leaves the column to its tables."""
    return Entry("column", place, Scalar(place, "-"))


def _patterns(entry: Entry | None, prefix: str, findings: Findings) -> tuple[str, ...]:
    said = names(entry.node, "a pattern", findings) if entry else ()
    for pattern, place in said:
        if not pattern.strip("*?."):
            findings.add("M087", place, f"{pattern!r} would swallow everything", "name what it is meant for")
    return tuple(pattern for pattern, _ in said)


def _subject_keys(entry: Entry | None, findings: Findings) -> Mapping[str, tuple[str, ...]]:
    """The keys that subjects state for their tables."""
    found: dict[str, tuple[str, ...]] = {}
    for each in entry.node.entries if entry and isinstance(entry.node, Entries) else ():
        if isinstance(each.node, Entries) and isinstance(each.node.get("table"), Scalar):
            key = tuple(name for name, _ in names(each.node.get("key"), "a column", findings))
            where_ = each.node.get("table")
            if key and isinstance(where_, Scalar):
                found[where_.text] = key
    return found


def _subjects(entry: Entry | None, scope: Scope, findings: Findings) -> Mapping[str, DraftSubject]:
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
