"""A day's sweep through a window, on copies of a register from which all that was due before is gone.

On the day after, nothing is due; six days on, those are who left a year and a day before: one in two thousand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from bench.crm.copies import Copies
from bench.crm.floor import by_hand, left
from bench.crm.ours import Ours, loaded
from bench.crm.rows import OVER, TODAY
from bench.crm.sweeps import Times, Told

LATER = timedelta(days=6)


@dataclass
class Days:
    """Seconds of each run: looking on a day with nothing due, and a day with some."""

    nothing: list[float] = field(default_factory=list)
    some: Times = field(default_factory=Times)
    rows: int = 0


def daily(copies: Copies, times: int, batch: int, tell: Told) -> Days:
    """So many runs of each. Raises AssertionError where the two leave something else, or nothing is not nothing."""
    found, ours = Days(), loaded()
    copies.prepare(swept=True)
    try:
        for n in range(times):
            _one_more(copies, batch, ours, found)
            some = found.some
            told = f"nothing due {found.nothing[-1]:.3f} s; some: by hand {some.floor[-1]:.3f} s"
            tell(f"{n + 1}: {told}, freezing {some.freezing[-1]:.3f} s, carrying out {some.applying[-1]:.3f} s")
    finally:
        copies.drop()
    return found


def _one_more(copies: Copies, batch: int, ours: Ours, found: Days) -> None:
    with copies.copy() as engine:
        before = sum(int(str(row[1])) for row in left(engine))
        found.some.floor.append(by_hand(engine, batch, OVER + LATER))
        there = list(left(engine))
        found.rows = before - sum(int(str(row[1])) for row in there)
    with copies.copy() as engine:
        everything = list(left(engine))
        ours.swept(engine, batch, TODAY, TODAY)  # the working tables are made
        found.nothing.append(_looked(ours, engine, batch, TODAY + timedelta(days=1)))
        assert list(left(engine)) == everything, "something was due where nothing was"
        freezing, applying = ours.swept(engine, batch, TODAY + LATER, TODAY)
        found.some.freezing.append(freezing)
        found.some.applying.append(applying)
        assert list(left(engine)) == there, "ombud and the statements by hand leave something else"


def _looked(ours: Ours, engine: sa.Engine, batch: int, today: date) -> float:
    freezing, applying = ours.swept(engine, batch, today, TODAY)
    return freezing + applying
