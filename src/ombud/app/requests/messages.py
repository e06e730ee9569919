"""Messages to persons, and to the desk: put into the outbox with the address sealed, and sent from there."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ombud.adapters.mail import Server
from ombud.adapters.person import ToPerson
from ombud.app.loaded import Refused
from ombud.app.messengers import mail_server
from ombud.app.notifying import Told, content_of, tell
from ombud.app.requests.desk import Desk, told
from ombud.documents import Mail
from ombud.engine.messenger import Message, Messenger
from ombud.register.model import Channel, Notice, Why
from ombud.terms import Finding, Place

if TYPE_CHECKING:
    from ombud.register.store import Store

PERSON, DESK = "person", "desk"
"""The recipient of a notice that goes to whom it is about, or to the desk; the address stands in its sealed content."""


def put(desk: Desk, key: str, to: str, mail: Mail, until: datetime) -> None:
    """One message to a person into the outbox. `key`: the same for the same message; `until`: not sent after it."""
    message = Message(key, mail.subject, mail.text, {"to": to, "until": until.isoformat()})
    desk.store.add_notices([Notice(PERSON, Why.PROOF, Channel.SMTP, key, desk.now(), content_of(message))])


def send(desk: Desk, context: ssl.SSLContext | None = None, why: Why = Why.PROOF) -> Told:
    """Send what waits for persons, or for the desk. `context` says whose certificates are believed.

    Raises Refused without a server.
    """
    way = ToPerson(server_of(desk), context)
    ways: Mapping[str, Messenger] = dict.fromkeys((PERSON, DESK), way)
    with told():
        return tell(_Apart(desk.store, why), ways, desk.now, lambda: desk.loaded.around.random(1)[0] / 256)


def send_waiting(desk: Desk) -> Told:
    """The same where anything waits: no server is asked for where nothing does."""
    with told():
        due = desk.store.notices_due(desk.now(), only=Why.PROOF)
    return send(desk) if due else Told()


def server_of(desk: Desk) -> Server:
    """The server that mail leaves by. Raises Refused where none is said, or it cannot be reached as it is said."""
    said = desk.loaded.project.channels.mail
    if said is None:
        hint = 'add `mail: {url: "${SMTP_URL}", from: you@your.example}`'
        raise Refused(Finding("C163", Place("ombud.yaml"), "by which server mail leaves is not said", hint))
    server, findings = mail_server(said, desk.loaded.around.environ)
    if server is None:
        raise Refused(*findings)
    return server


@dataclass(frozen=True, slots=True)
class _Apart:
    """The outbox as far as it holds messages of one sort to persons, or to the desk."""

    store: Store
    why: Why

    def claim(self, most: int, now: datetime, seconds: int) -> Sequence[Notice]:
        return self.store.claim(most, now, seconds, only=self.why)

    def still_mine(self, notice: Notice, now: datetime) -> bool:
        return self.store.still_mine(notice, now)

    def sent(self, notice: Notice, at: datetime, receipt: str) -> None:
        self.store.sent(notice, at, receipt)

    def failed(self, notice: Notice, trouble: str, again: datetime) -> None:
        self.store.failed(notice, trouble, again)

    def give_up(self, id: int, reason: str, by: str) -> None:
        self.store.give_up(id, reason, by)
