"""A real database: opened with what correctness needs, and read for its schema."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn

from ombud.adapters.any_column import untype_any
from ombud.datamap.schema import ColumnType, Reference, Schema, TableSchema
from ombud.sql.dialect import DIALECTS
from ombud.sql.odd_text import READ_TEXT


class Unreachable(Exception):
    """The database cannot be opened. The message names it without password; the hint says what to look at."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


STATEMENTS = 4000
"""Prepared statements that a SQLite connection keeps: parsing ours costs more than running them on little."""


def connect(url: str, *, read_only: bool = False) -> sa.Engine:
    """An engine for `sqlite:///file.db` or `postgresql://…`. A SQLite file must exist: none is made by mistake.

    SQLite: foreign keys enforced, `secure_delete`, one writer from the transaction's start; the file keeps its journal.
    PostgreSQL: UTC and ISO dates, so that text of instants compares.
    """
    parsed = sa.make_url(url)
    name = parsed.get_backend_name()
    if name not in DIALECTS:
        hint = "did you mean postgresql://?" if name == "postgres" else "see the engines in docs/reference/cli.md"
        raise Unreachable(f"{name} is not an engine ombud runs on; it runs on {', '.join(sorted(DIALECTS))}", hint)
    if name == "sqlite":
        return _sqlite(parsed, read_only=read_only)
    parsed = parsed.set(drivername="postgresql+psycopg")
    options = "-c timezone=UTC -c datestyle=ISO -c standard_conforming_strings=on -c jit=off -c row_security=off"
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
        hint = "correct `url` in ombud.yaml: a path counts from its folder; ombud makes no database"
        raise Unreachable(f"there is no database file {Path(path).name}", hint)
    engine = sa.create_engine(url, connect_args={"cached_statements": STATEMENTS})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.text_factory = READ_TEXT
        for pragma in ("foreign_keys = ON", "secure_delete = ON", "busy_timeout = 10000"):
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute("PRAGMA query_only = ON")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def reflect(connection: sa.Connection) -> Schema:
    """The live schema: every table of the default schema except ombud's own, with keys, references and triggers."""
    with warnings.catch_warnings():
        # SQLite's indexes on expressions, which `_uniques` reads itself.
        warnings.filterwarnings("ignore", "Skipped unsupported reflection", sa.exc.SAWarning)
        return _reflected(connection)


def _reflected(connection: sa.Connection) -> Schema:
    inspector = sa.inspect(connection)
    # A partition is a part of its table, and so are its references.
    parts = _partitions(connection)
    names = [n for n in inspector.get_table_names() if not n.startswith("ombud_") and n not in parts]
    triggers, hazards = _triggers(connection), _hazards(connection)
    columns = {name: reflected for (_, name), reflected in inspector.get_multi_columns().items() if name in names}
    untype_any(connection, columns)
    alone, together = _uniques(connection, inspector, {name: [c["name"] for c in cs] for name, cs in columns.items()})
    keys = {name: tuple(k["constrained_columns"]) for (_, name), k in inspector.get_multi_pk_constraint().items()}
    tables = {}
    for name, reflected in columns.items():
        own = {c["name"]: _column(c, alone.get(name, set()), together.get(name, set())) for c in reflected}
        tables[name] = TableSchema(name, own, keys.get(name, ()), triggers.get(name, ()), hazards.get(name, ()))
    said = _sqlite_references(connection) if connection.dialect.name == "sqlite" else _references(inspector)
    references = [_reference(each, tables) for each in said if each.table not in parts]
    return Schema(tables, tuple(sorted(references, key=lambda r: (r.table, r.columns, r.to))))


def _references(inspector: sa.Inspector) -> Iterator[Reference]:
    for (_, name), foreign in inspector.get_multi_foreign_keys().items():
        for key in foreign:
            action = str((key.get("options") or {}).get("ondelete") or "NO ACTION").upper()
            columns, target = tuple(key["constrained_columns"]), tuple(key["referred_columns"])
            yield Reference(name, columns, key["referred_table"], target, action)


def _sqlite_references(connection: sa.Connection) -> Iterator[Reference]:
    """As SQLite itself knows them: out of the text of CREATE TABLE, SQLAlchemy misses some actions."""
    found: dict[tuple[str, int, str, str], list[tuple[str, str | None]]] = defaultdict(list)
    chosen = (
        'SELECT m.name, f.id, f."table", f.on_delete, f."from", f."to" '
        "FROM sqlite_master m, pragma_foreign_key_list(m.name) f "
        "WHERE m.type = 'table' AND m.name NOT GLOB 'ombud_*' ORDER BY 1, 2, f.seq"
    )
    for name, number, to, action, column, target in connection.exec_driver_sql(chosen):
        found[name, number, to, action].append((column, target))
    for (name, _, to, action), columns in found.items():
        yield Reference(name, tuple(c for c, _ in columns), to, tuple(t for _, t in columns if t is not None), action)


def _reference(said: Reference, tables: Mapping[str, TableSchema]) -> Reference:
    """The reference with every name as it is declared where it belongs, and the target's key where it says none."""
    to = _called(said.to, tables)
    own, other = (tables[each].columns if each in tables else () for each in (said.table, to))
    target = tuple(_called(c, other) for c in said.target) or (tables[to].key if to in tables else ())
    return Reference(said.table, tuple(_called(c, own) for c in said.columns), to, target, said.on_delete)


