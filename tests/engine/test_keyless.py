"""Tables without a key: whole rows go, never more than were frozen, and each by what it says when it goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.claims.sweep import sweep
from ombud.claims.world import World
from ombud.datamap.model import DataMap, FromChildren, Gone, Link, OwnersOf, Pick, SourceMap, Subject
from ombud.engine.counts import TableCount
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep
from ombud.sql.effects import Effects
from ombud.terms import Act, IfNone, Mark
from tests.claims.shop import CUSTOMER, POLICY, cell, customer, day_in, digest, kind, table
from tests.engine.warehouse import clear

TODAY = date(2026, 6, 1)
LONG_AGO = "2020-01-01"

VISIT = replace(
    table(
        "visit",
        kind("deliver", {"ended": day_in("ended")}, cell("page")),
        links=[
            Link("customer", "customer", ("customer_id",), ("id",), IfNone.NONE, Gone.SHELL),
            Link("account", "account", ("account_id",), ("id",), IfNone.NONE, Gone.SHELL),
        ],
        owners=(OwnersOf("customer"),),
    ),
    key=(),
)
ACCOUNT = table(
    "account",
    kind("deliver", {"ended": FromChildren(Pick.LAST_OF, "visit", "account", "ended")}, cell("name")),
)
MAP = SourceMap("crm", {t.name: t for t in (CUSTOMER, ACCOUNT, VISIT)}, {"customer": Subject("customer", "customer")})

COLUMNS = {
    "customer": "id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT",
    "account": "id INTEGER PRIMARY KEY, born DATE, name TEXT",
    "visit": "customer_id INTEGER, account_id INTEGER, born DATE, ended DATE, page TEXT, rowid TEXT, oid TEXT",
}
"""The application may call columns of its own as SQLite calls a row's number. On PostgreSQL `rowid` says nothing."""

Rows = Mapping[str, tuple[Mapping[str, Any], ...]]


def visit(page: str, ended: str | None = LONG_AGO, **more: Any) -> dict[str, Any]:
    values = {"customer_id": None, "account_id": None, "born": LONG_AGO, "rowid": "7", "oid": "7"}
    return values | {"ended": ended, "page": page} | more


def person(key: int, ended: str | None = LONG_AGO) -> dict[str, Any]:
    return {"id": key, "born": LONG_AGO, "ended": ended, "name": "Ada"}


class Log:
    """Visits without a key, on one engine."""

    def __init__(self, url: str) -> None:
        self.engine = connect(url)
        self.marks: tuple[Mark, ...] = ()
        self.before: Rows = {}
        with self.engine.begin() as connection:
            self.is_sqlite = connection.dialect.name == "sqlite"
            clear(connection)
            for name, columns in COLUMNS.items():
                connection.exec_driver_sql(f"CREATE TABLE {name} ({columns})")

    def close(self) -> None:
        with self.engine.begin() as connection:
            clear(connection)
        self.engine.dispose()

    def fill(self, **rows: list[dict[str, Any]]) -> None:
        self.before = {name: tuple(rows.get(name, ())) for name in COLUMNS}
        for name, each in rows.items():
            self.insert(name, *each)

    def insert(self, name: str, *rows: Mapping[str, Any]) -> None:
        with self.engine.begin() as connection:
            for row in rows:
                into = sa.table(name, *(sa.column(c) for c in row))
                connection.execute(into.insert().values(dict(row)))

    def run(self, statement: str) -> None:
        """What the application, or the database's keeper, does: outside any transaction."""
        raw = self.engine.raw_connection()
        driver: Any = raw.driver_connection
        raw.detach()
        if not self.is_sqlite:
            driver.set_autocommit(True)
        driver.execute(statement)
        driver.close()

    def sweep(self, connection: sa.Connection, day: date, **more: Any) -> Sweep:
        with connection.begin():
            schema = reflect(connection)
        return Sweep(connection, POLICY, MAP, schema, day, digest, plan="p", **more)

    def mark(self, act: Act, key: int) -> None:
        self.marks += (Mark(len(self.marks) + 1, TODAY, act, frozenset({customer(key)})),)

    def plan(self, day: date = TODAY) -> Mapping[str, TableCount]:
        """Freeze what is due; how much, by table."""
        with self.engine.connect() as connection:
            made = self.sweep(connection, day)
            made.prepare()
            with connection.begin():
                acknowledge(connection, made.names, self.marks)
            return {name: count for name, count in made.freeze().items() if not count.empty}

    def apply(self, day: date = TODAY, **more: Any) -> None:
        with self.engine.connect() as connection:
            self.sweep(connection, day, **more).apply()

    def rows(self, name: str) -> list[dict[str, Any]]:
        with self.engine.begin() as connection:
            found = connection.exec_driver_sql(f"SELECT {', '.join(_named(name))} FROM {name}").mappings()
            return [{c: v.isoformat() if isinstance(v, date) else v for c, v in row.items()} for row in found]

    def pages(self) -> list[str]:
        return sorted(row["page"] for row in self.rows("visit"))

    def by_oracle(self, *days: date) -> Rows:
        """What the oracle leaves of what was filled in."""
        world = World({"crm": self.before})
        for day in days:
            world, _ = sweep(POLICY, DataMap({"crm": MAP}), world, self.marks, day, digest)
        return {name: tuple(rows) for name, rows in world.tables["crm"].items()}

    def agrees(self, *days: date) -> bool:
        """The engine left what the oracle leaves, equal rows counted."""
        return all(_counted(self.rows(name)) == _counted(rows) for name, rows in self.by_oracle(*days).items())


