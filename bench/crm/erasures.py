"""One person erased at a time, with receipt, and many at once, beside what somebody would write by hand.

They are persons who are due, each with a mark by which their claims end, so that both ways must leave the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from bench.crm.copies import Copies
from bench.crm.floor import by_hand, left
from bench.crm.ours import loaded
from bench.crm.rows import OVER, TODAY
from ombud.app.closely.sweeping import at_once as closely
from ombud.engine.persons import Asked
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep
from ombud.terms import Act, IdRef, KeyRef, Mark, Ref

Told = Callable[[str], None]

Person = tuple[int, str, str]
"""Key, address and day of birth of a customer's row."""

WARM = 8
"""Erasures before the clock is looked at."""


@dataclass
class Erasures:
    """Seconds of each erasure: by hand, and by ombud: its marks acknowledged, and all the rest of it."""

    floor: list[float] = field(default_factory=list)
    marking: list[float] = field(default_factory=list)
    sweeping: list[float] = field(default_factory=list)

    @property
    def ours(self) -> list[float]:
        return [sum(each) for each in zip(self.marking, self.sweeping, strict=True)]


def one_by_one(copies: Copies, persons: int) -> Erasures:
    """So many persons each, in turns, in a process that is warm. Raises AssertionError where the two leave otherwise
    than a deletion of all who are due.
    """
    found, took = Erasures(), Erasures()
    copies.prepare()
    try:
        with copies.copy() as engine:
            due = list(_due(engine, 2 * (persons + WARM)))
            by_hand(engine, 1000)
            there = list(left(engine))
        with copies.copy() as engine, engine.connect() as connection, engine.connect() as other:
            sweep = loaded().sweep(connection)
            for n, (one, two) in enumerate(zip(due[::2], due[1::2], strict=True)):
                found.floor.append(_by_hand(other, one[0]))
                erase(sweep, [two], n + 1, took, f"request/{n}")
            keys = ", ".join(str(key) for key, *_ in due)
            gone = other.exec_driver_sql(f"SELECT count(*) FROM customer WHERE id IN ({keys})").scalar_one()
            other.commit()
            assert gone == 0, "somebody is there still"
            by_hand(engine, 1000)
            assert list(left(engine)) == there, "ombud and the statements by hand leave something else"
    finally:
        copies.drop()
    return Erasures(found.floor[WARM:], took.marking[WARM:], took.sweeping[WARM:])


def at_once(copies: Copies, batch: int, times: int, tell: Told) -> Erasures:
    """Everybody who is due, at once, so many times; likewise."""
    found, ours = Erasures(), loaded()
    copies.prepare()
    try:
        for n in range(times):
            with copies.copy() as engine:
                due = list(_due(engine, copies.customers))
                found.floor.append(by_hand(engine, batch))
                there = list(left(engine))
            with copies.copy() as engine, engine.connect() as connection:
                erase(ours.sweep(connection, batch=batch), due, 1, found, "request/all")
                assert list(left(engine)) == there, "ombud and the statements by hand leave something else"
            tell(f"{n + 1}: {len(due):,} persons by hand {found.floor[-1]:.2f} s, by ombud {found.ours[-1]:.2f} s")
    finally:
        copies.drop()
    return found


def erase(sweep: Sweep, persons: list[Person], seq: int, took: Erasures, plan: str) -> None:
    """Mark these persons, and sweep them."""
    digest = sweep.digest
    refs: set[Ref] = set()
    for key, email, birth in persons:
        refs |= {KeyRef("crm", "customer", (key,), birth), IdRef("email", digest("email", email))}
    mark = Mark(seq, TODAY, Act.ENDED, frozenset(refs), "delivery")
    asked = Asked(frozenset(refs), frozenset(("email", email) for _, email, _ in persons))
    clock = [time.perf_counter()]
    with sweep.connection.begin():
        acknowledge(sweep.connection, sweep.names, [mark])
    clock.append(time.perf_counter())
    theirs = replace(sweep, persons=asked, plan=plan)
    if closely(theirs) is None and theirs.at_once() is None:
        theirs.freeze()
        theirs.apply()
    clock.append(time.perf_counter())
    for name, start, end in zip(("marking", "sweeping"), clock, clock[1:], strict=False):
        getattr(took, name).append(end - start)


def _due(engine: sa.Engine, most: int) -> Iterator[Person]:
    """The first so many who are due."""
    what = "SELECT id, email, CAST(created_at AS CHAR(10)) FROM customer"
    chosen = f"{what} WHERE ended_at < '{OVER}' ORDER BY id LIMIT {most}"
    with engine.connect() as connection:
        for key, email, birth in connection.exec_driver_sql(chosen):
            yield int(key), str(email), str(birth)


def _by_hand(connection: sa.Connection, key: int) -> float:
    """One customer with all that is theirs, in one transaction, by the references on which there are indexes."""
    run, started = connection.exec_driver_sql, time.perf_counter()
    orders = f"SELECT id FROM orders WHERE customer_id = {key}"
    old = f"SELECT id FROM invoice WHERE customer_id = {key} AND booked < '2019-01-01'"
    run(f"SELECT 1 FROM customer WHERE id = {key}")
    run(f"DELETE FROM message WHERE ticket_id IN (SELECT id FROM ticket WHERE customer_id = {key})")
    run(f"DELETE FROM ticket WHERE customer_id = {key}")
    run(f"DELETE FROM payment WHERE invoice_id IN ({old})")
    run(f"DELETE FROM invoice WHERE customer_id = {key} AND booked < '2019-01-01'")
    run(f"UPDATE invoice SET customer_id = NULL, phone = NULL WHERE customer_id = {key}")
    run(f"DELETE FROM returned WHERE line_id IN (SELECT id FROM order_line WHERE order_id IN ({orders}))")
    run(f"DELETE FROM order_line WHERE order_id IN ({orders})")
    for name in ("orders", "newsletter", "device", "address", "visit"):
        run(f"DELETE FROM {name} WHERE customer_id = {key}")
    run(f"DELETE FROM customer WHERE id = {key}")
    connection.commit()
    return time.perf_counter() - started
