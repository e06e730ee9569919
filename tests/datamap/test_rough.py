"""Whatever has one form has one rough form, or none that says anything."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ombud.datamap.identity import KINDS, normalise
from ombud.datamap.rough import rough

PLAIN = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
NUMBERS = st.text(st.sampled_from("0123456789 ()+./-"), max_size=18)
EMAILS = st.builds("{}{}@{}{}".format, PLAIN, st.sampled_from(["", " "]), st.sampled_from(["", " "]), PLAIN)
ADDRESSES = st.builds(
    "{}@{}.{}".format, PLAIN, st.sampled_from(["xn--re-xia", "XN--RE-XIA", "x", "a..b", "-", "xn--a"]), PLAIN
)


@pytest.mark.parametrize("kind", [*sorted(KINDS), "loyalty number"])
@given(text=PLAIN | NUMBERS | EMAILS | ADDRESSES)
@example(text="070-123 45 67")
@example(text="+46 (0)70 123 45 67")
@example(text="+54 2966 15 123456")
@example(text="+54 9 2966 123456")
@example(text="00 46 8 12 34 56")
@example(text="900101-0017")
@example(text="19900101+0017")
@example(text=" A.B @ X.Example. ")
def test_a_plain_text_and_its_form_look_alike(kind: str, text: str) -> None:
    looks, form = rough(kind), normalise(kind, text)
    if form:
        assert looks.of_form(form) in (looks.of(text), None) or not looks.of(text), (text, form)


def test_what_is_not_plain_may_be_anybodys() -> None:
    assert rough("email").of("ada@åre.se") == ""
    assert rough("phone").of("070-123 45 67 ankn 2") == ""
    assert rough("phone").of_form("+46812") is None


def test_what_looks_alike_is_few() -> None:
    assert rough("email").of("Ada.B@x.example") == "adab@xexample"
    assert rough("personnummer").of("19900101-0017") == rough("personnummer").of("900101 0017") == "9001010017"
    assert rough("phone").of("070-123 45 67") == rough("phone").of("+46701234567") == "34567"
