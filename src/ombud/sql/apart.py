"""Frozen rows that are set aside: the database refused a batch of nothing else. Their `done` is below zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.sql.freeze import Freezer, how_many
from ombud.sql.names import Names
from ombud.sql.read import some


@dataclass(frozen=True)
class Apart:
    """Statements about the rows of `table` that are set aside. `freezer` is of the same plan."""

    freezer: Freezer
    table: Table

    @property
    def names(self) -> Names:
        return self.freezer.judge.read.names

    def lowest(self) -> sa.Select[Any]:
        """The last number that rows were set aside under, or none."""
        due = self.freezer.due(self.table)
        return sa.select(sa.func.min(due.c.done)).where(due.c.plan == self.freezer.plan)

    def picked(self, number: int) -> sa.Update:
        """The picked rows are set aside under this number."""
        due, pick = self.freezer.due(self.table), self.names.pick(self.table.name).alias()
        same = (pick.c[f"k{n}"] == due.c[f"k{n}"] for n in range(len(self.table.key)))
        return due.update().where(due.c.plan == self.freezer.plan, some(pick, *same)).values(done=number)

    def waiting(self, number: int) -> sa.Update:
        """All rows that wait are set aside under this number."""
        due = self.freezer.due(self.table)
        return due.update().where(due.c.plan == self.freezer.plan, due.c.done == 0).values(done=number)

    def pick(self, number: int) -> sa.Insert:
        """The rows of this number are picked."""
        due, pick = self.freezer.due(self.table), self.names.pick(self.table.name)
        chosen = sa.select(*(due.c[f"k{n}"] for n in range(len(self.table.key))))
        return pick.insert().from_select(
            pick.c.keys(), chosen.where(due.c.plan == self.freezer.plan, due.c.done == number)
        )

    def again(self, number: int | None = None) -> sa.Update:
        """The rows of this number, or all that are set aside, wait again."""
        due = self.freezer.due(self.table)
        mine = due.c.done < 0 if number is None else due.c.done == number
        return due.update().where(due.c.plan == self.freezer.plan, mine).values(done=0)

    def count(self) -> sa.Select[Any]:
        """What is due of the rows that are set aside, as `Freezer.counts` says it; then how many they are."""
        due = self.freezer.due(self.table)
        return self.freezer.counts(self.table).add_columns(how_many(due.c.done < 0)).where(due.c.done < 0)
