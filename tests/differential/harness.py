"""A generated case on a real engine, beside the oracle: after every sweep the rows must be the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.adapters.database import connect, reflect
from ombud.claims.sweep import sweep
from ombud.claims.world import Values, World
from ombud.datamap.schema import ColumnType, Schema
from ombud.engine.program import Program
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep, TableCount
from tests.differential.cases import Case, digest
from tests.differential.edits import Delete, Edit, Insert, Update, applied
from tests.differential.imports import copied, copy
from tests.differential.outcomes import lived

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


class Killed(Exception):
    """The sweep was stopped between two statements; what was not committed is lost, as after SIGKILL."""


class Fuse:
    """Stops whoever runs statements on these engines, after so many."""

    def __init__(self, engines: Iterable[sa.Engine]) -> None:
        self.left: int | None = None
        self.burnt = 0
        for engine in engines:
            sa.event.listen(engine, "before_cursor_execute", self._burn)

    def _burn(self, *_: object) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left, self.burnt = None, self.burnt + 1
            raise Killed


class Bench:
    """Databases that are filled anew for every case, one a source; built anew only when the schema is another."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self.engines = {source: connect(url) for source, url in urls.items()}
        self.schemas: dict[str, Schema] = {}
        self.fuse = Fuse(self.engines.values())
        self.outcomes: Counter[str] = Counter()
        self._built: dict[str, Schema] = {}

    def close(self) -> None:
        for engine in self.engines.values():
            engine.dispose()

    def run(
        self,
        case: Case,
        batch_size: int = 1000,
        program: Program | None = None,
        *,
        twice: bool = True,
        kill_after: int | None = None,
    ) -> Divergence | None:
        """The first divergence, if there is one. A program serves every case of one policy, map, schema and days.

        `twice` probes before each sweep, asks after it whether anything due is left, and counts what came of it.
        `kill_after` stops each sweep after so many statements; an even number is resumed before a new plan is made, an
        odd one is left to the new.
        """
        world = case.world
        connections = {source: self.engines[source].connect() for source in world.tables}
        try:
            for source, connection in connections.items():
                self._fill(connection, source, world)
            program, self.outcomes = program or Program(), Counter()
            for n, day in enumerate(case.days):
                making = {
                    source: self._maker(connection, case, source, n, batch_size, program, twice)
                    for source, connection in connections.items()
                }
                self._prepare(case, making)
                copy(case, day, {source: made() for source, made in making.items()})
                before = copied(case, world, day)
                world, judged = sweep(case.policy, case.datamap, before, case.marks, day, digest)
                if twice:
                    self.outcomes += lived(case, before, judged, world, day)
                for source, connection in connections.items():
                    made = making[source]
                    self._sweep(connection, case, made, kill_after)
                    found = self._compare(connection, case, world, source, day)
                    if found:
                        return found
                    if twice and (left := _said(made().freeze())):
                        return Divergence(day, source, "something due is left", (), ({"left": left},))
                if n < len(case.edits):
                    world, done = applied(world, case.edits[n])
                    for edit in done:
                        with connections[edit.source].begin():
                            _edit(connections[edit.source], world.schemas[edit.source], edit)
            return None
        finally:
            self.fuse.left = None
            for connection in connections.values():
                connection.close()

    def _maker(
        self, connection: sa.Connection, case: Case, source: str, n: int, size: int, program: Program, probes: bool
    ) -> Callable[[], Sweep]:
        wanted = (connection, case.policy, case.datamap.sources[source], self.schemas[source], case.days[n], digest)
        return lambda: Sweep(*wanted, plan="p", batch_size=size, program=program, probes=probes)

    def _prepare(self, case: Case, making: Mapping[str, Callable[[], Sweep]]) -> None:
        for source, made in making.items():
            if source not in self._built:
                made().prepare()
                self._built[source] = case.world.schemas[source]

    def _sweep(self, connection: sa.Connection, case: Case, made: Callable[[], Sweep], kill_after: int | None) -> None:
        once = made()
        with connection.begin():
            acknowledge(connection, once.names, case.marks)
        if kill_after is not None:
            self.fuse.left = kill_after
            try:
                _done(once)
                return
            except Killed:
                if kill_after % 2 == 0:
                    made().apply()
            finally:
                self.fuse.left = None
        _done(made())

    def _compare(
        self, connection: sa.Connection, case: Case, world: World, source: str, day: object
    ) -> Divergence | None:
        for name, rows in world.tables[source].items():
            key = world.schemas[source].tables[name].key
            with connection.begin():
                found = connection.exec_driver_sql(_told(connection, f'SELECT * FROM "{_doubled(name)}"'))
                columns = tuple(found.keys())
                there = [dict(zip(columns, row, strict=True)) for row in found]
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

    def _fill(self, connection: sa.Connection, source: str, world: World) -> None:
        schema, sqlite = world.schemas[source], connection.dialect.name == "sqlite"
        known = self._built.get(source) is schema
        with _unchecked(connection):
            if known:
                _empty(connection)
            else:
                _drop(connection)
                for statement in (*_tables(schema, sqlite), *(() if sqlite else _references(schema))):
                    connection.exec_driver_sql(_told(connection, statement))
                self.schemas[source] = reflect(connection)
            for name, rows in world.tables[source].items():
                if rows:
                    columns = ", ".join(f'"{_doubled(c)}"' for c in rows[0])
                    places = ", ".join(("?" if sqlite else "%s") for _ in rows[0])
                    into = _told(connection, f'INSERT INTO "{_doubled(name)}" ({columns})')
                    written = f"{into} VALUES ({places})"
                    connection.exec_driver_sql(written, [tuple(row[c] for c in rows[0]) for row in rows])
        if not known:
            self._built.pop(source, None)


