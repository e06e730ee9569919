"""Many people's erasures handed in as one file, register and receipts included, beside set statements by hand."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from bench.crm.copies import Copies
from bench.crm.desk import desk_of
from bench.crm.floor import by_hand, left
from bench.crm.rows import OVER
from ombud.app.requests.bulk import answering, approving, carrying_out, collecting, deciding
from ombud.app.requests.bulk.guarding import Guard
from ombud.app.requests.bulk.order import Order, quietly
from ombud.app.requests.bulk.taking_in import Filed, take_in
from ombud.app.requests.desk import Asked
from ombud.app.requests.receiving import Incoming, Shown
from ombud.rights.model import Proof, RequestKind

Told = Callable[[str], None]

ORDER = Order("KL", allow=True, forms=frozenset({"json"}))


@dataclass
class OfFile:
    """Seconds by hand, and of each part of the same by requests, and the most memory that was taken, in MB."""

    persons: int = 0
    floor: float = 0
    parts: dict[str, float] = field(default_factory=dict)
    peak: int = 0

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time what is done in the block."""
        started = time.perf_counter()
        yield
        self.parts[name] = time.perf_counter() - started


def erased(copies: Copies, folder: Path, batch: int, tell: Told) -> OfFile:
    """Everybody who is due asks to be erased; letters are not set. Raises AssertionError where more, or less, is left
    than by hand.
    """
    found = OfFile()
    copies.prepare()
    try:
        with copies.copy() as engine:
            found.floor = by_hand(engine, batch)
            there = list(left(engine))
        with copies.copy() as engine:
            people = _people(engine)
            found.persons = people.count(b"\n") - 1
            tell(f"{found.persons:,} people, by hand {found.floor:.2f} s")
            desk = desk_of(engine, folder)
            with found.part("taking in"):
                incoming = Incoming(RequestKind.ERASE, Asked(("everybody",)))
                filed = Filed(incoming, Shown(Proof.E_IDENTIFICATION, "bench", "KL"), "KL")
                taken = take_in(desk, io.BytesIO(people), "people.csv", filed)
            guard = Guard(desk, taken.batch)
            with found.part("collecting"):
                collecting.collect(desk, taken.batch, guard, quietly)
            with found.part("deciding"):
                approving.approve(desk, taken.batch, (), "KL")
                deciding.decide(desk, taken.batch, ORDER, guard, quietly)
            with found.part("carrying out"):
                carrying_out.carry_out(desk, taken.batch, ORDER, guard, quietly)
            states = desk.store.states_of(taken.batch.id)
            tell(f"{states}")
            assert list(left(engine)) == there, "ombud and the statements by hand leave something else"
    finally:
        copies.drop()
    found.peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return found


def answered(copies: Copies, folder: Path) -> OfFile:
    """Everybody who is due asks for their data, and is answered in JSON files."""
    found = OfFile()
    copies.prepare()
    try:
        with copies.copy() as engine:
            people = _people(engine)
            found.persons = people.count(b"\n") - 1
            desk = desk_of(engine, folder)
            with found.part("taking in"):
                filed = Filed(
                    Incoming(RequestKind.ACCESS, Asked(("everybody",))),
                    Shown(Proof.E_IDENTIFICATION, "bench", "KL"),
                    "KL",
                )
                taken = take_in(desk, io.BytesIO(people), "people.csv", filed)
            guard = Guard(desk, taken.batch)
            with found.part("collecting"):
                collecting.collect(desk, taken.batch, guard, quietly)
            with found.part("deciding"):
                deciding.decide(desk, taken.batch, ORDER, guard, quietly)
            order = Order("KL", out=folder / "answers", sent="bench", forms=frozenset({"json"}))
            guard.renew()
            with found.part("answering"):
                answering.answer(desk, taken.batch, order, guard, quietly)
    finally:
        copies.drop()
    found.peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return found


def _people(engine: sa.Engine) -> bytes:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT email FROM customer WHERE ended_at < '{OVER}' ORDER BY id")
        return "\n".join(("email", *(str(email) for (email,) in rows), "")).encode()
