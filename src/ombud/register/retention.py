"""How long the register itself remembers: what was sealed goes with its use, the rest when nobody can claim any more.

| what | stays until |
|---|---|
| an identifier's value | every request of the person is over: closed, with no restriction of it standing |
| the content of an answer | it is delivered, its last day has passed, or the request is over |
| what was corrected, before and after | as the answer that says so |
| the content of a notice | it was sent, or given up with a reason |
| the words beside an entry of a history | the request is over, and `notes` years |
| the request and its history, without personal data | `requests` years after it was over |
| a disclosure | `requests` years after the last day on which the recipient may hold the data; none agreed: always |
| a record of consent | `requests` years after it was withdrawn |
| that somebody's identity is protected | it is taken back |
| a code that was sent, its message, and when messages were started | a day after its end |
| what the population register said of a person | the answer is delivered, or the request is over |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Kept:
    """Whole years after a request was over. Three years is what a consumer's claim takes (preskriptionslagen 2 §).

    Where ten years are wanted, for other claims, a project says so; nothing that is kept longer says whom it is about
    but by keyed hash.
    """

    requests: int = 3
    notes: int = 0


KEPT = Kept()


@dataclass(frozen=True, slots=True)
class Wiped:
    """How many of each went."""

    values: int = 0
    answers: int = 0
    corrections: int = 0
    notes: int = 0
    requests: int = 0
    disclosures: int = 0
    consents: int = 0
    persons: int = 0
    codes: int = 0


def earliest_kept(today: date, years: int) -> date:
    """The earliest day that is not yet more than so many years ago; a 29 February's years end on a 28th."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return date(today.year - years, 3, 1)
