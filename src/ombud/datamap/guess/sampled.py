"""What a draft is guessed from: a live database's schema, and some rows of each table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from ombud.datamap.guess.said import Said
from ombud.datamap.schema import ColumnType, Reference, Schema, TableSchema

Row = Mapping[str, Any]


class Lookup(Protocol):
    """Asks the database whether values stand in a column."""

    def found(self, table: str, column: str, values: Sequence[Any]) -> int:
        """How many of these values some row has there; -1 where it cannot be asked."""
        ...


class Blind:
    """Asks nothing."""

    def found(self, table: str, column: str, values: Sequence[Any]) -> int:
        """-1: nobody knows."""
        return -1


def _plain(value: Any) -> Any:
    """Bytes that are text, as text."""
    if not isinstance(value, bytes | bytearray | memoryview):
        return value
    try:
        return bytes(value).decode("utf-8")
    except UnicodeDecodeError as error:  # a letter may be cut at the end of what was read
        whole = bytes(value)[: error.start]
        return whole.decode("utf-8") if whole and error.start > len(value) - 4 else bytes(value)


def _empty(text: str) -> bool:
    return text.strip("\0 \t\r\n") in ("", "{}", "[]", "null", '""')


@dataclass(frozen=True)
class Database:
    """A schema with some rows of each table. `unread`: tables whose rows could not be read, and why; `said`: what
    somebody described.
    """

    schema: Schema
    rows: Mapping[str, Sequence[Row]]
    lookup: Lookup = field(default_factory=Blind)
    unread: Mapping[str, str] = field(default_factory=dict)
    said: Said = field(default_factory=Said)

    def table(self, name: str) -> TableSchema:
        """A table as the database declares it."""
        return self.schema.tables[name]

    def column(self, table: str, name: str) -> ColumnType:
        """A column as the database declares it."""
        return self.schema.tables[table].columns[name]

    def values(self, table: str, column: str) -> list[Any]:
        """What stands in the sampled rows, without NULL and blank text."""
        said = (row.get(column) for row in self.rows.get(table, ()))
        plain = map(_plain, said)
        return [value for value in plain if value is not None and not (isinstance(value, str) and _empty(value))]

    def family(self, table: str, column: str) -> str:
        """The family of a column's type; text that is declared as bytes is text, if all that was seen is."""
        family = self.column(table, column).family
        if family in ("binary", "other"):
            values = self.values(table, column)
            if values and all(isinstance(value, str) for value in values):
                return "text"
        return family

    @cached_property
    def referring(self) -> Mapping[str, tuple[Reference, ...]]:
        """By table, the references that it declares."""
        found: dict[str, list[Reference]] = {}
        for reference in self.schema.references:
            found.setdefault(reference.table, []).append(reference)
        return {table: tuple(own) for table, own in found.items()}
