"""Batches find no more people than their rows call for, and miss nobody who has a say.

All is judged again in the batch, so what is said between plan and apply is heard by whom the batch itself finds.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from ombud.datamap.model import EachOwner, Gone, Link, OwnersOf
from ombud.engine.people import Finder, People
from ombud.engine.program import Statements
from ombud.terms import Act, IdRef, IfNone, Mark
from tests.claims.shop import CUSTOMER, CUSTOMERS, cell, day_in, digest, kind, table
from tests.engine.scratch import OLD, ON_BOTH, TODAY, Scratch

LINK = Link("customer", "customer", ("customer_id",), ("id",), IfNone.UNKNOWN, Gone.UNLINK)
ORDER = table(
    "orders", kind("deliver", {"ended": day_in("ended")}, cell("note")), links=[LINK], owners=(OwnersOf("customer"),)
)
EVENT = table(
    "event",
    kind("deliver", {"ended": day_in("ended")}, cell("note")),
    owners=(EachOwner("visit", "event", IfNone.UNKNOWN),),
)
VISIT = table(
    "visit",
    kind("deliver", {"ended": day_in("ended")}, cell("note")),
    links=[LINK, Link("event", "event", ("event_id",), ("id",), IfNone.UNKNOWN, Gone.SHELL)],
    owners=(OwnersOf("customer"),),
)
STATEMENTS = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, born DATE, ended DATE, note TEXT)",
    "CREATE TABLE event (id INTEGER PRIMARY KEY, born DATE, ended DATE, note TEXT)",
    "CREATE TABLE visit (id INTEGER PRIMARY KEY, customer_id INTEGER, event_id INTEGER, born DATE, ended DATE,"
    " note TEXT)",
)
EVERYWHERE = [*ON_BOTH, "mariadb_address"]


@pytest.fixture(params=EVERYWHERE)
def shop(request: pytest.FixtureRequest) -> Scratch:
    """Ada (1), with an order that is over (5), and Bo (2), who has her address as well, written otherwise."""
    made = Scratch(request.getfixturevalue(request.param), STATEMENTS, CUSTOMER, ORDER, EVENT, VISIT, subject=CUSTOMERS)
    made.run(f"INSERT INTO customer VALUES (1, '{OLD}', NULL, 'Ada', 'home@x.example')")
    made.run(f"INSERT INTO customer VALUES (2, '{OLD}', NULL, 'Bo', ' Home@X.example')")
    made.run(f"INSERT INTO orders VALUES (5, 1, '{OLD}', '{OLD}', 'lamps')")
    return made


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many people batches found, each time that they looked for any."""
    found: list[int] = []

    def people(finder: Finder, statements: Statements) -> People:
        known = _people(finder, statements)
        found.append(len(known.persons))
        return known

    monkeypatch.setattr(Finder, "people", people)
    return found


_people = Finder.people


def _mark(act: Act, mail: str, seq: int = 1) -> Mark:
    return Mark(seq, TODAY, act, frozenset({IdRef("email", digest("email", mail))}))


def test_a_batch_finds_nobody_where_nothing_is_said_of_anybody(shop: Scratch, counted: list[int]) -> None:
    shop.plan()
    shop.apply()
    assert (shop.rows("SELECT id FROM orders"), counted) == ([], [])


def test_a_hold_that_comes_after_the_plan_reaches_her_by_her_address(shop: Scratch) -> None:
    assert shop.plan() == {"orders"}
    shop.mark(_mark(Act.HELD, "home@x.example"))
    shop.apply()
    assert shop.rows("SELECT id FROM orders") == [(5,)]


