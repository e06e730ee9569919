"""Who knows an address gets nothing and learns nothing, and can start nothing but a message to it."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.datamap.identity import digest
from ombud.rights.contact_point import LASTS, TOLD, TRIES, Begun, Challenge, Form, answer, begin
from ombud.rights.rate import LIMITS, Counted, Scope, admit

KEY = b"k" * 32
NOW = datetime(2027, 1, 11, 12, tzinfo=UTC)
ADDRESS = "farid@norrskog.example"
FORMS = st.sampled_from(Form)


def fresh(seed: int) -> Callable[[int], bytes]:
    """Bytes that a seed decides."""
    return lambda size: hmac.digest(seed.to_bytes(8), b"", "sha512")[:size]


def begun(form: Form = Form.CODE, point: str | None = None, seed: int = 1) -> Begun:
    known = digest(KEY, "email", ADDRESS) if point is None else point
    return begin(KEY, "R-1", known, form, NOW, fresh(seed))


@given(FORMS, st.integers(0, 2**32))
def test_the_right_secret_is_right_once(form: Form, seed: int) -> None:
    made = begun(form, seed=seed)
    right, kept = answer(KEY, made.challenge, made.secret.text, NOW)
    assert right
    again, _ = answer(KEY, kept, made.secret.text, NOW)
    assert not again


@given(FORMS, st.text())
def test_anything_else_is_wrong(form: Form, said: str) -> None:
    made = begun(form)
    right, _ = answer(KEY, made.challenge, said, NOW)
    assert right == ("".join(said.split()) == made.secret.text)


def test_after_five_tries_the_right_secret_is_wrong_too() -> None:
    made = begun()
    kept: Challenge | None = made.challenge
    for _ in range(TRIES):
        right, kept = answer(KEY, kept, "00000000", NOW)
        assert not right
    assert not answer(KEY, kept, made.secret.text, NOW)[0]


def test_a_secret_is_good_until_its_time_and_not_after() -> None:
    made = begun(Form.LINK)
    assert answer(KEY, made.challenge, made.secret.text, NOW + LASTS)[0]
    assert not answer(KEY, made.challenge, made.secret.text, NOW + LASTS + timedelta(seconds=1))[0]


def test_a_code_may_be_typed_in_groups() -> None:
    made = begun()
    text = made.secret.text
    assert answer(KEY, made.challenge, f" {text[:4]} {text[4:]}\n", NOW)[0]


def test_a_secret_fits_its_own_question_and_key_alone() -> None:
    one, other = begun(seed=1), begun(seed=2)
    assert not answer(KEY, other.challenge, one.secret.text, NOW)[0]
    assert not answer(b"another key", one.challenge, one.secret.text, NOW)[0]


def test_a_message_to_nobody_proves_nothing_even_to_whoever_would_read_it() -> None:
    made = begun(point="")
    assert not made.deliver
    assert not answer(KEY, made.challenge, made.secret.text, NOW)[0]


def test_what_is_kept_holds_neither_the_secret_nor_the_address_and_nothing_prints_it() -> None:
    for form in Form:
        made = begun(form)
        assert made.secret.text not in repr(made)
        assert made.secret.text not in str(made.challenge)
        assert ADDRESS not in repr(made)


def test_codes_have_eight_digits_and_links_256_bits() -> None:
    assert all(len(text) == 8 and text.isdecimal() for text in (begun(seed=n).secret.text for n in range(50)))
    assert len(begun(Form.LINK).secret.text) == 43


def test_the_same_work_is_done_whether_anybody_is_there_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    known, nobody = begun(), begun(point="")
    late, spent = NOW + 2 * LASTS, answer(KEY, known.challenge, known.secret.text, NOW)[1]
    done: list[str] = []
    make, compare = hmac.new, hmac.compare_digest

    def making(*args: Any, **more: Any) -> hmac.HMAC:
        done.append("hmac")
        return make(*args, **more)

    def comparing(one: str, other: str) -> bool:
        done.append("compare")
        return compare(one, other)

    monkeypatch.setattr(hmac, "new", making)
    monkeypatch.setattr(hmac, "compare_digest", comparing)

    def work(what: Callable[[], object]) -> tuple[str, ...]:
        done.clear()
        what()
        return tuple(done)

    point = known.challenge.point
    assert work(lambda: begun(point=point)) == work(lambda: begun(point="")) == ("hmac",)
    right = known.secret.text
    every = [
        work(lambda: answer(KEY, known.challenge, right, NOW)),
        work(lambda: answer(KEY, known.challenge, "wrong", NOW)),
        work(lambda: answer(KEY, known.challenge, right, late)),
        work(lambda: answer(KEY, spent, right, NOW)),
        work(lambda: answer(KEY, nobody.challenge, right, NOW)),
        work(lambda: answer(KEY, None, right, NOW)),
    ]
    assert set(every) == {("hmac", "compare")}


def test_what_is_told_names_no_outcome() -> None:
    for text in TOLD.values():
        assert "{" not in text


# --- how often -----------------------------------------------------------------------------------------------------

STEPS = st.lists(st.tuples(st.integers(0, 900), st.sampled_from("ab"), st.sampled_from("xyz")), max_size=60)


@given(STEPS)
def test_no_hour_sees_more_messages_than_the_limit_to_one_address_or_from_one_origin(
    steps: list[tuple[int, str, str]],
) -> None:
    counted: Counted = {}
    let: list[tuple[datetime, str, str]] = []
    now = NOW
    for seconds, address, origin in steps:
        now += timedelta(seconds=seconds)
        admitted, kept = admit(counted, address, origin, now)
        counted = {**counted, **kept}
        let += [(now, address, origin)] if admitted else []
    for scope, place in ((Scope.ADDRESS, 1), (Scope.ORIGIN, 2)):
        for at, *names in let:
            name = names[place - 1]
            within = [each for each in let if each[place] == name and at <= each[0] < at + LIMITS[scope].within]
            assert len(within) <= LIMITS[scope].most


def test_who_keeps_on_trying_does_not_shut_the_person_out_for_longer() -> None:
    counted: Counted = {}
    for minute in range(59):
        _, counted = admit(counted, "a", f"origin {minute}", NOW + timedelta(minutes=minute))
    admitted, _ = admit(counted, "a", "home", NOW + timedelta(minutes=60))
    assert admitted


def test_a_limit_does_not_know_who_is_known() -> None:
    known, stranger = digest(KEY, "email", ADDRESS), digest(KEY, "email", "nobody@home.example")
    answers: dict[str, list[bool]] = {known: [], stranger: []}
    for address, heard in answers.items():
        counted: Counted = {}
        for _ in range(5):
            admitted, counted = admit(counted, address, "origin", NOW)
            heard.append(admitted)
    assert answers[known] == answers[stranger] == [True, True, True, False, False]
