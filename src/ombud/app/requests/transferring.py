"""A person's data handed directly to another controller (Art. 20(2)): through the outbox, receipted or told why not."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ombud.adapters.webhook import Transfer
from ombud.app.controllers import Controller, way_to
from ombud.app.loaded import Refused
from ombud.app.notifying import OMBUD, Told, content_of, tell
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.flagging import check_flags
from ombud.app.requests.guarding import allow, may
from ombud.app.requests.identifying import check_proven, only_registered
from ombud.app.requests.looking import look
from ombud.app.telling import key_of
from ombud.engine.messenger import Message, Messenger, Passing, Receipt
from ombud.policy.tree import guess
from ombud.register.model import Answer, Channel, Notice, Why
from ombud.register.trouble import NotThere
from ombud.rights.events import Event, NotTransferred, TransferAsked, Transferred
from ombud.rights.model import State
from ombud.rights.model import Told as Settled
from ombud.rights.protected import Deed
from ombud.terms import Finding, Level, Place

TO = Place("--to")


def transfer(desk: Desk, opened: Opened, to: str, by: str, context: ssl.SSLContext | None = None) -> Opened:
    """Hand the kept answer to another controller now; where it does not take it now, `send_waiting` tries again.

    `context` says which authorities are believed. Raises Refused: C217 who is not in the project file, C218 where the
    answer may go to the registered address alone, C139 where there is none.
    """
    controller = named(desk, to)
    check_way(desk, opened, by)
    way, wrong = way_to(controller, desk.loaded.around.environ, context)
    if way is None:
        raise Refused(*wrong)
    with told(), desk.store.transaction():
        if _data(desk, opened.id, controller) is None:
            hint = "see what it waits for: ombud request show"
            raise Refused(Finding("C139", Place("request"), "there is no answer to hand over", hint))
        if _stands_open(opened, to):
            opened = desk.read(opened.id)
        else:
            opened = desk.happen(opened, TransferAsked(to), by=by)
            times = sum(each.kind == TransferAsked.__name__ for each in opened.history)
            key = key_of(Why.TRANSFER, f"{opened.id}/{times}", to)
            said = content_of(Message(key, "", "", {"request": opened.id}))
            desk.store.add_notices(
                [Notice(to, Why.TRANSFER, Channel.TRANSFER, key, desk.now(), said, request=opened.id)]
            )
    send(desk, context, by)
    return settle(desk, desk.read(opened.id))


def give_up(desk: Desk, opened: Opened, to: str, reason: str, by: str) -> Opened:
    """It cannot be handed over there: the person is told why, with the answer. What waits is sent no more.

    Raises Refused (C222) while somebody sends it.
    """
    allow(desk, opened, Deed.DELIVER, by)
    desk.check(opened, NotTransferred(to, reason))
    with told(), desk.store.transaction():
        for notice in desk.store.notices_of(opened.id):
            if notice.why is Why.TRANSFER and notice.recipient == to and not notice.settled:
                if notice.lease:
                    hint = "see what comes of it: ombud request work"
                    raise Refused(Finding("C222", TO, f"it is being handed over to {to} just now", hint))
                desk.store.give_up(notice.id, reason, by)
        return desk.happen(opened, NotTransferred(to, reason), by=by)


def named(desk: Desk, to: str) -> Controller:
    """The controller of this name in the project file. Raises Refused (C217): data goes to nobody else."""
    known = desk.loaded.project.controllers
    if to not in known:
        hint = guess(to, dict(known)) if known else "agree with them, and name them under `controllers` in ombud.yaml"
        raise Refused(Finding("C217", TO, f"{to} is no controller of the project file", hint))
    return known[to]


def check_way(desk: Desk, opened: Opened, by: str) -> None:
    """Raises Refused where the data may not go to anybody but the person, or `by` may not send it."""
    allow(desk, opened, Deed.DELIVER, by)
    check_proven(desk, opened)
    if only_registered(desk, opened):
        message = "a signature proved who asks: the answer goes to the registered address, and nowhere else"
        raise Refused(Finding("C218", TO, message, "prove more: ombud request identify --proof e_identification"))
    check_flags(desk, opened, look(desk, opened).extract.about)


def send(desk: Desk, context: ssl.SSLContext | None = None, by: str | None = None) -> Told:
    """Send what waits for other controllers. `by` has it done: a handler's sign, or None for a machine."""
    ways: dict[str, Messenger] = {}
    for name, controller in desk.loaded.project.controllers.items():
        way, _ = way_to(controller, desk.loaded.around.environ, context)
        if way is not None:
            ways[name] = _Carrier(desk, controller, way, by)
    with told():
        return tell(_ToControllers(desk), ways, desk.now, lambda: desk.loaded.around.random(1)[0] / 256)


