"""What a cell is called in a letter: its title, else what it holds, else its name in words; no two of a row alike."""

from __future__ import annotations

import pytest

from ombud.documents.extract import Datum, Titles
from ombud.documents.labels import labels, named
from ombud.documents.stated import Stated
from tests.documents.people import policy

ADDRESS = tuple(Datum(name, "x", "contact.address") for name in ("street", "postcode"))
SV = Stated(policy(), "sv")


@pytest.mark.parametrize(
    ("name", "words"),
    [("deliveryStreet", "delivery street"), ("last_used", "last used"), ("data.home-address", "data home address"),
     ("URL", "url"), ("åtgärdÄndrad", "åtgärd ändrad")],
)  # fmt: skip
def test_a_name_is_told_in_words(name: str, words: str) -> None:
    assert named(name) == words


def test_a_title_is_told_in_the_letters_language_and_in_another_where_that_is_all_there_is() -> None:
    titles = {"street": {"sv": "Gata", "en": "Street"}, "postcode": {"en": "Postcode"}}
    assert labels(ADDRESS, titles, SV) == ["Gata", "Postcode"]
    assert labels(ADDRESS, titles, Stated(policy(), "en")) == ["Street", "Postcode"]


def test_without_a_title_it_is_told_by_what_it_holds_and_by_its_name_where_neighbours_hold_the_same() -> None:
    data = (*ADDRESS, Datum("mail", "x", "contact.email"), Datum("addedAt", "x"))
    assert labels(data, {}, SV) == ["Postadress: street", "Postadress: postcode", "E-postadress", "Added at"]
    assert labels(data, {"street": {"sv": "Gata"}}, SV)[:2] == ["Gata", "Postadress: postcode"]


@pytest.mark.parametrize("titles", [{}, {"street": {"sv": "Adress"}, "postcode": {"sv": "Adress"}}])
def test_no_two_cells_of_a_row_have_one_label_for_then_one_of_them_would_not_be_told(titles: Titles) -> None:
    data = (*ADDRESS, Datum("addedAt", "x"), Datum("added_at", "x"))
    assert len(set(labels(data, titles, SV))) == len(data)
