"""Queries sent together to PostgreSQL: what one of them meets, and what a rollback leaves, is nobody else's affair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.engine.exchange import ROOM, Exchange, Prepared
from ombud.engine.program import Query
from ombud.sql.gather import Slot


@pytest.fixture
def connection(postgresql_url: str) -> Iterator[sa.Connection]:
    engine = connect(postgresql_url.replace("+psycopg", ""), read_only=True)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def asked(exchange: Exchange, sql: str, *keys: Any, columns: int = 1) -> tuple[Prepared, list[tuple[Any, ...]]]:
    values = {f"p{n}": Slot(n) for n, _ in enumerate(keys)}
    query = Query(sql, values, [sa.types.NULLTYPE] * columns)
    return Prepared.of(query, exchange.dumps), [(key,) for key in keys]


def test_answers_come_in_the_order_of_the_questions(connection: sa.Connection) -> None:
    exchange = Exchange.on(connection)
    some = [asked(exchange, f"SELECT {n} + %(p0)s::int, '100%%'", n, columns=2) for n in range(20)]
    assert exchange.rows(connection, some) == [[(2 * n, "100%")] for n in range(20)]


def test_all_of_them_see_one_moment(connection: sa.Connection) -> None:
    exchange = Exchange.on(connection)
    sql = "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
    told = asked(exchange, sql, columns=2)
    with connection.begin():
        assert exchange.rows(connection, [told]) == [[("repeatable read", "on")]]


def test_after_one_that_fails_the_next_are_answered(connection: sa.Connection) -> None:
    exchange = Exchange.on(connection)
    fine, wrong = asked(exchange, "SELECT %(p0)s::int", 1), asked(exchange, "SELECT 1 / %(p0)s::int", 0)
    with pytest.raises(sa.exc.DBAPIError) as raised, connection.begin():
        exchange.rows(connection, [fine, wrong, fine])
    assert raised.value.orig is not None
    assert raised.value.orig.sqlstate == "22012"  # type: ignore[attr-defined]
    with connection.begin():
        assert exchange.rows(connection, [fine, fine]) == [[(1,)], [(1,)]]


def test_what_is_prepared_outlives_a_rollback(connection: sa.Connection) -> None:
    exchange = Exchange.on(connection)
    fine = asked(exchange, "SELECT %(p0)s::int", 7)
    for _ in range(8):
        transaction = connection.begin()
        connection.exec_driver_sql("SELECT 1")
        assert exchange.rows(connection, [fine]) == [[(7,)]]
        transaction.rollback()


def test_more_than_a_network_takes_at_once_is_sent_in_parts(connection: sa.Connection) -> None:
    exchange, long = Exchange.on(connection), "x" * ROOM
    some = [asked(exchange, "SELECT repeat(%(p0)s::text, 20)", f"{n}{long}") for n in range(12)]
    found = exchange.rows(connection, some)
    assert [rows[0][0][:2].rstrip("x") for rows in found] == [str(n) for n in range(12)]
    assert all(len(rows[0][0]) > 20 * ROOM for rows in found)


def test_a_lost_connection_is_told_and_let_go(connection: sa.Connection, postgresql_url: str) -> None:
    exchange = Exchange.on(connection)
    fine = asked(exchange, "SELECT %(p0)s::int", 7)
    exchange.rows(connection, [fine])
    other = sa.create_engine(postgresql_url)
    with other.connect() as killer:
        killer.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    other.dispose()
    with pytest.raises(sa.exc.DBAPIError):
        exchange.rows(connection, [fine])
    assert connection.invalidated
    connection.rollback()
    assert Exchange.on(connection).rows(connection, [fine]) == [[(7,)]]
