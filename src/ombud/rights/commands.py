"""What a request asks of the loop that serves it, and which marks are set when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    """Set the marks of this moment (`decisions.marks`), in the register first, then in every source. `first`: until
    every source has acknowledged them, nothing that stands after it is done.
    """

    when: When
    first: bool = False


@dataclass(frozen=True, slots=True)
class Collect:
    """Find all that the sources have of the person. Answered by Collected or Failed for each source, then by Found."""


@dataclass(frozen=True, slots=True)
class Decide:
    """Decide by the rules alone, where they leave no choice. Answered by Decided."""


@dataclass(frozen=True, slots=True)
class Check:
    """Look whether anything has come to stand in the way since it was decided; nothing that stands after it is done
    where it has.
    """


@dataclass(frozen=True, slots=True)
class Begin:
    """Write down whom it is about, before a row that names them may be gone. Answered by Begun."""


@dataclass(frozen=True, slots=True)
class NoteHandings:
    """Write down what the databases say was handed over, before the rows that say so may be gone."""


@dataclass(frozen=True, slots=True)
class CarryOut:
    """Do in a source what was decided: correct, sweep. Answered by CarriedOut or Failed."""

    source: str


@dataclass(frozen=True, slots=True)
class TellRecipients:
    """Put a notice for each recipient into the outbox (Art. 19). Answered by MustTell for those not known before."""


@dataclass(frozen=True, slots=True)
class Hear:
    """Note what came of the notices to recipients. Answered by RecipientTold or RecipientNotTold."""


@dataclass(frozen=True, slots=True)
class Settle:
    """Note what came of handing the data to other controllers. Answered by Transferred or NotTransferred."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Put the answer together, or the letter that says what it left open, and keep it for somebody to deliver."""


@dataclass(frozen=True, slots=True)
class Lift:
    """The marks that lift the restriction are set. Answered by Lifted."""


@dataclass(frozen=True, slots=True)
class Close:
    """Nothing is left: close it. Answered by Closed."""


Command = (
    SetMarks
    | Collect
    | Decide
    | Check
    | Begin
    | NoteHandings
    | CarryOut
    | TellRecipients
    | Hear
    | Settle
    | Answer
    | Lift
    | Close
)
