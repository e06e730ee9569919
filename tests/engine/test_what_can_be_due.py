"""A look at what can be due alone: as few rows as days, memory and marks let be, and none too few."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from ombud.datamap.model import ColumnMark, Encoding, FromColumn, Gone, Link, OwnersOf, Through, TimeColumn
from ombud.engine.sweep import Sweep
from ombud.policy.model import Add, Clock, Policy
from ombud.sql.near import Near
from ombud.terms import Act, IdRef, IfNone, Mark, Period
from tests.claims.shop import CUSTOMER, CUSTOMERS, POLICY, PURPOSES, at, cell, day_in, digest, kind, table
from tests.engine import test_near as near
from tests.engine.scratch import OLD, ON_BOTH, TODAY, Scratch

LINK = Link("customer", "customer", ("customer_id",), ("id",), IfNone.UNKNOWN, Gone.UNLINK)
ORDER = table(
    "orders",
    kind("deliver books", {"ended": Through("customer", "ended"), "booked": Through("customer", "ended")},
         cell("note"), cell("bill", "bill")),
    links=[LINK],
    owners=(OwnersOf("customer"),),
)  # fmt: skip
STATEMENTS = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, born DATE, note TEXT, bill TEXT)",
)
MANY = 300


@pytest.fixture(params=[*ON_BOTH, "mariadb_address"])
def shop(request: pytest.FixtureRequest) -> Scratch:
    """Three hundred customers with an order each. The first left long ago."""
    made = Scratch(request.getfixturevalue(request.param), STATEMENTS, CUSTOMER, ORDER, subject=CUSTOMERS)
    left = {1: f"'{OLD}'"}
    made.run("INSERT INTO customer VALUES " + ", ".join(
        f"({n}, '{OLD}', {left.get(n, 'NULL')}, 'Cy', 'c{n}@x.example')" for n in range(1, MANY + 1)
    ))  # fmt: skip
    made.run("INSERT INTO orders VALUES " + ", ".join(f"({n}, {n}, '{OLD}', 'n', 'b')" for n in range(1, MANY + 1)))
    return made


def _looked_at(shop: Scratch, *, policy: Policy = POLICY, today: date = TODAY) -> tuple[dict[str, int], set[str]]:
    """How many rows of each table were looked at, and which lose rows."""
    with shop.engine.connect() as connection:
        like = shop._sweep(connection)
        sweep = replace(like, policy=policy, today=today, plan=f"p {today}")
        sweep.prepare()
        due = {name for name, count in sweep.freeze(thorough=False).items() if count.deleted}
        return dict(sweep.evaluation.scoping.rows), due


def test_as_many_rows_are_looked_at_as_can_be_due(shop: Scratch) -> None:
    assert _looked_at(shop) == ({"customer": 1, "orders": 1}, {"customer", "orders"})


def test_the_first_believed_day_begins_on_the_day_before_in_utc(shop_file: str) -> None:
    ended = FromColumn((TimeColumn("ended", Encoding.TIMESTAMPTZ, "Europe/Stockholm"),))
    customer = replace(CUSTOMER, kinds=(kind("deliver", {"ended": ended}, cell("name")),))
    made = Scratch(shop_file, STATEMENTS[:1], customer, subject=CUSTOMERS)
    made.run(f"INSERT INTO customer VALUES (1, '{OLD}', '1899-12-31 23:30:00', 'Cy', 'c@x.example')")
    assert _looked_at(made) == ({"customer": 1}, {"customer"})


def test_whoever_a_mark_ends_is_looked_at_too(shop: Scratch) -> None:
    shop.plan()
    shop.mark(Mark(1, TODAY, Act.ENDED, frozenset({IdRef("email", digest("email", "C7@x.example"))})))
    looked, due = _looked_at(shop)
    assert (looked, due) == ({"customer": 2, "orders": 2}, {"customer", "orders"})
    shop.apply()


@pytest.mark.parametrize("since", [None, date(2024, 6, 1)])
def test_a_day_that_is_remembered_comes_in_its_turn(shop: Scratch, since: date | None) -> None:
    """The customer's row goes a year after she left; her order stays for two, by the day that is remembered of her."""
    books = replace(PURPOSES["books"], keep=Clock("booked", (Add(Period(years=2)),)))
    policy = replace(
        POLICY, companies=POLICY.companies, purposes=dict.fromkeys(POLICY.companies, PURPOSES | {"books": books})
    )
    shop.run("UPDATE customer SET ended = '2023-01-10' WHERE id = 1")

    def swept(today: date, since: date | None) -> list[tuple[object, ...]]:
        with shop.engine.connect() as connection:
            like = shop._sweep(connection)
            sweep: Sweep = replace(like, policy=policy, today=today, plan=f"p {today}")
            sweep.prepare()
            sweep.freeze(since, thorough=False)
            sweep.apply()
        return [*shop.rows("SELECT id FROM customer WHERE id = 1"), *shop.rows("SELECT id FROM orders WHERE id = 1")]

    assert swept(date(2024, 6, 1), None) == [(1,)]
    assert swept(date(2025, 1, 9), since) == [(1,)]
    assert swept(date(2025, 6, 1), since and date(2025, 1, 9)) == []


