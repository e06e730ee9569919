"""What the consent columns of a source say today, of whom by which certain identifiers: read once a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ombud.app.loaded import Digest
from ombud.app.sources import Opened
from ombud.claims.calendar import moment_of
from ombud.datamap.model import (
    ByIdentifier,
    ColumnMark,
    CompanyColumn,
    CompanyThrough,
    IsCompany,
    IsSubject,
    OwnersOf,
    Table,
    TimeColumn,
    Where,
)
from ombud.sql.engines import DIALECTS
from ombud.sql.equal import equal
from ombud.sql.names import Names
from ombud.sql.tables import Tbl
from ombud.terms import FIRST_DAY, Act, IdRef, OnDay, Unknown

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What one row says last: consented or withdrawn, on which day, by all certain identifiers of its owner."""

    table: str
    act: Act
    day: date
    purpose: str
    company: str
    refs: frozenset[IdRef]


def said_in_columns(source: Opened, digest: Digest, zone: str, plan: str | None = None) -> Iterator[Said]:
    """Of every row, or of those that a plan deletes, inside an open transaction. Nobody of unknown company."""
    names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
    for table in source.source.tables.values():
        if table.key and any(mark.withdrawn is not None for mark in table.marks):
            yield from _Columns(source, names, digest, zone, table, plan).said()


@dataclass(frozen=True)
class _Columns:
    source: Opened
    names: Names
    digest: Digest
    zone: str
    table: Table
    plan: str | None

    def said(self) -> Iterator[Said]:
        refs = self._refs()
        of = self.names.row(self.table.name)
        columns = dict.fromkeys(c.column for m in self.table.marks for c in (m.consented, m.withdrawn) if c)
        company, joined = self._company(self.table, of, of)
        read = [*(of.c[k] for k in self.table.key), company, *(of.c[c] for c in columns)]
        size = len(self.table.key)
        for row in self.source.connection.execute(self._among(sa.select(*read).select_from(joined), of)):
            key, where, values = tuple(row[:size]), row[size], dict(zip(columns, row[size + 1 :], strict=True))
            whose = self._companies.get(where)
            if whose is None or not refs.get(key):
                continue
            for mark in self.table.marks:
                if (last := self._last(mark, values)) is not None:
                    yield Said(self.table.name, *last, mark.purpose, whose, frozenset(refs[key]))

    def _last(self, mark: ColumnMark, values: dict[str, Any]) -> tuple[Act, date] | None:
        """At a tie consent loses; an unreadable consent is none, an unreadable withdrawal one from the first day on."""
        if mark.withdrawn is None:
            return None
        yes, no = self._day(mark.consented, values, None), self._day(mark.withdrawn, values, FIRST_DAY)
        if no is not None and (yes is None or yes <= no):
            return Act.WITHDRAWN, no
        return None if yes is None else (Act.CONSENTED, yes)

    def _day(self, column: TimeColumn, values: dict[str, Any], unreadable: date | None) -> date | None:
        match moment_of(values[column.column], column, self.zone):
            case OnDay(day):
                return day
            case Unknown():
                return unreadable
            case _:
                return None

    def _among(self, chosen: sa.Select[Any], of: Tbl) -> sa.Select[Any]:
        if self.plan is None:
            return chosen
        due = self.names.due(self.table.name)
        keys = self.names.keys_in(due, self.table.name).where(due.c.plan == self.plan, due.c.gone == 1)
        return chosen.where(self.names.is_among(self.table.name, of, keys))

    # --- whose --------------------------------------------------------------------------------------------------

    @property
    def _companies(self) -> dict[Any, str]:
        table = self.table
        while isinstance(table.company, CompanyThrough):
            table = self.source.source.tables[table.links[table.company.link].to]
        rule = table.company
        if isinstance(rule, IsCompany):
            return {None: rule.company}
        return dict(rule.values)

    def _company(self, table: Table, row: Tbl, joined: Any) -> tuple[Any, Any]:
        """The column that says the company, through the links that lead to it."""
        match table.company:
            case CompanyColumn(column, _):
                return row.c[column], joined
            case CompanyThrough(link):
                to, on = self._through(table, row, link)
                return self._company(self.source.source.tables[table.links[link].to], to, joined.outerjoin(to, on))
            case _:
                return sa.null(), joined

    def _refs(self) -> dict[Key, set[IdRef]]:
        """The identifiers of the certain owners of each row, by its key."""
        found: dict[Key, set[IdRef]] = {}
        of = self.names.row(self.table.name)
        for kind, column, joined, where in self._held(self.table, of, of):
            chosen = sa.select(*(of.c[k] for k in self.table.key), column).select_from(joined)
            chosen = chosen.where(column.is_not(None), *where)
            for *key, value in self.source.connection.execute(self._among(chosen, of)):
                if digest := self.digest(kind, value):
                    found.setdefault(tuple(key), set()).add(IdRef(kind, digest))
        return found

    def _held(self, table: Table, row: Tbl, joined: Any) -> Iterator[tuple[str, Any, Any, list[Any]]]:
        for rule in table.owners:
            match rule:
                case ByIdentifier(kind, column, _, when):
                    yield kind, row.c[column], joined, _tests(row, when)
                case OwnersOf(link) if link in table.links:
                    to, on = self._through(table, row, link)
                    yield from self._held(self.source.source.tables[table.links[link].to], to, joined.join(to, on))
                case IsSubject(name):
                    yield from self._of_subject(table, row, joined, name)
                case _:  # of a bridge each owner has rows of their own, and their columns speak there
                    continue

    def _of_subject(self, table: Table, row: Tbl, joined: Any, name: str) -> Iterator[tuple[str, Any, Any, list[Any]]]:
        for place in self.source.source.subjects[name].identifiers:
            if place.child is None or place.link is None:
                yield place.kind, row.c[place.column], joined, _tests(row, place.where)
                continue
            child = self.names.row(place.child)
            link = self.source.source.tables[place.child].links[place.link]
            on = [
                equal(self.names.dialect, child.c[c], row.c[t]) for c, t in zip(link.columns, link.target, strict=True)
            ]
            yield place.kind, child.c[place.column], joined.join(child, sa.and_(*on)), _tests(child, place.where)

    def _through(self, table: Table, row: Tbl, name: str) -> tuple[Tbl, Any]:
        link = table.links[name]
        to = self.names.row(link.to)
        on = [equal(self.names.dialect, row.c[c], to.c[t]) for c, t in zip(link.columns, link.target, strict=True)]
        return to, sa.and_(*on, *_tests(row, link.when))


def _tests(row: Tbl, where: Where) -> list[Any]:
    return [
        sa.or_(*(row.c[test.column].is_(None) if v is None else row.c[test.column] == v for v in test.values))
        for test in where
        if test.link is None
    ]
