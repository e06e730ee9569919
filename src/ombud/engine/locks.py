"""The locks of a batch: its rows, the rows they point at and on, and the children all these are judged by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.sql.names import Names
from ombud.sql.read import Reader, some
from ombud.sql.scope import children_that_judge
from ombud.sql.tables import Tbl


@dataclass(frozen=True)
class Locks:
    """Queries that lock, for an engine whose writers are many, and name what they locked by its key."""

    read: Reader

    @property
    def names(self) -> Names:
        return self.read.names

    def of_batch(self, table: Table) -> Iterator[sa.Select[Any]]:
        """Lock all that the picked rows of a table are judged by, then the rows themselves."""
        pick = self.names.pick(table.name).alias()
        yield from self._up(table, self.names.keys_in(pick, table.name), ())

    def _up(self, table: Table, keys: sa.Select[Any], above: tuple[str, ...]) -> Iterator[sa.Select[Any]]:
        for link in table.links.values():
            row, parent, to = self.names.row(table.name), self.names.row(link.to), self.read.mapped(link.to)
            pointed = sa.select(*self.names.key(link.to, parent)).where(
                self.read.joins(link, row, parent), self.names.is_among(table.name, row, keys)
            )
            if link.to in (*above, table.name):
                yield self._with(to, pointed)
            else:
                yield from self._up(to, pointed, (*above, table.name))
        yield self._with(table, keys)
        for name, called in children_that_judge(table, self.names.sheet(table.name)):
            row, child = self.names.row(table.name), self.names.row(name)
            points = self.read.joins(self.read.mapped(name).links[called], child, row)
            yield self._rows(
                self.read.mapped(name), child, some(row, points, self.names.is_among(table.name, row, keys))
            )

    def _with(self, table: Table, keys: sa.Select[Any]) -> sa.Select[Any]:
        row = self.names.row(table.name)
        return self._rows(table, row, self.names.is_among(table.name, row, keys))

    def _rows(self, table: Table, row: Tbl, chosen: sa.ColumnElement[bool]) -> sa.Select[Any]:
        key = [self.names.dialect.text(row.c[c]) for c in table.key] or [sa.literal_column("1")]
        return sa.select(*key).where(chosen).with_for_update(of=row)
