"""A source that is a DuckDB file: checked, planned, applied and explained as any other, refused where it must be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import SHOP_SQL, Place

duckdb = pytest.importorskip("duckdb")


@pytest.fixture
def shop(bare: Place) -> Place:
    """The project with its shop in a DuckDB file, whose orders refer to customers by a link alone."""
    bare.replace("ombud.yaml", "sqlite:///shop.db", "duckdb:///shop.duckdb")
    (bare.directory / "shop.db").unlink()
    sql(bare, *SHOP_SQL.replace("REFERENCES customer", "").split(";"))
    return bare


def sql(place: Place, *statements: str) -> list[tuple[object, ...]]:
    """Look at, or change, the file as the application would."""
    with duckdb.connect(str(place.directory / "shop.duckdb")) as db:
        found: list[tuple[object, ...]] = []
        for statement in filter(str.strip, statements):
            found = db.execute(statement).fetchall()
        return found


def remade(place: Place, *statements: str) -> None:
    (place.directory / "shop.duckdb").unlink()
    sql(place, *statements)


def test_what_is_due_goes_and_what_stays_is_explained(shop: Place) -> None:
    told = shop.run("check", "--live")
    assert told.exit_code == 0, told.output
    result = shop.apply(shop.plan())
    assert result.exit_code == 0, result.output
    assert "Nothing due is left" in result.stdout
    assert sql(shop, "SELECT id FROM customer ORDER BY id") == [(2,), (3,), (4,), (5,)]
    assert sql(shop, "SELECT id, customer_id, goods, deliver_to FROM orders ORDER BY id") == [
        (11, None, "chair", None),
        (12, 2, "table", "Bea"),
    ]
    explained = shop.run("explain", "--subject", "email=bea@x.example")
    assert explained.exit_code == 0, explained.output
    assert "delivery" in explained.stdout


def test_a_hold_keeps(shop: Place) -> None:
    path = shop.plan()
    assert shop.run("mark", "held", "--subject", "email=ada@x.example").exit_code == 0
    shop.apply(path)
    assert sql(shop, "SELECT count(*) FROM customer") == [(5,)]


def test_a_reference_that_the_database_holds_is_refused_before_it_is_met(shop: Place) -> None:
    remade(shop, *SHOP_SQL.split(";"))
    for command in (("check", "--live"), ("plan", "--out", str(shop.directory / "plan.json"))):
        told = shop.run(*command)
        assert told.exit_code == 1
        assert "C049: shop: orders.customer: DuckDB keeps a row to which a FOREIGN KEY led" in told.output
    shop.replace(
        "datamap/shop.yaml", "{by: customer_id, if_none: not_yet}", "{by: customer_id, if_none: not_yet, gone: shell}"
    )
    assert shop.run("check", "--live").exit_code == 0
    result = shop.apply(shop.plan())
    assert result.exit_code == 0, result.output
    assert sql(shop, "SELECT id, name FROM customer WHERE id = 1") == [(1, None)]


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("name TEXT COLLATE NOCASE", "M415: customer: a column is declared with COLLATE"),
        ("name TEXT, tags TEXT[]", ""),
    ],
)
def test_a_column_that_would_be_compared_otherwise_is_told(shop: Place, column: str, told: str) -> None:
    changed = SHOP_SQL.replace("REFERENCES customer", "").replace("name TEXT", column, 1)
    remade(shop, *(s for s in changed.split(";") if "INSERT" not in s))
    result = shop.run("check", "--live")
    assert told in result.output
    assert result.exit_code == (1 if told else result.exit_code)


def test_a_key_that_is_no_text_is_told(shop: Place) -> None:
    remade(shop, SHOP_SQL.strip().split(";")[0].replace("id INTEGER", "id BLOB"))
    assert "its key id is BLOB" in shop.run("check", "--live").output


def test_a_file_that_nobody_has_described_is_drafted(shop: Place) -> None:
    sql(shop, "ALTER TABLE customer ADD COLUMN photo BLOB", "ALTER TABLE customer ADD COLUMN tags TEXT[]")
    drafted = shop.directory / "draft.yaml"
    told = shop.run("discover", f"duckdb:///{shop.directory / 'shop.duckdb'}", "--out", str(drafted))
    assert told.exit_code == 0, told.output
    assert "Not read" not in told.output
    assert "email: contact.email" in drafted.read_text(encoding="utf-8")


def test_a_file_that_is_not_there_is_not_made(shop: Place) -> None:
    shop.replace("ombud.yaml", "shop.duckdb", "shopp.duckdb")
    told = shop.run("check", "--live")
    assert told.exit_code == 1
    assert "there is no database file shopp.duckdb" in told.output
    assert not (shop.directory / "shopp.duckdb").exists()


def test_a_file_that_another_process_holds_is_told(shop: Place) -> None:
    holding = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    held = subprocess.Popen(
        [sys.executable, "-c", holding, str(shop.directory / "shop.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert held.stdout is not None
        held.stdout.readline()
        told = shop.run("plan")
    finally:
        held.communicate()
    assert told.exit_code == 1
    assert "C033: shop: another process has the file open" in told.output


def test_a_file_that_is_no_database_is_told(shop: Place) -> None:
    Path(shop.directory / "shop.duckdb").write_bytes(b"x" * 10_000)
    assert "C034: shop: the file is not a database" in shop.run("plan").output


def test_a_row_that_refuses_is_told_by_what_refuses_it_and_the_rest_is_done(shop: Place) -> None:
    sql(
        shop,
        "INSERT INTO customer VALUES (6, 'Fia', 'fia@x.example', '2019-01-01', '2020-01-01')",
        "CREATE TABLE gone (id INTEGER CHECK (id <> 6))",
        "CREATE TRIGGER t AFTER DELETE ON customer REFERENCING OLD TABLE AS o FOR EACH STATEMENT "
        "INSERT INTO gone SELECT id FROM o",
    )
    result = shop.apply(shop.plan())
    assert result.exit_code == 1
    assert "C064: shop.customer: the database refused to change 1 row (a CHECK)" in result.stderr, result.output
    assert "Fia" not in result.output
    assert sql(shop, "SELECT id FROM customer ORDER BY id") == [(2,), (3,), (4,), (5,), (6,)]
