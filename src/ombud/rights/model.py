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
    """How far a request has come in one source. A request with any part that failed is not carried out."""

    PENDING = "pending"
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


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `company` None: of the whole group. `parts`: by source.

    `received` is the calendar day, in the policy's zone, on which it came in by whatever way. `extended` is the reason
    told to the person, `extended_on` the day. `proof` is the highest rung reached. No personal data stands here.
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