@pytest.mark.parametrize("url", ON_BOTH)
def test_who_has_the_same_address_is_found_through_the_index_that_is_proposed(
    url: str, request: pytest.FixtureRequest
) -> None:
    made = Scratch(request.getfixturevalue(url), STATEMENTS, CUSTOMER, ORDER, subject=CUSTOMERS)
    with made.engine.connect() as connection:
        sweep = made._sweep(connection)
        sweep.prepare()
        with connection.begin():
            near, subject = Near(sweep.read), sweep.source.subjects["customer"]
            (((_, name), statement),) = near.indexes(connection.dialect).items()
            assert not sweep.evaluation.finds_alike
            connection.exec_driver_sql(statement)
            sweep.evaluation.space.create()
            chosen = near.alike(subject, subject.identifiers[0])
            asked = str(chosen.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET enable_seqscan = off")
            how = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
            plan = " ".join(str(row) for row in connection.execute(sa.text(how + asked.replace(":", r"\:"))))
            assert name in plan
        assert replace(sweep).evaluation.finds_alike


def test_a_batch_holds_the_few_rows_of_all_tables(shop: Scratch) -> None:
    shop.plan()
    begun = list[str]()
    sa.event.listen(shop.engine, "begin", lambda _: begun.append("."))
    shop.apply(probes=False)
    # To begin with, the batch, one that finds nothing more, and to end with: on MariaDB its lock besides.
    assert len(begun) <= 6
    assert shop.rows("SELECT id FROM orders WHERE id = 1") == []


@pytest.mark.parametrize("thorough", [True, False])
def test_who_is_remembered_and_there_is_learned_of_though_no_mark_stands(shop: Scratch, thorough: bool) -> None:
    """An event remembers Ada by a visit that went; she has a new address by the next look, and is deleted after it."""
    url = shop.engine.url.render_as_string(hide_password=False)
    made = Scratch(url, near.STATEMENTS, CUSTOMER, near.ORDER, near.EVENT, near.VISIT, subject=CUSTOMERS)
    made.run(f"INSERT INTO customer VALUES (1, '{OLD}', NULL, 'Ada', 'ada@x.example')")
    made.run(f"INSERT INTO event VALUES (7, '{OLD}', NULL, 'brings a dog')")
    made.run(f"INSERT INTO visit VALUES (1, 1, 7, '{OLD}', '{OLD}', 'late')")
    made.sweep()
    made.run("UPDATE customer SET email = 'new@x.example'")
    made.plan(thorough=thorough)
    made.run("DELETE FROM customer")
    made.run(f"UPDATE event SET ended = '{OLD}'")
    made.mark(Mark(1, TODAY, Act.HELD, frozenset({IdRef("email", digest("email", "new@x.example"))})))
    assert made.plan() == set()


@pytest.mark.parametrize("since", [None, TODAY])
def test_a_consent_that_a_row_said_would_end_ends_though_the_row_is_gone(shop: Scratch, since: date | None) -> None:
    says = table(
        "consent",
        kind("deliver", {"ended": day_in("ended")}, cell("note")),
        links=[LINK],
        owners=(OwnersOf("customer"),),
        marks=(ColumnMark("news", at("yes"), at("no")),),
    )
    letter = table(
        "letter", kind("news", {"ended": day_in("ended")}, cell("note")), links=[LINK], owners=(OwnersOf("customer"),)
    )
    made = Scratch(
        shop.engine.url.render_as_string(hide_password=False),
        (
            STATEMENTS[0],
            "CREATE TABLE consent (id INTEGER PRIMARY KEY, customer_id INTEGER, born DATE, ended DATE, yes DATE,"
            " no DATE, note TEXT)",
            "CREATE TABLE letter (id INTEGER PRIMARY KEY, customer_id INTEGER, born DATE, ended DATE, note TEXT)",
        ),
        CUSTOMER,
        says,
        letter,
        subject=CUSTOMERS,
    )
    made.run(f"INSERT INTO customer VALUES (1, '{OLD}', NULL, 'Ada', 'ada@x.example')")
    made.run(f"INSERT INTO consent VALUES (1, 1, '{OLD}', '{OLD}', '{OLD}', '2026-06-11', 'n')")
    made.run(f"INSERT INTO letter VALUES (1, 1, '{OLD}', NULL, 'n')")
    made.sweep()
    assert made.rows("SELECT id FROM letter") == [(1,)]
    with made.engine.connect() as connection:
        later = replace(made._sweep(connection), today=date(2026, 6, 21), plan="q")
        later.prepare()
        assert later.freeze(since, thorough=False)["letter"].deleted == 1
