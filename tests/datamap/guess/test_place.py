"""What a column's place tells where neither its name nor its values do."""

from __future__ import annotations

import pytest

from tests.datamap.guess.small import guessed, held, rows

PEOPLE = "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT NOT NULL);" + rows(
    "person", "id, email", *(f"{n}, 'a{n}@example.org'" for n in range(1, 31))
)
OWN = "id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person"


def test_the_text_key_of_a_session_lets_in() -> None:
    draft = guessed(
        "CREATE TABLE session (sid TEXT PRIMARY KEY, ip TEXT); CREATE TABLE rate (sid TEXT PRIMARY KEY, a);"
    )
    assert held(draft.tables["session"]) == {"sid": "credential", "ip": "ip"}
    assert "rate" in draft.others


def test_a_number_that_nobody_guesses_lets_in_whoever_a_row_itself_names() -> None:
    columns = "id INTEGER PRIMARY KEY, uuid TEXT, team_id INTEGER REFERENCES team"
    draft = guessed(
        PEOPLE
        + "CREATE TABLE team (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES person, x, y);"
        + f"CREATE TABLE invite ({columns}, email TEXT); CREATE TABLE match ({columns}, y);"
    )
    assert held(draft.tables["invite"]) == {"uuid": "credential", "email": "email"}
    assert draft.tables["invite"].subject is None, "it says by its address whom it is about"
    assert held(draft.tables["match"]) == {}, "it is only a team's"


def test_what_a_call_carries_is_about_somebody_also_where_no_link_says_so() -> None:
    draft = guessed(
        "CREATE TABLE apicall (id INTEGER PRIMARY KEY, path TEXT, payload TEXT);"
        "CREATE TABLE mail_template (id INTEGER PRIMARY KEY, body TEXT); CREATE TABLE area (id INTEGER, payload TEXT);"
    )
    assert held(draft.tables["apicall"]) == {"payload": "other"}
    assert draft.tables["apicall"].inside == "payload"
    assert {"mail_template", "area"} <= set(draft.others), "a template is for everybody, an area carries nothing"


def test_what_every_call_carries_alike_is_about_nobody() -> None:
    script = "CREATE TABLE job (id INTEGER PRIMARY KEY, args TEXT);"
    assert "job" in guessed(script + rows("job", "args", *["'make all'"] * 9)).others


def test_a_unique_text_of_a_person_stands_for_them() -> None:
    script = (
        "CREATE TABLE member (id INTEGER PRIMARY KEY, email TEXT, mark TEXT UNIQUE, club TEXT, place_id TEXT UNIQUE);"
    )
    said = [f"'a{n}@example.org', '{n:08X}', '{n % 2:08X}', 'P{n}'" for n in range(20)]
    draft = guessed(script + rows("member", "email, mark, club, place_id", *said))
    assert held(draft.tables["member"]) == {"email": "email", "mark": "username", "place_id": "username"}


@pytest.mark.parametrize(("values", "found"), [("ada s lamp {n}", True), ("{n}", False)])
def test_an_id_that_is_no_number_was_chosen(values: str, found: bool) -> None:
    script = PEOPLE + f"CREATE TABLE thing ({OWN}, app_id TEXT, x);"
    said = (f"{n}, '{values.format(n=n)}'" for n in range(1, 31))
    assert ("app_id" in held(guessed(script + rows("thing", "person_id, app_id", *said)).tables["thing"])) is found


def test_a_digest_of_what_a_row_says_of_somebody_is_theirs() -> None:
    script = (
        PEOPLE
        + f"CREATE TABLE home ({OWN}, street TEXT, hash TEXT); CREATE TABLE visit ({OWN}, page INTEGER, hash TEXT);"
    )
    script += rows("home", "person_id, hash", *(f"{n}, '{n * 999_331}'" for n in range(1, 31)))
    draft = guessed(script + rows("visit", "person_id, hash", *(f"{n}, '{n * 999_331}'" for n in range(1, 31))))
    assert held(draft.tables["home"]) == {"street": "address", "hash": "other"}
    assert "hash" not in held(draft.tables["visit"])


def test_by_what_a_device_proves_who_uses_it() -> None:
    draft = guessed(
        PEOPLE + f"CREATE TABLE totp_device ({OWN}, seed TEXT, x); CREATE TABLE bicycle ({OWN}, seed TEXT, x);"
    )
    assert held(draft.tables["totp_device"]) == {"seed": "credential"}
    assert held(draft.tables["bicycle"]) == {}


def test_what_somebody_agreed_to_is_theirs_whatever_its_type() -> None:
    draft = guessed(PEOPLE + f"CREATE TABLE signup ({OWN}, consent_to_photos INTEGER, opt_in BOOLEAN, done BOOLEAN);")
    assert held(draft.tables["signup"]) == {"consent_to_photos": "preference", "opt_in": "preference"}


@pytest.mark.parametrize(("table", "found"), [("ip_change", {"hex": "ip"}), ("colour_change", {})])
def test_an_ip_address_may_be_written_in_hexadecimal(table: str, found: dict[str, str]) -> None:
    script = PEOPLE + f"CREATE TABLE {table} ({OWN}, hex TEXT, x);"
    said = (f"{n}, 'C00002{n:02X}'" for n in range(1, 31))
    assert held(guessed(script + rows(table, "person_id, hex", *said)).tables[table]) == found


def test_where_a_file_lies_is_told_although_it_is_called_an_id() -> None:
    draft = guessed(PEOPLE + f"CREATE TABLE paper ({OWN}, storage_file_id TEXT, object_key TEXT, group_id TEXT, y);")
    assert held(draft.tables["paper"]) == {"storage_file_id": "file", "object_key": "file"}


@pytest.mark.parametrize(("table", "found"), [("diagnosis", {"cls": "health"}), ("errand", {})])
def test_a_code_in_a_table_of_diagnoses_is_about_health(table: str, found: dict[str, str]) -> None:
    script = PEOPLE + f"CREATE TABLE {table} ({OWN}, cls TEXT, x);"
    codes = (f"{n}, 'J{n % 3}'" for n in range(1, 31))
    assert held(guessed(script + rows(table, "person_id, cls", *codes)).tables[table]) == found


def test_whom_a_letter_goes_to() -> None:
    draft = guessed(
        "CREATE TABLE sent_mail (id INTEGER PRIMARY KEY, 'to' TEXT); CREATE TABLE path (id INTEGER, 'to' TEXT);"
    )
    assert held(draft.tables["sent_mail"]) == {"to": "email"}
    assert "path" in draft.others


def test_a_text_in_the_only_row_that_somebody_has_is_about_them() -> None:
    own = "id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL {} REFERENCES person"
    draft = guessed(
        PEOPLE
        + f"CREATE TABLE habits ({own.format('UNIQUE')}, shade TEXT, x);"
        + f"CREATE TABLE ride ({own.format('')}, shade TEXT, x);"
    )
    assert held(draft.tables["habits"]) == {"shade": "activity"}
    assert held(draft.tables["ride"]) == {}
