"""Before the first effect every kind of step is tried and undone: what the database refuses, it refuses in time."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ombud.adapters.trouble import trouble
from ombud.datamap.model import Table
from ombud.engine.probing import Probe
from ombud.engine.refusal import StepRefused
from tests.engine.warehouse import LONG_AGO, Warehouse

SQLITE = "CREATE TRIGGER never BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'Ada must stay'); END"
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'Ada must stay'; END $$",
    "CREATE TRIGGER never BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION never()",
)


def _forbid(warehouse: Warehouse, event: str, table: str) -> None:
    statements = (SQLITE,) if warehouse.engine.dialect.name == "sqlite" else POSTGRESQL
    for statement in statements:
        warehouse.run(statement.format(event=event, table=table))


def _refused(warehouse: Warehouse) -> StepRefused:
    with pytest.raises(StepRefused) as refused:
        warehouse.apply()
    return refused.value


def _receipts(warehouse: Warehouse) -> int:
    with warehouse.engine.connect() as connection, connection.begin():
        receipt = warehouse.sweep(connection).names.receipt
        return int(connection.execute(sa.select(sa.func.count()).select_from(receipt)).scalar_one())


def test_a_delete_that_the_last_table_refuses_leaves_the_first_as_it_was(warehouse: Warehouse) -> None:
    warehouse.with_customers(1, 2)
    warehouse.insert("orders", id=7, customer_id=1, ended=LONG_AGO, name="Ada")
    assert set(warehouse.plan()) == {"customer", "orders"}
    _forbid(warehouse, "DELETE", "customer")
    refused = _refused(warehouse)
    assert str(refused) == "customer"
    said = trouble(refused)
    assert said.message.startswith("customer: ")
    assert said.message.endswith("nothing was changed")
    assert "Ada" not in said.message
    assert (warehouse.keys("orders"), warehouse.keys("customer"), _receipts(warehouse)) == ([7], [1, 2], 0)


def test_an_unlinking_that_the_database_refuses_leaves_everything_as_it_was(warehouse: Warehouse) -> None:
    warehouse.with_customers(1)
    warehouse.insert("orders", id=7, customer_id=1, ended=None, name="Ada")
    warehouse.insert("account", id=1, name="Ada")
    assert warehouse.plan()["customer"].deleted
    _forbid(warehouse, "UPDATE", "orders")
    assert str(_refused(warehouse)) == "customer"
    assert (warehouse.keys("customer"), warehouse.rows("orders")[0]["customer_id"]) == ([1], 1)


def test_children_that_go_first_do_not_make_the_probe_refuse(warehouse: Warehouse) -> None:
    """On PostgreSQL the reference is not deferrable, so the parent's delete fails in the probe, and must not count."""
    warehouse.with_customers(1)
    for n in range(5):
        warehouse.insert("letter", id=n, customer_id=1, name="Ada")
    warehouse.plan()
    warehouse.apply()
    assert (warehouse.keys("letter"), warehouse.keys("customer")) == ([], [])


@pytest.fixture
def rules(request: pytest.FixtureRequest) -> str:
    """A hash of rules that no other test has: notes outlive the warehouse's tables."""
    return f"rules of {request.node.name}"


def test_what_went_through_by_the_same_rules_is_not_tried_again(warehouse: Warehouse, rules: str) -> None:
    tried = _tables_tried(warehouse, rules), _tables_tried(warehouse, rules)
    assert tried == (["customer"], [])


def test_it_is_tried_again_by_other_rules_and_where_no_rules_are_told(warehouse: Warehouse, rules: str) -> None:
    tried = [_tables_tried(warehouse, each) for each in (rules, f"other {rules}", "", "")]
    assert tried == [["customer"]] * 4


def test_a_kind_of_step_that_was_never_tried_is_tried(warehouse: Warehouse, rules: str) -> None:
    assert _tables_tried(warehouse, rules) == ["customer"]
    warehouse.with_customers(1)
    warehouse.insert("orders", id=9, customer_id=1, ended=LONG_AGO, name="Ada")
    assert _tables_tried(warehouse, rules) == ["orders"]


def test_what_was_refused_after_all_is_tried_again(warehouse: Warehouse, rules: str) -> None:
    assert _tables_tried(warehouse, rules) == ["customer"]
    _forbid(warehouse, "DELETE", "customer")
    assert _tables_tried(warehouse, rules) == []
    assert warehouse.keys("customer")
    with pytest.raises(StepRefused):
        _tables_tried(warehouse, rules)


def _tables_tried(warehouse: Warehouse, rules: str) -> list[str]:
    """One more customer goes; of which tables steps were tried first."""
    key = 1 + max([0, *warehouse.keys("customer")])
    warehouse.with_customers(key)
    warehouse.plan()
    tried: list[str] = []

    class Watched(Probe):
        def refusal(self, table: Table) -> StepRefused | None:
            tried.append(table.name)
            return super().refusal(table)

    with pytest.MonkeyPatch.context() as patch, warehouse.engine.connect() as connection:
        patch.setattr("ombud.engine.sweep.Probe", Watched)
        sweep = warehouse.sweep(connection)
        sweep.rules = rules
        sweep.apply()
    return sorted(tried)
