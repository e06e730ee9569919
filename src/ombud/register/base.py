"""What every part of the store stands on: one database, one seal, one transaction at a time."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connections, transaction

from ombud.adapters.register import AnotherKey
from ombud.adapters.sealed import Seal
from ombud.register import models
from ombud.register.retention import KEPT, Kept

_Each = TypeVar("_Each")

MOST = 10_000
"""Values that one statement names: below what SQLite (32,766) and PostgreSQL (65,535) take."""


def batched(values: Sequence[_Each], most: int) -> Iterator[Sequence[_Each]]:
    """The values in runs of at most so many."""
    for start in range(0, len(values), most):
        yield values[start : start + most]


class Base:
    """A register's database by Django's alias. Usable from several threads: each has its own connection."""

    def __init__(self, alias: str, secret: bytes, random: Callable[[int], bytes], kept: Kept = KEPT) -> None:
        self.alias = alias
        self.kept = kept
        self._seal = Seal(secret, random)
        self._random = random
        self._fingerprint = hmac.new(secret, b"ombud register", hashlib.sha256).hexdigest()

    def check_key(self) -> None:
        """Raises adapters.register.AnotherKey where the register was made with another secret."""
        rows = self._all(models.Fingerprint).filter(id=1).values_list("of_key", flat=True)
        known = rows.first()
        if known is None:
            mine = [models.Fingerprint(id=1, of_key=self._fingerprint)]
            self._all(models.Fingerprint).bulk_create(mine, ignore_conflicts=True)  # another may be as quick
            known = rows.get()
        if not hmac.compare_digest(known, self._fingerprint):
            raise AnotherKey

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Methods called inside join it; on SQLite it holds the write lock from its first line."""
        self._ready()
        with transaction.atomic(using=self.alias):
            yield

    def close(self) -> None:
        """Close this thread's connection; the next call opens another."""
        connections[self.alias].close()

    def _tidy(self) -> None:
        """Have SQLite take over what its journal still holds, and empty it: what was wiped is in neither then.

        PostgreSQL does so when it vacuums (25.1); until then what was wiped is there as it was: sealed.
        """
        if connections[self.alias].vendor == "sqlite":
            self._execute("PRAGMA wal_checkpoint(TRUNCATE)", [])

    def _all(self, model: Any) -> Any:
        """Every row of a model, on a connection that works."""
        self._ready()
        return model.objects.using(self.alias)

    def _ready(self) -> None:
        """Let go of a connection that was lost since, so that a worker outlives its database's restart."""
        connection = connections[self.alias]
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()

    def _execute(self, sql: str, values: list[Any]) -> list[Any]:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall()) if cursor.description else []

    def _add(self, model: Any, rows: list[Any], **said: Any) -> list[Any]:
        """Insert them in as few statements as the database takes."""
        connection = connections[self.alias]
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            most = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
            connection.features.max_query_params = most
        made: list[Any] = self._all(model).bulk_create(rows, **said)
        return made
