"""The plan's days against the oracle's, which share no code: every clock, day and fiscal year."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.claims import calendar as oracle
from ombud.plan.calendar import after, before, last_day, over
from ombud.policy.model import Add, Clock, ClockStep, EndOf, Inclusive
from ombud.terms import FIRST_DAY, LAST_DAY, Period

ENDS = ((1, 1), (1, 31), (2, 28), (3, 1), (4, 30), (6, 30), (7, 1), (12, 30), (12, 31))
EDGES = [date(year, *end) for year in (1900, 1999, 2000, 2023, 2024, 2100, 2199) for end in ENDS]
EDGES += [date(2000, 2, 29), date(2024, 2, 29)]

days = st.one_of(st.sampled_from(EDGES), st.dates(FIRST_DAY, LAST_DAY))
near = st.integers(-3, 3).map(lambda n: timedelta(days=n))
steps = st.lists(
    st.one_of(
        st.builds(
            lambda years, months, days: Add(Period(years, months, days)),
            st.sampled_from((0, 0, 1, 3, 7, 100, 9000)),
            st.sampled_from((0, 0, 1, 3, 11, 12, 25)),
            st.sampled_from((0, 0, 1, 30, 31, 366, 4_000_000)),
        ),
        st.sampled_from((EndOf("month"), EndOf("year"), EndOf("fiscal_year"))),
        st.just(Inclusive()),
    ),
    max_size=4,
).map(tuple)


@st.composite
def fiscal_years(draw: st.DrawFn) -> tuple[tuple[date, date], ...]:
    """Some years, one after another without a gap, of odd lengths too; none, sometimes."""
    first, found = draw(st.dates(date(1990, 1, 1), date(2030, 1, 1))), []
    for length in draw(st.lists(st.sampled_from((90, 181, 364, 365, 366, 547)), max_size=12)):
        last = first + timedelta(days=length - 1)
        found.append((first, last))
        first = last + timedelta(days=1)
    return tuple(found)


@settings(max_examples=600)
@given(steps, fiscal_years(), days, near, st.data())
def test_a_clocks_last_day_and_what_is_over_are_the_oracles(
    steps: tuple[ClockStep, ...], years: tuple[tuple[date, date], ...], day: date, apart: timedelta, data: st.DataObject
) -> None:
    clock, last = Clock("ended", steps), oracle.last_day(day, steps, years)
    assert last_day(clock, day, years) == last
    edges = [edge for year in years for edge in year]
    today = data.draw(st.one_of(days, st.sampled_from(edges))) if edges else data.draw(days)
    if last is not None and FIRST_DAY <= last <= LAST_DAY and data.draw(st.booleans()):
        today = last  # the day on which it turns
    today = min(max(today + apart, FIRST_DAY), LAST_DAY)
    stretch = over(clock, today, years)
    for each in (day, today, *edges, FIRST_DAY, LAST_DAY):
        for moment in (each - timedelta(days=1), each, each + timedelta(days=1)):
            if FIRST_DAY <= moment <= LAST_DAY:
                ends = oracle.last_day(moment, steps, years)
                assert (stretch.low <= moment < stretch.high) is (ends is not None and ends < today), moment


@given(days, days, near)
def test_before_and_after_a_day_is_every_believed_day_on_that_side(day: date, other: date, apart: timedelta) -> None:
    for moment in {other, min(max(day + apart, FIRST_DAY), LAST_DAY), FIRST_DAY, LAST_DAY}:
        assert (before(day).low <= moment < before(day).high) is (moment < day)
        assert (after(day).low <= moment < after(day).high) is (moment > day)
    assert before(FIRST_DAY).empty
    assert after(LAST_DAY).empty
