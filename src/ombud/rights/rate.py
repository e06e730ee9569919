"""How often a message may be started: a sliding window for each address and for each origin.

Both are counted before anybody is looked up, so a limit says nothing about who is known. An address is counted by
its keyed digest, an origin (network address) by its own. What was not let through is not counted: who keeps on trying
does not shut the person out for longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Scope(StrEnum):
    """What is counted."""

    ADDRESS = "address"
    ORIGIN = "origin"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within any stretch of time as long as this."""

    most: int
    within: timedelta


LIMITS: Mapping[Scope, Limit] = {
    Scope.ADDRESS: Limit(3, timedelta(hours=1)),
    Scope.ORIGIN: Limit(20, timedelta(hours=1)),
}

Counted = Mapping[tuple[Scope, str], tuple[datetime, ...]]
"""When messages were started, by what is counted and its digest."""


def admit(
    counted: Counted, address: str, origin: str, now: datetime, limits: Mapping[Scope, Limit] = LIMITS
) -> tuple[bool, Counted]:
    """Whether a message may be started now, and what is counted from now on of these two: old instants are dropped."""
    names = {Scope.ADDRESS: address, Scope.ORIGIN: origin}
    kept = {
        (scope, name): tuple(at for at in counted.get((scope, name), ()) if now - at < limits[scope].within)
        for scope, name in names.items()
    }
    if any(len(instants) >= limits[scope].most for (scope, _), instants in kept.items()):
        return False, kept
    return True, {each: (*instants, now) for each, instants in kept.items()}
