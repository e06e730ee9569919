"""Days around a deadline: when something must have begun so that it is overdue, due today, due tomorrow, or alive."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Stockholm")
"""The group's zone: a day is a day in Sweden."""

HOURS = (time(0, 15), time(8, 40), time(13, 5), time(17, 30), time(23, 45))
"""Times of day; the first and the last fall on another day in UTC."""


class Stage(Enum):
    """How far a row's clock has run on the day the example is built."""

    LONG_OVERDUE = "long overdue"
    OVERDUE = "overdue"
    DUE_TODAY = "due today: yesterday was the last day"
    DUE_TOMORROW = "due tomorrow: today is the last day"
    SOON = "due within a month"
    ALIVE = "alive"
    OPEN = "the clock has not started"


STAGES = tuple(Stage)
STARTED = tuple(stage for stage in Stage if stage is not Stage.OPEN)


def add_months(day: date, months: int) -> date:
    """The same-numbered day so many months later (or earlier), clamped to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def earliest_alive(today: date, months: int) -> date:
    """The earliest day from which so many months reach today."""
    day = add_months(today, -months) - timedelta(days=4)
    while add_months(day, months) < today:
        day += timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class Deadline:
    """A storage period in months, seen on `today`; with `inclusive` the starting day itself is counted."""

    today: date
    months: int
    inclusive: bool = False

    def start(self, stage: Stage, random: Random) -> date | None:
        """A day on which the clock started, so that the row is in this stage; None where it has not."""
        edge = earliest_alive(self.today, self.months) + timedelta(days=self.inclusive)
        span = (self.today - edge).days
        offsets = {
            Stage.LONG_OVERDUE: random.randint(-1200, -200),
            Stage.OVERDUE: random.randint(-180, -2),
            Stage.DUE_TODAY: -1,
            Stage.DUE_TOMORROW: 0,
            Stage.SOON: random.randint(1, 28),
            Stage.ALIVE: random.randint(29, max(30, span - 1)),
        }
        return None if stage is Stage.OPEN else edge + timedelta(days=offsets[stage])


def local(day: date, random: Random) -> datetime:
    """Some time on that day in Sweden."""
    return datetime.combine(day, random.choice(HOURS), ZONE)


def utc_text(instant: datetime) -> str:
    """`YYYY-MM-DD HH:MM:SS` in UTC."""
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def swedish_text(instant: datetime) -> str:
    """`YYYY-MM-DD HH:MM:SS` as a clock on a Swedish wall shows it."""
    return instant.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")


def iso_text(instant: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.mmm` in UTC."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000")
