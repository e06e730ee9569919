"""The requests of a batch, so many at a time: those in some state that need no person of their own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.many import read_each
from ombud.register.model import Batch
from ombud.rights.model import Request, State

LOOKED_AT = 500
"""Requests of which everything is read at once."""

WRITTEN = 1_000
"""Requests of which one transaction of the register writes."""

TOGETHER = 10_000
"""Requests that are marked, and swept, at once."""


def is_ordinary(request: Request) -> bool:
    """Of a protected identity nothing is done without a named handler."""
    return not request.protected


def pages(
    desk: Desk, batch: Batch, states: Collection[State], most: int, which: Callable[[Request], bool] = is_ordinary
) -> Iterator[tuple[Opened, ...]]:
    """The requests that are in one of these states when their page is read."""
    after = 0
    while True:
        with told():
            found = desk.store.batched(batch.id, states, after, most)
        if not found:
            return
        after = found[-1][0]
        cases = [case for _, case in found if which(case.request)]
        if cases:
            yield read_each(desk, cases)
