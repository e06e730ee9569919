"""Statements that look for keys, compiled once for some sizes, many of them sent in one go where the driver can."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.engine.program import Query, Statements, Values
from ombud.sql.gather import Slot

SIZES = (1, 4, 16, 64, 256)
"""Keys that one statement looks for: places that are left over are filled with the last one."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A step, what builds its statement for so many keys, and the keys. Where `keys` is None, it takes none."""

    step: tuple[object, ...]
    build: Callable[[int], sa.Select[Any]]
    keys: Sequence[tuple[Any, ...]] | None = None


@dataclass(frozen=True)
class Lookups:
    """Runs lookups on one connection."""

    statements: Statements

    def together(self, lookups: Sequence[Lookup]) -> list[list[tuple[Any, ...]]]:
        """The rows that each finds, in order; all are sent before any is waited for, where the driver can."""
        found: list[list[tuple[Any, ...]]] = [[] for _ in lookups]
        asked = [(n, query, values) for n, each in enumerate(lookups) for query, values in self._parts(each)]
        connection = self.statements.connection
        if connection.dialect.name != "postgresql" or len(asked) == 1:
            for n, query, values in asked:
                found[n] += self.statements.answer(query, values)
            return found
        driver: Any = connection.connection.driver_connection
        try:
            pipeline: AbstractContextManager[object] = driver.pipeline() if len(asked) > 1 else nullcontext()
            with pipeline:
                cursors = [driver.cursor() for _ in asked]
                for cursor, (_, query, values) in zip(cursors, asked, strict=True):
                    cursor.execute(query.sql, values)
        except connection.dialect.loaded_dbapi.Error as error:
            raise sa.exc.DBAPIError("a lookup", None, error, hide_parameters=True) from error
        for cursor, (n, query, _) in zip(cursors, asked, strict=True):
            found[n] += self.statements.converted(query, cursor.description, cursor.fetchall())
            cursor.close()
        return found

    def _parts(self, lookup: Lookup) -> Iterator[tuple[Query, Values]]:
        if lookup.keys is None:
            query = self.statements.query(lookup.step, lambda: lookup.build(0))
            yield query, query.values
            return
        keys = list(lookup.keys)
        for start in range(0, len(keys), SIZES[-1]):
            part = keys[start : start + SIZES[-1]]
            size = next(each for each in SIZES if each >= len(part))
            query = self.statements.query((*lookup.step, size), lambda size=size: lookup.build(size))  # type: ignore[misc]
            part += [part[-1]] * (size - len(part))
            yield query, filled(query.values, part)


def filled(values: Values, keys: Sequence[tuple[Any, ...]]) -> Values:
    """The values of a statement with its keys."""
    if isinstance(values, Mapping):
        return {name: _of(value, keys) for name, value in values.items()}
    return tuple(_of(value, keys) for value in values)


def _of(value: Any, keys: Sequence[tuple[Any, ...]]) -> Any:
    return keys[value.number][value.part] if isinstance(value, Slot) else value
