"""Whoever has the same identifier counts, in whatever table they stand, and whatever a plan left in working tables."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from ombud.datamap import identity
from ombud.datamap.model import IdentifierColumn, IsSubject, Subject
from ombud.engine.evaluation import Evaluation
from ombud.terms import Act, IdRef, Mark
from tests.claims.shop import CUSTOMER, CUSTOMERS, cell, day_in, digest, kind, table
from tests.engine.scratch import OLD, TODAY, Scratch
from tests.engine.test_near import EVENT, EVERYWHERE, ORDER, STATEMENTS, VISIT

EMPLOYEE = table("employee", kind("deliver", {"ended": day_in("ended")}, cell("name")), owners=(IsSubject("employee"),))
WITH_EMPLOYEES = (
    *STATEMENTS,
    "CREATE TABLE employee (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT)",
)
ADA = "ada@x.example"


@pytest.fixture(params=EVERYWHERE)
def shop(request: pytest.FixtureRequest) -> Scratch:
    return _shop(request.getfixturevalue(request.param), WITH_EMPLOYEES)


@pytest.fixture(params=[True, False], ids=["near", "everybody"], autouse=True)
def near(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom a batch finds makes no difference."""
    if not request.param:
        monkeypatch.setattr(Evaluation, "narrow", False)


def _shop(url: str, statements: tuple[str, ...]) -> Scratch:
    made = Scratch(url, statements, CUSTOMER, EMPLOYEE, ORDER, EVENT, VISIT, subject=CUSTOMERS)
    employees = Subject("employee", "employee", (IdentifierColumn("email", "email"),))
    made.map = replace(made.map, subjects={"customer": CUSTOMERS, "employee": employees})
    return made


def _mark(act: Act, mail: str, seq: int = 1) -> Mark:
    return Mark(seq, TODAY, act, frozenset({IdRef("email", digest("email", mail))}))


def _apply(shop: Scratch) -> None:
    """By a process that knows nothing of the plan's."""
    shop.engine.dispose()
    shop.apply()


def _add(shop: Scratch, table: str, key: int, name: str, mail: str, ended: str = "NULL") -> None:
    shop.run(f"INSERT INTO {table} VALUES ({key}, '{OLD}', {ended}, '{name}', '{mail}')")


def _visited(shop: Scratch) -> None:
    """Ada (1) is remembered by an event (7) for a visit that went."""
    _add(shop, "customer", 1, "Ada", ADA)
    shop.run(f"INSERT INTO event VALUES (7, '{OLD}', NULL, 'brings a dog')")
    shop.run(f"INSERT INTO visit VALUES (1, 1, 7, '{OLD}', '{OLD}', 'late')")
    shop.sweep()


def test_an_address_that_an_employee_takes_ends_no_customers_claims(shop: Scratch) -> None:
    _add(shop, "customer", 1, "Ada", ADA)
    shop.run(f"INSERT INTO orders VALUES (5, 1, '{OLD}', NULL, 'lamps')")
    shop.plan()
    shop.mark(_mark(Act.ENDED, ADA))
    assert shop.plan() == {"customer", "orders"}
    _add(shop, "employee", 1, "Bo", ADA)
    _apply(shop)
    assert (shop.rows("SELECT id FROM orders"), shop.rows("SELECT id FROM customer")) == ([(5,)], [(1,)])


def test_an_employee_keeps_knowing_that_an_address_was_a_customers_too(shop: Scratch) -> None:
    _add(shop, "customer", 1, "Ada", ADA, f"'{OLD}'")
    _add(shop, "employee", 1, "Bo", ADA)
    shop.run(f"INSERT INTO orders VALUES (5, 1, '{OLD}', NULL, 'lamps')")
    shop.plan()
    _apply(shop)
    assert shop.rows("SELECT id FROM customer") == []
    shop.mark(_mark(Act.ENDED, ADA))
    assert shop.plan() == set()


def test_what_an_earlier_batch_looked_at_is_learned_from_no_more(shop: Scratch) -> None:
    _visited(shop)
    _add(shop, "customer", 2, "Cy", ADA)
    shop.run(f"INSERT INTO event VALUES (8, '{OLD}', NULL, 'brings a cat')")
    shop.run(f"INSERT INTO visit VALUES (2, 2, 8, '{OLD}', '{OLD}', 'late')")
    shop.sweep()
    shop.mark(_mark(Act.HELD, "nobody@x.example"))
    shop.run(f"UPDATE customer SET ended = '{OLD}' WHERE id = 1")
    _add(shop, "employee", 1, "Em", "em@x.example", f"'{OLD}'")
    assert shop.plan() == {"customer", "employee"}
    shop.apply()
    shop.mark(_mark(Act.HELD, ADA, seq=2))
    shop.run(f"UPDATE event SET ended = '{OLD}'")
    shop.sweep()
    assert shop.rows("SELECT id FROM event ORDER BY id") == [(7,), (8,)]


def test_whose_row_goes_is_remembered_by_the_address_that_it_has_then(shop: Scratch) -> None:
    _visited(shop)
    shop.run(f"UPDATE customer SET ended = '{OLD}'")
    assert shop.plan() == {"customer"}
    shop.run("UPDATE customer SET email = 'new@x.example'")
    _apply(shop)
    shop.run(f"UPDATE event SET ended = '{OLD}'")
    shop.mark(_mark(Act.HELD, "new@x.example"))
    shop.sweep()
    assert (shop.rows("SELECT id FROM customer"), shop.rows("SELECT id FROM event")) == ([], [(7,)])


