"""What a request as it stands asks of the loop that serves it; whatever is not here waits for a person.

Whoever was killed between a deed and its event asks the same again: each command may be obeyed twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import assert_never

from ombud.rights.commands import (
    Answer,
    Begin,
    CarryOut,
    Check,
    Close,
    Collect,
    Command,
    Decide,
    Hear,
    Lift,
    NoteHandings,
    SetMarks,
    Settle,
    TellRecipients,
    When,
)
from ombud.rights.guards import in_the_way, owes_letter
from ombud.rights.model import Part, Request, Restriction, State, Telling, Told
from ombud.rights.rules import AT_ONCE, CHANGES, Rules

OPEN = frozenset({State.REVIEW, State.DECISION, State.CARRYING_OUT, State.CARRIED_OUT, State.DELIVERED})
"""States in which a source that can be read again, or is new, takes a request back to collecting."""


def todo(request: Request, today: date, rules: Rules, *, named: bool) -> tuple[Command, ...]:
    """What is to be done on a day, in this order. `named`: whoever has it done may do what only a named handler may do
    of a protected identity; of everybody else anybody is.
    """
    return tuple(_todo(request, today, rules, named=named))


def _todo(request: Request, today: date, rules: Rules, *, named: bool) -> Iterator[Command]:
    match request.state:
        case State.RECEIVED | State.IDENTITY | State.REVIEW:
            return
        case State.COLLECTING:
            yield from _at_once(request)
            yield Collect()
        case State.DECISION:
            if not request.protected and request.kind not in rules.by_hand:
                yield Decide()
        case State.CARRYING_OUT:
            if request.kind in CHANGES and named:
                yield from _carrying_out(request)
        case State.CARRIED_OUT:
            yield from _carried_out(request, named=named)
        case State.DELIVERED | State.REFUSED | State.WITHDRAWN | State.CLOSED:
            yield from _ending(request, today)
        case _:
            assert_never(request.state)


def to_reopen(request: Request, sources: Collection[str]) -> tuple[str, ...]:
    """Of these sources those that, once they can be read, take the request back: it never saw what they hold."""
    if request.state not in OPEN:
        return ()
    return tuple(sorted(each for each in sources if request.parts.get(each, Part.UNREAD) is Part.UNREAD))


def _at_once(request: Request, *, first: bool = False) -> Iterator[Command]:
    """What protects, until it is known to stand."""
    if request.kind in AT_ONCE and request.restriction is Restriction.NONE:
        yield SetMarks(When.AT_ONCE, first)


def _carrying_out(request: Request) -> Iterator[Command]:
    yield Check()
    if not request.begun:
        yield Begin()
    yield NoteHandings()
    yield from _at_once(request)
    yield SetMarks(When.DECIDED)
    waiting = (Part.COLLECTED, Part.FAILED)
    yield from (CarryOut(source) for source, part in request.parts.items() if part in waiting)


def _carried_out(request: Request, *, named: bool) -> Iterator[Command]:
    if _is_open(request.transfers):
        yield Settle()
    if request.kind not in CHANGES:  # nobody is told of a hold that is not there
        yield from _at_once(request, first=True)
    elif named:
        yield SetMarks(When.CARRIED_OUT)
        yield TellRecipients()
    else:
        return
    yield Answer()


def _ending(request: Request, today: date) -> Iterator[Command]:
    if request.state is not State.CLOSED:
        if _is_open(request.tellings):
            yield Hear()
        if _is_open(request.transfers):
            yield Settle()
    if request.state in (State.REFUSED, State.WITHDRAWN) and request.kind in AT_ONCE and request.parts:
        yield SetMarks(When.TAKEN_BACK)
    if (request.state is State.REFUSED and request.answered is None) or owes_letter(request):
        yield Answer()
    if request.state is not State.CLOSED and not in_the_way(request):
        yield Close()
    noticed = request.noticed if request.restriction is Restriction.NOTICED else None
    if noticed is not None and noticed < today:
        yield SetMarks(When.LIFTED, first=True)
        yield Lift()


def _is_open(tellings: Mapping[str, Telling]) -> bool:
    return any(telling.told is Told.OPEN for telling in tellings.values())
