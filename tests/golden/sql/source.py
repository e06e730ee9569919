"""The one source that golden SQL is about, read from `source/`; its schema from a file, for no database is there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ruamel.yaml import YAML

from ombud.datamap.live import compare
from ombud.datamap.load import load as load_maps
from ombud.datamap.model import SourceMap
from ombud.datamap.schema import ColumnType, Schema, TableSchema
from ombud.datamap.settle import settle
from ombud.policy.load import load as load_policy
from ombud.policy.model import Policy
from ombud.terms import Level

FOLDER = Path(__file__).parent / "source"
DAY = date(2026, 6, 1)

DECLARED = {
    "integer": "BIGINT",
    "number": "DECIMAL(12,2)",
    "text": "TEXT",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
}


def schema_of(said: dict[str, dict[str, str]]) -> Schema:
    """`{table: {column: family not null unique key}}`; without `key`, the first column is it."""
    tables = {}
    for name, columns in said.items():
        key = tuple(c for c, words in columns.items() if "key" in words.split()) or (next(iter(columns)),)
        tables[name] = TableSchema(name, {c: _column(c, words, key) for c, words in columns.items()}, key)
    return Schema(tables, ())


def _column(name: str, words: str, key: tuple[str, ...]) -> ColumnType:
    family, nullable = words.split()[0], "not null" not in words and name not in key
    return ColumnType(name, family, nullable, "unique" in words or key == (name,), DECLARED[family])


def source() -> tuple[Policy, SourceMap, Schema]:
    """The policy, the map as it is settled, and the schema; what is wrong in them fails the test."""
    policy, found = load_policy(FOLDER / "policy")
    assert policy is not None, found
    datamap, found = load_maps(FOLDER / "datamap", policy)
    assert datamap is not None, "\n".join(map(str, found))
    schema = schema_of(YAML(typ="safe").load(FOLDER / "schema.yaml"))
    mapped = datamap.sources["crm"]
    settled, unsettled = settle(mapped, schema)
    wrong = [each for each in (*compare(mapped, schema), *unsettled) if each.level is Level.ERROR]
    assert not wrong, "\n".join(map(str, wrong))
    return policy, settled, schema
