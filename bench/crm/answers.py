"""Answers to persons beside hand-written SELECTs by known keys: as a desk gives them, JSON to the last byte.

One at a time from a warm process; one who has many rows; whole requests, register and receipts included; and many,
500 at a time, into files, by as many processes as are asked for.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.crm.copies import Copies
from bench.crm.desk import desk_of, loaded_in
from ombud.adapters.database import connect
from ombud.app.extracting import extracts
from ombud.app.kept_open import KeptOpen
from ombud.app.known import Called
from ombud.app.loaded import Loaded
from ombud.app.requests.api import Requests
from ombud.documents import json_chunks

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

WARM, REQUESTS, TOGETHER = 50, 20, 500
"""Answers before the clock is looked at, whole requests, and persons whose answers are gathered at once."""


@dataclass
class Times:
    """Seconds of each answer; of whoever has `many` rows in one table, by ombud and by hand; of each whole request.
    `filed`: answers a second into files, by so many `jobs`. `peak`: megabytes of the process that took most.
    """

    ours: list[float] = field(default_factory=list)
    by_hand: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)
    many_by_hand: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    filed: float = 0.0
    jobs: int = 1
    peak: int = 0


def answered(copies: Copies, folder: Path, persons: int, files: int, jobs: int) -> Times:
    """Answer so many persons, one by one beside the hand-written statements, and so many into files (PostgreSQL)."""
    engine, found = connect(copies.url), Times(jobs=jobs)
    try:
        desk = desk_of(engine, folder)
        with engine.connect() as connection:
            with connection.begin():
                chosen = _chosen(connection, max(persons, REQUESTS + 1) + WARM)
                keys = {each: _keys(connection, each) for each, _ in chosen}
            for n, (number, email) in enumerate(chosen):
                ours, by_hand = _timed(desk.loaded, connection, email, keys[number])
                if n >= WARM:
                    found.ours.append(ours)
                    found.by_hand.append(by_hand)
            number, email = chosen[-1]
            for ours, by_hand in _many(desk.loaded, connection, number, email):
                found.many.append(ours)
                found.many_by_hand.append(by_hand)
        found.requests = list(_whole(Requests(desk), [email for _, email in chosen[: REQUESTS + 1]], folder))[1:]
        found.filed = _filed(engine, folder, files, jobs)
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        found.peak = round(max(children, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024)
        return found
    finally:
        engine.dispose()


def _chosen(connection: sa.Connection, persons: int) -> list[tuple[int, str]]:
    asked = f"SELECT id, email FROM customer ORDER BY id LIMIT {persons}"
    return [(number, email) for number, email in connection.exec_driver_sql(asked)]


def _timed(loaded: Loaded, connection: sa.Connection, email: str, keys: dict[str, Any]) -> tuple[float, float]:
    started = time.perf_counter()
    answer(loaded, [email])
    between = time.perf_counter()
    _by_hand(connection, keys)
    return between - started, time.perf_counter() - between


def answer(loaded: Loaded, emails: Sequence[str]) -> list[bytes]:
    """What the register holds about whoever has each of these addresses, as they would be sent it."""
    asked = [(email, Called((f"email={email}",))) for email in emails]
    return [b"".join(json_chunks(each, loaded.policy, "en")) for each in extracts(loaded, asked)]


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


def _many(loaded: Loaded, connection: sa.Connection, number: int, email: str) -> Iterator[tuple[float, float]]:
    """The seconds of an answer to somebody with many visits, who are gone afterwards, and of the same by hand."""
    with connection.begin():
        top = connection.exec_driver_sql("SELECT max(id) FROM visit").scalar_one()
        connection.exec_driver_sql(
            "INSERT INTO visit (id, customer_id, at, ip, page) SELECT %s + n, %s, DATE '2026-11-01', '192.0.2.1', '/'"
            " FROM generate_series(1, %s::bigint) AS numbers (n)",
            (top, number, MANY),
        )
    keys = _keys(connection, number)
    connection.commit()
    for _ in range(7):
        yield _timed(loaded, connection, email, keys)
    with connection.begin():
        connection.exec_driver_sql("DELETE FROM visit WHERE id > %s", (top,))


def _whole(requests: Requests, emails: Sequence[str], folder: Path) -> Iterator[float]:
    """The seconds from receipt to delivery, with all three files and every entry of the register."""
    for email in emails:
        started = time.perf_counter()
        opened = requests.receive("access", [f"email={email}"], by="KL", language="en")
        requests.identify(opened.id, "e_identification", "bench", by="KL")
        requests.deliver(opened.id, folder / "delivered", "bench", by="KL", addressed=False)
        yield time.perf_counter() - started


# --- many, into files -------------------------------------------------------------------------------------------


def _filed(engine: sa.Engine, folder: Path, files: int, jobs: int) -> float:
    """Answers a second, of so many persons, each in a file; a process is warm once it has answered some."""
    with engine.connect() as connection:
        emails = [email for _, email in _chosen(connection, files)]
    parts = [emails[n::jobs] for n in range(jobs)]
    out = folder / "files"
    out.mkdir()
    context = multiprocessing.get_context("spawn")
    ready, go = context.Barrier(jobs + 1), context.Event()
    workers = [context.Process(target=_file, args=(folder, out, part, n, ready, go)) for n, part in enumerate(parts)]
    for each in workers:
        each.start()
    ready.wait()
    started = time.perf_counter()
    go.set()
    for each in workers:
        each.join()
    took = time.perf_counter() - started
    assert len(list(out.iterdir())) == len(emails), "an answer is missing"
    return len(emails) / took


def _file(folder: Path, out: Path, emails: Sequence[str], job: int, ready: Any, go: Any) -> None:
    loaded = replace(loaded_in(folder), kept=KeptOpen())
    answer(loaded, emails[:TOGETHER])
    ready.wait()
    go.wait()
    for start in range(0, len(emails), TOGETHER):
        for n, content in enumerate(answer(loaded, emails[start : start + TOGETHER]), start):
            with closing((out / f"{job}-{n}.json").open("xb")) as file:
                file.write(content)


# --- what is told -----------------------------------------------------------------------------------------------


def told(times: Times) -> dict[str, Any]:
    """The figures, milliseconds and ratios of medians."""

    def middle(values: Sequence[float]) -> float:
        return 1000 * statistics.median(values)

    ours, by_hand, many = middle(times.ours), middle(times.by_hand), middle(times.many)
    return {
        "one": round(ours, 2),
        "by_hand": round(by_hand, 2),
        "ratio": round(ours / by_hand, 1),
        "many_rows": MANY,
        "many": round(many, 1),
        "many_by_hand": round(middle(times.many_by_hand), 1),
        "many_ratio": round(many / middle(times.many_by_hand), 1),
        "request": round(middle(times.requests), 1),
        "filed": round(times.filed),
        "jobs": times.jobs,
        "peak_mb": times.peak,
    }


def said(figures: dict[str, Any]) -> str:
    """The same in words."""
    return (
        f"  one answer {figures['one']} ms, by hand {figures['by_hand']} ms: {figures['ratio']} times\n"
        f"  {figures['many_rows']:,} rows in one table {figures['many']} ms, by hand {figures['many_by_hand']} ms: "
        f"{figures['many_ratio']} times; {figures['many'] / figures['one']:.0f} times as long as one with few\n"
        f"  a whole request, with register and receipts {figures['request']} ms\n"
        f"  {figures['filed']:,} answers a second into files, {figures['jobs']} processes\n"
        f"  peak memory {figures['peak_mb']} MB"
    )
