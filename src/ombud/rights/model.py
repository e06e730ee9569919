"""The words of a request: who asks for what, since when, and how far it has come (spec/requests.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class RequestKind(StrEnum):
    """What a person may ask: Arts 15 to 18, 20, 21, 7(3), 77 and 82 GDPR."""

    ACCESS = "access"
    RECTIFY = "rectify"
    ERASE = "erase"
    RESTRICT = "restrict"
    PORT = "port"
    OBJECT = "object"
    WITHDRAW = "withdraw"
    COMPLAIN = "complain"
    CLAIM = "claim"


class State(StrEnum):
    """How far a request has come. Waiting for a person is a state, not a sleeping process."""

    RECEIVED = "received"
    IDENTITY = "identity"
    COLLECTING = "collecting"
    REVIEW = "review"
    DECISION = "decision"
    CARRYING_OUT = "carrying_out"
    CARRIED_OUT = "carried_out"
    DELIVERED = "delivered"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Part(StrEnum):
    """How far a request has come in one source: pending, collected, done.

    `unread`: it could not be read. `failed`: what was decided could not be done there. A request with any part that
    is not done is not carried out.
    """

    PENDING = "pending"
    UNREAD = "unread"
    COLLECTED = "collected"
    FAILED = "failed"
    DONE = "done"


class Proof(StrEnum):
    """The ladder of identity: each rung proves more than the one before (Art. 12(6); spec/requests.md)."""

    NONE = "none"
    SESSION = "session"
    CONTACT_POINT = "contact_point"
    E_IDENTIFICATION = "e_identification"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from the day a question was put until the day it was answered (None: it stands still)."""

    since: date
    until: date | None = None


class Restriction(StrEnum):
    """How far a restriction that a request brought has come: none, standing, notice given, lifted (Art. 18(3))."""

    NONE = "none"
    STANDS = "stands"
    NOTICED = "noticed"
    LIFTED = "lifted"


class Ending(StrEnum):
    """What the person was answered; empty until that is decided."""

    OPEN = ""
    GRANTED = "granted"
    IN_PART = "in_part"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Told(StrEnum):
    """Where a recipient stands that must be told (Art. 19): open, told, or why not."""

    OPEN = "open"
    TOLD = "told"
    IMPOSSIBLE = "impossible"
    DISPROPORTIONATE = "disproportionate"


class Verdict(StrEnum):
    """What comes of a complaint or a claim; `withdrawn`: the person took it back."""

    UPHELD = "upheld"
    IN_PART = "in_part"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Reminder:
    """The desk was reminded of a request so many days, or fewer, before it was due. Below zero: after."""

    due: date
    left: int


@dataclass(frozen=True, slots=True)
class Telling:
    """What became of telling one recipient. `words` is the receipt, or the reason why not; empty while it is open."""

    recipient: str
    told: Told = Told.OPEN
    words: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `company` None: of the whole group. `parts`: by source. `tellings`: by recipient; `transfers`: by
    the controller to which the data is handed directly, alike.

    `received` is the calendar day, in the policy's zone, on which it came in by whatever way. `extended` is the reason
    told to the person, `extended_on` the day. `proof` is the highest rung reached. `answered` is the day of the whole
    answer, `answered_in_part` of one that said what was missing. `begun`: what was decided last is being carried out,
    and whom it is about is written down. `noticed` is the day on which the person was told that a restriction is to be
    lifted. `promised` are recipients of which the answer said that they are being told, until
    the person knows what came of that; `verdict` is what comes of a complaint or a claim, and `verdict_told` the day on
    which the person was told. No personal data stands here.
    """

    id: str
    kind: RequestKind
    received: date
    state: State = State.RECEIVED
    company: str | None = None
    purposes: tuple[str, ...] = ()
    language: str = "sv"
    proof: Proof = Proof.NONE
    parts: Mapping[str, Part] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    extended: str = ""
    extended_on: date | None = None
    ground: str = ""
    protected: bool = False
    ending: Ending = Ending.OPEN
    answered: date | None = None
    answered_in_part: date | None = None
    begun: bool = False
    restriction: Restriction = Restriction.NONE
    noticed: date | None = None
    tellings: Mapping[str, Telling] = field(default_factory=dict)
    transfers: Mapping[str, Telling] = field(default_factory=dict)
    promised: tuple[str, ...] = ()
    verdict: Verdict | None = None
    verdict_told: date | None = None
    reminded: tuple[Reminder, ...] = ()
