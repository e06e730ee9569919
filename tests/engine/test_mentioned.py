"""Whoever was one of two with an address is told nothing for certain of a row that mentions it, whoever went since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.datamap.model import ByIdentifier, SourceMap
from ombud.engine.extracting import Extracting
from ombud.engine.saying import Meant, Told
from ombud.engine.sweep import Sweep
from ombud.terms import IfNone
from tests.claims.shop import CUSTOMER, CUSTOMERS, POLICY, cell, customer, day_in, digest, email, kind, table
from tests.engine.warehouse import LONG_AGO, TODAY

SENDER = ByIdentifier("email", "sender", IfNone.UNKNOWN)
TICKET = table(
    "ticket",
    kind("deliver", {"ended": day_in("ended")}, cell("name"), cell("sender", "contact")),
    owners=(SENDER,),
    mentions=(SENDER,),
)
MAP = SourceMap("crm", {t.name: t for t in (CUSTOMER, TICKET)}, {"customer": CUSTOMERS})


@contextmanager
def desk(*customers: tuple[int, str | None, str]) -> Iterator[sa.Connection]:
    """Customers (key, when they ended, address), and a ticket that somebody sent from home@x.example."""
    engine = connect("sqlite://")
    with engine.connect() as connection:
        with connection.begin():
            for statement in (
                "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT)",
                "CREATE TABLE ticket (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, sender TEXT)",
                f"INSERT INTO ticket VALUES (1, '{LONG_AGO}', NULL, 'broken', 'home@x.example')",
            ):
                connection.exec_driver_sql(statement)
            for key, ended, address in customers:
                row = (key, LONG_AGO, ended, "Ada", address)
                connection.exec_driver_sql("INSERT INTO customer VALUES (?, ?, ?, ?, ?)", row)
        sweep_of(connection).prepare()
        yield connection
    engine.dispose()


def sweep_of(connection: sa.Connection) -> Sweep:
    with connection.begin():
        schema = reflect(connection)
    return Sweep(connection, POLICY, MAP, schema, TODAY, digest, plan="p", batch_size=1000)


def swept(connection: sa.Connection) -> None:
    sweep_of(connection).freeze()
    sweep_of(connection).apply()


def told(connection: sa.Connection, key: int) -> Told:
    """What a customer is told of the ticket."""
    sweep = sweep_of(connection)
    with connection.begin() as transaction:
        sweep.evaluation.convene(learning=False)
        found = list(
            Extracting(sweep.evaluation, sweep.judge).answers(
                [Meant(frozenset({customer(key, LONG_AGO), email("home@x.example")}))]
            )
        )
        transaction.rollback()
    (ticket,) = (each for each in found if each.table == "ticket")
    return ticket


def test_of_two_with_an_address_who_stays_is_not_told_what_the_other_may_have_sent() -> None:
    with desk((1, LONG_AGO, "home@x.example"), (2, None, "home@x.example")) as connection:
        assert told(connection, 2).perhaps
        swept(connection)
        after = told(connection, 2)
    assert (after.data, after.perhaps) == ((), True)


def test_whose_alone_the_address_was_is_told() -> None:
    with desk((1, LONG_AGO, "ada@x.example"), (2, None, "home@x.example")) as connection:
        swept(connection)
        after = told(connection, 2)
    assert ({each.name for each in after.data} >= {"name", "sender"}, after.perhaps) == (True, False)
