"""Whatever is wrong, the answer is a finding with a place and a way out, and an exit code; never a traceback."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from ombud.adapters.trouble import FULL, trouble
from ombud.app import applying
from ombud.app.loaded import Surroundings, load
from tests.cli.conftest import Place, address


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "at"),
    [
        ("policy/group.yaml", "zone:", "zone: [", "P002", r"policy/group\.yaml:\d+"),
        ("policy/group.yaml", "P12M", "P1X", "P010", "policy/group.yaml:16"),
        ("policy/group.yaml", "after: ended", "after: endet", "P012", "policy/group.yaml:16"),
        (
            "datamap/shop.yaml",
            "delivery: all}\n    moments: {ended",
            "delivry: all}\n    moments: {ended",
            "M",
            "datamap/shop.yaml",
        ),
        ("datamap/shop.yaml", "owner: customer", "ownr: customer", "M", "datamap/shop.yaml"),
        ("ombud.yaml", "policy:", "polici:", "C006", "ombud.yaml:1:1"),
        ("ombud.yaml", "sources:", "sources: {", "C002", "ombud.yaml"),
        ("ombud.yaml", "policy:", "share: lots\npolicy:", "C009", "ombud.yaml:1:8"),
        ("ombud.yaml", "policy:", "share: 0.9\npolicy:", "C008", "ombud.yaml:1:8"),
        ("ombud.yaml", "datamaps: datamap/", "datamaps: datamap/\ndatamaps: other/", "C003", "ombud.yaml:3:1"),
        ("ombud.yaml", "  desk:", "  desc:", "C022", "ombud.yaml"),
        ("ombud.yaml", "policy/", "nowhere/", "P001", "nowhere"),
        ("ombud.yaml", "datamap/", "nowhere/", "M001", "nowhere"),
    ],
)
def test_a_wrong_file_is_told_by_place_and_code(bare: Place, file: str, old: str, new: str, code: str, at: str) -> None:
    bare.replace(file, old, new)
    result = bare.run("check")
    assert result.exit_code == 1
    assert re.search(rf"{at}.*error {code}", result.stderr), result.stderr
    assert "→" in result.stderr


def test_a_file_that_is_not_text_is_told(bare: Place) -> None:
    (bare.directory / "ombud.yaml").write_bytes(b"\xff\xfe\x00policy")
    result = bare.run("check")
    assert (result.exit_code, "C001" in result.stderr) == (1, True)


def test_where_there_is_no_project_the_way_out_is_told(tmp_path: Path) -> None:
    result = Place(tmp_path).run("plan")
    assert result.exit_code == 1
    assert "there is no project here" in result.stderr
    assert "ombud demo" in result.stderr


def test_an_address_whose_variable_is_not_set_is_told_and_not_guessed(bare: Place) -> None:
    bare.replace("ombud.yaml", "sqlite:///shop.db", "${SHOP_URL}")
    assert bare.run("check").exit_code == 0, "a check needs no database"
    result = bare.run("check", "--live")
    assert result.exit_code == 1
    assert "C021" in result.stderr
    assert "SHOP_URL" in result.stderr


def test_a_password_in_the_file_is_told_and_never_printed(bare: Place) -> None:
    bare.replace("ombud.yaml", "sqlite:///shop.db", "postgresql://ann:hunter2@127.0.0.1:1/shop")
    result = bare.run("check", "--live")
    assert "C020" in result.stderr
    assert "C030" in result.stderr
    assert "hunter2" not in result.output


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite:///", "postgresql://h:notaport/x"])
def test_an_address_of_no_use_is_told(bare: Place, url: str) -> None:
    bare.replace("ombud.yaml", "sqlite:///shop.db", url)
    result = bare.run("check", "--live")
    assert result.exit_code == 1
    assert re.search("error (C030|C052)", result.stderr), result.stderr


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgres://x/y", "did you mean postgresql://?"),
        ("sqlite:///none.db", "there is no database file none.db → correct `url` in ombud.yaml"),
        ("${SERVER}", "the server answers, and has no database of this name → correct the name in `url`"),
    ],
)
def test_an_address_that_is_nearly_right_says_what_is_wrong(
    bare: Place, postgresql_url: str, url: str, told: str
) -> None:
    there = sa.make_url(postgresql_url).set(drivername="postgresql", database="no_such_database_here")
    bare.environ["SERVER"] = there.render_as_string(hide_password=False)
    bare.replace("ombud.yaml", "sqlite:///shop.db", url)
    result = bare.run("check", "--live")
    assert "C030" in result.stderr
    assert told in " ".join(result.stderr.split())


def test_a_table_without_a_column_id_is_offered_its_key_or_none(bare: Place) -> None:
    bare.sql("shop", "ALTER TABLE orders RENAME COLUMN id TO no")
    assert "a table that says no key has `id`: say `key: [no]`" in bare.run("check", "--live").stderr
    bare.sql("shop", "DROP TABLE orders")
    bare.sql("shop", "CREATE TABLE orders (customer_id INTEGER, placed DATE, goods TEXT, deliver_to TEXT)")
    assert "`key: [a, b]`, or `key: []` if the table has no key" in bare.run("check", "--live").stderr


def test_a_missing_table_and_column_are_told_by_their_place_in_the_map(bare: Place) -> None:
    bare.sql("shop", "DROP TABLE orders")
    bare.sql("desk", "ALTER TABLE ticket DROP COLUMN body")
    result = bare.run("check", "--live")
    assert result.exit_code == 1
    assert re.search(r"datamap/shop\.yaml:\d+:\d+: error M400", result.stderr)
    assert re.search(r"datamap/desk\.yaml:\d+:\d+: error M401", result.stderr)
    assert bare.run("plan").exit_code == 1


def test_a_file_that_is_no_database_is_told(bare: Place) -> None:
    (bare.directory / "desk.db").write_bytes(b"this is not a database" * 100)
    result = bare.run("check", "--live")
    assert result.exit_code == 1
    assert "C034" in result.stderr


def test_a_company_and_a_source_nobody_has_are_answered_with_a_guess(project: Place) -> None:
    company, source = project.run("check", "--company", "nort"), project.run("plan", "--source", "shopp")
    assert (company.exit_code, source.exit_code) == (1, 1)
    assert "did you mean north?" in company.stderr
    assert "did you mean shop?" in source.stderr


@pytest.mark.parametrize("size", [0, 4096])
def test_an_empty_database_is_told_as_one_thing_by_every_command(project: Place, size: int) -> None:
    for name in ("desk.db", "desk.db-wal", "desk.db-shm"):
        (project.directory / name).unlink(missing_ok=True)
    with sqlite3.connect(project.directory / "desk.db") as db:
        db.execute("PRAGMA user_version = 1" if size else "SELECT 1")
    assert (project.directory / "desk.db").stat().st_size == size
    for command in (["check", "--live"], ["plan"], ["explain", "--subject", "email=ada@x.example"]):
        result = project.run(*command)
        assert result.exit_code == 1
        assert re.findall(r"error (\w+): ", result.stderr) == ["C052"], result.stderr
        assert "desk: the database is empty" in result.stderr


def test_a_table_that_is_not_there_is_told_once_and_not_by_each_of_its_columns(bare: Place) -> None:
    bare.sql("shop", "DROP TABLE orders")
    told = re.findall(r"error (\w+): ", bare.run("check", "--live").stderr)
    assert told == ["M400"]


# --- plans ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "nonsense", "[" * 100_000, '{"ombud": 1}', '{"ombud": 2}', '{"ombud": 1, "id": 7}', "\ud800"],
)
def test_what_is_no_plan_is_refused(project: Place, text: str) -> None:
    path = project.directory / "plan.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    result = project.apply(path)
    assert result.exit_code == 1
    assert "C040" in result.stderr


@pytest.mark.parametrize("wrong", ["\\ud800", "\\u0000", "", "2026-06-01", "x" * 100_000])
def test_a_plan_with_a_name_that_none_has_is_refused(project: Place, wrong: str) -> None:
    path = project.plan()
    path.write_text(re.sub(r'"id": "[^"]*"', lambda _: f'"id": "{wrong}"', path.read_text()))
    result = project.apply(path)
    assert result.exit_code == 1
    assert "C040" in result.stderr
    assert len(result.stderr) < 1_000


def test_a_plan_for_no_source_is_refused_and_not_carried_out_in_silence(project: Place) -> None:
    path = project.plan()
    said = json.loads(path.read_text())
    path.write_text(json.dumps(said | {"sources": {}}))
    result = project.apply(path)
    assert result.exit_code == 1
    assert "it names no source" in result.stderr


@pytest.mark.parametrize("name", ["id", "day", "marks", "sources", "policy", "datamap", "forecast", "share"])
def test_a_plan_that_lacks_a_part_is_refused(project: Place, name: str) -> None:
    path = project.plan()
    path.write_text(path.read_text().replace(f'"{name}":', '"other":', 1))
    result = project.apply(path)
    assert result.exit_code == 1
    assert "C040" in result.stderr


def test_a_full_disk_is_told_when_the_plan_is_written(project: Place) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    result = project.run("plan", "--out", "/dev/full")
    assert result.exit_code == 1
    assert "No space left" in result.stderr


def test_a_full_disk_of_a_database_has_its_own_words() -> None:
    db = sqlite3.connect(":memory:")
    db.executescript("CREATE TABLE t (x); PRAGMA max_page_count = 3;")
    with pytest.raises(sqlite3.Error) as told:
        db.execute("INSERT INTO t VALUES (zeroblob(100000))")
    assert trouble(told.value) is FULL


def test_a_database_that_another_program_holds_is_told(project: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project.plan("--source", "desk")
    other = sqlite3.connect(project.directory / "desk.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        monkeypatch.setattr("ombud.adapters.database.sa.create_engine", _hurried(sa.create_engine))
        result = project.apply(path)
    finally:
        other.close()
        monkeypatch.undo()
    assert result.exit_code == 1
    assert "C033" in result.stderr
    assert project.apply(path).exit_code == 0


def _hurried(create: object) -> object:
    assert callable(create)

    def make(*arguments: object, **options: object) -> sa.Engine:
        engine = create(*arguments, **options)
        assert isinstance(engine, sa.Engine)

        @sa.event.listens_for(engine, "begin")
        def soon(connection: sa.Connection) -> None:
            raw = connection.connection.driver_connection
            if isinstance(raw, sqlite3.Connection):
                raw.execute("PRAGMA busy_timeout = 50")

        return engine

    return make


# --- hostile values ---------------------------------------------------------------------------------------------

HOSTILE = "\x1b[31mred\x1b]0;title\x07 \u202eturned\u200b\x9b"


def test_what_stands_in_a_database_cannot_steer_the_terminal(project: Place) -> None:
    with sqlite3.connect(project.directory / "shop.db") as db:
        db.execute("UPDATE customer SET name = ? WHERE id = 2", (HOSTILE,))
    result = project.run("explain", "--subject", "email=bea@x.example", "--show")
    assert result.exit_code == 0
    assert "red" in result.stdout
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u200b]", result.output)


@pytest.mark.parametrize("value", ["' OR 1=1 --", "\x00", "%", "x" * 100_000, HOSTILE, "]", "[/bold]"])
def test_no_identifier_is_more_than_a_value(project: Place, value: str) -> None:
    result = project.run("explain", "--subject", f"email={value}x")
    assert result.exit_code == 0
    assert "nothing is found" in result.stdout


@pytest.mark.parametrize(
    "row", ["shop", "shop/customer", "shop/customer/", "shop/customer/1 OR 1=1", "no/such/1", "shop/no/1", "//"]
)
def test_a_row_that_is_not_there_is_told(project: Place, row: str) -> None:
    result = project.run("explain", row)
    assert result.exit_code == 1
    assert "error C0" in result.stderr


def test_who_is_asked_about_is_never_repeated_in_an_error(project: Place) -> None:
    for text in ("emial=ada@x.example", "ada@x.example"):
        result = project.run("explain", "--subject", text)
        assert result.exit_code == 1
        assert "ada@x" not in result.output


# --- wrong use --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain"],
        ["explain", "shop/customer/1", "--subject", "email=x"],
        ["mark", "held"],
        ["mark", "forget", "--subject", "email=x"],
        ["mark"],
        ["apply"],
        ["plan", "--on", "2026-02-30"],
        ["plan", "--on", "tomorrow"],
        ["check", "--format", "xml"],
        ["nonsense"],
    ],
)
def test_wrong_use_exits_with_two(project: Place, arguments: list[str]) -> None:
    assert project.run(*arguments).exit_code == 2


# --- PostgreSQL -------------------------------------------------------------------------------------------------


def test_a_database_that_goes_down_between_batches_is_told_and_resumed(bare: Place, served: sa.Engine) -> None:
    bare.replace("ombud.yaml", "sqlite:///shop.db", address(served))
    path = bare.plan("--source", "shop")
    loaded, _ = load(bare.directory, Surroundings({}, lambda: bare.now, bytes))
    assert loaded is not None

    def go_down(_: str, table: str, *__: int) -> None:
        with served.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    stopped = applying.apply(loaded, path, allow=True, progress=go_down)
    assert [finding.code for finding in stopped.findings] == ["C037"]
    assert not stopped.complete
    resumed = bare.apply(path)
    assert resumed.exit_code == 0, resumed.output
    with served.connect() as connection:
        left = connection.exec_driver_sql("SELECT (SELECT count(*) FROM customer), (SELECT count(*) FROM orders)").one()
    assert tuple(left) == (4, 2)


def test_a_user_who_may_only_read_can_check_and_not_plan(bare: Place, reader: str) -> None:
    bare.replace("ombud.yaml", "sqlite:///shop.db", reader)
    assert bare.run("check", "--live").exit_code == 0
    result = bare.run("plan", "--source", "shop")
    assert result.exit_code == 1
    assert "C031" in result.stderr
    assert "reading" not in result.output


def test_a_database_that_does_not_answer_is_told(bare: Place) -> None:
    bare.replace("ombud.yaml", "sqlite:///shop.db", "postgresql://ann@127.0.0.1:1/shop")
    result = bare.run("plan")
    assert result.exit_code == 1
    assert "C030" in result.stderr
    assert "desk.ticket" in result.stdout, "the other source is planned"


def test_a_number_that_quotes_would_not_mend_is_told_what_to_write(bare: Place) -> None:
    bare.replace("ombud.yaml", "policy:", "share: 0.9\npolicy:")
    assert "write a whole number of percent: 20%" in bare.run("check").stderr
