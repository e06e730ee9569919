"""What a name's words are, and what they mean."""

from __future__ import annotations

import pytest

from ombud.datamap.guess.lexicon import Concept
from ombud.datamap.guess.phrases import meant, says
from ombud.datamap.guess.words import singular, without_prefix, words


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("billingEmailAddr", ("billing", "email", "addr")),
        ("fakt_epostadress", ("fakt", "epost", "adress")),
        ("E-POST", ("e", "post")),
        ("Förnamn", ("fornamn",)),
        ("phonenumber", ("phone", "number")),
        ("kund2", ("kund", "2")),
        ("zzyzx", ("zzyzx",)),
        ("", ()),
        ("💥", ()),
    ],
)
def test_a_name_is_taken_apart(name: str, apart: tuple[str, ...]) -> None:
    assert words(name) == apart


def test_several_are_called_as_one() -> None:
    assert [singular(w) for w in ("customers", "companies", "addresses", "status", "gas")] == [
        "customer", "company", "address", "status", "gas",
    ]  # fmt: skip


def test_what_all_columns_begin_with_says_the_table() -> None:
    names = {name: words(name) for name in ("ord_id", "ord_buyer", "ord_note", "ord_city")}
    assert without_prefix(names)["ord_buyer"] == ("buyer",)
    assert without_prefix(names)["ord_id"] == ("ord", "id"), "a bare `id` would say nothing"


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("customer_email", Concept.EMAIL),
        ("personnr", Concept.IDENTITY_NUMBER),
        ("efternamn", Concept.NAME),
        ("date_of_birth", Concept.BIRTH_DATE),
        ("last_login", Concept.ACTIVITY),
        ("kontonummer", Concept.PAYMENT),
    ],
)
def test_a_word_means_the_same_in_any_table(name: str, concept: Concept) -> None:
    assert says(words(name), concept)


def test_a_word_that_means_something_only_in_a_persons_row_is_weak() -> None:
    (said,) = meant(("note",))
    assert (said.concept, said.strong) == (Concept.FREE_TEXT, False)
    assert meant(("weight",)) == ()


def test_a_word_that_is_not_wholly_known_means_what_it_ends_in() -> None:
    assert says(words("zzyipaddress"), Concept.IP)
    assert says(words("zzyphonenumber"), Concept.PHONE)
    assert not says(words("zzyage"), Concept.BIRTH_DATE), "few letters say nothing: a page has no age"


@pytest.mark.parametrize(
    ("name", "apart"),
    [("stage", ("stage",)), ("assigned", ("assigned",)), ("kontaktsnummer", ("kontakt", "nummer"))],
)
def test_a_word_that_only_seems_to_be_made_of_others_stays_and_a_binding_s_goes(
    name: str, apart: tuple[str, ...]
) -> None:
    assert words(name) == apart
