"""The moves of a request, as tables; the picture is drawn from them (spec/requests.md §1).

Three small machines, and one trigger: the request's state, how far each source has come, and the restriction that a
request may bring. What is in no table cannot happen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping

from ombud.rights.events import (
    Addressed,
    AskedForProof,
    Begun,
    CarriedOut,
    Closed,
    Collected,
    Concluded,
    Decided,
    Delivered,
    DeliveredInPart,
    Event,
    Extended,
    Failed,
    FellShort,
    Find,
    FlaggedProtected,
    Followed,
    Found,
    Identified,
    Lifted,
    MustTell,
    NoticeGiven,
    NotTransferred,
    RecipientNotTold,
    RecipientTold,
    Refused,
    Reminded,
    Reopened,
    Restricted,
    Returned,
    Reviewed,
    RowTakenBack,
    TransferAsked,
    Transferred,
    WithdrawnByPerson,
)
from ombud.rights.model import Part, Restriction, State

Word = type[Event] | Find
"""What the table knows an event by: its type, and of Found what was found."""

UNDECIDED = (State.RECEIVED, State.IDENTITY, State.COLLECTING, State.REVIEW, State.DECISION)
UNANSWERED = (*UNDECIDED, State.CARRYING_OUT, State.CARRIED_OUT)
KNOWN = tuple(state for state in State if state not in (State.RECEIVED, State.IDENTITY, State.CLOSED))
"""States in which it is known who asks, and something is left to do."""
DECIDED = (State.CARRYING_OUT, State.CARRIED_OUT, State.DELIVERED)


def _staying(states: Iterable[State], *words: Word) -> dict[tuple[State, Word], State]:
    """Events that a request may meet in these states, and stays there."""
    return {(state, word): state for state in states for word in words}


MOVES: Mapping[tuple[State, Word], State] = {
    (State.RECEIVED, AskedForProof): State.IDENTITY,
    (State.RECEIVED, Identified): State.COLLECTING,
    (State.IDENTITY, AskedForProof): State.IDENTITY,
    (State.IDENTITY, FellShort): State.IDENTITY,
    (State.IDENTITY, Identified): State.COLLECTING,
    (State.COLLECTING, Collected): State.COLLECTING,
    (State.COLLECTING, Failed): State.COLLECTING,
    (State.COLLECTING, Find.NOTHING): State.DECISION,
    (State.COLLECTING, Find.CLEAR): State.DECISION,
    (State.COLLECTING, Find.TO_REVIEW): State.REVIEW,
    (State.REVIEW, Reviewed): State.DECISION,
    (State.REVIEW, RowTakenBack): State.COLLECTING,
    (State.DECISION, RowTakenBack): State.COLLECTING,
    (State.DECISION, Decided): State.CARRYING_OUT,
    (State.CARRYING_OUT, Begun): State.CARRYING_OUT,
    (State.CARRYING_OUT, CarriedOut): State.CARRYING_OUT,
    (State.CARRYING_OUT, Failed): State.CARRYING_OUT,
    (State.CARRYING_OUT, DeliveredInPart): State.CARRYING_OUT,
    (State.CARRIED_OUT, Delivered): State.DELIVERED,
    (State.DELIVERED, Returned): State.CARRIED_OUT,
    (State.DELIVERED, Closed): State.CLOSED,
    (State.REFUSED, Delivered): State.REFUSED,
    (State.REFUSED, Returned): State.REFUSED,
    (State.REFUSED, Closed): State.CLOSED,
    (State.WITHDRAWN, Closed): State.CLOSED,
    **{(state, Refused): State.REFUSED for state in UNDECIDED},
    **{(state, WithdrawnByPerson): State.WITHDRAWN for state in (*UNDECIDED, State.CARRYING_OUT)},
    **{(state, Reopened): State.COLLECTING for state in (*UNDECIDED[2:], *DECIDED)},
    **_staying(UNDECIDED[:3], RowTakenBack),
    **_staying(UNANSWERED, Extended),
    **_staying(tuple(State), FlaggedProtected),
    **_staying((*UNANSWERED, State.DELIVERED, State.REFUSED), Addressed),
    **_staying((State.CARRIED_OUT, State.DELIVERED), Concluded),
    **_staying((State.DELIVERED,), Followed),
    **_staying((state for state in State if state is not State.CLOSED), Reminded),
    **_staying(DECIDED, MustTell),
    **_staying(KNOWN, RecipientTold, RecipientNotTold, Transferred, NotTransferred, Restricted),
    **_staying((State.CARRIED_OUT,), TransferAsked),
    **_staying((*KNOWN, State.CLOSED), NoticeGiven, Lifted),
}

EVERY_PART_DONE = "every part done"
TRIGGERS: Mapping[State, tuple[str, State]] = {State.CARRYING_OUT: (EVERY_PART_DONE, State.CARRIED_OUT)}
"""Moves that no event makes: they follow as soon as something holds."""

PARTS: Mapping[tuple[Part, type[Event]], Part] = {
    (Part.PENDING, Collected): Part.COLLECTED,
    (Part.PENDING, Failed): Part.UNREAD,
    (Part.UNREAD, Collected): Part.COLLECTED,
    (Part.UNREAD, Failed): Part.UNREAD,
    (Part.COLLECTED, Collected): Part.COLLECTED,
    (Part.COLLECTED, CarriedOut): Part.DONE,
    (Part.COLLECTED, Failed): Part.FAILED,
    (Part.FAILED, CarriedOut): Part.DONE,
    (Part.FAILED, Failed): Part.FAILED,
    (Part.DONE, CarriedOut): Part.DONE,
    **{(part, Reopened): Part.PENDING for part in Part},
}
"""How far one source has come. Said twice is said once, for whoever reports may have died in between."""

RESTRICTIONS: Mapping[tuple[Restriction, type[Event]], Restriction] = {
    (Restriction.NONE, Restricted): Restriction.STANDS,
    (Restriction.STANDS, Restricted): Restriction.STANDS,
    (Restriction.STANDS, NoticeGiven): Restriction.NOTICED,
    (Restriction.NOTICED, NoticeGiven): Restriction.NOTICED,
    (Restriction.NOTICED, Restricted): Restriction.STANDS,
    (Restriction.NOTICED, Lifted): Restriction.LIFTED,
    (Restriction.LIFTED, Restricted): Restriction.STANDS,
}
"""No way leads from a standing restriction to a lifted one but through notice to the person (Art. 18(3))."""


def word(event: Event) -> Word:
    """What the table knows an event by."""
    return event.what if isinstance(event, Found) else type(event)


# --- the picture ------------------------------------------------------------------------------------------------

SAID: Mapping[Word, str] = {
    Find.NOTHING: "found nothing",
    Find.CLEAR: "found, clear",
    Find.TO_REVIEW: "found, to review",
}


UNDECIDED_AS_ONE = "undecided"
"""What the picture calls the states before the decision, which many arrows leave alike."""


def picture() -> str:
    """The moves as a Mermaid state diagram. Events that change no state are left out; the reference lists them."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    arrows: dict[tuple[State, State], list[str]] = {}
    for (state, event), to in MOVES.items():
        if state is not to:
            arrows.setdefault((state, to), []).append(say(event))
    for state, (why, to) in TRIGGERS.items():
        arrows.setdefault((state, to), []).append(why)
    alike = {
        to: words
        for (_, to), words in arrows.items()
        if to not in UNDECIDED and all(arrows.get((state, to)) == words for state in UNDECIDED)
    }
    yield "stateDiagram-v2"
    yield f"  state {UNDECIDED_AS_ONE} {{"
    yield f"    [*] --> {State.RECEIVED}: received"
    for (state, to), words in arrows.items():
        if state in UNDECIDED and to in UNDECIDED:
            yield f"    {state} --> {to}: {' / '.join(words)}"
    yield "  }"
    for to, words in alike.items():
        yield f"  {UNDECIDED_AS_ONE} --> {to}: {' / '.join(words)}"
    for (state, to), words in arrows.items():
        if not (state in UNDECIDED and (to in UNDECIDED or to in alike)):
            yield f"  {state} --> {to}: {' / '.join(words)}"
    yield f"  {State.CLOSED} --> [*]"


def say(event: Word) -> str:
    """An event's name in words: `AskedForProof` is "asked for proof"."""
    if isinstance(event, Find):
        return SAID[event]
    name = event.__name__
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


if __name__ == "__main__":
    sys.stdout.write(picture())