def _done(once: Sweep) -> None:
    if _said(once.freeze()):
        once.apply()


def _said(counts: Mapping[str, TableCount]) -> str:
    return "; ".join(f"{name}: {count}" for name, count in counts.items() if not count.empty)


# --- databases -----------------------------------------------------------------------------------------------------


def _drop(connection: sa.Connection) -> None:
    """Everything goes but the calendar and the gate, which take long to make."""
    if connection.dialect.name == "sqlite":
        chosen = "SELECT name FROM sqlite_temp_master WHERE type = 'table'"
        for name in connection.exec_driver_sql(chosen).scalars().all():
            connection.exec_driver_sql(f'DROP TABLE temp."{_doubled(name)}"')
        for _, name in _there(connection):
            connection.exec_driver_sql(f'DROP TABLE "{_doubled(name)}"')
        return
    connection.exec_driver_sql("DISCARD TEMP")
    for schema, name in _there(connection):
        connection.exec_driver_sql(_told(connection, f'DROP TABLE "{schema}"."{_doubled(name)}" CASCADE'))


def _empty(connection: sa.Connection) -> None:
    """Every row goes, of the application's tables and of what ombud remembers of them."""
    for schema, name in _there(connection):
        connection.exec_driver_sql(_told(connection, f'DELETE FROM "{schema}"."{_doubled(name)}"'))
    meta = "ombud_meta" if connection.dialect.name == "sqlite" else "ombud.meta"
    connection.exec_driver_sql(f"UPDATE {meta} SET value = '0' WHERE name = 'marks'")
    connection.exec_driver_sql(f"DELETE FROM {meta} WHERE name NOT IN ('version', 'gate', 'epoch', 'marks', 'zone')")


def _there(connection: sa.Connection) -> list[tuple[str, str]]:
    """Schema and name of every table but the calendar and the gate."""
    if connection.dialect.name == "sqlite":
        chosen = (
            "SELECT 'main', name FROM sqlite_master WHERE type = 'table' "
            "AND name NOT IN ('ombud_calendar', 'ombud_meta') AND name NOT LIKE 'sqlite_%'"
        )
    else:
        chosen = (
            "SELECT schemaname, tablename FROM pg_tables "
            "WHERE schemaname IN ('public', 'ombud') AND tablename NOT IN ('calendar', 'meta')"
        )
    return [(schema, name) for schema, name in connection.exec_driver_sql(chosen)]


@contextmanager
def _unchecked(connection: sa.Connection) -> Iterator[None]:
    """References are not checked meanwhile, so that a world is filled in any order.

    Past SQLAlchemy on SQLite, which ignores this inside a transaction.
    """
    sqlite = connection.dialect.name == "sqlite"
    driver = connection.connection.driver_connection
    assert driver is not None
    if sqlite:
        driver.execute("PRAGMA foreign_keys = OFF")
    with connection.begin():
        if not sqlite:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
    if sqlite:
        driver.execute("PRAGMA foreign_keys = ON")


def _told(connection: sa.Connection, statement: str) -> str:
    """A statement as the driver takes it: psycopg reads a percent sign as a place for a value."""
    return statement if connection.dialect.name == "sqlite" else statement.replace("%", "%%")


def _doubled(name: str) -> str:
    return name.replace('"', '""')


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
