"""Frozen rows of several tables that hold on to one another in a circle stay as shells (spec/claims.md §5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.sql.dialect import Bool
from ombud.sql.freeze import Freezer
from ombud.sql.names import Names
from ombud.sql.read import any_of, some
from ombud.sql.tables import Tbl

WAITS = 2
"""In `pinned`, while it is worked out who can go."""


@dataclass(frozen=True)
class Circles:
    """Statements that find them, to be run in this order: `wait`, then `let_go` until nothing changes, then `hold`."""

    freezer: Freezer

    @property
    def names(self) -> Names:
        return self.freezer.judge.read.names

    def wait(self) -> Iterator[sa.Update]:
        """Whatever is to go waits."""
        for table in self._tables():
            due = self.freezer.due(table)
            yield due.update().where(*self._is(due, 0)).values(pinned=WAITS)

    def let_go(self) -> Iterator[sa.Update]:
        """What nobody leans on who waits can go."""
        for table in self._tables():
            due = self.freezer.due(table)
            yield due.update().where(*self._is(due, WAITS), sa.not_(self._leant(table, due))).values(pinned=0)

    def hold(self) -> Iterator[sa.Update]:
        """What still waits stays."""
        for table in self._tables():
            due = self.freezer.due(table)
            yield due.update().where(*self._is(due, WAITS)).values(pinned=1)

    def _tables(self) -> list[Table]:
        return [self.names.source.tables[name] for name in self.names.order if name in self.names.holding_on]

    def _is(self, due: Tbl, pinned: int) -> tuple[Bool, ...]:
        return due.c.plan == self.freezer.plan, due.c.gone == 1, due.c.pinned == pinned

    def _leant(self, table: Table, due: Tbl) -> Bool:
        names, here = self.names, self.names.row(table.name)
        leans = []
        for child, link in names.holding_on[table.name]:
            there, other = names.row(child.name), self.freezer.due(child).alias()
            waits = some(other, names.same_key(other, child.name, there), *self._is(other, WAITS))
            leans.append(some(there, self.freezer.refers(child, link, there, here), waits))
        return some(here, names.same_key(due, table.name, here), any_of(leans))
