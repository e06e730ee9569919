"""Turns: between two batches, whoever waits to write gets to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WORK = timedelta(seconds=1)
"""How long batches follow one another without a pause."""
PAUSE = 0.15
"""Seconds. SQLite has no queue of writers: one that waits looks again after at most 100 ms (its busy timeout)."""


@dataclass
class Turns:
    """Call `give` where nothing is locked, so that a hold is not kept waiting until all is deleted."""

    now: Callable[[], datetime]
    pause: Callable[[float], None]
    _since: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._since = self.now()

    def give(self) -> None:
        """Pause, if there was work enough since the last time."""
        if abs(self.now() - self._since) >= WORK:
            self.pause(PAUSE)
            self._since = self.now()
