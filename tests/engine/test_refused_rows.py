"""What the database refuses of single rows: these are set aside, and all else that is due goes on."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest

from ombud.adapters.blame import blamed
from ombud.engine import halving
from ombud.engine.batch import Batches
from ombud.engine.refusal import Refusal, StepRefused
from tests.claims.shop import CUSTOMER
from tests.crash.scene import Killed
from tests.engine.scratch import OLD, ON_BOTH, Scratch
from tests.engine.test_keyless import ACCOUNT, VISIT
from tests.engine.warehouse import LONG_AGO, ORDERS, TABLES, Warehouse


def _trigger(warehouse: Warehouse, table: str, event: str, which: str, then: str = "") -> None:
    """Refuses an event of some rows by an error that says more than it should, or does something else."""
    if warehouse.engine.dialect.name == "sqlite":
        does = then or "RAISE(ABORT, 'Ada must stay')"
        warehouse.run(f"CREATE TRIGGER never BEFORE {event} ON {table} WHEN OLD.{which} BEGIN SELECT {does}; END")
        return
    does = then or "RAISE EXCEPTION 'Ada must stay'"
    warehouse.run(
        "CREATE OR REPLACE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF OLD.{which} THEN {does}; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    warehouse.run(f"CREATE TRIGGER never BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION never()")


def _mended(warehouse: Warehouse, table: str) -> None:
    warehouse.run("DROP TRIGGER never" + ("" if warehouse.engine.dialect.name == "sqlite" else f" ON {table}"))


def _apply(warehouse: Warehouse, plan: str = "p", batch_size: int = 1000) -> Mapping[str, Refusal]:
    """Applies, and gives what was refused."""
    with warehouse.engine.connect() as connection:
        sweep = warehouse.sweep(connection, plan, batch_size)
        sweep.apply()
        return sweep.refused


def _receipts(warehouse: Warehouse) -> int:
    with warehouse.engine.connect() as connection, connection.begin():
        receipt = warehouse.sweep(connection).names.receipt
        return sum(row.rows for row in connection.execute(receipt.select()))


@pytest.mark.parametrize("batch_size", [1, 4, 1000])
def test_rows_that_the_database_refuses_stay_and_all_others_go(warehouse: Warehouse, batch_size: int) -> None:
    warehouse.with_customers(*range(1, 21))
    _trigger(warehouse, "customer", "DELETE", "id IN (7, 8, 15)")
    warehouse.plan()
    refused = _apply(warehouse, batch_size=batch_size)
    assert warehouse.keys("customer") == [7, 8, 15]
    assert {name: (each.rows, each.due.deleted) for name, each in refused.items()} == {"customer": (3, 3)}
    assert {blamed(cause) for cause in refused["customer"].causes} <= {"a trigger", "function never"}
    assert _receipts(warehouse) == 17
    assert warehouse.plan("q")["customer"].deleted == 3


@pytest.mark.parametrize("server", ON_BOTH)
def test_a_blanking_that_a_constraint_refuses_leaves_that_row_as_it_was(
    request: pytest.FixtureRequest, server: str
) -> None:
    """Unmapped notes keep each customer as a shell, and what is to be blanked of one must not be."""
    statements = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT,"
        " CONSTRAINT well CHECK (id <> 4 OR name IS NOT NULL))",
        "CREATE TABLE note (id INTEGER REFERENCES customer)",
        *(f"INSERT INTO customer VALUES ({n}, '{OLD}', '{OLD}', 'Ada')" for n in range(1, 10)),
        "INSERT INTO note SELECT id FROM customer",
    )
    made = Scratch(request.getfixturevalue(server), statements, CUSTOMER)
    made.sweep()
    assert made.rows("SELECT id FROM customer WHERE name IS NOT NULL") == [(4,)]


def test_a_row_that_a_refused_row_leans_on_stays_though_the_database_would_cascade(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2)
    for n in (1, 2):
        warehouse.insert("letter", id=n, customer_id=n, name="Ada")
    _trigger(warehouse, "letter", "DELETE", "id = 1")
    warehouse.plan()
    assert set(_apply(warehouse)) == {"letter"}
    assert (warehouse.keys("letter"), warehouse.keys("customer")) == ([1], [1])
    _mended(warehouse, "letter")
    warehouse.plan("q")
    assert not _apply(warehouse, "q")
    assert (warehouse.keys("letter"), warehouse.keys("customer")) == ([], [])


def test_an_unlinking_that_the_database_refuses_keeps_what_it_would_let_go_of(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2, 3)
    for n in (1, 2, 3):
        warehouse.insert("orders", id=n, customer_id=n, ended=None, name="Ada")
    _trigger(warehouse, "orders", "UPDATE", "id = 2")
    warehouse.plan()
    assert set(_apply(warehouse)) == {"customer"}
    assert warehouse.keys("customer") == [2]
    assert [row["customer_id"] for row in warehouse.rows("orders")] == [None, 2, None]


@pytest.mark.parametrize("server", ON_BOTH)
def test_a_reference_that_a_trigger_keeps_in_silence_keeps_what_it_points_at(
    request: pytest.FixtureRequest, server: str
) -> None:
    """Else the database's own cascade would take along a row that stays."""
    same = {
        "shop_file": ("CREATE TRIGGER same BEFORE UPDATE ON orders WHEN OLD.id = 2 BEGIN SELECT RAISE(IGNORE); END",),
        "postgresql_url": (
            "CREATE FUNCTION same() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF OLD.id = 2 THEN NEW.customer_id := OLD.customer_id; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER same BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION same()",
        ),
    }[server]
    statements = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT)",
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer ON DELETE CASCADE,"
        " born DATE, ended DATE, name TEXT)",
        *(f"INSERT INTO customer VALUES ({n}, '{OLD}', '{OLD}', 'Ada')" for n in (1, 2, 3)),
        *(f"INSERT INTO orders VALUES ({n}, {n}, '{OLD}', NULL, 'lives')" for n in (1, 2, 3)),
        *same,
    )
    made = Scratch(request.getfixturevalue(server), statements, CUSTOMER, ORDERS)
    made.sweep()
    assert made.rows("SELECT id FROM customer") == [(2,)]
    assert made.rows("SELECT id, customer_id FROM orders ORDER BY id") == [(1, None), (2, 2), (3, None)]


