"""One sweep against the same deletion by hand, one after the other, on copies of one database."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.crm.copies import Copies
from bench.crm.floor import by_hand, left
from bench.crm.ours import Ours, loaded

Told = Callable[[str], None]


@dataclass
class Times:
    """Seconds of each run."""

    floor: list[float] = field(default_factory=list)
    freezing: list[float] = field(default_factory=list)
    applying: list[float] = field(default_factory=list)

    @property
    def ours(self) -> list[float]:
        return [one + other for one, other in zip(self.freezing, self.applying, strict=True)]

    @property
    def ratio(self) -> float:
        """Of the medians: how many times as long as by hand."""
        return statistics.median(self.ours) / statistics.median(self.floor)


def compared(copies: Copies, times: int, batch: int, tell: Told) -> Times:
    """So many runs of each. Raises AssertionError where the two leave something else."""
    found, ours = Times(), loaded()
    copies.prepare()
    try:
        for n in range(times):
            _one_more(copies, batch, ours, found)
            told = f"by hand {found.floor[-1]:.2f} s, freezing {found.freezing[-1]:.2f} s"
            tell(f"{n + 1}: {told}, carrying out {found.applying[-1]:.2f} s")
    finally:
        copies.drop()
    return found


def _one_more(copies: Copies, batch: int, ours: Ours, found: Times) -> None:
    with copies.copy() as engine:
        found.floor.append(by_hand(engine, batch))
        there = list(left(engine))
    with copies.copy() as engine:
        freezing, applying = ours.swept(engine, batch)
        found.freezing.append(freezing)
        found.applying.append(applying)
        assert list(left(engine)) == there, "ombud and the statements by hand leave something else"
