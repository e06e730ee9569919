"""What SQL reads of a value as a day, against the oracle: each encoding, in each type that can hold it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.claims.calendar import moment_of
from ombud.datamap.model import Encoding, FromColumn, SourceMap, TimeColumn
from ombud.engine.sweep import Sweep
from ombud.plan.calendar import ALL_DAYS, Stretch, after, before
from ombud.terms import FIRST_DAY, LAST_DAY, NotYet, OnDay
from tests.claims.shop import POLICY, cell, digest, kind, table
from tests.engine.warehouse import clear

TODAY = date(2026, 6, 1)
DAYS = (
    *("1899-12-31", "1900-01-01", "1900-01-02", "1970-01-01", "2000-02-29", "2023-03-26", "2023-10-29", "2023-12-31"),
    *("2024-01-01", "2024-02-28", "2024-02-29", "2024-03-01", "2026-05-31", "2026-06-01", "2199-12-31", "2200-01-01"),
    "9999-12-31",
)
TIMES = ("00:00:00", "00:30:00", "01:59:59", "02:30:00", "21:59:59", "22:00:00", "22:59:59", "23:00:00", "23:59:59")
NO_DAYS = (
    *(
        "",
        " ",
        "NULL",
        "0",
        "0000-00-00",
        "2023-02-29",
        "2024-02-30",
        "2024-13-01",
        "2024-00-10",
        "2024-1-1",
        "24-01-01",
    ),
    *(
        "2024-02-29 ",
        " 2024-02-29",
        "2024/02/29",
        "2024-02-29x",
        "20240229",
        "2024-W09-4",
        "+2024-02-29",
        "-2024-02-29",
    ),
    *("２０２４-02-29", "2024-02-29\n", "12024-02-29", "2024-060"),
)
NO_TIMES = (
    *("24:00:00", "23:60:00", "23:59:60", "1:00:00", "01:00", "01:00:00Z", "01:00:00+02:00", "01:00:00.5", "", "x"),
    *("01:00:00.123456", "01:00:00.", "01:00:00.1234567890", "010000", " 01:00:00", "01.00.00"),
)
INSTANTS = (
    *(f"{day}{between}{time}" for day in DAYS for between in (" ", "T") for time in TIMES),
    *(f"{day}{between}{time}" for day in ("2024-02-29", "2023-02-29") for between in " Tt" for time in NO_TIMES),
)
COMPACT = tuple(int(text.replace("-", "")) for text in (*DAYS, "2023-02-29", "2024-13-01", "0099-01-01", "0001-01-01"))
SECONDS = (
    0,
    1,
    -1,
    86_399,
    86_400,
    -2_208_988_801,
    -2_208_988_800,
    7_258_118_399,
    7_258_118_400,
    10**12,
    10**17,
    -(10**17),
)
NUMBERS = (*SECONDS, 1_709_161_199, 1_709_164_800, 1_711_846_799, 1_711_846_800, 1_698_541_200)
MILLISECONDS = (*(1000 * n for n in NUMBERS if abs(n) < 10**14), *(1000 * n + 999 for n in NUMBERS if abs(n) < 10**14))

ABSENT = ("0000-00-00", "9999-12-31", "1970-01-01 00:00:00", "0", 0, 99991231)


@dataclass(frozen=True)
class Held:
    """A column's type on each engine that has it, how it is written, and what it is to hold."""

    types: dict[str, str]
    encoding: Encoding
    zone: str
    values: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{'/'.join(dict.fromkeys(self.types.values()))} {self.encoding} {self.zone}"


def both(declared: str) -> dict[str, str]:
    return {"sqlite": declared, "postgresql": declared, "duckdb": declared}


def native(declared: str) -> dict[str, str]:
    return {"postgresql": declared, "duckdb": declared}


