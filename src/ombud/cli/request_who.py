"""Whose request it is, at the terminal: how proof can be asked for, and the rows that only may be theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ombud.cli.command import Session

if TYPE_CHECKING:
    from ombud.app.requests.desk import Desk, Opened
    from ombud.app.requests.looking import Looked

WAYS: Mapping[str, str] = {
    "sign_in": "signing in",
    "code": "a code by e-mail (ombud request verify)",
    "signature": "a signed letter",
    "bank_id": "BankID",
    "letter": "a code by letter to the registered address",
    "forwarded": "a code by letter through the tax agency",
    "handler": "a handler's questions",
    "shown": "a document that is shown and not kept",
}
"""The ways of spec/identity.md §1, as a handler is told them."""


def say_identity(session: Session, desk: Desk, opened: Opened) -> None:
    """What is needed of who asks while it is not known, the way that asks least of them first; where it goes after."""
    from ombud.app.requests.answering import waits_for_address
    from ombud.app.requests.identifying import judged, only_registered, staff_is_missing
    from ombud.rights.identity import Ask, Impossible
    from ombud.rights.model import State

    say = session.speaker
    if opened.request.state in (State.RECEIVED, State.IDENTITY):
        found = judged(desk, opened)
        match found.outcome:
            case Ask(rung, least, others):
                say.line(f"needed: {rung.replace('_', ' ')}, by {WAYS[least]}", indent=2)
                if others:
                    say.line(("or by ", "dim"), "; ".join(WAYS[each] for each in others), indent=4)
            case Impossible(rung, why):
                say.line(f"needed: {rung.replace('_', ' ')}; ", (why.value, "yellow"), indent=2)
            case _:
                pass
        return
    if staff_is_missing(desk, opened):
        say.line(("two of the staff have to vouch for who asks: ombud request identify", "yellow"), indent=2)
    if only_registered(desk, opened):
        say.line("A signature proved it: the answer goes to the registered address alone.", indent=2)
        if waits_for_address(desk, opened):
            say.line(("that is not looked up yet: ombud request address", "yellow"), indent=4)


def told_identity(desk: Desk, opened: Opened) -> dict[str, Any]:
    """The same as data."""
    from ombud.app.requests.identifying import judged, only_registered
    from ombud.rights.identity import Ask
    from ombud.rights.model import State

    if opened.request.state not in (State.RECEIVED, State.IDENTITY):
        return {"only_registered_address": only_registered(desk, opened)}
    found = judged(desk, opened)
    ways = (found.outcome.least, *found.outcome.others) if isinstance(found.outcome, Ask) else ()
    return {"needed": found.rung.value, "ways": [way.value for way in ways]}


def say_doubts(session: Session, desk: Desk, looked: Looked) -> None:
    """The rows that only may be theirs: which a reviewer can take in by name, and why it is not certain."""
    from ombud.app.ambiguous import is_a_persons
    from ombud.app.requests.deciding import written

    rows = [
        (written(each.row), each.why.value, "--row" if is_a_persons(desk.loaded.datamap, each.row) else "·")
        for each in looked.doubts
    ]
    if rows:
        session.speaker.table(("row", "why it is not certain", "can be taken in by"), rows)


def told_doubts(looked: Looked) -> list[dict[str, str]]:
    """The same as data."""
    from ombud.app.requests.deciding import written

    return [{"row": written(each.row), "why": each.why.name.lower()} for each in looked.doubts]
