"""DuckDB's schema, as its own functions tell it: tables, columns, constraints, indexes, triggers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from ombud.adapters.families import Uniques
from ombud.adapters.triggers import triggers
from ombud.datamap.schema import ColumnType, Reference, Schema, TableSchema

_TABLES = """
SELECT table_name, sql FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name = current_schema() AND NOT temporary ORDER BY 1
"""
_ELSEWHERE = """
SELECT schema_name || '.' || table_name FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name <> current_schema() AND NOT temporary ORDER BY 1
"""
_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, is_generated FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = current_schema() ORDER BY table_name, column_index
"""
_CONSTRAINTS = """
SELECT table_name, constraint_type, constraint_column_names, referenced_table, referenced_column_names
FROM duckdb_constraints()
WHERE database_name = current_database() AND schema_name = current_schema() ORDER BY table_name, constraint_index
"""
_INDEXES = """
SELECT table_name, expressions FROM duckdb_indexes()
WHERE database_name = current_database() AND schema_name = current_schema() AND is_unique AND NOT is_primary
"""
_TRIGGERS = """
SELECT table_name, trigger_name, sql FROM duckdb_triggers()
WHERE database_name = current_database() AND schema_name = current_schema() ORDER BY 1, 2
"""

_FAMILIES: Mapping[str, str] = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "integer"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), "integer"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS"), "timestamp"),
    "DECIMAL": "number",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "VARCHAR": "text",
    "BLOB": "binary",
    "JSON": "json",
}
"""By the name that DuckDB gives a type, without what is in brackets.

The rest is `other`, in which no day is read: LIST, ENUM, UUID, …; DOUBLE, which seldom holds the number that was
written; TIMESTAMP_NS, which ends in 2262 and compares with no later day.
"""

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")


def duckdb(connection: sa.Connection) -> Schema:
    """Every table of the schema in force except ombud's own, with keys, references and triggers."""
    asked = connection.exec_driver_sql
    made = {name: str(sql) for name, sql in asked(_TABLES) if not name.startswith("ombud_")}
    columns: dict[str, dict[str, tuple[str, bool, bool]]] = defaultdict(dict)
    for name, column, kind, nullable, generated in asked(_COLUMNS):
        columns[name][column] = (kind, nullable, generated)
    constraints: list[Any] = [each for each in asked(_CONSTRAINTS) if each.table_name in made]
    unique = _uniques(connection, constraints, columns)
    keys = {each.table_name: tuple(each[2]) for each in constraints if each.constraint_type == "PRIMARY KEY"}
    acting = triggers((table, name, sql) for table, name, sql in asked(_TRIGGERS))
    tables = {}
    for name, sql in made.items():
        own = {column: _column(column, said, unique[name]) for column, said in columns[name].items()}
        key, acts = keys.get(name, ()), acting[name]
        tables[name] = TableSchema(name, own, key, acts.names, tuple(_hazards(own, key, sql)), acts=acts.acts)
    references = sorted(_references(constraints, tables), key=lambda r: (r.table, r.columns, r.to))
    return Schema(tables, tuple(references), elsewhere=tuple(asked(_ELSEWHERE).scalars()))


def _column(name: str, said: tuple[str, bool, bool], uniques: Uniques) -> ColumnType:
    kind, nullable, generated = said
    family = "other" if kind.endswith("]") else _FAMILIES.get(re.sub(r"\(.*\)$", "", kind), "other")
    together = name in uniques.together - uniques.alone
    return ColumnType(name, family, nullable, name in uniques.alone, kind, together, generated=generated)


def _hazards(columns: Mapping[str, ColumnType], key: Iterable[str], sql: str) -> Iterator[str]:
    """What would be read or remembered otherwise than it is."""
    if re.search(r"\bCOLLATE\b", _QUOTED.sub("", sql), re.IGNORECASE):
        yield "a column is declared with COLLATE, and DuckDB would not compare it by code point"
    for name in key:
        if columns[name].family == "binary" or columns[name].declared in ("FLOAT", "DOUBLE"):
            yield f"its key {name} is {columns[name].declared}, which is not told apart by its text"


def _references(constraints: Iterable[Any], tables: Mapping[str, TableSchema]) -> Iterator[Reference]:
    for name, kind, own, to, target in constraints:
        if kind == "FOREIGN KEY":
            there = _called(to, tables)
            its, others = tables[name].columns, tables[there].columns if there in tables else ()
            columns, targets = tuple(_called(c, its) for c in own), tuple(_called(c, others) for c in target)
            yield Reference(name, columns, there, targets)


def _called(name: str, known: Iterable[str]) -> str:
    """DuckDB takes a name in any case: as it is where it is declared."""
    known = tuple(known)
    return name if name in known else next((each for each in known if each.lower() == name.lower()), name)


def _uniques(
    connection: sa.Connection, constraints: Iterable[Any], columns: Mapping[str, Iterable[str]]
) -> Mapping[str, Uniques]:
    unique: dict[str, Uniques] = defaultdict(Uniques)
    for name, kind, its, *_ in constraints:
        if kind == "UNIQUE":
            (unique[name].alone if len(its) == 1 else unique[name].together).update(its)
    for name, said in connection.exec_driver_sql(_INDEXES):
        # A list of columns and expressions, as text: whatever column it names may be part of what is unique.
        named = {column for column in columns[name] if re.search(rf"(?<!\w){re.escape(column)}(?!\w)", said)}
        alone = len(named) == 1 and said in {f"[{column}]" for column in named}
        (unique[name].alone if alone else unique[name].together).update(named)
    return unique
