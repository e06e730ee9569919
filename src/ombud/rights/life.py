"""A request's life, without I/O: what happened makes what it is (`next.py`: what it is asks for what comes next).

Its laws (spec/requests.md §2): what is in no table cannot happen. It is carried out when every part is done, never
before. It is not closed over a recipient that has neither a receipt nor a recorded reason. A restriction is lifted
after notice to the person. The same events make the same request, whatever the rules of the house are by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import assert_never

from ombud.rights.deadlines import asked
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
    FlaggedProtected,
    Followed,
    Found,
    Happened,
    Identified,
    Lifted,
    MustTell,
    NoticeGiven,
    NotTransferred,
    Received,
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
from ombud.rights.guards import why_not
from ombud.rights.ladder import LADDER
from ombud.rights.model import Ending, Part, Pause, Proof, Reminder, Request, Restriction, Told
from ombud.rights.moves import MOVES, PARTS, RESTRICTIONS, TRIGGERS, say, word
from ombud.rights.recipients import opened, settled
from ombud.rights.rules import CHANGES, Rules


class NotAllowed(Exception):
    """A move that the tables do not have, or that a law forbids now. `reason` is for whoever asked for it."""

    def __init__(self, state: str, event: str, reason: str) -> None:
        super().__init__(f"{event}, while it is {state}: {reason}")
        self.state, self.event, self.reason = state, event, reason


def step(request: Request | None, event: Event, day: date, rules: Rules | None = None) -> Request:
    """Let an event happen on a day: the request as it is then.

    A first event is Received, of no request. Raises NotAllowed, with the reason, and OutOfCalendar.
    """
    rules = rules or Rules()
    if request is not None:
        _on_the_table(request, event)
        reason = why_not(request, event, day, rules)
        if reason:
            raise NotAllowed(request.state, say(word(event)), reason)
    elif isinstance(event, Received) and event.on > day:
        raise NotAllowed("unknown", say(word(event)), f"it cannot have come in later than it was entered, on {day}")
    return evolve(request, event, day)


def replay(history: Iterable[Happened]) -> Request:
    """The request that these events make. Raises NotAllowed for events in no table, and where there is none."""
    request: Request | None = None
    for happened in history:
        request = evolve(request, happened.event, happened.day)
    if request is None:
        raise NotAllowed("unknown", "nothing", "nothing has happened")
    return request


def evolve(request: Request | None, event: Event, day: date) -> Request:
    """The request after an event, by the tables alone: whether it was right to let it happen is not asked again."""
    if request is None:
        if isinstance(event, Received):
            return Request(
                event.id,
                event.kind,
                event.on,
                company=event.company,
                purposes=event.purposes,
                language=event.language,
                ground=event.ground,
                protected=event.protected,
            )
        raise NotAllowed("unknown", say(word(event)), "nothing has been received")
    _on_the_table(request, event)
    return _triggered(_told(replace(request, state=MOVES[request.state, word(event)]), event, day))


def _on_the_table(request: Request, event: Event) -> None:
    if (request.state, word(event)) not in MOVES:
        states = [state.replace("_", " ") for state, known in MOVES if known == word(event)]
        raise NotAllowed(request.state, say(word(event)), f"that may be while it is {', '.join(states)}")


def _triggered(request: Request) -> Request:
    """A request that is being carried out is carried out when every part is done."""
    trigger = TRIGGERS.get(request.state)
    if trigger is None or any(part is not Part.DONE for part in request.parts.values()):
        return request
    return replace(request, state=trigger[1])


def _told(request: Request, event: Event, day: date) -> Request:
    """What an event says of a request, apart from its state."""
    match event:
        case AskedForProof(needed):
            return request if asked(request) or not needed else replace(request, pauses=(*request.pauses, Pause(day)))
        case FellShort(proof):
            return replace(_answered_who(request, day), proof=_higher(request.proof, proof))
        case Identified(proof, sources):
            pending = dict.fromkeys(sources, Part.PENDING)
            return replace(_answered_who(request, day), proof=_higher(request.proof, proof), parts=pending)
        case FlaggedProtected():
            return replace(request, protected=True, begun=False)  # by what they had before, they are nobody any more
        case Collected(source) | Failed(source, _) | CarriedOut(source) | Reopened(source):
            again = _asked_again(request) if isinstance(event, Reopened) else request
            return replace(again, parts=_parts(request, event, source))
        case Decided(_, in_part, tell):
            parts = request.parts if request.kind in CHANGES else _all_collected_done(request.parts)
            ending = Ending.IN_PART if in_part else Ending.GRANTED
            return replace(request, parts=parts, ending=ending, tellings=opened(request.tellings, tell), begun=False)
        case Begun():
            return replace(request, begun=True)
        case Refused():
            return replace(request, ending=Ending.REFUSED)
        case WithdrawnByPerson():
            return replace(request, ending=Ending.WITHDRAWN)
        case DeliveredInPart():
            return replace(request, answered_in_part=request.answered_in_part or day)
        case Delivered():
            underway = tuple(name for name, telling in request.tellings.items() if telling.told is Told.OPEN)
            return _verdict_told(replace(request, answered=day, promised=underway), day)
        case Returned():
            return replace(request, answered=None, promised=(), verdict_told=None)
        case MustTell(recipients):
            more = recipients if request.answered is not None else ()
            promised = tuple(dict.fromkeys((*request.promised, *more)))
            return replace(request, tellings=opened(request.tellings, recipients), promised=promised)
        case Concluded(verdict, _):
            return replace(request, verdict=verdict)
        case Followed():
            left = tuple(each for each in request.promised if request.tellings[each].told is Told.OPEN)
            return _verdict_told(replace(request, promised=left), day)
        case Reminded(due, left):
            return replace(request, reminded=(*request.reminded, Reminder(due, left)))
        case RecipientTold(recipient, receipt):
            return replace(request, tellings=settled(request.tellings, recipient, Told.TOLD, receipt, day))
        case RecipientNotTold(recipient, why, reason):
            return replace(request, tellings=settled(request.tellings, recipient, why, reason, day))
        case TransferAsked(to):
            return replace(request, transfers=opened(request.transfers, (to,)))
        case Transferred(to, receipt):
            return replace(request, transfers=settled(request.transfers, to, Told.TOLD, receipt, day))
        case NotTransferred(to, reason):
            return replace(request, transfers=settled(request.transfers, to, Told.IMPOSSIBLE, reason, day))
        case Restricted() | NoticeGiven() | Lifted():
            return _restriction(request, event, day)
        case Extended(reason):
            return replace(request, extended=reason, extended_on=day)
        case Received() | Found() | Reviewed() | RowTakenBack() | Addressed() | Closed():
            return request
        case _:
            assert_never(event)


# --- identity and the clock -------------------------------------------------------------------------------------


def _answered_who(request: Request, day: date) -> Request:
    if not asked(request):
        return request
    *before, last = request.pauses
    return replace(request, pauses=(*before, Pause(last.since, max(day, last.since))))


def _higher(one: Proof, other: Proof) -> Proof:
    return max(one, other, key=LADDER.index)


# --- parts ------------------------------------------------------------------------------------------------------


def _parts(request: Request, event: Event, source: str) -> Mapping[str, Part]:
    """The parts after an event about a source; Reopened alone may name a new one."""
    at = request.parts.get(source)
    to = Part.PENDING if at is None and isinstance(event, Reopened) else PARTS.get((at, type(event))) if at else None
    if to is None:
        reason = f"{source} is {at}" if at else f"{source} is no part of it"
        raise NotAllowed(request.state, say(word(event)), reason)
    return {**request.parts, source: to}


def _all_collected_done(parts: Mapping[str, Part]) -> Mapping[str, Part]:
    """Of a request whose answer is all: what is known is done, and what could not be read is not."""
    return {source: Part.DONE if part is Part.COLLECTED else part for source, part in parts.items()}


def _asked_again(request: Request) -> Request:
    """What was answered as the whole was a part of it."""
    in_part = request.answered_in_part or request.answered
    return replace(request, answered=None, answered_in_part=in_part, ending=Ending.OPEN, promised=(), verdict_told=None)


def _verdict_told(request: Request, day: date) -> Request:
    """With what came of a complaint or a claim told, where that is decided: a letter that goes now says it."""
    return request if request.verdict is None else replace(request, verdict_told=request.verdict_told or day)


def _restriction(request: Request, event: Restricted | NoticeGiven | Lifted, day: date) -> Request:
    to = RESTRICTIONS.get((request.restriction, type(event)))
    if to is None:
        lifted = request.restriction is Restriction.LIFTED
        reason = "its restriction is lifted" if lifted else "it brought no restriction"
        raise NotAllowed(request.state, say(word(event)), reason)
    noticed = day if isinstance(event, NoticeGiven) else request.noticed
    return replace(request, restriction=to, noticed=noticed)
