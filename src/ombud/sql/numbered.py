"""Rows of tables without a key, named by where they lie: true for one transaction, and so only used within one.

SQLite's row numbers, and on PostgreSQL `ctid` with `tableoid`, for partitions number their rows each for itself.
"""

from __future__ import annotations

from dataclasses import replace

from ombud.datamap.model import SourceMap, Table
from ombud.datamap.schema import ColumnType, Schema, TableSchema

POSTGRESQL = ("tableoid", "ctid")
SQLITE = ("rowid", "_rowid_", "oid")
"""Three names of one number: the first that no column of the table has."""

PLACE = "place"
"""The family of these columns, which no column of an application is of."""

_DECLARED = {"tableoid": "oid", "ctid": "tid"}


def is_numbered(schema: Schema, table: Table) -> bool:
    """Whether the table has no key of its own. A column of the application's may well be called `oid`."""
    live = schema.tables.get(table.name)
    return live is not None and any(live.columns[c].family == PLACE for c in table.key if c in live.columns)


def numbered(source: SourceMap, schema: Schema, dialect: str) -> tuple[SourceMap, Schema]:
    """The map and schema in which tables without a key have the engine's row numbers for one."""
    tables, live = dict(source.tables), dict(schema.tables)
    if dialect not in ("sqlite", "postgresql"):
        return source, schema  # no row is told by where it lies
    for name, table in source.tables.items():
        if not table.key and name in live:
            key = POSTGRESQL if dialect == "postgresql" else _free(live[name])
            columns = {c: ColumnType(c, PLACE, nullable=False, declared=_DECLARED.get(c, "INTEGER")) for c in key}
            tables[name] = replace(table, key=key)
            live[name] = replace(live[name], key=key, columns={**live[name].columns, **columns})
    return replace(source, tables=tables), replace(schema, tables=live)


def _free(live: TableSchema) -> tuple[str, ...]:
    return next((name,) for name in SQLITE if name not in {column.lower() for column in live.columns})
