"""MariaDB's schema. Texts are declared without their character set: ombud's own columns have one for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn

from ombud.adapters.families import Uniques, column, columns_of
from ombud.adapters.triggers import triggers
from ombud.datamap.schema import ColumnType, Reference, Schema, TableSchema

_FROM_ELSEWHERE = """
SELECT DISTINCT referenced_table_name, table_name, constraint_schema FROM information_schema.referential_constraints
WHERE unique_constraint_schema = DATABASE() AND constraint_schema <> DATABASE() ORDER BY 1, 3, 2
"""
_TRIGGERS = """
SELECT event_object_table, trigger_name, CONCAT(action_timing, ' ', event_manipulation, ' ', action_statement)
FROM information_schema.triggers WHERE event_object_schema = DATABASE() ORDER BY 1, 2
"""
_ENGINES = """
SELECT table_name, engine FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND engine <> 'InnoDB' ORDER BY 1
"""

UNDOING_NOTHING = ("MyISAM", "Aria")
"""Engines that keep what a statement did, and undo none of it."""


def mariadb(connection: sa.Connection) -> Schema:
    """Every table except ombud's own, with keys, references and triggers."""
    inspector = sa.inspect(connection)
    mine = set(inspector.get_table_names())
    reflected = {n: said for n, said in columns_of(connection).items() if n in mine and not n.startswith("ombud_")}
    unique = _uniques(inspector)
    keys = {name: tuple(key["constrained_columns"]) for (_, name), key in inspector.get_multi_pk_constraint().items()}
    acting, hazards = (
        triggers((t, name, does) for t, name, does in connection.exec_driver_sql(_TRIGGERS)),
        _hazards(connection),
    )
    bare = {name for name, engine in connection.exec_driver_sql(_ENGINES) if engine in UNDOING_NOTHING}
    tables = {}
    for name, said in reflected.items():
        own = {c["name"]: _column(c, unique[name], connection.dialect) for c in said}
        key, acts = keys.get(name, ()), acting[name]
        atomic = name not in bare
        tables[name] = TableSchema(name, own, key, acts.names, hazards.get(name, ()), acts=acts.acts, atomic=atomic)
    references = [each for each in _references(inspector) if each.table in tables]
    return Schema(tables, tuple(sorted(references, key=lambda r: (r.table, r.columns, r.to))))


def _column(said: ReflectedColumn, unique: Uniques, dialect: sa.Dialect) -> ColumnType:
    """`TIMESTAMP` is an instant, kept in UTC; `DATETIME` is what stood on a wall."""
    found, kind = column(said, unique), said["type"]
    if isinstance(kind, sa.TIMESTAMP):
        found = replace(found, family="timestamptz")
    if isinstance(kind, sa.String) and not isinstance(kind, sa.Enum):
        kind = type(kind)(kind.length) if kind.length else type(kind)()
    declared = "" if isinstance(kind, sa.types.NullType) else kind.compile(dialect=dialect)
    return replace(found, declared=declared)


def _references(inspector: sa.Inspector) -> Iterator[Reference]:
    for (_, name), foreign in inspector.get_multi_foreign_keys().items():
        for key in foreign:
            acts = key.get("options") or {}
            action, change = (str(acts.get(when) or "NO ACTION").upper() for when in ("ondelete", "onupdate"))
            columns, target = tuple(key["constrained_columns"]), tuple(key["referred_columns"])
            yield Reference(name, columns, key["referred_table"], target, action, on_update=change)


def _uniques(inspector: sa.Inspector) -> Mapping[str, Uniques]:
    unique: dict[str, Uniques] = defaultdict(Uniques)
    for (_, name), indexes in inspector.get_multi_indexes().items():
        for index in indexes:
            if index["unique"]:
                its = [c for c in index["column_names"] if c is not None]
                (unique[name].alone if len(its) == 1 else unique[name].together).update(its)
    return unique


def _hazards(connection: sa.Connection) -> dict[str, tuple[str, ...]]:
    """By table, what would change data unseen when its rows change, or could not be undone."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, other, schema in connection.exec_driver_sql(_FROM_ELSEWHERE):
        found[name].append(f"{schema}.{other}, in another database, refers to it")
    for name, engine in connection.exec_driver_sql(_ENGINES):
        if engine not in UNDOING_NOTHING:
            found[name].append(f"{engine} undoes nothing, and may forget what was done")
    return {name: tuple(said) for name, said in found.items()}
