"""A column as SQLAlchemy reads it, in the few families that the map and the engine tell apart."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn

from ombud.datamap.schema import ColumnType

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


def column(said: ReflectedColumn, unique: Set[str], together: Set[str]) -> ColumnType:
    """The column; `unique` and `together` name those of its table that are so by themselves, and with others."""
    kind = said["type"]
    family = next((f for t, f in _FAMILIES if isinstance(kind, t)), "other")
    if isinstance(kind, sa.DateTime):
        family = "timestamptz" if kind.timezone else "timestamp"
    declared = str(kind) if not isinstance(kind, sa.types.NullType) else ""
    name = said["name"]
    return ColumnType(name, family, bool(said["nullable"]), name in unique, declared, name in together - unique)
