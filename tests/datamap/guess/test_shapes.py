"""Tables that are more than rows of columns."""

from __future__ import annotations

from tests.datamap.guess.small import guessed, rows

USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);" + rows(
    "users", "email", *(f"'a{n}@example.org'" for n in range(9))
)


def test_a_value_under_a_key_in_each_row() -> None:
    script = USERS + "CREATE TABLE usermeta (id INTEGER PRIMARY KEY, user_id INTEGER, meta_key TEXT, meta_value TEXT);"
    said = [f"{n}, 'billing_phone', '070-174 06 0{n}'" for n in range(1, 9)] + [
        f"{n}, 'theme_colour', 'red'" for n in range(1, 9)
    ]
    found = guessed(script + rows("usermeta", "user_id, meta_key, meta_value", *said)).tables["usermeta"].key_values
    assert found
    assert (found.key, found.value) == ("meta_key", "meta_value")
    assert str(found.keys["billing_phone"].concept) == "phone"
    assert found.keys["theme_colour"].concept is None


def test_paths_in_documents() -> None:
    script = (
        USERS + "CREATE TABLE signup (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users, data TEXT);"
    )
    document = '{"contact": {"email": "x@example.org"}, "v": 1, "list": [{"email": "y@example.org"}]}'
    found = guessed(script + rows("signup", "user_id, data", *(f"{n}, '{document}'" for n in range(1, 9))))
    paths = found.tables["signup"].paths["data"]
    assert str(paths["contact.email"].concept) == "email"
    assert "list.email" not in paths, "no path leads through an array"


def test_earlier_states_of_another_table() -> None:
    columns = "(id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users, street TEXT, city TEXT)"
    draft = guessed(USERS + f"CREATE TABLE home {columns}; CREATE TABLE home_history {columns};")
    assert draft.tables["home_history"].history_of == "home"
    assert draft.tables["home"].history_of is None


def test_when_a_row_was_made_is_never_when_it_ended() -> None:
    columns = "id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users, ended TIMESTAMP, made_at TIMESTAMP"
    draft = guessed(USERS + f"CREATE TABLE visit ({columns});")
    assert draft.tables["visit"].born == "made_at"
