"""The letters of a request's life: what each must say, as data; `composed` puts it in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ombud.documents.disputed import DisputeOutcome, DisputeReceived
from ombud.documents.extract import Hold
from ombud.documents.fared import Fared, Gone, InDoubt, Stays
from ombud.documents.passed_on import TO_NOBODY, PassedOn, RecipientsOutcome


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """That a request came in, and by when it is answered (Art. 12(3)).

    `due` is the day that is kept; `at_latest` the last day by another count, where the two differ.
    """

    request: str
    kind: str
    received: date
    due: date
    at_latest: date | None = None


@dataclass(frozen=True, slots=True)
class ProofQuestion:
    """A question of who asks, put where there is reasonable doubt (Art. 12(6)).

    `ways` are the ways to show it, as the ladder of identity names them or in words; `kind` the request; `pauses` says
    that the time stands still until then.
    """

    request: str
    kind: str
    received: date
    ways: tuple[str, ...]
    answer_by: date | None = None
    pauses: bool = True


@dataclass(frozen=True, slots=True)
class Extension:
    """That an answer takes longer, with the reasons (Art. 12(3)): told within the first month."""

    request: str
    kind: str
    received: date
    due: date
    reasons: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """That a request is refused, why, and where to complain (Art. 12(4), (5)).

    `ground` is the reason that a register keeps (excessive, unidentified, …), or the article. `lifts`: a restriction
    that stood meanwhile ends, of which this is the notice (Art. 18(3)).
    """

    request: str
    kind: str
    received: date
    ground: str
    reasons: str
    lifts: bool = False


@dataclass(frozen=True, slots=True)
class ErasureOutcome:
    """What became of a request for erasure. `unread`: sources not done yet; `passed_on`: to whom, by name.

    `silenced`: an objection to direct marketing was noted with it, though the person asked for erasure alone.
    """

    request: str
    received: date
    gone: tuple[Gone, ...] = ()
    stays: tuple[Stays, ...] = ()
    uses: tuple[Fared, ...] = ()
    doubt: tuple[InDoubt, ...] = ()
    passed_on: PassedOn = TO_NOBODY
    unread: tuple[str, ...] = ()
    silenced: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A datum before and after; `after` None: it was removed. `why` where it was not changed as asked."""

    company: str
    what: str
    before: str = field(repr=False)
    after: str | None = field(repr=False)
    why: str = ""


@dataclass(frozen=True, slots=True)
class RectificationOutcome:
    """What was corrected (Art. 16), and who was told (Art. 19). `own`: on the group's own discovery.

    `lifts`: a restriction that stood meanwhile ends, of which this is the notice (Art. 18(3)).
    """

    request: str
    received: date
    changes: tuple[Change, ...]
    passed_on: PassedOn = TO_NOBODY
    unread: tuple[str, ...] = ()
    own: bool = False
    lifts: bool = False


@dataclass(frozen=True, slots=True)
class RestrictionSet:
    """That data is stored and not used (Art. 18(1)); `purposes` by id, empty for all.

    `allowed`: which uses go on, as Art. 18(2) has them (consent, legal_claims, …), or in words.
    """

    request: str
    since: date
    ground: str
    purposes: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    passed_on: PassedOn = TO_NOBODY


@dataclass(frozen=True, slots=True)
class RestrictionLifting:
    """That a restriction will end, told before it does (Art. 18(3)). `on` is the day it ends."""

    request: str
    on: date
    reasons: str


class Became(StrEnum):
    """What became of a use that somebody said no to, or took back their consent to."""

    STOPPED = "stopped"
    """At once, by law alone: direct marketing (Art. 21(3)), or what stood on consent (Art. 7(3))."""
    ENDED = "ended"
    """After it was weighed."""
    OVERRIDDEN = "overridden"
    """It goes on: compelling grounds override (Art. 21(1))."""
    UNTOUCHED = "untouched"
    """It goes on: it rests on something else."""
    KEPT = "kept"
    """It has ended, and something else than a purpose keeps the data."""


@dataclass(frozen=True, slots=True)
class Use:
    """What became of one purpose, in these companies (`every`: in all that have it).

    `holds` are the claims that hold data still; `reasons` a handler's; `until` the last day on which what only this
    held is stored, in case the person changes their mind.
    """

    companies: tuple[str, ...]
    purpose: str
    became: Became
    every: bool = False
    holds: tuple[Hold, ...] = ()
    reasons: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ObjectionOutcome:
    """What became of an objection (Art. 21): what stopped at once, what ended, what goes on and why.

    `lifts`: what was not used until it was weighed is used again, of which this is the notice (Art. 18(3)).
    """

    request: str
    received: date
    uses: tuple[Use, ...]
    passed_on: PassedOn = TO_NOBODY
    unread: tuple[str, ...] = ()
    lifts: bool = False


@dataclass(frozen=True, slots=True)
class WithdrawalOutcome:
    """What became of a withdrawal of consent (Art. 7(3)): what stopped, and what does not stand on consent."""

    request: str
    received: date
    uses: tuple[Use, ...]
    passed_on: PassedOn = TO_NOBODY
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forwarding:
    """To the Tax Agency, which forwards post to a person whose address nobody may see; the answer lies inside, sealed.

    `person` is the name and the identity number that the agency finds them by; the address is known to nobody here.
    """

    request: str
    person: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class TransferOutcome:
    """What became of handing the person's data directly to another controller, by name (Art. 20(2)).

    `receipt` is what both sides can tell it by; empty where it was not handed over, and `reasons` says why.
    """

    request: str
    to: str
    day: date
    receipt: str = ""
    reasons: str = ""


Letter = (
    Acknowledgement
    | ProofQuestion
    | Extension
    | Refusal
    | ErasureOutcome
    | RectificationOutcome
    | RestrictionSet
    | RestrictionLifting
    | TransferOutcome
    | ObjectionOutcome
    | WithdrawalOutcome
    | DisputeReceived
    | DisputeOutcome
    | RecipientsOutcome
    | Forwarding
)
