"""Rows that are named by their keys as they are written (`SOURCE/TABLE/KEY`): found a few statements for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.app.naming import parts_of
from ombud.datamap.entered import whole
from ombud.sql.names import SEPARATOR, Names
from ombud.sql.tables import Tbl
from ombud.terms import Key

AT_ONCE = 2_000
"""Keys that one statement looks for."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its key as the driver gives it, and its birth stamp."""

    key: Key
    birth: str


def rows_written(
    connection: sa.Connection, names: Names, table: str, wanted: Sequence[str]
) -> Mapping[str, tuple[Row, ...]]:
    """The rows of a table whose keys are written so, by how they are; several where a comma stands in a key's part."""
    mapped, row = names.source.tables[table], names.row(table)
    forms = {SEPARATOR.join(parts): text for text in wanted for parts in parts_of(text, len(mapped.key))}
    chosen = sa.select(names.key_text(table, row), names.birth(mapped, row), *(row.c[c] for c in mapped.key))
    found: dict[str, list[Row]] = defaultdict(list)
    for where in _near(names, table, row, list(forms)):
        for form, birth, *key in connection.execute(chosen.where(where)):
            if form in forms:  # a collation takes one key for another
                found[forms[form]].append(Row(tuple(key), birth))
    return {text: tuple(rows) for text, rows in found.items()}


def _near(names: Names, table: str, row: Tbl, forms: Sequence[str]) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that hold of the rows of these keys, and maybe of more: of a key of one column, by its index."""
    key = names.source.tables[table].key
    family = names.family(table, key[0]) if len(key) == 1 else ""
    if family == "integer":
        column: sa.ColumnElement[Any] = row.c[key[0]]
        values: list[Any] = [number for each in forms if (number := whole(each)) is not None]
    else:
        column = row.c[key[0]] if family == "text" else names.key_text(table, row)
        values = list(forms)
    for start in range(0, len(values), AT_ONCE):
        yield column.in_(values[start : start + AT_ONCE])
