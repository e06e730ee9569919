"""The engines on which ombud runs, by the name that an address starts with."""

from __future__ import annotations

from ombud.sql.dialect import POSTGRESQL, SQLITE
from ombud.sql.duckdb import DUCKDB
from ombud.sql.mariadb import MARIADB

DIALECTS = {dialect.name: dialect for dialect in (SQLITE, POSTGRESQL, MARIADB, DUCKDB)}
