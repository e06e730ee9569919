"""Finding the rows whose days crossed something, by what an index on the column serves, and those judged by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Encoding, OwnersOf, Subject, Table
from ombud.plan.calendar import ALL_DAYS, Stretch
from ombud.plan.window import Crossing, carried, spoken_of
from ombud.sql.dialect import Bool
from ombud.sql.read import Reader
from ombud.sql.scope import Scope, children_that_judge
from ombud.sql.tables import Tbl


@dataclass(frozen=True)
class Window:
    """Statements that fill the scope tables with what may have become due, and maybe more."""

    read: Reader
    crossings: frozenset[Crossing]

    @property
    def scope(self) -> Scope:
        return Scope(self.read)

    def crossed(self) -> Iterator[sa.Insert]:
        """The rows of which a day crossed something."""
        for each in self._keyed():
            row = self.read.names.row(each.table)
            yield self.scope.add(self.read.mapped(each.table), row, self._within(each, row))

    def anything(self) -> Iterator[sa.Select[Any]]:
        """Of each crossing, a row if there is one."""
        for each in self._keyed():
            row = self.read.names.row(each.table)
            yield sa.select(sa.literal_column("1")).select_from(row).where(self._within(each, row)).limit(1)

    def _keyed(self) -> list[Crossing]:
        found = sorted(self.crossings, key=lambda c: (c.table, c.column.column, c.days.low))
        return [each for each in found if self.read.mapped(each.table).key]

    def speak(self) -> Iterator[sa.Insert]:
        """One round: the persons of whom the columns of rows in scope say whether they consent, or the way to them."""
        source = self.read.names.source
        chain = dict.fromkeys(each.name for t in source.tables.values() for each in spoken_of(source, t))
        for table in map(self.read.mapped, chain):
            for rule in table.owners:
                if isinstance(rule, OwnersOf) and (to := self.read.mapped(table.links[rule.link].to)).key:
                    row, target = self.read.names.row(table.name), self.read.names.row(to.name)
                    joins = self.read.joins(table.links[rule.link], row, target)
                    yield self.scope.add(to, target, joins, self.scope.within(table, row))

    def carry(self, tables: Iterable[Table]) -> Iterator[sa.Insert]:
        """One round: the rows that are judged by those in scope, for they point at one, or count one."""
        for table in tables:
            for name in sorted(carried(self.read.names.source, table)):
                link = table.links[name]
                if self.read.mapped(link.to).key:
                    row, target = self.read.names.row(table.name), self.read.names.row(link.to)
                    joins = self.read.joins(link, row, target)
                    yield self.scope.add(table, row, joins, self.scope.within(self.read.mapped(link.to), target))
            for name, by in children_that_judge(table, self.read.names.sheet(table.name)):
                child = self.read.mapped(name)
                if child.key:
                    each, row = self.read.names.row(name), self.read.names.row(table.name)
                    joins = self.read.joins(child.links[by], each, row)
                    yield self.scope.add(table, row, joins, self.scope.within(child, each))
            for kind, column in self.read.names.sheet(table.name).identifiers:
                for subject in self.read.names.source.subjects.values():
                    yield self._of(table, kind, column, subject)

    def _of(self, table: Table, kind: str, column: str, subject: Subject) -> sa.Insert:
        """The rows that have an identifier of a person in scope; needs the people."""
        names, row, person = self.read.names, self.read.names.row(table.name), self.read.names.row(subject.table)
        raw, bearer = names.raw.alias(), names.bearer.alias()
        return self.scope.add(
            table,
            row,
            raw.c.raw == names.dialect.exact(self.read.as_text(row.c[column])),
            raw.c.kind == kind,
            bearer.c.kind == kind,
            bearer.c.digest == raw.c.digest,
            bearer.c.who == names.who(subject.name, person),
            self.scope.within(self.read.mapped(subject.table), person),
        )

    def _within(self, crossing: Crossing, row: Tbl) -> Bool:
        """No row is missed; where an index can serve, a day too many on either side is looked at."""
        column, dialect = crossing.column, self.read.names.dialect
        family = self.read.names.family(crossing.table, column.column)
        value = row.c[column.column]
        days = Stretch(
            max(ALL_DAYS.low, crossing.days.low - timedelta(days=1)),
            min(ALL_DAYS.high, crossing.days.high + timedelta(days=2)),
        )
        if column.encoding is Encoding.YYYYMMDD and family == "integer":
            return sa.and_(value >= int(f"{days.low:%Y%m%d}"), value < int(f"{days.high:%Y%m%d}"))
        if dialect.is_text is not None and column.encoding not in _NUMBERS:  # the start of every text is its day
            low, high = days.low.isoformat(), days.high.isoformat()
            return sa.and_(value >= low, value < high)
        return self.read.in_days(crossing.table, row, column, crossing.days)


_NUMBERS = (Encoding.YYYYMMDD, Encoding.EPOCH_S, Encoding.EPOCH_MS)
