"""The schema of a live database, read in its engine's own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from ombud.adapters.reflect_duckdb import duckdb
from ombud.adapters.reflect_mariadb import mariadb
from ombud.adapters.reflect_postgresql import postgresql
from ombud.adapters.reflect_sqlite import sqlite
from ombud.datamap.schema import Schema

_READERS: Mapping[str, Callable[[sa.Connection], Schema]] = {
    "sqlite": sqlite,
    "postgresql": postgresql,
    "mariadb": mariadb,
    "duckdb": duckdb,
}


def reflect(connection: sa.Connection) -> Schema:
    """Every table that a statement finds by its bare name except ombud's own, with keys, references and triggers."""
    return _READERS[connection.dialect.name](connection)