@pytest.mark.parametrize("server", ON_BOTH)
def test_a_cell_that_a_trigger_keeps_in_silence_is_not_said_to_be_blanked(
    request: pytest.FixtureRequest, server: str
) -> None:
    """One whose trigger writes something else is blanked as well as its database lets it be."""
    same = {
        "shop_file": (
            "CREATE TRIGGER same BEFORE UPDATE ON customer WHEN OLD.id = 2 BEGIN SELECT RAISE(IGNORE); END",
            "CREATE TRIGGER other AFTER UPDATE ON customer WHEN OLD.id = 3 BEGIN"
            " UPDATE customer SET name = '?' WHERE id = 3; END",
        ),
        "postgresql_url": (
            "CREATE FUNCTION same() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.id = 2 THEN"
            " NEW.name := OLD.name; ELSIF OLD.id = 3 THEN NEW.name := '?'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER same BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION same()",
        ),
    }[server]
    statements = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT)",
        "CREATE TABLE note (id INTEGER REFERENCES customer)",
        *(f"INSERT INTO customer VALUES ({n}, '{OLD}', '{OLD}', 'Ada')" for n in (1, 2, 3, 4)),
        "INSERT INTO note SELECT id FROM customer",
        *same,
    )
    made = Scratch(request.getfixturevalue(server), statements, CUSTOMER)
    made.plan()
    with made.engine.connect() as connection:
        sweep = made._sweep(connection)
        done = sweep.apply()
    assert made.rows("SELECT id, name FROM customer ORDER BY id") == [(1, None), (2, "Ada"), (3, "?"), (4, None)]
    assert done["customer"].blanked["name"] == 3
    assert sweep.refused["customer"].due.blanked["name"] == 1


