"""`make bench`: one sweep of a small shop on SQLite, beside the two DELETEs somebody would write by hand."""

from __future__ import annotations

import argparse
import hashlib
import platform
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.datamap.model import (
    Binding,
    Blank,
    Cell,
    Encoding,
    FromColumn,
    IsCompany,
    IsSubject,
    Kind,
    Link,
    OwnersOf,
    SourceMap,
    Subject,
    Table,
    Through,
    TimeColumn,
)
from ombud.engine.sweep import Sweep
from ombud.policy.model import Add, Basis, BasisKind, Clock, Company, OnErasure, Policy, Purpose
from ombud.terms import Period

TODAY = date(2026, 11, 23)
CLOCK = Clock("ended", (Add(Period(months=12)),))
DELIVERY = Purpose("delivery", (Basis(BasisKind.CONTRACT),), frozenset({"contact"}), CLOCK, OnErasure.STAYS)
POLICY = Policy("Europe/Stockholm", {"shop": Company("shop", "Shop")}, {"shop": {"delivery": DELIVERY}})
ENDED = FromColumn((TimeColumn("ended", Encoding.DATE),))


def _kind(moment: FromColumn | Through, cell: str) -> Kind:
    cells = {cell: Cell(cell, cell, "contact", blank=Blank())}
    return Kind("row", (), (Binding("delivery"),), {"ended": moment}, cells)


CUSTOMER = Table("customer", ("id",), IsCompany("shop"), (_kind(ENDED, "name"),), owners=(IsSubject("customer"),))
ORDERS = Table(
    "orders",
    ("id",),
    IsCompany("shop"),
    (_kind(Through("customer", "ended"), "street"),),
    links={"customer": Link("customer", "customer", ("customer_id",), ("id",))},
    owners=(OwnersOf("customer"),),
)
MAP = SourceMap("shop", {"customer": CUSTOMER, "orders": ORDERS}, {"customer": Subject("customer", "customer")})


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--due", type=int, default=10, help="per cent of them that are due")
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    by_hand, swept = [], []
    for _ in range(asked.times):
        with tempfile.TemporaryDirectory() as where:
            by_hand.append(_by_hand(_shop(Path(where) / "hand.db", asked.customers, asked.due)))
            swept.append(_swept(_shop(Path(where) / "ombud.db", asked.customers, asked.due)))
    one, other = statistics.median(by_hand), statistics.median(swept)
    where = f"{platform.machine()}, Python {platform.python_version()}, SQLite"
    print(f"{where}: {asked.customers:,} customers with 3 orders each, {asked.due} % due")
    print(f"median of {asked.times}: by hand {one:.2f} s, plan and apply {other:.2f} s, {other / one:.0f} times")
    return 0


def _shop(path: Path, customers: int, due: int) -> str:
    path.touch()
    url = f"sqlite:///{path}"
    engine = connect(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, ended DATE)")
        connection.exec_driver_sql(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY,"
            " customer_id INTEGER NOT NULL REFERENCES customer, street TEXT)"
        )
        connection.exec_driver_sql("CREATE INDEX orders_of ON orders (customer_id)")
        connection.exec_driver_sql("CREATE INDEX customer_ended ON customer (ended)")
        long_ago = (TODAY - timedelta(days=800)).isoformat()
        people = [(n, f"Name {n}", long_ago if n % 100 < due else None) for n in range(customers)]
        connection.exec_driver_sql("INSERT INTO customer VALUES (?, ?, ?)", people)
        orders = [(3 * n + k, n, f"Gatan {k}") for n in range(customers) for k in range(3)]
        connection.exec_driver_sql("INSERT INTO orders VALUES (?, ?, ?)", orders)
    engine.dispose()
    return url


def _by_hand(url: str) -> float:
    engine = connect(url)
    started = time.perf_counter()
    with engine.begin() as connection:
        over = ("2025-11-23",)
        connection.exec_driver_sql(
            "DELETE FROM orders WHERE customer_id IN (SELECT id FROM customer WHERE ended < ?)", over
        )
        connection.exec_driver_sql("DELETE FROM customer WHERE ended < ?", over)
    spent = time.perf_counter() - started
    engine.dispose()
    return spent


def _swept(url: str) -> float:
    engine = connect(url)
    with engine.connect() as connection:
        with connection.begin():
            schema = reflect(connection)
        sweep = Sweep(connection, POLICY, MAP, schema, TODAY, _digest, "bench", batch_size=5000)
        sweep.prepare()
        started = time.perf_counter()
        sweep.freeze()
        sweep.apply()
        spent = time.perf_counter() - started
    engine.dispose()
    return spent


def _digest(kind: str, value: object) -> str:
    return hashlib.sha256(f"{kind}{value}".encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
