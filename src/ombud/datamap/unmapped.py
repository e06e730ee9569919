"""What a live database has and the map leaves out: told, or taken out by a pattern of `not_personal`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from ombud.datamap.columns import known_columns
from ombud.datamap.likeness import likely
from ombud.datamap.model import SourceMap
from ombud.datamap.schema import Schema
from ombud.terms import Finding, Level, Place

_INSTEAD: Mapping[str, str] = {
    "materialized view": "refresh it after each apply",
    "foreign table": "sweep it as a source of its own, where it lies",
}
"""What to do about what a sweep cannot change."""

SOME = 8
"""Names that one line tells."""


def unmapped(source: SourceMap, schema: Schema) -> Iterator[Finding]:
    """Tables and their like that no map and no pattern names, and in one line those of other schemas."""
    place = next((Place(table.place.file) for table in source.tables.values()), Place(source.source))
    for name, kind in left_out(source, schema).items():
        hint = f'{_INSTEAD.get(kind, "map it")}, or say not_personal: ["{name}"]'
        alike = [*likely(source, schema, name)]
        looks = f", and looks personal: {_some(alike)}" if alike else ""
        yield Finding("M411", place, f"the {kind} {name} is not mapped{looks}", hint, Level.WARNING)
    patterns = [each for each in source.not_personal if "." in each]
    others = [name for name in schema.elsewhere if not any(fnmatchcase(name, each) for each in patterns)]
    if others:
        many = f"{len(others)} tables in other schemas are" if len(others) > 1 else "a table in another schema is"
        hint = f'map their schema as a source of its own, or say not_personal: ["{others[0].partition(".")[0]}.*"]'
        yield Finding("M411", place, f"{many} not looked at: {_some(others)}", hint, Level.WARNING)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:SOME]) + (", …" if len(names) > SOME else "")


def left_out(source: SourceMap, schema: Schema) -> dict[str, str]:
    """What no map and no pattern names, sorted, with what it is."""
    kinds = {**schema.beside, **dict.fromkeys(schema.tables, "table")}
    tables = [each for each in source.not_personal if "." not in each]
    bare = sorted(kinds.keys() - source.tables.keys())
    return {name: kinds[name] for name in bare if not any(fnmatchcase(name, each) for each in tables)}


def swallowed(source: SourceMap, schema: Schema) -> Mapping[str, tuple[str, ...]]:
    """For each `not_personal` pattern, the tables or `table.column`s that it takes out, sorted.

    A table's own pattern is called `table.pattern`.
    """
    own = [
        f"{table.name}.{each}" for table in source.tables.values() for each in sorted(table.not_personal) if _wild(each)
    ]
    columns = [
        f"{table.name}.{column}"
        for table in schema.tables.values()
        if table.name in source.tables
        for column in sorted(table.columns.keys() - known_columns(source, table.name))
    ]
    columns += schema.elsewhere
    tables = sorted((schema.tables.keys() | schema.beside.keys()) - source.tables.keys())
    return {
        pattern: tuple(sorted(each for each in (columns if "." in pattern else tables) if fnmatchcase(each, pattern)))
        for pattern in (*source.not_personal, *own)
    }


def _wild(name: str) -> bool:
    return bool(set(name) & set("*?["))
