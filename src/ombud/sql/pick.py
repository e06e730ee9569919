"""Which frozen rows a batch takes up: who leans on a row of the same table comes before it, or with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Link, Table
from ombud.sql.dialect import Bool
from ombud.sql.freeze import Freezer
from ombud.sql.names import Names
from ombud.sql.read import some
from ombud.sql.tables import Tbl


@dataclass(frozen=True)
class Picker:
    """Writes the keys of a batch of `table`. `freezer` is of the same plan."""

    freezer: Freezer
    table: Table

    @property
    def names(self) -> Names:
        return self.freezer.judge.read.names

    @property
    def holds(self) -> tuple[Link, ...]:
        """References within the table that the database holds, and that cannot be let go of early."""
        links = [link for link in self.table.links.values() if link.to == self.table.name]
        declared, frees = self.freezer.is_declared, self.freezer.frees
        return tuple(x for x in links if declared(self.table, x) and not frees(self.table, x))

    def pick(self, size: int) -> sa.Insert:
        """The next rows that are due and not done, but for those on which others lean that still wait."""
        due, other = self._due(), self._due()
        here, there = (self.names.row(self.table.name) for _ in range(2))
        leant = [
            some(
                here,
                self._is(due, here),
                some(there, self._refers(link, there, here), some(other, self._is(other, there), self._waits(other))),
            )
            for link in self.holds
        ]
        return self._free(due, [*leant, *self._leant_elsewhere(due)], size)

    def pick_any(self, size: int) -> sa.Insert:
        """The same, whoever of this table leans on them: where each has somebody who does, they lean on one another."""
        due = self._due()
        return self._free(due, self._leant_elsewhere(due), size)

    def pick_last(self, size: int) -> sa.Insert:
        """The same, whoever leans on them: nothing that does will go."""
        return self._picked(self._due(), [], size)

    def widen(self) -> Iterator[sa.Insert]:
        """Rows that wait and lean on a picked row; repeat until there are none."""
        for link in self.holds:
            due, last, known = self._due(), *(self.names.pick(self.table.name).alias() for _ in range(2))
            here, there = (self.names.row(self.table.name) for _ in range(2))
            lean = some(
                there,
                self._is(due, there),
                some(here, self._refers(link, there, here), some(last, self._is(last, here))),
            )
            new = sa.not_(some(known, *(known.c[k] == due.c[k] for k in self._key)))
            yield self._picked(due, [_goes(due), lean, new])

    def probe(self) -> Iterator[sa.Insert]:
        """Two rows that go, and two that are blanked: what one may hold, two may not."""
        for goes in (True, False):
            due = self._due()
            yield self._picked(due, [_goes(due) if goes else sa.not_(_goes(due))], 2)

    def probe_one(self, goes: bool, n: int, last: bool) -> sa.Insert:
        """One row that goes, or is blanked: the n-th by its key, or the n-th from the end."""
        due = self._due()
        kind = _goes(due) if goes else sa.not_(_goes(due))
        key = [due.c[k].desc() if last else due.c[k] for k in self._key]
        chosen = self._waiting(due, [kind]).order_by(*key).limit(1).offset(n)
        return self.names.pick(self.table.name).insert().from_select(self._key, chosen)

    # --- what is said of rows ----------------------------------------------------------------------------------

    @property
    def _key(self) -> list[str]:
        return [f"k{n}" for n in range(len(self.table.key))]

    def _due(self) -> Tbl:
        return self.freezer.due(self.table).alias()

    def _free(self, due: Tbl, leant: list[Bool], size: int) -> sa.Insert:
        return self._picked(due, [sa.not_(sa.and_(_goes(due), sa.or_(*leant)))] if leant else [], size)

    def _picked(self, due: Tbl, known: list[Bool], size: int | None = None) -> sa.Insert:
        chosen = self._waiting(due, known)
        if size is not None:
            chosen = chosen.order_by(*(due.c[k] for k in self._key)).limit(size)
        return self.names.pick(self.table.name).insert().from_select(self._key, chosen)

    def _waiting(self, due: Tbl, known: list[Bool]) -> sa.Select[Any]:
        chosen = sa.select(*(due.c[k] for k in self._key))
        return chosen.where(due.c.plan == self.freezer.plan, due.c.done == 0, *known)

    def _leant_elsewhere(self, due: Tbl) -> list[Bool]:
        """Some row of another table leans on it, and waits as well."""
        found = []
        for child, link in self.names.holding_on.get(self.table.name, ()):
            here, there, other = (
                self.names.row(self.table.name),
                self.names.row(child.name),
                self.freezer.due(child).alias(),
            )
            waits = some(other, self.names.same_key(other, child.name, there), self._waits(other))
            leans = some(there, self.freezer.refers(child, link, there, here), waits)
            found.append(some(here, self._is(due, here), leans))
        return found

    def _is(self, own: Tbl, row: Tbl) -> Bool:
        return self.names.same_key(own, self.table.name, row)

    def _waits(self, due: Tbl) -> Bool:
        return sa.and_(due.c.plan == self.freezer.plan, due.c.done == 0, _goes(due))

    def _refers(self, link: Link, row: Tbl, to: Tbl) -> Bool:
        """The row leans on another, not on itself."""
        another = sa.not_(sa.and_(*(row.c[c] == to.c[c] for c in self.table.key)))
        return sa.and_(self.freezer.refers(self.table, link, row, to), another)


def _goes(due: Tbl) -> Bool:
    return sa.and_(due.c.gone == 1, due.c.pinned == 0)
