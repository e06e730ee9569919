"""Answers to persons beside hand-written SELECTs by known keys: one at a time, as JSON, from a warm process."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bench.crm.copies import Copies
from bench.crm.ours import digested, loaded
from ombud.adapters.database import connect
from ombud.engine.answering import Answering
from ombud.engine.program import Statements
from ombud.engine.saying import Meant, Told
from ombud.engine.sweep import Sweep
from ombud.terms import IdRef

BY_HAND = {
    "customer": "id = %s",
    "address": "customer_id = %s",
    "device": "customer_id = %s",
    "newsletter": "customer_id = %s",
    "visit": "customer_id = %s",
    "orders": "customer_id = %s",
    "order_line": "order_id = ANY(%s)",
    "returned": "line_id = ANY(%s)",
    "invoice": "customer_id = %s",
    "payment": "invoice_id = ANY(%s)",
    "ticket": "customer_id = %s",
    "message": "ticket_id = ANY(%s)",
}
"""Of each table, the rows of one person; on PostgreSQL they are sent in one go."""

KEYS = {
    "order_line": "SELECT id FROM orders WHERE customer_id = %s",
    "returned": "SELECT l.id FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.customer_id = %s",
    "payment": "SELECT id FROM invoice WHERE customer_id = %s",
    "message": "SELECT id FROM ticket WHERE customer_id = %s",
}
MANY = 5000
"""Visits of the person who has many."""


@dataclass
class Times:
    """Seconds of each answer; `many` of whoever has so many rows in one table. `a_second`: answers alone, in turn."""

    ours: list[float] = field(default_factory=list)
    by_hand: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)
    a_second: float = 0.0


def answered(copies: Copies, persons: int) -> Times:
    """Answer so many persons, one by one beside the hand-written statements; then all of them alone (PostgreSQL)."""
    engine = connect(copies.url)
    try:
        with engine.connect() as connection:
            sweep, ours = loaded().sweep(connection), Times()
            with connection.begin():
                chosen = connection.exec_driver_sql("SELECT id, email FROM customer ORDER BY id").fetchmany(
                    persons + 50
                )
                keys = {each: _keys(connection, each) for each, _ in chosen}
            for n, (number, email) in enumerate(chosen):
                started = time.perf_counter()
                written(answer(connection, sweep, email))
                between = time.perf_counter()
                _by_hand(connection, keys[number])
                if n >= 50:  # warm
                    ours.ours.append(between - started)
                    ours.by_hand.append(time.perf_counter() - between)
            ours.many = list(_many(connection, sweep, *chosen[-1]))
            started = time.perf_counter()
            for _, email in chosen:
                written(answer(connection, sweep, email))
            ours.a_second = len(chosen) / (time.perf_counter() - started)
            return ours
    finally:
        engine.dispose()


def answer(connection: sa.Connection, sweep: Sweep, email: str) -> list[Told]:
    """What the register holds about whoever has this address."""
    with connection.begin():
        about = ("gather", sweep.source.source, sweep.today)
        asking = Answering(Statements(connection, sweep.program, about), sweep.judge, digested)
        refs: set[Any] = set()
        for bearing in asking.bearers([("email", email)]).values():
            for bearer in bearing:
                refs |= {bearer.ref, *(IdRef(kind, digest) for kind, digest, _ in bearer.identifiers)}
        return asking.answers([Meant(frozenset(refs))])


def written(told: list[Told]) -> str:
    """As JSON, to the last byte."""
    return json.dumps(
        [
            [each.table, each.key, each.company]
            + [
                [d.name, str(d.value), d.category, d.provenance]
                + [[h.purpose, h.basis, h.until and h.until.isoformat(), h.why] for h in d.holds]
                for d in each.data
            ]
            for each in told
        ]
    )


def _keys(connection: sa.Connection, number: int) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(BY_HAND, number)
    for table, statement in KEYS.items():
        found[table] = list(connection.exec_driver_sql(statement, (number,)).scalars())
    return found


def _by_hand(connection: sa.Connection, keys: dict[str, Any]) -> str:
    driver: Any = connection.connection.driver_connection
    with connection.begin(), driver.pipeline():
        cursors = []
        for table, which in BY_HAND.items():
            cursors.append(driver.cursor())
            cursors[-1].execute(f"SELECT * FROM {table} WHERE {which}", (keys[table],))
        return json.dumps([[list(map(str, row)) for row in cursor.fetchall()] for cursor in cursors])


def _many(connection: sa.Connection, sweep: Sweep, number: int, email: str) -> Iterator[float]:
    """The seconds of an answer to somebody with many visits, who are gone afterwards."""
    with connection.begin() as transaction:
        top = connection.exec_driver_sql("SELECT max(id) FROM visit").scalar_one()
        connection.exec_driver_sql(
            "INSERT INTO visit (id, customer_id, at, ip, page) SELECT %s + n, %s, DATE '2026-11-01', '192.0.2.1', '/'"
            " FROM generate_series(1, %s::bigint) AS numbers (n)",
            (top, number, MANY),
        )
        transaction.commit()
    for _ in range(7):
        started = time.perf_counter()
        written(answer(connection, sweep, email))
        yield time.perf_counter() - started
    with connection.begin():
        connection.exec_driver_sql("DELETE FROM visit WHERE id > %s", (top,))


def said(times: Times) -> str:
    """The figures, as ratios in one run."""
    middle = statistics.median
    ours, by_hand = middle(times.ours), middle(times.by_hand)
    return (
        f"  one answer {1000 * ours:.1f} ms, by hand {1000 * by_hand:.1f} ms: {ours / by_hand:.1f} times\n"
        f"  {MANY:,} rows in one table {1000 * middle(times.many):.0f} ms: {middle(times.many) / ours:.0f} times\n"
        f"  {times.a_second:.0f} answers a second, one after the other"
    )
