"""A generated case on a real engine, beside the oracle: after every sweep the rows must be the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.adapters.database import connect, reflect
from ombud.claims.sweep import sweep
from ombud.claims.world import Values, World
from ombud.datamap.schema import ColumnType, Schema
from ombud.engine.program import Program
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep
from tests.differential.edits import Delete, Edit, Insert, Update, applied
from tests.differential.worlds import Case, digest

_SQLITE = {"text": "TEXT", "integer": "INTEGER", "number": "NUMERIC", "boolean": "BOOLEAN"}
_POSTGRESQL = {"text": "TEXT", "integer": "BIGINT", "number": "NUMERIC", "boolean": "BOOLEAN", "date": "DATE",
               "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMPTZ"}  # fmt: skip


@dataclass(frozen=True)
class Divergence:
    """Where engine and oracle part: the sweep's day, the table, rows only the oracle has and only the engine has."""

    day: object
    source: str
    table: str
    oracle: tuple[Values, ...]
    engine: tuple[Values, ...]

    def __str__(self) -> str:
        lines = [f"{self.day} {self.source}.{self.table}"]
        lines += [f"  oracle {dict(row)}" for row in self.oracle] + [f"  engine {dict(row)}" for row in self.engine]
        return "\n".join(lines)


class Bench:
    """Databases that are filled anew for every case: one a source, their calendars kept."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self.engines = {source: connect(url) for source, url in urls.items()}
        self.schemas: dict[str, Schema] = {}

    def close(self) -> None:
        for engine in self.engines.values():
            engine.dispose()

    def run(self, case: Case, batch_size: int = 1000, program: Program | None = None) -> Divergence | None:
        """The first divergence, if there is one. A program serves every case of one policy, map, schema and days."""
        world = case.world
        connections = {source: self.engines[source].connect() for source in world.tables}
        try:
            for source, connection in connections.items():
                self._fill(connection, source, world)
            program = program or Program()
            for n, day in enumerate(case.days):
                world, _ = sweep(case.policy, case.datamap, world, case.marks, day, digest)
                for source, connection in connections.items():
                    frozen = self._sweep(connection, case, source, n, batch_size, program)
                    found = self._compare(connection, case, world, source, day)
                    if found:
                        return found
                    if frozen:
                        return Divergence(day, source, "something due is left", (), ({"left": frozen},))
                if n < len(case.edits):
                    world, done = applied(world, case.edits[n])
                    for edit in done:
                        with connections[edit.source].begin():
                            _edit(connections[edit.source], world.schemas[edit.source], edit)
            return None
        finally:
            for connection in connections.values():
                connection.close()

    def _sweep(
        self, connection: sa.Connection, case: Case, source: str, n: int, batch_size: int, program: Program
    ) -> str:
        """Sweep; what is still due afterwards, in words."""
        wanted = (connection, case.policy, case.datamap.sources[source], self.schemas[source], case.days[n], digest)
        once = Sweep(*wanted, plan="p", batch_size=batch_size, program=program)
        once.prepare()
        with connection.begin():
            acknowledge(connection, once.names, case.marks)
        once.freeze()
        once.apply()
        left = Sweep(*wanted, plan="p", program=program).freeze()
        return "; ".join(f"{name}: {count}" for name, count in left.items() if not count.empty)

    def _compare(
        self, connection: sa.Connection, case: Case, world: World, source: str, day: object
    ) -> Divergence | None:
        for name, rows in world.tables[source].items():
            key = world.schemas[source].tables[name].key
            with connection.begin():
                there = [dict(r._mapping) for r in connection.execute(sa.text(f'SELECT * FROM "{name}"'))]
            mine = {tuple(row[c] for c in key): dict(row) for row in rows}
            theirs = {tuple(row[c] for c in key): row for row in there}
            if mine != theirs:
                odd = [k for k in {*mine, *theirs} if mine.get(k) != theirs.get(k)]
                return Divergence(
                    day,
                    source,
                    name,
                    tuple(mine[k] for k in odd if k in mine),
                    tuple(theirs[k] for k in odd if k in theirs),
                )
        return None

    # --- databases ---------------------------------------------------------------------------------------------

    def _fill(self, connection: sa.Connection, source: str, world: World) -> None:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            _foreign_keys(connection, on=False)
        with connection.begin():
            self._drop(connection, sqlite)
            for statement in _tables(world.schemas[source], sqlite):
                connection.exec_driver_sql(statement)
            for name, rows in world.tables[source].items():
                table = self._table(world.schemas[source], name)
                if rows:
                    connection.execute(table.insert(), [dict(row) for row in rows])
            if not sqlite:
                for statement in _references(world.schemas[source]):
                    connection.exec_driver_sql(statement)
        if sqlite:
            _foreign_keys(connection, on=True)
        with connection.begin():
            self.schemas[source] = reflect(connection)

    def _drop(self, connection: sa.Connection, sqlite: bool) -> None:
        if sqlite:
            names = (
                connection.exec_driver_sql(
                    "SELECT name FROM sqlite_master WHERE type = 'table' "
                    "AND name NOT IN ('ombud_calendar', 'ombud_meta') "
                    "AND name NOT LIKE 'sqlite_%'"
                )
                .scalars()
                .all()
            )
            temps = (
                connection.exec_driver_sql("SELECT name FROM sqlite_temp_master WHERE type = 'table'").scalars().all()
            )
            for name in temps:
                connection.exec_driver_sql(f'DROP TABLE temp."{name}"')
            for name in names:
                connection.exec_driver_sql(f'DROP TABLE "{name}"')
            if connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'ombud_meta'").first():
                connection.exec_driver_sql("UPDATE ombud_meta SET value = '0' WHERE name = 'marks'")
            return
        connection.exec_driver_sql("DISCARD TEMP")
        for schema, name in connection.exec_driver_sql(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'ombud') "
            "AND tablename NOT IN ('calendar', 'meta')"
        ).all():
            connection.exec_driver_sql(f'DROP TABLE "{schema}"."{name}" CASCADE')
        if connection.exec_driver_sql("SELECT to_regclass('ombud.meta')").scalar():
            connection.exec_driver_sql("UPDATE ombud.meta SET value = '0' WHERE name = 'marks'")

    def _table(self, schema: Schema, name: str) -> sa.TableClause:
        return sa.table(name, *(sa.column(c) for c in schema.tables[name].columns))


def _foreign_keys(connection: sa.Connection, *, on: bool) -> None:
    """Past SQLAlchemy, because inside a transaction SQLite ignores this."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _tables(schema: Schema, sqlite: bool) -> Iterator[str]:
    types = _SQLITE if sqlite else _POSTGRESQL
    for table in schema.tables.values():
        parts = [_declared(c, types.get(c.family, "TEXT")) for c in table.columns.values()]
        if table.key:
            parts.append(f"PRIMARY KEY ({_quoted(table.key)})")
        if sqlite:
            parts += [
                f'FOREIGN KEY ({_quoted(r.columns)}) REFERENCES "{r.to}" ({_quoted(r.target)}) ON DELETE {r.on_delete}'
                for r in schema.references
                if r.table == table.name
            ]
        yield f'CREATE TABLE "{table.name}" ({", ".join(parts)})'


