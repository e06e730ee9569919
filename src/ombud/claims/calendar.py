"""Days: how a column's value becomes one, and where a clock that starts on one ends (spec/claims.md §1).

Written from the page alone and shared with nobody: `plan/` has a calendar of its own, and the two are compared.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from ombud.datamap.model import Encoding, TimeColumn
from ombud.policy.model import Add, ClockStep, EndOf, Inclusive
from ombud.terms import FIRST_DAY, LAST_DAY, Moment, NotYet, OnDay, Period, Unknown

FiscalYears = tuple[tuple[date, date], ...]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d+)?", re.ASCII)
_DIGITS = re.compile(r"\d{8}", re.ASCII)
UNREADABLE = Unknown("a time that cannot be read")


def moment_of(value: Any, column: TimeColumn, zone: str) -> Moment:
    """What a column says: not yet, a believable day in the policy's `zone`, or unknown."""
    if value is None or value in column.absent or any(_is_native(value, said) for said in column.absent):
        return NotYet()
    day = _day(value, column, zone)
    return OnDay(day) if day is not None and FIRST_DAY <= day <= LAST_DAY else UNREADABLE


def _is_native(value: Any, said: object) -> bool:
    """A native date or time is what a map writes of it; an instant in UTC."""
    try:
        if isinstance(value, datetime) and isinstance(said, str):
            there = value.astimezone(UTC) if value.tzinfo else value
            return there.replace(tzinfo=None) == datetime.fromisoformat(said).replace(tzinfo=None)
        return isinstance(value, date) and isinstance(said, str) and value == date.fromisoformat(said)
    except (ValueError, OverflowError):
        return False


def _day(value: Any, column: TimeColumn, zone: str) -> date | None:
    try:
        match column.encoding:
            case Encoding.DATE if isinstance(value, date) and not isinstance(value, datetime):
                return value
            case Encoding.DATE | Encoding.TEXT_DATE:
                return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
            case Encoding.TIMESTAMP if isinstance(value, datetime):
                return None if value.tzinfo else _on(value, column.zone, zone)
            case Encoding.TIMESTAMP | Encoding.TEXT_TIMESTAMP:
                return _on(_instant(value), column.zone, zone)
            case Encoding.TIMESTAMPTZ if isinstance(value, datetime):
                return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(ZoneInfo(zone)).date()
            case Encoding.TIMESTAMPTZ:
                return _on(_instant(value), "UTC", zone)
            case Encoding.YYYYMMDD:
                digits = str(value) if isinstance(value, int | str | Decimal) else ""
                if not _DIGITS.fullmatch(digits):
                    return None
                return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
            case Encoding.EPOCH_S | Encoding.EPOCH_MS:
                if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
                    return None
                value = int(value)
                seconds = value if column.encoding is Encoding.EPOCH_S else value // 1000
                return _on(datetime(1970, 1, 1) + timedelta(seconds=seconds), "UTC", zone)  # noqa: DTZ001
            case _:
                assert_never(column.encoding)
    except (ValueError, OverflowError):
        return None


def _instant(value: Any) -> datetime | None:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return None
    return datetime.fromisoformat(value[:19])


def _on(wall: datetime | None, written_in: str, zone: str) -> date | None:
    """The day in `zone` of a time on the wall; where the two zones are one, the wall has the day already."""
    if wall is None:
        return None
    if written_in == zone:
        return wall.date()
    return wall.replace(tzinfo=ZoneInfo(written_in) if written_in != "UTC" else UTC).astimezone(ZoneInfo(zone)).date()


def last_day(day: date, steps: tuple[ClockStep, ...], years: FiscalYears) -> date | None:
    """The clock's last day, inclusive; None when a fiscal year that is not listed would have to be known."""
    for step in steps:
        match step:
            case Add(period):
                day = _add(day, period)
            case Inclusive():
                day = _days(day, -1)
            case EndOf("month"):
                day = day.replace(day=monthrange(day.year, day.month)[1])
            case EndOf("year"):
                day = date(day.year, 12, 31)
            case EndOf("fiscal_year"):
                ends = [last for first, last in years if first <= day <= last]
                if not ends:
                    return None
                day = ends[0]
            case EndOf(unit):
                raise ValueError(f"a clock has no end of {unit!r}")
            case _:
                assert_never(step)
    return day


def _add(day: date, period: Period) -> date:
    months = (day.year + period.years) * 12 + day.month - 1 + period.months
    year, month = months // 12, months % 12 + 1
    if year > date.max.year:
        return date.max
    clamped = date(year, month, min(day.day, monthrange(year, month)[1]))
    return _days(clamped, period.days)


def _days(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
