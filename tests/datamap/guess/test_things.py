"""What an organisation publishes or arranges is nobody's, whoever wrote it; what is sent is about whom it goes to."""

from __future__ import annotations

import pytest

from tests.datamap.guess.small import guessed, held, rows, way

PEOPLE = "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT NOT NULL);" + rows(
    "person", "id, email", *(f"{n}, 'a{n}@example.org'" for n in range(1, 31))
)
AUTHOR = "id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES person"
OWN = "id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES person"


@pytest.mark.parametrize(
    "table", ["article (%s, title TEXT, body TEXT)", "essay (%s, title TEXT, slug TEXT, draft TEXT)"]
)
def test_what_is_published_is_not_about_its_author_and_neither_is_what_hangs_on_it(table: str) -> None:
    name = table.split()[0]
    part = f"CREATE TABLE part (id INTEGER PRIMARY KEY, {name}_id INTEGER NOT NULL REFERENCES {name}, caption TEXT);"
    draft = guessed(PEOPLE + f"CREATE TABLE {table % AUTHOR};" + part)
    assert held(draft.tables[name]) == {}
    assert "part" in draft.others


def test_what_somebody_says_is_theirs_and_so_is_what_belongs_to_them_by_another_word() -> None:
    draft = guessed(
        PEOPLE + f"CREATE TABLE essay ({AUTHOR}, body TEXT, x); CREATE TABLE article ({OWN}, body TEXT, x);"
    )
    assert held(draft.tables["essay"]) == {"body": "free_text"}
    assert held(draft.tables["article"]) == {"body": "free_text"}


def test_a_reason_is_somebodys_also_in_an_organisations_thing() -> None:
    draft = guessed(PEOPLE + f"CREATE TABLE room ({AUTHOR}, title TEXT, rejection_reason TEXT);")
    assert held(draft.tables["room"]) == {"rejection_reason": "free_text"}


def test_what_staff_made_is_theirs_only_where_they_said_it() -> None:
    made = "id INTEGER PRIMARY KEY, created_by_id INTEGER REFERENCES person, title TEXT, x"
    draft = guessed(PEOPLE + f"CREATE TABLE recipe ({made}); CREATE TABLE ticket ({made});")
    assert held(draft.tables["recipe"]) == {}
    assert held(draft.tables["ticket"]) == {"title": "free_text"}


def test_a_letter_is_about_whom_it_goes_to_and_so_is_what_hangs_on_it() -> None:
    draft = guessed(
        "CREATE TABLE email (id INTEGER PRIMARY KEY, 'to' TEXT, cc TEXT, sender_name TEXT, body TEXT);"
        "CREATE TABLE delivery (id INTEGER PRIMARY KEY, email_id INTEGER NOT NULL REFERENCES email, note TEXT);"
    )
    assert draft.tables["email"].subject is None
    assert draft.tables["email"].by_identifier in {("email", "to"), ("email", "cc")}
    assert way(draft.tables["delivery"]) == ["delivery.email_id"]


def test_who_tried_is_found_by_the_name_not_by_the_browser() -> None:
    draft = guessed(
        "CREATE TABLE attempt (id INTEGER PRIMARY KEY, user_agent TEXT, http_accept TEXT,"
        " username TEXT, failures INTEGER);"
        + rows("attempt", "user_agent, username", *(f"'Mozilla/5.0 (X11)', 'ada{n}'" for n in range(9)))
    )
    assert draft.tables["attempt"].inside == "username"
    assert set(held(draft.tables["attempt"])) == {"user_agent", "http_accept", "username", "failures"}


def test_a_contact_of_a_thing_is_not_the_thing() -> None:
    draft = guessed(
        "CREATE TABLE fair (id INTEGER PRIMARY KEY, contact_name TEXT, contact_email TEXT);"
        "CREATE TABLE guest (id INTEGER PRIMARY KEY, name TEXT, email TEXT);"
    )
    assert draft.tables["fair"].subject is None
    assert draft.tables["fair"].by_identifier == ("email", "contact_email")
    assert draft.tables["guest"].subject


def test_a_registration_is_about_who_registers_not_about_the_thing() -> None:
    draft = guessed(
        PEOPLE
        + "CREATE TABLE fair (id INTEGER PRIMARY KEY, phone TEXT, email TEXT, password TEXT);"
        + "CREATE TABLE registration (id INTEGER PRIMARY KEY, fair_id INTEGER NOT NULL REFERENCES fair,"
        + " person_id INTEGER REFERENCES person, email TEXT);"
    )
    assert way(draft.tables["registration"]) == ["registration.person_id"]


