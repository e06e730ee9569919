"""The desk is reminded of requests that are due soon, or late: one mail for all, with nothing of any person in it."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from ombud.app.loaded import Refused
from ombud.app.notifying import Told, content_of
from ombud.app.requests.desk import Desk, not_allowed, told
from ombud.app.requests.messages import DESK, send, server_of
from ombud.documents import Due, reminder_mail
from ombud.engine.messenger import Message
from ombud.register.model import Case, Channel, Entry, Notice, Why
from ombud.rights.deadlines import Deadline, deadline_of
from ombud.rights.events import Reminded
from ombud.rights.life import NotAllowed, step
from ombud.rights.model import Request
from ombud.rights.reminding import reminder
from ombud.terms import Finding

OMBUD = "ombud"

GOOD_FOR = timedelta(days=7)
"""How long a reminder is tried, where the mail server does not take it."""


@dataclass(frozen=True, slots=True)
class Near:
    """A request of which the desk is to be told."""

    case: Case
    due: Deadline
    event: Reminded


@dataclass(frozen=True, slots=True)
class Reminding:
    """Of which requests the desk was told, and what became of the mail."""

    near: tuple[Near, ...] = ()
    sent: Told = field(default_factory=Told)


def near(desk: Desk) -> tuple[Near, ...]:
    """The requests of which the desk is to be told now, the most pressing first."""
    days, found = desk.loaded.project.reminders.days, list[Near]()
    for case in desk.cases() if days else ():
        due = deadline_of(case.request, desk.today(), desk.rules.prompt)
        if event := reminder(case.request, due, days):
            found.append(Near(case, due, event))
    return tuple(sorted(found, key=lambda each: (each.due.act_by, each.case.request.id)))


def remind(desk: Desk, context: ssl.SSLContext | None = None) -> Reminding:
    """Tell the desk of them, once for each number of days; that it was told stands in each one's history.

    Raises Refused: C163 without a mail server, C208 where nobody is said to be told, and nothing is written then.
    """
    found = near(desk)
    if not found:
        return Reminding(sent=send(desk, context, Why.REMINDER) if _waits(desk) else Told())
    server_of(desk)
    to = address(desk)
    said = desk.loaded.project.reminders
    lines = [
        Due(each.case.request.id, each.case.request.kind, each.case.request.state, each.due.act_by, each.due.days_left)
        for each in found
    ]
    mail = reminder_mail(lines, desk.loaded.policy, said.language)
    until = desk.now() + GOOD_FOR
    key = _key(found)
    message = Message(key, mail.subject, mail.text, {"to": to, "until": until.isoformat()})
    with told(), desk.store.transaction():
        desk.store.add_notices([Notice(DESK, Why.REMINDER, Channel.SMTP, key, desk.now(), content_of(message))])
        desk.store.append_many([_written(desk, each) for each in found])
    return Reminding(found, send(desk, context, Why.REMINDER))


def address(desk: Desk) -> str:
    """Who is reminded. Raises Refused (C208) where nobody is said."""
    said = desk.loaded.project.reminders
    if found := said.address(desk.loaded.policy):
        return found
    hint = "say it: `reminders: {to: dataskydd@your.example}`, or an officer's e-mail in the policy"
    raise Refused(Finding("C208", said.place, "nobody is said to be reminded of requests", hint))


def is_set_up(desk: Desk) -> bool:
    """Whether reminders can leave: there is a mail server, and somebody to be told."""
    project = desk.loaded.project
    return bool(project.channels.mail and project.reminders.days and project.reminders.address(desk.loaded.policy))


def _waits(desk: Desk) -> bool:
    with told():
        return bool(desk.store.notices_due(desk.now(), only=Why.REMINDER))


def _key(found: Sequence[Near]) -> str:
    """The same for the same requests and days."""
    said = " ".join(f"{each.case.request.id}/{each.event.due}/{each.event.left}" for each in found)
    return hashlib.sha256(f"reminder {said}".encode()).hexdigest()


def _written(desk: Desk, each: Near) -> tuple[Request, tuple[Entry, ...], int]:
    try:
        after = step(each.case.request, each.event, desk.today(), desk.rules)
    except NotAllowed as error:
        raise Refused(not_allowed(error)) from None
    return after, (desk.entry(each.event, OMBUD),), each.case.entries
