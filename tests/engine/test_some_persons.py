"""Whichever way a row is somebody's, a sweep of them finds it, and it finds no more than it needs to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ombud.datamap.model import EachOwner, Gone, Link, OwnersOf
from ombud.engine.persons import Asked
from ombud.terms import IfNone, KeyRef
from tests.claims.shop import CUSTOMER, CUSTOMERS, cell, day_in, kind, table
from tests.engine.scratch import OLD, ON_BOTH, Scratch

LINK = Link("customer", "customer", ("customer_id",), ("id",), IfNone.UNKNOWN, Gone.UNLINK)
OVER = {"ended": day_in("ended")}
ORDER = table("orders", kind("deliver", OVER, cell("note")), links=[LINK], owners=(OwnersOf("customer"),))
EVENT = table("event", kind("deliver", OVER, cell("note")), owners=(EachOwner("visit", "event", IfNone.UNKNOWN),))
VISIT = table(
    "visit",
    kind("deliver", OVER, cell("note")),
    links=[LINK, Link("event", "event", ("event_id",), ("id",), IfNone.UNKNOWN, Gone.SHELL)],
    owners=(OwnersOf("customer"),),
)
LINE = replace(
    table(
        "line",
        kind("", {}, cell("note")),
        links=[Link("order", "orders", ("order_id",), ("id",), IfNone.UNKNOWN, Gone.SHELL)],
    ),
    follows="order",
)
REVIEW = table(
    "review",
    kind("deliver", OVER, cell("note")),
    links=[Link("event", "event", ("event_id",), ("id",), IfNone.UNKNOWN, Gone.UNLINK)],
    owners=(OwnersOf("event"),),
)
STATEMENTS = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, born DATE, ended DATE, note TEXT)",
    "CREATE TABLE event (id INTEGER PRIMARY KEY, born DATE, ended DATE, note TEXT)",
    "CREATE TABLE visit (id INTEGER PRIMARY KEY, customer_id INTEGER, event_id INTEGER, born DATE, ended DATE,"
    " note TEXT)",
    "CREATE TABLE review (id INTEGER PRIMARY KEY, event_id INTEGER, born DATE, ended DATE, note TEXT)",
    "CREATE TABLE line (id INTEGER PRIMARY KEY, order_id INTEGER, born DATE, note TEXT)",
)
ADA = Asked(frozenset({KeyRef("crm", "customer", (1,), OLD)}), frozenset({("email", "ada@x.example")}))


@pytest.fixture(params=[*ON_BOTH, "mariadb_address"])
def shop(request: pytest.FixtureRequest) -> Scratch:
    """Ada (1) and Bo (2), with all that they have over."""
    tables = (CUSTOMER, ORDER, EVENT, VISIT, REVIEW, LINE)
    made = Scratch(request.getfixturevalue(request.param), STATEMENTS, *tables, subject=CUSTOMERS)
    for n, name in ((1, "Ada"), (2, "Bo")):
        made.run(f"INSERT INTO customer VALUES ({n}, '{OLD}', NULL, '{name}', '{name.lower()}@x.example')")
        made.run(f"INSERT INTO orders VALUES ({n}, {n}, '{OLD}', '{OLD}', 'lamps')")
        made.run(f"INSERT INTO line VALUES ({n}, {n}, '{OLD}', 'a lamp')")
        made.run(f"INSERT INTO event VALUES ({n}, '{OLD}', '{OLD}', 'a course')")
        made.run(f"INSERT INTO review VALUES ({n}, {n}, '{OLD}', '{OLD}', 'fine')")
        made.run(f"INSERT INTO visit VALUES ({n}, {n}, {n}, '{OLD}', '{OLD}', 'by train')")
    return made


def _ids(shop: Scratch, name: str) -> list[int]:
    return [key for (key,) in shop.rows(f"SELECT id FROM {name} ORDER BY id")]


@pytest.mark.parametrize("way", ["closely", "at once", "frozen"])
def test_what_she_owns_what_counts_her_and_what_follows_goes_and_his_stays(shop: Scratch, way: str) -> None:
    shop.sweep_of(ADA, way)
    assert {name: _ids(shop, name) for name in ("orders", "line", "event", "visit", "review")} == {
        "orders": [2], "line": [2], "event": [2], "visit": [2], "review": [2]}  # fmt: skip
    assert _ids(shop, "customer") == [1, 2]


@pytest.mark.parametrize("way", ["closely", "at once", "frozen"])
def test_what_remembers_her_is_hers_once_her_row_is_gone(shop: Scratch, way: str) -> None:
    shop.run(f"UPDATE customer SET ended = '{OLD}' WHERE id = 1")
    shop.run("UPDATE orders SET ended = NULL WHERE id = 1")
    shop.sweep_of(ADA, way)
    assert (_ids(shop, "customer"), shop.rows("SELECT customer_id FROM orders WHERE id = 1")) == ([2], [(None,)])
    shop.run(f"UPDATE orders SET ended = '{OLD}' WHERE id = 1")
    shop.sweep_of(ADA, way)
    assert (_ids(shop, "orders"), _ids(shop, "line")) == ([2], [2])
