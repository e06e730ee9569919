"""What a purpose that names cells reaches of a row that follows: the same categories and below, text only as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.claims.sweep import sweep
from ombud.claims.world import World
from ombud.datamap.model import Binding, DataMap, Gone, Link, OwnersOf, SourceMap, Table
from ombud.engine.sweep import Sweep
from ombud.policy.model import TEXT
from ombud.terms import IfNone
from tests.claims.shop import CUSTOMER, CUSTOMERS, POLICY, cell, day_in, digest, kind, table
from tests.engine.warehouse import clear

TODAY = date(2026, 6, 1)
NAMED = ("name", "note", "mail", "bill")
CELLS = (cell("name"), cell("note", TEXT), cell("mail", "contact.mail"), cell("bill", "bill"))
OVER, ON = "2020-01-01", "2026-01-01"


def mapped(delivery: frozenset[str], books: frozenset[str]) -> SourceMap:
    """A customer, over as such and on in the books, and a letter that follows."""
    customer = kind("", {"ended": day_in("ended"), "booked": day_in("booked")}, *CELLS)
    bindings = (Binding("deliver", delivery), Binding("books", books))
    follower: Table = replace(
        table(
            "letter",
            kind("", {}, *CELLS),
            links=[Link("customer", "customer", ("customer_id",), ("id",), IfNone.UNKNOWN, Gone.SHELL, nullable=False)],
            owners=(OwnersOf("customer"),),
        ),
        follows="customer",
    )
    owner = replace(CUSTOMER, kinds=(replace(customer, bindings=bindings),))
    return SourceMap("crm", {"customer": owner, "letter": follower}, {"customer": CUSTOMERS})


@pytest.fixture
def connection(shop_file: str) -> Iterator[sa.Connection]:
    engine = connect(shop_file)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


SOME = [each for n in range(len(NAMED) + 1) for each in combinations(NAMED, n)]


@pytest.mark.parametrize("delivery", SOME, ids="+".join)
def test_the_engine_blanks_of_a_follower_what_the_oracle_blanks(
    connection: sa.Connection, delivery: tuple[str, ...]
) -> None:
    for books in (frozenset({"bill"}), frozenset({"note", "name"})):
        source = mapped(frozenset(delivery), books)
        with connection.begin():
            clear(connection)
            connection.exec_driver_sql(
                "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, booked DATE, email TEXT,"
                " name TEXT, note TEXT, mail TEXT, bill TEXT)"
            )
            connection.exec_driver_sql(
                "CREATE TABLE letter (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer,"
                " born DATE, name TEXT, note TEXT, mail TEXT, bill TEXT)"
            )
            for number, booked in ((1, ON), (2, OVER)):
                connection.exec_driver_sql(
                    "INSERT INTO customer VALUES (?, ?, ?, ?, NULL, 'n', 't', 'm', 'b')", (number, OVER, OVER, booked)
                )
                connection.exec_driver_sql(
                    "INSERT INTO letter VALUES (?, ?, ?, 'n', 't', 'm', 'b')", (number, number, OVER)
                )
            schema = reflect(connection)
        before = _rows(connection)
        world, _ = sweep(POLICY, DataMap({"crm": source}), World({"crm": before}), (), TODAY, digest)
        once = Sweep(connection, POLICY, source, schema, TODAY, digest, "p")
        once.prepare()
        once.freeze()
        once.apply()
        expected = {name: [dict(row) for row in rows] for name, rows in world.tables["crm"].items()}
        assert {name: [dict(row) for row in rows] for name, rows in _rows(connection).items()} == expected, books


def _rows(connection: sa.Connection) -> dict[str, tuple[dict[str, object], ...]]:
    with connection.begin():
        return {
            name: tuple(
                dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {name} ORDER BY id")).mappings()
            )
            for name in ("customer", "letter")
        }
