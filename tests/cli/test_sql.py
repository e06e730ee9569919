"""What would run on an engine that ombud does not run on, at the terminal."""

from __future__ import annotations

import importlib.util

import pytest

from tests.cli.conftest import Place


def test_the_sql_says_first_that_it_has_not_run(bare: Place) -> None:
    result = bare.run("sql", "shop", "--dialect", "snowflake", "--table", "orders")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("-- Compiled, not run: what ombud would run for shop on Snowflake")
    assert 'DELETE FROM "orders"' in result.stdout
    assert '"ombud_t_fact_customer" (' not in result.stdout
    assert bare.sql("shop", "SELECT name FROM sqlite_master WHERE name LIKE 'ombud%'") == []


def test_what_cannot_be_said_is_told_with_its_place_and_the_rest_is_there(bare: Place) -> None:
    bare.sql("shop", "CREATE TABLE other (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    bare.replace("datamap/shop.yaml", "  orders:\n", "  other:\n    owner: nobody\n    purposes: {bookkeeping: all}\n"
                 "    moments: {booked: {column: day}}\n    columns: {name: contact.name}\n  orders:\n")  # fmt: skip
    bare.sql("shop", "ALTER TABLE other ADD COLUMN day DATE")
    result = bare.run("sql", "shop", "--dialect", "oracle", "--table", "other")
    assert result.exit_code == 1
    assert "C087" in result.stderr
    assert "shop.other, blank: Oracle Database 19c: other.name is NOT NULL" in result.stderr
    assert "-- other: refused: other.name is NOT NULL" in result.stdout
    assert 'DELETE FROM "other"' in result.stdout


def test_statements_are_data_too(bare: Place) -> None:
    told = bare.json("sql", "desk", "--dialect", "trino")
    assert {"facts", "due", "memo", "delete"} <= {each["step"] for each in told["statements"]}
    assert all(each["sql"] and not each["refused"] for each in told["statements"])
    assert told["findings"] == []


@pytest.mark.parametrize(
    ("arguments", "said"), [(("shopp",), "did you mean shop"), (("shop", "--table", "order"), "did you mean orders")]
)
def test_a_source_or_table_that_is_not_there_is_told(bare: Place, arguments: tuple[str, ...], said: str) -> None:
    result = bare.run("sql", *arguments, "--dialect", "trino")
    assert (result.exit_code, "C028" in result.stderr, said in result.stderr) == (1, True, True)


def test_what_no_map_may_say_there_refuses_the_whole(bare: Place) -> None:
    bare.replace(
        "datamap/desk.yaml",
        "columns: {email: contact.email, body: text}",
        "columns: {email: contact.email, body: {json: {a: text}}}",
    )
    result = bare.run("sql", "desk", "--dialect", "redshift")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "C049" in result.stderr
    assert "what is inside JSON is not read on Amazon Redshift yet" in result.stderr


def test_without_sqlglot_the_way_to_it_is_told(bare: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr("ombud.app.compiling.find_spec", lambda name: None if name == "sqlglot" else there(name))
    result = bare.run("sql", "shop", "--dialect", "trino")
    assert (result.exit_code, "C086" in result.stderr, "ombud[sql]" in result.stderr) == (1, True, True)
