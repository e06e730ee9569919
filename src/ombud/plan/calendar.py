"""A clock's last day, and its inverse: the stretch of moment days whose claim is over.

All date arithmetic happens here, in Python; SQL only compares (`spec/claims.md` §1). Shares no code with the oracle.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ombud.policy.model import Add, Clock, EndOf, Inclusive
from ombud.terms import FIRST_DAY, LAST_DAY, Period

FiscalYears = Sequence[tuple[date, date]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days from `low` to before `high`; empty when high ≤ low."""

    low: date
    high: date

    @property
    def empty(self) -> bool:
        return self.high <= self.low


ALL_DAYS = Stretch(FIRST_DAY, LAST_DAY + timedelta(days=1))


def before(day: date) -> Stretch:
    """Every believed day before this one."""
    return Stretch(FIRST_DAY, min(day, ALL_DAYS.high))


def after(day: date) -> Stretch:
    """Every believed day after this one."""
    return Stretch(max(FIRST_DAY, day + timedelta(days=1)), ALL_DAYS.high)


def add(day: date, period: Period) -> date:
    """Years and months together, clamped to the month's end, then days. Past the calendar's end: its last day."""
    months = day.year * 12 + (day.month - 1) + period.years * 12 + period.months
    year, month = divmod(months, 12)
    if year > date.max.year:
        return date.max
    clamped = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    if period.days > (date.max - clamped).days:
        return date.max
    return clamped + timedelta(days=period.days)


def _end_of(unit: str, day: date, fiscal_years: FiscalYears) -> date | None:
    if unit == "month":
        return date(day.year, day.month, monthrange(day.year, day.month)[1])
    if unit == "year":
        return date(day.year, 12, 31)
    for first, last in fiscal_years:
        if first <= day <= last:
            return last
    return None


def last_day(clock: Clock, day: date, fiscal_years: FiscalYears = ()) -> date | None:
    """The last day, inclusive, of a claim whose moment is `day`; None outside every listed fiscal year."""
    at: date | None = day
    for step in clock.steps:
        if at is None:
            return None
        match step:
            case Add(period):
                at = add(at, period)
            case EndOf(unit):
                at = _end_of(unit, at, fiscal_years)
            case Inclusive():
                at = at - timedelta(days=1)
    return at


def over(clock: Clock, today: date, fiscal_years: FiscalYears = ()) -> Stretch:
    """The moment days whose claim is known to be over today.

    `last_day` is monotone and is defined on one unbroken stretch (fiscal years have no gaps), so two binary
    searches find it: the first day that is defined, and the first whose last day is today or later.
    """
    low, high = FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1
    defined = _first(low, high, lambda n: not _runs_before(clock, date.fromordinal(n), fiscal_years))

    def alive(n: int) -> bool:
        last = last_day(clock, date.fromordinal(n), fiscal_years)
        return last is None or last >= today

    return Stretch(date.fromordinal(defined), date.fromordinal(_first(defined, high, alive)))


def _runs_before(clock: Clock, day: date, fiscal_years: FiscalYears) -> bool:
    """Whether this day is too early: some step asks for a fiscal year before the first one listed."""
    at = day
    for step in clock.steps:
        match step:
            case Add(period):
                at = add(at, period)
            case EndOf(unit):
                if unit == "fiscal_year" and (not fiscal_years or at < fiscal_years[0][0]):
                    return True
                end = _end_of(unit, at, fiscal_years)
                if end is None:
                    return False
                at = end
            case Inclusive():
                at = at - timedelta(days=1)
    return False


def _first(low: int, high: int, holds: object) -> int:
    assert callable(holds)
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
