"""A column as SQLAlchemy reads it, in the few families that the map and the engine tell apart."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ReflectedColumn

from ombud.adapters.any_column import untype_any
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


def columns_of(connection: sa.Connection) -> Mapping[str, Sequence[ReflectedColumn]]:
    """By table that its bare name finds. A type that SQLAlchemy has no word for is of the family `other`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        columns = {str(name): said for (_, name), said in sa.inspect(connection).get_multi_columns().items()}
    untype_any(connection, columns)
    return columns


@dataclass(frozen=True, slots=True)
class Uniques:
    """Columns of one table that are unique by themselves, and those that are with others, inside an expression, or in
    some rows; and those of either in which NULL is one value.
    """

    alone: set[str] = field(default_factory=set)
    together: set[str] = field(default_factory=set)
    null_once: set[str] = field(default_factory=set)


def column(said: ReflectedColumn, uniques: Uniques) -> ColumnType:
    """The column of a table whose unique ones these are."""
    kind = said["type"]
    family = next((f for t, f in _FAMILIES if isinstance(kind, t)), "other")
    if isinstance(kind, sa.DateTime):
        family = "timestamptz" if kind.timezone else "timestamp"
    name = said["name"]
    return ColumnType(
        name,
        family,
        bool(said["nullable"]),
        name in uniques.alone,
        str(kind) if not isinstance(kind, sa.types.NullType) else "",
        name in uniques.together - uniques.alone,
        name in uniques.null_once,
        "computed" in said or bool(said.get("identity", {}).get("always")),
    )