def _named(table: str) -> list[str]:
    return [column.split()[0] for column in COLUMNS[table].split(", ")]


def _counted(rows: Any) -> Counter[tuple[tuple[str, Any], ...]]:
    return Counter(tuple(sorted(row.items())) for row in rows)


@pytest.fixture(params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    made = Log(request.getfixturevalue("shop_file" if request.param == "sqlite" else "postgresql_url"))
    yield made
    made.close()


def test_the_engine_leaves_what_the_oracle_leaves_and_a_second_sweep_finds_nothing(log: Log) -> None:
    log.fill(
        customer=[person(1), person(2), person(3, ended=None)],
        visit=[
            *[visit("equal", customer_id=1)] * 3,
            visit("goes", customer_id=2),
            visit("stays and keeps the person", customer_id=2, ended=None),
            visit("of one who stays", customer_id=3),
            visit("of nobody"),
            visit("of somebody who is not there", customer_id=9),
        ],
    )
    assert log.plan()["visit"].deleted == 6
    log.apply()
    assert log.agrees(TODAY)
    assert sorted(row["id"] for row in log.rows("customer")) == [2, 3]
    assert log.plan() == {}


def test_a_hold_on_the_person_keeps_the_rows_about_them(log: Log) -> None:
    log.fill(customer=[person(1), person(2)], visit=[visit("held", customer_id=1), visit("not", customer_id=2)])
    log.mark(Act.HELD, 1)
    log.plan()
    log.apply()
    assert log.pages() == ["held"]
    assert log.agrees(TODAY)


def test_who_is_judged_by_rows_without_a_key_remembers_them(log: Log) -> None:
    later = TODAY + timedelta(days=90)
    log.fill(
        account=[{"id": n, "born": LONG_AGO, "name": "Ada"} for n in (1, 2)],
        visit=[visit("old", account_id=1), visit("fresh", account_id=2, ended="2025-08-01"), visit("o", account_id=2)],
    )
    for day in (TODAY, later):
        log.plan(day)
        log.apply(day)
    assert log.agrees(TODAY, later)
    assert log.rows("account") == log.rows("visit") == []


def test_rows_that_came_due_since_the_plan_wait_for_the_next(log: Log) -> None:
    log.fill(visit=[visit("frozen"), visit("frozen")])
    log.plan()
    log.insert("visit", *[visit("later")] * 3)
    log.apply()
    assert len(log.pages()) == 3
    assert log.plan()["visit"].deleted == 3


def test_rows_that_live_again_since_the_plan_stay(log: Log) -> None:
    log.fill(visit=[visit("returns"), visit("goes")])
    log.plan()
    log.run("UPDATE visit SET ended = NULL WHERE page = 'returns'")
    log.apply()
    assert log.pages() == ["returns"]


def test_rows_that_the_database_moved_since_the_plan_are_found_where_they_are(log: Log) -> None:
    log.fill(visit=[visit(f"{n}", ended=LONG_AGO if n % 2 else None) for n in range(40)])
    log.plan()
    log.run("DELETE FROM visit WHERE page IN ('0', '1', '2', '3')")
    log.run("VACUUM" if log.is_sqlite else "VACUUM FULL visit")
    log.insert("visit", visit("new", ended=None))
    log.apply()
    assert log.pages() == sorted(["new", *(str(n) for n in range(4, 40, 2))])


def test_a_plan_of_another_day_deletes_no_rows_without_a_key(log: Log) -> None:
    log.fill(customer=[person(1)], visit=[visit("waits", customer_id=1)])
    log.plan()
    log.apply(TODAY + timedelta(days=1))
    assert log.pages() == ["waits"]
    assert len(log.rows("customer")) == 1


def test_small_batches_and_a_killed_apply_leave_all_of_a_table_or_nothing(log: Log, monkeypatch: Any) -> None:
    log.fill(customer=[person(1)], visit=[visit("goes", customer_id=1)] * 5)
    log.plan()
    with monkeypatch.context() as patched:
        patched.setattr(Effects, "receipt", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            log.apply(batch_size=2, probes=False)
    assert len(log.pages()) == 5
    log.apply(batch_size=2)
    assert log.pages() == []
    assert log.agrees(TODAY)


def test_partitions_number_their_rows_each_for_itself(postgresql_url: str) -> None:
    log = Log(postgresql_url)
    log.run("DROP TABLE visit")
    log.run(f"CREATE TABLE visit ({COLUMNS['visit']}) PARTITION BY LIST (page)")
    for page in ("dead", "alive"):
        log.run(f"CREATE TABLE visit_{page} PARTITION OF visit FOR VALUES IN ('{page}')")
    log.fill(visit=[visit("alive", ended=None), visit("dead"), visit("alive", ended=None), visit("dead")])
    log.plan()
    log.apply()
    assert log.pages() == ["alive", "alive"]
    log.close()
