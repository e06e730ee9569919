"""What of a database refused a row: a constraint or trigger by its own name, never a value, which may be personal."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping

from ombud.engine.refusal import StepRefused
from ombud.sql.duckdb import duckdb_error

_SAYS = {"SQLITE_CONSTRAINT_CHECK", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_NOTNULL"}
"""Errors whose message names a constraint, or columns, as the schema does. What a trigger raises may say more."""

_KINDS: Mapping[str, str] = {
    "SQLITE_CONSTRAINT_TRIGGER": "a trigger",
    "SQLITE_CONSTRAINT_FOREIGNKEY": "a reference",
    "SQLITE_CONSTRAINT_DATATYPE": "the type of a column",
    "SQLITE_MISMATCH": "the type of a column",
    "SQLITE_TOOBIG": "the longest value that it holds",
}

_DUCKDB: Mapping[str, str] = {
    "still referenced by a foreign key": "a FOREIGN KEY that leads to it",
    "foreign key constraint": "a reference",
    "not null constraint": "a column that is NOT NULL",
    "check constraint": "a CHECK",
    "duplicate key": "a unique column",
}
"""By what a message begins with; then it quotes the row."""

_FUNCTION = re.compile(r'PL/pgSQL function ("[^"]*"|[^\s("]+)\(')


def blamed(error: BaseException) -> str:
    """In the database's own terms: `constraint customer_check`, `column name`, `function never`, or an error code."""
    if isinstance(error, StepRefused):
        return "a trigger or rule that keeps the row"
    if isinstance(error, sqlite3.Error):
        name = str(getattr(error, "sqlite_errorname", "") or "")
        if name in _SAYS:
            return str(error).replace(" constraint failed", "", 1)
        return _KINDS.get(name, f"error {name}")
    if kind := duckdb_error(error):
        return next((what for words, what in _DUCKDB.items() if words in str(error).lower()), f"error {kind}")
    told = getattr(error, "diag", None)
    for what in ("constraint", "column"):
        if named := getattr(told, f"{what}_name", None):
            return f"{what} {named}"
    if found := _FUNCTION.search(getattr(told, "context", None) or ""):
        return f"function {found[1]}"
    return f"SQLSTATE {getattr(error, 'sqlstate', None) or 'unknown'}"
