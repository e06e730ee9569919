"""Databases as a drawn schema says: their tables made, emptied, read, and changed as an application does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON, JSONB

from ombud.claims.world import Values
from ombud.datamap.schema import ColumnType, Schema
from ombud.engine.workspace import SHAPE
from tests.differential.edits import Delete, Edit, Insert, Update

_SQLITE = {"text": "TEXT", "integer": "INTEGER", "number": "NUMERIC", "boolean": "BOOLEAN", "json": "JSON"}
_POSTGRESQL = {"text": "TEXT", "integer": "BIGINT", "number": "NUMERIC", "boolean": "BOOLEAN", "date": "DATE",
               "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMPTZ"}  # fmt: skip

_MARIADB = {"text": "TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", "integer": "BIGINT",
            "number": "DECIMAL(40, 10)", "boolean": "BOOLEAN", "date": "DATE", "timestamp": "DATETIME",
            "timestamptz": "TIMESTAMP NULL"}  # fmt: skip
_DUCKDB = {"text": "VARCHAR", "integer": "BIGINT", "number": "DECIMAL(28, 10)", "boolean": "BOOLEAN", "date": "DATE",
           "timestamp": "TIMESTAMP", "timestamptz": "TIMESTAMPTZ"}  # fmt: skip
_WORD = "VARCHAR(124) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"
"""What MariaDB can index, two of them at once in MyISAM too."""


def drop(connection: sa.Connection) -> None:
    """Everything goes but the calendar and the gate, which take long to make."""
    if connection.dialect.name == "sqlite":
        chosen = "SELECT name FROM sqlite_temp_master WHERE type = 'table'"
        for name in connection.exec_driver_sql(chosen).scalars().all():
            connection.exec_driver_sql(f'DROP TABLE temp."{doubled(name)}"')
        for _, name in _there(connection):
            connection.exec_driver_sql(f'DROP TABLE "{doubled(name)}"')
        return
    if connection.dialect.name == "mariadb":
        for what in [what for what in connection.info if isinstance(what, tuple) and what[0] == SHAPE]:
            connection.exec_driver_sql(told(connection, f'DROP TEMPORARY TABLE "{doubled(what[1])}"'))
            del connection.info[what]
        for _, name in _there(connection):
            connection.exec_driver_sql(told(connection, f'DROP TABLE "{doubled(name)}"'))
        return
    if connection.dialect.name == "duckdb":
        _drop_in_duckdb(connection)
        return
    connection.exec_driver_sql("DISCARD TEMP")
    for schema, name in _there(connection):
        connection.exec_driver_sql(told(connection, f'DROP TABLE "{schema}"."{doubled(name)}" CASCADE'))


def _drop_in_duckdb(connection: sa.Connection) -> None:
    for name in connection.exec_driver_sql("SELECT table_name FROM duckdb_tables() WHERE temporary").scalars():
        connection.exec_driver_sql(f'DROP TABLE temp."{doubled(name)}"')
    left = [name for _, name in _there(connection)]
    while left:
        chosen = "SELECT DISTINCT referenced_table FROM duckdb_constraints() WHERE referenced_table IS NOT NULL"
        held = set(connection.exec_driver_sql(chosen).scalars())
        for name in [name for name in left if name not in held]:
            connection.exec_driver_sql(f'DROP TABLE "{doubled(name)}"')
            settle(connection)
            left.remove(name)


def settle(connection: sa.Connection) -> None:
    """DuckDB takes what was deleted or dropped for gone once that is committed."""
    if connection.dialect.name == "duckdb":
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.commit()
        driver.begin()


def renew(connection: sa.Connection, schema: Schema, tables: Mapping[str, tuple[Values, ...]]) -> None:
    """Every row goes, of the application's tables and of what ombud remembers of them, and these rows come."""
    order = list(parents_first(schema))
    _empty(connection, order[::-1])
    place = "?" if connection.dialect.name in ("sqlite", "duckdb") else "%s"
    for name in order:
        if rows := tables[name]:
            # One statement, for rows may refer to one another.
            columns = ", ".join(f'"{doubled(c)}"' for c in rows[0])
            each = f"({', '.join([place] * len(rows[0]))})"
            into = told(connection, f'INSERT INTO "{doubled(name)}" ({columns})')
            written = f"{into} VALUES {', '.join([each] * len(rows))}"
            connection.exec_driver_sql(written, tuple(row[c] for row in rows for c in rows[0]))


