"""Statements that look for keys, compiled once for some sizes, all of them sent at once where the driver can."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from ombud.engine.program import Query, Statements, Values
from ombud.engine.together import wrapped
from ombud.sql.gather import Slot

if TYPE_CHECKING:
    from ombud.engine.exchange import Prepared

SIZES = (1, 4, 16, 64, 256, 1024)
"""Keys that one statement looks for: places that are left over are filled with the last one."""

Key = tuple[Any, ...]

Selecting = sa.Select[Any] | sa.CompoundSelect[Any]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A step, what builds its statement for so many keys, and the keys. Where `keys` is None, it takes none."""

    step: tuple[object, ...]
    build: Callable[[int], Selecting]
    keys: Sequence[Key] | None = None


@dataclass(frozen=True)
class Lookups:
    """Runs lookups on one connection."""

    statements: Statements

    def together(self, lookups: Sequence[Lookup]) -> list[list[tuple[Any, ...]]]:
        """The rows that each finds, in order; all are sent before any is waited for, where the driver can."""
        parts = [(n, each, *part) for n, each in enumerate(lookups) for part in _parts(each.keys)]
        found: list[list[tuple[Any, ...]]] = [[] for _ in lookups]
        for (n, *_), rows in zip(parts, self._answers([part for _, *part in parts]), strict=True):
            found[n] += rows
        return found

    def _answers(self, parts: Sequence[Sequence[Any]]) -> Iterable[list[tuple[Any, ...]]]:
        connection = self.statements.connection
        driver: Any = connection.connection.driver_connection
        if connection.dialect.name == "postgresql" and driver.prepare_threshold is None:
            # A driver that prepares by itself would let go of what is prepared here, at each ROLLBACK, with its own.
            from ombud.engine.exchange import Exchange

            return Exchange.on(connection).rows(connection, [(self._prepared(*part[:2]), part[2]) for part in parts])
        queries = [(self._query(each, size), keys) for each, size, keys in parts]
        asked = [(query, filled(query.values, keys)) for query, keys in queries]
        if connection.dialect.name != "postgresql" or len(asked) == 1:
            return (self.statements.answer(query, values) for query, values in asked)
        return self._piped(driver, asked)

    def _piped(self, driver: Any, asked: Sequence[tuple[Query, Values]]) -> Iterator[list[tuple[Any, ...]]]:
        connection = self.statements.connection
        try:
            with driver.pipeline():
                cursors = [driver.cursor() for _ in asked]
                for cursor, (query, values) in zip(cursors, asked, strict=True):
                    cursor.execute(query.sql, values)
        except connection.dialect.loaded_dbapi.Error as error:
            raise wrapped(connection, driver, error) from error
        for cursor, (query, _) in zip(cursors, asked, strict=True):
            yield self.statements.converted(query, cursor.description, cursor.fetchall())
            cursor.close()

    def _query(self, lookup: Lookup, size: int) -> Query:
        return self.statements.query((*lookup.step, size), lambda: lookup.build(size))

    def _prepared(self, lookup: Lookup, size: int) -> Prepared:
        name = (*self.statements.about, "prepared", *lookup.step, size)
        return cast("Prepared", self.statements.program.kept(name, lambda: self._prepare(lookup, size)))

    def _prepare(self, lookup: Lookup, size: int) -> Prepared:
        from ombud.engine.exchange import Exchange, Prepared

        return Prepared.of(self._query(lookup, size), Exchange.on(self.statements.connection).dumps)


def _parts(keys: Sequence[Key] | None) -> Iterator[tuple[int, Sequence[Key]]]:
    """So many keys at a time, with the size of the statement."""
    if keys is None:
        yield 0, ()
        return
    for start in range(0, len(keys), SIZES[-1]):
        part = keys[start : start + SIZES[-1]]
        size = SIZES[bisect_left(SIZES, len(part))]
        yield size, part if len(part) == size else [*part, *[part[-1]] * (size - len(part))]


def filled(values: Values, keys: Sequence[Key]) -> Values:
    """The values of a statement with its keys."""
    if isinstance(values, Mapping):
        return {name: _of(value, keys) for name, value in values.items()}
    return tuple(_of(value, keys) for value in values)


def _of(value: Any, keys: Sequence[Key]) -> Any:
    return keys[value.number][value.part] if isinstance(value, Slot) else value
