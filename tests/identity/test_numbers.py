"""An identity number keeps its sort and its issuer, and none is refused for a check digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.datamap.identity import digest
from ombud.datamap.numbers import STATE, Number, NumberKind, number
from tests.identity.people import ANNA, COORDINATED

KEY = b"k" * 32


def hashed(read: Number | None) -> str:
    assert read is not None
    return digest(KEY, read.identifier, read.form)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (ANNA.number, NumberKind.PERSONNUMMER),
        (f"{ANNA.number[2:8]}-{ANNA.number[8:]}", NumberKind.PERSONNUMMER),
        (int(ANNA.number), NumberKind.PERSONNUMMER),
        ("121212+1212", NumberKind.PERSONNUMMER),
        (COORDINATED.number, NumberKind.COORDINATION),
        ("811278-9873", NumberKind.COORDINATION),
        ("811218-9875", NumberKind.RESERVE),
        ("19811218-K1R5", NumberKind.RESERVE),
        ("99 2027 123456", NumberKind.RESERVE),
    ],
)
def test_a_number_says_of_what_sort_it_is(text: object, kind: NumberKind) -> None:
    read = number(text, "region")
    assert read is not None
    assert read.kind is kind
    assert read.issuer == ("region" if kind is NumberKind.RESERVE else STATE)


def test_two_issuers_same_reserve_number_is_two_people_and_one_issuers_is_one() -> None:
    one, other = number("19811218-K1R5", "Region Norr"), number("19811218-K1R5", "Region Syd")
    assert hashed(one) != hashed(other)
    assert hashed(one) == hashed(number("19811218k1r5", " region norr "))


def test_a_personnummer_is_compared_as_everywhere_else() -> None:
    assert hashed(number(ANNA.number)) == digest(KEY, "personnummer", f"{ANNA.number[2:8]}-{ANNA.number[8:]}")


@given(st.one_of(st.text(), st.integers(), st.from_regex(r"\d{6}[-+]?\d{4}", fullmatch=True)))
def test_whatever_is_written_is_kept_and_prints_nothing(text: object) -> None:
    read = number(text, "region")
    assert (read is None) == (digest(KEY, "personnummer", text) == "")
    if read is not None:
        assert read.form
        assert "form" not in repr(read)
        assert number(read.form, read.issuer) == read


def test_nothing_is_no_number() -> None:
    assert number(None) is number("") is number("  ") is None
