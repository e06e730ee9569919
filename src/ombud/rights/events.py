"""What can happen to a request: each event is a fact that somebody has already brought about.

Events are written down and never changed; a request is what its events make of it (`life.replay`). No personal data
stands in them: reasons name cases, people of the staff by their sign, recipients by their id in the policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ombud.rights.model import Proof, RequestKind, Told, Verdict


@dataclass(frozen=True, slots=True)
class Received:
    """A request came in on the day `on`, by whatever way; it may be entered later."""

    id: str
    kind: RequestKind
    on: date
    company: str | None = None
    purposes: tuple[str, ...] = ()
    language: str = "sv"
    ground: str = ""
    protected: bool = False


@dataclass(frozen=True, slots=True)
class AskedForProof:
    """The person was asked who they are. The clock stands still until they answer, if that was needed and prompt."""

    needed: bool = True


@dataclass(frozen=True, slots=True)
class FellShort:
    """An answer came to the question of identity, and proves too little."""

    proof: Proof


@dataclass(frozen=True, slots=True)
class Identified:
    """The person is who they say, and these are the sources in which data of theirs may be."""

    proof: Proof
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlaggedProtected:
    """The person's identity is protected: a register, a source or they themselves said so."""


@dataclass(frozen=True, slots=True)
class Collected:
    """All that one source has of the person is known."""

    source: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A source could not be read, or what was decided could not be done there."""

    source: str
    why: str


class Find(StrEnum):
    """What was found in the sources that were read."""

    NOTHING = "nothing"
    CLEAR = "clear"
    TO_REVIEW = "to_review"


@dataclass(frozen=True, slots=True)
class Found:
    """Whether there is anything, and whether a handler has to look: doubtful matches, others' data, what to weigh."""

    what: Find


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A handler has been through what had to be looked at."""

    by: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to be done stands. `in_part`: not all that was asked for; `tell`: recipients that must be told."""

    by: str
    in_part: bool = False
    tell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowTakenBack:
    """A row by which the person was named, or that a reviewer took in, is not theirs: nothing goes by it any more."""


class Refusal(StrEnum):
    """Why nothing is done: Art. 12(5)(b) twice, Arts 11(2) and 12(2), and what a law excepts."""

    EXCESSIVE = "excessive"
    MANIFESTLY_UNFOUNDED = "manifestly_unfounded"
    UNIDENTIFIED = "unidentified"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing is done, for this reason. `by`: who approved it."""

    why: Refusal
    reason: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Begun:
    """It is about to be carried out: whom it is about is written down, before a row that names them may be gone."""


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What was decided is done in one source."""

    source: str


@dataclass(frozen=True, slots=True)
class DeliveredInPart:
    """The person has an answer that says which sources are missing from it."""

    how: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The person has the whole answer: the extract, what was done, or the refusal with the ways to complain."""

    how: str


@dataclass(frozen=True, slots=True)
class Addressed:
    """The person said where letters to them go; the lines are sealed beside it."""


@dataclass(frozen=True, slots=True)
class Concluded:
    """What comes of a complaint or a claim is decided; the reasons are sealed beside it."""

    verdict: Verdict
    by: str


@dataclass(frozen=True, slots=True)
class Followed:
    """A letter reached the person that says what the answer left open: which recipients were told, what it came to."""

    how: str


@dataclass(frozen=True, slots=True)
class Reminded:
    """The desk was told that a request is due on `due`, `left` days or fewer from then on. Below zero: it is late."""

    due: date
    left: int


@dataclass(frozen=True, slots=True)
class Returned:
    """The answer came back, and has not reached the person."""

    why: str


@dataclass(frozen=True, slots=True)
class MustTell:
    """More recipients that must be told, learned of after the decision."""

    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecipientTold:
    """A recipient was told, and this is the receipt."""

    recipient: str
    receipt: str


@dataclass(frozen=True, slots=True)
class RecipientNotTold:
    """A recipient cannot be told, or only with disproportionate effort; the reason is kept (Art. 19)."""

    recipient: str
    why: Told
    reason: str


@dataclass(frozen=True, slots=True)
class TransferAsked:
    """Another controller is to be handed the data directly (Art. 20(2)): `to` is its id in the project."""

    to: str


@dataclass(frozen=True, slots=True)
class Transferred:
    """The other controller has taken the data over, and this is the receipt."""

    to: str
    receipt: str


@dataclass(frozen=True, slots=True)
class NotTransferred:
    """It cannot be handed over there, and the person is told why."""

    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class Restricted:
    """A restriction that the request brought stands: it is in the register, and each source takes it from there."""


@dataclass(frozen=True, slots=True)
class NoticeGiven:
    """The person was told that the restriction is to be lifted, before it is (Art. 18(3))."""

    how: str


@dataclass(frozen=True, slots=True)
class Lifted:
    """The restriction is lifted."""


@dataclass(frozen=True, slots=True)
class Extended:
    """The person was told that it takes up to two months more, and why (Art. 12(3))."""

    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawnByPerson:
    """The person wants it no more."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """A source was added, or can be read again, while the request is open."""

    source: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing is left to do."""


Event = (
    Received
    | AskedForProof
    | FellShort
    | Identified
    | FlaggedProtected
    | Collected
    | Failed
    | Found
    | Reviewed
    | RowTakenBack
    | Decided
    | Refused
    | Begun
    | CarriedOut
    | DeliveredInPart
    | Delivered
    | Addressed
    | Concluded
    | Followed
    | Reminded
    | Returned
    | MustTell
    | RecipientTold
    | RecipientNotTold
    | TransferAsked
    | Transferred
    | NotTransferred
    | Restricted
    | NoticeGiven
    | Lifted
    | Extended
    | WithdrawnByPerson
    | Reopened
    | Closed
)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event and the calendar day, in the policy's zone, on which it happened."""

    day: date
    event: Event