def test_and_as_surely_as_it_is_theirs_then(shop: Scratch) -> None:
    _visited(shop)
    shop.run(f"UPDATE customer SET ended = '{OLD}'")
    assert shop.plan() == {"customer"}
    _add(shop, "customer", 2, "Cy", ADA)
    _apply(shop)
    shop.run("DELETE FROM customer")
    shop.mark(_mark(Act.ENDED, ADA))
    shop.sweep()
    assert shop.rows("SELECT id FROM event") == [(7,)]


def test_an_identifier_longer_than_an_index_takes_stops_nothing(shop: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.engine.scratch.digest", partial(identity.digest, b"a secret of the tests"))
    text = "".join(f"{n * 7919 % 100003:x}" for n in range(2500))
    _add(shop, "customer", 1, "Ada", text, f"'{OLD}'")
    shop.plan()
    _apply(shop)
    assert shop.rows("SELECT id FROM customer") == []


ACCENTS = "utf8mb4 COLLATE utf8mb4_general_ci"


@pytest.mark.parametrize("server", ["postgresql_url", "mariadb_address"])
def test_two_addresses_that_a_collation_takes_for_one_are_two(request: pytest.FixtureRequest, server: str) -> None:
    made = f"VARCHAR(100) CHARACTER SET {ACCENTS}" if server == "mariadb_address" else "VARCHAR(100) COLLATE alike"
    alike = "CREATE COLLATION alike (provider = icu, locale = 'und-u-ks-level1', deterministic = false)"
    first = (alike,) if server == "postgresql_url" else ()
    shop = _shop(
        request.getfixturevalue(server), (*first, *(x.replace("email TEXT", f"email {made}") for x in WITH_EMPLOYEES))
    )
    shop.plan()
    mails = {1: "jose@x.example", 2: "josé@x.example"}
    for key, mail in mails.items():
        _add(shop, "customer", key, "Ada", mail)
        shop.run(f"INSERT INTO orders VALUES ({key}, {key}, '{OLD}', NULL, 'lamps')")
        shop.mark(*(_mark(Act.ENDED, each, seq) for seq, each in mails.items() if seq <= key))
    assert shop.plan() == {"customer", "orders"}
    for key, mail in mails.items():
        _add(shop, "customer", key + 2, "Cy", mail.upper())
    _apply(shop)
    assert shop.rows("SELECT id FROM orders ORDER BY id") == [(1,), (2,)]


def test_a_consent_that_is_kept_of_an_address_alone_reaches_who_has_it(shop: Scratch) -> None:
    """As an earlier map may have left it, whose rows named people by their addresses."""
    news = replace(ORDER, kinds=(kind("news", {"ended": day_in("ended")}, cell("note")),))
    shop.map = replace(shop.map, tables={**shop.map.tables, "orders": news})
    shop.plan()
    for key, mail in ((1, ADA), (2, "bo@x.example")):
        _add(shop, "customer", key, "Ada", mail)
        shop.run(f"INSERT INTO orders VALUES ({key}, {key}, '{OLD}', NULL, 'lamps')")
    said = "ombud.said" if shop.engine.dialect.name == "postgresql" else "ombud_said"
    who = f"id|email|{digest('email', ADA)}"
    values = f"('{who}', 'news', 'alfa', 'consented', '{OLD}')"
    shop.run(f"INSERT INTO {said} (who, purpose, company, act, day) VALUES {values}")
    assert shop.plan() == {"orders"}
    _apply(shop)
    assert shop.rows("SELECT id FROM orders") == [(1,)]


@pytest.mark.parametrize("type_", ["BIGINT", "TEXT", "UUID", "DATE", "NUMERIC(20, 3)", "BYTEA", "TIMESTAMPTZ"])
def test_many_keys_of_any_type_are_kept_at_once(postgresql_url: str, type_: str) -> None:
    """Past fifty rows working tables are filled by COPY."""
    made = _shop(postgresql_url, (WITH_EMPLOYEES[0].replace("id INTEGER", f"id {type_}"), *WITH_EMPLOYEES[1:]))
    made.map = replace(made.map, tables={"customer": CUSTOMER}, subjects={"customer": CUSTOMERS})
    hashed = "md5(n::text)"
    key = {"UUID": f"{hashed}::uuid", "DATE": "DATE '2020-01-01' + n", "BYTEA": f"decode({hashed}, 'hex')",
           "TIMESTAMPTZ": "TIMESTAMPTZ '2020-01-01 10:00+02' + n * interval '1 hour 1 microsecond'"}.get(
               type_, f"n::{type_}")  # fmt: skip
    due = f"CASE WHEN n = 1 THEN DATE '{OLD}' END"
    made.run(f"INSERT INTO customer SELECT {key}, '{OLD}', {due}, 'Ada', '{ADA}' FROM generate_series(1, 80) AS of (n)")
    assert made.plan() == {"customer"}
    _apply(made)
    assert made.rows("SELECT count(*) FROM customer") == [(79,)]
    kept = made.rows("SELECT count(DISTINCT m.k0) FROM ombud.memo_customer m JOIN customer c ON c.id = m.k0")
    assert kept == [(79,)]
