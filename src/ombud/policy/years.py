"""Fiscal years: dated lists, and the short form that expands to them; and the last day of a clock."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import assert_never

from ombud.policy.known import Reading, text
from ombud.policy.model import Add, ClockStep, EndOf, Inclusive
from ombud.policy.shape import day
from ombud.policy.tree import Entries, Items, Node, Scalar
from ombud.terms import FIRST_DAY, LAST_DAY

Years = tuple[tuple[date, date], ...]

ONE_DAY = timedelta(days=1)
LONGEST_YEAR = 18
"""Months: a Swedish fiscal year may be prolonged to eighteen (bokföringslagen 3 kap. 3 §)."""


def fiscal_years(node: Node | None, company: str, reading: Reading) -> Years:
    """A company's fiscal years, sorted. P013: end before start, overlap, gap, longer than eighteen months."""
    parts = node.nodes if isinstance(node, Items) else () if node is None else (node,)
    dated = [(part, year) for part in parts for year in _expand(part, reading)]
    dated.sort(key=lambda pair: pair[1])
    for part, (first, last) in dated:
        if last < first:
            reading.add(
                "P013", part.place, f"a fiscal year of {company} ends before it starts", "write first day/last day"
            )
        elif _months(first, last) > LONGEST_YEAR:
            reading.add(
                "P013",
                part.place,
                f"the fiscal year {first}/{last} of {company} is too long",
                "eighteen months at most",
            )
    for (_, (_, before)), (part, (first, _)) in pairwise(dated):
        if first <= before:
            reading.add(
                "P013",
                part.place,
                f"fiscal years of {company} overlap: {first} lies before the end, {before}",
                "mend one",
            )
        elif first != before + ONE_DAY:
            reading.add(
                "P013",
                part.place,
                f"no fiscal year of {company} covers {before + ONE_DAY} to {first - ONE_DAY}",
                "add it",
            )
    return tuple(year for _, year in dated)


def _expand(part: Node, reading: Reading) -> Years:
    if isinstance(part, Scalar):
        first, last = (day(half) for half in part.text.split("/"))
        if first is None or last is None:
            reading.add(
                "P011",
                part.place,
                f"{part.text!r} is not made of two days of the calendar",
                "write YYYY-MM-DD/YYYY-MM-DD",
            )
            return ()
        return ((first, last),)
    assert isinstance(part, Entries)
    ends = text(part.get("ends"))
    month, in_month = (int(half) for half in ends.split("-"))
    if not 1 <= month <= 12 or not 1 <= in_month <= monthrange(2024, month)[1]:
        reading.add("P011", part.at("ends"), f"{ends!r} is not a day of the year", "write MM-DD, such as 08-31")
        return ()
    first_year, last_year = int(text(part.get("first"))), int(text(part.get("last")))
    if last_year < first_year:
        reading.add("P013", part.at("last"), f"last is {last_year}, before first, {first_year}", "swap them")
        return ()
    years = range(first_year - 1, last_year + 1)
    closing = [date(year, month, _day_of(year, month, in_month)) for year in years]
    return tuple((before + ONE_DAY, last) for before, last in pairwise(closing))


def _day_of(year: int, month: int, in_month: int) -> int:
    """The last day of February is the 28th or 29th, whichever the year has, however it was written."""
    length = monthrange(year, month)[1]
    return length if (month, in_month) == (2, 28) else min(in_month, length)


def _months(first: date, last: date) -> int:
    after = last + ONE_DAY
    whole = (after.year - first.year) * 12 + after.month - first.month
    return whole + (after.day > first.day)


def last_day(steps: tuple[ClockStep, ...], start: date, years: Years) -> date | None:
    """The day a clock's steps end on; None where no fiscal year covers a day (then the moment reads unknown).

    `spec/claims.md` 1: steps from left to right; years and months together, clamped to the month's end, then days.
    """
    at = start
    for step in steps:
        match step:
            case Add(period):
                months = at.year * 12 + at.month - 1 + period.years * 12 + period.months
                year, month = divmod(months, 12)
                clamped = min(at.day, monthrange(year, month + 1)[1])
                at = date(year, month + 1, clamped) + timedelta(days=period.days)
            case EndOf("month"):
                at = at.replace(day=monthrange(at.year, at.month)[1])
            case EndOf("year"):
                at = date(at.year, 12, 31)
            case EndOf():
                n = bisect_right(years, at, key=lambda year: year[0]) - 1
                if n < 0 or at > years[n][1]:
                    return None
                at = years[n][1]
            case Inclusive():
                at -= ONE_DAY
            case _:
                assert_never(step)
    return at


@lru_cache(maxsize=64)
def every_last_day(steps: tuple[ClockStep, ...], years: Years) -> tuple[date, ...]:
    """The last day for every day that is believed (1900 to 2199); `date.max` where it is unknown."""
    span = (LAST_DAY - FIRST_DAY).days + 1
    return tuple(last_day(steps, FIRST_DAY + timedelta(days=n), years) or date.max for n in range(span))