def send_waiting(desk: Desk, context: ssl.SSLContext | None = None) -> None:
    """The same where anything is due; then what came of it is written down with each request."""
    with told():
        if desk.store.notices_due(desk.now(), only=Why.TRANSFER):
            send(desk, context)


def settle(desk: Desk, opened: Opened) -> Opened:
    """Note which controllers have taken the data over since, with the receipt, and which cannot, with the reason."""
    open_ = [each.recipient for each in opened.request.transfers.values() if each.told is Settled.OPEN]
    if not open_:
        return opened
    with told():
        notices = [each for each in desk.store.notices_of(opened.id) if each.why is Why.TRANSFER]
    newest = {each.recipient: each for each in sorted(notices, key=lambda each: each.id)}
    events: list[Event] = []
    for to in open_:
        notice = newest.get(to)
        if notice is not None and notice.sent_at is not None:
            events.append(Transferred(to, notice.receipt))
        elif notice is not None and notice.given_up:
            events.append(NotTransferred(to, notice.given_up))
    return desk.happen(opened, *events, by=OMBUD) if events else opened


def findings_of(opened: Opened, to: str) -> tuple[Finding, ...]:
    """What is told of a transfer that is not made: C219 it waits, C220 it was refused for good (warnings)."""
    found = opened.request.transfers.get(to)
    if found is None or found.told is Settled.TOLD:
        return ()
    if found.told is Settled.OPEN:
        message, hint = f"{to} has not taken it over yet", "it is tried again: ombud request work"
        return (Finding("C219", TO, message, hint, Level.WARNING),)
    message = f"{to} does not take it over: {found.words}"
    return (Finding("C220", TO, message, "the person is told with the answer: ombud request deliver", Level.WARNING),)


def _stands_open(opened: Opened, to: str) -> bool:
    known = opened.request.transfers.get(to)
    return known is not None and known.told is Settled.OPEN


def _data(desk: Desk, request: str, controller: Controller) -> Answer | None:
    """The file of the kept answer that this controller takes."""
    waiting = (each for each in desk.store.answers(request) if each.wiped_on is None)
    return next((each for each in waiting if each.media_type == controller.media), None)


@dataclass(frozen=True, slots=True)
class _Carrier:
    """The way by which one controller is handed answers, each as it is kept when it is sent."""

    desk: Desk
    controller: Controller
    way: Transfer = field(repr=False)
    by: str | None = None

    def send(self, message: Message, now: datetime) -> Receipt:
        """Hand over the answer that the message names. Raises Passing while there is none, or no machine may."""
        try:
            content, media = self._content(str(message.data["request"]))
        except Refused as refusal:
            raise Passing(refusal.findings[0].message) from None
        return self.way.hand_over(message.key, content, media, now)

    def _content(self, request: str) -> tuple[bytes, str]:
        opened = self.desk.read(request)
        if opened.request.state is not State.CARRIED_OUT:
            raise Passing("the answer is not the whole any more")
        if not may(self.desk, opened, Deed.DELIVER, self.by):
            raise Passing("the identity is protected: a handler who is named hands it over")
        check_flags(self.desk, opened, look(self.desk, opened).extract.about)
        with told():
            kept = _data(self.desk, request, self.controller)
            if kept is None:
                raise Passing("the answer is not put together yet")
            try:
                return self.desk.store.answer_content(request, kept.number), kept.media_type
            except NotThere:
                raise Passing("the answer is not put together yet") from None


@dataclass(frozen=True, slots=True)
class _ToControllers:
    """The outbox as far as it holds transfers."""

    desk: Desk

    def claim(self, most: int, now: datetime, seconds: int) -> Sequence[Notice]:
        return self.desk.store.claim(most, now, seconds, only=Why.TRANSFER)

    def still_mine(self, notice: Notice, now: datetime) -> bool:
        return self.desk.store.still_mine(notice, now)

    def sent(self, notice: Notice, at: datetime, receipt: str) -> None:
        self.desk.store.sent(notice, at, receipt)

    def failed(self, notice: Notice, trouble: str, again: datetime) -> None:
        self.desk.store.failed(notice, trouble, again)

    def give_up(self, id: int, reason: str, by: str) -> None:
        self.desk.store.give_up(id, reason, by)