def test_an_end_by_an_address_that_somebody_elsewhere_has_too_ends_nothing(shop: Scratch, counted: list[int]) -> None:
    """She is found for her order's sake, Bo for her address'; of a thousand others nobody."""
    shop.run("UPDATE orders SET ended = NULL")
    many = ", ".join(f"({n}, '{OLD}', NULL, 'Cy', 'c{n}@x.example')" for n in range(10, 1010))
    shop.run(f"INSERT INTO customer VALUES {many}")
    shop.plan()
    shop.mark(_mark(Act.ENDED, "c10@x.example"))
    shop.run(f"INSERT INTO orders VALUES (6, 1, '{OLD}', NULL, 'chairs'), (7, 10, '{OLD}', NULL, 'a chair')")
    assert shop.plan() == {"customer", "orders"}
    shop.mark(_mark(Act.ENDED, "home@x.example", seq=2))
    del counted[:]
    shop.apply(probes=False)
    assert shop.rows("SELECT id FROM orders ORDER BY id") == [(5,), (6,)]
    assert shop.rows("SELECT id FROM customer WHERE id < 11 ORDER BY id") == [(1,), (2,)]
    assert max(counted) <= 3


def test_whoever_stays_keeps_knowing_that_an_address_was_not_theirs_alone(shop: Scratch) -> None:
    shop.run(f"UPDATE customer SET ended = '{OLD}' WHERE id = 1")
    shop.sweep()
    assert shop.rows("SELECT id FROM customer") == [(2,)]
    shop.mark(_mark(Act.ENDED, "home@x.example"))
    assert shop.plan() == set()


def test_an_address_that_is_known_by_its_hash_alone_makes_a_batch_look_for_everybody(
    shop: Scratch, counted: list[int]
) -> None:
    """Her address was blanked, and is remembered of her: who else has it cannot be looked for by a hash."""
    moments = {"ended": day_in("ended"), "booked": day_in("born")}
    mapped = replace(CUSTOMER, kinds=(kind("deliver books", moments, cell("name"), cell("email", "bill")),))
    shop.map = replace(shop.map, tables={**shop.map.tables, "customer": mapped})
    shop.run("DELETE FROM customer WHERE id = 2")
    shop.sweep()
    assert shop.rows("SELECT email FROM customer") == [(None,)]
    shop.run(f"INSERT INTO customer VALUES (3, '{OLD}', NULL, 'Cy', 'HOME@x.example')")
    shop.run(f"UPDATE customer SET ended = '{OLD}' WHERE id = 1")
    shop.plan()
    del counted[:]
    shop.apply(probes=False, batch_size=1)
    assert (shop.rows("SELECT id FROM customer"), counted[0]) == ([(3,)], 2)
    shop.mark(_mark(Act.ENDED, "home@x.example"))
    assert shop.plan() == set()


@pytest.mark.parametrize("held", ["ada@x.example", "new@x.example", "home@x.example"])
def test_who_is_remembered_and_there_is_known_by_what_their_row_says(shop: Scratch, held: str) -> None:
    """The event remembers Ada by a visit that went; no link leads from it to her row."""
    shop.run(f"INSERT INTO event VALUES (7, '{OLD}', NULL, 'brings a dog')")
    shop.run(f"INSERT INTO visit VALUES (1, 1, 7, '{OLD}', '{OLD}', 'late')")
    shop.run("UPDATE customer SET email = 'ada@x.example' WHERE id = 1")
    shop.sweep()
    assert shop.rows("SELECT id FROM visit") == []
    shop.run(f"UPDATE event SET ended = '{OLD}'")
    assert shop.plan() == {"event"}
    shop.run("UPDATE customer SET email = 'new@x.example' WHERE id = 1")
    shop.mark(_mark(Act.HELD, held))
    shop.apply()
    assert shop.rows("SELECT id FROM event") == ([(7,)] if held == "new@x.example" else [])


def test_past_many_rows_of_people_everybody_is_looked_for_once(
    shop: Scratch, counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ombud.engine.evaluation.MANY", 1)
    shop.run(f"UPDATE customer SET ended = '{OLD}'")
    shop.plan()
    del counted[:]
    shop.apply(batch_size=1)
    assert (shop.rows("SELECT id FROM customer"), counted) == ([], [2])
