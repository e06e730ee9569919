"""Statements sent in one go where the driver can: one trip, whatever their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.engine.program import Values


@dataclass(frozen=True, slots=True)
class Answer:
    """How many rows a statement changed or found, and those that it found, as the driver gives them."""

    count: int
    rows: list[tuple[Any, ...]]


def together(connection: sa.Connection, every: Sequence[tuple[str, Values]]) -> list[Answer]:
    """What each of these answers, in order, inside the open transaction. Raises DBAPIError of the first that fails."""
    if connection.dialect.name != "postgresql" or len(every) < 2:
        return [_alone(connection, sql, values) for sql, values in every]
    driver: Any = connection.connection.driver_connection
    cursors = [driver.cursor() for _ in every]
    try:
        with driver.pipeline():
            for cursor, (sql, values) in zip(cursors, every, strict=True):
                cursor.execute(sql, values or None)
    except connection.dialect.loaded_dbapi.Error as error:
        answered = sum(each.pgresult is not None for each in cursors)
        raise wrapped(connection, driver, error, every[min(answered, len(every) - 1)][0]) from error
    return [Answer(each.rowcount, each.fetchall() if each.description else []) for each in cursors]


@contextmanager
def in_one_trip(connection: sa.Connection) -> Iterator[None]:
    """The block's changes are sent without waiting for each, where the driver can; of none is it known how many rows it
    changed.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrapped(connection, driver, error) from error


def wrapped(
    connection: sa.Connection, driver: Any, error: Exception, statement: str = "statements sent together"
) -> BaseException:
    """The driver's error as SQLAlchemy tells of it, and does with a connection that is lost."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, driver, None)  # type: ignore[arg-type]
    if lost:
        connection.invalidate(error)
    return sa.exc.DBAPIError.instance(
        statement,
        None,
        error,
        dialect.loaded_dbapi.Error,
        True,
        lost,
        dialect,
    )


def _alone(connection: sa.Connection, sql: str, values: Values) -> Answer:
    found = connection.exec_driver_sql(sql, values or None)
    rows = [tuple(row) for row in found] if found.returns_rows else []
    return Answer(found.rowcount, rows)
