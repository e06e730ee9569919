"""Rows that lie around the boundaries: days about a cutoff, month ends, nights when clocks change, collation twins."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from ombud.claims.calendar import last_day
from ombud.claims.world import as_text
from ombud.datamap.model import Encoding, TimeColumn
from ombud.policy.model import Clock, Policy
from ombud.terms import FIRST_DAY, LAST_DAY
from tests.differential import documents, values
from tests.differential.sketches import CODES, NUMBERS, Column, Sketch
from tests.differential.values import EMAILS, PHONES

JUNK_TEXT = (
    "soon", "2024-02-30", "2023-13-01", "20240230", " ", "2024-01-01 25:00:00", "2024-1-1", "1700-01-01", "2023-02-29",
    "0000-00-00", "2024-01-01 ", " 20240101", "2024-01-01\n", "2024-01-01Z", "2024-01-01 00:00:00+01", "2024-01-01T",
    "2024-01-01 00:00:60", "2024-01-01 00:00", "2024-01-01 24:00:00", "２０２４-01-01", "٢٠٢٤٠١٠١", "-2024-01-01",
    "2024-01-01  00:00:00", "2024-01-01 00:00:00.", "2024-W01-1", "20240101T000000", "1e9", "9999-12-31", "0001-01-01",
)  # fmt: skip
JUNK_NUMBER = (-1, 1, 20240230, 99999999, 10**15, -(10**13), 2**31, 10101, 99991231, 2**53 + 1, 253402300800)
EDGES = (
    FIRST_DAY, FIRST_DAY - timedelta(days=1), LAST_DAY, LAST_DAY + timedelta(days=1), date(1970, 1, 1),
    date(1969, 12, 31), date(9999, 12, 30), date(1582, 10, 10),
)  # fmt: skip
ODD_DAYS = (
    date(2024, 2, 29), date(2023, 2, 28), date(2023, 1, 31), date(2023, 10, 29), date(2024, 3, 31), date(2023, 12, 31),
    date(2024, 1, 1), date(2024, 4, 26), date(2018, 11, 4), date(2011, 12, 30), date(2023, 11, 5), date(2024, 12, 30),
)  # fmt: skip
"""Leap days, month and year ends, nights when clocks change (at midnight too), and a day that Samoa skipped."""

UNLIKE = ("0{}", " {}", "{}.0", "+{}", "{} ", "-{}", "{}e0", "{}\n")
"""Texts that a database may read as the number, and that are not how it is written."""

OLD, NEW = (1100, 1500), (-40, 60)
"""Days since what fills a table happened, where all of it is long ago or has just been."""

WALLS = (
    time(0, 0), time(0, 0), time(0, 30), time(1, 30), time(2, 30), time(12, 0), time(18, 15), time(22, 30),
    time(23, 59, 59), time(23, 59, 59, 999999),
)  # fmt: skip


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
            random.choice(
                (date(2024, 4, 26), date(2024, 4, 27), date(2023, 11, 5), date(2024, 12, 31), date(2100, 3, 1))
            ),
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
    """Fills the tables of one source in one world. Worlds differ in what they are full of."""

    def __init__(
        self,
        random: Random,
        sketches: dict[str, Sketch],
        cutoffs: tuple[date, ...],
        today: date,
        companies: tuple[str, ...],
        zone: str,
        engine: str = "sqlite",
    ) -> None:
        self.random, self.sketches, self.cutoffs, self.today = random, sketches, cutoffs, today
        self.codes = [code for code, name in CODES.items() if name in companies]
        self.numbers = [code for code, name in NUMBERS.items() if name in companies]
        self.engine = engine
        self.zone = ZoneInfo(zone)
        self.local = zone
        self.serial = 0
        self.emails = random.sample(EMAILS, random.choice((1, 2, 2, 4, 8)))
        self.near = random.choice((0.2, 0.4, 0.4, 0.7))
        self.junk = random.choice((0.0, 0.02, 0.02, 0.1))
        self.empty = random.choice((0.03, 0.1, 0.1, 0.3))
        self.first_id = random.choice((1, 1, 1, 1, -2, 0, 2**40))
        self.taken = random.choice((0, 0, 1))
        self.longer = random.choice(("", "", "", "~", "~.", "~.."))
        aged = random.random() < 0.6
        self.ages = {name: random.choice((None, None, OLD, NEW)) for name in sketches} if aged else {}
        self.keys = random.sample(values.KEY_TEXTS, len(values.KEY_TEXTS))

    def tables(self) -> dict[str, tuple[dict[str, Any], ...]]:
        rows: dict[str, list[dict[str, Any]]] = {}
        for name, sketch in self.sketches.items():
            many = self.random.choice((0, 1, 2, 3, 4, 6, 8)) or self.random.choice((0, 1, 4))
            rows[name] = [self.row(sketch, n + 1) for n in range(many)]
        for name, sketch in self.sketches.items():
            for row in rows[name]:
                self.point(sketch, row, rows)
            if sketch.key:
                rows[name] = list({tuple(row[column] for column in sketch.key): row for row in rows[name]}.values())
            else:
                rows[name] += [dict(row) for row in rows[name] if self.random.random() < 0.4]
        return {name: tuple(each) for name, each in rows.items()}

    def row(self, sketch: Sketch, n: int) -> dict[str, Any]:
        """A row with a key of its own; its links are still to be pointed."""
        row = {column.name: self.value(column, sketch) for column in sketch.columns.values()}
        own = [column for column in sketch.key if sketch.columns[column].fill == "key"]
        for at, column in enumerate(own):
            if at:  # a second part of the key tells apart rows that share the first
                row[column] = (
                    "ab"[n % 2] if self.random.random() < 0.8 else self.random.choice(("A", "a ", "å", "-1", ""))
                )
            else:
                number = n if len(own) == 1 else (n + 1) // 2
                whole = sketch.columns[column].family == "integer"
                row[column] = self.first_id + number - 1 if whole else self.keys[number - 1]
        return row

    def point(self, sketch: Sketch, row: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> None:
        """Points the row's links at rows, at nothing, or at rows that are not there."""
        for link in sketch.links.values():
            targets, roll = rows[link.to], self.random.random()
            if roll < 0.75 and targets:
                found = self.random.choice(targets)
                row.update(
                    {c: self._as_linked(sketch, c, found[at]) for c, at in zip(link.columns, link.target, strict=True)}
                )
            elif link.absent and roll < 0.92:
                (column,) = link.columns
                row[column] = self.random.choice([*link.absent, *([None] if sketch.columns[column].nullable else [])])
            elif link.nullable and roll < 0.92:
                blank = self.random.sample(link.columns, self.random.randint(1, len(link.columns)))
                row.update({c: None if c in blank else self.dangling(sketch, c) for c in link.columns})
            else:
                row.update({column: self.dangling(sketch, column) for column in link.columns})
        if sketch.loose:
            column, to = sketch.loose
            key = self.sketches[to].key[0]
            row[column] = self.random.choice([None, None, *(each[key] for each in rows[to])])
        self._blank_some(sketch, row)

    def _blank_some(self, sketch: Sketch, row: dict[str, Any]) -> None:
        """A text that must be unique may already hold what erasing it would write, or what erasing another would."""
        for column in sketch.columns.values():
            if column.fill == "text" and column.unique and self.random.random() < 0.16:
                parts = [row[part] + self.taken if isinstance(row[part], int) else row[part] for part in sketch.key]
                row[column.name] = "erased-" + "-".join(map(as_text, parts)) + self.longer

    def _as_linked(self, sketch: Sketch, column: str, value: Any) -> Any:
        """A text column holds a number as it is written, now and then as it is not."""
        if sketch.columns[column].family == "integer" or not isinstance(value, int):
            return value
        return self.random.choice(UNLIKE).format(value) if self.random.random() < 0.2 else str(value)

    def dangling(self, sketch: Sketch, column: str) -> Any:
        integer = sketch.columns[column].family == "integer"
        return self.random.choice((91, 92, 93) if integer else ("not there", "not there", "91", "9" * 19, "9" * 30))

    def value(self, column: Column, sketch: Sketch) -> Any:
        if column.nullable and column.fill not in ("time", "type", "company", "order") and self.random.random() < 0.15:
            return None
        self.serial += 1
        match column.fill:
            case "time":
                assert column.time is not None
                return self.when(column.time, column.family, self.ages.get(sketch.name))
            case "email":
                return self.email()
            case "phone" | "personnummer" | "member":
                return self.random.choice((*values.IDENTIFIERS[column.fill], ""))
            case "company" if column.family == "integer":
                return (
                    self.random.choice((0, 99, None))
                    if self.random.random() < 0.06
                    else self.random.choice(self.numbers)
                )
            case "company":
                odd = self.random.random() < 0.06
                return self.random.choice(("X", "?", "a", "A ", None)) if odd else self.random.choice(self.codes)
            case "type":
                return self.random.choices(("A", "B", None, "C", "a", "A "), (58, 32, 6, 2, 1, 1))[0]
            case "code":
                return values.code(self.random, self.serial)
            case "order":
                return values.order(self.random, column.family)
            case "meta_key":
                return self.random.choice(sketch.keys * 3 + values.META_KEYS)
            case "meta_value":
                return self.random.choice((self.email(), self.random.choice(PHONES), values.text(self.random)))
            case "text" if column.unique:
                return f"note {self.serial}"
            case "text":
                return values.text(self.random)
            case "document":
                return documents.document(self.random, column.declared, self.engine)
            case "file":
                return self.random.choice(values.FILES)
            case _:
                return 0

    def email(self) -> str:
        return self.random.choice((*self.emails, *self.emails, "" if self.random.random() < 0.5 else "junk"))

    # --- times --------------------------------------------------------------------------------------------------

    def when(self, column: TimeColumn, family: str, age: tuple[int, int] | None = None) -> Any:
        """A value of a time column, in its encoding; `age`, in days, is that of all its table."""
        if self.random.random() < self.empty:
            return None
        if column.absent and self.random.random() < 0.06:
            return self.random.choice(column.absent)
        if family in ("text", "integer") and self.random.random() < self.junk:
            return self.random.choice(JUNK_TEXT if family == "text" else JUNK_NUMBER)
        day = self.day() if age is None else self.today - timedelta(days=self.random.randint(*age))
        return self.written(day, column, family)

    def day(self) -> date:
        if self.random.random() < self.near:
            return self.random.choice(self.cutoffs) + timedelta(days=self.random.choice((-1, 0, 1)))
        roll = self.random.random()
        if roll < 0.7:
            return self.today - timedelta(days=self.random.randint(200, 1400))
        if roll < 0.9:
            return self.today - timedelta(days=self.random.randint(-40, 200))
        if roll < 0.94:
            return self.random.choice(EDGES)
        return self.random.choice(ODD_DAYS)

    def written(self, day: date, column: TimeColumn, family: str) -> Any:
        wall = datetime.combine(day, self.random.choice(WALLS))
        instant = wall.replace(tzinfo=self.zone, fold=self.random.choice((0, 0, 1))).astimezone(UTC)
        there = wall if column.zone == self.local else instant.replace(tzinfo=None)
        blank = "T" if self.random.random() < 0.2 else " "
        match column.encoding:
            case Encoding.DATE:
                return day if family == "date" else day.isoformat()
            case Encoding.TEXT_DATE:
                return day.isoformat()
            case Encoding.TIMESTAMP | Encoding.TIMESTAMPTZ if self.engine == "mariadb":
                return self._in_seconds(there if column.encoding is Encoding.TIMESTAMP else instant, column, family)
            case Encoding.TIMESTAMP:
                return there if family == "timestamp" else there.isoformat(blank)
            case Encoding.TEXT_TIMESTAMP:
                return there.replace(microsecond=0).isoformat(blank) + (".5" if self.random.random() < 0.1 else "")
            case Encoding.TIMESTAMPTZ:
                return instant if family == "timestamptz" else instant.replace(tzinfo=None).isoformat(blank)
            case Encoding.YYYYMMDD:
                digits = day.strftime("%Y%m%d")
                return int(digits) if family == "integer" else digits
            case Encoding.EPOCH_S:
                return int(instant.timestamp())
            case Encoding.EPOCH_MS:
                return int(instant.timestamp()) * 1000 + self.random.choice((0, 999))

    def _in_seconds(self, time: datetime, column: TimeColumn, family: str) -> datetime | None:
        """As MariaDB keeps it: an instant is one of the years in which its TIMESTAMP counts seconds."""
        native = time.replace(microsecond=0, tzinfo=None)
        return native if family == "timestamp" or 1970 < native.year < 2038 else None
