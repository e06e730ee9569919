"""Who is remembered, and is there still, is one person: certain by what went, and known by what came since."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ombud.datamap.model import ByIdentifier, CompanyColumn, EachOwner, Gone, Imported, Link
from ombud.sql.moments import imported_as
from ombud.terms import Act, IdRef, IfNone, Mark
from tests.claims.shop import CUSTOMER, CUSTOMERS, cell, day_in, digest, kind, table
from tests.engine.scratch import OLD, ON_BOTH, TODAY, Scratch

EVENT = table(
    "event",
    kind("news", {"ended": day_in("ended")}, cell("note", of=(EachOwner("visit", "event", IfNone.UNKNOWN),))),
    owners=(EachOwner("visit", "event", IfNone.UNKNOWN),),
)
PARTY = replace(EVENT, kinds=(kind("deliver", {"ended": day_in("ended")}, cell("note")),))
# A visit whose company is not known may be of anybody with that address, and stays, for that is doubt.
VISIT = table(
    "visit",
    kind("deliver", {"ended": day_in("ended")}, cell("guest")),
    links=[Link("event", "event", ("event_id",), ("id",), IfNone.UNKNOWN, Gone.SHELL)],
    owners=(ByIdentifier("email", "guest", IfNone.UNKNOWN),),
    company=CompanyColumn("shop", {"A": "alfa", "B": "beta"}),
)
STATEMENTS = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT)",
    "CREATE TABLE event (id INTEGER PRIMARY KEY, born DATE, ended DATE, note TEXT)",
    "CREATE TABLE visit (id INTEGER PRIMARY KEY, event_id INTEGER, shop TEXT, guest TEXT, born DATE, ended DATE)",
    f"INSERT INTO customer VALUES (1, '{OLD}', NULL, 'Ada', 'ada@x.example')",
    f"INSERT INTO event VALUES (7, '{OLD}', NULL, 'brings a dog')",
    f"INSERT INTO visit VALUES (1, 7, 'A', 'ada@x.example', '{OLD}', '{OLD}')",
    f"INSERT INTO visit VALUES (2, 7, '?', 'ada@x.example', '{OLD}', NULL)",
)


@pytest.mark.parametrize("server", ON_BOTH)
def test_what_went_first_brings_nothing_to_life(request: pytest.FixtureRequest, server: str) -> None:
    """She consented to nothing: the note goes, in the same plan in which her certain visit goes before it."""
    made = Scratch(request.getfixturevalue(server), STATEMENTS, CUSTOMER, EVENT, VISIT, subject=CUSTOMERS)
    made.sweep()
    assert made.rows("SELECT id FROM visit") == [(2,)]
    assert made.rows("SELECT note FROM event") == [(None,)]
    assert made.plan() == set()


def remembering(url: str) -> Scratch:
    """The event remembers Ada by her visit. Then she takes the family's address, which may mean her, or Bo."""
    made = Scratch(url, STATEMENTS, CUSTOMER, PARTY, VISIT, subject=CUSTOMERS)
    made.run("DELETE FROM visit WHERE id = 2")
    made.sweep()
    made.run("UPDATE customer SET email = 'family@x.example'")
    made.run(f"INSERT INTO customer VALUES (2, '{OLD}', NULL, 'Bo', 'family@x.example')")
    return made


@pytest.mark.parametrize("server", ON_BOTH)
@pytest.mark.parametrize("held", ["ada@x.example", "family@x.example", None])
def test_a_hold_by_an_address_that_came_later_reaches_who_was_remembered_before(
    request: pytest.FixtureRequest, server: str, held: str | None
) -> None:
    made = remembering(request.getfixturevalue(server))
    made.run(f"UPDATE event SET ended = '{OLD}'")
    if held:
        made.mark(Mark(1, TODAY, Act.HELD, frozenset({IdRef("email", digest("email", held))})))
    made.sweep()
    assert made.rows("SELECT id FROM event") == ([(7,)] if held == "family@x.example" else [])


@pytest.mark.parametrize("server", ON_BOTH)
def test_an_end_by_an_address_that_is_shared_since_ends_nothing_of_who_was_remembered_before(
    request: pytest.FixtureRequest, server: str
) -> None:
    """Only what is certain ends claims: the address may mean Bo."""
    made = remembering(request.getfixturevalue(server))
    made.mark(Mark(1, TODAY, Act.ENDED, frozenset({IdRef("email", digest("email", "family@x.example"))})))
    assert made.plan() == set()
    made.sweep()
    assert made.rows("SELECT id FROM event") == [(7,)]


@pytest.mark.parametrize("server", ON_BOTH)
def test_an_end_by_an_address_that_was_hers_before_ends_nothing(request: pytest.FixtureRequest, server: str) -> None:
    """Somebody else may have it by now."""
    made = remembering(request.getfixturevalue(server))
    made.mark(Mark(1, TODAY, Act.ENDED, frozenset({IdRef("email", digest("email", "ada@x.example"))})))
    assert made.plan() == set()
    made.sweep()
    assert made.rows("SELECT id FROM event") == [(7,)]


