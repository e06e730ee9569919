"""Whom a mark means: the identifiers and rows that it names, and the rows in every source that are theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.naming import SUBJECT, by_identifier, identifier_of, no_row, row_of
from ombud.app.remembered import people
from ombud.app.sources import Opened, opened
from ombud.datamap.model import ByIdentifier, CompanyColumn, IdentifierColumn, IsCompany, Subject
from ombud.policy.tree import guess
from ombud.sql.engines import DIALECTS
from ombud.sql.equal import equal
from ombud.sql.names import Names
from ombud.terms import Finding, IdRef, KeyRef, Level, Ref


def refs_of(
    loaded: Loaded, subjects: Iterable[str], digest: Digest
) -> tuple[frozenset[Ref], tuple[KeyRef, ...], tuple[int, int], tuple[Finding, ...]]:
    """The refs of a mark, the rows that only may be meant, how many carry them (and how many of these where nobody
    shares one), and sources that could not be asked.
    """
    held, rows = set(), []
    for text in subjects:
        if "=" in text:
            kind, value = identifier_of(loaded, text)
            held.add(IdRef(kind, digest(kind, value)))
        else:
            rows.append(row_of(loaded, text))
    if any(not ref.digest for ref in held):
        raise Refused(Finding("C061", SUBJECT, "this names nobody", by_identifier(loaded)))
    refs: set[Ref] = set(held)
    perhaps: list[KeyRef] = []
    carriers = apart = 0
    findings: list[Finding] = []
    for name in loaded.datamap.sources:
        own = [(table, key) for source, table, key in rows if source == name]
        try:
            with opened(loaded, name, read_only=True) as source, source.connection.begin():
                names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
                shared = len(perhaps)
                for subject in source.source.subjects.values():
                    sure, maybe = _bearers(source, names, subject, frozenset(held), digest)
                    refs |= sure
                    perhaps += maybe
                refs |= {_named(loaded, source, names, table, key) for table, key in own}
                carrying = _carriers(source, names, frozenset(held), digest)
                carriers, apart = carriers + carrying, apart + (carrying if len(perhaps) == shared else 0)
        except Refused as refusal:
            if own:
                raise
            findings += (replace(finding, level=Level.WARNING) for finding in refusal.findings)
    return frozenset(refs), tuple(ref for ref in perhaps if ref not in refs), (carriers, apart), tuple(findings)


def _carriers(source: Opened, names: Names, held: frozenset[IdRef], digest: Digest) -> int:
    """Rows owned by one of these identifiers, and remembered persons who had one."""
    kinds = {ref.kind for ref in held}
    found = sum(bool(each.known & held) for each in people(source, names).values())
    for table in source.source.tables.values():
        rules = (*table.owners, *(rule for kind in table.kinds for cell in kind.cells.values() for rule in cell.of))
        for kind, column in {(rule.kind, rule.column) for rule in rules if isinstance(rule, ByIdentifier)}:
            if kind in kinds:
                written = names.row(table.name).c[column]
                values = source.connection.execute(sa.select(written).where(written.is_not(None))).scalars()
                found += sum(IdRef(kind, digest(kind, value)) in held for value in values)
    return found


def _bearers(
    source: Opened, names: Names, subject: Subject, held: frozenset[IdRef], digest: Digest
) -> tuple[set[KeyRef], list[KeyRef]]:
    """The rows of a subject with one of these identifiers: those alone with it in their company, and the others."""
    table = source.source.tables[subject.table]
    kinds = {ref.kind for ref in held}
    found: dict[IdRef, dict[KeyRef, str | None]] = {}
    for place in subject.identifiers:
        if place.kind not in kinds:
            continue
        for parts in source.connection.execute(_standing(source, names, subject, place)):
            key, (birth, raw, *whose) = tuple(parts[: len(table.key)]), parts[len(table.key) :]
            ref = IdRef(place.kind, digest(place.kind, raw))
            if ref in held:
                found.setdefault(ref, {})[KeyRef(source.name, subject.name, key, birth)] = _company(
                    table.company, whose
                )
    sure: set[KeyRef] = set()
    maybe: list[KeyRef] = []
    for bearers in found.values():
        for bearer, own in bearers.items():
            others = [company for other, company in bearers.items() if other != bearer]
            alone = all(company is not None and own is not None and company != own for company in others)
            sure.update([bearer] if alone else [])
            maybe += [] if alone else [bearer]
    return sure, maybe


def _standing(source: Opened, names: Names, subject: Subject, place: IdentifierColumn) -> sa.Select[Any]:
    """Key, birth stamp, identifier as it stands and, where a column says it, the company, of each row of a subject."""
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
    return sa.select(*about).where(each.c[place.column].is_not(None), *where)


def _company(rule: object, value: list[Any]) -> str | None:
    match rule:
        case IsCompany(company):
            return company
        case CompanyColumn(_, values):
            return values.get(value[0])
        case _:
            return None


def _named(loaded: Loaded, source: Opened, names: Names, table: str, wanted: str) -> KeyRef:
    """The subject's row that is named by its key."""
    subjects = [subject for subject in source.source.subjects.values() if subject.table == table]
    if not subjects:
        tables = {subject.table: None for subject in source.source.subjects.values()}
        message = f"the rows of {source.name}.{table} are not persons"
        near = guess(table, tables)
        by = by_identifier(loaded)
        raise Refused(Finding("C062", SUBJECT, message, f"{near} Or {by}" if near.startswith("did") else by))
    mapped = source.source.tables[table]
    row = names.row(table)
    text = names.key_text(table, row)
    chosen = sa.select(*(row.c[c] for c in mapped.key), names.birth(mapped, row))
    chosen = chosen.where(text == "\x1f".join(wanted.split(",")) if len(mapped.key) > 1 else text == wanted)
    for *key, birth in source.connection.execute(chosen):
        return KeyRef(source.name, subjects[0].name, tuple(key), birth)
    raise Refused(
        no_row(source.name, mapped, wanted, SUBJECT, "name the person by an identifier: --subject KIND=VALUE")
    )
