"""A key as somebody writes it, looked up: as the driver gives it."""

from __future__ import annotations

import sqlalchemy as sa

from ombud.app.naming import SUBJECT, only, parts_of
from ombud.sql.names import Names


def keys_of(connection: sa.Connection, names: Names, table: str, text: str) -> list[tuple[object, ...]]:
    """The key, as the driver gives it, that is written so. Raises Refused where several are."""
    every = parts_of(text, len(names.source.tables[table].key))
    found = [key for parts in every for key in _keys_of(connection, names, table, parts)]
    only(found, SUBJECT)
    return found


def _keys_of(connection: sa.Connection, names: Names, table: str, parts: tuple[str, ...]) -> list[tuple[object, ...]]:
    mapped, row = names.source.tables[table], names.row(table)
    same: list[sa.ColumnElement[bool]] = []
    for column, part in zip(mapped.key, parts, strict=True):
        if names.family(table, column) == "integer":
            if not part.lstrip("-").isdecimal() or str(int(part)) != part:
                return []
            same.append(row.c[column] == int(part))
        else:
            same.append(names.dialect.text(row.c[column]) == part)
    chosen = sa.select(*(sa.type_coerce(row.c[column], sa.types.NULLTYPE) for column in mapped.key)).where(*same)
    return [tuple(found) for found in connection.execute(chosen)]
