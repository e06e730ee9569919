"""Which rows must be looked at to judge some: those they are judged by, and those that they judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from ombud.datamap.model import EachOwner, FromChildren, Latest, Table
from ombud.plan.order import circle
from ombud.plan.sheet import Sheet
from ombud.sql.names import Names
from ombud.sql.read import Reader, some
from ombud.sql.tables import Tbl


@dataclass(frozen=True)
class Scope:
    """Statements that widen the scope tables, through a reader."""

    read: Reader

    @property
    def names(self) -> Names:
        return self.read.names

    def start(self, table: Table) -> sa.Insert:
        """The picked rows of a batch."""
        pick, scope = self.names.pick(table.name), self.names.scope(table.name)
        return scope.insert().from_select(list(pick.c.keys()), sa.select(*pick.c))

    def judged_by(self, table: Table) -> Iterator[sa.Insert]:
        """Rows of other tables whose judge a picked row is: those that point at it, and those it points at."""
        for other in self.names.source.tables.values():
            if not other.key:
                continue
            for link in other.links.values():
                if link.to == table.name:
                    row, target = self.names.row(other.name), self.names.row(table.name)
                    yield self.add(other, row, self.read.joins(link, row, target), self.within(table, target))
        yield from self.up(table)

    def all(self, table: Table) -> sa.Insert:
        """Every row of a table."""
        return self.add(table, self.names.row(table.name))

    def widen(self, tables: Iterable[Table]) -> Iterator[sa.Insert]:
        """One round: rows that rows in scope point at, and children that they count or are owned through."""
        for table in tables:
            yield from self.up(table)
            yield from self._down(table)

    def rounds(self, tables: Iterable[Table]) -> tuple[tuple[tuple[Table, ...], bool], ...]:
        """The tables in an order in which each is widened from when nothing will widen it any more.

        Those of a circle come together, and are widened from again and again until no row is new: so says the flag.
        """
        waiting = {table.name: table for table in tables}
        before: dict[str, set[str]] = {name: set() for name in waiting}
        for table in waiting.values():
            for name in before.keys() & set(self._next(table)):
                before[name].add(table.name)
        found = list[tuple[tuple[Table, ...], bool]]()
        while waiting:
            free = sorted(name for name in waiting if not before[name] & waiting.keys())
            names = free or sorted(circle(before, set(waiting)))
            found.append((tuple(waiting.pop(name) for name in names), not free))
        return tuple(found)

    def reach(self, table: Table, *, people: bool) -> tuple[Table, ...]:
        """The tables of which rows can come into the scope of a batch of one, children before parents.

        `people`: those of people come into it as well.
        """
        every = [t for t in self.names.source.tables.values() if t.key]
        pointing = {t.name for t in every if any(link.to == table.name for link in t.links.values())}
        theirs = self._theirs() if people else {t.name for t in every if t.marks}
        return self._closed({table.name, *pointing, *theirs})

    def of_people(self) -> tuple[Table, ...]:
        """The tables by which people are found, and what consent columns say of them."""
        return self._closed(self._theirs())

    def _theirs(self) -> set[str]:
        source = self.names.source
        found = {s.table for s in source.subjects.values()}
        found |= {each.child for s in source.subjects.values() for each in s.identifiers if each.child}
        return found | {t.name for t in source.tables.values() if t.marks}

    def _closed(self, names: set[str]) -> tuple[Table, ...]:
        """These tables with all whose rows theirs are judged by."""
        found, last = set[str](), names
        while last:
            found |= last
            last = {to for name in last for to in self._next(self.read.mapped(name))} - found
        return tuple(t for t in self.names.source.tables.values() if t.name in found and t.key)[::-1]

    def _next(self, table: Table) -> Iterator[str]:
        yield from (link.to for link in table.links.values())
        yield from (child for child, _ in children_that_judge(table, self.names.sheet(table.name)))

    def up(self, table: Table) -> Iterator[sa.Insert]:
        """Rows that rows in scope point at."""
        for link in table.links.values():
            to = self.read.mapped(link.to)
            if to.key:
                row, target = self.names.row(table.name), self.names.row(link.to)
                yield self.add(to, target, self.read.joins(link, row, target), self.within(table, row))

    def _down(self, table: Table) -> Iterator[sa.Insert]:
        for name, link in children_that_judge(table, self.names.sheet(table.name)):
            child = self.read.mapped(name)
            each, row = self.names.row(name), self.names.row(table.name)
            points = self.read.joins(child.links[link], each, row)
            yield self.add(child, each, points, self.within(table, row))

    def within(self, table: Table, row: Tbl) -> sa.ColumnElement[bool]:
        """The row is in scope."""
        scope = self.names.scope(table.name).alias()
        return self.names.is_among(table.name, row, self.names.keys_in(scope, table.name))

    def add(self, table: Table, row: Tbl, *where: sa.ColumnElement[bool]) -> sa.Insert:
        """The rows of which this holds, and that are not in scope yet."""
        scope, known = self.names.scope(table.name), self.names.scope(table.name).alias()
        key = [row.c[c] for c in table.key]
        new = sa.not_(some(known, self.names.same_key(known, table.name, row)))
        chosen = sa.select(*key).distinct().where(*where, *(column.is_not(None) for column in key), new)
        return scope.insert().from_select([f"k{n}" for n in range(len(key))], chosen)


def children_that_judge(table: Table, sheet: Sheet) -> list[tuple[str, str]]:
    """The tables, and their links here, whose rows a row of this table counts or is owned through."""
    owned = {(r.child, r.link) for r in table.owner_rules if isinstance(r, EachOwner)}
    return sorted(owned | {(r.child, r.link) for r in sheet.rules if isinstance(r, FromChildren | Latest)})
