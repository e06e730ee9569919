"""SQLite keeps any value in almost any column: a key of any storage names its row, and no other."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ombud.sql.read import some
from tests.claims.shop import CUSTOMER
from tests.engine.scratch import OLD, Scratch


def _made(shop_file: str, declared: str, keys: list[str], living: str = "NULL") -> Scratch:
    rows = (f"INSERT INTO customer VALUES ({key}, '{OLD}', '{OLD}', 'Ada')" for key in keys)
    people = f"CREATE TABLE customer (id {declared} PRIMARY KEY, born DATE, ended DATE, name TEXT)"
    return Scratch(
        shop_file, (people, *rows, f"INSERT INTO customer VALUES ({living}, '{OLD}', NULL, 'Bea')"), CUSTOMER
    )


@pytest.mark.parametrize("declared", ["", "INT", "BIGINT", "TEXT", "BLOB", "REAL", "DECIMAL(10, 2)", "VARCHAR(3)"])
@pytest.mark.parametrize("key", ["1", "9007199254740993", "2.5", "'abc'", "'17'", "'17.00'", "x'34'", "''", "' 1'"])
def test_a_key_of_any_storage_in_a_column_of_any_type_names_its_row(shop_file: str, declared: str, key: str) -> None:
    made = _made(shop_file, declared, [key, "4711"], "99")
    made.sweep()
    assert made.rows("SELECT CAST(id AS INTEGER), name FROM customer") == [(99, "Bea")]


@pytest.mark.parametrize(
    ("dead", "living"), [("'1'", "1"), ("1", "'1'"), ("x'31'", "'1'"), ("1", "x'31'"), ("2", "'2.0'")]
)
def test_keys_that_are_written_alike_are_two(shop_file: str, dead: str, living: str) -> None:
    made = _made(shop_file, "", [dead], living)
    made.sweep()
    assert made.rows(f"SELECT id IS {living}, name FROM customer") == [(1, "Bea")]


def test_a_column_that_takes_any_value_in_a_strict_table_keeps_a_number_and_its_text_apart(shop_file: str) -> None:
    people = "CREATE TABLE customer (id ANY PRIMARY KEY, born TEXT, ended TEXT, name TEXT) STRICT"
    rows = f"INSERT INTO customer VALUES ('1', '{OLD}', '{OLD}', 'Ada'), (1, '{OLD}', NULL, 'Bea')"
    made = Scratch(shop_file, (people, rows), CUSTOMER)
    made.sweep()
    assert made.rows("SELECT typeof(id), name FROM customer") == [("integer", "Bea")]


@pytest.mark.parametrize("declared", ["", "INTEGER", "INT", "BIGINT", "TEXT", "VARCHAR(3)", "DECIMAL(10, 2)", "ANY"])
def test_what_is_noted_beside_a_row_is_found_by_its_key_through_an_index(shop_file: str, declared: str) -> None:
    strict = " STRICT" if declared == "ANY" else ""
    people = f"CREATE TABLE customer (id {declared} PRIMARY KEY, born TEXT, ended TEXT, name TEXT){strict}"
    made = Scratch(shop_file, (people,), CUSTOMER)
    with made.engine.connect() as connection:
        sweep = made._sweep(connection)
        sweep.prepare()
        sweep.evaluation.space.batches = frozenset({"customer"})
        with connection.begin():
            sweep.convene()
            names, row = sweep.names, sweep.names.row("customer")
            for noted in (
                names.pick("customer"),
                names.fact("customer"),
                names.scope("customer"),
                names.memo("customer"),
            ):
                looked = sa.select(row.c.name).where(some(noted, names.same_key(noted, "customer", row)))
                told = str(looked.compile(connection, compile_kwargs={"literal_binds": True}))
                plan = [line[3] for line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}")]
                assert any(step.startswith(f"SEARCH {noted.name} USING") for step in plan), plan
