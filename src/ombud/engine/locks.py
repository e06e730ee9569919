"""The locks of a batch: its rows, the rows they point at and on, and the children all these are judged by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.sql.read import Reader, some
from ombud.sql.scope import children_that_judge
from ombud.sql.tables import Tbl


@dataclass(frozen=True)
class Locks:
    """Queries that lock, for an engine whose writers are many, and name what they locked by its key."""

    read: Reader

    def of_batch(self, table: Table) -> Iterator[sa.Select[Any]]:
        """Lock all that the picked rows of a table are judged by, then the rows themselves."""
        row, pick = self.read.names.row(table.name), self.read.names.pick(table.name)
        yield from self._up(table, row, some(pick, self.read.names.same_key(pick, table.name, row)), ())

    def _up(
        self, table: Table, row: Tbl, chosen: sa.ColumnElement[bool], above: tuple[str, ...]
    ) -> Iterator[sa.Select[Any]]:
        for link in table.links.values():
            parent = self.read.names.row(link.to)
            pointed = some(row, self.read.joins(link, row, parent), chosen)
            if link.to in (*above, table.name):
                yield self._rows(self.read.mapped(link.to), parent, pointed)
            else:
                yield from self._up(self.read.mapped(link.to), parent, pointed, (*above, table.name))
        yield self._rows(table, row, chosen)
        for name, called in children_that_judge(table, self.read.names.sheet(table.name)):
            child = self.read.names.row(name)
            points = self.read.joins(self.read.mapped(name).links[called], child, row)
            yield self._rows(self.read.mapped(name), child, some(row, points, chosen))

    def _rows(self, table: Table, row: Tbl, chosen: sa.ColumnElement[bool]) -> sa.Select[Any]:
        key = [self.read.names.dialect.text(row.c[c]) for c in table.key] or [sa.literal_column("1")]
        return sa.select(*key).where(chosen).with_for_update(of=row)
