"""A hold that names a row reaches it, however the database writes the row's key as text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.adapters.register import kept_part
from ombud.datamap.model import IsSubject, SourceMap
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep
from ombud.terms import Act, KeyRef, Mark
from tests.claims.shop import CUSTOMERS, POLICY, cell, day_in, digest, kind, table

LITERALS = {
    "CHAR(5)": "'ab'",
    "TIMESTAMPTZ": "'2020-01-01 10:00:00.5+02'",
    "TIMESTAMP": "'2020-01-01 10:00:00.25'",
    "BYTEA": r"'\x6162'",
    "NUMERIC(10,2)": "17",
    "DOUBLE PRECISION": "1e20",
    "UUID": "'6f9619ff-8b86-d011-b42d-00c04fc964ff'",
    "BOOLEAN": "true",
    "DATE": "'2020-01-01'",
    "VARCHAR(9)": "'åb'",
}
ON_SQLITE = {"NUMERIC": "17", "DECIMAL(10,2)": "17.5", "REAL": "1e20", "BLOB": "x'6162'", "TEXT": "'17'", "DATE": "'x'"}
ON_DUCKDB = {
    **{key: literal for key, literal in LITERALS.items() if key not in ("BYTEA", "CHAR(5)")},
    "HUGEINT": "170141183460469231731687303715884105727",
    "TIMESTAMP_S": "'2020-01-01 10:00:00'",
    "TIMESTAMP_MS": "'2020-01-01 10:00:00.25'",
    "ENUM('ab', 'åb')": "'åb'",
    "TIME": "'10:00:00'",
}
PEOPLE = table("customer", kind("deliver", {"ended": day_in("ended")}, cell("name")), owners=(IsSubject("customer"),))


def _is_kept(url: str, key: str, literal: str, as_text: bool = False, named: object = None) -> bool:
    engine = connect(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Another test's marks would pass for this one's.
            connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")
            connection.exec_driver_sql("DROP TABLE IF EXISTS customer CASCADE")
        connection.exec_driver_sql(
            f"CREATE TABLE customer (id {key} PRIMARY KEY, born DATE, ended DATE, name TEXT, email TEXT)"
        )
        row = f"({literal}, '2018-01-01', '2018-02-02', 'Åsa', NULL)"
        connection.exec_driver_sql(f"INSERT INTO customer VALUES {row}")
    with engine.begin() as connection:
        schema = reflect(connection)
        own, birth = connection.exec_driver_sql("SELECT id, CAST(born AS TEXT) FROM customer").one()
    source = SourceMap("crm", {"customer": PEOPLE}, {"customer": CUSTOMERS})
    with engine.connect() as connection:
        sweep = Sweep(connection, POLICY, source, schema, date(2026, 6, 1), digest, "p")
        sweep.prepare()
        ref = KeyRef("crm", "customer", (named or (kept_part(own) if as_text else own),), birth if PEOPLE.born else "")
        with connection.begin():
            acknowledge(connection, sweep.names, [Mark(1, date(2026, 1, 1), Act.HELD, frozenset({ref}))])
        sweep.freeze()
        sweep.apply()
        with connection.begin():
            there = connection.execute(sa.text("SELECT count(*) FROM customer")).scalar_one()
            connection.exec_driver_sql("DROP TABLE customer")
    engine.dispose()
    return bool(there)


@pytest.mark.parametrize("key", ON_SQLITE)
def test_a_row_held_by_its_key_stays_on_sqlite(tmp_path: Path, key: str) -> None:
    (tmp_path / "crm.db").touch()
    assert _is_kept(f"sqlite:///{tmp_path / 'crm.db'}", key, ON_SQLITE[key])


@pytest.mark.parametrize("key", LITERALS)
def test_a_row_held_by_its_key_stays_on_postgresql(postgresql_url: str, key: str) -> None:
    assert _is_kept(postgresql_url, key, LITERALS[key])


@pytest.mark.parametrize("key", LITERALS)
def test_a_key_that_the_register_keeps_as_text_is_that_key(postgresql_url: str, key: str) -> None:
    assert _is_kept(postgresql_url, key, LITERALS[key], as_text=True)


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize("key", ON_DUCKDB)
def test_a_row_held_by_its_key_stays_on_duckdb(duckdb_url: str, key: str, as_text: bool) -> None:
    assert _is_kept(duckdb_url, key, ON_DUCKDB[key], as_text=as_text)


def test_a_key_of_another_type_than_the_key_has_now_stops_nothing_on_duckdb(duckdb_url: str) -> None:
    assert not _is_kept(duckdb_url, "UUID", LITERALS["UUID"], named="17")


@pytest.mark.parametrize("key", [*ON_SQLITE, "UUID"])
@pytest.mark.parametrize("literal", ["", "x'6162'"])
def test_a_key_that_the_register_keeps_as_text_is_that_key_on_sqlite(tmp_path: Path, key: str, literal: str) -> None:
    """Its columns hold bytes whatever they are called."""
    (tmp_path / "crm.db").touch()
    assert _is_kept(f"sqlite:///{tmp_path / 'crm.db'}", key, literal or ON_SQLITE.get(key, "'x'"), as_text=True)


def test_a_key_of_another_type_than_the_key_has_now_stops_nothing(postgresql_url: str) -> None:
    assert not _is_kept(postgresql_url, "UUID", LITERALS["UUID"], named="17")
