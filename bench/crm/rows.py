"""Fill the register: `customers` people and about eleven rows for each, the same every time.

Everything is a function of a row's number, so that each engine makes the same rows from the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

TODAY = date(2026, 11, 30)
OVER = date(2025, 11, 30)
"""Whoever left before this day, a year ago, is due."""

TABLES: Mapping[str, str] = {
    "customer": "name VARCHAR(60) NOT NULL, email VARCHAR(60) NOT NULL UNIQUE, phone VARCHAR(20),"
    " created_at DATE NOT NULL, ended_at DATE",
    "address": "customer_id {key} NOT NULL REFERENCES customer (id), street VARCHAR(60), postcode VARCHAR(10),"
    " city VARCHAR(30)",
    "device": "customer_id {key} NOT NULL REFERENCES customer (id), model VARCHAR(40)",
    "newsletter": "customer_id {key} NOT NULL REFERENCES customer (id), since DATE NOT NULL, topics VARCHAR(60)",
    "visit": "customer_id {key} REFERENCES customer (id), at DATE NOT NULL, ip VARCHAR(40), page VARCHAR(60)",
    "orders": "customer_id {key} NOT NULL REFERENCES customer (id), ordered_at DATE NOT NULL, street VARCHAR(60),"
    " note VARCHAR(80)",
    "order_line": "order_id {key} NOT NULL REFERENCES orders (id), product VARCHAR(40), quantity INTEGER",
    "returned": "line_id {key} NOT NULL REFERENCES order_line (id), at DATE NOT NULL, reason VARCHAR(80)",
    "invoice": "customer_id {key} REFERENCES customer (id), booked DATE NOT NULL, name VARCHAR(60),"
    " street VARCHAR(60), phone VARCHAR(20), text VARCHAR(80), amount_ore INTEGER",
    "payment": "invoice_id {key} NOT NULL REFERENCES invoice (id), paid_at DATE NOT NULL, card VARCHAR(20)",
    "ticket": "customer_id {key} NOT NULL REFERENCES customer (id), opened_at DATE NOT NULL, subject VARCHAR(80)",
    "message": "ticket_id {key} NOT NULL REFERENCES ticket (id), sent_at DATE NOT NULL, body VARCHAR(200)",
}
"""Columns after `id`, in an order in which each refers to tables before it. An index stands on each reference."""

INDEXES = {"customer": ("ended_at",), "visit": ("customer_id", "at"), "invoice": ("customer_id", "booked")}
"""Beside those on the only reference of other tables."""


@dataclass(frozen=True)
class Words:
    """How one engine counts from 1 to n, and moves a day."""

    numbers: Callable[[int], str]
    day: Callable[[date, str], str]


WORDS: Mapping[str, Words] = {
    "postgresql": Words(
        lambda n: f"SELECT n FROM generate_series(1, {n}::bigint) AS numbers (n)",
        lambda start, days: f"DATE '{start}' + ({days})::integer",
    ),
    "mariadb": Words(
        lambda n: f"SELECT seq AS n FROM seq_1_to_{n}",
        lambda start, days: f"DATE_ADD(DATE '{start}', INTERVAL ({days}) DAY)",
    ),
    "sqlite": Words(
        lambda n: f"WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {n}) SELECT n FROM c",
        lambda start, days: f"date('{start}', '+' || ({days}) || ' days')",
    ),
}


def build(engine: sa.Engine, customers: int, due: float) -> None:
    """Make and fill the tables in an empty database. `due`: in how many per cent of the customers left long ago."""
    words = WORDS[engine.dialect.name]
    key = "INTEGER" if engine.dialect.name == "sqlite" else "BIGINT"
    with engine.begin() as connection:
        if engine.dialect.name == "mariadb":
            connection.exec_driver_sql("SET sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT')")
        for name, columns in TABLES.items():
            connection.exec_driver_sql(f"CREATE TABLE {name} (id {key} PRIMARY KEY, {columns.format(key=key)})")
        for name, (number, row) in _rows(customers, due, words).items():
            made = f"INSERT INTO {name} SELECT {', '.join(row)} FROM ({words.numbers(number)}) AS every"
            connection.exec_driver_sql(made if engine.dialect.name == "sqlite" else made.replace("%", "%%"))
        for name, columns in TABLES.items():
            refers = (columns.split(" ", 1)[0],) if "REFERENCES" in columns else ()
            for column in INDEXES.get(name, refers):
                connection.exec_driver_sql(f"CREATE INDEX {name}_{column} ON {name} ({column})")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        said = {"sqlite": "ANALYZE", "postgresql": "VACUUM ANALYZE", "mariadb": f"ANALYZE TABLE {', '.join(TABLES)}"}
        connection.exec_driver_sql(said[engine.dialect.name])


def _rows(customers: int, due: float, words: Words) -> dict[str, tuple[int, list[str]]]:
    """By table, how many rows, and what stands in the n-th of them."""
    day = words.day
    share = round(due * 100)
    is_due = f"n * 7919 % 10000 < {share}"
    long_ago = day(OVER - timedelta(days=731), "n * 31 % 720")
    lately = day(OVER + timedelta(days=5), "n * 17 % 333")
    # One in six of those who stay left in the last year: each day 0.05 per cent of the customers.
    ended = f"CASE WHEN {is_due} THEN {long_ago} WHEN n % 6 = 0 THEN {lately} END"

    def of(number: int) -> str:
        return f"(n - 1) % {number} + 1"

    def called(word: str) -> str:
        return f"'{word} ' || n"

    visited = f"CASE WHEN {is_due} THEN {long_ago} ELSE {day(OVER + timedelta(days=5), 'n * 13 % 355')} END"
    start = date(2016, 1, 1)
    ever = day(start, "n * 11 % 3600")
    phone = "'070' || n * 7919 % 10000000"
    rows = {
        "customer": (1.0, [called("Name"), "'p' || n || '@x.example'", phone, ever, ended]),
        "address": (1.0, ["n", called("Gatan"), "'100 00'", "'Staden'"]),
        "device": (0.33, ["n * 3", called("Model")]),
        "newsletter": (0.33, ["n * 3", ever, "'lamps, chairs'"]),
        "visit": (1.0, ["n", visited, "'192.0.2.7'", called("/lamps/")]),
        "orders": (2.0, [of(customers), ever, called("Gatan"), "'Ring the bell'"]),
        "order_line": (2.5, [of(2 * customers), called("Lamp"), "n % 4 + 1"]),
        "returned": (0.1, ["n * 7", ever, "'Too bright'"]),
        "invoice": (1.2, [of(customers), day(date(2016, 12, 1), "n * 31 % 3640"), called("Name"), called("Gatan"),
                          phone, "'Two lamps'", "n * 100 % 90000"]),
        "payment": (1.2, ["n", ever, "'**** 1234'"]),
        "ticket": (0.3, ["n * 3", ever, "'A lamp is broken'"]),
        "message": (0.45, [of(round(0.3 * customers)), ever, "'It does not shine any more, please send another'"]),
    }  # fmt: skip
    return {name: (round(share * customers), ["n", *row]) for name, (share, row) in rows.items()}


def known(over: date = OVER) -> Iterator[tuple[str, str]]:
    """By table, children first, the hand-written query for the keys of what is due to go: of who left before a day."""
    gone = f"SELECT id FROM customer WHERE ended_at < '{over}'"
    old = "booked < '2019-01-01'"
    invoices = f"SELECT id FROM invoice WHERE customer_id IN ({gone}) AND {old}"
    yield "message", f"SELECT m.id FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE t.customer_id IN ({gone})"
    yield "ticket", f"SELECT id FROM ticket WHERE customer_id IN ({gone})"
    yield "payment", f"SELECT id FROM payment WHERE invoice_id IN ({invoices})"
    yield "invoice", invoices
    lines = f"SELECT l.id FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.customer_id IN ({gone})"
    yield "returned", f"SELECT id FROM returned WHERE line_id IN ({lines})"
    yield "order_line", lines
    for name in ("orders", "newsletter", "device", "address"):
        yield name, f"SELECT id FROM {name} WHERE customer_id IN ({gone})"
    yield "visit", f"SELECT id FROM visit WHERE at <= '{over}'"
    yield "customer", gone
