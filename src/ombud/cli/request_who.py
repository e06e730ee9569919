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
    """What is needed of who asks while it is not known, the way that asks least of them first."""
    from ombud.app.requests.identifying import judged, staff_is_missing
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


GOES: Mapping[str, str] = {
    "register": "the registered address, which was looked up",
    "said": "the address that they said",
    "name": "by name alone, in a sealed inner envelope",
}
"""Where letters go, by what the address comes from."""


def say_address(session: Session, opened: Opened, told: Mapping[str, Any]) -> None:
    """Where letters go, as `told_who` has it; where nothing is known of that, what is missing, and what to do."""
    from ombud.rights.model import State

    if opened.request.state in (State.CLOSED, State.WITHDRAWN) or "address" not in told:
        return
    say = session.speaker
    if told["only_registered_address"]:
        say.line("A signature proved it: the answer goes to the registered address alone.", indent=2)
    if told["address"] in GOES:
        say.line(f"letters go to {GOES[told['address']]}".replace("to by", "by"), indent=2)
        return
    if not told["only_registered_address"]:
        hint = "ombud request address ID --line NAME --line STREET …; or look it up: ombud request address ID"
        say.line(("letters go nowhere: no address is known. ", "yellow"), hint, indent=2)
        return
    say.line(("that is not looked up yet: ombud request address", "yellow"), indent=4)
    if "number_at" in told:
        places = ", ".join(told["number_at"])
        clear = "" if told["one_number"] else ": more than one, so nobody can be looked up by it"
        say.line(f"personnummer on file: {places or 'none'}{clear}", indent=4)
        if places and places != "the request":
            say.line(("see it: ombud explain ROW --show", "dim"), indent=6)
    for each in told["lacks"]:
        say.line(("lacks ", "yellow"), each, indent=4)


def told_address(desk: Desk, opened: Opened, looked: Looked | None, *, sees: bool) -> dict[str, Any]:
    """The same as data: what the address comes from, where a number stands (never which), and what is missing.

    The sources are read for the number only where it is needed and not read yet, by who sees more than where it stands.
    """
    from ombud.app.requests.addressing import addressing
    from ombud.app.requests.registered import where_numbers_stand

    found = addressing(desk, opened, looked)
    told: dict[str, Any] = {"address": found.source.value, "only_registered_address": found.registered_alone}
    if not (found.lacks and found.registered_alone and sees):
        return told
    lacks = [] if desk.loaded.project.population else ["a population register: `population` in ombud.yaml"]
    places, one = where_numbers_stand(desk, opened, looked.extract if looked else None)
    if not one:
        why = "their number stands nowhere" if not places else "it is not clear which number is theirs"
        way = "prove more: ombud request identify ID --proof e_identification, and say the address"
        lacks.append(f"a number by which to look them up: {why}; {way}")
    return told | {"number_at": list(places), "one_number": one, "lacks": lacks}


def told_identity(desk: Desk, opened: Opened) -> dict[str, Any]:
    """The same as data."""
    from ombud.app.requests.identifying import judged
    from ombud.rights.identity import Ask
    from ombud.rights.model import State

    if opened.request.state not in (State.RECEIVED, State.IDENTITY):
        return {}
    found = judged(desk, opened)
    ways = (found.outcome.least, *found.outcome.others) if isinstance(found.outcome, Ask) else ()
    return {"needed": found.rung.value, "ways": [way.value for way in ways]}


def told_who(desk: Desk, opened: Opened, looked: Looked | None, *, sees: bool) -> dict[str, Any]:
    """What is needed of who asks, while that is not known; then where letters to them go."""
    return told_identity(desk, opened) or told_address(desk, opened, looked, sees=sees)


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