def parents_first(schema: Schema) -> Iterator[str]:
    """Tables by what they refer to; those in a circle last."""
    left = dict.fromkeys(schema.tables)
    while left:
        leaning = {r.table for r in schema.references if r.table != r.to and r.to in left}
        free = [name for name in left if name not in leaning] or list(left)
        yield from free
        for name in free:
            del left[name]


def _empty(connection: sa.Connection, last: Sequence[str]) -> None:
    there = _there(connection)
    for schema, name in sorted(there, key=lambda found: last.index(found[1]) if found[1] in last else -1):
        connection.exec_driver_sql(told(connection, f'DELETE FROM "{schema}"."{doubled(name)}"'))
        settle(connection)
    meta = "ombud.meta" if connection.dialect.name == "postgresql" else "ombud_meta"
    if not sa.inspect(connection).has_table("meta" if "." in meta else meta, "ombud" if "." in meta else None):
        return
    connection.exec_driver_sql(f"UPDATE {meta} SET value = '0' WHERE name = 'marks'")
    connection.exec_driver_sql(f"DELETE FROM {meta} WHERE name NOT IN ('version', 'gate', 'epoch', 'marks', 'zone')")


def _there(connection: sa.Connection) -> list[tuple[str, str]]:
    """Schema and name of every table but the calendar and the gate."""
    if connection.dialect.name == "sqlite":
        chosen = (
            "SELECT 'main', name FROM sqlite_master WHERE type = 'table' "
            "AND name NOT IN ('ombud_calendar', 'ombud_meta') AND name NOT LIKE 'sqlite_%'"
        )
    elif connection.dialect.name == "mariadb":
        chosen = (
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema = DATABASE() "
            "AND table_type = 'BASE TABLE' AND table_name NOT IN ('ombud_calendar', 'ombud_meta')"
        )
    elif connection.dialect.name == "duckdb":
        chosen = (
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT temporary "
            "AND table_name NOT IN ('ombud_calendar', 'ombud_meta')"
        )
    else:
        chosen = (
            "SELECT schemaname, tablename FROM pg_tables "
            "WHERE schemaname IN ('public', 'ombud') AND tablename NOT IN ('calendar', 'meta')"
        )
    return [(schema, name) for schema, name in connection.exec_driver_sql(chosen)]


@contextmanager
def unchecked(connection: sa.Connection) -> Iterator[None]:
    """References are not checked meanwhile, so that tables are dropped, and filled, in any order. SQLite then forgets
    every statement that it has prepared.

    Past SQLAlchemy on SQLite, which ignores this inside a transaction.
    """
    sqlite = connection.dialect.name == "sqlite"
    driver = connection.connection.driver_connection
    assert driver is not None
    if sqlite:
        driver.execute("PRAGMA foreign_keys = OFF")
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        elif connection.dialect.name == "mariadb":
            connection.exec_driver_sql("SET foreign_key_checks = 0")
        yield
    if connection.dialect.name == "mariadb":
        with connection.begin():
            connection.exec_driver_sql("SET foreign_key_checks = 1")
    if sqlite:
        driver.execute("PRAGMA foreign_keys = ON")


def told(connection: sa.Connection, statement: str) -> str:
    """A statement as the driver takes it: most read a percent sign as a place for a value. MariaDB quotes otherwise."""
    if connection.dialect.name in ("sqlite", "duckdb"):
        return statement
    if connection.dialect.name == "mariadb":
        statement = _NAME.sub(lambda found: _backticked(found[1]), statement)
    return statement.replace("%", "%%")


def _backticked(name: str) -> str:
    return "`" + name.replace('""', '"').replace("`", "``") + "`"


_NAME = re.compile('"((?:[^"]|"")*)"')


def doubled(name: str) -> str:
    return name.replace('"', '""')


INLINE = ("sqlite", "duckdb")
"""Engines that take a reference with its table alone."""