def test_a_row_that_a_trigger_deletes_when_it_loses_a_cell_is_set_aside(shop_file: str) -> None:
    """It was to stay as a shell, for another table needs it."""
    statements = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT)",
        "CREATE TABLE note (id INTEGER REFERENCES customer)",
        *(f"INSERT INTO customer VALUES ({n}, '{OLD}', '{OLD}', 'Ada')" for n in (1, 2, 3)),
        "INSERT INTO note SELECT id FROM customer",
        "CREATE TRIGGER tidy AFTER UPDATE ON customer WHEN OLD.id = 2 BEGIN"
        " DELETE FROM note WHERE id = 2; DELETE FROM customer WHERE id = 2; END",
    )
    made = Scratch(shop_file, statements, CUSTOMER)
    made.plan()
    made.apply()
    assert made.rows("SELECT id, name FROM customer ORDER BY id") == [(1, None), (2, "Ada"), (3, None)]
    assert made.rows("SELECT id FROM note ORDER BY id") == [(1,), (2,), (3,)]


def test_a_row_that_a_trigger_keeps_in_silence_is_set_aside(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2, 3, 4)
    silent = {"sqlite": "RAISE(IGNORE)", "postgresql": "RETURN NULL"}[warehouse.engine.dialect.name]
    _trigger(warehouse, "customer", "DELETE", "id = 2", silent)
    warehouse.plan()
    refused = _apply(warehouse)
    assert warehouse.keys("customer") == [2]
    assert {blamed(cause) for cause in refused["customer"].causes} == {"a trigger or rule that keeps the row"}


def test_a_trigger_that_ends_the_transaction_itself_is_of_its_row_alone(on_sqlite: Warehouse) -> None:
    on_sqlite.with_customers(*range(1, 9))
    _trigger(on_sqlite, "customer", "DELETE", "id = 6", "RAISE(ROLLBACK, 'no')")
    on_sqlite.plan()
    assert set(_apply(on_sqlite)) == {"customer"}
    assert on_sqlite.keys("customer") == [6]


def test_a_refusal_at_the_commit_is_of_its_row_alone(on_postgresql: Warehouse) -> None:
    on_postgresql.with_customers(*range(1, 9))
    on_postgresql.run(
        "CREATE OR REPLACE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF OLD.id = 6 THEN RAISE EXCEPTION 'late'; END IF; RETURN NULL; END $$"
    )
    on_postgresql.run(
        "CREATE CONSTRAINT TRIGGER late AFTER DELETE ON customer DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION late()"
    )
    on_postgresql.plan()
    assert set(_apply(on_postgresql)) == {"customer"}
    assert on_postgresql.keys("customer") == [6]


def test_a_commit_that_sqlite_refuses_is_of_its_row_alone(request: pytest.FixtureRequest) -> None:
    """A trigger writes down whom it deletes by a reference, which is looked at when the batch commits."""
    statements = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT)",
        "CREATE TABLE log (of INTEGER REFERENCES customer DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER late AFTER DELETE ON customer WHEN OLD.id = 3 BEGIN INSERT INTO log VALUES (OLD.id); END",
        *(f"INSERT INTO customer VALUES ({n}, '{OLD}', '{OLD}', 'Ada')" for n in range(1, 7)),
    )
    made = Scratch(request.getfixturevalue("shop_file"), statements, CUSTOMER)
    made.sweep()
    assert made.rows("SELECT id FROM customer") == [(3,)]
    assert made.rows("SELECT count(*) FROM log") == [(0,)]


def test_a_table_that_lets_no_row_through_does_not_stop_the_next_plan(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2)
    for n in (1, 2):
        warehouse.insert("account", id=n, name="Ada")
        warehouse.insert("visit", id=n, account_id=n, ended=LONG_AGO, booked=LONG_AGO, name="Ada")
    _trigger(warehouse, "customer", "DELETE", "id > 0")
    warehouse.plan()
    for _ in range(2):  # the same plan says the same
        with pytest.raises(StepRefused):
            _apply(warehouse)
        assert (warehouse.keys("customer"), warehouse.keys("visit"), _receipts(warehouse)) == ([1, 2], [1, 2], 0)
    for plan in ("q", "r"):
        warehouse.plan(plan)
        assert {name: each.rows for name, each in _apply(warehouse, plan).items()} == {"customer": 2}
        assert (warehouse.keys("customer"), warehouse.keys("visit")) == ([1, 2], [])


