"""Rows that lie around the boundaries: days about a cutoff, month ends, nights when clocks change, collation twins."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from ombud.claims.calendar import last_day
from ombud.datamap.model import Encoding, TimeColumn
from ombud.policy.model import Clock, Policy
from ombud.terms import FIRST_DAY, LAST_DAY
from tests.differential.maps import Column, Sketch
from tests.differential.policies import ZONE

EMAILS = (
    "åsa@x.example",
    "ÅSA@x.example",
    "asa@x.example",
    "ASA@x.example ",
    "straße@x.example",
    "strasse@x.example",
    "eva@åre.example",
    "Eva@xn--re-yia.example",
    "bo@x.example",
    "Bo@X.example",
    "ida@x.example",
    "per@x.example",
)
"""A few persons' addresses; several are one after normalisation, several only to a database's collation."""

PHONES = ("0701740605", "+46 70 174 06 05", "070-1740606", "0701740607")
JUNK_TEXT = ("soon", "2024-02-30", "2023-13-01", "20240230", " ", "2024-01-01 25:00:00", "2024-1-1", "1700-01-01")
JUNK_NUMBER = (-1, 20240230, 99999999, 10**15)
EDGES = (FIRST_DAY, FIRST_DAY - timedelta(days=1), LAST_DAY, LAST_DAY + timedelta(days=1))
WALLS = (time(0, 0), time(0, 30), time(1, 30), time(12, 0), time(22, 30), time(23, 59, 59))


def draw_days(random: Random) -> tuple[date, ...]:
    """One to three days to sweep on, with a liking for the days on which calendars go wrong."""
    year, month = random.randint(2019, 2027), random.randint(1, 12)
    first = random.choice(
        (
            date(year, month, random.randint(1, 28)),
            date(year, month, 1),
            date(year, month, 1) - timedelta(days=1),
            date(2024, 2, 29),
            date(2024, 3, 1),
            date(year, 12, 31),
            _last_sunday(year, random.choice((3, 10))) + timedelta(days=random.choice((-1, 0, 1))),
        )
    )
    days = [first]
    for _ in range(random.choice((0, 1, 1, 2))):
        days.append(days[-1] + timedelta(days=random.choice((1, 1, 2, 30, 31, 366))))
    return tuple(days)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def cutoffs(policy: Policy, days: tuple[date, ...]) -> tuple[date, ...]:
    """For each clock and day, the earliest start whose last day is that day or later (about: it only aims)."""
    found = set(days)
    for company, purposes in policy.purposes.items():
        years = policy.companies[company].fiscal_years
        for purpose in purposes.values():
            if isinstance(purpose.keep, Clock):
                found |= {_cutoff(partial(last_day, steps=purpose.keep.steps, years=years), day) for day in days}
    return tuple(sorted(found))


def _cutoff(last: Any, today: date) -> date:
    low, high = today - timedelta(days=1500), today + timedelta(days=2)
    while low < high:
        middle = low + (high - low) // 2
        ends = last(middle)
        if ends is None or ends < today:
            low = middle + timedelta(days=1)
        else:
            high = middle
    return low


class Fill:
    """Fills the tables of one source."""

    def __init__(
        self, random: Random, sketches: dict[str, Sketch], cutoffs: tuple[date, ...], today: date, codes: str
    ) -> None:
        self.random, self.sketches, self.cutoffs, self.today, self.codes = random, sketches, cutoffs, today, codes
        self.serial = 0
        self.emails = random.sample(EMAILS, random.choice((2, 4, 8)))

    def tables(self) -> dict[str, tuple[dict[str, Any], ...]]:
        rows: dict[str, list[dict[str, Any]]] = {}
        for name, sketch in self.sketches.items():
            many = self.random.choice((0, 1, 2, 3, 4, 6, 8)) or self.random.choice((0, 1, 4))
            rows[name] = [self.row(sketch, n + 1) for n in range(many)]
        for name, sketch in self.sketches.items():
            for row in rows[name]:
                self.point(sketch, row, rows)
            rows[name] = list({tuple(row[column] for column in sketch.key): row for row in rows[name]}.values())
        return {name: tuple(each) for name, each in rows.items()}

    def row(self, sketch: Sketch, n: int) -> dict[str, Any]:
        """A row with a key of its own; its links are still to be pointed."""
        row = {column.name: self.value(column) for column in sketch.columns.values()}
        if "id" in row:
            row["id"] = n if len(sketch.key) == 1 else (n + 1) // 2
        if "part" in row:
            row["part"] = "ab"[n % 2]
        return row

    def point(self, sketch: Sketch, row: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> None:
        """Points the row's links at rows, at nothing, or at rows that are not there."""
        for link in sketch.links.values():
            targets, roll = rows[link.to], self.random.random()
            if roll < 0.75 and targets:
                found = self.random.choice(targets)
                row.update({column: found[at] for column, at in zip(link.columns, link.target, strict=True)})
            elif link.nullable and roll < 0.92:
                blank = self.random.sample(link.columns, self.random.randint(1, len(link.columns)))
                row.update({c: None if c in blank else self.dangling(sketch, c) for c in link.columns})
            else:
                row.update({column: self.dangling(sketch, column) for column in link.columns})

    def dangling(self, sketch: Sketch, column: str) -> Any:
        return self.random.choice((91, 92, 93)) if sketch.columns[column].family == "integer" else "zz"

    def value(self, column: Column) -> Any:
        if column.nullable and column.fill not in ("time", "type", "company", "order") and self.random.random() < 0.15:
            return None
        self.serial += 1
        match column.fill:
            case "time":
                assert column.time is not None
                return self.when(column.time, column.family)
            case "email":
                return self.random.choice((*self.emails, *self.emails, "" if self.random.random() < 0.5 else "junk"))
            case "phone":
                return self.random.choice(PHONES)
            case "company":
                return self.random.choice("XC?") if self.random.random() < 0.04 else self.random.choice(self.codes)
            case "type":
                return self.random.choices(("A", "B", None, "C", "a"), (58, 32, 6, 2, 2))[0]
            case "code":
                return f"{self.random.choice('Kk')}{self.serial}"
            case "order":
                return None if self.random.random() < 0.04 else self.random.randint(1, 9)
            case "flag":
                return 0
            case "text" if column.unique:
                return f"note {self.serial}"
            case "text":
                return self.random.choice(("note", "Note", "other", ""))
            case _:
                return 0

    # --- times --------------------------------------------------------------------------------------------------

    def when(self, column: TimeColumn, family: str) -> Any:
        """A value of a time column, in its encoding."""
        roll = self.random.random()
        if roll < 0.1:
            return None
        if roll < 0.13 and column.absent:
            return self.random.choice(column.absent)
        if roll < 0.15 and family in ("text", "integer"):
            return self.random.choice(JUNK_TEXT if family == "text" else JUNK_NUMBER)
        return self.written(self.day(), column, family)

    def day(self) -> date:
        roll = self.random.random()
        if roll < 0.4:
            return self.random.choice(self.cutoffs) + timedelta(days=self.random.choice((-1, 0, 1)))
        if roll < 0.82:
            return self.today - timedelta(days=self.random.randint(200, 1400))
        if roll < 0.95:
            return self.today - timedelta(days=self.random.randint(-40, 200))
        if roll < 0.97:
            return self.random.choice(EDGES)
        return self.random.choice((date(2024, 2, 29), date(2023, 2, 28), date(2023, 1, 31), date(2023, 10, 29)))

    def written(self, day: date, column: TimeColumn, family: str) -> Any:
        wall = datetime.combine(day, self.random.choice(WALLS))
        instant = wall.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        there = wall if column.zone == ZONE else instant.replace(tzinfo=None)
        blank = "T" if self.random.random() < 0.2 else " "
        match column.encoding:
            case Encoding.DATE:
                return day if family == "date" else day.isoformat()
            case Encoding.TEXT_DATE:
                return day.isoformat()
            case Encoding.TIMESTAMP:
                return there if family == "timestamp" else there.isoformat(blank)
            case Encoding.TEXT_TIMESTAMP:
                return there.isoformat(blank) + (".5" if self.random.random() < 0.1 else "")
            case Encoding.TIMESTAMPTZ:
                return instant if family == "timestamptz" else instant.replace(tzinfo=None).isoformat(blank)
            case Encoding.YYYYMMDD:
                digits = day.strftime("%Y%m%d")
                return int(digits) if family == "integer" else digits
            case Encoding.EPOCH_S:
                return int(instant.timestamp())
            case Encoding.EPOCH_MS:
                return int(instant.timestamp()) * 1000 + self.random.choice((0, 999))
