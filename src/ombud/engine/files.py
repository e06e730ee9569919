"""Files removed after their rows, and the port through which: effect first, and both repeatable.

A name waits in the outbox until its file is gone. A kill between the two finds no file the next time, which is as good:
also where it was the store's last, for which store files are removed from is noted before the first of them goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import sqlalchemy as sa

from ombud.engine.noted import FILES, STORE, note, said
from ombud.engine.sidecar import close_gate
from ombud.engine.sweep import Sweep
from ombud.sql.files import Waiting

ATTEMPTS = 3
"""How often what failed is tried before it is left for the next apply."""
PAUSE = 1.0
"""Seconds between attempts."""
CHUNK = 100
"""Files removed in one transaction, during which nobody can name them again."""


class Fate(StrEnum):
    """What became of a file."""

    REMOVED = "removed"
    MISSING = "missing"
    REFUSED = "refused"
    FAILED = "failed"


class Store(Protocol):
    """A place with files.

    `identity` tells the store that is there now from what else could be in its place; '' where it cannot be reached, or
    is empty: it may be a folder on which nothing is mounted.

    `remove` returns REMOVED once the file is gone for good, also after a power cut; MISSING where the store is there
    and the file is not; REFUSED for what is no plain file inside the store; FAILED where a later attempt may do. An
    empty store is there only if its identity is `begun_in`, the one it had when files began to be removed.
    Neither raises.
    """

    def identity(self) -> str: ...

    def remove(self, path: str, begun_in: str) -> Fate: ...


@dataclass(frozen=True, slots=True)
class FileCount:
    """Of the files of one store that waited: removed, not there any more, and those that wait still, by why."""

    removed: int = 0
    missing: int = 0
    refused: int = 0
    failed: int = 0


def clear_outbox(sweep: Sweep, stores: Mapping[str, Store], pause: Callable[[float], None]) -> Mapping[str, FileCount]:
    """Remove every file that waits and that no cell names. By store. Commits."""
    waiting = Waiting(sweep.read)
    with sweep.connection.begin():
        named: tuple[str, ...] = tuple(sweep.connection.execute(waiting.stores()).scalars())
    return {name: _clear(sweep, waiting, name, stores.get(name), pause) for name in named}


def _clear(sweep: Sweep, waiting: Waiting, name: str, store: Store | None, pause: Callable[[float], None]) -> FileCount:
    done: Counter[Fate] = Counter()
    left: Counter[Fate] = Counter()
    begun_in = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            pause(PAUSE)
        begun_in, left = _begin(sweep, name, store), Counter()
        for fates in _chunks(sweep, waiting, name, store, begun_in):
            done.update(f for f in fates if f in (Fate.REMOVED, Fate.MISSING))
            left.update(f for f in fates if f in (Fate.REFUSED, Fate.FAILED))
        if store is None or not left[Fate.FAILED]:
            break
    if begun_in and not left[Fate.FAILED]:
        _note(sweep, name, "")
    return FileCount(done[Fate.REMOVED], done[Fate.MISSING], left[Fate.REFUSED], left[Fate.FAILED])


def _begin(sweep: Sweep, name: str, store: Store | None) -> str:
    """The identity under which files of this store began to be removed: noted now, or by a run that was killed."""
    found = store.identity() if store is not None else ""
    if found:
        _note(sweep, name, found)
        return found
    with sweep.connection.begin():
        return said(sweep.connection, sweep.names, f"{STORE}{name}")


def _note(sweep: Sweep, name: str, identity: str) -> None:
    with sweep.connection.begin():
        close_gate(sweep.connection, sweep.names)
        note(sweep.connection, sweep.names, f"{STORE}{name}", identity)


def _chunks(sweep: Sweep, waiting: Waiting, name: str, store: Store | None, begun_in: str) -> Iterator[list[Fate]]:
    """Every file that waits, once; each chunk is one transaction."""
    after = ""
    while True:
        with _still(sweep, waiting, name), sweep.connection.begin():
            _keep_still(sweep, waiting, name)
            for statement in waiting.named_still(name):
                sweep.connection.execute(statement)
            paths: list[str] = list(sweep.connection.execute(waiting.after(name, after, CHUNK)).scalars())
            if not paths:
                return
            fates = {path: Fate.FAILED if store is None else store.remove(path, begun_in) for path in paths}
            gone = [path for path, fate in fates.items() if fate in (Fate.REMOVED, Fate.MISSING)]
            if gone:
                sweep.connection.execute(waiting.done(name, gone))
                _receive(sweep, name, len(gone))
        after = paths[-1]
        yield list(fates.values())


@contextmanager
def _still(sweep: Sweep, waiting: Waiting, name: str) -> Iterator[None]:
    """The same on MariaDB, where a connection that locks tables can use no others: one of its own has the locks."""
    if sweep.connection.dialect.name != "mariadb":
        yield
        return
    quote = sweep.connection.dialect.identifier_preparer.quote
    with sweep.connection.engine.connect() as guard:
        guard.exec_driver_sql("SET lock_wait_timeout = 5")
        guard.exec_driver_sql(f"LOCK TABLES {', '.join(f'{quote(table)} READ' for table in waiting.tables(name))}")
        try:
            yield
        finally:
            guard.exec_driver_sql("UNLOCK TABLES")


def _keep_still(sweep: Sweep, waiting: Waiting, name: str) -> None:
    """Nobody writes the tables that name files while it is looked who does, and the files go.

    SQLite has one writer, and DuckDB one process.
    """
    if sweep.connection.dialect.name == "postgresql":
        # Whoever waits for a lock on a table stands before all who come later; that must not take long.
        sweep.connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        quote = sweep.connection.dialect.identifier_preparer.quote
        for table in waiting.tables(name):
            sweep.connection.exec_driver_sql(f"LOCK TABLE {quote(table)} IN SHARE MODE")


def _receive(sweep: Sweep, name: str, files: int) -> None:
    receipt, step = sweep.names.receipt, f"{FILES}{name}"
    last = sa.select(sa.func.coalesce(sa.func.max(receipt.c.batch), 0))
    last = last.where(receipt.c.plan == sweep.plan, receipt.c.step == step)
    number = int(sweep.connection.execute(last).scalar_one()) + 1
    values = {"plan": sweep.plan, "step": step, "batch": number, "rows": files}
    sweep.connection.execute(receipt.insert().values(values))