BIG = {"sqlite": "INTEGER", **native("BIGINT")}
WIDE = {"sqlite": "NUMERIC", **native("NUMERIC(20, 0)")}
WRITTEN = (*DAYS, *NO_DAYS, *INSTANTS)
NATIVE = tuple(each for each in INSTANTS if " " in each and each.endswith(TIMES) and not each.startswith("2023-02-29"))
HELD = [
    *(
        Held(both("TEXT"), encoding, zone, WRITTEN)
        for encoding in (Encoding.DATE, Encoding.TEXT_DATE)
        for zone in ("UTC",)
    ),
    *(
        Held(both("TEXT"), encoding, zone, WRITTEN)
        for encoding in (Encoding.TIMESTAMP, Encoding.TEXT_TIMESTAMP, Encoding.TIMESTAMPTZ)
        for zone in ("UTC", "Europe/Stockholm")
    ),
    Held(both("TEXT"), Encoding.YYYYMMDD, "UTC", (*map(str, COMPACT), *NO_DAYS, " 20240229", "20240229 ", "２0240229")),
    Held(both("INTEGER"), Encoding.YYYYMMDD, "UTC", tuple(n for n in COMPACT if n < 2**31)),
    Held(
        WIDE,
        Encoding.YYYYMMDD,
        "UTC",
        COMPACT,
    ),
    Held(BIG, Encoding.EPOCH_S, "UTC", NUMBERS),
    Held(BIG, Encoding.EPOCH_MS, "UTC", MILLISECONDS),
    *(
        Held({"duckdb": kind}, encoding, "UTC", values)
        for encoding, values in ((Encoding.EPOCH_S, NUMBERS), (Encoding.EPOCH_MS, MILLISECONDS))
        for kind in ("HUGEINT", "DECIMAL(38, 4)")
    ),
    *(
        Held({"duckdb": kind}, Encoding.TIMESTAMP, zone, NATIVE)
        for kind in ("TIMESTAMP_S", "TIMESTAMP_MS")
        for zone in ("UTC", "Europe/Stockholm")
    ),
    Held(native("DATE"), Encoding.DATE, "UTC", DAYS),
    Held(native("TIMESTAMP"), Encoding.TIMESTAMP, "UTC", NATIVE),
    Held(native("TIMESTAMP"), Encoding.TIMESTAMP, "Europe/Stockholm", NATIVE),
    Held(
        native("TIMESTAMPTZ"),
        Encoding.TIMESTAMPTZ,
        "UTC",
        tuple(f"{each}+00" for each in NATIVE),
    ),
]
CASES = [(engine, held) for held in HELD for engine in held.types]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]} {case[1]}")
def read(request: pytest.FixtureRequest) -> Iterator[tuple[Sweep, Held]]:
    """A table whose rows hold each of the values, and NULL, ready to be read."""
    engine_name, held = request.param
    fixtures = {"sqlite": "shop_file", "postgresql": "postgresql_url", "duckdb": "duckdb_url"}
    engine = connect(request.getfixturevalue(fixtures[engine_name]))
    column = TimeColumn("v", held.encoding, held.zone, ABSENT)
    mapped = table("thing", kind("deliver", {"ended": FromColumn((column,))}, cell("name")))
    with engine.begin() as connection:
        clear(connection)
        connection.exec_driver_sql(
            f"CREATE TABLE thing (id INTEGER PRIMARY KEY, born DATE, name TEXT, v {held.types[engine_name]})"
        )
        schema = reflect(connection)
        rows = [{"id": n, "v": value} for n, value in enumerate((None, *held.values))]
        cast = f"CAST(:v AS {held.types[engine_name]})" if engine_name != "sqlite" else ":v"
        connection.execute(sa.text(f"INSERT INTO thing (id, v) VALUES (:id, {cast})"), rows)
    with engine.connect() as connection:
        sweep = Sweep(connection, POLICY, SourceMap("crm", {"thing": mapped}, {}), schema, TODAY, digest, "p")
        sweep.prepare()
        yield sweep, held
    with engine.begin() as connection:
        clear(connection)
    engine.dispose()


def test_sql_reads_of_each_value_the_day_that_the_oracle_reads(read: tuple[Sweep, Held]) -> None:
    sweep, held = read
    column = TimeColumn("v", held.encoding, held.zone, ABSENT)
    row = sweep.names.row("thing")

    def keys(known: sa.ColumnElement[bool]) -> set[int]:
        return set(sweep.connection.execute(sa.select(row.c.id).where(known)).scalars())

    def within(days: Stretch) -> set[int]:
        return keys(sweep.read.in_days("thing", row, column, days))

    with sweep.connection.begin():
        columns: list[sa.ColumnClause[Any]] = [sa.column("id"), sa.column("v")]
        chosen = sa.select(*columns).select_from(sa.table("thing"))
        there = {row["id"]: row["v"] for row in sweep.connection.execute(chosen).mappings()}
        said = {key: moment_of(value, column, POLICY.zone) for key, value in there.items()}
        days = {key: moment.day for key, moment in said.items() if isinstance(moment, OnDay)}
        nothing = {key for key, moment in said.items() if isinstance(moment, NotYet)}
        absent = keys(sweep.read.is_absent("thing", row, column))
        assert absent == nothing
        assert within(ALL_DAYS) - absent == days.keys()
        edges = {day + timedelta(days=n) for day in days.values() for n in (-1, 0, 1)} | {FIRST_DAY, LAST_DAY}
        for day in sorted(edges):
            if FIRST_DAY <= day <= LAST_DAY:
                assert within(before(day)) - absent == {key for key, each in days.items() if each < day}, day
                assert within(after(day)) - absent == {key for key, each in days.items() if each > day}, day
