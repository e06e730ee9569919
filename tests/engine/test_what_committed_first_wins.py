"""Marks, and what the application does, before, between and after batches: what committed first wins."""

from __future__ import annotations

from collections.abc import Callable

from ombud.engine.sweep import Progress
from ombud.terms import Act
from tests.engine.warehouse import LONG_AGO, Warehouse


def after_batches(number: int, act: Callable[[], None]) -> Progress:
    """Do something once that many batches have committed."""
    seen = iter(range(1, 1_000))

    def progress(_: str, __: int, ___: int) -> None:
        if next(seen) == number:
            act()

    return progress


# --- holds --------------------------------------------------------------------------------------------------------


def test_a_hold_between_plan_and_apply_keeps_the_row_and_the_rest_goes(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2, 3)
    assert warehouse.plan()["customer"].deleted == 3
    warehouse.mark(Act.HELD, 2)
    warehouse.apply()
    assert warehouse.keys("customer") == [2]


def test_a_hold_between_two_batches_keeps_what_the_next_ones_hold(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2, 3)
    warehouse.plan()
    warehouse.apply(batch_size=1, progress=after_batches(1, lambda: warehouse.mark(Act.HELD, 1, 2, 3)))
    assert warehouse.keys("customer") == [2, 3]


def test_a_hold_after_the_batch_comes_too_late_and_is_kept_for_the_next_plan(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2)
    warehouse.plan()
    warehouse.apply(batch_size=1)
    warehouse.mark(Act.HELD, 1, 2)
    warehouse.with_customers(2)
    assert warehouse.keys("customer") == [2]
    assert warehouse.plan("q") == {}


def test_a_hold_that_is_released_before_the_apply_holds_nothing(warehouse: Warehouse) -> None:
    warehouse.with_customers(1)
    warehouse.plan()
    warehouse.mark(Act.HELD, 1)
    warehouse.mark(Act.RELEASED, 1, seq=2)
    warehouse.apply()
    assert warehouse.keys("customer") == []


# --- reopened -----------------------------------------------------------------------------------------------------


def test_a_relationship_reopened_between_plan_and_apply_keeps_the_row(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2)
    warehouse.plan()
    warehouse.run("UPDATE customer SET ended = NULL WHERE id = 1")
    warehouse.apply()
    assert warehouse.keys("customer") == [1]


def test_a_relationship_reopened_between_two_batches_keeps_the_row(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2, 3)
    warehouse.plan()
    reopen = lambda: warehouse.run("UPDATE customer SET ended = NULL")  # noqa: E731
    warehouse.apply(batch_size=1, progress=after_batches(2, reopen))
    assert warehouse.keys("customer") == [3]


def test_a_reopened_child_by_which_a_row_is_judged_keeps_the_row(warehouse: Warehouse) -> None:
    warehouse.insert("account", id=1, name="Ada")
    warehouse.insert("account", id=2, name="Bea")
    warehouse.insert("visit", id=10, account_id=1, ended=LONG_AGO, name="Ada")
    warehouse.insert("visit", id=20, account_id=2, ended=LONG_AGO, name="Bea")
    warehouse.plan()
    warehouse.run("UPDATE visit SET ended = NULL WHERE id = 20")
    warehouse.apply()
    assert warehouse.keys("account") == [2]
    assert [(row["id"], row["account_id"]) for row in warehouse.rows("visit")] == [(10, None), (20, 2)]


# --- children that appear -----------------------------------------------------------------------------------------


def test_a_letter_written_after_the_plan_keeps_its_customer_and_is_not_swept_away_with_it(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2)
    warehouse.plan()
    warehouse.insert("letter", id=1, customer_id=1, name="Dear Ada")
    warehouse.apply()
    assert warehouse.keys("customer") == [1]
    assert warehouse.keys("letter") == [1]
    warehouse.plan("q")
    warehouse.apply("q")
    assert warehouse.keys("customer") == warehouse.keys("letter") == []


def test_an_order_placed_after_the_plan_stays_and_loses_only_its_reference(warehouse: Warehouse) -> None:
    warehouse.with_customers(1)
    warehouse.plan()
    warehouse.insert("orders", id=1, customer_id=1, ended=None, name="Ada")
    warehouse.apply()
    assert warehouse.keys("customer") == []
    assert [(row["id"], row["customer_id"], row["name"]) for row in warehouse.rows("orders")] == [(1, None, "Ada")]


def test_a_visit_paid_between_two_batches_keeps_its_account(warehouse: Warehouse) -> None:
    for key in (1, 2, 3):
        warehouse.insert("account", id=key, name="Ada")
        warehouse.insert("visit", id=key, account_id=key, ended=LONG_AGO, name="Ada")
    warehouse.plan()
    visit = lambda: warehouse.insert("visit", id=9, account_id=3, ended=None, name="Ada")  # noqa: E731
    warehouse.apply(batch_size=1, progress=after_batches(1, visit))
    assert warehouse.keys("account") == [3]
    assert warehouse.rows("visit")[-1]["account_id"] == 3


def test_a_key_used_again_after_the_plan_is_another_person_whom_nothing_is_done_to(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2)
    warehouse.plan()
    warehouse.run("DELETE FROM customer WHERE id = 1")
    warehouse.insert("customer", id=1, born="2026-05-30", ended=None, name="Eva", email="eva@x.example")
    warehouse.apply()
    assert [row["name"] for row in warehouse.rows("customer")] == ["Eva"]
