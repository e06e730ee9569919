"""A real database: opened with what correctness needs, and read for its schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn

from ombud.datamap.schema import ColumnType, Reference, Schema, TableSchema
from ombud.sql.dialect import DIALECTS


class Unreachable(Exception):
    """The database cannot be opened. The message names it without password, and says what to look at."""


STATEMENTS = 4000
"""Prepared statements that a SQLite connection keeps: parsing ours costs more than running them on little."""


def connect(url: str, *, read_only: bool = False) -> sa.Engine:
    """An engine for `sqlite:///file.db` or `postgresql://…`. A SQLite file must exist: none is made by mistake.

    SQLite: foreign keys enforced, `secure_delete`, write-ahead log, one writer from the transaction's start.
    PostgreSQL: UTC and ISO dates, so that text of instants compares.
    """
    parsed = sa.make_url(url)
    name = parsed.get_backend_name()
    if name not in DIALECTS:
        raise Unreachable(f"{name} is not an engine ombud runs on; it runs on {', '.join(sorted(DIALECTS))}")
    if name == "sqlite":
        return _sqlite(parsed, read_only=read_only)
    parsed = parsed.set(drivername="postgresql+psycopg")
    options = "-c timezone=UTC -c datestyle=ISO -c standard_conforming_strings=on -c jit=off"
    if read_only:
        options += " -c default_transaction_read_only=on"
    return sa.create_engine(
        parsed,
        isolation_level="READ COMMITTED",
        connect_args={"options": options, "connect_timeout": 10},
        pool_pre_ping=True,
    )


def _sqlite(url: sa.URL, *, read_only: bool) -> sa.Engine:
    path = url.database or ""
    if path not in ("", ":memory:") and not Path(path).is_file():
        raise Unreachable(f"there is no database file {Path(path).name}; look at `url` of this source in ombud.yaml")
    engine = sa.create_engine(url, connect_args={"cached_statements": STATEMENTS})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys = ON", "secure_delete = ON", "busy_timeout = 10000"):
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
        elif path not in ("", ":memory:"):
            connection.execute("PRAGMA journal_mode = WAL")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def reflect(connection: sa.Connection) -> Schema:
    """The live schema: every table of the default schema except ombud's own, with keys, references and triggers."""
    inspector = sa.inspect(connection)
    names = [n for n in inspector.get_table_names() if not n.startswith("ombud_")]
    triggers = _triggers(connection)
    tables: dict[str, TableSchema] = {}
    references: list[Reference] = []
    uniques: dict[str | None, set[str | None]] = {}
    for (_, name), constraints in inspector.get_multi_unique_constraints().items():
        uniques[name] = {c["column_names"][0] for c in constraints if len(c["column_names"]) == 1}
    for (_, name), indexes in inspector.get_multi_indexes().items():
        for index in indexes:
            columns = index["column_names"]
            partial = any(k.endswith("_where") for k in index.get("dialect_options", {}))
            if index["unique"] and len(columns) == 1 and columns[0] is not None and not partial:
                uniques.setdefault(name, set()).add(columns[0])
    keys = {name: tuple(k["constrained_columns"]) for (_, name), k in inspector.get_multi_pk_constraint().items()}
    for (_, name), reflected in inspector.get_multi_columns().items():
        if name in names:
            own = {c["name"]: _column(c, uniques.get(name, set())) for c in reflected}
            tables[name] = TableSchema(name, own, keys.get(name, ()), triggers.get(name, ()))
    for (_, name), foreign in inspector.get_multi_foreign_keys().items():
        for key in foreign:
            to = key["referred_table"]
            target = tuple(key["referred_columns"]) or keys.get(to, ())
            action = str((key.get("options") or {}).get("ondelete") or "NO ACTION").upper()
            references.append(Reference(name, tuple(key["constrained_columns"]), to, target, action))
    return Schema(tables, tuple(sorted(references, key=lambda r: (r.table, r.columns, r.to))))


_FAMILIES: tuple[tuple[type[Any], str], ...] = (
    (sa.Boolean, "boolean"),
    (sa.Integer, "integer"),
    (sa.Numeric, "number"),
    (sa.Date, "date"),
    (sa.JSON, "json"),
    (sa.LargeBinary, "binary"),
    (sa.String, "text"),
)


def _column(column: ReflectedColumn, unique: set[str | None]) -> ColumnType:
    kind = column["type"]
    family = next((f for t, f in _FAMILIES if isinstance(kind, t)), "other")
    if isinstance(kind, sa.DateTime):
        family = "timestamptz" if kind.timezone else "timestamp"
    declared = str(kind) if not isinstance(kind, sa.types.NullType) else ""
    return ColumnType(column["name"], family, bool(column["nullable"]), column["name"] in unique, declared)


def _triggers(connection: sa.Connection) -> dict[str, tuple[str, ...]]:
    if connection.dialect.name == "sqlite":
        chosen = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1, 2"
    else:
        chosen = (
            "SELECT event_object_table, trigger_name FROM information_schema.triggers "
            "WHERE event_object_schema = current_schema() GROUP BY 1, 2 ORDER BY 1, 2"
        )
    found: dict[str, list[str]] = {}
    for table, name in connection.exec_driver_sql(chosen):
        found.setdefault(table, []).append(name)
    return {table: tuple(names) for table, names in found.items()}
