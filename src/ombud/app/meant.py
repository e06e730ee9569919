"""Whom a mark means: the identifiers and rows that it names, and the rows in every source that are theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.naming import SUBJECT, by_identifier, identifier_of, no_row, only, row_of
from ombud.app.remembered import people
from ombud.app.sources import Opened, opened
from ombud.app.written_rows import rows_written
from ombud.datamap.identity import normalise
from ombud.datamap.model import ByIdentifier, CompanyColumn, IdentifierColumn, IsCompany, Subject
from ombud.datamap.rough import rough
from ombud.policy.tree import guess
from ombud.sql.engines import DIALECTS
from ombud.sql.equal import equal
from ombud.sql.names import Names
from ombud.sql.near import Near
from ombud.sql.read import Reader
from ombud.sql.tables import Tbl
from ombud.terms import Finding, IdRef, KeyRef, Level, Ref

AT_ONCE = 5_000
"""Identifiers that one statement looks for."""


@dataclass(frozen=True, slots=True)
class Named:
    """What somebody was named by: identifiers as hashes, each with its value, and rows by source, table and key."""

    held: Mapping[IdRef, object] = field(repr=False)
    rows: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is meant: the refs by which they are known, and rows that only may be meant, for others have the same."""

    refs: frozenset[Ref]
    perhaps: tuple[KeyRef, ...] = ()


def refs_of(
    loaded: Loaded, subjects: Iterable[str], digest: Digest
) -> tuple[frozenset[Ref], tuple[KeyRef, ...], tuple[int, int], tuple[Finding, ...]]:
    """The refs of a mark, the rows that only may be meant, how many carry them (and how many of these where nobody
    shares one), and sources that could not be asked.
    """
    named = named_by(loaded, subjects, digest)
    found = _Found()
    carrying: list[tuple[int, bool]] = []

    def ask(source: Opened, names: Names) -> None:
        shared = _look(loaded, source, names, [named], digest, found)
        carrying.append((_carriers(loaded, source, names, named.held, digest), shared))

    _each_source(loaded, [named], found, ask)
    whom = found.of(named)
    counts = sum(rows for rows, _ in carrying), sum(rows for rows, shared in carrying if not shared)
    return whom.refs, whom.perhaps, counts, tuple(found.findings)


def refs_of_each(
    loaded: Loaded, persons: Sequence[Iterable[str]], digest: Digest
) -> tuple[tuple[Whom, ...], tuple[Finding, ...]]:
    """Who is meant by each of these names (`KIND=VALUE` or `SOURCE/TABLE/KEY`), in their order, and sources that could
    not be asked. However many they are, each source is asked a few statements. Raises Refused as for one.
    """
    named = [named_by(loaded, each, digest) for each in persons]
    found = _Found()
    _each_source(loaded, named, found, lambda source, names: _look(loaded, source, names, named, digest, found))
    return tuple(found.of(each) for each in named), tuple(found.findings)


def named_by(loaded: Loaded, subjects: Iterable[str], digest: Digest) -> Named:
    """What is written, read. Raises Refused; the message never repeats a value."""
    held, rows = dict[IdRef, object](), list[tuple[str, str, str]]()
    for text in subjects:
        if "=" in text:
            kind, value = identifier_of(loaded, text)
            held[IdRef(kind, digest(kind, value))] = value
        else:
            rows.append(row_of(loaded, text))
    if any(not ref.digest for ref in held):
        raise Refused(Finding("C061", SUBJECT, "this names nobody", by_identifier(loaded)))
    return Named(held, tuple(rows))


# --- asking the sources -----------------------------------------------------------------------------------------


@dataclass
class _Found:
    """What the sources said: by identifier the rows alone with it in their company, and the others; rows by name."""

    sure: dict[IdRef, set[KeyRef]] = field(default_factory=lambda: defaultdict(set))
    maybe: dict[IdRef, list[KeyRef]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[tuple[str, str, str], KeyRef] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def of(self, named: Named) -> Whom:
        refs: set[Ref] = {*named.held, *(self.rows[row] for row in named.rows if row in self.rows)}
        refs |= {row for ref in named.held for row in self.sure.get(ref, ())}
        perhaps = (row for ref in named.held for row in self.maybe.get(ref, ()))
        return Whom(frozenset(refs), tuple(row for row in perhaps if row not in refs))


def _each_source(loaded: Loaded, named: Sequence[Named], found: _Found, ask: Callable[[Opened, Names], object]) -> None:
    """Ask every source that can be asked. Raises Refused where one cannot of which a row was named."""
    for name in loaded.datamap.sources:
        try:
            with opened(loaded, name, read_only=True) as source, source.connection.begin():
                ask(source, Names(source.source, source.schema, DIALECTS[source.connection.dialect.name]))
        except Refused as refusal:
            if any(source == name for each in named for source, *_ in each.rows):
                raise
            found.findings += (replace(finding, level=Level.WARNING) for finding in refusal.findings)


def _look(loaded: Loaded, source: Opened, names: Names, named: Sequence[Named], digest: Digest, found: _Found) -> bool:
    """Whom one source has of them; whether any only may be meant there."""
    held = {ref: value for each in named for ref, value in each.held.items()}
    shared = False
    for subject in source.source.subjects.values():
        for ref, bearers in _bearers(loaded, source, names, subject, held, digest).items():
            for bearer, own in bearers.items():
                others = [company for other, company in bearers.items() if other != bearer]
                if all(company is not None and own is not None and company != own for company in others):
                    found.sure[ref].add(bearer)
                else:
                    found.maybe[ref].append(bearer)
                    shared = True
    by_table: dict[str, dict[str, None]] = defaultdict(dict)
    for name, table, key in (row for each in named for row in each.rows):
        if name == source.name:
            by_table[table][key] = None
    for table, keys in by_table.items():
        refs = _named(loaded, source, names, table, list(keys))
        found.rows |= {(source.name, table, key): ref for key, ref in refs.items()}
    return shared


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


def _named(loaded: Loaded, source: Opened, names: Names, table: str, wanted: Sequence[str]) -> Mapping[str, KeyRef]:
    """The subject's rows that are named by their keys. Raises Refused where one is none, or fits several."""
    subjects = [subject for subject in source.source.subjects.values() if subject.table == table]
    if not subjects:
        tables = {subject.table: None for subject in source.source.subjects.values()}
        message = f"the rows of {source.name}.{table} are not persons"
        near = guess(table, tables)
        by = by_identifier(loaded)
        raise Refused(Finding("C062", SUBJECT, message, f"{near} Or {by}" if near.startswith("did") else by))
    rows = rows_written(source.connection, names, table, wanted)
    found: dict[str, KeyRef] = {}
    for text in wanted:
        row = only(rows.get(text, ()), SUBJECT)
        if row is None:
            hint = "name the person by an identifier: --subject KIND=VALUE"
            raise Refused(no_row(source.name, source.source.tables[table], text, SUBJECT, hint))
        found[text] = KeyRef(source.name, subjects[0].name, row.key, row.birth)
    return found
