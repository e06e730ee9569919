"""What a request asks for after an event: the commands of the loop that serves it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import assert_never

from ombud.rights.commands import (
    AskForProof,
    CarryOut,
    Close,
    Collect,
    Command,
    Decide,
    Deliver,
    FollowUp,
    GiveNotice,
    HandOver,
    Lift,
    Remind,
    Review,
    SetMarks,
    TellRecipient,
    When,
)
from ombud.rights.deadlines import deadline_of
from ombud.rights.events import (
    Addressed,
    AskedForProof,
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
    Received,
    RecipientNotTold,
    RecipientTold,
    Refused,
    Reminded,
    Reopened,
    Restricted,
    Returned,
    Reviewed,
    TransferAsked,
    Transferred,
    WithdrawnByPerson,
)
from ombud.rights.guards import in_the_way, owes_letter
from ombud.rights.model import Part, Request, RequestKind, Restriction, State, Told
from ombud.rights.rules import AT_ONCE, CHANGES, Rules

LEFT = frozenset({Part.UNREAD, Part.FAILED})
"""Parts that wait for a source, not for us."""


def commands(before: Request | None, after: Request, event: Event, day: date, rules: Rules) -> tuple[Command, ...]:
    """What is asked for once an event has happened, in the order in which it should be done."""
    found = list(_asked_by(after, event, day, rules))
    answering = (State.CARRIED_OUT, State.DELIVERED)
    if after.state is State.CARRIED_OUT and not (before is not None and before.state in answering):
        found += _carried_out(after)
    if _only_waits(after) and not (before is not None and _only_waits(before)):
        found.append(Deliver(in_part=True, by_hand=after.protected))
    if owes_letter(after) and not (before is not None and owes_letter(before)):
        found.append(FollowUp(by_hand=after.protected))
    if after.state in (State.DELIVERED, State.REFUSED, State.WITHDRAWN) and not in_the_way(after):
        found.append(Close())
    return tuple(found)


def _asked_by(after: Request, event: Event, day: date, rules: Rules) -> Iterator[Command]:
    match event:
        case Received():
            yield AskForProof(rules.needs[after.kind])
            yield _remind(after, day, rules)
        case FellShort():
            yield AskForProof(rules.needs[after.kind])
            yield _remind(after, day, rules)
        case Identified():
            if after.kind in AT_ONCE:
                yield SetMarks(When.AT_ONCE)
            yield from (Collect(source) for source in after.parts)
            yield _remind(after, day, rules)
        case FlaggedProtected():
            yield from _by_hand_now(after)
        case Failed(source):
            yield CarryOut(source) if after.parts[source] is Part.FAILED else Collect(source)
        case Found(Find.TO_REVIEW):
            yield Review()
        case Found():
            yield Decide(by_hand=after.protected or after.kind in rules.by_hand)
        case Reviewed():
            yield Decide(by_hand=True)
        case Decided():
            if after.kind in CHANGES:
                yield SetMarks(When.DECIDED)
                known = (Part.COLLECTED, Part.FAILED)
                yield from (CarryOut(source) for source, part in after.parts.items() if part in known)
        case Refused() | WithdrawnByPerson():
            if after.kind in AT_ONCE and after.parts:
                yield SetMarks(When.TAKEN_BACK)
            if after.restriction is Restriction.STANDS:
                yield GiveNotice(by_hand=after.protected)
            if isinstance(event, Refused):
                yield Deliver(in_part=False, by_hand=after.protected)
        case Delivered():
            if after.restriction is Restriction.STANDS and after.kind is not RequestKind.RESTRICT:
                yield GiveNotice(by_hand=after.protected)
        case Returned():
            yield Deliver(in_part=False, by_hand=after.protected)
        case MustTell(recipients):
            if after.state is not State.CARRYING_OUT:
                yield from (TellRecipient(recipient) for recipient in recipients)
        case TransferAsked(to):
            yield HandOver(to)
        case NoticeGiven():
            yield Lift(day + timedelta(days=1))
        case Extended():
            yield _remind(after, day, rules)
        case Reopened(source):
            yield Collect(source)
        case AskedForProof() | Collected() | CarriedOut() | DeliveredInPart() | Restricted() | Lifted() | Closed():
            return
        case RecipientTold() | RecipientNotTold() | Transferred() | NotTransferred():
            return
        case Addressed() | Concluded() | Followed() | Reminded():
            return
        case _:
            assert_never(event)


def _carried_out(after: Request) -> Iterator[Command]:
    """Every part is done: recipients are told, and the person is answered."""
    if after.kind in CHANGES:
        yield SetMarks(When.CARRIED_OUT)
    yield from (TellRecipient(r) for r, telling in after.tellings.items() if telling.told is Told.OPEN)
    yield Deliver(in_part=False, by_hand=after.protected)


def _only_waits(request: Request) -> bool:
    """Something is done, the rest waits for sources that do not answer, and the person has not been told so."""
    parts = frozenset(request.parts.values())
    waits = request.state is State.CARRYING_OUT and request.answered_in_part is None
    return waits and bool(parts & LEFT) and parts - LEFT == {Part.DONE}


def _by_hand_now(after: Request) -> Iterator[Command]:
    """What was asked of a machine is asked of a person, once an identity turns out to be protected."""
    if after.state is State.DECISION:
        yield Decide(by_hand=True)
    if after.state is State.CARRIED_OUT or (after.state is State.REFUSED and after.answered is None):
        yield Deliver(in_part=False, by_hand=True)


def _remind(after: Request, day: date, rules: Rules) -> Remind:
    due = deadline_of(after, day, rules.prompt).act_by
    return Remind(max(day, due - timedelta(days=rules.remind)))
