"""Foreign keys that a drawn database declares, and the rows that it then allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from ombud.claims.world import Values
from ombud.datamap.model import Link
from ombud.datamap.schema import ColumnType, Reference, Schema, TableSchema
from tests.differential.sketches import Sketch

AUDIT = "audit"
"""A table that no map knows, whose rows refer to a mapped one's."""


def declared(random: Random, sketches: Mapping[str, Sketch], schema: Schema) -> Schema:
    """The schema with foreign keys: of links, of columns that the map does not say, and of a table no map knows."""
    references, types = list[Reference](), dict(schema.tables)
    for sketch in sketches.values():
        own = schema.tables[sketch.name].columns
        share = random.choice((0.15, 0.35, 0.6))
        for link in sketch.links.values():
            if link.when or link.absent or _is_between_types(schema, sketch.name, link):
                continue
            if random.random() < share and _is_key(schema, link.to, link.target):
                told = _told(random, all(own[column].nullable for column in link.columns))
                references.append(Reference(sketch.name, link.columns, link.to, link.target, told))
        if sketch.loose:
            column, to = sketch.loose
            references.append(Reference(sketch.name, (column,), to, sketches[to].key, _told(random, nullable=True)))
    if random.random() < 0.18:
        target = random.choice([sketch for sketch in sketches.values() if sketch.key])
        columns = {f"of_{key}": schema.tables[target.name].columns[key].family for key in target.key}
        own = {c: ColumnType(c, family, True) for c, family in columns.items()}
        types[AUDIT] = TableSchema(AUDIT, {"id": ColumnType("id", "integer", False), **own}, ("id",))
        told = random.choice(("NO ACTION", "CASCADE", "SET NULL", "RESTRICT"))
        references.append(Reference(AUDIT, tuple(columns), target.name, target.key, told))
    return Schema(types, tuple(dict.fromkeys(references)))


def _is_between_types(schema: Schema, table: str, link: Link) -> bool:
    own, theirs = schema.tables[table].columns, schema.tables[link.to].columns
    return any(own[c].family != theirs[t].family for c, t in zip(link.columns, link.target, strict=True))


def _is_key(schema: Schema, table: str, columns: tuple[str, ...]) -> bool:
    found = schema.tables[table]
    return columns == found.key or (len(columns) == 1 and found.columns[columns[0]].unique)


def _told(random: Random, nullable: bool) -> str:
    return random.choice(("NO ACTION", "RESTRICT", "CASCADE", "SET NULL" if nullable else "CASCADE"))


def whole(random: Random, schema: Schema, rows: Mapping[str, tuple[Values, ...]]) -> Mapping[str, tuple[Values, ...]]:
    """The rows that the declared references allow: a reference to nothing is set to NULL, or its row left out."""
    tables: dict[str, tuple[Values, ...]] = dict(rows)
    if AUDIT in schema.tables:
        tables[AUDIT] = _audit(random, schema, rows)
    while True:
        mended = {name: tuple(_mended(schema, tables, name)) for name in tables}
        if mended == tables:
            return tables
        tables = mended


def _mended(schema: Schema, tables: Mapping[str, tuple[Values, ...]], name: str) -> Iterator[Values]:
    types = schema.tables[name].columns
    found = [
        (ref, {tuple(row[c] for c in ref.target) for row in tables[ref.to]})
        for ref in schema.references
        if ref.table == name
    ]
    for row in tables[name]:
        mended: dict[str, Any] | None = dict(row)
        for ref, there in found:
            key = tuple(row[c] for c in ref.columns)
            if mended is None or None in key or key in there:
                continue
            nullable = all(types[c].nullable for c in ref.columns)
            mended = {**mended, **dict.fromkeys(ref.columns)} if nullable else None
        if mended is not None:
            yield mended


def _audit(random: Random, schema: Schema, rows: Mapping[str, tuple[Values, ...]]) -> tuple[Values, ...]:
    """Each refers to a row or to none."""
    ref = next(r for r in schema.references if r.table == AUDIT)
    found = random.sample(rows[ref.to], min(random.choice((0, 1, 2)), len(rows[ref.to])))
    keys: list[tuple[Any, ...]] = [tuple(row[c] for c in ref.target) for row in found]
    keys.append(tuple(None for _ in ref.target))
    return tuple({"id": n, **dict(zip(ref.columns, key, strict=True))} for n, key in enumerate(keys))
