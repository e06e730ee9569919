"""What a request waits for, by its state; and why that is no approval, where somebody gives one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ombud.rights.events import Decided, Refused, WithdrawnByPerson
from ombud.rights.model import Ending, State
from ombud.terms import Finding, Place

if TYPE_CHECKING:
    from ombud.app.requests.desk import Opened
    from ombud.rights.events import Event

WAITS: Mapping[str, str] = {
    "received": "proof of who asks: ombud request identify",
    "identity": "the person's answer to who they are; the clock stands still if that was needed and prompt",
    "collecting": "sources that could not be read: ombud request work",
    "review": "a reviewer: ombud request review",
    "decision": "a decision: ombud request approve, or refuse",
    "carrying_out": "sources in which it is not done: ombud request work",
    "carried_out": "delivery: ombud request deliver",
    "delivered": "what stands in the way of closing it: ombud request show",
    "refused": "the person being told: ombud request deliver",
    "withdrawn": "what stands in the way of closing it: ombud request show",
}
"""What a request in a state waits for, and by which command that is answered."""

_COMMAND = re.compile(r"ombud request \w+")
SHOW = "ombud request show"


def waits_of(id: str, state: str, *, for_address: bool = False, shown: bool = False) -> str:
    """The same of one request, with its id where a command takes it; empty where nothing is waited for.

    `for_address`: its answer is not put together before the registered address is known. `shown`: it is being shown.
    """
    waits = WAITS.get(state, "")
    if for_address and state == State.CARRIED_OUT:
        waits = "the registered address: ombud request address"
    if shown:
        waits = waits.removesuffix(f": {SHOW}")
    return _COMMAND.sub(rf"\g<0> {id}", waits)


OMBUD = "ombud"
"""Who did what nobody had to do."""


def hint_of(state: str) -> str:
    """What whoever cannot do something now may do instead."""
    waits = WAITS.get(state)
    return f"it waits for {waits}" if waits else f"see where it stands: {SHOW}"


def nothing_to_approve(opened: Opened) -> Finding:
    """C130: no approval is waited for, and why; what comes next instead."""
    state = opened.request.state
    return Finding("C130", Place("request"), f"nothing waits for an approval: {_why(opened)}", hint_of(state.value))


def _why(opened: Opened) -> str:
    match opened.request.state:
        case State.RECEIVED | State.IDENTITY:
            return "it is not known yet who asks"
        case State.COLLECTING:
            return "not every source is looked at yet"
        case State.REVIEW:
            return "what was found has to be looked at first"
    match opened.request.ending:
        case Ending.REFUSED:
            return f"it was refused{_said(opened, Refused)}"
        case Ending.WITHDRAWN:
            return f"the person took it back{_said(opened, WithdrawnByPerson)}"
        case _:
            return f"it was decided{_said(opened, Decided)}"


def _said(opened: Opened, kind: type[Event]) -> str:
    """On which day, and by whom: by the rules, where nothing was left to a person."""
    found = next(each for each in reversed(opened.history) if each.kind == kind.__name__)
    by = "the rules, for nothing in it is left to a person" if found.actor == OMBUD else found.actor
    return f" on {found.day.isoformat()} by {by}"
