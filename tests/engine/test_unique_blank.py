"""What is written over a value that must be unique is made of the row's key, and no two keys give one text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.claims.sweep import sweep
from ombud.claims.world import World
from ombud.datamap.model import Blank, DataMap, SourceMap
from ombud.engine.sweep import Sweep
from tests.claims.shop import CUSTOMER, POLICY, cell, day_in, digest, kind, table
from tests.engine.scratch import ON_BOTH, Scratch

KEYS = [("a", "b-c"), ("a-b", "c"), ("a-", "b"), ("a", "-b"), ("a~", "b"), ("a", "~b")]
TODAY = date(2026, 6, 1)
NAMES = kind("deliver books", {"ended": day_in("ended"), "booked": day_in("booked")}, cell("name"))
PERSON = replace(
    table("person", replace(NAMES, cells={"name": replace(NAMES.cells["name"], blank=Blank("erased-", per_key=True))})),
    key=("one", "two"),
)
MAP = SourceMap("crm", {"person": PERSON}, {})


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    (tmp_path / "crm.db").touch()
    return f"sqlite:///{tmp_path / 'crm.db'}"


@pytest.mark.parametrize("server", ["sqlite", "postgresql_url"])
def test_keys_with_hyphens_stay_apart(server: str, request: pytest.FixtureRequest) -> None:
    engine = connect(request.getfixturevalue(server))
    rows = [
        {
            "one": one,
            "two": two,
            "name": f"Ada {n}",
            "born": "2018-01-01",
            "ended": "2019-01-01",
            "booked": "2026-01-01",
        }
        for n, (one, two) in enumerate(KEYS)
    ]
    with engine.begin() as connection:
        if server != "sqlite":
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")
        connection.exec_driver_sql("DROP TABLE IF EXISTS person")
        connection.exec_driver_sql(
            "CREATE TABLE person (one TEXT, two TEXT, name TEXT NOT NULL UNIQUE, born DATE, ended DATE, booked DATE,"
            " PRIMARY KEY (one, two))"
        )
        connection.execute(sa.table("person", *map(sa.column, rows[0])).insert(), rows)
        schema = reflect(connection)
    with engine.connect() as connection:
        once = Sweep(connection, POLICY, MAP, schema, TODAY, digest, "p")
        once.prepare()
        once.freeze()
        once.apply()
        with connection.begin():
            found = connection.exec_driver_sql("SELECT one, two, name FROM person").all()
    engine.dispose()
    written = {(one, two): name for one, two, name in found}
    world = World({"crm": {"person": tuple(rows)}}, {"crm": schema})
    after, _ = sweep(POLICY, DataMap({"crm": MAP}), world, (), TODAY, digest)
    assert written == {(row["one"], row["two"]): row["name"] for row in after.tables["crm"]["person"]}
    assert written["a", "b-c"] == "erased-a-b~-c"
    assert len(set(written.values())) == len(KEYS)
    assert all(name.startswith("erased-") for name in written.values())


@pytest.mark.parametrize("server", ["sqlite", "postgresql_url"])
@pytest.mark.parametrize(
    ("held", "written", "unique"),
    [
        (["erased-2"], "erased-2~.", "(name)"),
        (["erased-2", "erased-2~."], "erased-2~..", "(born, name)"),
        (["erased-2", "erased-2~...", "erased-2~"], "erased-2~....", "(name)"),
        (["ERASED-2", "Erased-2~."], "erased-2~..", "(lower(name))"),
        (["erased-2x", "erased-2~."], "erased-2", "(name)"),
    ],
)
def test_who_takes_the_text_of_anothers_blank_keeps_nobody(
    server: str, held: list[str], written: str, unique: str, request: pytest.FixtureRequest
) -> None:
    """Anybody may call themselves what another will be called once erased, as the database compares it."""
    person = replace(
        table("person", replace(NAMES, cells={"name": replace(NAMES.cells["name"], blank=Blank("erased-", True))})),
        key=("id",),
    )
    source = SourceMap("crm", {"person": person}, {})
    engine = connect(request.getfixturevalue(server))
    living = [{"id": 10 + n, "name": name, "ended": None, "booked": None} for n, name in enumerate(held)]
    rows: list[dict[str, Any]] = [{"id": 2, "name": "Bo", "ended": "2019-01-01", "booked": "2026-01-01"}, *living]
    rows = [row | {"born": "2018-01-01"} for row in rows]
    with engine.begin() as connection:
        if server != "sqlite":
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")
        connection.exec_driver_sql("DROP TABLE IF EXISTS person")
        connection.exec_driver_sql(
            'CREATE TABLE person ("id" INTEGER PRIMARY KEY, "name" TEXT NOT NULL, born DATE, ended DATE, booked DATE)'
        )
        connection.exec_driver_sql(f"CREATE UNIQUE INDEX one_person ON person {unique}")
        connection.execute(sa.table("person", *map(sa.column, rows[0])).insert(), rows)
        schema = reflect(connection)
    world = World({"crm": {"person": tuple(rows)}}, {"crm": schema})
    after, _ = sweep(POLICY, DataMap({"crm": source}), world, (), TODAY, digest)
    expected = {row["id"]: row["name"] for row in after.tables["crm"]["person"]}
    assert expected == {2: written, **{row["id"]: row["name"] for row in living}}
    with engine.connect() as connection:
        once = Sweep(connection, POLICY, source, schema, TODAY, digest, "p")
        once.prepare()
        for _ in range(2):  # what is blanked so is empty, and stays as it is
            once.freeze()
            once.apply()
            with connection.begin():
                found = connection.exec_driver_sql("SELECT id, name FROM person").all()
            assert {row.id: row.name for row in found} == expected
        assert all(count.empty for count in once.freeze().values())
    engine.dispose()


def test_a_unique_column_is_known_however_it_is_declared(sqlite: str) -> None:
    engine = connect(sqlite)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            'CREATE TABLE person ("id" INTEGER NOT NULL, "code" TEXT NOT NULL UNIQUE, "a b" TEXT UNIQUE, '
            'c TEXT, d TEXT, e TEXT, PRIMARY KEY ("id"), CONSTRAINT one UNIQUE (c), UNIQUE (d, e))'
        )
        connection.exec_driver_sql("CREATE UNIQUE INDEX some ON person (e) WHERE e <> ''")
        found = reflect(connection).tables["person"].columns
    engine.dispose()
    assert {name for name, column in found.items() if column.unique} == {"code", "a b", "c"}
    assert {name for name, column in found.items() if column.in_unique} == {"d", "e"}


@pytest.mark.parametrize("server", ON_BOTH)
def test_what_the_database_generates_is_known(server: str, request: pytest.FixtureRequest) -> None:
    people = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, loud TEXT GENERATED ALWAYS AS (upper(name)) STORED)"
    )
    made = Scratch(request.getfixturevalue(server), (people,), CUSTOMER)
    with made.engine.begin() as connection:
        found = reflect(connection).tables["customer"].columns
    assert {name for name, column in found.items() if column.generated} == {"loud"}


def test_a_number_that_the_database_alone_gives_is_generated(postgresql_url: str) -> None:
    people = (
        "CREATE TABLE customer (id INTEGER GENERATED ALWAYS AS IDENTITY, no INTEGER GENERATED BY DEFAULT AS IDENTITY)"
    )
    made = Scratch(postgresql_url, (people,), CUSTOMER)
    with made.engine.begin() as connection:
        found = reflect(connection).tables["customer"].columns
    assert {name for name, column in found.items() if column.generated} == {"id"}


def test_two_are_erased_where_null_is_one_value(postgresql_url: str) -> None:
    statements = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT UNIQUE NULLS NOT DISTINCT)",
        "CREATE TABLE note (of INTEGER REFERENCES customer)",
        "INSERT INTO customer SELECT n, '2020-01-01', '2020-01-01', 'Ada ' || n FROM generate_series(1, 3) AS n",
        "INSERT INTO note SELECT id FROM customer",
    )
    left_to_the_column = replace(NAMES.cells["name"], blank=None)
    kinds = (replace(CUSTOMER.kinds[0], cells={"name": left_to_the_column}),)
    made = Scratch(postgresql_url, statements, replace(CUSTOMER, kinds=kinds))
    made.sweep()
    assert made.rows("SELECT name FROM customer ORDER BY id") == [("erased-1",), ("erased-2",), ("erased-3",)]
