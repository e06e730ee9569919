"""Freezing what is due inside the source, and keeping as shells the dead rows that something still leans on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Gone, Link, Table
from ombud.datamap.schema import Reference
from ombud.plan.order import frees
from ombud.sql.dialect import Bool, Expr
from ombud.sql.due import due_rows
from ombud.sql.judge import Judge
from ombud.sql.read import parts, some
from ombud.sql.refers import refers
from ombud.sql.tables import Tbl, cell_names
from ombud.sql.theirs import Theirs

Stays = Callable[[Table, Link, Tbl], Bool]
"""Whether a row of a table that leans by a link stays."""


@dataclass(frozen=True)
class Freezer:
    """Statements that fill and narrow the due tables of one plan. A forecast keeps them to its own connection."""

    judge: Judge
    plan: str
    forecast: bool = False

    def due(self, table: Table) -> sa.Table:
        return self.judge.read.names.due(table.name, forecast=self.forecast)

    def freeze(self, table: Table, most: int | None = None, *, chosen_alone: bool = False) -> sa.Insert:
        """Every row of the table, or so many of them, that goes or in which a cell is to be blanked; of the chosen rows
        alone, or of all that are looked at.
        """
        judged = due_rows(self.judge, table).subquery()
        due = self.due(table)
        key = [f"k{n}" for n in range(len(table.key))]
        flags = [f"c{n}" for n in range(len(cell_names(table)))]
        chosen = sa.select(
            sa.literal(self.plan),
            *(judged.c[k] for k in key),
            judged.c.gone,
            sa.literal(0),
            sa.literal(0),
            *(judged.c[f] for f in flags),
        ).where(sa.or_(judged.c.gone == 1, *(judged.c[f] == 1 for f in flags)))
        if chosen_alone:
            chosen = chosen.where(Theirs(self.judge.facts).is_chosen(table, judged))
        if most is not None:
            chosen = chosen.order_by(*(judged.c[k] for k in key)).limit(most)
        return due.insert().from_select(["plan", *key, "gone", "pinned", "done", *flags], chosen)

    def any_frozen(self, tables: Iterable[Table]) -> Iterator[sa.Select[Any]]:
        """A row for each table of which the plan froze some before."""
        for part in parts(tables):
            yield sa.select(*sa.union_all(*map(self._any_frozen, part)).subquery().c)

    def _any_frozen(self, table: Table) -> sa.Select[Any]:
        due = self.due(table)
        one = sa.select(sa.literal(table.name, sa.Text()).label("name")).where(due.c.plan == self.plan).limit(1)
        return sa.select(*one.subquery().c)

    def drop(self, table: Table) -> sa.Delete:
        """What the plan froze before."""
        due = self.due(table)
        return due.delete().where(due.c.plan == self.plan)

    def pin(self, table: Table) -> Iterator[sa.Update]:
        """Keep as shells the dead rows that a staying row leans on; repeat over all tables until nothing changes."""
        row = self.judge.read.names.row(table.name)
        for leaning in self.leaning(table, row, self._stays):
            yield self._pinned(table, row, leaning)

    def pin_few(self, table: Table) -> Iterator[sa.Update]:
        """The same in one statement, which asks of each row whether any leans on it."""
        row = self.judge.read.names.row(table.name)
        if leaning := list(self.leaning(table, row, self._stays)):
            yield self._pinned(table, row, sa.or_(*leaning))

    def _pinned(self, table: Table, row: Tbl, leaning: Bool) -> sa.Update:
        due = self.due(table)
        holds = some(row, self.judge.read.names.same_key(due, table.name, row), leaning)
        return due.update().where(due.c.plan == self.plan, due.c.gone == 1, due.c.pinned == 0, holds).values(pinned=1)

    def leaning(self, table: Table, row: Tbl, stays: Stays) -> Iterator[Bool]:
        """For each way in which a row can be leaned on: some staying row does. `stays` says which do."""
        read = self.judge.read
        for child, link in self.links_to(table):
            each = read.names.row(child.name)
            if child.personal and link.gone is Gone.UNLINK and link.name not in (child.follows, child.copy_of):
                continue
            yield some(each, self.refers(child, link, each, row), stays(child, link, each))
        for reference in self.unmapped(table):
            other = read.names.row(reference.table)
            yield some(other, refers(reference, other, row))

    def refers(self, child: Table, link: Link, row: Tbl, target: Tbl) -> Bool:
        """The link finds it, or the database itself holds the reference, whatever `when` says, as it compares."""
        points = self.judge.read.points(child.name, link, row, target)
        return sa.or_(points, *(refers(each, row, target) for each in self._declared(child, link)))

    def links_to(self, table: Table) -> Iterator[tuple[Table, Link]]:
        """Every mapped link that can find a row of this table."""
        for child in self.judge.read.names.source.tables.values():
            for link in child.links.values():
                if link.to == table.name:
                    yield child, link

    def unmapped(self, table: Table) -> Iterator[Reference]:
        """Declared references to this table that the map does not know, of unmapped tables or of mapped ones."""
        source = self.judge.read.names.source
        for reference in self.judge.read.names.schema.references:
            if reference.to != table.name:
                continue
            child = source.tables.get(reference.table)
            known = child is not None and any(
                link.to == table.name and set(link.columns) == set(reference.columns) for link in child.links.values()
            )
            if not known:
                yield reference

    def _stays(self, table: Table, _: Link, row: Tbl) -> Bool:
        if not table.personal or not table.key:
            return sa.true()
        due = self.due(table).alias()
        goes = some(
            due,
            due.c.plan == self.plan,
            self.judge.read.names.same_key(due, table.name, row),
            due.c.gone == 1,
            due.c.pinned == 0,
        )
        return sa.not_(goes)

    def frees(self, child: Table, link: Link) -> bool:
        """The live columns of a reference take NULL or its `absent`: a row that goes anyway can lose it early."""
        names = self.judge.read.names
        lets_go = names.dialect.lets_go or not self.is_declared(child, link)
        return lets_go and frees(names.schema, child, link)

    def is_declared(self, child: Table, link: Link) -> bool:
        """The database itself holds the reference."""
        return any(self._declared(child, link))

    def _declared(self, child: Table, link: Link) -> Iterator[Reference]:
        for r in self.judge.read.names.schema.references:
            if r.table == child.name and set(r.columns) == set(link.columns) and r.to == link.to:
                yield r

    def open(self, table: Table) -> sa.Select[int]:
        """How many rows of the table are frozen and not dealt with."""
        due = self.due(table)
        return sa.select(sa.func.count()).select_from(due).where(due.c.plan == self.plan, due.c.done == 0)

    def kinds(self, table: Table) -> sa.Select[tuple[int, int]]:
        """How many of these rows go, and how many stay and lose something."""
        due = self.due(table)
        goes = sa.and_(due.c.gone == 1, due.c.pinned == 0)
        open_ = (due.c.plan == self.plan, due.c.done == 0)
        return sa.select(how_many(goes), how_many(sa.not_(goes))).select_from(due).where(*open_)

    def counts(self, table: Table) -> sa.Select[tuple[object, ...]]:
        """How many rows go, how many stay as shells, and how many cells of each name are blanked."""
        due = self.due(table)
        goes = sa.and_(due.c.gone == 1, due.c.pinned == 0)
        flags = [how_many(sa.and_(sa.not_(goes), due.c[f"c{n}"] == 1)) for n in range(len(cell_names(table)))]
        return sa.select(how_many(goes), how_many(sa.and_(due.c.gone == 1, due.c.pinned == 1)), *flags).where(
            due.c.plan == self.plan
        )


def how_many(known: Bool) -> Expr:
    """In how many of the chosen rows this is known."""
    return sa.func.coalesce(sa.func.sum(sa.case((known, 1), else_=0)), 0)
