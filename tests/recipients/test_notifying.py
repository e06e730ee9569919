"""The outbox at work, with a real register: once each, whatever dies, and a reason where it cannot be."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ombud.adapters.mail import Mail, Server
from ombud.app.notifying import LEASE, LONGEST, MOST, Told, content_of, delay, tell
from ombud.engine.messenger import Message, Messenger, Passing, Permanent
from ombud.register import open_register
from ombud.register.model import Channel, Notice, Why
from tests.recipients.fake import Fake
from tests.recipients.group import KEY
from tests.recipients.servers import NOW, Post, Trust

if TYPE_CHECKING:
    from ombud.register.store import Store


@dataclass
class Clock:
    """The instant it is, and how far it has moved."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Office:
    """A register, a clock, and whoever is told."""

    store: Store
    clock: Clock = field(default_factory=Clock)

    def notice(self, key: str, recipient: str = "caterer", channel: Channel = Channel.SMTP) -> None:
        content = content_of(Message("", "Radering", "Plats 17 är raderad.\n", {"known_as": ["Plats 17"]}))
        self.store.add_notices([Notice(recipient, Why.ERASED, channel, key, self.clock.at, content)])

    def tell(self, messenger: Messenger, **more: Messenger) -> Told:
        return tell(self.store, {"caterer": messenger, **more}, self.clock, lambda: 0.5)


@pytest.fixture
def office(tmp_path: Path, empty: Path) -> Iterator[Office]:
    shutil.copytree(empty, tmp_path, dirs_exist_ok=True)
    store = open_register(f"sqlite:///{tmp_path}/requests.db", tmp_path, KEY.encode())
    yield Office(store)
    store.close()


def state(office: Office, key: str) -> tuple[bool, str, str, int]:
    """Whether it was sent, its receipt, why it was given up, and how often it was tried."""
    from ombud.register import models

    row = models.Notice.objects.using(office.store.alias).get(key=key)
    assert (row.content is None) == (row.sent_at is not None or bool(row.given_up))
    return row.sent_at is not None, row.receipt, row.given_up, row.attempts


def test_what_is_due_is_sent_once_with_its_receipt_and_its_content_is_forgotten(office: Office) -> None:
    office.notice("n1")
    office.notice("n1")
    messenger = Fake()
    assert office.tell(messenger) == Told(sent=1)
    assert office.tell(messenger) == Told()
    assert [message.key for message in messenger.sent] == ["n1"]
    assert messenger.sent[0].text == "Plats 17 är raderad.\n"
    assert state(office, "n1") == (True, "fake n1", "", 1)


def test_a_recipient_gets_it_by_real_mail(office: Office, post: Post, trust: Trust) -> None:
    office.notice("n1")
    server = Server("localhost", post.port, "ombud@tallvik.example", "starttls", "ombud", "sesam")
    assert office.tell(Mail(server, "koket@smorgas.example", trust.client)) == Told(sent=1)
    assert [mail["Message-ID"] for mail in post.inbox.mails] == ["<n1@tallvik.example>"]
    assert state(office, "n1")[1] == "email <n1@tallvik.example>"


def test_a_passing_trouble_is_tried_again_when_its_time_has_come_and_not_before(office: Office) -> None:
    office.notice("n1")
    messenger = Fake(troubles=[Passing("no answer")])
    assert office.tell(messenger) == Told(later=1)
    assert office.tell(messenger) == Told()
    office.clock.at += delay(1, 0.5)
    assert office.tell(messenger) == Told(sent=1)
    assert state(office, "n1")[3] == 2


def test_a_recipient_that_says_when_is_not_asked_before(office: Office) -> None:
    office.notice("n1")
    messenger = Fake(troubles=[Passing("busy", timedelta(hours=3))])
    office.tell(messenger)
    office.clock.at += timedelta(hours=2, minutes=59)
    assert office.tell(messenger) == Told()
    office.clock.at += timedelta(minutes=2)
    assert office.tell(messenger) == Told(sent=1)


def test_a_refusal_for_good_is_given_up_with_its_reason(office: Office) -> None:
    office.notice("n1")
    assert office.tell(Fake(troubles=[Permanent("it asks to be told no more (410)")])) == Told(given_up=1)
    assert state(office, "n1") == (False, "", "it asks to be told no more (410)", 1)


def test_nobody_is_tried_for_ever(office: Office) -> None:
    office.notice("n1")
    messenger = Fake(troubles=[Passing("no answer")] * (MOST + 3))
    counts = []
    for _ in range(MOST + 3):
        counts.append(office.tell(messenger))
        office.clock.at += 2 * LONGEST
    assert counts.count(Told(later=1)) == MOST - 1
    assert counts.count(Told(given_up=1)) == 1
    assert state(office, "n1")[2] == f"tried {MOST} times: no answer"


def test_killed_between_sending_and_recording_the_repeat_has_the_same_key(office: Office) -> None:
    office.notice("n1")

    class Dying(Fake):
        def send(self, message: Message, now: datetime):  # type: ignore[no-untyped-def]
            super().send(message, now)
            raise KeyboardInterrupt

    dying = Dying()
    with pytest.raises(KeyboardInterrupt):
        office.tell(dying)
    alive = Fake()
    assert office.tell(alive) == Told()
    office.clock.at += timedelta(seconds=LEASE + 1)
    assert office.tell(alive) == Told(sent=1)
    assert {message.key for message in (*dying.sent, *alive.sent)} == {"n1"}
    assert len(dying.sent) == len(alive.sent) == 1


def test_one_sender_does_not_send_what_another_has_in_hand(office: Office) -> None:
    office.notice("n1")
    other = Fake()

    class Slow(Fake):
        def send(self, message: Message, now: datetime):  # type: ignore[no-untyped-def]
            office.tell(other)
            return super().send(message, now)

    assert office.tell(Slow()) == Told(sent=1)
    assert other.sent == []


def test_a_recipient_without_a_way_waits_for_a_person_and_holds_nobody_else_up(office: Office) -> None:
    office.notice("n1", "supplier", Channel.POST)
    office.notice("n2")
    assert office.tell(Fake()) == Told(sent=1, by_hand=1)
    assert state(office, "n1") == (False, "", "", 1)


def test_one_recipient_that_does_not_answer_holds_nobody_else_up(office: Office) -> None:
    for n in range(30):
        office.notice(f"n{n}", "caterer" if n % 2 else "partner")
    silent = Fake(troubles=[Passing("no answer")] * 15)
    assert office.tell(silent, partner=Fake()) == Told(sent=15, later=15)


def test_waits_grow_to_half_a_day_and_are_spread() -> None:
    waits = [delay(attempt, 0.5) for attempt in range(1, 30)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == LONGEST
    assert delay(3, 0.0) * 3 == delay(3, 1.0)
