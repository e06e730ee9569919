"""Whether the rows on an engine are those that the oracle leaves: each by its key, or without one, how many of each."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from ombud.claims.world import Values
from ombud.datamap.model import Table
from ombud.datamap.schema import ColumnType, TableSchema

Rows = tuple[Values, ...]


def apart(
    mapped: Table | None, table: TableSchema, oracle: Iterable[Values], engine: Iterable[Values]
) -> tuple[Rows, Rows] | None:
    """The rows that only the oracle has and those that only the engine has; None where there are none."""
    cells = (cell for kind in mapped.kinds for cell in kind.cells.values()) if mapped else ()
    keyed = frozenset(cell.column for cell in cells if cell.blank and cell.blank.per_key)
    if not table.key:
        mine, theirs = Counter(_whole(table, oracle)), Counter(_whole(table, engine))
        if mine == theirs:
            return None
        return tuple(map(dict, (mine - theirs).elements())), tuple(map(dict, (theirs - mine).elements()))
    one, other = ({tuple(row[c] for c in table.key): row for row in rows} for rows in (oracle, engine))
    odd = [k for k in {*one, *other} if k not in one or k not in other or not _same(table, keyed, one[k], other[k])]
    if not odd:
        return None
    return tuple(one[k] for k in odd if k in one), tuple(other[k] for k in odd if k in other)


def _same(table: TableSchema, keyed: frozenset[str], mine: Values, theirs: Values) -> bool:
    return mine.keys() == theirs.keys() and all(
        _equal(table.columns[c], mine[c], theirs[c]) or (c in keyed and _longer(mine[c], theirs[c])) for c in mine
    )


def _equal(column: ColumnType, mine: Any, theirs: Any) -> bool:
    """What nothing was taken from stays to the byte, where the engine keeps a document as it was written."""
    if isinstance(mine, dict | list) or column.declared == "JSONB":
        return bool(weighed(mine) == weighed(theirs))
    return bool(mine == theirs)


def _longer(mine: Any, theirs: Any) -> bool:
    """Whether somebody else still holds a blank's text when it is written is a matter of batches."""
    return isinstance(mine, str) and isinstance(theirs, str) and _LONGER.sub("", mine) == _LONGER.sub("", theirs)


_LONGER = re.compile(r"~\.+$")


def _whole(table: TableSchema, rows: Iterable[Values]) -> Iterator[tuple[tuple[str, Any], ...]]:
    """No cell of these rows is ever blanked; only a binary document is not read as it was written."""
    for row in rows:
        told = {c: weighed(v) if table.columns[c].declared == "JSONB" else v for c, v in row.items()}
        yield tuple(sorted(told.items()))


def weighed(document: Any) -> Any:
    """A document in a form that is equal to another only if they say the same: `true` is not 1, order is nothing."""
    if isinstance(document, str):
        try:
            document = json.loads(document, parse_float=Decimal)
        except ValueError:
            return document
    return _frozen(document)


def _frozen(value: Any) -> Any:
    match value:
        case dict():
            return ("object", frozenset((name, _frozen(each)) for name, each in value.items()))
        case list():
            return ("array", tuple(map(_frozen, value)))
        case bool():
            return ("is", value)
        case str():
            return ("text", value)
        case _:
            return value