def test_the_only_row_of_a_table_is_the_organisations_own() -> None:
    script = (
        PEOPLE + "CREATE TABLE site_details (id INTEGER PRIMARY KEY, postal_address TEXT, email TEXT, facebook TEXT);"
    )
    one = rows("site_details", "postal_address, email", "'Kvarngatan 1', 'info@example.org'")
    assert "site_details" in guessed(script + one).others
    more = rows("site_details", "postal_address, email", "'Kvarngatan 2', 'b@example.org'")
    assert held(guessed(script + one + more).tables["site_details"])


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ("translation_key TEXT", False),
        ("api_key TEXT", True),
        ("page_path TEXT", False),
        ("upload_path TEXT", True),
        ("slug TEXT", False),
        ("backend_alias TEXT", False),
        ("alias TEXT", True),
        ("key_hash TEXT", True),
        ("activation_code TEXT", True),
    ],
)
def test_what_stands_before_a_word_may_turn_it(column: str, found: bool) -> None:
    draft = guessed(PEOPLE + f"CREATE TABLE thing ({OWN}, {column}, x, y);")
    assert (column.split()[0] in held(draft.tables["thing"])) is found


def test_the_password_of_a_thing_is_nobodys() -> None:
    draft = guessed(
        "CREATE TABLE album (id INTEGER PRIMARY KEY, password TEXT);"
        "CREATE TABLE login (id INTEGER PRIMARY KEY, username TEXT, password TEXT);"
    )
    assert "album" in draft.others
    assert set(held(draft.tables["login"])) == {"username", "password"}


def test_a_secret_is_one_although_it_leads_somewhere() -> None:
    script = "CREATE TABLE session (session_key TEXT PRIMARY KEY, x);"
    script += "CREATE TABLE visit (%s, session_key TEXT REFERENCES session);"
    assert held(guessed(PEOPLE + script % OWN).tables["visit"]) == {"session_key": "credential"}


def test_numbers_and_answers_in_the_row_of_a_person_are_theirs_and_states_are_not() -> None:
    columns = (
        "id INTEGER PRIMARY KEY, email TEXT, shoes INTEGER, rides_horses BOOLEAN, is_staff BOOLEAN, edits_count INTEGER"
    )
    draft = guessed(f"CREATE TABLE member ({columns});")
    assert set(held(draft.tables["member"])) == {"email", "shoes", "rides_horses"}


def test_answers_in_the_only_row_of_a_person_are_theirs() -> None:
    own = OWN.replace("NOT NULL", "NOT NULL UNIQUE")
    draft = guessed(PEOPLE + f"CREATE TABLE habits ({own}, sings BOOLEAN, x);")
    assert held(draft.tables["habits"]) == {"sings": "activity"}


@pytest.mark.parametrize(("table", "found"), [("vitals", {"weight": "other", "bps": "other"}), ("parcel", {})])
def test_what_is_measured_of_a_person_is_theirs(table: str, found: dict[str, str]) -> None:
    assert held(guessed(PEOPLE + f"CREATE TABLE {table} ({OWN}, weight NUMERIC, bps INTEGER);").tables[table]) == found


def test_the_data_of_persons_are_persons() -> None:
    draft = guessed(
        "CREATE TABLE patient_data (id INTEGER PRIMARY KEY, dob DATE);"
        "CREATE TABLE patient_map (id INTEGER PRIMARY KEY, dob DATE);"
    )
    assert draft.tables["patient_data"].subject
    assert draft.tables["patient_map"].subject is None


def test_a_full_card_is_a_person_although_staff_are_tied_to_it() -> None:
    card = "display_name TEXT, email TEXT, phone TEXT, street TEXT"
    link = "id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES person"
    draft = guessed(
        PEOPLE + f"CREATE TABLE relation ({link}, {card}); CREATE TABLE dispatch ({link}, email TEXT, phone TEXT);"
    )
    assert draft.tables["relation"].subject
    assert draft.tables["dispatch"].subject is None


def test_a_file_belongs_to_whom_the_letter_goes_to_that_it_hangs_on() -> None:
    script = (
        PEOPLE
        + "CREATE TABLE enclosure (id INTEGER PRIMARY KEY, title TEXT);"
        + f"CREATE TABLE bundle ({OWN}, x); CREATE TABLE bundle_enclosure (id INTEGER PRIMARY KEY,"
        + " enclosure_id INTEGER NOT NULL REFERENCES enclosure, bundle_id INTEGER NOT NULL REFERENCES bundle);"
    )
    script += rows("enclosure", "id, title", *(f"{n}, 'for the tour {n} of May'" for n in range(1, 7)))
    script += rows("bundle", "id, person_id", *(f"{n}, {n}" for n in range(1, 7)))
    script += rows("bundle_enclosure", "enclosure_id, bundle_id", *(f"{n}, {n}" for n in range(1, 7)))
    assert way(guessed(script).tables["enclosure"]) == [
        "bundle_enclosure.enclosure_id",
        "bundle_enclosure.bundle_id",
        "bundle.person_id",
    ]


