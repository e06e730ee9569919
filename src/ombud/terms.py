"""Ids, days, periods, findings, verdicts and marks: the words every layer shares. Imports nothing of ombud."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

FIRST_DAY = date(1900, 1, 1)
"""A day before this one is not believed: it reads as unknown."""
LAST_DAY = date(2199, 12, 31)
"""A day after this one is not believed: it reads as unknown."""

Key = tuple[Any, ...]
"""A row's key: the values of its key columns, in the map's order."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a user's file something stands; line and column count from 1, 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Level(StrEnum):
    """How much a finding weighs: an error refuses, a warning is told, an accepted one is listed with its reason."""

    ERROR = "error"
    WARNING = "warning"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong or doubtful, with a place and a way out. `code` is stable and documented."""

    code: str
    place: Place
    message: str
    hint: str = ""
    level: Level = Level.ERROR

    def __str__(self) -> str:
        way_out = f" → {self.hint}" if self.hint else ""
        return f"{self.place}: {self.level} {self.code}: {self.message}{way_out}"


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar period (ISO 8601 without time): years and months are added first, clamped, then days."""

    years: int = 0
    months: int = 0
    days: int = 0

    def __str__(self) -> str:
        parts = [f"{n}{u}" for n, u in ((self.years, "Y"), (self.months, "M"), (self.days, "D")) if n]
        return "P" + "".join(parts) if parts else "P0D"


_PERIOD = re.compile(r"P(?=\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?", re.ASCII)


def parse_period(text: str) -> Period:
    """Read an ISO 8601 period such as `P12M` or `P1Y6M`; weeks are seven days. Raises ValueError."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an ISO 8601 period of days, weeks, months or years (such as P12M)")
    years, months, weeks, days = (int(g or 0) for g in match.groups())
    return Period(years, months, weeks * 7 + days)


class IfNone(StrEnum):
    """What a missing thing means, said in the file: a child row, a nullable reference, a match by identifier."""

    NOT_YET = "not_yet"
    UNKNOWN = "unknown"
    NONE = "none"


# --- moments: a day, not yet, unknown, or none -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OnDay:
    """The moment is known: it falls, or fell, on this calendar day in the policy's zone."""

    day: date


@dataclass(frozen=True, slots=True)
class NotYet:
    """The moment has not come, and that is known: the clock stands still."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can tell; it keeps. `why` names the doubt without personal data."""

    why: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Never:
    """The moment `none`: it does not apply to this row, so it makes no claim."""


Moment = OnDay | NotYet | Unknown | Never


# --- persons and marks ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class KeyRef:
    """A person as a row of a subject's table. `birth` is the row's birth stamp, against reused keys."""

    source: str
    subject: str
    key: Key
    birth: str = ""


@dataclass(frozen=True, slots=True, order=True)
class IdRef:
    """A person as the keyed hash of a normalised identifier (hexadecimal); the value itself is nowhere."""

    kind: str
    digest: str


Ref = KeyRef | IdRef


class Track(StrEnum):
    """The five independent tracks of marks; each is decided by its own latest act."""

    CONSENT = "consent"
    OBJECTION = "objection"
    END = "end"
    RESTRICTION = "restriction"
    HOLD = "hold"


class Act(StrEnum):
    """What a mark says. Each act belongs to one track."""

    CONSENTED = "consented"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"
    OVERRIDDEN = "overridden"
    ENDED = "ended"
    RESUMED = "resumed"
    RESTRICTED = "restricted"
    LIFTED = "lifted"
    HELD = "held"
    RELEASED = "released"


TRACK_OF: dict[Act, Track] = {
    Act.CONSENTED: Track.CONSENT,
    Act.WITHDRAWN: Track.CONSENT,
    Act.OBJECTED: Track.OBJECTION,
    Act.OVERRIDDEN: Track.OBJECTION,
    Act.ENDED: Track.END,
    Act.RESUMED: Track.END,
    Act.RESTRICTED: Track.RESTRICTION,
    Act.LIFTED: Track.RESTRICTION,
    Act.HELD: Track.HOLD,
    Act.RELEASED: Track.HOLD,
}

AT_A_TIE: dict[Track, Act] = {
    Track.CONSENT: Act.WITHDRAWN,
    Track.OBJECTION: Act.OBJECTED,
    Track.END: Act.RESUMED,
    Track.RESTRICTION: Act.RESTRICTED,
    Track.HOLD: Act.HELD,
}
"""Which act wins when two cannot be ordered: consent loses, protection wins, doubt never deletes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A sequenced fact about a person. `purpose` and `company` are None for all of them.

    `seq` is the register's number, unique and rising; `day` the calendar day it holds from; `refs` every way
    the person was known when it was set; `allows` names the uses that a restriction still lets pass.
    """

    seq: int
    day: date
    act: Act
    refs: frozenset[Ref]
    purpose: str | None = None
    company: str | None = None
    ground: str = ""
    allows: frozenset[str] = frozenset()
    request: str = ""
    review: date | None = None
    text_version: str = ""


# --- verdicts ---------------------------------------------------------------------------------------------------


class Outcome(StrEnum):
    """What happens to a row: it stays whole, stays with cells blanked, stays as a shell, or goes."""

    KEEP = "keep"
    BLANK = "blank"
    SHELL = "shell"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with one row, and to which of its cells (names in the map) beside it."""

    outcome: Outcome
    blank: frozenset[str] = frozenset()
    unlink: frozenset[str] = frozenset()
