"""A small shop in a real database: customers, their orders and letters, and accounts that live by their visits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.datamap.model import FromChildren, Gone, Link, OwnersOf, Pick, SourceMap, Through
from ombud.engine.counts import TableCount
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Progress, Sweep
from ombud.terms import Act, IfNone, Mark, Ref
from tests.claims.shop import CUSTOMER, CUSTOMERS, POLICY, cell, customer, day_in, digest, kind, table

TODAY = date(2026, 6, 1)
LONG_AGO = "2020-01-01"

ORDERS = table(
    "orders",
    kind("deliver", {"ended": day_in("ended")}, cell("name")),
    links=[Link("customer", "customer", ("customer_id",), ("id",), IfNone.NOT_YET, Gone.UNLINK)],
    owners=(OwnersOf("customer"),),
)
LETTER = table(
    "letter",
    kind("deliver", {"ended": Through("customer", "ended")}, cell("name")),
    links=[Link("customer", "customer", ("customer_id",), ("id",), IfNone.NOT_YET, Gone.SHELL, nullable=False)],
    owners=(OwnersOf("customer"),),
)
# A visit is kept for the books, and times the account it was paid to.
ACCOUNT = table(
    "account", kind("deliver", {"ended": FromChildren(Pick.LAST_OF, "visit", "account", "ended")}, cell("name"))
)
VISIT = table(
    "visit",
    kind("books", {"booked": day_in("booked"), "ended": day_in("ended")}, cell("name", "bill")),
    links=[Link("account", "account", ("account_id",), ("id",), IfNone.NOT_YET, Gone.UNLINK)],
)
MAP = SourceMap("crm", {t.name: t for t in (CUSTOMER, ORDERS, LETTER, ACCOUNT, VISIT)}, {"customer": CUSTOMERS})

TABLES = (
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, born DATE, ended DATE,"
    " name TEXT)",
    "CREATE TABLE letter (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer ON DELETE CASCADE,"
    " born DATE, name TEXT)",
    "CREATE TABLE account (id INTEGER PRIMARY KEY, born DATE, name TEXT)",
    "CREATE TABLE visit (id INTEGER PRIMARY KEY, account_id INTEGER REFERENCES account, born DATE, ended DATE,"
    " booked DATE, name TEXT)",
)


def clear(connection: sa.Connection) -> None:
    """Everything goes but the calendar, which is long to make."""
    if connection.dialect.name == "sqlite":
        names = "SELECT '\"' || name || '\"' FROM sqlite_master WHERE type = 'table' AND name <> 'ombud_calendar'"
        last, zone = "", "UPDATE ombud_meta SET value = '0' WHERE name = 'marks'"
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    elif connection.dialect.name == "duckdb":
        names = "SELECT table_name FROM duckdb_tables() WHERE table_name <> 'ombud_calendar'"
        last, zone = "", "UPDATE ombud_meta SET value = '0' WHERE name = 'marks'"
    elif connection.dialect.name == "mariadb":
        names = (
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() "
            "AND table_name <> 'ombud_calendar'"
        )
        last, zone = "", "UPDATE ombud_meta SET value = '0' WHERE name = 'marks'"
    else:
        names = (
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname IN ('public', 'ombud') AND tablename <> 'calendar'"
        )
        last, zone = " CASCADE", "UPDATE ombud.meta SET value = '0' WHERE name = 'marks'"
    found = [str(name) for name in connection.exec_driver_sql(names.replace("%", "%%")).scalars()]
    for name in found:
        if name in ('"ombud_meta"', "ombud_meta", "ombud.meta"):
            connection.exec_driver_sql(zone)
        else:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}{last}")


class Warehouse:
    """The shop on one engine. `customer` is filled by `with_customers`; a row is `born` on 1 January 2020."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = connect(url)
        with self.engine.connect() as connection:
            with connection.begin():
                clear(connection)
                for statement in TABLES:
                    connection.exec_driver_sql(statement)
            with connection.begin():
                self.schema = reflect(connection)
            self.sweep(connection).prepare()

    def close(self) -> None:
        self.engine.dispose()

    # --- what ombud does -------------------------------------------------------------------------------------------

    def sweep(self, connection: sa.Connection, plan: str = "p", batch_size: int = 1000) -> Sweep:
        return Sweep(connection, POLICY, MAP, self.schema, TODAY, digest, plan=plan, batch_size=batch_size)

    def plan(self, plan: str = "p") -> dict[str, TableCount]:
        """Freeze what is due; how much, by table."""
        with self.engine.connect() as connection:
            counts = self.sweep(connection, plan).freeze()
        return {name: count for name, count in counts.items() if not count.empty}

    def apply(self, plan: str = "p", batch_size: int = 1000, progress: Progress | None = None) -> None:
        with self.engine.connect() as connection:
            self.sweep(connection, plan, batch_size).apply(progress)

    def mark(self, act: Act, *keys: int, seq: int = 1) -> None:
        """Acknowledge a mark about customers that counts from today."""
        with self.engine.connect() as connection, connection.begin():
            self.acknowledge(connection, act, *keys, seq=seq)

    def acknowledge(self, connection: sa.Connection, act: Act, *keys: int, seq: int = 1) -> None:
        """The same, inside an open transaction."""
        refs: frozenset[Ref] = frozenset(customer(key, LONG_AGO) for key in keys)
        acknowledge(connection, self.sweep(connection).names, [Mark(seq, TODAY, act, refs)])

    # --- what the application does ---------------------------------------------------------------------------------

    def run(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    @contextmanager
    def running(self, statement: str) -> Iterator[sa.Connection]:
        """The application has run a statement, and not committed it yet."""
        with self.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(statement)
            yield connection

    def with_customers(self, *keys: int, ended: str | None = LONG_AGO) -> None:
        for key in keys:
            self.insert("customer", id=key, ended=ended, name=f"Ada {key}", email=f"ada{key}@x.example")

    def insert(self, into: str, **row: Any) -> None:
        values: Mapping[str, Any] = {"born": LONG_AGO, **row}
        with self.engine.begin() as connection:
            connection.execute(sa.table(into, *(sa.column(c) for c in values)).insert().values(values))

    def keys(self, name: str) -> list[int]:
        return [row["id"] for row in self.rows(name)]

    def rows(self, name: str) -> list[dict[str, Any]]:
        with self.engine.begin() as connection:
            found = connection.exec_driver_sql(f'SELECT * FROM "{name}" ORDER BY id')
            return [dict(row._mapping) for row in found]
