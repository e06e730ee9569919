"""A real database, opened with what correctness needs."""

from __future__ import annotations

import os
from inspect import signature
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ombud.adapters.duckdb_dialect import DRIVER
from ombud.sql.engines import DIALECTS
from ombud.sql.mariadb import BY_CODE_POINT
from ombud.sql.odd_text import READ_TEXT


class Unreachable(Exception):
    """The database cannot be opened. The message names it without password; the hint says what to look at."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


STATEMENTS = 4000
"""Prepared statements that a connection keeps, of SQLite and PostgreSQL: parsing and planning ours costs more than
running them on little.
"""


def connect(url: str, *, read_only: bool = False, pings: bool = True) -> sa.Engine:
    """An engine for `sqlite:///file.db` or `duckdb:///file.db`, which must exist: none is made by mistake;
    `postgresql://…`; or `mariadb://…`.

    SQLite: foreign keys enforced, `secure_delete`, one writer from the transaction's start; the file keeps its journal.
    PostgreSQL: UTC and ISO dates, so that text of instants compares; the user's `options` hold, such as `search_path`.
    MariaDB: UTC, strict, one collation that compares by code point, and no answer kept for another row's text.
    DuckDB: UTC, and nothing but the file: no extension is fetched, no other file read.
    `pings`: a server is asked whether a connection that was open before still is, each time that it is used again.
    """
    parsed = sa.make_url(url)
    name = parsed.get_backend_name()
    if name not in DIALECTS:
        meant = {"postgres": "postgresql", "mysql": "mariadb"}.get(name)
        hint = f"did you mean {meant}://?" if meant else "see the engines in docs/reference/cli.md"
        raise Unreachable(f"{name} is not an engine ombud runs on; it runs on {', '.join(sorted(DIALECTS))}", hint)
    if name == "sqlite":
        return _sqlite(parsed, read_only=read_only)
    if name == "mariadb":
        return _mariadb(parsed, read_only=read_only, pings=pings)
    if name == "duckdb":
        return _duckdb(parsed, read_only=read_only)
    return _postgresql(parsed, read_only=read_only, pings=pings)


_OPTIONS = (
    "-c timezone=UTC -c datestyle=ISO -c standard_conforming_strings=on -c jit=off -c row_security=off"
    " -c random_page_cost=1.1"
)
"""What ombud's statements rely on, whatever the user's own options, or the role's, say: the last one wins.

Of working tables the server has no statistics, and takes a batch's keys for so many that it would rather read the
application's table whole than its index, at the price of a random page that it goes by unless told.
"""

_PATH = """
SELECT set_config('search_path', coalesce(string_agg(quote_ident(schema), ', ' ORDER BY place), ''), false)
FROM unnest(current_schemas(false)) WITH ORDINALITY AS path (schema, place) WHERE schema <> 'ombud'
"""
"""The search path as it resolves now, without ombud's own schema: that is `"$user"` for a user called ombud."""


def _postgresql(url: sa.URL, *, read_only: bool, pings: bool) -> sa.Engine:
    # As libpq has it: those of the address, or else of the environment.
    own = url.query.get("options", os.environ.get("PGOPTIONS", ""))
    options = [*([own] if isinstance(own, str) else own), _OPTIONS]
    if read_only:
        options.append("-c default_transaction_read_only=on")
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",
        connect_args={"options": " ".join(options), "connect_timeout": 10},
        pool_pre_ping=pings,
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.prepared_max = STATEMENTS
        if read_only:
            connection.prepare_threshold = None  # the driver would let go of what is prepared here along with its own
        try:
            connection.execute(_PATH)
            connection.commit()
        except engine.dialect.loaded_dbapi.Error as error:
            raise sa.exc.DBAPIError("SELECT set_config", None, error) from error

    return engine


def _there(url: sa.URL) -> bool:
    """Whether a database that is a file is one; raises Unreachable if it is not there."""
    path = url.database or ""
    if path in ("", ":memory:"):
        return False
    if not Path(path).is_file():
        hint = "correct `url` in ombud.yaml: a path counts from its folder; ombud makes no database"
        raise Unreachable(f"there is no database file {Path(path).name}", hint)
    return True


def _sqlite(url: sa.URL, *, read_only: bool) -> sa.Engine:
    _there(url)
    engine = sa.create_engine(url, connect_args={"cached_statements": STATEMENTS})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.text_factory = READ_TEXT
        for pragma in ("foreign_keys = ON", "secure_delete = ON", "busy_timeout = 10000"):
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute("PRAGMA query_only = ON")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


SQL_MODE = (
    "STRICT_ALL_TABLES", "ERROR_FOR_DIVISION_BY_ZERO", "NO_ENGINE_SUBSTITUTION", "SIMULTANEOUS_ASSIGNMENT",
)  # fmt: skip
"""A value that does not fit is an error, and each assignment of an UPDATE reads the row as it was, as SQL says."""


_OF_TLS = frozenset({"ssl_capath", "ssl_cipher", "ssl_check_hostname"})
"""What SQLAlchemy makes of an address for MariaDB's driver, beside what that takes itself."""


def _mariadb(url: sa.URL, *, read_only: bool, pings: bool) -> sa.Engine:
    url = url.set(drivername="mariadb+pymysql").update_query_dict({"charset": "utf8mb4"})
    try:
        engine = sa.create_engine(
            url, isolation_level="READ COMMITTED", connect_args={"connect_timeout": 10}, pool_pre_ping=pings
        )
    except ModuleNotFoundError:
        raise Unreachable("the driver for MariaDB is not installed", "pip install 'ombud[mariadb]'") from None
    takes = signature(engine.dialect.loaded_dbapi.connections.Connection).parameters
    if unknown := sorted(set(url.query) - takes.keys() - _OF_TLS):
        hint = "for TLS say ssl_ca, ssl_cert, ssl_key, ssl_verify_identity"
        raise Unreachable(f"the address says {', '.join(unknown)}, which the driver for MariaDB does not know", hint)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET NAMES utf8mb4 COLLATE {BY_CODE_POINT}")
            cursor.execute(
                f"SET time_zone = '+00:00', sql_mode = '{','.join(SQL_MODE)}', innodb_lock_wait_timeout = 10"
            )
            # It takes a row's text for another's that its column's collation calls equal, whatever the query compares.
            cursor.execute("SET optimizer_switch = 'subquery_cache=off'")
            if read_only:
                cursor.execute("SET SESSION TRANSACTION READ ONLY")

    return engine


def _duckdb(url: sa.URL, *, read_only: bool) -> sa.Engine:
    on_disk = _there(url)
    # A connection that is kept would keep the file from every other process.
    pool: type[sa.Pool] = sa.NullPool if on_disk else sa.StaticPool
    arguments = {"read_only": read_only} if on_disk else {}
    try:
        engine = sa.create_engine(url.set(drivername=DRIVER), poolclass=pool, connect_args=arguments)
    except ModuleNotFoundError:
        raise Unreachable("the driver for DuckDB is not installed", "pip install 'ombud[duckdb]'") from None

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        for setting in ("TimeZone = 'UTC'", "default_collation = ''"):
            connection.client.execute(f"SET {setting}")

    return engine
