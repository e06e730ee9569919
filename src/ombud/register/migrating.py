"""Brings the register's tables up to date: the register's alone, in the register's database alone."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from ombud.register import migrations
from ombud.register.trouble import NewerRegister

LABEL = "ombud_register"

LOCK = 0x6F6D627564
"""The number of the advisory lock in PostgreSQL that one migration holds: `ombud` in ASCII."""


def migrate(alias: str, state_dir: Path) -> None:
    """Do what is not yet done. A second process waits for the first, and finds it done. Raises NewerRegister."""
    known = frozenset(each.name for each in iter_modules(migrations.__path__))
    connection = connections[alias]
    if _done(connection) == known:
        return
    with _alone(connection, state_dir):
        done = _done(connection)
        if done - known:
            raise NewerRegister
        if done != known:
            executor = MigrationExecutor(connection)
            executor.migrate([key for key in executor.loader.graph.leaf_nodes() if key[0] == LABEL])


def _done(connection: Any) -> frozenset[str]:
    """The migrations that were run. One look, because every command that opens a register looks."""
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return frozenset()
        cursor.execute("SELECT name FROM django_migrations WHERE app = %s", [LABEL])
        return frozenset(name for (name,) in cursor.fetchall())


@contextmanager
def _alone(connection: Any, state_dir: Path) -> Iterator[None]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        return
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (state_dir / "requests.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
