"""Queries of PostgreSQL sent together and prepared by name, straight on libpq: one exchange, whatever their number.

A cursor for each costs five times what the server takes to answer it by a key.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, cast

import sqlalchemy as sa
from psycopg import Connection, Error, OperationalError, pq
from psycopg.abc import Transformer
from psycopg.adapt import PyFormat
from psycopg.adapt import Transformer as Adapting
from psycopg.errors import error_from_result
from psycopg.waiting import Ready, Wait

from ombud.engine.program import Query, conversions
from ombud.engine.together import wrapped
from ombud.sql.gather import Slot

BEGIN = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
"""All that is told of somebody is told as of one moment."""

ROOM = 16 * 1024
"""Bytes that are sent before answers are read: any network takes so many at once, so that neither side waits."""

_PLACE = re.compile(r"%\((?P<name>.*?)\)s|%%")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query under a name of its own. `values` stand in the order of its places: bytes as they are sent, or a Slot."""

    name: bytes
    sql: bytes
    values: tuple[bytes | Slot | None, ...]
    types: tuple[int, ...]
    slots: tuple[int, ...]
    query: Query

    @classmethod
    def of(cls, query: Query, dumps: Transformer) -> Prepared:
        """The query as libpq takes it, its places numbered."""
        names: list[str] = []

        def place(found: re.Match[str]) -> str:
            name = found["name"]
            if name is None:
                return "%"
            names.append(name)
            return f"${len(names)}"

        sql = _PLACE.sub(place, query.sql).encode()
        assert isinstance(query.values, dict)
        values = [query.values[name] for name in names]
        slots = tuple(n for n, each in enumerate(values) if isinstance(each, Slot))
        sent: list[Any] = list(_dumped(dumps, [None if isinstance(each, Slot) else each for each in values]))
        types = list(dumps.types or ())
        for n in slots:
            sent[n], types[n] = values[n], 0
        name = sha256(sql + repr(types).encode()).hexdigest()[:24]
        return cls(f"ombud_{name}".encode(), sql, tuple(sent), tuple(types), slots, query)

    def filled(self, dumps: Transformer, keys: Sequence[tuple[Any, ...]]) -> list[bytes | None]:
        """The values with these keys."""
        found: list[Any] = list(self.values)
        wanted = [found[n] for n in self.slots]
        sent = _dumped(dumps, [keys[slot.number][slot.part] for slot in wanted])
        for n, each in zip(self.slots, sent, strict=True):
            found[n] = each
        return found


def _dumped(dumps: Transformer, values: Sequence[Any]) -> Sequence[bytes | None]:
    """As text, of which the server knows from where it stands what it is."""
    return cast("Sequence[bytes | None]", dumps.dump_sequence(values, [PyFormat.TEXT] * len(values)))


Sent = tuple[Prepared, list[bytes | None]]
"""A query, and the values that it is sent with."""


@dataclass
class Exchange:
    """What one connection has prepared, and how it says and reads values."""

    connection: Connection[Any]
    prepared: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.loads: Transformer = Adapting(self.connection)
        self.dumps: Transformer = Adapting(self.connection)

    @classmethod
    def on(cls, connection: sa.Connection) -> Exchange:
        """That of a connection, for as long as it is open."""
        known = connection.info.get(Exchange)
        if known is None:
            driver: Any = connection.connection.driver_connection
            known = connection.info[Exchange] = cls(driver)
        assert isinstance(known, Exchange)
        return known

    def rows(
        self,
        connection: sa.Connection,
        asked: Sequence[tuple[Prepared, Sequence[tuple[Any, ...]]]],
        *,
        begins: bool = True,
    ) -> list[list[tuple[Any, ...]]]:
        """The rows of each, in order, inside a transaction that is begun where none is. Raises DBAPIError."""
        found: list[list[tuple[Any, ...]]] = []
        try:
            waiting = [(each, each.filled(self.dumps, keys)) for each, keys in asked]
            while waiting:
                some = list(self._fitting(waiting))
                del waiting[: len(some)]
                found += self._answers(connection.dialect, some, begins=begins)
        except Error as error:
            raise wrapped(connection, self.connection, error) from error
        return found

    def _answers(self, dialect: sa.Dialect, asked: Sequence[Sent], *, begins: bool) -> Iterator[list[tuple[Any, ...]]]:
        results = self.connection.wait(self._exchange(asked, begins=begins))
        for (each, _), result in zip(asked, results, strict=True):
            self.loads.set_pgresult(result)
            rows = self.loads.load_rows(0, result.ntuples, tuple)
            if each.query.converts is None:
                given = (result.ftype(n) for n in range(result.nfields))
                each.query.converts = tuple(conversions(dialect, each.query.types, given))
            yield each.query.converted(rows)

    def _exchange(self, asked: Sequence[Sent], *, begins: bool) -> Generator[Wait, Ready | int, list[pq.abc.PGresult]]:
        """Send all, read all. What psycopg does for its cursors, for many queries at a time."""
        libpq = self.connection.pgconn
        fresh = {each.name: each for each, _ in asked if each.name not in self.prepared}
        begins = begins and libpq.transaction_status == pq.TransactionStatus.IDLE
        try:
            libpq.enter_pipeline_mode()
            if begins:
                libpq.send_query_params(BEGIN, None)
            for each in fresh.values():
                libpq.send_prepare(each.name, each.sql, each.types)
            for each, values in asked:
                libpq.send_query_prepared(each.name, values)
            libpq.pipeline_sync()
            while libpq.flush():
                if (yield Wait.RW) & Ready.R:
                    libpq.consume_input()
            found = yield from _results(libpq)
            libpq.exit_pipeline_mode()
        except BaseException:
            self.connection.close()  # what is on its way still would be taken for what is asked next
            raise
        made = zip(fresh, found[begins:], strict=False)
        self.prepared |= {name for name, result in made if result.status == pq.ExecStatus.COMMAND_OK}
        for result in found:
            if result.status == pq.ExecStatus.FATAL_ERROR:
                raise error_from_result(result, self.connection.info.encoding)
        return found[begins + len(fresh) :]

    def _fitting(self, waiting: Sequence[Sent]) -> Iterator[Sent]:
        """The first of these, as many as are sent at once."""
        room = ROOM
        for n, (each, values) in enumerate(waiting):
            room -= 64 + 4 * len(values) + sum(map(len, filter(None, values)))
            room -= 0 if each.name in self.prepared else len(each.sql)
            if n and room < 0:
                return
            yield each, values


def _results(libpq: pq.abc.PGconn) -> Generator[Wait, Ready | int, list[pq.abc.PGresult]]:
    """All that is answered until both sides agree that this was all."""
    found: list[pq.abc.PGresult] = []
    while True:
        while libpq.is_busy():
            yield Wait.R
            libpq.consume_input()
        result = libpq.get_result()
        if result is None:
            if libpq.status != pq.ConnStatus.OK:
                raise OperationalError("the connection was lost")
        elif result.status == pq.ExecStatus.PIPELINE_SYNC:
            return found
        else:
            found.append(result)
