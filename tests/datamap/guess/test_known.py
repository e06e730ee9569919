"""Persons whom one column names are found in the texts of others."""

from __future__ import annotations

import pytest

from ombud.datamap.guess.known import Known, known
from tests.datamap.guess.small import guessed, held, rows, sampled

PEOPLE = "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT, first_name TEXT, last_name TEXT);" + rows(
    "person", "email, first_name, last_name", *(f"'ada{n}@example.org', 'Ada', 'Alm{n}'" for n in range(1, 10))
)


def test_whom_a_database_names() -> None:
    called = known(sampled(PEOPLE)).called
    assert {("ada1@example.org",), ("ada", "alm1"), ("alm1", "ada")} <= called
    assert ("ada",) not in called, "many are called so"


@pytest.mark.parametrize(
    ("values", "share"),
    [
        (["from Ada Alm, with love"], 1.0),
        (['{"by": "\\u00c5sa Ek"}', "nobody"], 0.5),
        (["nobody"] * 9 + ["Ada Alm"], 0.0),
        (["nobody"] * 9 + ["Ada Alm, Åsa Ek and bo@example.org."], 0.1),
        (["Ada Alm"] * 50, 0.0),
        ([], 0.0),
    ],
)
def test_a_text_speaks_of_them_where_it_is_no_accident(values: list[str], share: float) -> None:
    assert Known(frozenset({("ada", "alm"), ("åsa", "ek"), ("bo@example.org",)})).spoken_of(values) == share


def test_a_table_that_no_link_leads_from_is_found_by_whom_it_names() -> None:
    script = PEOPLE + "CREATE TABLE coupon (id INTEGER PRIMARY KEY, said TEXT, colour TEXT);"
    draft = guessed(script + rows("coupon", "said, colour", "'for Ada Alm3, who speaks', 'Alm red'"))
    assert held(draft.tables["coupon"]) == {"said": "free_text"}
    assert draft.tables["coupon"].inside == "said"


def test_a_table_of_keys_and_values_without_a_link_may_name_them_too() -> None:
    script = PEOPLE + "CREATE TABLE options (id INTEGER PRIMARY KEY, option_name TEXT, option_value TEXT);"
    said = [f"'colour{n}', 'red'" for n in range(30)] + [
        "'subscribers', 'ada1@example.org, ada2@example.org, Ada Alm9'"
    ]
    draft = guessed(script + rows("options", "option_name, option_value", *said))
    assert set(held(draft.tables["options"])) == {"option_value"}
