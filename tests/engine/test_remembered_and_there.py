"""Who is remembered, and is there still, is one person: certain by what went, and no mere candidate by what stays."""

from __future__ import annotations

import pytest

from ombud.datamap.model import ByIdentifier, CompanyColumn, EachOwner, Gone, Link
from ombud.terms import IfNone
from tests.claims.shop import CUSTOMER, CUSTOMERS, cell, day_in, kind, table
from tests.engine.scratch import OLD, ON_BOTH, Scratch

EVENT = table(
    "event",
    kind("news", {"ended": day_in("ended")}, cell("note", of=(EachOwner("visit", "event", IfNone.UNKNOWN),))),
    owners=(EachOwner("visit", "event", IfNone.UNKNOWN),),
)
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
