"""Links to several tables: which, is found by what the type says and whether the keys are there."""

from __future__ import annotations

import pytest

from ombud.datamap.guess.vocabulary import Vocabulary
from ombud.datamap.guess.written import written
from tests.datamap.guess.small import guessed, rows

PEOPLE = (
    "CREATE TABLE shop_customer (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, email TEXT);"
    + rows(
        "shop_customer",
        "id, first_name, last_name, email",
        *(f"{n}, 'Ada', 'Berg', 'ada{n}@x.example'" for n in range(1, 8)),
    )
    + "CREATE TABLE shop_supportcase"
    " (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES shop_customer, letter TEXT);"
    + rows("shop_supportcase", "id, customer_id, letter", *(f"{n}, 1, 'Dear Ada'" for n in range(50, 55)))
    + "CREATE TABLE shop_shelf (id INTEGER PRIMARY KEY, height INTEGER);"
    + rows("shop_shelf", "id, height", "900, 2", "901, 3")
)
NOTES = "CREATE TABLE note (id INTEGER PRIMARY KEY, {type}, object_id TEXT, author_email TEXT, said TEXT);"


def link(script: str) -> str:
    draft = guessed(script)
    lines = written(draft, Vocabulary(frozenset())).splitlines()
    return next((line.strip() for line in lines if "object:" in line or "says in which table" in line), "")


@pytest.mark.parametrize(
    ("customer", "case"),
    [
        ("shop_customer", "shop_supportcase"),
        ("Customer", "SupportCase"),
        ("App\\Models\\Customer", "App\\Models\\SupportCase"),
    ],
)
def test_a_text_tells_the_table_by_its_name_or_a_classs(customer: str, case: str) -> None:
    many = (*(f"'{customer}', '{n}', 'b@x.example'" for n in range(1, 5)), f"'{case}', '51', 'b@x.example'")
    said = link(
        PEOPLE + NOTES.format(type="object_type TEXT") + rows("note", "object_type, object_id, author_email", *many)
    )
    assert "by: object_id, type: object_type" in said
    assert ": shop_customer" in said
    assert ": shop_supportcase" in said
    assert "# guess: 0.85" in said


def test_a_number_is_what_the_table_of_types_says_of_it() -> None:
    types = "CREATE TABLE content_type (id INTEGER PRIMARY KEY, app_label TEXT, model TEXT);" + rows(
        "content_type",
        "id, app_label, model",
        "4, 'shop', 'customer'",
        "9, 'shop', 'supportcase'",
        "11, 'shop', 'shelf'",
    )
    own = NOTES.format(type="content_type_id INTEGER REFERENCES content_type")
    many = ("4, '3', 'b@x.example'", "9, '52', 'b@x.example'", "11, '900', 'b@x.example'")
    said = link(PEOPLE + types + own + rows("note", "content_type_id, object_id, author_email", *many))
    assert "{by: object_id, type: content_type_id, to: {4: shop_customer, 9: shop_supportcase}, rest: nobody" in said
    assert "4 is shop.customer; 9 is shop.supportcase" in said


def test_what_no_table_is_called_may_be_anybodys_and_is_told() -> None:
    many = ("'shop_customer', '3', 'b@x.example'", "'parcel', '3', 'b@x.example'")
    said = link(
        PEOPLE + NOTES.format(type="object_type TEXT") + rows("note", "object_type, object_id, author_email", *many)
    )
    assert "rest: unknown" in said
    assert "no table for parcel" in said


def test_a_table_that_has_none_of_the_keys_is_not_meant() -> None:
    many = ("'shop_customer', '777', 'b@x.example'", "'shop_customer', '778', 'b@x.example'")
    said = link(
        PEOPLE + NOTES.format(type="object_type TEXT") + rows("note", "object_type, object_id, author_email", *many)
    )
    assert "says in which table" in said
