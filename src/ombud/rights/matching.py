"""Which rows are the person's: the certain ones, and those that somebody has to decide. Never merged on likeness.

A decision takes in, or leaves out, the one row that it names. No identifier of that row is learned from it, so
nothing else follows: who might be two people stays two people (spec/identity.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class RowRef:
    """A row by source, table and key as it is written. The key may be personal, and does not print."""

    source: str
    table: str
    key: str = field(repr=False)


class Why(StrEnum):
    """Why a row is not certainly the person's."""

    SHARED = "others have the same identifier"
    SEVERAL = "it may be about several people"
    FORMER = "by an identifier that the person had before"
    LIKE = "name or address are alike, and nothing else"
    UNKNOWN = "whom it is about cannot be read"


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A row that may be the person's, and why that is not certain."""

    row: RowRef
    why: Why


@dataclass(frozen=True, slots=True)
class Decision:
    """What a handler has decided of one row. `by` is the handler's id, `ground` why, without personal data."""

    row: RowRef
    accepted: bool
    by: str
    at: datetime
    ground: str


@dataclass(frozen=True, slots=True)
class Matched:
    """The rows that are the person's, and those that wait for a decision."""

    certain: frozenset[RowRef]
    ambiguous: tuple[Ambiguous, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to decide."""
        return bool(self.ambiguous)


class NotTheirs(ValueError):
    """A decision that nobody may take: of a row that is not in question, without a name, or that would link."""


NEVER_OF_PROTECTED = frozenset({Why.FORMER, Why.LIKE})
"""Of a protected identity these are not even offered: a changed identity is never linked with the one before."""


def offered(ambiguous: Iterable[Ambiguous], *, protected: bool) -> tuple[Ambiguous, ...]:
    """The rows that are put to a handler."""
    return tuple(each for each in ambiguous if not (protected and each.why in NEVER_OF_PROTECTED))


def decided(matched: Matched, decisions: Iterable[Decision], *, protected: bool) -> Matched:
    """What is the person's after every decision: of one row the latest holds, and at a tie the one that leaves it out.

    A row that is certain is not decided. Raises NotTheirs.
    """
    question = {each.row: each for each in offered(matched.ambiguous, protected=protected)}
    latest: dict[RowRef, Decision] = {}
    for decision in sorted(decisions, key=lambda each: (each.at, not each.accepted)):
        if not decision.by or not decision.ground.strip():
            raise NotTheirs("a decision has a name and a ground")
        if decision.row not in question:
            raise NotTheirs("the row is not in question")
        latest[decision.row] = decision
    accepted = {row for row, decision in latest.items() if decision.accepted}
    waiting = tuple(each for row, each in question.items() if row not in latest)
    return Matched(matched.certain | accepted, waiting)
