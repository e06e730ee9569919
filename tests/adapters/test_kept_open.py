"""Sources that stay open: what changed meanwhile is seen, and what was lost is opened again."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from ombud.adapters.database import Unreachable
from ombud.app.kept_open import KeptOpen
from ombud.datamap.model import IsCompany, SourceMap, Table

MAPPED = SourceMap("crm", {"customer": Table("customer", ("id",), IsCompany("shop"), ())}, {})


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield made(tmp_path / "crm.db")
        return
    given: str = request.getfixturevalue("postgresql_url")
    engine = sa.create_engine(given)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT)")
    yield given.replace("+psycopg", "")
    engine.dispose()


def made(path: Path) -> str:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT)")
    return f"sqlite:///{path}"


def columns(kept: KeptOpen, url: str) -> set[str]:
    engine = kept.engine(url)
    assert engine is not None
    with engine.connect() as connection:
        return set(kept.schema(connection, MAPPED).tables["customer"].columns)


def change(url: str, statement: str) -> None:
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_schema_is_read_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = KeptOpen()
    columns(kept, url)
    monkeypatch.setattr("ombud.app.kept_open.reflect", lambda connection: pytest.fail("it was read again"))
    assert columns(kept, url) == {"id", "email"}


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE customer ADD phone TEXT",
        "ALTER TABLE customer RENAME email TO phone",
        "DROP TABLE customer; CREATE TABLE customer (id INTEGER PRIMARY KEY, phone TEXT)",
    ],
)
def test_a_schema_that_changed_is_read_again(url: str, statement: str) -> None:
    kept = KeptOpen()
    columns(kept, url)
    for each in statement.split(";"):
        change(url, each)
    assert "phone" in columns(kept, url)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE customer ALTER email TYPE varchar(10)",
        "ALTER TABLE customer ALTER email SET NOT NULL",
        "ALTER TABLE customer ADD UNIQUE (email)",
        "ALTER TABLE customer DROP CONSTRAINT customer_pkey",
        "CREATE TABLE orders (customer_id INTEGER REFERENCES customer (id))",
    ],
)
def test_each_change_on_postgresql_is_another_stamp(postgresql_url: str, statement: str) -> None:
    url, kept = postgresql_url.replace("+psycopg", ""), KeptOpen()
    change(url, "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT)")
    engine = kept.engine(url)
    assert engine is not None
    with engine.connect() as connection:
        before = kept.schema(connection, MAPPED)
        change(url, statement)
        assert kept.schema(connection, MAPPED) != before


def test_a_file_in_anothers_place_is_opened(tmp_path: Path) -> None:
    kept, path = KeptOpen(), tmp_path / "crm.db"
    url = made(path)
    columns(kept, url)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, phone TEXT)")
    other.replace(path)
    assert columns(kept, url) == {"id", "phone"}


def test_a_file_that_is_gone_is_not_read_on(tmp_path: Path) -> None:
    kept, path = KeptOpen(), tmp_path / "crm.db"
    url = made(path)
    columns(kept, url)
    path.unlink()
    with pytest.raises(Unreachable):
        columns(kept, url)


def test_a_connection_that_was_lost_is_made_again(postgresql_url: str) -> None:
    url, kept = postgresql_url.replace("+psycopg", ""), KeptOpen()
    change(url, "CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT)")
    columns(kept, url)
    change(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    assert columns(kept, url) == {"id", "email"}


def test_a_duckdb_file_is_left_to_others() -> None:
    assert KeptOpen().engine("duckdb:///crm.db") is None


def test_all_is_closed_with_it(tmp_path: Path) -> None:
    kept = KeptOpen()
    url = made(tmp_path / "crm.db")
    columns(kept, url)
    engine = kept.engine(url)
    assert engine is not None
    pool = engine.pool
    assert pool.checkedin() == 1  # type: ignore[attr-defined]
    del kept
    gc.collect()
    assert engine.pool is not pool
