"""How many documents hold cells that nobody can tell: they stay, and somebody should know."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.engine.sweep import Sweep
from ombud.sql.documents import unreadable


def unread(sweep: Sweep) -> Mapping[tuple[str, str], int]:
    """By table and column: in how many rows a cell of the map cannot be read. Inside an open transaction."""
    found = {
        (table.name, column): int(sweep.connection.execute(_count(sweep, table, column)).scalar_one())
        for table in sweep.source.tables.values()
        for column in dict.fromkeys(cell.column for k in table.kinds for cell in k.cells.values() if cell.json)
    }
    return {where: number for where, number in found.items() if number}


def _count(sweep: Sweep, table: Table, column: str) -> sa.Select[int]:
    row = sweep.names.row(table.name)
    read = sa.select(row.c[column].label("said"), sweep.read.document(table, row, column).label("document"))
    each = sweep.names.once(read, "documents")
    paths = dict.fromkeys(c.json for k in table.kinds for c in k.cells.values() if c.json and c.column == column)
    untold = [unreadable(sweep.read.documents, each.c.said, each.c.document, path) for path in paths]
    return sa.select(sa.func.count()).select_from(each).where(sa.or_(*untold))
