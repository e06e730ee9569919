"""DuckDB's client as a driver that SQLAlchemy knows: cursors that share their connection's transaction (PEP 249).

A cursor of the client's own is another connection to the same database, and sees nothing of what the first began.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import duckdb

Error = duckdb.Error
NotSupportedError = duckdb.NotSupportedError
Binary = bytes
paramstyle = "qmark"

_VALUES = re.compile(r"VALUES \((\?(?:, \?)*)\)$")


class Cursor:
    """One statement at a time; what it found is read at once, for the client keeps one result a connection."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.description: Any = None
        self.rowcount = -1
        self._rows: list[tuple[Any, ...]] = []

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        client = self.connection.client
        try:
            client.execute(sql, values)
            self.rowcount = client.rowcount
            self.description = None if self.rowcount >= 0 else client.description
            self._rows = client.fetchall() if self.description else []
        except duckdb.Error:
            self.connection.failed = self.connection.began
            raise
        return self

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> Cursor:
        """A statement for each row; rows that are inserted go column by column, a hundredth of the time."""
        rows = list(rows)
        if rows and (found := _VALUES.search(sql)):
            each = found[1].replace("?", "unnest(?)")
            columns = [list(column) for column in zip(*rows, strict=True)]
            return self.execute(f"{sql[: found.start()]}SELECT {each}", columns)
        for row in rows:
            self.execute(sql, row)
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        rows, self._rows = self._rows[: size or 1], self._rows[size or 1 :]
        return rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows.pop(0) if self._rows else None

    def close(self) -> None:
        self._rows = []


class Connection:
    """`failed`: a statement of the transaction was refused, and DuckDB takes no more until that is undone."""

    def __init__(self, client: duckdb.DuckDBPyConnection) -> None:
        self.client = client
        self.began = self.failed = False

    def cursor(self) -> Cursor:
        return Cursor(self)

    def begin(self) -> None:
        self.client.begin()
        self.began, self.failed = True, False

    def commit(self) -> None:
        if self.began:
            self.client.commit()
        self.began = self.failed = False

    def rollback(self) -> None:
        began, self.began, self.failed = self.began, False, False
        if began:
            with suppress(duckdb.TransactionException):  # a COMMIT that was refused has undone it
                self.client.rollback()

    def close(self) -> None:
        self.client.close()


def connect(database: str, *, read_only: bool = False) -> Connection:
    """Nothing is fetched from elsewhere, and no file but this one is read, whatever a statement says."""
    return Connection(
        duckdb.connect(
            database,
            read_only=read_only,
            config={"enable_external_access": "false", "autoinstall_known_extensions": "false"},
        )
    )
