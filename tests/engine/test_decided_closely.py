"""A few persons' rows decided by the oracle: what committed first wins, what it does not serve is left to others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from ombud.app.closely import deciding, sweeping
from ombud.app.closely.closing import Closing, Rows
from ombud.datamap.model import Gone, Link, OwnersOf
from ombud.engine.persons import Asked
from ombud.engine.refusal import StepRefused
from ombud.terms import Act, IfNone, KeyRef, Mark
from tests.claims.shop import CUSTOMER, CUSTOMERS, cell, day_in, kind, table
from tests.engine.scratch import OLD, ON_BOTH, TODAY, Scratch

LINK = Link("customer", "customer", ("customer_id",), ("id",), IfNone.UNKNOWN, Gone.UNLINK)
LETTER = table(
    "letter", kind("deliver", {"ended": day_in("ended")}, cell("note")), links=[LINK], owners=(OwnersOf("customer"),)
)
STATEMENTS = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT)",
    "CREATE TABLE letter (id INTEGER PRIMARY KEY, customer_id INTEGER, born DATE, ended DATE, note TEXT)",
)
HER = KeyRef("crm", "customer", (1,), OLD)
ADA = Asked(frozenset({HER}), frozenset({("email", "ada@x.example")}))


@pytest.fixture(params=ON_BOTH)
def shop(request: pytest.FixtureRequest) -> Scratch:
    return _filled(request.getfixturevalue(request.param))


@pytest.fixture
def on_postgresql(postgresql_url: str) -> Scratch:
    return _filled(postgresql_url)


def _filled(url: str) -> Scratch:
    """Ada (1), whose time is over, with a letter that is over, and Bo (2), with one."""
    made = Scratch(url, STATEMENTS, CUSTOMER, LETTER, subject=CUSTOMERS)
    for n, name in ((1, "ada"), (2, "bo")):
        made.run(f"INSERT INTO customer VALUES ({n}, '{OLD}', '{OLD}', '{name}', '{name}@x.example')")
        made.run(f"INSERT INTO letter VALUES ({n}, {n}, '{OLD}', '{OLD}', 'Dear {name}')")
    return made


def _ids(shop: Scratch, name: str) -> list[int]:
    return [key for (key,) in shop.rows(f"SELECT id FROM {name} ORDER BY id")]


def test_what_is_over_goes_and_his_stays(shop: Scratch) -> None:
    assert shop.sweep_of(ADA, "closely")
    assert _ids(shop, "customer") == _ids(shop, "letter") == [2]


def test_it_goes_once_more_by_facts_where_something_is_remembered(shop: Scratch) -> None:
    shop.run("UPDATE letter SET ended = NULL WHERE id = 1")
    assert shop.sweep_of(ADA, "closely")
    assert _ids(shop, "customer") == [2]
    assert shop.rows("SELECT customer_id FROM letter ORDER BY id") == [(None,), (2,)]
    shop.run(f"UPDATE letter SET ended = '{OLD}' WHERE id = 1")
    assert not shop.sweep_of(ADA, "closely"), "her letter remembers her: that is for an evaluation"
    assert _ids(shop, "letter") == [2]


def test_more_rows_than_it_decides_are_left_to_facts(shop: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "MOST", 1)
    monkeypatch.setattr(sweeping.at_once, "__defaults__", (None, 1))
    assert not shop.sweep_of(ADA, "closely")
    assert _ids(shop, "customer") == _ids(shop, "letter") == [2]


def test_a_hold_that_was_acknowledged_before_keeps_all(shop: Scratch) -> None:
    shop.sweep_of(Asked(frozenset()), "frozen")
    shop.mark(Mark(1, TODAY, Act.HELD, frozenset({HER})))
    assert shop.sweep_of(ADA, "closely")
    assert _ids(shop, "customer") == _ids(shop, "letter") == [1, 2]


def _before_locks(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Do it once, when the rows were read and none is locked yet."""
    lock, acts = Closing._lock, [act]

    def late(self: Closing, found: Rows) -> tuple[Rows, bool]:
        for each in acts:
            each()
        acts.clear()
        return lock(self, found)

    monkeypatch.setattr(Closing, "_lock", late)


@pytest.mark.parametrize(
    ("meanwhile", "customers", "letters"),
    [
        (f"INSERT INTO letter VALUES (3, 1, '{OLD}', NULL, 'Dear Ada')", [2], [2, 3]),
        (f"INSERT INTO letter VALUES (3, 1, '{OLD}', '{OLD}', 'Dear Ada')", [2], [2]),
        ("UPDATE customer SET ended = NULL WHERE id = 1", [1, 2], [2]),
        ("UPDATE letter SET ended = NULL WHERE id = 1", [2], [1, 2]),
        ("UPDATE letter SET customer_id = 2 WHERE id = 1", [2], [1, 2]),
        ("DELETE FROM letter WHERE id = 1", [2], [2]),
    ],
)
def test_what_was_written_before_the_locks_is_decided_upon(
    on_postgresql: Scratch, monkeypatch: pytest.MonkeyPatch, meanwhile: str, customers: list[int], letters: list[int]
) -> None:
    _before_locks(monkeypatch, lambda: on_postgresql.run(meanwhile))
    assert on_postgresql.sweep_of(ADA, "closely")
    assert (_ids(on_postgresql, "customer"), _ids(on_postgresql, "letter")) == (customers, letters)


@pytest.mark.parametrize(("does", "left"), [("NULL", [1, 2]), ("OLD", [2])])
def test_a_trigger_that_keeps_a_row_undoes_all_of_it(on_postgresql: Scratch, does: str, left: list[int]) -> None:
    on_postgresql.run(f"CREATE FUNCTION keeps() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN {does}; END'")
    on_postgresql.run("CREATE TRIGGER keeps BEFORE DELETE ON letter FOR EACH ROW EXECUTE FUNCTION keeps()")
    if does == "OLD":
        assert on_postgresql.sweep_of(ADA, "closely")
    else:
        with pytest.raises(StepRefused):
            on_postgresql.sweep_of(ADA, "closely")
    assert _ids(on_postgresql, "customer") == _ids(on_postgresql, "letter") == left


def test_a_row_that_another_table_refuses_to_let_go_undoes_all_of_it(on_postgresql: Scratch) -> None:
    on_postgresql.run("CREATE TABLE medal (customer_id INTEGER REFERENCES customer (id))")
    on_postgresql.run("INSERT INTO medal VALUES (1)")
    with pytest.raises(sa.exc.IntegrityError):
        on_postgresql.run("DELETE FROM customer WHERE id = 1")
    on_postgresql.sweep_of(ADA, "closely")
    assert _ids(on_postgresql, "customer") == [1, 2]
    on_postgresql.run("DROP TABLE medal")
