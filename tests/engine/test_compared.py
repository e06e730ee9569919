"""What refers to a row is what the database takes for referring to it, whatever the two columns are declared as."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ombud.datamap.model import Gone, Link, OwnersOf
from ombud.terms import IfNone
from tests.claims.shop import CUSTOMER, cell, day_in, kind, table
from tests.engine.scratch import OLD, Scratch

LOOSE = "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
EMAIL = "CREATE DOMAIN address AS VARCHAR(20)"
ALIKE = [
    ("shop_file", (), "TEXT COLLATE NOCASE", "TEXT", "'ABC'", "'abc'"),
    ("shop_file", (), "INTEGER", "TEXT", "1", "'01'"),
    ("postgresql_url", (), "CHAR(5)", "TEXT", "'ABC'", "'ABC '"),
    ("postgresql_url", (), "CHAR(5)", "VARCHAR", "'ABC'", "'ABC '"),
    ("postgresql_url", (), "VARCHAR", "CHAR(5)", "'ABC'", "'ABC'"),
    ("postgresql_url", (), "NUMERIC(9, 2)", "BIGINT", "1.00", "1"),
    ("postgresql_url", (), 'TEXT COLLATE "C"', 'TEXT COLLATE "POSIX"', "'ABC'", "'ABC'"),
    ("postgresql_url", (EMAIL,), 'TEXT COLLATE "POSIX"', "address", "'ABC'", "'ABC'"),
    ("postgresql_url", (LOOSE,), "TEXT COLLATE loose", "TEXT", "'ABC'", "'abc'"),
    ("postgresql_url", (LOOSE,), "TEXT", "TEXT COLLATE loose", "'ABC'", "'ABC'"),
]
"""Server, what is made first, the type of the key and of what refers to it, and two values that are one to it."""

LINK = Link("customer", "customer", ("login",), ("login",), IfNone.NOT_YET, Gone.SHELL, nullable=False)
ORDERS = table(
    "orders", kind("deliver", {"ended": day_in("ended")}, cell("name")), links=[LINK], owners=(OwnersOf("customer"),)
)


@pytest.mark.parametrize("mapped", [False, True])
@pytest.mark.parametrize(("server", "first", "key", "refers", "value", "other"), ALIKE)
def test_a_row_that_the_database_finds_referred_to_stays(
    request: pytest.FixtureRequest,
    server: str,
    first: tuple[str, ...],
    key: str,
    refers: str,
    value: str,
    other: str,
    mapped: bool,
) -> None:
    statements = (
        *first,
        f"CREATE TABLE customer (login {key} PRIMARY KEY, born DATE, ended DATE, name TEXT)",
        f"CREATE TABLE orders (id INTEGER PRIMARY KEY, login {refers} NOT NULL REFERENCES customer ON DELETE CASCADE,"
        " born DATE, ended DATE, name TEXT)",
        f"INSERT INTO customer VALUES ({value}, '{OLD}', '{OLD}', 'Ada')",
        f"INSERT INTO orders VALUES (7, {other}, '{OLD}', NULL, 'lives')",
    )
    customer = replace(CUSTOMER, key=("login",))
    made = Scratch(request.getfixturevalue(server), statements, customer, *([ORDERS] if mapped else []))
    made.sweep()
    assert made.rows("SELECT id, name FROM orders") == [(7, "lives")]
