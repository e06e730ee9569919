"""PostgreSQL's schema."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import sqlalchemy as sa

from ombud.adapters.families import column
from ombud.datamap.schema import Reference, Schema, TableSchema

Names = dict[str, set[str]]


def postgresql(connection: sa.Connection) -> Schema:
    """Every table of the default schema, with keys, references and triggers."""
    inspector = sa.inspect(connection)
    # A partition is a part of its table, and so are its references.
    parts = _partitions(connection)
    names = [n for n in inspector.get_table_names() if not n.startswith("ombud_") and n not in parts]
    triggers, hazards = _triggers(connection), _hazards(connection)
    columns = {name: reflected for (_, name), reflected in inspector.get_multi_columns().items() if name in names}
    alone, together = _uniques(inspector, {name: [c["name"] for c in cs] for name, cs in columns.items()})
    keys = {name: tuple(k["constrained_columns"]) for (_, name), k in inspector.get_multi_pk_constraint().items()}
    tables = {}
    for name, reflected in columns.items():
        own = {c["name"]: column(c, alone[name], together[name]) for c in reflected}
        tables[name] = TableSchema(name, own, keys.get(name, ()), triggers.get(name, ()), hazards.get(name, ()))
    references = [each for each in _references(inspector) if each.table not in parts]
    return Schema(tables, tuple(sorted(references, key=lambda r: (r.table, r.columns, r.to))))


def _references(inspector: sa.Inspector) -> Iterator[Reference]:
    for (_, name), foreign in inspector.get_multi_foreign_keys().items():
        for key in foreign:
            action = str((key.get("options") or {}).get("ondelete") or "NO ACTION").upper()
            columns, target = tuple(key["constrained_columns"]), tuple(key["referred_columns"])
            yield Reference(name, columns, key["referred_table"], target, action)


def _uniques(inspector: sa.Inspector, columns: dict[str, list[str]]) -> tuple[Names, Names]:
    """By table: the columns that are unique by themselves, and those that are with others or inside an expression."""
    alone: Names = defaultdict(set)
    together: Names = defaultdict(set)
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


def _partitions(connection: sa.Connection) -> set[str]:
    chosen = "SELECT relname FROM pg_class WHERE relispartition AND relnamespace = current_schema()::regnamespace"
    return set(connection.exec_driver_sql(chosen).scalars())


def _hazards(connection: sa.Connection) -> dict[str, tuple[str, ...]]:
    """By table, what would change data unseen when its rows change."""
    found: dict[str, list[str]] = defaultdict(list)
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


def _triggers(connection: sa.Connection) -> dict[str, tuple[str, ...]]:
    chosen = (
        "SELECT event_object_table, trigger_name FROM information_schema.triggers "
        "WHERE event_object_schema = current_schema() GROUP BY 1, 2 ORDER BY 1, 2"
    )
    found: dict[str, list[str]] = defaultdict(list)
    for table, name in connection.exec_driver_sql(chosen):
        found[table].append(name)
    return {table: tuple(names) for table, names in found.items()}
