"""Whom a mark means: the identifiers and rows that it names, and the rows in every source that are theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from ombud.app.known import Called, wanted
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.naming import ANOTHER, SUBJECT, no_row, not_persons, only
from ombud.app.remembered import is_there, people
from ombud.app.sources import Opened, opened
from ombud.app.written_rows import rows_written
from ombud.datamap.identity import normalise
from ombud.datamap.model import ByIdentifier, CompanyColumn, IdentifierColumn, IsCompany, Subject
from ombud.datamap.rough import rough
from ombud.plan.naming import SHARED
from ombud.sql.engines import DIALECTS
from ombud.sql.equal import equal
from ombud.sql.names import SEPARATOR, Names
from ombud.sql.near import Near
from ombud.sql.read import Reader
from ombud.sql.tables import Tbl
from ombud.terms import Finding, IdRef, KeyRef, Level, Ref

AT_ONCE = 5_000
"""Identifiers that one statement looks for."""


def refs_of(
    loaded: Loaded, subjects: Iterable[str], digest: Digest
) -> tuple[frozenset[Ref], tuple[KeyRef, ...], tuple[int, int], tuple[Finding, ...]]:
    """The refs of a mark, the rows that only may be meant, how many carry them (and how many of these where nobody
    shares one), and sources that could not be asked. Raises Refused, also where one cannot of which a row was named.
    """
    named = wanted(loaded, Called(tuple(subjects)))
    held = {IdRef(*each): value for each, value in named.held.items()}
    found = _Found()
    carriers = apart = 0
    for name in loaded.datamap.sources:
        try:
            with opened(loaded, name, read_only=True) as source, source.connection.begin():
                names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
                shared = _look(loaded, source, names, held, digest, found)
                found.rows.update(_named(loaded, source, names, (row for row in named.rows if row[0] == name)))
                rows = _carriers(loaded, source, names, held, digest)
        except Refused as refusal:
            if any(row[0] == name for row in named.rows):
                raise
            found.findings += (replace(finding, level=Level.WARNING) for finding in refusal.findings)
            continue
        carriers, apart = carriers + rows, apart + (0 if shared else rows)
    refs: frozenset[Ref] = frozenset((*held, *found.rows, *found.sure))
    perhaps = tuple(row for row in found.maybe if row not in refs)
    return refs, perhaps, (carriers, apart), tuple(found.findings)


# --- asking the sources -----------------------------------------------------------------------------------------


@dataclass
class _Found:
    """What the sources said: the rows alone with an identifier in their company, the others, and those named."""

    sure: set[KeyRef] = field(default_factory=set)
    maybe: list[KeyRef] = field(default_factory=list)
    rows: set[KeyRef] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def _look(
    loaded: Loaded, source: Opened, names: Names, held: Mapping[IdRef, object], digest: Digest, found: _Found
) -> bool:
    """Whom one source has of them; whether any only may be meant there.

    What else has it counts whosever row it is, and so does what had it together with a row that is gone.
    """
    bearing: dict[IdRef, dict[KeyRef, str | None]] = defaultdict(dict)
    for subject in source.source.subjects.values():
        for ref, bearers in _bearers(loaded, source, names, subject, held, digest).items():
            bearing[ref] |= bearers
    some = False
    for ref, bearers in bearing.items():
        had = _had_together(source, names, ref)
        for bearer, own in bearers.items():
            row = _row(source, bearer)
            others = [company for other, company in bearers.items() if _row(source, other) != row]
            alone = all(company is not None and own is not None and company != own for company in others)
            if alone and (*row, bearer.birth) not in had:
                found.sure.add(bearer)
            else:
                found.maybe.append(bearer)
                some = True
    return some


def _row(source: Opened, ref: KeyRef) -> tuple[str, str]:
    return source.source.subjects[ref.subject].table, SEPARATOR.join(map(str, ref.key))


def _had_together(source: Opened, names: Names, ref: IdRef) -> set[tuple[str, str, str]]:
    """Table, key and birth of the rows that had this identifier together with one that is gone (spec/claims.md §6)."""
    found: set[tuple[str, str, str]] = set()
    for table in dict.fromkeys(subject.table for subject in source.source.subjects.values()):
        memo = names.memo(table)
        if is_there(source, memo):
            key = [memo.c[f"k{n}"] for n in range(len(source.source.tables[table].key))]
            shared = (memo.c.rule == SHARED, memo.c.state == ref.kind, memo.c.named == ref.digest)
            for *parts, birth in source.connection.execute(sa.select(*key, memo.c.birth).where(*shared)):
                found.add((table, SEPARATOR.join(map(str, parts)), birth))
    return found


def _carriers(loaded: Loaded, source: Opened, names: Names, held: Mapping[IdRef, object], digest: Digest) -> int:
    """Rows owned by one of these identifiers, and remembered persons who had one."""
    found = len(people(source, names, held)) if held else 0
    kinds = {ref.kind for ref in held}
    for table in source.source.tables.values():
        rules = (*table.owners, *(rule for kind in table.kinds for cell in kind.cells.values() for rule in cell.of))
        for rule in {rule for rule in rules if isinstance(rule, ByIdentifier) and rule.kind in kinds}:
            row = names.row(table.name)
            chosen = sa.select(row.c[rule.column]).where(row.c[rule.column].is_not(None))
            for (value,) in _narrowed(loaded, source, names, chosen, (rule, table.name, row), held):
                found += IdRef(rule.kind, digest(rule.kind, value)) in held
    return found


def _bearers(
    loaded: Loaded, source: Opened, names: Names, subject: Subject, held: Mapping[IdRef, object], digest: Digest
) -> dict[IdRef, dict[KeyRef, str | None]]:
    """The rows of a subject with one of these identifiers, by it, each with its company where that is known."""
    table = source.source.tables[subject.table]
    kinds = {ref.kind for ref in held}
    found: dict[IdRef, dict[KeyRef, str | None]] = defaultdict(dict)
    for place in subject.identifiers:
        if place.kind not in kinds:
            continue
        chosen, each = _standing(source, names, subject, place)
        where = (place, place.child or subject.table, each)
        for parts in _narrowed(loaded, source, names, chosen, where, held):
            key, (birth, raw, *whose) = tuple(parts[: len(table.key)]), parts[len(table.key) :]
            ref = IdRef(place.kind, digest(place.kind, raw))
            if ref in held:
                found[ref][KeyRef(source.name, subject.name, key, birth)] = _company(table.company, whose)
    return found


def _narrowed(
    loaded: Loaded,
    source: Opened,
    names: Names,
    chosen: sa.Select[Any],
    where: tuple[IdentifierColumn | ByIdentifier, str, Tbl],
    held: Mapping[IdRef, object],
) -> Iterator[Sequence[Any]]:
    """The rows of a query in which one of these identifiers may stand: where the database can tell by its rough form,
    no others; else all of them, which is right and slow.
    """
    place, table, each = where
    connection = source.connection.execution_options(yield_per=AT_ONCE)
    looks = _rough_forms(place.kind, held)
    if looks is None or names.dialect.made_of is None or names.family(table, place.column) != "text":
        yield from connection.execute(chosen)
        return
    read = Reader(names, loaded.policy.zone, loaded.today(), tuple(loaded.policy.companies))
    form = Near(read).rough(place, each)
    every = sorted(looks)
    for start in range(0, len(every), AT_ONCE):
        yield from connection.execute(chosen.where(form.in_(every[start : start + AT_ONCE])))


def _rough_forms(kind: str, held: Mapping[IdRef, object]) -> set[str] | None:
    """What those of a kind look like to a database, and '', which may be anybody's; None where one looks like none."""
    found = {""}
    for ref, value in held.items():
        if ref.kind == kind:
            looks = rough(kind).of_form(normalise(kind, value))
            if looks is None:
                return None
            found.add(looks)
    return found


