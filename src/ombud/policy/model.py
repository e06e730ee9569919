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


UNSTATED = "unstated"
"""The state of what a policy does not state a period for: it always holds, so it keeps, with a finding."""


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
    """Kinds of use that change what the law allows: Art. 21(2) direct marketing; sealed; only aggregates leave.

    Sealed is for nobody else, sister companies included. `reads_device` reads what a person's device tells or
    holds (ePrivacy directive, Art. 5(3)).
    """

    DIRECT_MARKETING = "direct_marketing"
    SEALED = "sealed"
    AGGREGATES_ONLY = "aggregates_only"
    READS_DEVICE = "reads_device"


class Article9(StrEnum):
    """The conditions of Art. 9(2) GDPR, (a) to (j)."""

    EXPLICIT_CONSENT = "explicit_consent"
    EMPLOYMENT = "employment"
    VITAL_INTERESTS = "vital_interests"
    NOT_FOR_PROFIT = "not_for_profit"
    MADE_PUBLIC = "made_public"
    LEGAL_CLAIMS = "legal_claims"
    PUBLIC_INTEREST = "public_interest"
    HEALTH_CARE = "health_care"
    PUBLIC_HEALTH = "public_health"
    ARCHIVING = "archiving"


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
    dpv: tuple[str, ...] = ()
    if_not_given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the category tree, by its dotted path; `special` is Art. 9, `masked` shows masked by default."""

    path: str
    title: Mapping[str, str] = field(default_factory=dict)
    special: bool = False
    masked: bool = False
    provenance: frozenset[str] = frozenset()  # of "provided", "observed"
    dpv: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MomentTerm:
    """A named moment that maps bind; `open_for_at_most` raises a finding on what never closes."""

    name: str
    title: Mapping[str, str] = field(default_factory=dict)
    open_for_at_most: Period | None = None


class RecipientRole(StrEnum):
    """What a recipient is (Art. 4(7) to (10)); an authority needs no agreement."""

    PROCESSOR = "processor"
    JOINT_CONTROLLER = "joint_controller"
    CONTROLLER = "controller"
    THIRD_PARTY = "third_party"
    AUTHORITY = "authority"


class AgreementKind(StrEnum):
    """Art. 28(3) processing, Art. 26 joint, or a disclosure between controllers."""

    PROCESSING = "processing"
    JOINT = "joint"
    DISCLOSURE = "disclosure"


class Safeguard(StrEnum):
    """What lets data be in a region: within the EU/EEA, Arts 45 to 47 and 49, or nothing."""

    WITHIN = "within"
    ADEQUACY = "adequacy"
    STANDARD_CLAUSES = "standard_clauses"
    BINDING_RULES = "binding_rules"
    DEROGATION = "derogation"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Region:
    """Where data may be, and what lets it be there (Chapter V)."""

    id: str
    safeguard: Safeguard
    title: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A written agreement: `allows` says, by language, how the recipient may use the data."""

    id: str
    kind: AgreementKind
    dated: date
    allows: Mapping[str, str]
    title: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who data is handed to, under which written agreement, where."""

    id: str
    title: Mapping[str, str] = field(default_factory=dict)
    role: str = "processor"
    agreement: str | None = None
    regions: tuple[str, ...] = ()
    own_marketing: bool = False
    dpv: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """A company of the group. `fiscal_years` are (first day, last day), sorted, without gaps or overlap."""

    id: str
    name: str
    registration_number: str = ""
    contact: Mapping[str, str] = field(default_factory=dict)
    fiscal_years: tuple[tuple[date, date], ...] = ()
    seat: str = ""
    country: str = "SE"
    version: str = ""
    dated: date | None = None


class RequestWay(StrEnum):
    """How a person can use their rights."""

    POST = "post"
    EMAIL = "email"
    PHONE = "phone"
    PORTAL = "portal"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Portability:
    """Whether observed data counts as provided by the person (Art. 20(1)), and why."""

    observed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Within how many days a question of identity is prompt, so that the clock stands still, and why."""

    days: int
    reason: str


class Allowed(StrEnum):
    """What restricted data may still be used for, beside being stored: Art. 18(2)."""

    CONSENT = "consent"
    LEGAL_CLAIMS = "legal_claims"
    OTHERS_RIGHTS = "others_rights"
    PUBLIC_INTEREST = "public_interest"


@dataclass(frozen=True, slots=True)
class Restricting:
    """What a restriction still lets pass, at most all that Art. 18(2) does, and why."""

    allows: frozenset[Allowed]
    reason: str


OF_THE_RULES = ("access", "port", "object", "withdraw")
"""Kinds of request that the rules decide where nothing is left to choose, unless the policy wants somebody to."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """Kinds of request, of `OF_THE_RULES`, that somebody decides in every case, and why."""

    kinds: frozenset[str]
    reason: str


@dataclass(frozen=True, slots=True)
class Staff:
    """Who handles requests has confirmed that they know the rules of this version of the policy, and why."""

    version: str
    reason: str


@dataclass(frozen=True, slots=True)
class Requests:
    """How people ask, and are answered. `reply`: "registered_address" or "same_way"; `within` may be unstated.

    `portability` None: only what a person provided is handed over. `prompt`, `by_hand` and `restriction` None: as
    `spec/requests.md` says. `staff` None: nobody is asked whether they know the rules.
    """

    ways: tuple[RequestWay, ...]
    signature: bool = False
    reply: str = "same_way"
    within: Period | None = None
    portability: Portability | None = None
    prompt: Prompt | None = None
    by_hand: ByHand | None = None
    restriction: Restricting | None = None
    staff: Staff | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who answers for the policy. `controller` is a company, "each" or "joint"; mappings are as the file has them.

    `officer` and `authority` hold name, email, post, link …; `cookies` holds link and version.
    """

    controller: str
    officer_title: Mapping[str, str] = field(default_factory=dict)
    officer: Mapping[str, str] = field(default_factory=dict)
    authority: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    requests: Requests | None = None
    automated_decisions: bool | None = None
    place: Place = Place("")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that stands, with its reason. `company` None: for all of the group."""

    code: str
    at: str
    reason: str
    company: str | None = None
    review: date | None = None
    place: Place = Place("")


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
    dated: date | None = None
    organisation: Organisation | None = None
    regions: Mapping[str, Region] = field(default_factory=dict)
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    accepted: tuple[Accepted, ...] = ()


def covers(data: frozenset[str], category: str) -> bool:
    """Whether a purpose's `data` covers a category: by whole segments of the dotted path; free text always."""
    if category == TEXT:
        return True
    segments = category.split(".")
    return any(".".join(segments[:n]) in data for n in range(1, len(segments) + 1))
