"""Those who tell a story: the oracle, and a real database swept by the engine. Both start from the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol

import sqlalchemy as sa

from ombud.adapters.reflect import reflect
from ombud.claims.sweep import sweep
from ombud.claims.world import World
from ombud.datamap.live import compare
from ombud.datamap.schema import Schema
from ombud.datamap.settle import settle
from ombud.engine.program import Program
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep
from ombud.terms import Outcome
from tests.golden.story import SOURCE, Column, Row, Rows, Story, digest

TYPES = {
    "sqlite": {"folding": "TEXT COLLATE NOCASE"},
    "postgresql": {"folding": 'TEXT COLLATE "folding"', "integer": "BIGINT"},
}
"""Where a story's type is not what SQL calls it. `folding` text compares different text as equal."""

NATIVE = {"date": date.fromisoformat, "timestamp": datetime.fromisoformat}
"""What PostgreSQL's driver wants, and gives, where SQLite has text."""


class Teller(Protocol):
    """One who has a story's rows, does to them what the application does, and sweeps: whether anything was due."""

    def rows(self) -> Rows: ...

    def do(self, deed: Mapping[str, Any]) -> None: ...

    def sweep(self, day: date) -> bool: ...


def emptied(connection: sa.Connection) -> None:
    """Drop all but the calendar and its stamp, which every story shares; a story begins without a sidecar."""
    with connection.begin():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for schema, tables in (("temp", "sqlite_temp_master"), ("main", "sqlite_master")):
                chosen = f"SELECT name FROM {tables} WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                for name in connection.exec_driver_sql(chosen).scalars().all():
                    if name not in ("ombud_calendar", "ombud_meta"):
                        connection.exec_driver_sql(f'DROP TABLE {schema}."{name}"')
            meta = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'ombud_meta'").scalar()
            stamp = "ombud_meta"
        else:
            connection.exec_driver_sql("DISCARD TEMP")
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
            chosen = "SELECT tablename FROM pg_tables WHERE schemaname = 'ombud'"
            for name in connection.exec_driver_sql(chosen).scalars().all():
                if name not in ("calendar", "meta"):
                    connection.exec_driver_sql(f'DROP TABLE ombud."{name}" CASCADE')
            meta = connection.exec_driver_sql("SELECT to_regclass('ombud.meta')").scalar()
            stamp = "ombud.meta"
        if meta:
            connection.exec_driver_sql(f"UPDATE {stamp} SET value = '0' WHERE name = 'marks'")
            kept = "'version', 'gate', 'epoch', 'marks', 'zone'"
            connection.exec_driver_sql(f"DELETE FROM {stamp} WHERE name NOT IN ({kept})")


def built(connection: sa.Connection, story: Story) -> Schema:
    """The story's tables, references, rows and trigger in an emptied database; its schema as it is then read."""
    engine = connection.dialect.name
    emptied(connection)
    with connection.begin():
        if engine == "postgresql" and folds(story):
            accents = "locale = 'und-u-ks-level1', deterministic = false"
            connection.exec_driver_sql(f'CREATE COLLATION "folding" (provider = icu, {accents})')
        for name, columns in story.tables.items():
            connection.exec_driver_sql(f'CREATE TABLE "{name}" ({", ".join(_declared(story, columns, engine))})')
            if story.rows[name]:
                table = sa.table(name, *(sa.column(column) for column in columns))
                connection.execute(table.insert(), [_native(columns, row, engine) for row in story.rows[name]])
        for statement in _trigger(story.trigger, engine):
            connection.exec_driver_sql(statement)
    with connection.begin():
        return reflect(connection)


def folds(story: Story) -> bool:
    """Whether a column of the story compares different text as equal."""
    return any(column.type == "folding" for columns in story.tables.values() for column in columns.values())


def can_fold(connection: sa.Connection) -> bool:
    """Whether this PostgreSQL has ICU, whose collations can be told to look past accents and case."""
    with connection.begin():
        icu = "SELECT 1 FROM pg_collation WHERE collprovider = 'i'"
        return connection.exec_driver_sql(icu).first() is not None


def _declared(story: Story, columns: Mapping[str, Column], engine: str) -> list[str]:
    declared = []
    for name, column in columns.items():
        words = f'"{name}" {TYPES[engine].get(column.type, column.type.upper())}'
        words += " PRIMARY KEY" if column.key else " NOT NULL" if column.required else ""
        if column.to:
            words += f' REFERENCES "{column.to}" ("{story.key(column.to)}")'
            words += " ON DELETE CASCADE" if column.cascade else ""
        declared.append(words)
    return declared


