"""A circle that can only be cut between a follower and what it follows: the follower keeps knowing, and goes too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.datamap import model
from ombud.datamap.model import Gone, IsCompany, Link, OwnersOf, SourceMap
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep
from ombud.plan.order import children_first
from ombud.terms import Act, IfNone, KeyRef, Mark
from tests.claims.shop import CUSTOMER, CUSTOMERS, POLICY, cell, day_in, digest, kind, table

TODAY = date(2026, 6, 1)
# A customer must have a card, and a card has the claims of the customer that it names.
PERSON = replace(
    CUSTOMER,
    kinds=(kind("deliver", {"ended": day_in("ended")}, cell("name")),),
    links={"card": Link("card", "card", ("card_id",), ("id",), IfNone.UNKNOWN, Gone.SHELL, nullable=False)},
)
CARD = replace(
    table(
        "card",
        kind("", {}, cell("name")),
        links=[Link("customer", "customer", ("customer_id",), ("id",), IfNone.UNKNOWN, Gone.UNLINK)],
        owners=(OwnersOf("customer"),),
    ),
    follows="customer",
)
MAP = SourceMap("crm", {"customer": PERSON, "card": CARD}, {"customer": CUSTOMERS})
TABLES = (
    "CREATE TABLE card (id INTEGER PRIMARY KEY, customer_id INTEGER, born DATE, name TEXT)",
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, card_id INTEGER NOT NULL REFERENCES card, born DATE, ended DATE,"
    " name TEXT, email TEXT)",
    "INSERT INTO card VALUES (7, 1, '2018-01-01', 'Ada')",
    "INSERT INTO customer VALUES (1, 7, '2018-01-01', '2019-01-01', 'Ada', NULL)",
)


class _Stopped(Exception):
    """The process is no more."""


@pytest.fixture(params=["shop_file", "postgresql_url"])
def engine(request: pytest.FixtureRequest) -> sa.Engine:
    made = connect(request.getfixturevalue(request.param))
    with made.begin() as connection:
        if made.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")
            for name in reflect(connection).tables:
                connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}" CASCADE')
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for name in sa.inspect(connection).get_table_names():
                if name != "ombud_calendar":
                    connection.exec_driver_sql(f'DROP TABLE "{name}"')
        for statement in TABLES:
            connection.exec_driver_sql(statement)
    return made


def _sweep(connection: sa.Connection, plan: str, mapped: SourceMap = MAP) -> Sweep:
    with connection.begin():
        schema = reflect(connection)
    once = Sweep(connection, POLICY, mapped, schema, TODAY, digest, plan)
    once.prepare()
    return once


def _counts(engine: sa.Engine) -> tuple[int, int]:
    with engine.begin() as connection:
        counts = [
            connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in ("customer", "card")
        ]
    return int(counts[0]), int(counts[1])


def _stop_after_customers(engine: sa.Engine, mapped: SourceMap = MAP) -> None:
    def stop(*_: object) -> None:
        raise _Stopped

    with engine.connect() as connection:
        once = _sweep(connection, "p", mapped)
        once.freeze()
        with pytest.raises(_Stopped):
            once.apply(stop)
    assert _counts(engine) == (0, 1)


def test_the_one_that_must_hold_a_reference_goes_first() -> None:
    assert children_first(MAP) == ("customer", "card")


def test_both_go(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        once = _sweep(connection, "p")
        once.freeze()
        once.apply()
    assert _counts(engine) == (0, 0)


def test_after_a_stop_a_new_plan_finds_the_one_left_behind(engine: sa.Engine) -> None:
    _stop_after_customers(engine)
    with engine.connect() as connection:
        once = _sweep(connection, "q")
        assert once.freeze()["card"].deleted == 1
        once.apply()
    assert _counts(engine) == (0, 0)


def test_a_hold_that_comes_in_between_keeps_it(engine: sa.Engine) -> None:
    _stop_after_customers(engine)
    with engine.connect() as connection:
        once = _sweep(connection, "q")
        held = Mark(1, TODAY, Act.HELD, frozenset({KeyRef("crm", "customer", (1,), "2018-01-01")}))
        with connection.begin():
            acknowledge(connection, once.names, [held])
        assert once.freeze()["card"].deleted == 0
    assert _counts(engine) == (0, 1)


def test_one_that_follows_another_now_is_judged_by_that(engine: sa.Engine) -> None:
    _stop_after_customers(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE card SET customer_id = 5")
    with engine.connect() as connection:
        assert _sweep(connection, "q").freeze()["card"].deleted == 0


@pytest.mark.parametrize(
    ("act", "purpose", "left"),
    [
        (Act.OBJECTED, "news", (0, 0)),  # no row of theirs is held for it
        (Act.HELD, "news", (0, 0)),
        (Act.HELD, "deliver", (1, 1)),
        (Act.HELD, None, (1, 1)),
    ],
)
def test_a_mark_that_held_neither_keeps_neither(
    engine: sa.Engine, act: Act, purpose: str | None, left: tuple[int, int]
) -> None:
    with engine.connect() as connection:
        once = _sweep(connection, "p")
        mark = Mark(1, TODAY, act, frozenset({KeyRef("crm", "customer", (1,), "2018-01-01")}), purpose)
        with connection.begin():
            acknowledge(connection, once.names, [mark])
        once.freeze()
        once.apply()
    assert _counts(engine) == left


@pytest.mark.parametrize(("purpose", "left"), [("news", 0), ("deliver", 1)])
def test_a_hold_in_between_keeps_what_it_would_have_kept(engine: sa.Engine, purpose: str, left: int) -> None:
    _stop_after_customers(engine)
    with engine.connect() as connection:
        once = _sweep(connection, "q")
        held = Mark(1, TODAY, Act.HELD, frozenset({KeyRef("crm", "customer", (1,), "2018-01-01")}), purpose)
        with connection.begin():
            acknowledge(connection, once.names, [held])
        once.freeze()
        once.apply()
    assert _counts(engine) == (0, left)


@pytest.mark.parametrize(
    ("purpose", "company", "left"), [("deliver", "alfa", 1), ("deliver", "beta", 0), ("books", "alfa", 0)]
)
def test_a_hold_in_between_is_held_against_the_claims_that_there_were(
    engine: sa.Engine, purpose: str, company: str, left: int
) -> None:
    """Those of the customer's kind and company, whatever the card's company and the other kinds of customers."""
    books = kind("books", {"booked": day_in("ended")}, cell("name"), name="debtor", when=(model.Test("name", ("Bo",)),))
    deliver = replace(PERSON.kinds[0], when=(model.Test("name", ("Ada",)),))
    person, card = replace(PERSON, kinds=(deliver, books)), replace(CARD, company=IsCompany("beta"))
    mapped = SourceMap("crm", {"customer": person, "card": card}, {"customer": CUSTOMERS})
    _stop_after_customers(engine, mapped)
    with engine.connect() as connection:
        once = _sweep(connection, "q", mapped)
        held = Mark(1, TODAY, Act.HELD, frozenset({KeyRef("crm", "customer", (1,), "2018-01-01")}), purpose, company)
        with connection.begin():
            acknowledge(connection, once.names, [held])
        once.freeze()
        once.apply()
    assert _counts(engine) == (0, left)
