"""Some rows of every table of a database that nobody has described: read with bounds, kept in memory only."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ombud.datamap.guess.sampled import Database, Row
from ombud.datamap.schema import Schema, TableSchema

LONGEST = 4000
"""Characters, or bytes, of a value that are read."""
CELLS = 2_000_000
"""Values that are kept in all: a database of many columns gets fewer rows of each table."""


@dataclass
class Sampler:
    """Reads at most `rows` of each table, and for at most `seconds` in all."""

    connection: sa.Connection
    schema: Schema
    rows: int
    seconds: float
    _until: float = field(init=False)

    def __post_init__(self) -> None:
        self._until = time.monotonic() + self.seconds
        columns = sum(len(table.columns) for table in self.schema.tables.values()) or 1
        self.rows = min(self.rows, max(10, CELLS // columns))
        self._bounded()

    def database(self, step: Callable[[str], None]) -> Database:
        """The schema with its samples; `step` is told each table that is read."""
        found: dict[str, Sequence[Row]] = {}
        unread: dict[str, str] = {}
        for name, table in self.schema.tables.items():
            if time.monotonic() > self._until:
                unread[name] = f"the {self.seconds:.0f} s for reading were over"
            else:
                try:
                    found[name] = self._sample(table)
                except sa.exc.DBAPIError as error:
                    unread[name] = f"the database refused ({type(error.orig).__name__})"
            step(name)
        return Database(self.schema, found, self, unread)

    def _sample(self, table: TableSchema) -> list[Row]:
        of = sa.table(table.name, *map(sa.column, table.columns), schema=table.schema or None)
        chosen = sa.select(*(self._bounded_column(of, table, c) for c in table.columns)).limit(self.rows)
        with self.connection.begin():
            rows: list[Row] = [dict(row) for row in self.connection.execute(chosen).mappings()]
            if rows and len(rows) == self.rows and table.key:  # the newest rows too: an application changes
                newest = chosen.order_by(*(of.c[k].desc() for k in table.key)).limit(self.rows // 2)
                rows = rows[: self.rows // 2] + [dict(r) for r in self.connection.execute(newest).mappings()]
        return rows

    def _bounded_column(self, of: sa.TableClause, table: TableSchema, name: str) -> sa.ColumnElement[Any]:
        column, family = of.c[name], table.columns[name].family
        if family in ("json", "other"):
            return sa.func.substr(sa.cast(column, sa.Text), 1, LONGEST).label(name)
        if family == "binary" and self.connection.dialect.name == "duckdb":
            return sa.func.array_slice(column, 1, LONGEST).label(name)
        return sa.func.substr(column, 1, LONGEST).label(name) if family in ("text", "binary") else column

    def found(self, table: str, column: str, values: Sequence[Any]) -> int:
        """How many of these values some row has there; -1 where it cannot be asked in time."""
        if time.monotonic() > self._until:
            return -1
        of = sa.table(table, sa.column(column), schema=self.schema.tables[table].schema or None)
        asked = sa.select(sa.func.count(sa.distinct(of.c[column]))).where(of.c[column].in_(values))
        try:
            with self.connection.begin():
                return int(self.connection.execute(asked).scalar_one())
        except sa.exc.DBAPIError:
            return -1

    def some(self, table: str, column: str, most: int) -> list[Any]:
        """Some different values of a column."""
        if table not in self.schema.tables or column not in self.schema.tables[table].columns:
            return []
        rows = self._sample(self.schema.tables[table])
        return list(dict.fromkeys(row[column] for row in rows if row[column] not in (None, "")))[:most]

    def _bounded(self) -> None:
        """No statement of this connection runs longer than a few seconds."""
        each = max(1, min(5, int(self.seconds)))
        said = {"postgresql": f"SET statement_timeout = {each * 1000}", "mariadb": f"SET max_statement_time = {each}"}
        if statement := said.get(self.connection.dialect.name):
            with self.connection.begin():
                self.connection.exec_driver_sql(statement)
