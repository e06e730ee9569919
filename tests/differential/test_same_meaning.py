"""The compiled plan leaves exactly what the oracle says, on generated worlds. `make differential` asks for more."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from ombud.engine.program import Program
from ombud.plan.sheet import Circle
from tests.differential.crowds import CROWD
from tests.differential.harness import Bench
from tests.differential.siblings import family

FAMILIES = int(os.environ.get("OMBUD_FAMILIES", "4"))
WORLDS = 5


@pytest.fixture
def sqlite() -> Iterator[Bench]:
    bench = Bench({"crm": "sqlite://", "web": "sqlite://"})
    yield bench
    bench.close()


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Bench]:
    with of_two(sa.make_url(postgresql_url), "WITH (FORCE)") as bench:
        yield bench


@pytest.fixture
def mariadb(mariadb_url: str) -> Iterator[Bench]:
    with of_two(sa.make_url(mariadb_url).set(drivername="mariadb+pymysql"), "") as bench:
        yield bench


@pytest.fixture
def duckdb() -> Iterator[Bench]:
    pytest.importorskip("duckdb")
    bench = Bench({"crm": "duckdb://", "web": "duckdb://"})
    yield bench
    bench.close()


@contextmanager
def of_two(base: sa.URL, how: str) -> Iterator[Bench]:
    """Two databases of their own, dropped afterwards."""
    names = [f"ombud_same_{os.getpid()}_{n}" for n in (1, 2)]
    admin = sa.create_engine(base, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in names:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        urls = [base.set(database=name).render_as_string(hide_password=False) for name in names]
        bench = Bench(dict(zip(("crm", "web"), urls, strict=True)))
        try:
            yield bench
        finally:
            bench.close()
            for name in names:
                connection.exec_driver_sql(f"DROP DATABASE {name} {how}")
    admin.dispose()


def _all_agree(bench: Bench, engine: str, first: int, families: int, batch_size: int = 1000) -> None:
    for number in range(first, first + families):
        program = Program()
        for n, case in enumerate(family(number, WORLDS, engine)):
            try:
                found = bench.run(case, batch_size, program)
            except Circle:
                break
            assert found is None, f"family {number}, world {n}: {found}"


@pytest.mark.parametrize("part", range(4))
def test_sqlite_leaves_what_the_oracle_says(sqlite: Bench, part: int) -> None:
    _all_agree(sqlite, "sqlite", part * FAMILIES, FAMILIES)


def test_sqlite_in_batches_of_one_row_leaves_the_same(sqlite: Bench) -> None:
    _all_agree(sqlite, "sqlite", 1000, FAMILIES // 2, batch_size=1)


@pytest.mark.parametrize("part", range(2))
def test_postgresql_leaves_what_the_oracle_says(postgresql: Bench, part: int) -> None:
    _all_agree(postgresql, "postgresql", 2000 + part * FAMILIES, FAMILIES // 2)


def test_mariadb_leaves_what_the_oracle_says(mariadb: Bench) -> None:
    _all_agree(mariadb, "mariadb", 4000, FAMILIES)


@pytest.mark.parametrize("kill_after", [6, 10, 14])
def test_who_was_killed_while_mariadb_made_working_tables_makes_the_rest(mariadb: Bench, kill_after: int) -> None:
    (case,) = family(4100, 1, "mariadb")
    assert mariadb.run(case, kill_after=kill_after) is None


@pytest.mark.parametrize(("number", "size", "kill_after"), [(5000, 1000, None), (5001, 9, None), (5002, 1000, 300)])
def test_duckdb_leaves_what_the_oracle_says(duckdb: Bench, number: int, size: int, kill_after: int | None) -> None:
    """A crowd at once: DuckDB plans a statement anew each time, and that takes longer than to run it on little."""
    found = duckdb.run_crowd(list(family(number, CROWD, "duckdb")), size, kill_after=kill_after, twice=not kill_after)
    assert found is None, f"family {number}: {found}"


def test_worlds_that_share_databases_leave_what_each_would_alone(sqlite: Bench) -> None:
    for number in (3000, 3001):
        crowd = list(family(number, CROWD))
        found = sqlite.run_crowd(crowd)
        assert found is None, f"family {number}: {found}"
