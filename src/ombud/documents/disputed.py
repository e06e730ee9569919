"""Complaints (Art. 77) and claims for damages (Art. 82): that one came in, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Dispute(StrEnum):
    """What a person brings: a complaint (Art. 77), or a claim for damages (Art. 82)."""

    COMPLAINT = "complain"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is known of the person, as it is enclosed: the files by name, and what is in them.

    `left_out` counts the places where somebody else's data stood; `missing` says, in words, what could not be read.
    """

    day: date
    files: tuple[str, ...]
    records: int
    systems: int
    left_out: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DisputeReceived:
    """That a complaint or a claim came in, that what it is about is held, who handles it, and which ways are open.

    `handler` is a sign of the staff; `review` the day by which it is seen whether the hold is still needed.
    """

    request: str
    kind: Dispute
    received: date
    bundle: Bundle
    handler: str = ""
    review: date | None = None


@dataclass(frozen=True, slots=True)
class DisputeOutcome:
    """What came of a complaint or a claim.

    `verdict` is one of upheld, in_part, rejected, withdrawn; `reasons` a handler's, and `measures` what is done because
    of it. `bundle` is enclosed where nothing was before. `review`: as for `DisputeReceived`.
    """

    request: str
    kind: Dispute
    received: date
    verdict: str
    reasons: str = field(repr=False)
    measures: str = field(default="", repr=False)
    handler: str = ""
    bundle: Bundle | None = None
    review: date | None = None
