"""A row that the database refuses to change is told by what refuses it, and stops nothing else."""

from __future__ import annotations

from tests.cli.conftest import Place


def test_a_refused_row_is_told_without_what_it_holds_and_the_rest_is_done(project: Place) -> None:
    project.sql("shop", "INSERT INTO customer VALUES (6, 'Fia', 'fia@x.example', '2019-01-01', '2020-01-01')")
    project.sql(
        "shop",
        "CREATE TRIGGER never BEFORE DELETE ON customer WHEN OLD.id = 6 BEGIN SELECT RAISE(ABORT, 'Fia stays'); END",
    )
    result = project.apply(project.plan())
    assert result.exit_code == 1
    assert "C064: shop.customer: the database refused to change 1 row (a trigger)" in result.stderr
    assert "C051" not in result.output
    assert "Nothing due is left" not in result.output
    assert "Fia" not in result.output
    assert project.sql("shop", "SELECT id FROM customer") == [(2,), (3,), (4,), (5,), (6,)]
    assert project.counts()[2] == 1
    assert "shop/customer/6" in project.run("plan", "--rows", "shop.customer").stdout


def test_a_night_on_which_only_refused_rows_are_due_still_does_the_other_tables(project: Place) -> None:
    never = "CREATE TRIGGER never BEFORE DELETE ON customer BEGIN SELECT RAISE(ABORT, ''); END"
    project.sql("shop", never)
    told = project.apply(project.plan())
    assert told.exit_code == 1
    assert "C035" in told.stderr
    assert project.sql("shop", "SELECT count(*) FROM orders") == [(3,)]
    again = project.json("apply", str(project.plan()), "--allow")
    assert again["sources"]["shop"]["refused"] == {"customer": 1}
    assert project.sql("shop", "SELECT count(*) FROM orders") == [(2,)]


def test_a_row_that_a_refused_one_leans_on_is_told_as_due_still(project: Place) -> None:
    project.sql("shop", "DELETE FROM orders WHERE id = 11")
    project.sql("shop", "INSERT INTO customer VALUES (6, 'Fia', 'fia@x.example', '2019-01-01', '2020-01-01')")
    project.sql("shop", "INSERT INTO orders VALUES (13, 6, '2010-02-01', 'lamp', 'Fia')")
    project.replace(
        "datamap/shop.yaml", "{by: customer_id, if_none: not_yet}", "{by: customer_id, if_none: not_yet, gone: shell}"
    )
    project.sql(
        "shop", "CREATE TRIGGER never BEFORE DELETE ON orders WHEN OLD.id = 10 BEGIN SELECT RAISE(ABORT, ''); END"
    )
    result = project.apply(project.plan())
    assert "C064: shop.orders: the database refused to change 1 row" in result.stderr
    assert "C051: shop.customer: 1 row and 0 cells are due still" in result.stderr
    assert "lean on it" in result.stdout
    assert project.sql("shop", "SELECT id, name FROM customer WHERE id IN (1, 6)") == [(1, None)]
