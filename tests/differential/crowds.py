"""Worlds that share databases and know nothing of one another, so that one sweep of an engine serves many cases.

Each has keys, identifiers, codes and files of its own; all else is as drawn. The first of a crowd stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from stdnum import luhn

from ombud.claims.world import Values, World
from ombud.datamap.model import Link, SourceMap
from tests.differential.cases import Case
from tests.differential.edits import Delete, Edit, Insert, Update
from tests.differential.references import AUDIT
from tests.differential.sketches import Sketch
from tests.differential.values import PHONES

CROWD = 25
"""Worlds in one crowd, as a rule."""

_ERASED = re.compile(r"erased-(-?\d+)(.*)")

WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)

FAR = 10**7
"""Between the keys of one world and the next."""


@dataclass(frozen=True)
class Apart:
    """Tells the `number`th world of a crowd from the others. `sketches` are those of each source, `files` the columns
    that name files."""

    number: int
    sketches: Mapping[str, Mapping[str, Sketch]]
    files: Mapping[tuple[str, str], frozenset[str]]

    def world(self, world: World) -> World:
        """The same world, under names of its own."""
        tables = {
            source: {name: tuple(self._row(source, name, row) for row in rows) for name, rows in tables.items()}
            for source, tables in world.tables.items()
        }
        return replace(world, tables=tables)

    def edits(self, edits: Iterable[Edit]) -> tuple[Edit, ...]:
        """The same edits, of this world's rows."""
        return tuple(map(self._edit, edits))

    def _edit(self, edit: Edit) -> Edit:
        match edit:
            case Insert(source, table, row):
                return Insert(source, table, self._row(source, table, row))
            case Delete(source, table, key):
                return Delete(source, table, self._key(source, table, key))
            case Update(source, table, key, values):
                return Update(source, table, self._key(source, table, key), self._row(source, table, values))

    def _key(self, source: str, table: str, key: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(map(self._named, key))

    def _row(self, source: str, table: str, row: Values) -> dict[str, Any]:
        if self.number == 0:
            return dict(row)
        if table == AUDIT:
            return {column: self._named(value) for column, value in row.items()}
        columns, files = self.sketches[source][table].columns, self.files[source, table]
        links = self.sketches[source][table].links.values()
        fills = {
            c: "file" if c in files else "nothing" if _is_absent(links, c, value) else columns[c].fill
            for c, value in row.items()
        }
        numbers = self._numbers_in_texts(source, table)
        return {
            c: str(self._named(int(value)))
            if c in numbers and value is not None and WHOLE.fullmatch(value)
            else self._value(fills[c], value, unique=columns[c].unique)
            for c, value in row.items()
        }

    def _numbers_in_texts(self, source: str, table: str) -> frozenset[str]:
        """The text columns that refer to whole numbers."""
        sketches = self.sketches[source]
        sketch = sketches[table]
        return frozenset(
            column
            for link in sketch.links.values()
            for column, at in zip(link.columns, link.target, strict=True)
            if sketch.columns[column].family == "text" and sketches[link.to].columns[at].family == "integer"
        )

    def _value(self, fill: str, value: Any, *, unique: bool) -> Any:
        if value is None or (value == "" and fill not in ("key", "link", "code")):
            return value
        match fill:
            case "key" | "link" | "loose" | "code":
                return self._named(value)
            case "email":
                return f"{self.number}{value}"
            case "phone":
                return self._phone(value)
            case "personnummer":
                return self._personal_number(value)
            case "member":
                return f"{value}-{self.number}"
            case "meta_value" if value in PHONES:
                return self._phone(value)
            case "meta_value":
                return f"{self.number}{value}"
            case "file":
                return f"{self.number}/{value}"
            case "text" if unique and (found := _ERASED.fullmatch(value)):
                return f"erased-{self._named(int(found[1]))}{found[2]}"
            case "text" if unique:
                return f"{self.number}:{value}"
            case _:
                return value

    def _named(self, value: Any) -> Any:
        if value is None or self.number == 0:
            return value
        return value + self.number * FAR if isinstance(value, int) else f"{self.number}:{value}"

    def _phone(self, value: str) -> str:
        return value.replace("174", str(174 + self.number), 1)

    def _personal_number(self, value: str) -> str:
        """Another of the same birthday; valid if that one is."""
        birthday, serial = "".join(filter(str.isdigit, value[:-4]))[-6:], value[-4:]
        other = f"{(int(serial[:3]) + self.number) % 1000:03}"
        wrong = 0 if luhn.is_valid(birthday + serial) else 1
        check = (int(luhn.calc_check_digit(birthday + other)) + wrong) % 10
        return f"{value[:-4]}{other}{check}"


def _is_absent(links: Iterable[Link], column: str, value: Any) -> bool:
    return any(column in link.columns and value in link.absent for link in links)


def files_of(sources: Mapping[str, SourceMap]) -> Mapping[tuple[str, str], frozenset[str]]:
    """The columns that name files, by source and table."""
    return {
        (source, table.name): frozenset(c.column for kind in table.kinds for c in kind.cells.values() if c.file)
        for source, mapped in sources.items()
        for table in mapped.tables.values()
    }


def together(worlds: Iterable[World]) -> World:
    """One world of all their rows, and of all that is remembered."""
    first, *others = worlds
    tables = {
        source: {
            name: tuple(row for world in (first, *others) for row in world.tables[source][name]) for name in tables
        }
        for source, tables in first.tables.items()
    }
    memo = {row: each for world in (first, *others) for row, each in world.memo.items()}
    return World(tables, first.schemas, memo, said=frozenset().union(*(world.said for world in (first, *others))))


def crowded(cases: Iterable[Case]) -> Case:
    """What all of a crowd's cases share, with everybody's marks."""
    first, *others = cases
    marks = sorted((mark for case in (first, *others) for mark in case.marks), key=lambda mark: mark.seq)
    return replace(first, marks=tuple(marks))
