"""`ombud discover`: a draft of an unknown database, and somebody who goes through it."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

from ombud.cli.program import program
from tests.cli.conftest import Place

SECRETS = ("Ada", "ada@x.example", "lamp", "Where is my lamp?")


def discover(place: Place, *arguments: str, given: str | None = None) -> Result:
    """The command in a project, with what is typed."""
    chosen = ["discover", *arguments, "--project", str(place.directory)]
    return CliRunner().invoke(program, chosen, input=given, catch_exceptions=False, terminal_width=100)


def made(path: Path, *statements: str) -> str:
    """A database with these tables; its URL."""
    with sqlite3.connect(path) as db:
        for statement in statements:
            db.execute(statement)
    db.close()
    return f"sqlite:///{path}"


def draft(url: str) -> str:
    """The draft on standard output."""
    result = CliRunner().invoke(program, ["discover", url, "--out", "-"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def unmapped(bare: Place) -> Place:
    """The shop before anybody has written a map."""
    for name in ("shop", "desk"):
        (bare.directory / f"datamap/{name}.yaml").unlink()
    bare.replace("ombud.yaml", '  desk: {url: "sqlite:///desk.db"}\n', "")
    return bare


def test_a_draft_becomes_a_map_that_the_database_fits(unmapped: Place) -> None:
    assert discover(unmapped, "shop").exit_code == 0
    refused = unmapped.run("check")
    assert refused.exit_code == 1
    assert "M008" in refused.stderr
    path = unmapped.directory / "datamap/shop.yaml"
    text = re.sub(r"  # guess:.*", "", path.read_text(encoding="utf-8"))
    for before, after in {
        "source: shop\n": "source: shop\ngrace: 2\n",
        "goods: purchase\n": "goods: purchases\n",
        "    born: created\n": "    born: created\n    moments: {ended: ended_at}\n    purposes: {delivery: all}\n",
        "    born: placed\n": "    born: placed\n    moments: {booked: placed}\n"
        "    purposes: {delivery: all, bookkeeping: [goods]}\n",
    }.items():
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    result = unmapped.run("check", "--live")
    assert result.exit_code == 0, f"{result.output}\n{text}"


def test_nothing_of_what_the_rows_say_is_in_a_draft(unmapped: Place) -> None:
    for shown in (discover(unmapped, "shop", "--out", "-"), discover(unmapped, "shop", "--format", "json")):
        assert shown.exit_code == 0
        assert not [word for word in SECRETS if word in shown.output]


def test_of_no_rows_only_names_are_looked_at(unmapped: Place) -> None:
    unmapped.sql("shop", "ALTER TABLE customer ADD COLUMN remark TEXT")
    unmapped.sql("shop", "UPDATE customer SET remark = 'ada@x.example'")
    assert "of values" in discover(unmapped, "shop", "--out", "-").stdout
    assert "of values" not in discover(unmapped, "shop", "--out", "-", "--rows", "0").stdout


def test_a_map_that_is_there_stays(bare: Place) -> None:
    path = bare.directory / "datamap/shop.yaml"
    before = path.read_bytes()
    refused = discover(bare, "shop")
    assert refused.exit_code == 1
    assert "C075" in refused.stderr
    assert path.read_bytes() == before
    assert discover(bare, "shop", "--force").exit_code == 0
    assert path.read_bytes() != before


def test_the_database_is_only_read(tmp_path: Path) -> None:
    rows = "INSERT INTO users VALUES (1, 'a@x.example')"
    url = made(tmp_path / "crm.db", "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)", rows)
    before = hashlib.sha256((tmp_path / "crm.db").read_bytes()).digest()
    (tmp_path / "crm.db").chmod(0o444)
    assert "email: contact.email" in draft(url)
    assert hashlib.sha256((tmp_path / "crm.db").read_bytes()).digest() == before
    assert [path.name for path in tmp_path.iterdir()] == ["crm.db"]


def test_an_empty_database_is_refused_with_a_way_out(tmp_path: Path) -> None:
    url = made(tmp_path / "crm.db", "CREATE TABLE t (id INTEGER)", "DROP TABLE t")
    result = CliRunner().invoke(program, ["discover", url, "--out", "-"], catch_exceptions=False)
    assert result.exit_code == 1
    assert "C052" in result.stderr


def test_no_database_is_wrong_use(tmp_path: Path) -> None:
    assert CliRunner().invoke(program, ["discover", "-C", str(tmp_path)]).exit_code == 2


@pytest.mark.parametrize(
    "name",
    [
        "null", "true", "1e3", "a: b", "- x", "#", "it # guess: 0.50 so", 'quo"te', "back\\slash", "new\nline",
        "\x1b[31m", "drop table x; --", "&a", "*", "{", "å ä ö", "\u2028", "x" * 200,
    ],
)  # fmt: skip
def test_a_hostile_name_stays_a_name(tmp_path: Path, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    person = f"CREATE TABLE {quoted} (id INTEGER PRIMARY KEY, email TEXT NOT NULL, {quoted} TEXT)"
    values = [f"INSERT INTO {quoted} VALUES ({n}, 'a{n}@x.example', 'said {n} and more words')" for n in range(30)]
    text = draft(made(tmp_path / "crm.db", person, *values))
    read = YAML(typ="safe", pure=True).load(text)
    assert list(read["tables"]) == [name]
    table = read["tables"][name]
    assert name in table.get("columns", {}) or name in table.get("not_personal", [])
    assert "\x1b" not in text
    assert all(not line.startswith(("new", "line")) for line in text.splitlines())


def test_hostile_values_are_only_looked_at(tmp_path: Path) -> None:
    url = made(tmp_path / "crm.db", "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, note TEXT, blob BLOB)")
    with sqlite3.connect(tmp_path / "crm.db") as db:
        hostile = ["'; DROP TABLE users; --", "\x00", "\x1b[2J", "{" * 5000, "x" * 3_000_000, b"\xff\xfe", 10**18, None]
        for n, value in enumerate(hostile):
            db.execute("INSERT INTO users VALUES (?, ?, ?, ?)", (n, f"a{n}@x.example", value, value))
        db.execute("INSERT INTO users VALUES (99, CAST(x'ff00fe' AS TEXT), CAST(x'ff' AS TEXT), NULL)")
    text = draft(url)
    assert "email: contact.email" in text
    assert "DROP" not in text
    assert "\x00" not in text
    with sqlite3.connect(tmp_path / "crm.db") as db:
        assert db.execute("SELECT count(*) FROM users").fetchone() == (9,)


def test_keys_of_keys_and_values_are_named_and_their_values_are_not(tmp_path: Path) -> None:
    url = made(
        tmp_path / "crm.db",
        "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT)",
        "CREATE TABLE usermeta (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users, meta_key TEXT, meta_value)",
        *(f"INSERT INTO users VALUES ({n}, 'a{n}@x.example')" for n in range(9)),
        *(f"INSERT INTO usermeta VALUES ({n}, {n}, 'billing_city', 'Umeå')" for n in range(9)),
    )
    text = draft(url)
    assert "billing_city: contact.address" in text
    assert "Umeå" not in text


def test_a_password_in_an_address_is_no_name() -> None:
    typed = ["discover", "postgresql://u:hemlig@127.0.0.1:1", "--out", "-"]
    result = CliRunner().invoke(program, typed, catch_exceptions=False)
    assert result.exit_code == 1
    assert "hemlig" not in result.output


def test_a_table_that_may_not_be_read_is_told(postgresql_url: str, tmp_path: Path) -> None:
    engine = sa.create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    role = f"{engine.url.database}_reader"  # roles are the whole server's
    with engine.connect() as connection:
        for statement in (
            "DROP TABLE IF EXISTS person, hidden",
            f"DROP ROLE IF EXISTS {role}",
            "CREATE TABLE person (id int PRIMARY KEY, email text)",
            "CREATE TABLE hidden (id int PRIMARY KEY, email text)",
            f"CREATE ROLE {role} LOGIN",
            f"GRANT USAGE ON SCHEMA public TO {role}",
            f"GRANT SELECT ON person TO {role}",
        ):
            connection.exec_driver_sql(statement)
        try:
            reader = engine.url.set(drivername="postgresql", username=role, password=None)
            text = draft(reader.render_as_string(hide_password=False))
        finally:
            for statement in ("DROP TABLE person, hidden", f"DROP OWNED BY {role}", f"DROP ROLE {role}"):
                connection.exec_driver_sql(statement)
    engine.dispose()
    assert "# hidden could not be read" in text
    assert "person:" in text


ANSWERS = {
    "y": "y\n",
    "n": "n\n",
    "another category": "c\ncontact.name\n",
    "later": "s\n",
    "the whole table": "t\n",
    "stop": "q\n",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_the_file_is_readable_after_every_answer(unmapped: Place, answer: str) -> None:
    discover(unmapped, "shop")
    path = unmapped.directory / "datamap/shop.yaml"
    for _ in range(12):
        result = discover(unmapped, "shop", "--review", str(path), given=f"{answer}q\n")
        assert result.exit_code in (0, 1), result.output
        read = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        assert set(read["tables"]) == {"customer", "orders"}
        assert not [word for word in SECRETS if word in result.output]


def test_who_says_yes_to_all_has_no_guess_left(unmapped: Place) -> None:
    discover(unmapped, "shop")
    path = unmapped.directory / "datamap/shop.yaml"
    result = discover(unmapped, "--review", str(path), given="y\n" * 100)
    assert result.exit_code == 0, result.output
    assert "  # guess:" not in path.read_text(encoding="utf-8")
    assert "M008" not in unmapped.run("check").stderr


def test_what_is_not_personal_moves_to_its_tables_list(unmapped: Place) -> None:
    discover(unmapped, "shop")
    path = unmapped.directory / "datamap/shop.yaml"
    for _ in range(40):
        discover(unmapped, "--review", str(path), given="n\ns\n" * 40)
    read = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    assert not read["tables"]["customer"].get("columns")
    assert {"name", "email"} <= set(read["tables"]["customer"]["not_personal"])


def answering(place: Place, about: str, *typed: str) -> tuple[str, str]:
    """Go on to the guess about this, and type; the file then, and what was said."""
    path = place.directory / "datamap/shop.yaml"
    for later in range(40):
        result = discover(place, "shop", "--review", str(path), given="s\n" * later + "q\n")
        if f" {about}\n" in result.stdout[result.stdout.rindex("/") :]:
            given = "s\n" * later + "".join(f"{each}\n" for each in typed) + "q\n"
            result = discover(place, "shop", "--review", str(path), given=given)
            return path.read_text(encoding="utf-8"), result.output
    raise AssertionError(f"no guess about {about}")


def test_an_answer_that_is_none_here_is_asked_again_and_an_owner_is_chosen_from_the_links(unmapped: Place) -> None:
    discover(unmapped, "shop")
    text, said = answering(unmapped, "orders.owner", "n", "c", "somebody", "nobody")
    assert "n is no answer here: c, q, s, t, y" in said
    assert "links of orders: customer" in said
    assert "somebody is none of them" in said
    assert "    owner: nobody\n" in text


def test_several_columns_of_a_list_are_personal_after_all(unmapped: Place) -> None:
    discover(unmapped, "shop")
    text, said = answering(
        unmapped, "customer.not_personal", "c", "lamps", "ended_at", "what else", "contact.name", "", "y"
    )
    read = YAML(typ="safe", pure=True).load(text)
    assert "not in the list: lamps" in said
    assert "the policy has: " in said
    assert read["tables"]["customer"]["columns"]["ended_at"] == "contact.name"


def test_a_draft_that_takes_a_maps_place_calls_the_columns_as_that_called_them(unmapped: Place) -> None:
    path = unmapped.directory / "datamap/shop.yaml"
    said = 'titles:\n  name: {sv: "Namn #1", en: Name}\ntables:\n  orders:\n    titles: {goods: {sv: "Vara: en"}}\n'
    path.write_text(f"source: shop\n{said}  gone:\n    titles: {{x: {{sv: X}}}}\n", encoding="utf-8")
    assert discover(unmapped, "shop").exit_code == 1
    assert discover(unmapped, "shop", "--force").exit_code == 0
    drafted = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    assert drafted["titles"] == {"name": {"sv": "Namn #1", "en": "Name"}}
    assert drafted["tables"]["orders"]["titles"] == {"goods": {"sv": "Vara: en"}}
    assert "columns" in drafted["tables"]["orders"]
    assert "titles" not in drafted["tables"]["customer"]
    path.write_text("no: map: at all", encoding="utf-8")
    assert discover(unmapped, "shop", "--force").exit_code == 0
    assert "titles" not in path.read_text(encoding="utf-8")