def _trigger(trigger: Mapping[str, Any], engine: str) -> list[str]:
    """A trigger that copies a column of each deleted row into another table."""
    if not trigger:
        return []
    copy = f"INSERT INTO {trigger['writes']} (what) VALUES (OLD.{trigger['copies']});"
    after = f"CREATE TRIGGER audit AFTER DELETE ON {trigger['on']} FOR EACH ROW"
    if engine == "sqlite":
        return [f"{after} BEGIN {copy} END"]
    written = f"CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {copy} RETURN OLD; END $$"
    return [written, f"{after} EXECUTE FUNCTION audit()"]


def _native(columns: Mapping[str, Column], row: Mapping[str, Any], engine: str) -> Row:
    if engine == "sqlite":
        return dict(row)
    read = {name: NATIVE[column.type] for name, column in columns.items() if column.type in NATIVE}
    return {name: read[name](value) if name in read and value is not None else value for name, value in row.items()}


class Database:
    """The engine on a real database."""

    def __init__(self, connection: sa.Connection, story: Story) -> None:
        self.connection, self.story, self.engine, self.program = connection, story, connection.dialect.name, Program()
        self.schema = built(connection, story)
        mapped = story.datamap.sources[SOURCE]
        self.source, unsettled = settle(mapped, self.schema)
        self.told = sorted({finding.code for finding in (*compare(mapped, self.schema), *unsettled)})

    def rows(self) -> Rows:
        with self.connection.begin():
            return {name: [self._text(name, row) for row in self._select(name)] for name in self.story.tables}

    def _select(self, name: str) -> list[Row]:
        return [dict(row._mapping) for row in self.connection.execute(sa.text(f'SELECT * FROM "{name}"'))]

    def _text(self, name: str, row: Row) -> Row:
        """Days as the story writes them; an instant stays what the database gives."""
        return {column: value.isoformat() if type(value) is date else value for column, value in row.items()}

    def do(self, deed: Mapping[str, Any]) -> None:
        table, insert, update, delete = _read(deed)
        columns = self.story.tables[table]
        rows = sa.table(table, *(sa.column(column) for column in columns))
        native = _native(columns, insert or update, self.engine)
        with self.connection.begin():
            if insert:
                self.connection.execute(rows.insert().values(native))
                return
            here = rows.c[self.story.key(table) or ""] == deed["key"]
            change = rows.delete() if delete else rows.update().values(native)
            assert self.connection.execute(change.where(here)).rowcount == 1, f"no row for {deed}"

    def sweep(self, day: date) -> bool:
        wanted = (self.connection, self.story.policy, self.source, self.schema, day, digest)
        once = Sweep(*wanted, plan="story", program=self.program)
        once.prepare()
        with self.connection.begin():
            acknowledge(self.connection, once.names, self.story.marks)
        due = any(not count.empty for count in once.freeze().values())
        if due:
            once.apply()
        return due


class Oracle:
    """The meaning, by brute force over rows, with the schema of a real SQLite database."""

    def __init__(self, connection: sa.Connection, story: Story) -> None:
        self.story = story
        schema = built(connection, story)
        source, _ = settle(story.datamap.sources[SOURCE], schema)
        self.datamap = replace(story.datamap, sources={SOURCE: source})
        self.world = World({SOURCE: {name: tuple(rows) for name, rows in story.rows.items()}}, {SOURCE: schema})

    def rows(self) -> Rows:
        return {name: [dict(row) for row in rows] for name, rows in self.world.tables[SOURCE].items()}

    def do(self, deed: Mapping[str, Any]) -> None:
        table, insert, update, delete = _read(deed)
        rows, key = self.rows()[table], self.story.key(table) or ""
        if insert:
            self._put(table, [*rows, dict.fromkeys(self.story.tables[table]) | insert])
            return
        changed = [{**row, **update} if row[key] == deed["key"] else row for row in rows]
        self._put(table, [row for row in changed if not (delete and row[key] == deed["key"])])

    def _put(self, table: str, rows: list[Row]) -> None:
        self.world = replace(self.world, tables={SOURCE: {**self.world.tables[SOURCE], table: tuple(rows)}})

    def sweep(self, day: date) -> bool:
        world, verdicts = sweep(self.story.policy, self.datamap, self.world, self.story.marks, day, digest)
        before, self.world = self.rows(), world
        if self.story.trigger:
            self._trigger(before, **self.story.trigger)
        return any(each.outcome is Outcome.DELETE or each.blank for each in verdicts.values())

    def _trigger(self, before: Rows, on: str, copies: str, writes: str) -> None:
        """What the database does by itself, and no claim says."""
        left = self.rows()[on]
        self._put(writes, [*before[writes], *({"what": row[copies]} for row in before[on] if row not in left)])


def _read(deed: Mapping[str, Any]) -> tuple[str, Row, Row, bool]:
    """`{insert: table, row: …}`, `{update: table, key: …, set: …}` or `{delete: table, key: …}`."""
    table = deed.get("insert") or deed.get("update") or deed["delete"]
    return table, deed.get("row", {}), deed.get("set", {}), "delete" in deed
