"""Batches where no transaction holds the application's rows: intent, effect, verification (MyISAM).

What is to be done, and what it takes from memory, is committed before the first row changes. Whoever comes after a
process that died looks at the rows themselves: what was carried out gets its receipt, and the rest waits again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.engine.noted import INTENT, note
from ombud.engine.program import Statements
from ombud.sql.effects import Effects
from ombud.sql.freeze import Freezer
from ombud.sql.intents import Intents, drop, promote
from ombud.sql.judge import Judge
from ombud.sql.names import Names

PATIENCE = 60
"""Seconds that a batch waits for that of another process."""


class Busy(Exception):
    """Another process has been in a batch of this source for longer than anybody waits."""


@contextmanager
def alone(connection: sa.Connection, names: Names) -> Iterator[None]:
    """No other process has a batch written down, or verifies one; where transactions hold rows, nobody has to wait.

    The lock goes with the connection. Raises Busy.
    """
    if names.atomic:
        yield
        return
    database = connection.exec_driver_sql("SELECT DATABASE()").scalar_one()
    name = f"ombud {hashlib.sha256(str(database).encode()).hexdigest()[:32]}"
    connection.rollback()
    got = connection.exec_driver_sql("SELECT GET_LOCK(%s, %s)", (name, PATIENCE)).scalar_one()
    connection.rollback()
    if got != 1:
        raise Busy(f"another apply of source {names.source.source} is at work")
    try:
        yield
    finally:
        if not connection.closed and not connection.invalidated:
            connection.exec_driver_sql("SELECT RELEASE_LOCK(%s)", (name,))
            connection.rollback()


def intend(connection: sa.Connection, names: Names, table: Table, plan: str) -> None:
    """The batch that stands in its table is to be carried out; inside the transaction that committing makes it so."""
    note(connection, names, f"{INTENT}{table.name}", plan)


def verify(statements: Statements, judge: Judge) -> bool:
    """Look at what was intended, if anything: whether all of it was carried out. Inside an open transaction."""
    connection, names = statements.connection, judge.read.names
    meta, done = names.meta, True
    chosen = sa.select(meta.c.name, meta.c.value).where(meta.c.name.startswith(INTENT, autoescape=True))
    for name, plan in connection.execute(chosen).all():
        table = names.source.tables.get(name.removeprefix(INTENT))
        if table is not None and table.key:
            done = _settle(statements, Effects(judge, Freezer(judge, plan), table)) and done
        connection.execute(meta.delete().where(meta.c.name == name))
    return done


def _settle(statements: Statements, effects: Effects) -> bool:
    connection, names = statements.connection, effects.judge.read.names
    intents = Intents(effects, effects.table)
    intended = connection.execute(intents.size()).scalar_one()
    for each in intents.put_back():
        connection.execute(each)
    carried = connection.execute(intents.size()).scalar_one()
    if carried or not intended:
        statements.run(("promote",), lambda: promote(names))
    else:
        statements.run(("drop",), lambda: drop(names))
    for last in (effects.forget(), effects.done(), effects.receipt()):
        connection.execute(last)
    for own in (names.pick(effects.table.name), names.batch(effects.table.name)):
        connection.execute(own.delete())
    return bool(carried == intended)
