"""What an answer to a person says: each datum with its value, why it is held, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from ombud.terms import IdRef, KeyRef

Value = (
    None
    | bool
    | int
    | float
    | Decimal
    | str
    | bytes
    | date
    | datetime
    | time
    | timedelta
    | UUID
    | list[Any]
    | dict[str, Any]
)
"""A value as the driver of its database gives it."""


Titles = Mapping[str, Mapping[str, str]]
"""What the columns of a table are called, by language, as its map says it."""


class Why(StrEnum):
    """What a hold without a last day waits for, or what makes it outlive its last day."""

    NOT_YET = "not_yet"
    """The moment its clock starts on has not come: `Hold.moment`."""
    UNKNOWN = "unknown"
    """Nobody can tell when that moment was, or is: it stays."""
    WHILE = "while"
    """It lasts as long as a state does: `Hold.moment` is the state."""
    CONSENT = "consent"
    """The same, and the person's consent stands."""
    UNSTATED = "unstated"
    """The policy states no period."""
    HELD = "held"
    """A legal hold keeps it."""
    RESTRICTED = "restricted"
    """It is stored, and not used (Art. 18)."""
    OBJECTED = "objected"
    """An objection (Art. 21) is not decided yet."""
    ANYBODY = "anybody"
    """It may be about somebody else as well, who is not known."""


@dataclass(frozen=True, slots=True)
class Hold:
    """A claim that holds a datum: the purpose's id, its legal basis (Art. 6(1)), the last day.

    `until` is the last day, inclusive; None where there is none yet, and `why` (one of `Why`) says then what it waits
    for. Beside a last day, `why` says what else keeps it, or is empty. `moment` is the policy's id of the moment or
    state that is waited for. `statutes` are named where a law demands it. `theirs`: it is certainly a claim about this
    person, and not about somebody whose row mentions them, or of whom nobody knows who it is.
    """

    purpose: str
    basis: str
    until: date | None = None
    why: str = ""
    statutes: tuple[str, ...] = ()
    moment: str = ""
    theirs: bool = True


class NotCarried(StrEnum):
    """Why a datum is held, and not carried along (Art. 20)."""

    OTHER_BASIS = "other_basis"
    """Neither consent nor contract holds it."""
    OTHERS = "others"
    """One of them does, and not certainly the person's own."""
    OBSERVED = "observed"
    """It was observed, and not provided."""
    UNSAID = "unsaid"
    """Nobody has said which it was."""


def told_once(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """Each hold once: what is certainly theirs is not told again as what may be."""
    found = tuple(dict.fromkeys(holds))
    certain = {each for each in found if each.theirs}
    return tuple(each for each in found if each.theirs or replace(each, theirs=True) not in certain)


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a text somebody else's data stands: from `start` to `end` (characters), `why` without the data."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Datum:
    """One cell. `category` is a dotted path, empty where a column only says when or of which company.

    `provenance` is "provided", "observed" or empty where nobody has said. `masked` is what is left out of the text.
    `file` is the name of the attached file for a cell that names one.
    """

    name: str
    value: Value
    category: str = ""
    holds: tuple[Hold, ...] = ()
    provenance: str = ""
    masked: tuple[Span, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One row about the person. `company` is its id, empty where that is not known; `key` as it is written."""

    source: str
    table: str
    key: str
    company: str
    data: tuple[Datum, ...]


@dataclass(frozen=True, slots=True)
class Disclosed:
    """To whom data of this person was handed, by name, on which day, for which purpose, under which agreement.

    `day` None and `how` "may receive": a recipient of a purpose that holds data of this person, of whom no single
    handing-over is recorded. `name` is the recipient's own, where that is known beside what the policy calls it.
    """

    recipient: str
    title: Mapping[str, str]
    purpose: str
    day: date | None = None
    agreement: str = ""
    regions: tuple[str, ...] = ()
    how: str = "received"
    name: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Whom an answer is about, for whoever asks further about them: it stands in no answer.

    `persons` are the rows that are the person, or only may be. Identifiers are keyed hashes: `own` are certainly theirs
    and stand somewhere today, each with a source in which it does; `ever` are all that the person, or whoever else may
    be meant, has or had.
    """

    persons: tuple[KeyRef, ...] = ()
    own: Mapping[IdRef, str] = field(default_factory=dict)
    ever: frozenset[IdRef] = frozenset()


@dataclass(frozen=True, slots=True)
class Extract:
    """Everything held about one person on a day, in all companies and sources that were asked.

    `unread` are sources that could not be read: then the answer is not complete and says so. `perhaps` counts rows
    that may be about the person and are left out until somebody has decided. `kind` is "access" or "port"; of a "port",
    `not_carried` counts the data that are held and not carried, by reason (`NotCarried`).
    `titles`: what the columns of a source's table are called.
    """

    day: date
    kind: str
    request: str
    records: tuple[Record, ...]
    recipients: tuple[Disclosed, ...] = ()
    unread: tuple[str, ...] = ()
    perhaps: int = 0
    read: tuple[str, ...] = ()
    attached: Mapping[str, bytes] = field(default_factory=dict)
    not_carried: Mapping[NotCarried, int] = field(default_factory=dict)
    about: About = field(default_factory=About, repr=False)
    titles: Mapping[tuple[str, str], Titles] = field(default_factory=dict, repr=False)
