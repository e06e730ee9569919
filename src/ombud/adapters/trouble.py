"""What a database refuses, in words: by its own error codes, not by its message, which may hold personal data."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from ombud.adapters.database import Unreachable
from ombud.adapters.denied import denied
from ombud.engine.refusal import StepRefused
from ombud.sql.duckdb import duckdb_error
from ombud.sql.mariadb import mariadb_number


@dataclass(frozen=True, slots=True)
class Trouble:
    """A finding's code, what is wrong, and what to do."""

    code: str
    message: str
    hint: str


DOWN = Trouble("C030", "the database does not answer", "see that it runs and that `url` in ombud.yaml is right")
NO_DATABASE = Trouble(
    "C030",
    "the server answers, and has no database of this name",
    "correct the name in `url` in ombud.yaml, or make it",
)
READ_ONLY = Trouble("C031", "the user may read here, and not write", "grant it what docs/reference/cli.md lists")
LACKS = Trouble("C031", "the user lacks a right", "grant it: docs/reference/cli.md lists all that is needed")
FULL = Trouble("C032", "the disk is full; what was begun was undone", "make room, and run the same command again")
BUSY = Trouble("C033", "another program holds the database", "wait until it is done, and run the same command again")
BROKEN = Trouble("C034", "the file is not a database, or it is damaged", "look at `url` in ombud.yaml")
REFUSED = Trouble(
    "C035",
    "a constraint of the database refused a change; what was begun was undone",
    "run `ombud check --live`, and map what it names",
)
NO_SUCH = Trouble("C036", "a table, column or schema is not there, or is not to be seen", "run `ombud check --live`")
LOST = Trouble("C037", "the connection was lost; what was begun was undone", "run the same command again")
DENIED = Trouble("C038", "the user or the password is not accepted", "see the environment variable that `url` names")
REST = "a new plan does the rest, and sets aside what is refused"
OTHER = Trouble("C039", "the database refused", "run `ombud check --live`; its own log says more")

_SQLITE: Mapping[str, Trouble] = {
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_PERM": READ_ONLY,
    "SQLITE_FULL": FULL,
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_NOTADB": BROKEN,
    "SQLITE_CORRUPT": BROKEN,
    "SQLITE_CANTOPEN": DOWN,
    "SQLITE_CONSTRAINT": REFUSED,
    "SQLITE_IOERR": LOST,
}
"""By the primary result code (the SQLite manual, "Result and Error Codes")."""

_SQLSTATE: Mapping[str, Trouble] = {
    "28": DENIED,
    "3D": NO_DATABASE,
    "42501": LACKS,
    "42": NO_SUCH,
    "25006": READ_ONLY,
    "53100": FULL,
    "53": BUSY,
    "55": BUSY,
    "40": BUSY,
    "57": LOST,
    "08": LOST,
    "23": REFUSED,
    "XX": BROKEN,
}
"""By SQLSTATE, or its class (the PostgreSQL manual, appendix A)."""


_MARIADB: Mapping[int, Trouble] = {
    **dict.fromkeys((1044, 1045, 1698), DENIED),
    1049: NO_DATABASE,
    **dict.fromkeys((1054, 1146), NO_SUCH),
    **dict.fromkeys((1142, 1143), LACKS),
    **dict.fromkeys((1290, 1792, 1836), READ_ONLY),
    **dict.fromkeys((3, 1021, 1114), FULL),
    **dict.fromkeys((1020, 1040, 1203, 1205, 1206, 1213, 1969), BUSY),
    **dict.fromkeys((1317, 1927, 2006, 2013, 2014, 2055), LOST),
    **dict.fromkeys((2002, 2003), DOWN),
    **dict.fromkeys((1048, 1062, 1406, 1451, 1452, 4025), REFUSED),
}
"""By number (the MariaDB manual, "MariaDB Error Codes"; from 2000 on, its client's)."""


_DUCKDB: Mapping[str, Trouble] = {
    "ConstraintException": REFUSED,
    "CatalogException": NO_SUCH,
    "BinderException": NO_SUCH,
    "TransactionException": BUSY,
    "OutOfMemoryException": Trouble("C032", "DuckDB has no memory left; what was begun was undone", "give it more"),
    "InterruptException": LOST,
    "PermissionException": READ_ONLY,
}
"""By the class of the error."""

_CLOSE = "close it there, and run the same command again"
_DUCKDB_SAYS: Mapping[str, Trouble] = {
    "could not set lock on file": Trouble("C033", "another process has the file open: DuckDB lets one write", _CLOSE),
    "different configuration": Trouble("C033", "this process has the file open for another use already", _CLOSE),
    "not a valid duckdb": BROKEN,
    "newer version": Trouble("C034", "a newer DuckDB wrote this file", "install the newest `duckdb`"),
    "read-only mode": READ_ONLY,
    "permission denied": Trouble("C031", "the file may not be read or written", "see its owner and mode"),
    "no space left": FULL,
}
"""By what it says of the file, where its class says only that there is something about it."""


def _of_duckdb(kind: str, said: str) -> Trouble:
    said = said.lower()
    of_file = kind in ("IOException", "InvalidInputException", "ConnectionException", "SerializationException")
    found = next((known for words, known in _DUCKDB_SAYS.items() if of_file and words in said), None)
    return found or _DUCKDB.get(kind, OTHER)


def trouble(error: BaseException) -> Trouble:
    """What an exception of a database, or of its driver, means."""
    known = _known(error)
    if known is LACKS and isinstance(error, sa.exc.DBAPIError):
        said = denied(error.orig, error.statement or "")
        return Trouble(known.code, said.message, said.hint)
    return known


def _known(error: BaseException) -> Trouble:
    if isinstance(error, Unreachable):
        return Trouble(DOWN.code, str(error), error.hint or DOWN.hint)
    if isinstance(error, sa.exc.ArgumentError | sa.exc.NoSuchModuleError):
        return Trouble(
            DOWN.code,
            "the address cannot be read",
            "write sqlite:///file.db, duckdb:///file.db, postgresql://user@host/name or mariadb://user@host/name",
        )
    if isinstance(error, StepRefused) and error.__cause__ is None:
        message = f"{error}: the database kept a row that it was told to delete; the batch was undone"
        return Trouble(REFUSED.code, message, f"see the table's triggers and rules; {REST}")
    if isinstance(error, StepRefused) and error.__cause__ is not None:
        known = trouble(error.__cause__)
        message = f"{error}: {known.message.partition(';')[0]}; nothing was changed"
        return Trouble(known.code, message, f"{known.hint}; {REST}")
    own = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    if isinstance(own, sqlite3.Error):
        name = getattr(own, "sqlite_errorname", "") or ""
        return next((known for start, known in _SQLITE.items() if name.startswith(start)), _by_words(own))
    state = getattr(own, "sqlstate", None)
    if state:
        return _SQLSTATE.get(state) or _SQLSTATE.get(state[:2]) or OTHER
    if (number := mariadb_number(own)) is not None:
        return _MARIADB.get(number, OTHER)
    if kind := duckdb_error(own):
        return _of_duckdb(kind, str(own))
    if isinstance(error, sa.exc.DBAPIError):
        said = str(own).lower()
        if re.search(r'fatal:\s+database ".*" does not exist', said):  # refused while connecting, without an SQLSTATE
            return NO_DATABASE
        return LOST if error.connection_invalidated else DENIED if "password" in said else DOWN
    return OTHER


def _by_words(own: sqlite3.Error) -> Trouble:
    """SQLite gives no code of its own for a missing table or column."""
    return NO_SUCH if str(own).startswith("no such") else OTHER
