"""What `ombud recipients` does with notices: sent, listed, shown for a letter, settled by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ombud.cli.command import Session

if TYPE_CHECKING:
    from ombud.app.loaded import Loaded


def send(session: Session, loaded: Loaded) -> int:
    """Send what is due; what waits for a person is told."""
    import random

    from ombud.app.messengers import messengers
    from ombud.app.notifying import tell
    from ombud.app.requests.desk import open_desk
    from ombud.app.requests.desk import told as as_refused

    ways, findings = messengers(loaded.project.channels, loaded.around.environ)
    store = open_desk(loaded).store
    with as_refused():
        done = tell(store, ways, loaded.around.now, random.random)
    session.speaker.findings(findings)
    session.speaker.line(
        f"Sent: {done.sent}. Tried again later: {done.later}. Given up: {done.given_up}. By hand: {done.by_hand}."
    )
    if done.by_hand or done.given_up:
        session.speaker.line((f"Next: {session.typed('recipients', '--waiting')}", "dim"))
    counts = {"sent": done.sent, "later": done.later, "given_up": done.given_up, "by_hand": done.by_hand}
    session.speaker.answer({**counts, "findings": session.speaker.told(findings)})
    return 1 if findings or done.given_up else 0


def list_waiting(session: Session, loaded: Loaded) -> int:
    """The notices that were neither sent nor given up."""
    from ombud.app.recipients import has_register
    from ombud.app.requests.desk import open_desk
    from ombud.app.requests.desk import told as as_refused

    with as_refused():
        found = open_desk(loaded).store.waiting() if has_register(loaded) else ()
    rows = [
        (each.id, each.recipient, each.why.value, each.channel.value, each.made.date(), each.attempts, each.trouble)
        for each in found
    ]
    session.speaker.table(("notice", "recipient", "why", "by", "since", "tried", "last"), rows, right=(0, 5))
    session.speaker.answer(
        {
            "waiting": [
                {
                    "notice": each.id,
                    "recipient": each.recipient,
                    "why": each.why.value,
                    "by": each.channel.value,
                    "since": each.made.isoformat(),
                    "attempts": each.attempts,
                    "trouble": each.trouble or None,
                    "request": each.request,
                }
                for each in found
            ]
        }
    )
    return 0


def letter(session: Session, loaded: Loaded, number: int) -> int:
    """What a notice says, for who sends it by hand. C183: none of that number waits."""
    from ombud.app.notifying import message_of
    from ombud.app.requests.desk import open_desk
    from ombud.app.requests.desk import told as as_refused

    store = open_desk(loaded).store
    with as_refused():
        found = next((each for each in store.waiting() if each.id == number), None)
    if found is None or found.content is None:
        raise _none_waits()
    message = message_of(found.key, found.content)
    session.speaker.line((message.title, "bold"))
    session.speaker.line(message.text)
    session.speaker.answer({"notice": number, "title": message.title, "text": message.text})
    return 0


def settle(session: Session, loaded: Loaded, told: int | None, excuse: int | None, because: str, by: str) -> int:
    """Somebody told the recipient by hand, or says why it is not told (Art. 19). C183: no such notice waits."""
    from ombud.app.requests.desk import open_desk
    from ombud.app.requests.desk import told as as_refused
    from ombud.register.trouble import Conflict

    store = open_desk(loaded).store
    with as_refused():
        try:
            if told is not None:
                store.told_by_hand(told, loaded.around.now(), f"by hand ({by.strip()}): {because.strip()}")
            elif excuse is not None:
                store.give_up(excuse, because.strip(), by.strip())
        except Conflict:
            raise _none_waits() from None
    number = told if told is not None else excuse
    session.speaker.line(f"Notice {number} is settled.")
    session.speaker.answer({"notice": number, "told": told is not None})
    return 0


def _none_waits() -> Exception:
    from ombud.app.loaded import Refused
    from ombud.terms import Finding, Place

    hint = "see which do: ombud recipients --waiting"
    return Refused(Finding("C183", Place("N"), "no notice of that number waits", hint))
