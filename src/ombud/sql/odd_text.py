"""Text that is not UTF-8, which SQLite keeps: read with surrogates for its bytes (PEP 383), and given back as these.

A surrogate is in no text that is UTF-8, so such a text equals only itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import sqlalchemy as sa

READ_TEXT: Callable[[bytes], str] = partial(str, encoding="utf-8", errors="surrogateescape")
"""What a connection to SQLite reads text with."""


def is_odd(value: object) -> bool:
    """Whether the value is such a text: no driver takes it as it is."""
    if not isinstance(value, str) or value.isascii():
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return True
    return False


def bound(value: Any) -> Any:
    """The value as a statement takes it: such a text as its bytes, made text again by the database."""
    if not is_odd(value):
        return value
    return sa.cast(sa.literal(value.encode("utf-8", "surrogateescape"), sa.LargeBinary()), sa.Text())


def shown(value: str) -> str:
    """The text with each such byte written out, as any database and any terminal take it."""
    return value.encode("utf-8", "backslashreplace").decode()


def insert_all(connection: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows, the odd ones one by one."""
    plain: list[Mapping[str, Any]] = []
    for row in rows:
        if any(map(is_odd, row.values())):
            connection.execute(table.insert().values({column: bound(value) for column, value in row.items()}))
        else:
            plain.append(row)
    if plain:
        connection.execute(table.insert(), plain)