def test_a_plan_that_is_applied_again_tries_again_what_was_refused(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2, 3)
    _trigger(warehouse, "customer", "DELETE", "id = 2")
    warehouse.plan()
    assert [_apply(warehouse)["customer"].rows for _ in range(2)] == [1, 1]
    _mended(warehouse, "customer")
    assert not _apply(warehouse)
    assert warehouse.keys("customer") == []


@pytest.mark.parametrize("moment", range(1, 9))
def test_who_is_killed_while_rows_are_set_aside_leaves_nothing_undone(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    warehouse.with_customers(1, 2, 3, 4)
    _trigger(warehouse, "customer", "DELETE", "id = 3")
    warehouse.plan()
    following, passed = Batches.next, iter(range(1, 100))

    def dies(self: Batches, *rest: Any) -> Any:
        if next(passed) == moment:
            raise Killed
        return following(self, *rest)

    monkeypatch.setattr(Batches, "next", dies)
    with suppress(Killed):
        _apply(warehouse)
    monkeypatch.undo()
    assert _apply(warehouse)["customer"].rows == 1
    assert warehouse.keys("customer") == [3]
    assert _receipts(warehouse) == 3


def test_who_was_set_aside_for_others_goes_once_enough_have_gone(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(halving, "TRIES", 2)
    warehouse.with_customers(*range(1, 17))
    _trigger(warehouse, "customer", "DELETE", "id IN (1, 2)")
    warehouse.plan()
    assert _apply(warehouse, batch_size=4)["customer"].rows == 2
    assert warehouse.keys("customer") == [1, 2]


def test_halving_has_an_end(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no row goes, whole batches are set aside after so many refusals."""
    monkeypatch.setattr(halving, "TRIES", 2)
    following, calls = Batches.next, []

    def counting(self: Batches, *rest: Any) -> Any:
        calls.append(rest)
        return following(self, *rest)

    monkeypatch.setattr(Batches, "next", counting)
    warehouse.with_customers(*range(1, 41))
    _trigger(warehouse, "customer", "DELETE", "id > 0")
    warehouse.plan()
    with pytest.raises(StepRefused):
        _apply(warehouse)
    warehouse.plan("q")
    assert _apply(warehouse, "q", batch_size=8)["customer"].rows == 40
    assert len(calls) <= 2 + 2 * 5 + 1


@pytest.mark.parametrize("server", ON_BOTH)
def test_a_table_without_a_key_is_set_aside_whole(request: pytest.FixtureRequest, server: str) -> None:
    account = "CREATE TABLE account (id INTEGER PRIMARY KEY, born DATE, name TEXT)"
    visits = "CREATE TABLE visit (customer_id INTEGER, account_id INTEGER, born DATE, ended DATE, page TEXT)"
    never = {
        "shop_file": (
            "CREATE TRIGGER never BEFORE DELETE ON visit WHEN OLD.page = '5' BEGIN SELECT RAISE(ABORT, ''); END",
        ),
        "postgresql_url": (
            "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF OLD.page = '5' THEN RAISE EXCEPTION 'no'; END IF; RETURN OLD; END $$",
            "CREATE TRIGGER never BEFORE DELETE ON visit FOR EACH ROW EXECUTE FUNCTION never()",
        ),
    }[server]
    rows = [f"INSERT INTO visit VALUES (1, NULL, '{OLD}', '{OLD}', '{n}')" for n in range(10)]
    rows += [f"INSERT INTO customer VALUES ({n}, '{OLD}', '{OLD}', 'Ada', NULL)" for n in (1, 2)]
    tables = (CUSTOMER, ACCOUNT, VISIT)
    made = Scratch(request.getfixturevalue(server), (TABLES[0], account, visits, *never, *rows), *tables)
    made.sweep()
    assert made.rows("SELECT count(*) FROM visit") == [(10,)]
    assert made.rows("SELECT id FROM customer") == [(1,)]
