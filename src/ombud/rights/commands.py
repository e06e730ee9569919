"""What a request asks of the loop that serves it. A command is a wish: only the event that answers it is a fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ombud.rights.model import Proof


@dataclass(frozen=True, slots=True)
class AskForProof:
    """Ask the person who they are, for a rung of the ladder at least this high. Answered by AskedForProof."""

    at_least: Proof


@dataclass(frozen=True, slots=True)
class Collect:
    """Find all that a source has of the person. Answered by Collected or Failed."""

    source: str


class When(StrEnum):
    """Which marks: what protects at once, what was decided, what may follow only once that is done, what lifts a
    restriction, what takes back where a request ends without a decision.
    """

    AT_ONCE = "at_once"
    DECIDED = "decided"
    CARRIED_OUT = "carried_out"
    LIFTED = "lifted"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class SetMarks:
    """Set the marks of this moment (`decisions.marks`), in the register first, then in every source."""

    when: When


@dataclass(frozen=True, slots=True)
class Review:
    """Put before a handler what has to be looked at. Answered by Reviewed."""


@dataclass(frozen=True, slots=True)
class Decide:
    """Decide. `by_hand`: a person must; else the rules alone say it. Answered by Decided or Refused."""

    by_hand: bool


@dataclass(frozen=True, slots=True)
class CarryOut:
    """Do in a source what was decided: acknowledge the marks, correct, sweep. Answered by CarriedOut or Failed."""

    source: str


@dataclass(frozen=True, slots=True)
class Deliver:
    """Answer the person. `in_part`: saying what is missing. `by_hand`: a named handler sends it."""

    in_part: bool
    by_hand: bool


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Tell the person what the answer left open, now that it is known. Answered by Followed."""

    by_hand: bool


@dataclass(frozen=True, slots=True)
class TellRecipient:
    """Tell a recipient (Art. 19). Answered by RecipientTold or RecipientNotTold."""

    recipient: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """Hand the data to another controller (Art. 20(2)). Answered by Transferred or NotTransferred."""

    to: str


@dataclass(frozen=True, slots=True)
class GiveNotice:
    """Tell the person that the restriction is to be lifted (Art. 18(3)). Answered by NoticeGiven."""

    by_hand: bool


@dataclass(frozen=True, slots=True)
class Lift:
    """Lift the restriction, on this day or later: set the marks of `When.LIFTED`. Answered by Lifted."""

    not_before: date


@dataclass(frozen=True, slots=True)
class Remind:
    """Look again on this day, for the answer is due soon after."""

    on: date


@dataclass(frozen=True, slots=True)
class Close:
    """Nothing is left: close it. Answered by Closed."""


Command = (
    AskForProof
    | Collect
    | SetMarks
    | Review
    | Decide
    | CarryOut
    | Deliver
    | FollowUp
    | TellRecipient
    | HandOver
    | GiveNotice
    | Lift
    | Remind
    | Close
)
