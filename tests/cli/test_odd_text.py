"""A text of SQLite that is not UTF-8 stops no command, and nothing of it that is no text reaches the terminal."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Place


@pytest.fixture
def odd(project: Place) -> Place:
    project.sql("shop", "UPDATE customer SET email = CAST(x'e56140782e7365' AS TEXT), name = email WHERE id < 3")
    project.sql("desk", "DROP TABLE ticket")
    project.sql("desk", "CREATE TABLE ticket (id TEXT PRIMARY KEY, email TEXT, opened DATE, closed DATE, body TEXT)")
    keys = "(CAST(x'ff' AS TEXT), NULL, '2019-01-01', '2020-01-01', ''), ('b', 'b@x', '2019-01-01', NULL, '')"
    project.sql("desk", f"INSERT INTO ticket VALUES {keys}")
    return project


def test_other_rows_are_explained_and_swept(odd: Place) -> None:
    assert odd.run("explain", "shop/customer/3").exit_code == 0
    assert odd.run("explain", "shop/customer/2").exit_code == 0
    assert odd.run("check", "--live").exit_code == 0
    applied = odd.apply(odd.plan())
    assert applied.exit_code == 0
    assert "Nothing due is left" in applied.stdout
    assert odd.sql("desk", "SELECT id FROM ticket") == [("b",)]
    assert odd.sql("shop", "SELECT id FROM customer") == [(2,), (3,), (4,), (5,)]


def test_what_is_no_text_is_shown_as_a_sign(odd: Place) -> None:
    assert "desk/ticket/�" in odd.run("plan", "--rows", "desk.ticket").stdout
    told = odd.run("plan", "--rows", "desk.ticket", "--format", "json").stdout
    told.encode()
    assert json.loads(told)
    explained = odd.run("explain", "shop/customer/2", "--format", "json").stdout
    explained.encode()
    assert json.loads(explained)


def test_somebody_whose_row_has_such_a_key_can_be_held_by_their_address(odd: Place) -> None:
    odd.sql("shop", "UPDATE orders SET customer_id = NULL")
    odd.sql("shop", "DROP TABLE customer")
    columns = "id TEXT PRIMARY KEY, name TEXT, email TEXT, created DATE, ended_at DATE"
    odd.sql("shop", f"CREATE TABLE customer ({columns})")
    rows = ", ".join(
        f"(CAST(x'{k}' AS TEXT), 'Ada', '{k}@x.example', '2019-01-01', '2020-01-01')" for k in ("fe", "ff")
    )
    odd.sql("shop", f"INSERT INTO customer VALUES {rows}")
    held = odd.run("mark", "held", "--subject", "email=fe@x.example")
    assert held.exit_code == 0, held.output
    assert odd.run("mark", "--list").exit_code == 0
    assert odd.apply(odd.plan()).exit_code == 0
    assert odd.sql("shop", "SELECT hex(id) FROM customer") == [("FE",)]
