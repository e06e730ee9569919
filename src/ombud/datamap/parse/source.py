"""One file: the source's conventions, its subjects, its tables; once for each entry of `for_each`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ombud.datamap.model import CompanyColumn, Provenance
from ombud.datamap.parse.cells import bindings
from ombud.datamap.parse.draft import Conventions, DraftSource, DraftTable, Scope
from ombud.datamap.parse.fields import Findings, entries, keys, names, number, text, values, word
from ombud.datamap.parse.links import link_names
from ombud.datamap.parse.moments import Children
from ombud.datamap.parse.subjects import subject_keys, subjects
from ombud.datamap.parse.table import Reader, companies_at, company, table
from ombud.datamap.parse.times import times
from ombud.datamap.parse.titles import titles
from ombud.datamap.parse.words import COMPANY, SOURCE
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
    written = entries(said["tables"].node, "tables", findings) if "tables" in said else ()
    conventions = replace(_conventions(said, zone, findings), names=_names(written))
    links = {
        conventions.physical(entry.key): link_names(
            entry.node.get("links") if isinstance(entry.node, Entries) else None
        )
        for entry in written
    }
    keys_of = subject_keys(said.get("subjects"), findings)
    children: Children = {}
    drafts: dict[str, DraftTable] = {}
    for entry in written:
        scope = Scope(conventions, conventions.physical(entry.key), links)
        if scope.table in drafts:
            findings.add("M004", entry.place, f"{scope.table} is mapped twice", "put it in one place")
            continue
        reader = Reader(scope, keys_of.get(entry.key, conventions.key), children, findings)
        drafts[scope.table] = table(entry, reader)
    its_subjects = subjects(said.get("subjects"), Scope(conventions, "", links), findings)
    return DraftSource(
        source=name or "",
        place=said["source"].node.place if "source" in said else node.place,
        conventions=conventions,
        tables=drafts,
        subjects=its_subjects,
        purposes=bindings(said["purposes"].node, findings) if "purposes" in said else None,
        not_personal=_patterns(said.get("not_personal"), findings),
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
        titles=titles(node.get("titles"), findings),
    )
    whose = node.get("company")
    rule = company(whose, Scope(plain, "", {}), findings)
    if isinstance(whose, Entries) and rule is None and "values" in keys(whose, "a company", COMPANY, Findings()):
        rule = company(Entries(whose.place, (*whose.entries, _no_column(whose.place))), Scope(plain, "", {}), findings)
        values_said = rule.values if isinstance(rule, CompanyColumn) else {}
        return replace(plain, values=values_said, named=companies_at(whose))
    values_said = rule.values if isinstance(rule, CompanyColumn) else {}
    return replace(plain, company=rule, values=values_said, named=companies_at(whose))


def _no_column(place: Place) -> Entry:
    """A file that gives only `values` leaves the column to its tables."""
    return Entry("column", place, Scalar(place, "-"))


def _patterns(entry: Entry | None, findings: Findings) -> tuple[str, ...]:
    said = names(entry.node, "a pattern", findings) if entry else ()
    for pattern, place in said:
        if not pattern.strip("*?."):
            findings.add("M087", place, f"{pattern!r} would swallow everything", "name what it is meant for")
    return tuple(pattern for pattern, _ in said)


def _names(written: tuple[Entry, ...]) -> Mapping[str, str]:
    """Tables whose name in the database is not made by the prefix."""
    found: dict[str, str] = {}
    for entry in written:
        named = entry.node.get("table") if isinstance(entry.node, Entries) else None
        if isinstance(named, Scalar):
            found[entry.key] = named.text
    return found
