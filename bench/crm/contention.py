"""How long an application's own transactions wait while a sweep is at work beside them, on PostgreSQL.

Each changes a customer, whoever it be, and places an order for them, as fast as it can; first without a sweep.
"""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa

from bench.crm.copies import Copies
from bench.crm.ours import loaded

DEADLOCK = "40P01"
"""SQLSTATE of who was chosen to end a deadlock."""


@dataclass
class Waits:
    """Seconds of each transaction, alone and beside a sweep; of the sweep; how often somebody was in a deadlock."""

    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    sweep: float = 0.0
    deadlocks: int = 0

    def p99(self, times: list[float]) -> float:
        """The time that one transaction in a hundred takes longer than."""
        return statistics.quantiles(times, n=100)[98]


def contended(copies: Copies, batch: int, writers: int, alone: float) -> Waits:
    """Write alone for so many seconds, then as long as the sweep takes. The sweep must come to its end."""
    found, ours = Waits(), loaded()
    copies.prepare()
    try:
        with copies.copy() as engine:
            with _writing(engine, copies.customers, writers, found, found.alone):
                time.sleep(alone)
            with _writing(engine, copies.customers, writers, found, found.beside):
                found.sweep = sum(ours.swept(engine, batch))
    finally:
        copies.drop()
    return found


class _writing:
    """So many threads that write, for as long as the block runs."""

    def __init__(self, engine: sa.Engine, customers: int, writers: int, found: Waits, times: list[float]) -> None:
        self.engine, self.customers, self.found, self.times = engine, customers, found, times
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._write, args=(n,)) for n in range(writers)]

    def __enter__(self) -> None:
        for thread in self.threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _write(self, number: int) -> None:
        chance, order = random.Random(number), 10**9 * (number + 1) + time.time_ns() % 10**9
        with self.engine.connect() as connection:
            while not self.over.is_set():
                customer, order, started = chance.randint(1, self.customers), order + 1, time.perf_counter()
                try:
                    self._transaction(connection.exec_driver_sql, customer, order)
                    connection.commit()
                except sa.exc.DBAPIError as error:
                    connection.rollback()
                    state = getattr(error.orig, "sqlstate", "")
                    self.found.deadlocks += state == DEADLOCK
                    if state not in (DEADLOCK, "23503"):  # the customer is gone
                        raise
                self.times.append(time.perf_counter() - started)

    def _transaction(self, run: Callable[[str], object], customer: int, order: int) -> None:
        run(f"UPDATE customer SET phone = '0700000000' WHERE id = {customer}")
        run(f"INSERT INTO orders VALUES ({order}, {customer}, '2026-11-30', 'Gatan 1', 'Ring')")
