"""Finding the rows whose days crossed something, by what an index on the column serves, and those judged by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Encoding, Link, OwnersOf, Subject, Table
from ombud.plan.calendar import Stretch
from ombud.plan.window import Crossing, Kept, Missing, Way, carried, spoken_of
from ombud.sql.dialect import Bool
from ombud.sql.read import Reader
from ombud.sql.scope import Scope, children_that_judge
from ombud.sql.tables import Tbl

Found = tuple[Table, Callable[[], sa.Insert]]
"""A table, and what puts rows of it into scope."""


@dataclass(frozen=True)
class Window:
    """Statements that fill the scope tables with what may have become due, and maybe more.

    `whole`: the tables of which every row may have. `full`: at any time, and not since a day on which nothing was left.
    """

    read: Reader
    ways: frozenset[Way]
    whole: frozenset[str] = frozenset()
    full: bool = False

    @property
    def scope(self) -> Scope:
        return Scope(self.read)

    def crossed(self) -> Iterator[tuple[Way, Callable[[], sa.Insert]]]:
        """The rows of which a day crossed something."""
        yield from ((way, partial(self._crossed, way)) for way in self._keyed())

    def _crossed(self, way: Way) -> sa.Insert:
        table, row = self.read.mapped(way.table), self.read.names.row(way.table)
        match way:
            case Crossing():
                return self.scope.add(table, row, self._within(way, row))
            case Missing(link=link):
                return self.scope.add(table, row, self.read.is_missing(table.links[link], row))
            case Kept():
                memo = self.read.names.memo(way.table).alias()
                same = self.read.names.same_key(memo, way.table, row)
                return self.scope.add(table, row, same, self._remembered(way, memo))

    def anything(self) -> Iterator[sa.Select[Any]]:
        """Of each way, a row if there is one."""
        for way in self._keyed():
            row, memo = self.read.names.row(way.table), self.read.names.memo(way.table).alias()
            match way:
                case Crossing():
                    there, where = row, self._within(way, row)
                case Missing(table, link):
                    there, where = row, self.read.is_missing(self.read.mapped(table).links[link], row)
                case Kept():
                    there, where = memo, self._remembered(way, memo)
            yield sa.select(sa.literal_column("1")).select_from(there).where(where).limit(1)

    def _keyed(self) -> list[Way]:
        return [way for way in sorted(self.ways, key=repr) if self.read.mapped(way.table).key]

    def _remembered(self, kept: Kept, memo: Tbl) -> Bool:
        said: list[Bool] = []
        if kept.days is not None:
            said.append(sa.and_(memo.c.day >= kept.days.low.isoformat(), memo.c.day < kept.days.high.isoformat()))
        if kept.states:
            said.append(memo.c.state.in_(kept.states))
        return sa.and_(memo.c.rule == kept.rule, *([sa.or_(*said)] if said else []))

    def speak(self) -> Iterator[Found]:
        """One round: the persons of whom the columns of rows in scope say whether they consent, or the way to them."""
        source = self.read.names.source
        chain = dict.fromkeys(each.name for t in source.tables.values() for each in spoken_of(source, t))
        for table in map(self.read.mapped, chain):
            for rule in table.owners:
                if isinstance(rule, OwnersOf) and (to := self.read.mapped(table.links[rule.link].to)).key:
                    yield to, partial(self._owning, table, table.links[rule.link], to)

    def _owning(self, table: Table, link: Link, to: Table) -> sa.Insert:
        row, target = self.read.names.row(table.name), self.read.names.row(to.name)
        return self.scope.add(to, target, self.read.joins(link, row, target), self.scope.within(table, row))

    def carry(self, table: Table) -> Iterator[tuple[str, Table, Callable[[], sa.Insert]]]:
        """The rows that are judged by those in scope, for they point at one, or count one; `table`, whose rows are in
        scope.
        """
        for other in self.read.names.source.tables.values():
            if not other.key:
                continue
            for name in sorted(carried(self.read.names.source, other)):
                if other.links[name].to == table.name:
                    yield f"by {other.name} {name}", other, partial(self._pointing, other, other.links[name])
            for name, by in children_that_judge(other, self.read.names.sheet(other.name)):
                if name == table.name:
                    yield f"of {other.name} {by}", other, partial(self._counting, other, table, table.links[by])
            for kind, column in self.read.names.sheet(other.name).identifiers:
                for subject in self.read.names.source.subjects.values():
                    if subject.table == table.name:
                        step = f"named {other.name} {column} {subject.name}"
                        yield step, other, partial(self._of, other, kind, column, subject)

    def _pointing(self, other: Table, link: Link) -> sa.Insert:
        row, target = self.read.names.row(other.name), self.read.names.row(link.to)
        within = self.scope.within(self.read.mapped(link.to), target)
        return self.scope.add(other, row, self.read.joins(link, row, target), within)

    def _counting(self, other: Table, child: Table, link: Link) -> sa.Insert:
        each, row = self.read.names.row(child.name), self.read.names.row(other.name)
        return self.scope.add(other, row, self.read.joins(link, each, row), self.scope.within(child, each))

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
        # The first believed day begins, in UTC, on the day before: what is not believed is sorted out by its facts.
        days = Stretch(crossing.days.low - timedelta(days=1), crossing.days.high + timedelta(days=2))
        if column.encoding is Encoding.YYYYMMDD and family == "integer":
            return sa.and_(value >= int(f"{days.low:%Y%m%d}"), value < int(f"{days.high:%Y%m%d}"))
        if dialect.is_text is not None and column.encoding not in _NUMBERS:  # the start of every text is its day
            low, high = days.low.isoformat(), days.high.isoformat()
            return sa.and_(value >= low, value < high)
        return self.read.in_days(crossing.table, row, column, crossing.days)


_NUMBERS = (Encoding.YYYYMMDD, Encoding.EPOCH_S, Encoding.EPOCH_MS)
