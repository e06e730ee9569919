"""Sources that stay open from question to question, read alone: connected once, their schemas read once.

For whoever asks many questions in one process: a desk, a batch. A schema is read anew once its stamp is another, a
file is opened anew once another lies in its place, and of a project whose files changed nothing is kept, for it is
another. What changes data opens a connection of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import finalize

import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.adapters.stamp import STAMPED, stamp
from ombud.datamap.model import SourceMap
from ombud.datamap.schema import Schema
from ombud.terms import Finding

Settled = tuple[SourceMap, tuple[Finding, ...]]
"""A map with what the schema told of it, and what the two disagree about."""

MOST = 64
"""Maps that are kept settled: a few of each source, for some requests are looked at by less of it than others."""

NEVER = frozenset({"duckdb"})
"""Engines whose file no other process opens while it is open."""


@dataclass
class _Place:
    """An address that is open. `file`: which file it was, where it is one; `seen`: schemas by the source's name."""

    engine: sa.Engine
    file: tuple[int, int] | None
    seen: dict[str, tuple[str, Schema]] = field(default_factory=dict)


class KeptOpen:
    """The places of one project, closed with it. Threads may share it."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}
        self.compared: dict[str, int] = {}
        """By source, the register's newest mark when it was last seen that the source has no others."""
        self._settled: list[tuple[SourceMap, Schema, Settled]] = []
        finalize(self, _close, self._places)

    def engine(self, url: str) -> sa.Engine | None:
        """That of an address; None for one that is opened anew each time. Raises what `connect` does."""
        if sa.make_url(url).get_backend_name() in NEVER:
            return None
        there, known = _file(url), self._places.get(url)
        if known is not None and known.file == there:
            return known.engine
        pings = sa.make_url(url).get_backend_name() not in STAMPED  # a stamp tells as well
        made = _Place(connect(url, read_only=True, pings=pings), there)
        if known is not None:
            known.engine.dispose()
            self.compared.clear()
        self._places[url] = made
        return made.engine

    def close(self) -> None:
        """Leave every place; whoever asks again connects anew."""
        _close(self._places)

    def schema(self, connection: sa.Connection, mapped: SourceMap) -> Schema:
        """The schema as it is now, with no transaction open."""
        place = next((each for each in self._places.values() if each.engine is connection.engine), None)
        now = _stamp(connection, mapped) if place is not None else None
        known = place.seen.get(mapped.source) if place is not None else None
        if known is not None and known[0] == now:
            return known[1]
        with connection.begin():
            schema = reflect(connection)
        if place is not None and now is not None:
            place.seen[mapped.source] = (now, schema)
        return schema

    def settled(self, mapped: SourceMap, schema: Schema, settle: Callable[[], Settled]) -> Settled:
        """What was settled of this map and this schema."""
        for one, there, found in self._settled:
            if one is mapped and there is schema:
                return found
        found = settle()
        self._settled = [(mapped, schema, found), *self._settled[: MOST - 1]]
        return found


def _stamp(connection: sa.Connection, mapped: SourceMap) -> str | None:
    """That of a source's tables; a connection that was lost since it was used is made anew."""
    try:
        return stamp(connection, mapped.tables)
    except sa.exc.DBAPIError:
        if not connection.invalidated:
            raise
        return stamp(connection, mapped.tables)


def _file(url: str) -> tuple[int, int] | None:
    """Which file lies there."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    try:
        found = os.stat(parsed.database)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _close(places: dict[str, _Place]) -> None:
    for each in places.values():
        each.engine.dispose()