@pytest.mark.parametrize("server", ON_BOTH)
@pytest.mark.parametrize("goes", [True, False])
def test_a_hold_by_an_address_that_was_hers_before_reaches_nothing_whether_her_row_goes_or_not(
    request: pytest.FixtureRequest, server: str, *, goes: bool
) -> None:
    """One event remembers her, the other is hers by a visit that goes with her: what is dead stays so meanwhile."""
    made = Scratch(request.getfixturevalue(server), STATEMENTS, CUSTOMER, PARTY, VISIT, subject=CUSTOMERS)
    made.run("DELETE FROM visit WHERE id = 2")
    made.sweep()
    made.run("UPDATE customer SET email = 'new@x.example'" + f", ended = '{OLD}'" * goes)
    made.run(f"INSERT INTO event VALUES (8, '{OLD}', NULL, 'brings a cat')")
    made.run(f"INSERT INTO visit VALUES (3, 8, 'A', 'new@x.example', '{OLD}', '{OLD}')")
    made.run(f"UPDATE event SET ended = '{OLD}'")
    made.mark(Mark(1, TODAY, Act.HELD, frozenset({IdRef("email", digest("email", "ada@x.example"))})))
    made.sweep()
    assert made.rows("SELECT id FROM customer") == ([] if goes else [(1,)])
    assert made.rows("SELECT id FROM event") == []
    assert made.plan() == set()


@pytest.mark.parametrize("server", ON_BOTH)
def test_an_address_that_was_shared_and_is_hers_alone_again_is_hers(
    request: pytest.FixtureRequest, server: str
) -> None:
    """What is remembered of her and what her row says are one: what goes first does not decide."""
    made = remembering(request.getfixturevalue(server))
    made.sweep()
    made.run("DELETE FROM customer WHERE id = 2")
    made.mark(Mark(1, TODAY, Act.ENDED, frozenset({IdRef("email", digest("email", "family@x.example"))})))
    made.sweep()
    assert made.rows("SELECT id FROM event") == made.rows("SELECT id FROM customer") == []
    assert made.plan() == set()


@pytest.mark.parametrize("server", ON_BOTH)
def test_a_day_copied_for_an_address_that_is_hers_alone_again_counts_in_the_next_plan(
    request: pytest.FixtureRequest, server: str
) -> None:
    """Moments are worked out by what is known of her now, not by what the plan before knew."""
    made = remembering(request.getfixturevalue(server))
    rule = Imported("web", "customer", "ended", "email", IfNone.UNKNOWN)
    event = made.map.tables["event"]
    copying = replace(event, kinds=(replace(event.kinds[0], moments={"ended": rule}),))
    made.map = replace(made.map, tables={**made.map.tables, "event": copying})
    place = "ombud." if made.engine.dialect.name == "postgresql" else "ombud_"
    digested = digest("email", "family@x.example")
    told = f"'web', 'customer', 'ended', 'email', '{digested}', 'key|customer||9', 'day', '{OLD}'"
    made.run(f"INSERT INTO {place}imported (source, subject, moment, kind, digest, who, state, day) VALUES ({told})")
    made.run(f"INSERT INTO {place}meta (name, value) VALUES ('{imported_as(rule)}', '{TODAY.isoformat()}')")
    assert made.plan() == set(), "the address may be Bo's"
    made.run("DELETE FROM customer WHERE id = 2")
    assert made.plan() == {"event"}


@pytest.mark.parametrize("server", ON_BOTH)
@pytest.mark.parametrize(
    "gone",
    ["DELETE FROM event", "UPDATE event SET born = '2020-01-02'", "UPDATE event SET id = 8"],
    ids=["deleted", "born otherwise", "another key"],
)
def test_what_is_remembered_goes_with_its_row_whoever_takes_it(
    request: pytest.FixtureRequest, server: str, gone: str
) -> None:
    made = remembering(request.getfixturevalue(server))
    assert kept(made) == [1, 2, 2]  # her key and her address, by a visit that went, and that somebody may be added
    made.run(gone)
    made.plan()
    assert kept(made) == [0, 0, 0]


def kept(made: Scratch) -> list[int]:
    """How much a sidecar holds of whom: persons, their refs, memos."""
    place = "ombud." if made.engine.dialect.name == "postgresql" else "ombud_"
    with made.engine.begin() as connection:
        asked = ("count(DISTINCT who) FROM {}ref", "count(*) FROM {}ref", "count(*) FROM {}memo_event")
        return [connection.exec_driver_sql(f"SELECT {each.format(place)}").scalar_one() for each in asked]
