"""Rows into SQLite tables."""

from __future__ import annotations

import sqlite3
from pathlib import Path

SCHEMAS = Path(__file__).parent / "schema"


def create(path: Path, schema: str) -> sqlite3.Connection:
    """A new database with the tables of `schema/<schema>.sql`; one that was there is replaced."""
    for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    connection.executescript((SCHEMAS / f"{schema}.sql").read_text(encoding="utf-8"))
    return connection


def put(connection: sqlite3.Connection, table: str, **row: object) -> int:
    """Insert one row; its key. Table and column names are this example's own, values bind."""
    columns, holes = ", ".join(row), ", ".join("?" * len(row))
    cursor = connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({holes})", tuple(row.values()))  # noqa: S608
    return int(cursor.lastrowid or 0)
