"""SQLite keeps text that is not UTF-8: it names nobody else, and its row is judged like any other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ombud.adapters.files import Directory
from ombud.engine.files import clear_outbox
from ombud.engine.sidecar import acknowledge
from ombud.sql.odd_text import is_odd
from ombud.terms import Act, Mark
from tests.claims.shop import CUSTOMER, CUSTOMERS, cell, customer, day_in, kind
from tests.engine.scratch import OLD, TODAY, Scratch

PEOPLE = "CREATE TABLE customer (id TEXT PRIMARY KEY, born DATE, ended DATE, booked DATE, name TEXT, email TEXT)"
LATIN = "CAST(x'e56140782e7365' AS TEXT)"
"""`åa@x.se` in ISO 8859-1."""

BOTH = kind(
    "deliver books", {"ended": day_in("ended"), "booked": day_in("booked")}, cell("name"), cell("email", "bill")
)


def _made(shop_file: str, *rows: str) -> Scratch:
    statements = (PEOPLE, *(f"INSERT INTO customer VALUES ({row})" for row in rows))
    return Scratch(shop_file, statements, replace(CUSTOMER, kinds=(BOTH,)), subject=CUSTOMERS)


def _keys(made: Scratch) -> list[str]:
    return [key for (key,) in made.rows("SELECT hex(id) FROM customer ORDER BY id")]


@pytest.mark.parametrize("column", ["id", "name", "email"])
def test_a_row_with_such_a_text_is_judged_by_its_days(shop_file: str, column: str) -> None:
    def row(key: str, ended: str) -> str:
        said = {"id": f"'{key}'", "name": "'Ada'", "email": f"'{key}@x'"} | {column: f"CAST(x'e5{ord(key):x}' AS TEXT)"}
        return f"{said['id']}, '{OLD}', {ended}, '{OLD}', {said['name']}, {said['email']}"

    made = _made(shop_file, row("a", f"'{OLD}'"), row("b", "NULL"), f"'c', '{OLD}', '{OLD}', '{OLD}', 'Cia', 'c@x'")
    made.sweep()
    assert _keys(made) == ["E562" if column == "id" else "62"]


def test_a_day_that_is_no_text_keeps_its_row(shop_file: str) -> None:
    made = _made(shop_file, f"'a', '{OLD}', CAST(x'e5' AS TEXT), '{OLD}', 'Ada', 'a@x'")
    made.sweep()
    assert _keys(made) == ["61"]


def test_such_a_text_is_blanked(shop_file: str) -> None:
    made = _made(shop_file, f"'a', '{OLD}', '{OLD}', '2026-01-01', CAST(x'e5' AS TEXT), {LATIN}")
    made.sweep()
    assert made.rows("SELECT name, hex(email) FROM customer") == [(None, "E56140782E7365")]


def test_a_row_with_such_a_key_keeps_what_is_remembered_of_it(shop_file: str) -> None:
    made = _made(
        shop_file,
        f"'a', '{OLD}', '{OLD}', '{OLD}', 'Ada', 'home@x'",
        f"CAST(x'e5' AS TEXT), '{OLD}', NULL, '{OLD}', 'Bea', 'home@x'",
    )
    made.sweep()
    found = made.rows("SELECT m.rule FROM ombud_memo_customer m JOIN customer c ON m.k0 = c.id ORDER BY 1")
    assert found == [("identifier",), ("shared",)]


def test_a_hold_on_a_row_with_such_a_key_keeps_it(shop_file: str) -> None:
    dead = f"'{OLD}', '{OLD}', '{OLD}', 'Ada', NULL"
    made = _made(shop_file, f"CAST(x'e5' AS TEXT), {dead}", f"CAST(x'e4' AS TEXT), {dead}")
    with made.engine.connect() as connection:
        sweep = made._sweep(connection)
        sweep.prepare()
        held = replace(customer(0, OLD), key=(b"\xe5".decode("utf-8", "surrogateescape"),))
        with connection.begin():
            acknowledge(connection, sweep.names, [Mark(1, TODAY, Act.HELD, frozenset({held}))])
    made.sweep()
    assert _keys(made) == ["E5"]


def test_a_file_with_such_a_name_is_removed(shop_file: str, tmp_path: Path) -> None:
    name = b"\xe5.png".decode("utf-8", "surrogateescape")
    (tmp_path / name).touch()
    (tmp_path / "other.png").touch()
    made = _made(shop_file)
    with made.engine.connect() as connection:
        sweep = made._sweep(connection)
        sweep.prepare()
        with connection.begin():
            connection.exec_driver_sql("INSERT INTO ombud_outbox VALUES ('photos', CAST(x'e52e706e67' AS TEXT), 'p')")
        done = clear_outbox(sweep, {"photos": Directory(tmp_path)}, lambda _: None)
    assert (done["photos"].removed, done["photos"].refused) == (1, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["other.png"]
    assert made.rows("SELECT count(*) FROM ombud_outbox") == [(0,)]


@pytest.mark.parametrize("value", ["åa@x.se", "plain", "", "\U0001f600", b"\xe5", None, 5])
def test_whatever_is_text_is_not_odd(value: object) -> None:
    assert not is_odd(value)
