"""What has to reach somebody is in one sender's hands at a time, until it was sent or somebody said why not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from ombud.register import Conflict, Unsettled
from ombud.register.model import Channel, Notice, Why
from ombud.rights.model import State
from tests.register.conftest import ADA, NOW, entry, wish

if TYPE_CHECKING:
    from ombud.register.store import Store

LETTER = Notice("caterer", Why.ERASED, Channel.SMTP, "n-1", NOW, b"Please erase ada@x.example")
MINUTE = timedelta(minutes=1)


def test_a_notice_is_claimed_sent_and_forgotten(store: Store) -> None:
    assert store.add_notices([LETTER]) == 1
    assert store.notices_due(NOW) == 1
    (claimed,) = store.claim(10, NOW, 60)
    assert (claimed.content, claimed.attempts) == (LETTER.content, 1)
    assert store.still_mine(claimed, NOW)
    store.sent(claimed, NOW + MINUTE, "250 2.0.0 queued as 7")
    assert store.claim(10, NOW + 9 * MINUTE, 60) == ()


def test_the_same_notice_is_put_in_once(store: Store) -> None:
    assert store.add_notices([LETTER, replace(LETTER, key="n-2")]) == 2
    assert store.add_notices([LETTER, replace(LETTER, key="n-3"), replace(LETTER, key="n-3")]) == 1
    assert store.notices_due(NOW) == 3


def test_two_senders_never_hold_the_same(store: Store) -> None:
    store.add_notices([replace(LETTER, key=f"n-{n}") for n in range(30)])

    def work(_: int) -> list[int]:
        try:
            return [each.id for _ in range(5) for each in store.claim(3, NOW, 60)]
        finally:
            store.close()

    with ThreadPoolExecutor(4) as senders:
        taken = [id for each in senders.map(work, range(4)) for id in each]
    assert len(taken) == len(set(taken)) == 30


def test_what_a_dead_sender_held_is_taken_over_when_its_time_has_run_out(store: Store) -> None:
    store.add_notices([LETTER])
    (dead,) = store.claim(1, NOW, 60)
    assert store.claim(1, NOW + MINUTE / 2, 60) == ()
    (taken,) = store.claim(1, NOW + MINUTE, 60)
    assert (taken.key, taken.attempts) == (dead.key, 2)
    assert not store.still_mine(dead, NOW + MINUTE)
    with pytest.raises(Conflict):
        store.sent(dead, NOW + MINUTE, "250")
    store.sent(taken, NOW + MINUTE, "250")


def test_what_failed_waits_until_its_next_attempt(store: Store) -> None:
    store.add_notices([LETTER])
    (claimed,) = store.claim(1, NOW, 60)
    store.failed(claimed, "C090", NOW + 10 * MINUTE)
    assert store.claim(1, NOW + 9 * MINUTE, 60) == ()
    (again,) = store.claim(1, NOW + 10 * MINUTE, 60)
    assert (again.trouble, again.attempts) == ("C090", 2)


def test_who_gives_up_says_why_and_it_is_not_sent_afterwards(store: Store) -> None:
    store.add_notices([LETTER])
    (claimed,) = store.claim(1, NOW, 60)
    with pytest.raises(ValueError, match="says why"):
        store.give_up(claimed.id, " ", "karin")
    store.give_up(claimed.id, "the company was wound up", "karin")
    with pytest.raises(Conflict):
        store.sent(claimed, NOW, "250")
    with pytest.raises(Conflict):
        store.give_up(claimed.id, "again", "karin")
    assert store.notices_due(NOW + 9 * MINUTE) == 0


def test_a_request_does_not_close_over_somebody_who_was_not_told(store: Store) -> None:
    case = store.add_request(wish(), [ADA], entry())
    store.add_notices([replace(LETTER, request=case.request.id)])
    closed = replace(case.request, state=State.CLOSED)
    with pytest.raises(Unsettled):
        store.append(closed, [entry("closed")], expected=1)
    assert store.request(case.request.id) == case
    (notice,) = store.notices_of(case.request.id)
    assert not notice.settled
    store.give_up(notice.id, "the company was wound up", "karin")
    store.append(closed, [entry("closed")], expected=1)
    (notice,) = store.notices_of(case.request.id)
    assert (notice.settled, notice.given_up_by, notice.content) == (True, "karin", None)


def test_a_notice_does_not_print_what_it_says(store: Store) -> None:
    store.add_notices([LETTER])
    assert "ada@" not in repr(store.claim(1, NOW, 60))  # a lease is hexadecimal, and may hold her name


def test_an_instant_is_the_same_in_every_zone(store: Store) -> None:
    there = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
    store.add_notices([replace(LETTER, made=there)])
    assert store.claim(1, NOW - MINUTE, 60) == ()
    (claimed,) = store.claim(1, there, 60)
    assert claimed.made == NOW
    with pytest.raises(ValueError, match="without a zone"):
        store.claim(1, NOW.replace(tzinfo=None), 60)
