"""Which rows must be looked at to judge some: those they are judged by, and those that they judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import EachOwner, FromChildren, Latest, Link, Subject, Table
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

    def judged_by(self, table: Table) -> Iterator[tuple[Table, Callable[[], sa.Insert]]]:
        """By table: rows that point at a picked row, whose judge it may be."""
        for other in self.names.source.tables.values():
            for link in other.links.values():
                if other.key and link.to == table.name:
                    yield other, partial(self._pointing, other, link, table)

    def _pointing(self, other: Table, link: Link, table: Table) -> sa.Insert:
        row, target = self.names.row(other.name), self.names.row(table.name)
        pick = self.names.pick(table.name).alias()
        picked = self.names.is_among(table.name, target, self.names.keys_in(pick, table.name))
        return self.add(other, row, self.read.joins(link, row, target), picked)

    def all(self, table: Table) -> sa.Insert:
        """Every row of a table."""
        return self.add(table, self.names.row(table.name))

    def widen(self, table: Table) -> Iterator[tuple[Table, Callable[[], sa.Insert]]]:
        """By table: rows that rows in scope point at, and children that they count or are owned through."""
        for link in table.links.values():
            to = self.read.mapped(link.to)
            if to.key:
                yield to, partial(self._up, table, link, to)
        for name, link_name in children_that_judge(table, self.names.sheet(table.name)):
            child = self.read.mapped(name)
            yield child, partial(self._down, table, child, child.links[link_name])

    def marked(self, subject: Subject) -> sa.Insert:
        """The persons of a subject of whom marks say something; needs the facts of its table."""
        names, row = self.names, self.names.row(subject.table)
        fact, state = names.fact(subject.table).alias(), names.state.alias()
        said = sa.select(state.c.who)
        same = names.same_key(fact, subject.table, row)
        return self.add(self.read.mapped(subject.table), row, same, fact.c.who.in_(said))

    def marked_once(self, table: Table) -> sa.Insert:
        """The rows that remember a person of whom marks say something."""
        row, memo = self.names.row(table.name), self.names.memo(table.name).alias()
        said = sa.select(self.names.state.alias().c.who)
        return self.add(table, row, self.names.same_key(memo, table.name, row), memo.c.who.in_(said))

    def recalled(self, subject: Subject) -> sa.Insert:
        """The persons of a subject who are there, and whom some memo names."""
        row, ref = self.names.row(subject.table), self.names.ref.alias()
        living = sa.literal("was|", sa.Text()).concat(
            sa.func.substr(self.names.who(subject.name, row), 5, type_=sa.Text())
        )
        return self.add(self.read.mapped(subject.table), row, living.in_(sa.select(ref.c.who)))

    def lock(self, table: Table) -> sa.Select[Any]:
        """Lock the rows of a table that are in scope."""
        row = self.names.row(table.name)
        return sa.select(sa.literal_column("1")).where(self.within(table, row)).with_for_update(of=row)

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

    def _up(self, table: Table, link: Link, to: Table) -> sa.Insert:
        row, target = self.names.row(table.name), self.names.row(link.to)
        if self._says_the_key(table, link, to):
            return self._said(table, link, to)
        return self.add(to, target, self.read.joins(link, row, target), self.within(table, row))

    def _says_the_key(self, table: Table, link: Link, to: Table) -> bool:
        """The link's columns are the key of the row that it finds, both whole numbers: alike only if they are equal."""
        families = {self.names.family(table.name, c) for c in link.columns}
        families |= {self.names.family(to.name, c) for c in to.key}
        return families == {"integer"} and set(link.target) == set(to.key) and self.names.dialect.native_times

    def _said(self, table: Table, link: Link, to: Table) -> sa.Insert:
        """The keys that a link says; no row may have one."""
        row, scope, known = self.names.row(table.name), self.names.scope(to.name), self.names.scope(to.name).alias()
        said = dict(zip(link.target, link.columns, strict=True))
        key = [row.c[said[column]] for column in to.key]
        new = sa.not_(some(known, *(known.c[f"k{n}"] == part for n, part in enumerate(key))))
        there = sa.not_(self.read.is_missing(link, row))
        chosen = sa.select(*key).distinct().where(self.within(table, row), there, new)
        return scope.insert().from_select([f"k{n}" for n in range(len(key))], chosen)

    def _down(self, table: Table, child: Table, link: Link) -> sa.Insert:
        each, row = self.names.row(child.name), self.names.row(table.name)
        return self.add(child, each, self.read.joins(link, each, row), self.within(table, row))

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