def _standing(source: Opened, names: Names, subject: Subject, place: IdentifierColumn) -> tuple[sa.Select[Any], Tbl]:
    """Key, birth stamp, identifier as it stands and, where a column says it, the company, of each row of a subject;
    and the row in which it stands.
    """
    table, row = source.source.tables[subject.table], names.row(subject.table)
    each, where = row, []
    if place.child is not None and place.link is not None:
        each, link = names.row(place.child), source.source.tables[place.child].links[place.link]
        where = [equal(names.dialect, each.c[c], row.c[t]) for c, t in zip(link.columns, link.target, strict=True)]
        where += [each.c[c].not_in(link.absent) for c in link.columns if link.absent]
    for test in place.where:
        if test.link is None:
            where.append(
                sa.or_(*(each.c[test.column].is_(None) if v is None else each.c[test.column] == v for v in test.values))
            )
    company = [row.c[table.company.column]] if isinstance(table.company, CompanyColumn) else []
    about = [*(row.c[c] for c in table.key), names.birth(table, row), each.c[place.column], *company]
    return sa.select(*about).where(each.c[place.column].is_not(None), *where), each


def _company(rule: object, value: list[Any]) -> str | None:
    match rule:
        case IsCompany(company):
            return company
        case CompanyColumn(_, values):
            return values.get(value[0])
        case _:
            return None


def _named(loaded: Loaded, source: Opened, names: Names, rows: Iterable[tuple[str, str, str]]) -> Iterator[KeyRef]:
    """The subjects' rows that are named by their keys. Raises Refused where one is none, or fits several."""
    by_table: dict[str, list[str]] = defaultdict(list)
    for _, table, key in rows:
        by_table[table].append(key)
    for table, keys in by_table.items():
        subjects = [subject for subject in source.source.subjects.values() if subject.table == table]
        if not subjects:
            raise Refused(not_persons(loaded, source.name, table))
        found = rows_written(source.connection, names, table, keys)
        for key in keys:
            row = only(found.get(key, ()), SUBJECT)
            if row is None:
                raise Refused(no_row(source.name, source.source.tables[table], key, SUBJECT, ANOTHER))
            yield KeyRef(source.name, subjects[0].name, row.key, row.birth)
