"""The shop on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.engine.warehouse import Warehouse


@pytest.fixture(scope="session")
def shop_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty SQLite database; its calendar is made once and kept."""
    path = tmp_path_factory.mktemp("engine") / "crm.db"
    path.touch()
    return f"sqlite:///{path}"


@pytest.fixture
def duckdb_url(tmp_path: Path) -> str:
    """A DuckDB file of this story."""
    driver = pytest.importorskip("duckdb")
    driver.connect(str(tmp_path / "crm.duckdb")).close()
    return f"duckdb:///{tmp_path / 'crm.duckdb'}"


@pytest.fixture
def mariadb_address(mariadb_url: str) -> str:
    """Of a MariaDB database, as ombud takes it."""
    return sa.make_url(mariadb_url).set(drivername="mariadb", query={}).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def warehouse(request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    """The shop, empty."""
    yield from _opened(request.getfixturevalue("shop_file" if request.param == "sqlite" else "postgresql_url"))


@pytest.fixture
def on_postgresql(postgresql_url: str) -> Iterator[Warehouse]:
    """The shop, empty, where two may write at once."""
    yield from _opened(postgresql_url)


@pytest.fixture
def on_sqlite(shop_file: str) -> Iterator[Warehouse]:
    """The shop, empty, in a file."""
    yield from _opened(shop_file)


def _opened(url: str) -> Iterator[Warehouse]:
    made = Warehouse(url)
    yield made
    made.close()


@pytest.fixture(scope="session")
def law_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty SQLite database for generated cases."""
    path = tmp_path_factory.mktemp("laws") / "crm.db"
    path.touch()
    return f"sqlite:///{path}"