def _declared(column: ColumnType, kind: str) -> str:
    return f'"{column.name}" {kind}{"" if column.nullable else " NOT NULL"}{" UNIQUE" if column.unique else ""}'


def _references(schema: Schema) -> Iterator[str]:
    for r in schema.references:
        yield (
            f'ALTER TABLE "{r.table}" ADD FOREIGN KEY ({_quoted(r.columns)}) REFERENCES "{r.to}" ({_quoted(r.target)}) '
            f"ON DELETE {r.on_delete}"
        )


def _quoted(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{c}"' for c in columns)


def _edit(connection: sa.Connection, schema: Schema, edit: Edit) -> None:
    table = sa.table(edit.table, *(sa.column(c) for c in schema.tables[edit.table].columns))
    match edit:
        case Insert(row=row):
            connection.execute(table.insert().values(dict(row)))
        case Delete(key=key):
            connection.execute(table.delete().where(*_same(schema, table, edit.table, key)))
        case Update(key=key, values=values):
            connection.execute(table.update().where(*_same(schema, table, edit.table, key)).values(dict(values)))


def _same(schema: Schema, table: sa.TableClause, name: str, key: tuple[Any, ...]) -> list[sa.ColumnElement[bool]]:
    return [table.c[c] == part for c, part in zip(schema.tables[name].key, key, strict=True)]
