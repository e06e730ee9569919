"""Which constructs of the semantics a case holds: rules of tables that have rows, marks, values, outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from ombud.claims.world import RowId, Values, World
from ombud.datamap.identity import normalise
from ombud.datamap.model import (
    ByIdentifier,
    CompanyColumn,
    DataMap,
    EachOwner,
    FromChildren,
    FromColumn,
    Latest,
    MomentRule,
    OwnerRule,
    SourceMap,
    Table,
    TimeColumn,
)
from ombud.policy.model import Clock, EndOf, Inclusive, Policy, Use, While
from ombud.terms import TRACK_OF, IdRef, KeyRef, Mark, Verdict
from tests.differential.edits import Delete, Edit, Insert, Update


def constructs_of(
    policy: Policy,
    datamap: DataMap,
    world: World,
    marks: Iterable[Mark],
    days: tuple[date, ...],
    edits: Iterable[Iterable[Edit]],
) -> Counter[str]:
    """Each construct of the case, with how often it stands there."""
    found = Counter(_of_policy(policy))
    found.update(_of_marks(marks, days))
    for source, mapped in datamap.sources.items():
        tables = world.tables[source]
        found.update(_of_source(mapped, tables))
        for table in mapped.tables.values():
            if tables[table.name]:
                found.update(_of_table(table))
                found.update(_of_rows(table, tables))
            else:
                found["table: empty"] += 1
        unmapped = [ref for ref in world.schemas[source].references if ref.table not in mapped.tables]
        found["reference: from an unmapped table"] += sum(bool(tables[ref.table]) for ref in unmapped)
        found["reference: declared"] += len(world.schemas[source].references) - len(unmapped)
    for between in edits:
        found.update(_of_edits(tuple(between)))
    found["sources: several"] += len(datamap.sources) > 1
    found["days: several"] += len(days) > 1
    return +found


def outcomes(verdicts: Mapping[RowId, Verdict]) -> Counter[str]:
    """What a sweep did."""
    found = Counter(f"outcome: {verdict.outcome}" for verdict in verdicts.values())
    found["outcome: unlink"] += sum(len(verdict.unlink) for verdict in verdicts.values())
    found["outcome: cells blanked"] += sum(len(verdict.blank) for verdict in verdicts.values())
    return +found


def _of_policy(policy: Policy) -> Iterator[str]:
    yield f"companies: {len(policy.companies)}"
    first = policy.purposes[policy.group]
    for company, purposes in policy.purposes.items():
        if any(purpose != first[id] for id, purpose in purposes.items()):
            yield "company: refines"
        if len(purposes) < len(first):
            yield "company: lacks a purpose"
        if policy.companies[company].fiscal_years[0][0].year > 2000:
            yield "fiscal years: short list"
    for purpose in first.values():
        yield from (f"basis: {basis.kind}" for basis in purpose.bases)
        yield from ("basis: with a state" for basis in purpose.bases if basis.state)
        if len(purpose.bases) > 1:
            yield "basis: several"
        if Use.DIRECT_MARKETING in purpose.uses:
            yield "use: direct marketing"
        match purpose.keep:
            case While():
                yield "keep: while"
            case Clock(_, ()):
                yield "keep: until"
            case Clock(_, steps):
                yield "keep: pipeline" if len(steps) > 1 else "keep: one step"
                yield from (f"keep: end of {step.unit}" for step in steps if isinstance(step, EndOf))
                yield from ("keep: inclusive" for step in steps if isinstance(step, Inclusive))


def _of_marks(marks: Iterable[Mark], days: tuple[date, ...]) -> Iterator[str]:
    for mark in marks:
        yield f"mark: {mark.act}"
        yield f"mark: {'all purposes' if mark.purpose is None else 'one purpose'}"
        yield f"mark: {'all companies' if mark.company is None else 'one company'}"
        yield from ("mark: by key" for ref in mark.refs if isinstance(ref, KeyRef))
        yield from ("mark: by identifier" for ref in mark.refs if isinstance(ref, IdRef))
        if mark.day > days[0]:
            yield "mark: in the future"
    for one, other in combinations(marks, 2):
        if TRACK_OF[one.act] is TRACK_OF[other.act] and one.act is not other.act and one.refs & other.refs:
            yield "mark: against another" + (" of the day" if one.day == other.day else "")


def _of_source(source: SourceMap, tables: Mapping[str, tuple[Values, ...]]) -> Iterator[str]:
    links = [(table.name, link.to) for table in source.tables.values() for link in table.links.values()]
    yield from ("links: to the same table" for here, to in links if here == to)
    yield from ("links: circle of two tables" for here, to in links if here < to and (to, here) in links)
    for subject in source.subjects.values():
        for place in subject.identifiers if tables[subject.table] else ():
            yield f"identifier: {place.kind}"
            yield "identifier: in a child" if place.child else "identifier: in the row"
            yield from ("identifier: former" for _ in range(place.former))
            yield from ("identifier: where" for _ in place.where)
        written = [str(row.get("email") or "") for row in tables[subject.table]]
        for one, other in combinations([each for each in written if each], 2):
            if normalise("email", one) == normalise("email", other):
                yield "identifier: shared" if one == other else "identifier: shared, written otherwise"
            elif _folded(one) == _folded(other):
                yield "identifier: twins by collation only"


def _folded(text: str) -> str:
    return text.strip().casefold().replace("å", "a")


def _of_table(table: Table) -> Iterator[str]:
    yield f"company: {type(table.company).__name__}"
    yield f"kinds: {len(table.kinds)}"
    yield "table: composite key" if len(table.key) > 1 else "table: simple key"
    yield from ("link: in the key" for link in table.links.values() if {*link.columns} <= {*table.key})
    yield from ("table: personal none" for _ in range(not table.personal))
    yield from ("table: without birth" for _ in range(table.born is None))
    yield from ("follows" for _ in range(table.follows is not None))
    yield from ("consent columns" for _ in table.marks)
    for link in table.links.values():
        yield f"link: gone {link.gone}"
        yield f"link: if_none {link.if_none}"
        yield from ("link: composite" for _ in range(len(link.columns) > 1))
        yield from ("link: polymorphic" + (" by another row" if test.link else "") for test in link.when)
    for match in table.matches.values():
        yield "match: with clocks" if match.clocks else "match: rights only"
    yield from (f"owner: {name}" for rule in table.owners for name in _of_owner(rule))
    for kind in table.kinds:
        for rule in kind.moments.values():
            yield from (f"moment: {name}" for name in _of_moment(table, rule))
        for binding in kind.bindings:
            yield "binding: all cells" if binding.reach is None else "binding: some cells"
        for cell in kind.cells.values():
            yield from (f"cell: of {name}, otherwise {cell.otherwise}" for r in cell.of for name in _of_owner(r))
            yield from ("cell: several of" for _ in range(len(cell.of) > 1))
            yield from ("cell: then" for _ in cell.then)
            yield from ("cell: blank per key" for _ in range(bool(cell.blank and cell.blank.per_key)))
            yield f"cell: category {cell.category}"


def _of_owner(rule: OwnerRule) -> Iterator[str]:
    yield type(rule).__name__
    if isinstance(rule, EachOwner | ByIdentifier):
        yield f"{type(rule).__name__} if_none {rule.if_none}"


def _of_moment(table: Table, rule: MomentRule) -> Iterator[str]:
    name = type(rule).__name__
    match rule:
        case FromColumn(columns):
            yield name
            yield from ("else column" for _ in columns[1:])
            yield from (f"encoding {column.encoding}" for column in columns)
            yield from ("absent" for column in columns if column.absent)
            yield from ("local zone" for column in columns if column.zone != "UTC")
        case FromChildren():
            yield f"{name} {rule.pick}"
            yield f"{name} if_none {rule.if_none}"
            yield from (f"{name} where" for _ in rule.where)
        case Latest():
            yield from (name, f"{name} if_none {rule.if_none}")
        case _ if getattr(rule, "link", None) in table.matches:
            yield f"{name} match"
        case _:
            yield name


def _of_rows(table: Table, tables: Mapping[str, tuple[Values, ...]]) -> Iterator[str]:
    rows = tables[table.name]
    for link in table.links.values():
        there = {tuple(row[column] for column in link.target) for row in tables[link.to]}
        for key in (tuple(row[column] for column in link.columns) for row in rows):
            yield "row: NULL reference" if None in key else "row: found" if key in there else "row: dangling"
    times = {column for kind in table.kinds for rule in kind.moments.values() for column in _columns(rule)}
    for row in rows:
        for column in times:
            value = row[column.column]
            yield from (f"time: {what}" for what in _of_time(value, column))
        if isinstance(table.company, CompanyColumn) and row[table.company.column] in ("X", "?", None):
            yield "row: unknown company"


def _columns(rule: MomentRule) -> tuple[TimeColumn, ...]:
    return rule.columns if isinstance(rule, FromColumn) else ()


def _of_time(value: Any, column: TimeColumn) -> Iterator[str]:
    if value is None:
        yield "NULL"
    elif value in column.absent:
        yield "sentinel"
    elif isinstance(value, str) and not value[:4].isdigit():
        yield "cannot be read"
    elif str(value)[:4] in ("1899", "1700", "2200"):
        yield "not to be believed"


def _of_edits(edits: tuple[Edit, ...]) -> Iterator[str]:
    for edit, after in zip(edits, (*edits[1:], None), strict=False):
        match edit:
            case Insert():
                yield "edit: insert"
            case Delete() if isinstance(after, Insert) and after.table == edit.table:
                yield "edit: key used again"
            case Delete():
                yield "edit: delete"
            case Update(_, _, _, values):
                yield "edit: reopen" if None in values.values() else "edit: update"