def tables(schema: Schema, dialect: str) -> Iterator[str]:
    types = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL, "mariadb": _MARIADB, "duckdb": _DUCKDB}[dialect]
    referring = {(r.table, c) for r in schema.references for c in r.columns}
    for name in parents_first(schema):
        table = schema.tables[name]
        indexed = {c.name for c in table.columns.values() if c.unique or (table.name, c.name) in referring}
        indexed = indexed.union(table.key) if dialect == "mariadb" else set()
        parts = [
            _declared(
                c, _WORD if c.name in indexed and c.family == "text" else c.declared or types.get(c.family, "TEXT")
            )
            for c in table.columns.values()
        ]
        if table.key:
            parts.append(f"PRIMARY KEY ({_quoted(table.key)})")
        if dialect in INLINE:
            parts += [
                f'FOREIGN KEY ({_quoted(r.columns)}) REFERENCES "{r.to}" ({_quoted(r.target)}) ON DELETE {r.on_delete}'
                for r in schema.references
                if r.table == table.name
            ]
        yield f'CREATE TABLE "{table.name}" ({", ".join(parts)}){"" if table.atomic else " ENGINE = MyISAM"}'


def _declared(column: ColumnType, kind: str) -> str:
    return f'"{column.name}" {kind}{"" if column.nullable else " NOT NULL"}{" UNIQUE" if column.unique else ""}'


def references(schema: Schema) -> Iterator[str]:
    for n, r in enumerate(schema.references):  # named, for what MariaDB makes of the table's name may be too long
        yield (
            f'ALTER TABLE "{r.table}" ADD CONSTRAINT "reference_{n}" FOREIGN KEY ({_quoted(r.columns)}) '
            f'REFERENCES "{r.to}" ({_quoted(r.target)}) ON DELETE {r.on_delete}'
        )


def _quoted(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{c}"' for c in columns)


def edit(connection: sa.Connection, schema: Schema, done: Edit) -> None:
    columns = schema.tables[done.table].columns
    table = sa.table(done.table, *(sa.column(c) for c in columns))
    native = connection.dialect.name == "postgresql"

    def written(values: Values) -> dict[str, Any]:
        return {c: _document(v, columns[c]) if native and columns[c].family == "json" else v for c, v in values.items()}

    match done:
        case Insert(row=row):
            connection.execute(table.insert().values(written(row)))
        case Delete(key=key):
            bound = connection.dialect.name == "mariadb" and not _lets_go_of_itself(connection, schema, table, key)
            if bound:
                connection.exec_driver_sql("SET foreign_key_checks = 0")
            connection.execute(table.delete().where(*_same(schema, table, done.table, key)))
            if bound:
                connection.exec_driver_sql("SET foreign_key_checks = 1")
        case Update(key=key, values=values):
            connection.execute(table.update().where(*_same(schema, table, done.table, key)).values(written(values)))


def _lets_go_of_itself(connection: sa.Connection, schema: Schema, table: sa.TableClause, key: tuple[Any, ...]) -> bool:
    """InnoDB deletes no row that refers to itself; an application lets go of it first, where it can."""
    for reference in schema.references:
        if reference.table == reference.to == table.name and reference.on_delete in ("NO ACTION", "RESTRICT"):
            itself = [table.c[a] == table.c[b] for a, b in zip(reference.columns, reference.target, strict=True)]
            same = _same(schema, table, table.name, key)
            if not all(schema.tables[table.name].columns[c].nullable for c in reference.columns):
                return connection.execute(sa.select(table).where(*same, *itself)).first() is None
            connection.execute(table.update().where(*same, *itself).values(dict.fromkeys(reference.columns)))
    return True


def _document(value: Any, column: ColumnType) -> sa.ColumnElement[Any]:
    return sa.cast(sa.literal(value, sa.Text()), {"JSON": JSON, "JSONB": JSONB}[column.declared])


def read(column: ColumnType) -> str:
    """Documents as text, for a driver would make something of them."""
    name = f'"{doubled(column.name)}"'
    return f"CAST({name} AS TEXT)" if column.family == "json" else name


def _same(schema: Schema, table: sa.TableClause, name: str, key: tuple[Any, ...]) -> list[sa.ColumnElement[bool]]:
    return [table.c[c] == part for c, part in zip(schema.tables[name].key, key, strict=True)]
