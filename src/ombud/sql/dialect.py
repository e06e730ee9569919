"""The few things engines say differently, in one table of functions: SQLite and PostgreSQL here, others beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ombud.datamap.model import Encoding, TimeColumn

Expr = sa.ColumnElement[Any]
Bool = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine's way of saying what every engine can say.

    `sidecar` is where ombud's own tables live: a schema, or None for a prefix. `locks`: many write at once, so rows are
    locked, and `snapshot` asks for a text that is another once somebody has committed. `quotes_in_paths`: a JSON path
    can name a key that has a quotation mark. `temporaries` lists the connection's temporary tables; `defer` puts off
    the checking of references to the commit, `settle` ends that, and `leans` tells that an error is such a check.
    `refuses` tells that an error may be of single rows: of their data, a constraint, or a trigger.
    `exact` and `ordered` compare text by code point, `text` casts to text, `clock` says whether text has the shape of a
    timestamp, `whole` whether a value is a whole number; `seconds` rounds milliseconds down; `bare` takes dots off the
    end of a text, `length` counts its characters. `once`: how a query that is read several times is told to be worked
    out once. `word` is the type of ombud's own texts. `is_text` tells what a row holds where a column may hold other
    than it is declared for; None where it cannot. `typed` makes a value of a type out of a text, where no text compares
    with it. `counts`: whether `number` holds every number of a column so declared. `at_once`: how many judgements of a
    row one query holds, where the time to plan it grows with their square (0: all). `savepoints`: a part of a
    transaction can be undone. `lets_go`: a row that was deleted, or unlinked, holds no more what it referred to.
    `one_side`: a comparison is exact where one side of it is. `in_query`: IN takes a query, of keys of
    several columns too. `as_number` reads a text as the whole number that it is written as, where an index then finds
    it; NULL, or what equals none, for any other. `made_of`: each character of a text is of a class, as regular
    expressions write it; None where nothing tells. `indexes` lists those there are by name, where one can be on what is
    made of a column; what is in it is written out, for only so does it serve.
    """

    name: str
    sidecar: str | None
    native_times: bool
    locks: bool
    snapshot: str
    quotes_in_paths: bool
    temporaries: str
    defer: str
    settle: str
    leans: Callable[[object], bool]
    refuses: Callable[[object], bool]
    exact: Callable[[Expr], Expr]
    ordered: Callable[[Expr], Expr]
    text: Callable[[Expr], Expr]
    clock: Callable[[Expr], Bool]
    whole: Callable[[Expr], Bool]
    seconds: Callable[[Expr], Expr]
    bare: Callable[[Expr], Expr] = lambda value: sa.func.rtrim(value, ".", type_=sa.Text())
    length: Callable[[Expr], Expr] = sa.func.length
    once: str = "MATERIALIZED"
    number: sa.types.TypeEngine[Any] = field(default_factory=sa.Numeric)
    counts: Callable[[str], bool] = lambda declared: True
    fitted: Callable[[Sequence[sa.Column[Any] | sa.Index]], Sequence[sa.Column[Any] | sa.Index]] = lambda columns: (
        columns
    )
    making: Callable[[sa.Table, sa.Dialect], Iterator[str]] = lambda table, dialect: _made(table, dialect)
    options: Mapping[str, Any] = field(default_factory=dict)
    roomy: Mapping[str, Any] = field(default_factory=dict)
    is_text: Callable[[Expr], Bool] | None = None
    typed: Callable[..., Expr] | None = None
    temporary: str = ""
    ranges: bool = True
    documents: bool = True
    numbers_rows: bool = True
    at_once: int = 0
    savepoints: bool = True
    lets_go: bool = True
    in_query: bool = True
    one_side: bool = True
    changes_joined: bool = False
    as_number: Callable[[Expr], Expr] | None = None
    made_of: Callable[[Expr, str], Bool] | None = None
    indexes: str = ""
    title: str = ""


SHORT = "at most so many characters"
"""Of a column's `info`: an index holds the whole text."""


def _made(table: sa.Table, dialect: sa.Dialect) -> Iterator[str]:
    yield str(sa.schema.CreateTable(table).compile(dialect=dialect))
    for index in table.indexes:
        yield str(sa.schema.CreateIndex(index).compile(dialect=dialect))


def _is_text(value: Expr) -> Bool:
    return sa.func.typeof(value) == "text"


