"""Whatever people call things, a policy can call them so too, and never two alike."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.datamap.declarations.names import Names, slug
from ombud.policy.grammar import NAME


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Deliver orders", "deliver_orders"),
        ("Åtgärda fel: #1\nnu", "atgarda_fel_1_nu"),
        ("2027 campaign", "n_2027_campaign"),
        ("null", "null_"),
        ("NO", "no_"),
        ("顧客", "fallback"),
        ("", "fallback"),
        ("word " * 40, "_".join(["word"] * 9)),
    ],
)
def test_a_name_is_made_of_what_people_wrote(said: str, name: str) -> None:
    assert slug(said, "fallback") == name


@given(st.lists(st.text()))
def test_every_name_is_one_of_the_language_and_is_given_once(said: list[str]) -> None:
    names = Names()
    given_out = [names.take(slug(each)) for each in said]
    assert all(re.fullmatch(NAME, each) for each in given_out)
    assert len(set(given_out)) == len(given_out)


def test_the_second_of_a_name_takes_what_else_it_may_be_called() -> None:
    names = Names()
    assert [names.take("a", "a_of_b") for _ in range(4)] == ["a", "a_of_b", "a_of_b_2", "a_of_b_3"]
