"""A day copied from another source speaks for the one it was copied of, whatever the company, if nobody shares their
address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from ombud.claims.world import World
from ombud.datamap.model import (
    CompanyColumn,
    DataMap,
    Gone,
    IdentifierColumn,
    Imported,
    Link,
    OwnersOf,
    SourceMap,
    Subject,
)
from ombud.datamap.schema import ColumnType, Schema, TableSchema
from ombud.terms import IfNone
from tests.claims.shop import COMPANIES, POLICY, cell, day_in, kind, table
from tests.claims.shop import CUSTOMER as MINE
from tests.differential.cases import Case
from tests.differential.harness import Bench

VISIT = table(
    "visit",
    kind("deliver", {"ended": Imported("crm", "customer", "ended", "email", IfNone.NONE)}, cell("name")),
    links=[Link("customer", "customer", ("customer_id",), ("id",), IfNone.NOT_YET, Gone.UNLINK)],
    owners=(OwnersOf("customer"),),
)
CUSTOMER = table(
    "customer",
    kind("deliver", {"ended": day_in("ended")}, cell("name")),
    company=CompanyColumn("firm", {name: name for name in COMPANIES}),
    owners=MINE.owners,
)
CUSTOMERS = Subject("customer", "customer", (IdentifierColumn("email", "email"), IdentifierColumn("email", "work")))
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


PERSON = ("customer", "id born ended name email work firm")
SCHEMAS = {"crm": _schema(PERSON), "web": _schema(PERSON, ("visit", "id born name customer_id"))}
OVER, GOES_ON, TODAY = "2020-01-01", None, date(2026, 6, 1)
DAYS = (TODAY, date(2026, 6, 2), date(2026, 6, 3), date(2026, 6, 4))

Row = dict[str, object]


def _person(key: int, email: str, ended: str | None, work: str | None = None, firm: str = "alfa") -> Row:
    values = {"ended": ended, "name": f"Ada {key}", "email": email, "work": work, "firm": firm}
    return {"id": key, "born": "2019-01-01", **values}


ADA, BO = _person(1, "ada@x.example", OVER, work="a@work.example"), _person(2, "bo@x.example", GOES_ON)
COUPLE = _person(2, "ada@x.example", GOES_ON)


def _there(ended: str | None, key: int = 7, work: str | None = None, firm: str = "alfa") -> Row:
    return _person(key, "ada@x.example", ended, work, firm)


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    made = Bench({"crm": "sqlite://", "web": "sqlite://"})
    yield made
    made.close()


@pytest.mark.parametrize(
    ("here", "there", "left"),
    [
        pytest.param([ADA, BO], [_there(OVER)], [], id="her days are over"),
        pytest.param([ADA, BO], [_there(GOES_ON)], [1], id="her days are not over"),
        pytest.param([ADA, BO], [_there(OVER, work="a@work.example")], [], id="one row, found by two addresses"),
        pytest.param([ADA, BO], [_there(OVER), _there(GOES_ON, 8)], [1], id="two rows there share her address"),
        pytest.param([ADA, BO], [_there(GOES_ON, firm="beta")], [1], id="of another company, and not over"),
        pytest.param([ADA, BO], [_there(OVER, firm="beta"), _there(GOES_ON, 8)], [1], id="in two companies"),
        pytest.param([ADA, BO], [], [], id="nobody there has her address"),
        pytest.param([ADA, COUPLE], [_there(OVER)], [1], id="an address of both here: whose days are over?"),
        pytest.param([ADA, COUPLE], [_there(GOES_ON)], [1], id="an address of both, which one of them takes along"),
    ],
)
def test_a_visit_is_timed_by_its_owners_days(bench: Bench, here: list[Row], there: list[Row], left: list[int]) -> None:
    visit = {"id": 1, "born": "2019-01-01", "name": "Ada", "customer_id": 1}
    tables = {"crm": {"customer": tuple(there)}, "web": {"customer": tuple(here), "visit": (visit,)}}
    assert bench.run(Case(POLICY, MAP, World(tables, SCHEMAS), (), DAYS)) is None
    with bench.engines["web"].connect() as connection:
        assert list(connection.exec_driver_sql("SELECT id FROM visit").scalars()) == left
        assert list(connection.exec_driver_sql("SELECT id FROM customer").scalars()) == [2]
