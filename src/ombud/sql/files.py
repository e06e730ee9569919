"""Files whose names wait in the outbox, and rows that name them still (`spec/claims.md` §5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Cell, Kind, Table
from ombud.sql.names import Names
from ombud.sql.odd_text import bound
from ombud.sql.read import Reader, some


@dataclass(frozen=True)
class Waiting:
    """Statements on the outbox of one source, through a reader."""

    read: Reader

    @property
    def names(self) -> Names:
        return self.read.names

    def stores(self) -> sa.Select[Any]:
        """Every store of which files wait."""
        return sa.select(self.names.outbox.c.root).distinct().order_by(self.names.outbox.c.root)

    def after(self, store: str, path: str, size: int) -> sa.Select[Any]:
        """The next paths that wait, in the order of their code points."""
        own = self.names.outbox
        place = self.names.dialect.ordered(own.c.path)
        return sa.select(own.c.path).where(own.c.root == store, place > bound(path)).order_by(place).limit(size)

    def tables(self, store: str) -> tuple[str, ...]:
        """The tables with cells that name files of this store."""
        return tuple(dict.fromkeys(table.name for table, _, _ in self._cells(store)))

    def named_still(self, store: str) -> Iterator[sa.Delete]:
        """A file that a cell names stays, and its name waits no longer."""
        own = self.names.outbox
        for table, kind, cell in self._cells(store):
            row = self.names.row(table.name)
            same = self.names.dialect.exact(self.names.dialect.text(row.c[cell.column])) == own.c.path
            there = sa.not_(self.read.empty(table, row, cell))
            yield own.delete().where(own.c.root == store, some(row, same, there, self.read.may_be(table, row, kind)))

    def done(self, store: str, paths: list[str]) -> sa.Delete:
        """These wait no longer."""
        own = self.names.outbox
        return own.delete().where(own.c.root == store, own.c.path.in_([bound(path) for path in paths]))

    def _cells(self, store: str) -> Iterator[tuple[Table, Kind, Cell]]:
        for table in sorted(self.names.source.tables.values(), key=lambda table: table.name):
            for kind in table.kinds:
                yield from ((table, kind, cell) for cell in kind.cells.values() if cell.file == store)