def _called(name: str, known: Iterable[str]) -> str:
    """SQLite takes a name in any case: as it is where it is declared."""
    known = tuple(known)
    return name if name in known else next((each for each in known if each.lower() == name.lower()), name)


def _uniques(
    connection: sa.Connection, inspector: sa.Inspector, columns: Mapping[str, list[str]]
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """By table: the columns that are unique by themselves, and those that are with others or inside an expression."""
    if connection.dialect.name == "sqlite":
        return _sqlite_uniques(connection, columns)
    alone: dict[str, set[str]] = defaultdict(set)
    together: dict[str, set[str]] = defaultdict(set)
    for (_, name), constraints in inspector.get_multi_unique_constraints().items():
        for constraint in constraints:
            its = constraint["column_names"]
            (alone if len(its) == 1 else together)[name].update(its)
    for (_, name), indexes in inspector.get_multi_indexes().items():
        for index in indexes:
            if not index["unique"]:
                continue
            its = [c for c in index["column_names"] if c is not None]
            partial = any(k.endswith("_where") for k in index.get("dialect_options", {}))
            whole = len(its) == len(index["column_names"]) == 1 and not partial
            (alone if whole else together)[name].update(its)
            for said in index.get("expressions", []):
                together[name].update(c for c in columns.get(name, []) if re.search(rf"\b{re.escape(c)}\b", said or ""))
    return alone, together


def _sqlite_uniques(
    connection: sa.Connection, columns: Mapping[str, list[str]]
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The same, as SQLite itself knows it: SQLAlchemy reads UNIQUE out of the text of CREATE TABLE, and misses some."""
    alone: dict[str, set[str]] = defaultdict(set)
    together: dict[str, set[str]] = defaultdict(set)
    found: dict[tuple[str, str, bool], list[str | None]] = defaultdict(list)
    chosen = (
        "SELECT m.name, l.name, l.partial, i.name "
        "FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_info(l.name) i "
        "WHERE m.type = 'table' AND l.\"unique\" AND l.origin <> 'pk' ORDER BY 1, 2, i.seqno"
    )
    for name, index, partial, column in connection.exec_driver_sql(chosen):
        found[name, index, bool(partial)].append(column)
    for (name, _, partial), its in found.items():
        whole = len(its) == 1 and not partial
        (alone if whole else together)[name].update(c for c in its if c is not None)
    chosen = "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%UNIQUE%(%(%'"
    for name, said in connection.exec_driver_sql(chosen):
        inside = said.partition("(")[2]
        together[name].update(c for c in columns.get(name, []) if re.search(rf"\b{re.escape(c)}\b", inside))
    return alone, together


def _partitions(connection: sa.Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        return set()
    chosen = "SELECT relname FROM pg_class WHERE relispartition AND relnamespace = current_schema()::regnamespace"
    return set(connection.exec_driver_sql(chosen).scalars())


def _hazards(connection: sa.Connection) -> dict[str, tuple[str, ...]]:
    """By table, what would change data unseen when its rows change."""
    found: dict[str, list[str]] = defaultdict(list)
    if connection.dialect.name == "sqlite":
        for name, said in connection.exec_driver_sql("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"):
            if re.search(r"on\s+conflict\s+replace", said, re.IGNORECASE):
                found[name].append("ON CONFLICT REPLACE deletes a row when another is blanked")
        return {name: tuple(said) for name, said in found.items()}
    for name, other, schema in connection.exec_driver_sql(_FROM_ELSEWHERE):
        found[name].append(f"{schema}.{other}, in another schema, refers to it")
    for name, rule in connection.exec_driver_sql(_RULES):
        found[name].append(f"the rule {rule} rewrites its changes")
    return {name: tuple(said) for name, said in found.items()}


_FROM_ELSEWHERE = """
SELECT DISTINCT there.relname, other.relname, elsewhere.nspname
FROM pg_constraint JOIN pg_class AS there ON there.oid = confrelid JOIN pg_class AS other ON other.oid = conrelid
JOIN pg_namespace AS elsewhere ON elsewhere.oid = other.relnamespace
WHERE contype = 'f' AND there.relnamespace = current_schema()::regnamespace AND other.relnamespace <> there.relnamespace
ORDER BY 1, 3, 2
"""
_RULES = """
SELECT tablename, rulename FROM pg_rules WHERE schemaname = current_schema() AND rulename <> '_RETURN' ORDER BY 1, 2
"""


_FAMILIES: tuple[tuple[type[Any], str], ...] = (
    (sa.Boolean, "boolean"),
    (sa.Integer, "integer"),
    (sa.Numeric, "number"),
    (sa.Date, "date"),
    (sa.JSON, "json"),
    (sa.LargeBinary, "binary"),
    (sa.Enum, "other"),
    (sa.String, "text"),
)


def _column(column: ReflectedColumn, unique: set[str], together: set[str]) -> ColumnType:
    kind = column["type"]
    family = next((f for t, f in _FAMILIES if isinstance(kind, t)), "other")
    if isinstance(kind, sa.DateTime):
        family = "timestamptz" if kind.timezone else "timestamp"
    declared = str(kind) if not isinstance(kind, sa.types.NullType) else ""
    name = column["name"]
    return ColumnType(name, family, bool(column["nullable"]), name in unique, declared, name in together - unique)


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
