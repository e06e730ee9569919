"""Texts that a database's own collation takes for one are two to a link, whichever of them it met first."""

from __future__ import annotations

import pytest

from ombud.datamap.model import Gone, Link, OwnersOf
from ombud.terms import IfNone
from tests.claims.shop import CUSTOMER, CUSTOMERS, cell, day_in, kind, table
from tests.engine.scratch import OLD, Scratch

LOG = table(
    "log",
    kind("deliver", {"ended": day_in("ended")}, cell("said")),
    links=[Link("customer", "customer", ("object_id",), ("id",), IfNone.UNKNOWN, Gone.SHELL)],
    owners=(OwnersOf("customer"),),
)
TWINS = ("a", "A", "á", "a ", "ａ")
"""One to MariaDB's usual collation, or nearly."""


def made(url: str, key: str, refers: str, person: str, texts: tuple[str, ...]) -> Scratch:
    rows = ", ".join(f"({n}, '{text}', '{OLD}', '{OLD}', 'said')" for n, text in enumerate(texts))
    return Scratch(
        url,
        (
            f"CREATE TABLE customer (id {key} PRIMARY KEY, born DATE, ended DATE, name VARCHAR(20), email VARCHAR(40))",
            f"CREATE TABLE log (id INTEGER PRIMARY KEY, object_id {refers}, born DATE, ended DATE, said VARCHAR(20))",
            f"INSERT INTO customer VALUES ('{person}', '{OLD}', NULL, 'Ada', NULL)",
            f"INSERT INTO log VALUES {rows}",
        ),
        CUSTOMER,
        LOG,
        subject=CUSTOMERS,
    )


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("kept", ["", " COLLATE utf8mb4_bin"], ids=["usual collation", "another binary one"])
def test_mariadb_remembers_no_answer_for_a_twin(mariadb_address: str, first: bool, kept: str) -> None:
    texts = TWINS if first else (*TWINS[1:], TWINS[0])
    type_ = f"VARCHAR(20) CHARACTER SET utf8mb4{kept}"
    shop = made(mariadb_address, type_, type_, "a", texts)
    shop.sweep()
    left = {text for (text,) in shop.rows("SELECT object_id FROM log")}
    assert left == set(TWINS) - {"a"}
    assert shop.plan() == set()
    shop.engine.dispose()


@pytest.mark.parametrize("texts", [("1", "1 ", "01", "1.0"), ("1 ", "01", "1.0", "1")])
def test_nor_for_how_a_number_is_written(mariadb_address: str, texts: tuple[str, ...]) -> None:
    shop = made(mariadb_address, "BIGINT", "VARCHAR(20)", "1", texts)
    shop.sweep()
    assert {text for (text,) in shop.rows("SELECT object_id FROM log")} == {"1 ", "01", "1.0"}
    shop.engine.dispose()


def test_a_row_whose_key_is_null_stops_nothing_and_loses_its_reference(shop_file: str) -> None:
    """SQLite allows it. The row itself is never judged."""
    note = table(
        "note",
        kind("deliver", {"ended": day_in("ended")}, cell("said")),
        links=[Link("customer", "customer", ("customer_id",), ("id",), IfNone.UNKNOWN, Gone.UNLINK)],
        owners=(OwnersOf("customer"),),
    )
    shop = Scratch(
        shop_file,
        (
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT)",
            "CREATE TABLE note (id TEXT PRIMARY KEY, customer_id INTEGER, born DATE, ended DATE, said TEXT)",
            f"INSERT INTO customer VALUES (1, '{OLD}', '{OLD}', 'Ada', NULL)",
            f"INSERT INTO note VALUES (NULL, 1, '{OLD}', '{OLD}', 'x'), ('n', 1, '{OLD}', NULL, 'y')",
        ),
        CUSTOMER,
        note,
        subject=CUSTOMERS,
    )
    shop.sweep()
    assert shop.rows("SELECT id FROM customer") == []
    assert sorted(shop.rows("SELECT customer_id, said FROM note")) == [(None, "x"), (None, "y")]


@pytest.mark.parametrize(("key", "refers"), [("UUID", "TEXT"), ("TEXT", "UUID")])
def test_a_uuid_is_its_text_whichever_of_them_refers(postgresql_url: str, key: str, refers: str) -> None:
    one, other = "0a1b2c3d-0000-4000-8000-000000000001", "0a1b2c3d-0000-4000-8000-000000000002"
    shop = made(postgresql_url, key, refers, one, (one, other))
    shop.sweep()
    assert [str(each) for (each,) in shop.rows("SELECT object_id FROM log")] == [other]
    shop.engine.dispose()
