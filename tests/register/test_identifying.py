"""Codes and how often they are sent: counted one by one and good once, whoever comes at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from ombud.register import NotThere
from ombud.rights.contact_point import Challenge
from ombud.rights.rate import Scope, admit
from tests.register.conftest import ADA, NOW, TODAY, entry, wish

if TYPE_CHECKING:
    from ombud.register.store import Store

AT_ONCE = 8

QUESTION = Challenge("q" * 32, "", "a" * 64, "s" * 64, NOW + timedelta(minutes=30))


def together(store: Store, do: object) -> list[object]:
    """What each of so many says, who begin at the same moment, each on a connection of its own."""
    barrier = Barrier(AT_ONCE)

    def one(n: int) -> object:
        try:
            barrier.wait(timeout=30)
            return do(n)  # type: ignore[operator]
        finally:
            store.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_who_asks_at_once_is_counted_one_by_one(store: Store) -> None:
    def ask(n: int) -> bool:
        with store.transaction():
            admitted, after = admit(store.counted("a" * 64, f"origin {n}", NOW), "a" * 64, f"origin {n}", NOW)
            store.count(after, NOW)
        return admitted

    assert sorted(together(store, ask)) == [False] * (AT_ONCE - 3) + [True] * 3  # type: ignore[type-var]
    with store.transaction():
        assert len(store.counted("a" * 64, "another", NOW)[Scope.ADDRESS, "a" * 64]) == 3


def test_two_who_ask_across_do_not_wait_for_each_other_for_ever(store: Store) -> None:
    """One asks about an address from where the other's address is asked about: the same two rows, either way round."""

    def ask(n: int) -> None:
        for turn in range(10):
            one, other = (("a" * 64, "b" * 64), ("b" * 64, "a" * 64))[(n + turn) % 2]
            with store.transaction():
                store.count(store.counted(one, other, NOW), NOW)

    together(store, ask)


def test_a_code_is_spent_by_the_first_who_brings_it(store: Store) -> None:
    store.keep_challenge(QUESTION, "what was asked")

    def bring(n: int) -> str:
        with store.transaction():
            known, asked = store.challenge(QUESTION.id) or (None, "")
            assert known is not None
            if not known.spent:
                store.tried(replace(known, spent=True))
        return asked

    said = together(store, bring)
    assert sorted(said) == [""] * (AT_ONCE - 1) + ["what was asked"]  # type: ignore[type-var]
    with store.transaction():
        known, asked = store.challenge(QUESTION.id) or (None, "?")
    assert (known, asked) == (replace(QUESTION, tried=1, spent=True), "")


def test_every_attempt_at_once_counts(store: Store) -> None:
    store.keep_challenge(QUESTION, "")

    def try_it(n: int) -> int:
        with store.transaction():
            known, _ = store.challenge(QUESTION.id) or (None, "")
            assert known is not None
            store.tried(known)
        return known.tried

    assert sorted(together(store, try_it)) == list(range(AT_ONCE))  # type: ignore[type-var]


def test_the_newest_question_of_a_request_is_the_one_that_is_answered(store: Store) -> None:
    id = store.add_request(wish(), [ADA], entry()).request.id
    later = NOW + timedelta(hours=1)
    store.keep_challenge(replace(QUESTION, request=id), "")
    store.keep_challenge(replace(QUESTION, id="r" * 32, request=id, until=later), "")
    assert store.challenge_of(id) == "r" * 32
    assert store.challenge_of("2026-0009-AAAA") == ""
    with store.transaction():
        assert store.challenge("nothing") is None


def test_what_proves_who_asks_is_kept_as_hashes_and_sealed_and_not_for_long(store: Store) -> None:
    id = store.add_request(wish(), [ADA], entry()).request.id
    store.keep_challenge(QUESTION, "ada@x.example wants to know")
    store.keep_registered(id, "Ada, Storgatan 1", NOW)
    with store.transaction():
        store.count(store.counted("a" * 64, "here", NOW), NOW)
    rows = [store._execute(f"SELECT * FROM ombud_{name}", []) for name in ("challenge", "registered", "started")]
    written = b"".join(bytes(c) for found in rows for row in found for c in row if isinstance(c, bytes | memoryview))
    assert b"ada" not in written.lower()
    assert (store.registered(id), store.registered("2026-0009-AAAA")) == ("Ada, Storgatan 1", "")
    with pytest.raises(NotThere):
        store.keep_registered("2026-0009-AAAA", "nobody", NOW)
    assert store.wipe(TODAY).codes == 0
    assert store.wipe(TODAY + timedelta(days=3)).codes == 1
    with store.transaction():
        assert store.challenge(QUESTION.id) is None
        assert store.counted("a" * 64, "here", NOW)[Scope.ADDRESS, "a" * 64] == ()