def _sqlite_clock(value: Expr) -> Bool:
    return sa.and_(
        _is_text(value),
        sa.func.substr(value, 11, 9).op("GLOB")("[ T][0-2][0-9]:[0-5][0-9]:[0-5][0-9]"),
        sa.func.substr(value, 12, 2) <= "23",
        sa.or_(
            sa.func.length(value) == 19,
            sa.and_(
                sa.func.length(value) > 20,
                sa.func.substr(value, 20, 1) == ".",
                sa.not_(sa.func.substr(value, 21).op("GLOB")("*[^0-9]*")),
            ),
        ),
    )


def _postgresql_clock(value: Expr) -> Bool:
    return value.op("~")(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?$")


def _by_code_point(value: Expr) -> Expr:
    return sa.collate(value, "C") if isinstance(value.type, sa.Text) else value


def _to_the_byte(value: Expr) -> Expr:
    """A database's own collation is deterministic, so what it takes for equal is, and its indexes serve that."""
    return sa.collate(value, "default") if isinstance(value.type, sa.Text) else value


def _binary(value: Expr) -> Expr:
    return sa.collate(value, "BINARY") if isinstance(value.type, sa.Text) else value


def _sqlite_seconds(value: Expr) -> Expr:
    """Division of whole numbers cuts towards zero, so that before 1970 it would round up."""
    down = sa.case((value < 0, value - 999), else_=value)
    return sa.type_coerce(down.op("/")(1000), sa.BigInteger())


def is_whole(value: Expr) -> Bool:
    """Where a column holds what its type says: a number that counts no fractions, or has none."""
    return value.is_not(None) if isinstance(value.type, sa.Integer) else value == sa.func.floor(value)


_SQLITE_ROWS = ("SQLITE_CONSTRAINT", "SQLITE_MISMATCH", "SQLITE_TOOBIG", "SQLITE_ERROR")
"""Primary result codes that may be of single rows; a trigger of the application's may meet any error of its own."""


def _sqlite_refuses(error: object) -> bool:
    return str(getattr(error, "sqlite_errorname", None) or "").startswith(_SQLITE_ROWS)


_POSTGRESQL_STOPS = ("08", "25", "28", "3D", "40", "53", "55", "57", "58", "XX")
"""Classes of SQLSTATE that say nothing of a row: of connection, transaction, role, locks, room, the server itself."""


def _postgresql_refuses(error: object) -> bool:
    state = str(getattr(error, "sqlstate", None) or "")
    return bool(state) and not state.startswith(_POSTGRESQL_STOPS)


def _postgresql_number(value: Expr) -> Expr:
    """As BIGINT, whose index serves every whole number; a text that would not fit is never cast."""
    low, high = "-9223372036854775808", "9223372036854775807"
    short = value.op("~")("^(0|-?[1-9][0-9]{0,17})$")
    digits = _by_code_point(sa.func.ltrim(value, "-", type_=sa.Text()))
    long = sa.and_(value.op("~")("^-?[1-9][0-9]{18}$"), sa.or_(digits <= high, value == low))
    return sa.case((sa.or_(short, long), sa.cast(value, sa.BigInteger)), else_=sa.null())


def _sqlite_made_of(value: Expr, kind: str) -> Bool:
    """Functions of SQLite's see a text as far as its first NUL, and its bytes all."""
    whole = sa.func.length(value) == sa.func.length(sa.cast(value, sa.LargeBinary))
    return sa.and_(_is_text(value), whole, sa.not_(value.bool_op("GLOB")(sa.literal_column(f"'*[^{kind}]*'"))))


SQLITE = Dialect(
    name="sqlite",
    sidecar=None,
    native_times=False,
    locks=False,
    snapshot="",
    quotes_in_paths=False,
    temporaries="SELECT name FROM sqlite_temp_master WHERE type = 'table'",
    defer="PRAGMA defer_foreign_keys = ON",
    settle="",
    leans=lambda error: getattr(error, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_FOREIGNKEY",
    refuses=_sqlite_refuses,
    exact=_binary,
    ordered=_binary,
    text=lambda value: sa.cast(value, sa.Text),
    clock=_sqlite_clock,
    whole=lambda value: sa.func.typeof(value) == "integer",
    seconds=_sqlite_seconds,
    is_text=_is_text,
    title="SQLite",
    as_number=lambda value: value,  # beside a number, SQLite reads it as one where it can
    made_of=_sqlite_made_of,
    indexes="SELECT name FROM sqlite_master WHERE type = 'index'",
)

NUMBERS = "ombud_t_rid"
"""The temporary sequence that numbers working rows: one, for a sequence of each table's own takes its time to make."""


def _numbered(columns: Sequence[sa.Column[Any] | sa.Index]) -> Sequence[sa.Column[Any] | sa.Index]:
    def by_sequence(each: sa.Column[Any] | sa.Index) -> sa.Column[Any] | sa.Index:
        if not isinstance(each, sa.Column) or each.autoincrement is not True:
            return each
        return sa.Column(
            each.name,
            each.type,
            primary_key=True,
            autoincrement=False,
            server_default=sa.text(f"nextval('{NUMBERS}')"),
        )

    return [by_sequence(each) for each in columns]


def _made_with_numbers(table: sa.Table, dialect: sa.Dialect) -> Iterator[str]:
    if any(column.server_default is not None for column in table.columns):
        yield f"CREATE TEMPORARY SEQUENCE IF NOT EXISTS {NUMBERS} AS INTEGER CACHE 1000 CYCLE"
    yield from _made(table, dialect)


POSTGRESQL = Dialect(
    name="postgresql",
    sidecar="ombud",
    native_times=True,
    locks=True,
    snapshot="SELECT pg_current_snapshot()::text",
    quotes_in_paths=True,
    temporaries="SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()",
    fitted=_numbered,
    roomy={"postgresql_with": {"fillfactor": 50}},
    making=_made_with_numbers,
    defer="SET CONSTRAINTS ALL DEFERRED",
    settle="SET CONSTRAINTS ALL IMMEDIATE",
    leans=lambda error: getattr(error, "sqlstate", "") in ("23503", "23001"),
    refuses=_postgresql_refuses,
    exact=_to_the_byte,
    ordered=_by_code_point,
    text=lambda value: sa.cast(value, sa.Text),
    clock=_postgresql_clock,
    whole=is_whole,
    seconds=lambda value: sa.cast(sa.func.floor(value.op("/")(sa.literal_column("1000.0"))), sa.BigInteger),
    typed=sa.cast,
    title="PostgreSQL",
    as_number=_postgresql_number,
    made_of=lambda value, kind: sa.collate(value, "C").bool_op("~")(sa.literal_column(f"'^[{kind}]*$'")),
    indexes="SELECT indexname FROM pg_indexes WHERE schemaname = ANY (current_schemas(false))",
)

_TYPES: dict[str, Callable[[], sa.types.TypeEngine[Any]]] = {
    "text": sa.Text,
    "integer": sa.BigInteger,
    "number": sa.Numeric,
    "boolean": sa.Boolean,
    "date": sa.Date,
    "timestamp": sa.DateTime,
    "timestamptz": lambda: sa.DateTime(timezone=True),
    "binary": sa.LargeBinary,
}


def column_type(dialect: Dialect, family: str) -> sa.types.TypeEngine[Any]:
    """The type that values of a column family bind as. Where times are text, they are text."""
    if not dialect.native_times and family in ("date", "timestamp", "timestamptz", "json"):
        return sa.Text()
    return _TYPES.get(family, sa.types.NullType)()


def written(dialect: Dialect, column: TimeColumn, family: str, zone: str, day: date) -> Any:
    """The moment at which `day` starts in the policy's zone, as this column writes it: what SQL compares with."""
    text = family == "text" or not dialect.native_times
    if column.encoding in (Encoding.DATE, Encoding.TEXT_DATE):
        return day.isoformat() if text else day
    if column.encoding is Encoding.YYYYMMDD:
        return day.strftime("%Y%m%d") if day.year >= 1000 else "00000000"
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    match column.encoding:
        case Encoding.EPOCH_S:
            return int(start.timestamp())
        case Encoding.EPOCH_MS:
            return int(start.timestamp()) * 1000
        case Encoding.TIMESTAMPTZ:
            return f"{start:%Y-%m-%d %H:%M:%S}" if text else start
    local = start.astimezone(ZoneInfo(column.zone)).replace(tzinfo=None)
    return f"{local:%Y-%m-%d %H:%M:%S}" if text else local
