"""What a column holds depends on its table, its neighbours and its rows, not on its name alone."""

from __future__ import annotations

import pytest

from tests.datamap.guess.small import guessed, held, rows

PEOPLE = "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT NOT NULL);" + rows(
    "person", "id, email", *(f"{n}, 'a{n}@example.org'" for n in range(1, 31))
)
OWN = "id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person"


def test_a_town_is_an_address_beside_a_street() -> None:
    draft = guessed(
        PEOPLE + f"CREATE TABLE home ({OWN}, street TEXT, city TEXT); CREATE TABLE trip ({OWN}, city TEXT, x);"
    )
    assert held(draft.tables["home"]) == {"street": "address", "city": "address"}
    assert "city" not in held(draft.tables["trip"])


def test_a_title_before_a_name_is_a_salutation_also_as_a_number() -> None:
    draft = guessed("CREATE TABLE author (id INTEGER PRIMARY KEY, title INTEGER, first_name TEXT, last_name TEXT);")
    assert held(draft.tables["author"])["title"] == "name"
    draft = guessed(PEOPLE + f"CREATE TABLE poll ({OWN}, title INTEGER, body TEXT);")
    assert held(draft.tables["poll"]) == {"body": "free_text"}


def test_a_salutation_that_all_share_is_still_one() -> None:
    script = "CREATE TABLE author (id INTEGER PRIMARY KEY, title INTEGER, first_name TEXT, email TEXT, name TEXT);"
    said = (f"1, 'Ada{n}', 'a{n}@example.org', 'Alm Press'" for n in range(30))
    draft = guessed(script + rows("author", "title, first_name, email, name", *said))
    assert held(draft.tables["author"])["title"] == "name"


def test_what_somebody_calls_their_thing_is_theirs_although_many_call_it_so() -> None:
    script = PEOPLE + f"CREATE TABLE snippet ({OWN}, name TEXT, sender TEXT, x);"
    draft = guessed(script + rows("snippet", "person_id, name, sender", *["7, 'Short', 'Alm Press'"] * 30))
    assert held(draft.tables["snippet"]) == {"name": "name"}


def test_a_language_in_the_row_of_somebody_is_one_of_theirs() -> None:
    draft = guessed(
        PEOPLE
        + f"CREATE TABLE wordlist ({OWN}, language TEXT, x);"
        + "CREATE TABLE plan (id INTEGER PRIMARY KEY, manager_id INTEGER REFERENCES person, language TEXT, x);"
    )
    assert held(draft.tables["wordlist"]) == {"language": "language"}
    assert held(draft.tables["plan"]) == {}


def test_a_text_is_its_text_also_as_made_ready_to_be_shown() -> None:
    draft = guessed(PEOPLE + f"CREATE TABLE entry ({OWN}, body_rendered TEXT, body_count TEXT);")
    assert held(draft.tables["entry"]) == {"body_rendered": "free_text"}


def test_whoever_is_told_of_a_thing_is_not_whom_it_is_about() -> None:
    draft = guessed("CREATE TABLE room (id INTEGER PRIMARY KEY, notification_email TEXT, comments TEXT, title TEXT);")
    assert held(draft.tables["room"]) == {"notification_email": "email"}
    assert draft.tables["room"].subject is None


def test_an_address_of_nobody_is_nobodys() -> None:
    draft = guessed(
        "CREATE TABLE university (id INTEGER PRIMARY KEY, name TEXT, street TEXT, postcode TEXT, city TEXT);"
    )
    assert not draft.tables


def test_what_staff_look_after_is_not_named_for_them() -> None:
    draft = guessed(
        PEOPLE
        + "CREATE TABLE class (id INTEGER PRIMARY KEY, mentor_id INTEGER REFERENCES person, name TEXT, size TEXT);"
    )
    assert held(draft.tables["class"]) == {}


def test_the_number_of_a_card_is_told_from_an_orders_by_the_table() -> None:
    draft = guessed(
        PEOPLE + f"CREATE TABLE bank_card ({OWN}, number TEXT); CREATE TABLE purchase ({OWN}, number TEXT, x);"
    )
    assert held(draft.tables["bank_card"]) == {"number": "payment"}
    assert "number" not in held(draft.tables["purchase"])


@pytest.mark.parametrize(
    "column", ["email_verified INTEGER", "phone_count INTEGER", "address_id INTEGER", "mail_sent BOOLEAN"]
)
def test_what_stands_after_a_word_may_turn_it(column: str) -> None:
    draft = guessed(PEOPLE + f"CREATE TABLE state ({OWN}, {column}, x, y);")
    assert column.split()[0] not in held(draft.tables["state"])


def test_values_say_what_no_name_says() -> None:
    script = PEOPLE + f"CREATE TABLE extra ({OWN}, a TEXT, b TEXT, c TEXT);"
    said = [f"{n}, '198.51.100.{n}', '070-174 06 {n:02}', 'red'" for n in range(1, 31)]
    draft = guessed(script + rows("extra", "person_id, a, b, c", *said))
    assert held(draft.tables["extra"]) == {"a": "ip", "b": "phone"}


def test_names_that_say_what_values_deny_are_not_believed() -> None:
    script = PEOPLE + f"CREATE TABLE queue ({OWN}, mail TEXT, x);"
    draft = guessed(script + rows("queue", "person_id, mail", *(f"{n}, 'done'" for n in range(1, 31))))
    assert held(draft.tables["queue"]) == {}


def test_bytes_that_are_text_are_text() -> None:
    script = PEOPLE + f"CREATE TABLE page ({OWN}, body BLOB);"
    said = [f"{n}, x'{f'Hälsar från {n} gator'.encode().hex()}'" for n in range(1, 31)]
    assert held(guessed(script + rows("page", "person_id, body", *said)).tables["page"]) == {"body": "free_text"}
