"""How DuckDB says it. Its default collation compares by code point; it joins by hashing, and indexes get in its way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from ombud.sql.dialect import NUMBERS, Bool, Dialect, Expr, is_whole


def _clock(value: Expr) -> Bool:
    shape = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
    return sa.func.regexp_full_match(sa.cast(value, sa.Text), shape, type_=sa.Boolean())


def _seconds(value: Expr) -> Expr:
    """Every millisecond of a believed day is below 2^53; past that, and past what BIGINT holds, none is."""
    return sa.try_cast(sa.func.floor(sa.cast(value, sa.Double).op("/")(1000)), sa.BigInteger)


def _fitted(columns: Sequence[sa.Column[Any] | sa.Index]) -> Sequence[sa.Column[Any] | sa.Index]:
    """Without keys and indexes: each is checked within a transaction as if what it deleted were still there."""
    return [_plain(each) for each in columns if isinstance(each, sa.Column)]


def _plain(column: sa.Column[Any]) -> sa.Column[Any]:
    counted = sa.text(f"nextval('{NUMBERS}')") if column.autoincrement is True else None
    kind = sa.BigInteger() if isinstance(column.type, sa.Integer) else column.type
    required = column.primary_key or not column.nullable
    return sa.Column(column.name, kind, nullable=not required, server_default=counted)


def _made(table: sa.Table, dialect: sa.Dialect) -> Iterator[str]:
    yield f"CREATE TEMPORARY SEQUENCE IF NOT EXISTS {NUMBERS}"
    yield str(sa.schema.CreateTable(table).compile(dialect=dialect))


def _counts(declared: str) -> bool:
    """Whole numbers of 64 bits at most, and decimals of 28 digits before the point and 10 after it."""
    if found := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", declared):
        digits, after = int(found[1]), int(found[2])
        return digits - after <= 28 and after <= 10
    return re.fullmatch(r"U?(TINY|SMALL|BIG)?INT(EGER)?", declared) is not None


def duckdb_error(error: object) -> str:
    """The class of an error of DuckDB's client; "" if it is not one."""
    return type(error).__name__ if type(error).__module__ in ("duckdb", "_duckdb") else ""


_OF_ROWS = frozenset({"ConstraintException", "ConversionException", "OutOfRangeException", "TypeMismatchException"})
"""A constraint, or a value that does not fit. All else is of the file, the memory, another's transaction."""


DUCKDB = Dialect(
    name="duckdb",
    sidecar=None,
    native_times=True,
    locks=False,  # one process has the file, and what two of its transactions change is refused to the second
    snapshot="",
    quotes_in_paths=False,
    temporaries="SELECT table_name FROM duckdb_tables() WHERE temporary",
    defer="",
    settle="",
    leans=lambda error: False,
    refuses=lambda error: duckdb_error(error) in _OF_ROWS,
    exact=lambda value: value,
    ordered=lambda value: value,
    text=lambda value: sa.cast(value, sa.Text),
    clock=_clock,
    whole=is_whole,
    seconds=_seconds,
    number=sa.Numeric(38, 10),
    counts=_counts,
    fitted=_fitted,
    making=_made,
    typed=sa.try_cast,
    ranges=False,
    documents=False,
    numbers_rows=False,
    at_once=4,
    savepoints=False,
    lets_go=False,
    made_of=lambda value, kind: sa.func.regexp_full_match(value, f"[{kind}]*", type_=sa.Boolean()),
    title="DuckDB",
)
