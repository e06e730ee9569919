"""On PostgreSQL, a mapped name is the table that the user's search path finds, and nothing of ombud's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect

OPTIONS = "options=-csearch_path%3Dapp%20-ctimezone%3DAsia/Tokyo%20-cdefault_transaction_read_only%3Doff"


@pytest.fixture
def app(postgresql_url: str) -> Iterator[str]:
    """A database in which `app.customer` has other columns than `public.customer`."""
    engine = connect(postgresql_url)
    with engine.begin() as connection:
        for statement in (
            "DROP SCHEMA IF EXISTS ombud CASCADE",
            "DROP SCHEMA public CASCADE",
            "CREATE SCHEMA public",
            "CREATE SCHEMA app",
            "CREATE TABLE public.customer (id INTEGER PRIMARY KEY)",
            "CREATE TABLE app.customer (id INTEGER PRIMARY KEY, nick TEXT)",
        ):
            connection.exec_driver_sql(statement)
    yield postgresql_url
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA app CASCADE")
    engine.dispose()


@contextmanager
def _open(url: str, *, read_only: bool = False) -> Iterator[sa.Connection]:
    engine = connect(url, read_only=read_only)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _columns(url: str) -> set[str]:
    with _open(url) as connection:
        return set(reflect(connection).tables["customer"].columns)


def test_a_search_path_in_the_address_says_which_schema_is_looked_at(app: str) -> None:
    assert _columns(app) == {"id"}
    assert _columns(f"{app}?{OPTIONS}") == {"id", "nick"}


def test_a_search_path_in_the_environment_says_which_schema_is_looked_at(
    app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c search_path=app")
    assert _columns(app) == {"id", "nick"}


@pytest.mark.parametrize("read_only", [True, False])
def test_what_statements_rely_on_wins_over_the_address(app: str, read_only: bool) -> None:
    with _open(f"{app}?{OPTIONS}", read_only=read_only) as connection:
        said = [connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in ("timezone", "row_security")]
        assert said == ["UTC", "off"]
        if read_only:
            with pytest.raises(sa.exc.InternalError, match="read-only"):
                connection.exec_driver_sql("DROP TABLE customer")
