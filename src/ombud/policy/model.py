"""What a checked policy is, once its files are read: frozen data, nothing left to guess.

Which rows these words govern, and how, is `spec/claims.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ombud.terms import Finding, Period, Place

TEXT = "text"
"""The category of free text: covered by every purpose bound on its row."""


class BasisKind(StrEnum):
    """Art. 6(1) GDPR (a) to (f); `unstated` is a finding, `none` binds no personal cell."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    VITAL_INTERESTS = "vital_interests"
    PUBLIC_TASK = "public_task"
    LEGITIMATE_INTERESTS = "legitimate_interests"
    UNSTATED = "unstated"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Basis:
    """One legal basis; it makes a claim of its own, live only while `state` holds (None: always)."""

    kind: BasisKind
    state: str | None = None
    statutes: tuple[str, ...] = ()


# --- clocks -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Add:
    """Add a calendar period; months clamp to the month's end."""

    period: Period


@dataclass(frozen=True, slots=True)
class EndOf:
    """Go to the last day of the month, calendar year or the company's fiscal year that the day lies in."""

    unit: str  # "month" | "year" | "fiscal_year"


@dataclass(frozen=True, slots=True)
class Inclusive:
    """Count the starting day itself: one day earlier (`from`, where `after` has none)."""


ClockStep = Add | EndOf | Inclusive


@dataclass(frozen=True, slots=True)
class Clock:
    """A start and steps read left to right; the day they end on is the last day, inclusive. No steps: `until`."""

    start: str
    steps: tuple[ClockStep, ...] = ()


@dataclass(frozen=True, slots=True)
class While:
    """The claim lives while a state holds."""

    state: str


Keep = Clock | While


@dataclass(frozen=True, slots=True)
class State:
    """A stretch between two moments: it holds from the day of `begins` (None: always) through the day of `ends`."""

    name: str
    begins: str | None = None
    ends: str | None = None


class OnErasure(StrEnum):
    """What a request for erasure (Art. 17) does to a purpose's claims by default."""

    ENDS = "ends"
    REVIEW = "review"
    STAYS = "stays"


class Use(StrEnum):
    """Kinds of use that change what the law allows: Art. 21(2) direct marketing; sealed; only aggregates leave."""

    DIRECT_MARKETING = "direct_marketing"
    SEALED = "sealed"
    AGGREGATES_ONLY = "aggregates_only"


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why data is held: on which bases, which categories, for how long. Clause and texts are for the reader."""

    id: str
    bases: tuple[Basis, ...]
    data: frozenset[str]
    keep: Keep
    on_erasure: OnErasure
    at_least: bool = False
    uses: frozenset[Use] = frozenset()
    recipients: tuple[str, ...] = ()
    article9: str | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    clause: str = ""
    place: Place = Place("")


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the category tree, by its dotted path; `special` is Art. 9, `masked` shows masked by default."""

    path: str
    title: Mapping[str, str] = field(default_factory=dict)
    special: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True)
class MomentTerm:
    """A named moment that maps bind; `open_for_at_most` raises a finding on what never closes."""

    name: str
    title: Mapping[str, str] = field(default_factory=dict)
    open_for_at_most: Period | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who data is handed to, under which written agreement, where."""

    id: str
    title: Mapping[str, str] = field(default_factory=dict)
    role: str = "processor"
    agreement: str | None = None
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """A company of the group. `fiscal_years` are (first day, last day), sorted, without gaps or overlap."""

    id: str
    name: str
    registration_number: str = ""
    contact: Mapping[str, str] = field(default_factory=dict)
    fiscal_years: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole group's policy. `purposes[company][id]`: the group's purposes as each company refines them.

    `undo` is in days: how long an objection to direct marketing is a restriction before it deletes.
    `reconcile` is in days: how often a full look replaces the window. `findings` hold what is accepted, too.
    """

    zone: str
    companies: Mapping[str, Company]
    purposes: Mapping[str, Mapping[str, Purpose]]
    categories: Mapping[str, Category] = field(default_factory=dict)
    moments: Mapping[str, MomentTerm] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)
    recipients: Mapping[str, Recipient] = field(default_factory=dict)
    undo: int = 30
    reconcile: int = 7
    group: str = ""
    version: str = ""
    findings: tuple[Finding, ...] = ()


def covers(data: frozenset[str], category: str) -> bool:
    """Whether a purpose's `data` covers a category: by whole segments of the dotted path; free text always."""
    if category == TEXT:
        return True
    segments = category.split(".")
    return any(".".join(segments[:n]) in data for n in range(1, len(segments) + 1))