def test_a_message_id_is_no_address() -> None:
    script = PEOPLE + f"CREATE TABLE dispatch ({OWN}, message_id TEXT, mark TEXT, x);"
    said = (f"{n}, '<8.{n}@example.org>', '<9.{n}@example.org>'" for n in range(1, 31))
    assert "message_id" not in held(
        guessed(script + rows("dispatch", "person_id, message_id, mark", *said)).tables["dispatch"]
    )


def test_what_stands_on_an_organisations_things_is_its_own() -> None:
    columns = "title TEXT, phone TEXT, website TEXT, org_id_number TEXT, sender_name TEXT, contact_phone TEXT"
    draft = guessed(PEOPLE + f"CREATE TABLE campaign ({AUTHOR}, {columns});")
    assert held(draft.tables["campaign"]) == {"contact_phone": "phone"}


def test_a_thing_that_others_rows_point_at_or_that_leads_on_to_a_customer_is_theirs() -> None:
    orders = f"CREATE TABLE orders ({OWN}, x);"
    event = "CREATE TABLE event (id INTEGER PRIMARY KEY, orders_id INTEGER NOT NULL REFERENCES orders, reference TEXT);"
    assert held(guessed(PEOPLE + orders + event).tables["event"]) == {"reference": "payment"}
    page = "CREATE TABLE page (id INTEGER PRIMARY KEY, title TEXT);"
    point = f"CREATE TABLE edit ({OWN}, page_id INTEGER NOT NULL REFERENCES page, comment TEXT);"
    said = rows("page", "id, title", *(f"{n}, 'about the {n} gardens'" for n in range(1, 31)))
    said += rows("edit", "person_id, page_id", *(f"{n}, {n}" for n in range(1, 31)))
    assert held(guessed(PEOPLE + page + point + said).tables["page"]) == {"title": "free_text"}


def test_how_often_a_job_failed_is_nobodys() -> None:
    draft = guessed(
        PEOPLE
        + f"CREATE TABLE sync ({OWN}, failures INTEGER, x); CREATE TABLE door ({OWN}, ip TEXT, failures INTEGER);"
    )
    assert held(draft.tables["sync"]) == {}
    assert held(draft.tables["door"]) == {"ip": "ip", "failures": "activity"}


def test_when_and_how_many_are_of_the_record_however_they_are_written() -> None:
    draft = guessed(
        "CREATE TABLE member (id INTEGER PRIMARY KEY, email TEXT, regdate INTEGER, editcount INTEGER, shoes INTEGER);"
    )
    assert set(held(draft.tables["member"])) == {"email", "shoes"}


def test_a_code_that_each_person_has_one_of_is_theirs() -> None:
    script = "CREATE TABLE member (id INTEGER PRIMARY KEY, email TEXT, fob_code TEXT, club_code TEXT);"
    said = (f"'a{n}@example.org', 'K{n}', 'C{n % 2}'" for n in range(20))
    draft = guessed(script + rows("member", "email, fob_code, club_code", *said))
    assert held(draft.tables["member"]) == {"email": "email", "fob_code": "credential"}


def test_an_answer_alone_and_an_empty_number_of_a_log_tell_nothing() -> None:
    draft = guessed(
        PEOPLE + f"CREATE TABLE lock_state ({OWN}, is_open BOOLEAN); CREATE TABLE change_log ({OWN}, uuid TEXT, x);"
    )
    assert held(draft.tables["lock_state"]) == {}
    assert held(draft.tables["change_log"]) == {}


def test_who_has_a_thing_first_of_all_only_keeps_it() -> None:
    thing = (
        "CREATE TABLE stall (id INTEGER PRIMARY KEY, primary_person_id INTEGER REFERENCES person, name TEXT, x TEXT);"
    )
    assert held(guessed(PEOPLE + thing).tables["stall"]) == {}


def test_a_row_is_not_whosever_came_last_wherever_that_word_stands() -> None:
    script = (
        PEOPLE
        + "CREATE TABLE board (id INTEGER PRIMARY KEY, description TEXT,"
        + " board_last_remark_id INTEGER REFERENCES remark);"
        + f"CREATE TABLE remark ({OWN}, body TEXT);"
    )
    assert "board" in guessed(script).others
