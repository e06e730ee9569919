"""A day copied from another source for somebody whose address is also another's might be the other's."""

from __future__ import annotations

from datetime import date

import pytest

from ombud.claims.world import World
from ombud.datamap.model import DataMap, Gone, Imported, Link, OwnersOf, SourceMap
from ombud.datamap.schema import ColumnType, Schema, TableSchema
from ombud.terms import IfNone
from tests.claims.shop import CUSTOMER, CUSTOMERS, POLICY, cell, kind, table
from tests.differential.cases import Case
from tests.differential.harness import Bench

VISIT = table(
    "visit",
    kind("deliver", {"ended": Imported("crm", "customer", "ended", "email", IfNone.NONE)}, cell("name")),
    links=[Link("customer", "customer", ("customer_id",), ("id",), IfNone.NOT_YET, Gone.UNLINK)],
    owners=(OwnersOf("customer"),),
)
MAP = DataMap({
    "crm": SourceMap("crm", {"customer": CUSTOMER}, {"customer": CUSTOMERS}),
    "web": SourceMap("web", {"customer": CUSTOMER, "visit": VISIT}, {"customer": CUSTOMERS}),
})  # fmt: skip


def _schema(*tables: tuple[str, str]) -> Schema:
    families = {"id": "integer", "born": "date", "ended": "date", "customer_id": "integer"}
    made = {}
    for name, columns in tables:
        typed = {c: ColumnType(c, families.get(c, "text"), c != "id") for c in columns.split()}
        made[name] = TableSchema(name, typed, ("id",))
    return Schema(made)


SCHEMAS = {
    "crm": _schema(("customer", "id born ended name email")),
    "web": _schema(("customer", "id born ended name email"), ("visit", "id born name customer_id")),
}
GONE, STAYS = "2020-01-01", None
DAYS = (date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3))


def _customer(key: int, email: str, ended: str | None) -> dict[str, object]:
    return {"id": key, "born": "2019-01-01", "ended": ended, "name": f"Ada {key}", "email": email}


@pytest.mark.parametrize(
    ("name", "theirs", "other", "left"),
    [
        ("an address of one alone, and the days are over", GONE, "bo@x.example", []),
        ("an address of one alone, and the days are not over", STAYS, "bo@x.example", [1]),
        ("an address of both: whose days are over?", GONE, "home@x.example", [1]),
        ("an address of both, which one of them takes along", STAYS, "home@x.example", [1]),
    ],
)
def test_a_visit_is_timed_by_its_owners_days(name: str, theirs: str | None, other: str, left: list[int]) -> None:
    visit = {"id": 1, "born": "2019-01-01", "name": "Ada", "customer_id": 1}
    here = (_customer(1, "home@x.example", GONE), _customer(2, other, STAYS))
    there = (_customer(7, "home@x.example", theirs),)
    world = World({"crm": {"customer": there}, "web": {"customer": here, "visit": (visit,)}}, SCHEMAS)
    bench = Bench({"crm": "sqlite://", "web": "sqlite://"})
    try:
        assert bench.run(Case(POLICY, MAP, world, (), DAYS)) is None
        with bench.engines["web"].connect() as connection:
            assert list(connection.exec_driver_sql("SELECT id FROM visit").scalars()) == left, name
            assert list(connection.exec_driver_sql("SELECT id FROM customer").scalars()) == [2], name
    finally:
        bench.close()
