"""A batch and somebody else at the same time, on PostgreSQL: who holds the lock is waited for, and then believed."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import sqlalchemy as sa

from ombud.engine.noted import DONE, note
from ombud.terms import Act
from tests.engine.warehouse import LONG_AGO, Warehouse

POOL = ThreadPoolExecutor(4)


def beginning(warehouse: Warehouse, act: Callable[[], object], until: str) -> Future[object]:
    """Begin something in a thread of its own and wait until it waits for a lock; `until` says who waits, in SQL."""
    begun: Future[object] = POOL.submit(act)
    asked = f"SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '{until}'"
    for _ in range(600):
        with warehouse.engine.begin() as connection:
            if connection.exec_driver_sql(asked.replace("%", "%%")).scalar_one():
                return begun
        assert not begun.done(), f"it did not wait: {begun.result()}"
        time.sleep(0.02)
    raise AssertionError("it never waited")


def test_a_hold_set_while_a_batch_runs_waits_for_it_and_is_honoured_by_the_next(on_postgresql: Warehouse) -> None:
    shop = on_postgresql
    shop.with_customers(1, 2, 3, 4)
    shop.plan()
    deletes: list[object] = []
    holds: list[Future[object]] = []

    def in_the_first_batch(*seen: object) -> None:
        if not str(seen[2]).startswith("DELETE FROM public.customer"):
            return
        deletes.append(seen[2])
        if len(deletes) == 2:  # The first is the probe's, and undone.
            holds.append(beginning(shop, lambda: shop.mark(Act.HELD, 1, 2, 3, 4), "LOCK TABLE ombud.meta%"))

    sa.event.listen(shop.engine, "before_cursor_execute", in_the_first_batch)
    shop.apply(batch_size=1)
    holds[0].result(10)
    assert shop.keys("customer") == [2, 3, 4]


def test_a_batch_waits_for_a_hold_that_is_being_set(on_postgresql: Warehouse) -> None:
    shop = on_postgresql
    shop.with_customers(1, 2)
    shop.plan()
    with shop.engine.connect() as setting, setting.begin():
        shop.acknowledge(setting, Act.HELD, 1)
        applying = beginning(shop, shop.apply, "LOCK TABLE ombud.meta%")
    applying.result(30)
    assert shop.keys("customer") == [1]


def test_a_relationship_being_reopened_is_waited_for(on_postgresql: Warehouse) -> None:
    shop = on_postgresql
    shop.with_customers(1, 2)
    shop.plan()
    with shop.running("UPDATE customer SET ended = NULL WHERE id = 1"):
        applying = beginning(shop, shop.apply, "%")
    applying.result(30)
    assert shop.keys("customer") == [1]


def test_a_child_being_reopened_by_which_a_row_is_judged_is_waited_for(on_postgresql: Warehouse) -> None:
    shop = on_postgresql
    shop.insert("account", id=1, name="Ada")
    shop.insert("visit", id=10, account_id=1, ended=LONG_AGO, name="Ada")
    shop.plan()
    with shop.running("UPDATE visit SET ended = NULL WHERE id = 10"):
        applying = beginning(shop, shop.apply, "%")
    applying.result(30)
    assert shop.keys("account") == [1]
    assert shop.rows("visit")[0]["account_id"] == 1


def test_a_parent_being_reopened_by_which_a_row_is_judged_is_waited_for(on_postgresql: Warehouse) -> None:
    shop = on_postgresql
    shop.with_customers(1)
    shop.insert("letter", id=1, customer_id=1, name="Ada")
    shop.plan()
    with shop.running("UPDATE customer SET ended = NULL WHERE id = 1"):
        applying = beginning(shop, shop.apply, "%")
    applying.result(30)
    assert shop.keys("letter") == [1]
    assert shop.keys("customer") == [1]


def test_a_letter_being_written_is_waited_for_and_keeps_its_customer(on_postgresql: Warehouse) -> None:
    shop = on_postgresql
    shop.with_customers(1)
    shop.plan()
    with shop.running("INSERT INTO letter VALUES (1, 1, '2020-01-01', 'Ada')"):
        applying = beginning(shop, shop.apply, "%")
    applying.result(30)
    assert shop.keys("letter") == [1]
    assert shop.keys("customer") == [1]


def test_a_visit_being_paid_is_waited_for_and_keeps_its_account(on_postgresql: Warehouse) -> None:
    shop = on_postgresql
    shop.insert("account", id=1, name="Ada")
    shop.insert("visit", id=10, account_id=1, ended=LONG_AGO, name="Ada")
    shop.plan()
    with shop.running("INSERT INTO visit VALUES (11, 1, '2020-01-01', NULL, NULL, 'Ada')"):
        applying = beginning(shop, shop.apply, "%")
    applying.result(30)
    assert shop.keys("account") == [1]
    assert [row["account_id"] for row in shop.rows("visit")] == [1, 1]


def test_two_who_apply_the_same_plan_at_once_share_the_work(on_postgresql: Warehouse) -> None:
    shop = on_postgresql
    shop.with_customers(*range(12))
    shop.insert("letter", id=1, customer_id=3, name="Ada")
    shop.plan()
    two = [POOL.submit(shop.apply, batch_size=1) for _ in range(2)]
    for each in two:
        each.result(60)
    assert shop.keys("customer") == shop.keys("letter") == []
    with shop.engine.begin() as connection:
        counted = connection.exec_driver_sql(
            "SELECT count(*), count(DISTINCT (step, batch)), sum(rows) FROM ombud.receipt"
        )
        assert tuple(counted.one()) == (13, 13, 13)


def test_whom_a_row_was_moved_to_while_it_was_waited_for_is_locked_too(on_postgresql: Warehouse) -> None:
    shop = on_postgresql
    shop.with_customers(1, 2)
    shop.insert("letter", id=1, customer_id=1, name="Ada")
    shop.plan()
    reopened: list[Future[object]] = []

    def apply() -> None:
        with shop.engine.connect() as connection:
            sweep = shop.sweep(connection)
            sweep.probes = False  # A probe would wait, and the batch find everything settled.
            sweep.batch_size = 1  # Else the customers were locked with the letter, and went with it.
            sweep.apply()

    def judged(*seen: object) -> None:
        if str(seen[2]).startswith("DELETE FROM public.letter"):
            act = lambda: shop.run("UPDATE customer SET ended = NULL WHERE id = 2")  # noqa: E731
            reopened.append(beginning(shop, act, "UPDATE customer SET ended%"))

    with shop.running("UPDATE letter SET customer_id = 2 WHERE id = 1"):
        applying = beginning(shop, apply, "%")
        sa.event.listen(shop.engine, "before_cursor_execute", judged)
    applying.result(30)
    reopened[0].result(10)
    assert shop.keys("letter") == []
    assert shop.keys("customer") == [2]


def test_two_applies_that_end_at_once_both_note_that_the_plan_is_carried_out(on_postgresql: Warehouse) -> None:
    shop = on_postgresql
    shop.with_customers(1)
    shop.plan()
    with shop.engine.connect() as connection:
        names = shop.sweep(connection).names

    def end() -> None:
        with shop.engine.begin() as connection:
            note(connection, names, DONE, "the plan")

    with shop.engine.begin() as first:
        note(first, names, DONE, "the plan")
        second = beginning(shop, end, "INSERT INTO ombud.meta%")
    second.result(10)
    with shop.engine.begin() as connection:
        assert connection.execute(sa.select(names.meta.c.value).where(names.meta.c.name == DONE)).scalar() == "the plan"
