"""Rows whose key is NULL: SQLite allows it, nothing can name them, and so they are never judged."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.engine.sweep import Sweep


def unnamed(sweep: Sweep) -> Mapping[str, int]:
    """How many there are, by table, inside the open transaction; a table that has none is not told."""
    found = {table.name: _count(sweep, table) for table in sweep.source.tables.values() if table.personal}
    return {name: number for name, number in found.items() if number}


def _count(sweep: Sweep, table: Table) -> int:
    row = sweep.names.row(table.name)
    columns = sweep.schema.tables[table.name].columns
    empty = [row.c[column].is_(None) for column in table.key if columns[column].nullable]
    if not empty:
        return 0
    chosen = sa.select(sa.func.count()).select_from(row).where(sa.or_(*empty))
    return int(sweep.connection.execute(chosen).scalar_one())
