"""What an application does to its rows between two sweeps, as data; what its database would refuse is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ombud.claims.world import Values, World
from ombud.datamap.schema import Schema
from ombud.terms import Key


@dataclass(frozen=True)
class Insert:
    """A new row; its key may have been another's."""

    source: str
    table: str
    row: Mapping[str, Any]


@dataclass(frozen=True)
class Delete:
    """The row of this key is deleted by the application, if it is still there."""

    source: str
    table: str
    key: Key


@dataclass(frozen=True)
class Update:
    """Columns of the row of this key are set, if it is still there."""

    source: str
    table: str
    key: Key
    values: Mapping[str, Any]


Edit = Insert | Delete | Update


def applied(world: World, edits: Iterable[Edit]) -> tuple[World, tuple[Edit, ...]]:
    """The world after the edits, and those that took place.

    Left out is what finds no row, and what a key, a unique column or a declared reference would refuse.
    """
    done = []
    for edit in edits:
        schema = world.schemas[edit.source]
        key = schema.tables[edit.table].key
        rows = world.tables[edit.source][edit.table]
        match edit:
            case Insert(_, _, row):
                after = (*rows, row)
            case Delete():
                after = tuple(row for row in rows if tuple(row[c] for c in key) != edit.key)
            case Update():
                after = tuple({**row, **edit.values} if tuple(row[c] for c in key) == edit.key else row for row in rows)
        tables = {**world.tables[edit.source], edit.table: after}
        if after != rows and is_allowed(schema, tables):
            world = replace(world, tables={**world.tables, edit.source: tables})
            done.append(edit)
    return world, tuple(done)


def is_allowed(schema: Schema, tables: Mapping[str, tuple[Values, ...]]) -> bool:
    """Whether the database would hold these rows."""
    for name, table in schema.tables.items():
        rows = tables[name]
        told_apart = [table.key] if table.key else []
        for columns in [*told_apart, *((c.name,) for c in table.columns.values() if c.unique)]:
            values = [key for key in (tuple(row[c] for c in columns) for row in rows) if None not in key]
            if len(values) != len(set(values)):
                return False
    for ref in schema.references:
        keys = {tuple(row[c] for c in ref.target) for row in tables[ref.to]}
        found = (tuple(row[c] for c in ref.columns) for row in tables[ref.table])
        if not all(None in key or key in keys for key in found):
            return False
    return True
