"""Fiscal years and last days."""

from __future__ import annotations

from datetime import date

import pytest

from ombud.policy.model import Add, ClockStep, EndOf, Inclusive
from ombud.policy.years import every_last_day, last_day
from ombud.terms import FIRST_DAY, Period
from tests.policy.texts import HEAD, loaded, read

ONE = "p: {basis: contract, data: [contact], keep: {until: ended}}"
CALENDAR = ((date(2025, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), date(2026, 12, 31)))


def years(written: str) -> tuple[tuple[date, date], ...]:
    head = HEAD.replace("fiscal_years: {ends: 08-31, first: 2020, last: 2030}", f"fiscal_years: {written}")
    return loaded(ONE, head=head).companies["south"].fiscal_years


def test_the_short_form_lists_the_years_that_end_on_that_day() -> None:
    assert years("{ends: 08-31, first: 2025, last: 2026}") == (
        (date(2024, 9, 1), date(2025, 8, 31)),
        (date(2025, 9, 1), date(2026, 8, 31)),
    )


def test_a_single_year_is_a_list_of_one() -> None:
    assert years("{ends: 12-31, first: 2026, last: 2026}") == ((date(2026, 1, 1), date(2026, 12, 31)),)


def test_a_year_may_be_prolonged_to_eighteen_months_and_no_longer() -> None:
    assert years("[2025-07-01/2026-12-31]") == ((date(2025, 7, 1), date(2026, 12, 31)),)
    for too_long in ("[2025-06-30/2026-12-31]", "[2025-07-01/2027-01-01]", "[2025-07-01/2027-02-28]"):
        head = HEAD.replace("{ends: 08-31, first: 2020, last: 2030}", too_long)
        assert [finding.code for finding in read(ONE, head=head)[1]] == ["P013"]


def test_a_year_that_ends_with_february_ends_on_its_last_day() -> None:
    assert [end for _, end in years("{ends: 02-28, first: 2023, last: 2025}")] == [
        date(2023, 2, 28),
        date(2024, 2, 29),
        date(2025, 2, 28),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "{ends: 13-31, first: 2025, last: 2026}",
        "{ends: 02-30, first: 2025, last: 2026}",
        "{ends: 12-31, first: 2027, last: 2026}",
        "[2025-01-01/2025-12-31, 2025-12-31/2026-12-30]",
        "[2025-01-01/2026-12-31]",
        "[2025-02-29/2025-12-31]",
        "[2025-01-01]",
        "[]",
        "never",
    ],
)
def test_fiscal_years_that_do_not_add_up_are_refused(written: str) -> None:
    head = HEAD.replace("fiscal_years: {ends: 08-31, first: 2020, last: 2030}", f"fiscal_years: {written}")
    policy, findings = read(ONE, head=head)
    assert policy is None
    assert {finding.code for finding in findings} <= {"P007", "P008", "P011", "P013"}


@pytest.mark.parametrize(
    ("steps", "start", "end"),
    [
        ((Add(Period(months=1)),), date(2024, 1, 31), date(2024, 2, 29)),
        ((Add(Period(months=12)), Inclusive()), date(2026, 11, 24), date(2027, 11, 23)),
        ((Add(Period(years=1)),), date(2024, 2, 29), date(2025, 2, 28)),
        ((Add(Period(months=1, days=1)),), date(2026, 1, 31), date(2026, 3, 1)),
        ((EndOf("month"), Add(Period(months=1)), EndOf("month")), date(2026, 1, 15), date(2026, 2, 28)),
        ((EndOf("fiscal_year"), Add(Period(years=7)), EndOf("year")), date(2026, 3, 1), date(2033, 12, 31)),
        ((EndOf("fiscal_year"),), date(2027, 1, 1), None),
        ((), date(2026, 3, 1), date(2026, 3, 1)),
    ],
)
def test_the_last_day_is_what_the_steps_lead_to(steps: tuple[ClockStep, ...], start: date, end: date | None) -> None:
    assert last_day(steps, start, CALENDAR) == end


def test_all_days_that_are_believed_are_tried_and_no_other() -> None:
    days = every_last_day((), ())
    assert (len(days), days[0], days[-1]) == (109_573, FIRST_DAY, date(2199, 12, 31))
