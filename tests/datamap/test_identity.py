"""Equality of identifiers is decided on one form, made here and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.datamap.identity import digest, normalise

SAME = [
    ("email", " Åsa@X.example ", "åsa@x.example"),
    ("email", "A\u030asa@x.example", "åsa@x.example"),
    ("email", "a@ÅRE.example", "a@xn--re-xia.example"),
    ("email", "a@XN--RE-XIA.example", "a@åre.example"),
    ("email", "STRASSE@x.example", "straße@x.example"),
    ("email", "a@x.example.", "a@x.example"),
    ("personnummer", "811218-9876", "198112189876"),
    ("personnummer", "19811218-9876", "8112189876"),
    ("personnummer", 8112189876, "19811218-9876"),
    ("personnummer", "811278-9873", "198112789873"),
    ("personnummer", "121212+1212", "191212121212"),
    ("phone", "070-174 06 05", "+46701740605"),
    ("phone", "0046701740605", "+46 70 1740605"),
    ("loyalty", " Ab-12 ", "AB-12"),
    ("loyalty", b"ab-12", "AB-12"),
]

DIFFERENT = [
    ("email", "åsa@x.example", "asa@x.example"),
    ("email", "a.b@x.example", "ab@x.example"),
    ("email", "a+b@x.example", "a@x.example"),
    ("personnummer", "121212+1212", "121212-1212"),
    ("personnummer", "811218-9876", "811218-9875"),
    ("phone", "08-123 45 67", "08-123 45 67 ext 5"),
    ("loyalty", "ab-12", "ab12"),
]


@pytest.mark.parametrize(("kind", "one", "other"), SAME)
def test_two_ways_of_writing_one_identifier_are_equal(kind: str, one: object, other: object) -> None:
    assert normalise(kind, one) == normalise(kind, other) != ""


@pytest.mark.parametrize(("kind", "one", "other"), DIFFERENT)
def test_what_a_database_would_fold_together_stays_two_people(kind: str, one: object, other: object) -> None:
    assert normalise(kind, one) != normalise(kind, other)


@pytest.mark.parametrize("kind", ["email", "personnummer", "phone", "loyalty"])
@pytest.mark.parametrize("value", [None, "", "  ", "\t\n", b""])
def test_nothing_is_nobody(kind: str, value: object) -> None:
    assert normalise(kind, value) == "" == digest(b"secret", kind, value)


def test_a_personnummer_that_cannot_be_read_is_kept_as_its_letters_and_digits() -> None:
    assert normalise("personnummer", " 811318-987T ") == "811318987t"


def test_a_digest_is_of_the_kind_and_the_form_under_the_secret() -> None:
    one = digest(b"secret", "email", "Åsa@X.example")
    assert one == digest(b"secret", "email", "åsa@x.example")
    assert len({one, digest(b"other", "email", "åsa@x.example"), digest(b"secret", "loyalty", "åsa@x.example")}) == 3


ANYTHING = st.one_of(st.text(), st.text("0123456789+-@. åÅßéE\u0301ext;x"), st.binary(), st.integers(), st.floats())


@given(st.sampled_from(["email", "personnummer", "phone", "loyalty"]), ANYTHING)
def test_any_value_has_a_form_and_the_form_is_its_own_form(kind: str, value: object) -> None:
    form = normalise(kind, value)
    assert normalise(kind, form) == form
    assert bool(digest(b"secret", kind, value)) == bool(form)


def test_a_number_too_long_to_print_has_a_form() -> None:
    assert normalise("loyalty", 10**5000)
