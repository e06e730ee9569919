"""By when a request is due: the vectors, and ten years of days beside a counter that counts on its fingers."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.rights.deadlines import PROMPT, deadline, deadline_of, first_month_ends, stops
from ombud.rights.events import AskedForProof, FellShort, Received
from ombud.rights.life import step
from ombud.rights.model import Ending, Pause, Proof, Request, RequestKind
from ombud.rights.working_days import LAST_YEAR, OutOfCalendar, eve, holidays_of

SAID = json.loads((Path(__file__).parents[2] / "spec/vectors/deadlines.json").read_text("utf-8"))
VECTORS, QUESTIONS = SAID["deadlines"], SAID["questions"]
LATER = date(2040, 1, 1)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["says"])
def test_a_request_is_due_when_the_vector_says(vector: dict[str, Any]) -> None:
    pauses = [Pause(date.fromisoformat(since), day(until)) for since, until in vector.get("pauses", ())]
    found = deadline(
        date.fromisoformat(vector["received"]), pauses, day(vector.get("extended")), day(vector.get("today")) or LATER
    )
    assert (str(found.due), str(found.due_if_eves)) == (vector["due"], vector["if_eves"])
    assert found.act_by == found.due
    assert found.stood_still == vector.get("stood_still", 0)
    assert found.standing_still is vector.get("standing_still", False)
    assert "overdue" not in vector or found.overdue is vector["overdue"]


@pytest.mark.parametrize("vector", QUESTIONS, ids=lambda vector: vector["says"])
def test_a_question_stops_the_clock_where_the_vector_says(vector: dict[str, Any]) -> None:
    received, put = date.fromisoformat(vector["received"]), date.fromisoformat(vector["put"])
    request = step(None, Received("r1", RequestKind.ACCESS, received), received)
    for on, answered in vector.get("asked", ()):
        request = step(request, AskedForProof(answered != "unneeded"), date.fromisoformat(on))
        if answered not in (None, "unneeded"):
            request = step(request, FellShort(Proof.SESSION), date.fromisoformat(answered))
    needed = vector.get("needed", True)
    told = needed and stops(request, put)
    after = step(request, AskedForProof(needed), put)
    later = deadline_of(after, put + timedelta(days=1))
    assert later.standing_still is told is vector["stops"]
    assert (deadline_of(after, put + timedelta(days=61)).due > later.due) is vector["stops"]


# --- a counter that counts on its fingers -----------------------------------------------------------------------
# It knows no formula of the other's: it walks day by day, and finds Easter by the new moons of a table of Gauss.


def easter(year: int) -> date:
    golden, century = year % 19, year // 100
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    back = moon - (year + year // 4 + moon + 2 - century + century // 4) % 7
    month = 3 + (back + 40) // 44
    return date(year, month, back + 28 - 31 * (month // 4))


def is_free(one: date, *, eves: bool) -> bool:
    if one.strftime("%a") in ("Sat", "Sun") or (one.month, one.day) in {
        (1, 1),
        (1, 6),
        (5, 1),
        (6, 6),
        (12, 25),
        (12, 26),
    }:
        return True
    if (one - easter(one.year)).days in (-2, 0, 1, 39, 49):
        return True
    midsummer = next(d for n in range(20, 27) if (d := date(one.year, 6, n)).strftime("%a") == "Sat")
    return eves and one in (date(one.year, 12, 24), date(one.year, 12, 31), midsummer - timedelta(days=1))


def counted(received: date, months: int, still: int, *, eves: bool) -> date:
    """Walk to the right month, to the day of the same number or the last there is, then to a working day."""
    one = received
    for _ in range(months):
        one = one.replace(day=1)
        month = one.month
        while one.month == month:
            one += timedelta(days=1)
    target = one
    while target.day != received.day and (target + timedelta(days=1)).month == one.month:
        target += timedelta(days=1)
    for _ in range(still):
        target += timedelta(days=1)
    while is_free(target, eves=eves):
        target += timedelta(days=1)
    return target


FIRST = date(2024, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(3653)]


def test_on_every_day_of_ten_years_it_is_as_counted_on_the_fingers() -> None:
    for received in DAYS:
        for months, extended in ((1, None), (3, received)):
            found = deadline(received, (), extended, LATER)
            assert found.due == counted(received, months, 0, eves=False), received
            assert found.due_if_eves == counted(received, months, 0, eves=True), received


@given(st.sampled_from(DAYS), st.integers(0, PROMPT), st.integers(0, 200), st.booleans())
def test_a_question_that_stands_moves_the_end_by_as_many_days(
    received: date, asked: int, still: int, extended: bool
) -> None:
    pause = Pause(received + timedelta(days=asked), received + timedelta(days=asked + still))
    found = deadline(received, [pause], received if extended else None, LATER)
    assert found.due == counted(received, 3 if extended else 1, still, eves=False)
    assert found.due_if_eves == counted(received, 3 if extended else 1, still, eves=True)


@given(st.sampled_from(DAYS), st.integers(PROMPT + 1, 400), st.integers(0, 200))
def test_a_question_that_was_not_put_promptly_moves_nothing(received: date, asked: int, still: int) -> None:
    pause = Pause(received + timedelta(days=asked), received + timedelta(days=asked + still))
    assert deadline(received, [pause], None, LATER).due == counted(received, 1, 0, eves=False)


@given(st.sampled_from(DAYS), st.integers(-5, 5))
def test_an_extension_counts_if_and_only_if_it_was_told_inside_the_first_month(received: date, late: int) -> None:
    ends = counted(received, 1, 0, eves=False)
    months = 3 if late <= 0 else 1
    assert deadline(received, (), ends + timedelta(days=late), LATER).due == counted(received, months, 0, eves=False)


@given(st.sampled_from(DAYS), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4))
def test_a_clock_is_never_moved_by_more_days_than_a_question_stood_unanswered(
    received: date, spans: list[tuple[int, int]]
) -> None:
    pauses = [Pause(received + timedelta(days=a), received + timedelta(days=a + n)) for a, n in spans]
    open_on = {p.since + timedelta(days=n) for p in pauses for n in range(1, ((p.until or p.since) - p.since).days + 1)}
    assert deadline(received, pauses, None, LATER).stood_still <= len(open_on)


@given(st.sampled_from(DAYS), st.integers(0, 120))
def test_the_earlier_of_both_dates_is_kept_and_each_day_takes_one(received: date, later: int) -> None:
    today = received + timedelta(days=later)
    found = deadline(received, (), None, today)
    assert found.act_by <= found.due_if_eves
    assert found.days_left == (found.act_by - today).days
    assert found.overdue is (today > found.act_by)


# --- what is said of it -----------------------------------------------------------------------------------------


def test_the_reasons_say_both_dates_and_the_law_in_both_languages() -> None:
    reasons = deadline(date(2026, 11, 24), (), None, date(2026, 12, 1)).reasons
    assert all(set(each) == {"sv", "en"} for each in reasons)
    assert "julafton" in reasons[-1]["sv"]
    assert "2026-12-28" in reasons[-1]["sv"]
    assert "Christmas Eve" in reasons[-1]["en"]
    assert "1182/71" in reasons[0]["en"]


def test_a_question_put_late_and_an_extension_told_late_are_said_not_to_count() -> None:
    late = [Pause(date(2026, 4, 1), date(2026, 4, 20))]
    told = " ".join(each["en"] for each in deadline(date(2026, 3, 3), late, date(2026, 4, 8), LATER).reasons)
    assert "was not put promptly" in told
    assert "does not count" in told


def test_a_refusal_has_one_month_however_long_the_request_was_extended() -> None:
    request = Request("r1", RequestKind.ACCESS, date(2026, 3, 3), extended="many", extended_on=date(2026, 3, 20))
    assert deadline_of(request, date(2026, 5, 1)).due == date(2026, 6, 3)
    refused = Request("r1", RequestKind.ACCESS, date(2026, 3, 3), extended_on=date(2026, 3, 20), ending=Ending.REFUSED)
    assert deadline_of(refused, date(2026, 5, 1)).due == date(2026, 4, 7) == first_month_ends(refused, LATER)


def test_what_was_answered_in_time_is_not_overdue_years_later() -> None:
    request = Request("r1", RequestKind.ACCESS, date(2026, 3, 3), answered=date(2026, 4, 7))
    assert not deadline_of(request, LATER).overdue
    late = Request("r1", RequestKind.ACCESS, date(2026, 3, 3), answered=date(2026, 4, 8))
    assert deadline_of(late, LATER).overdue


@pytest.mark.parametrize("received", [date(LAST_YEAR, 12, 20), date(LAST_YEAR + 50, 1, 1), date(1852, 5, 1)])
def test_a_day_whose_holidays_nobody_knows_is_refused_and_not_guessed(received: date) -> None:
    with pytest.raises(OutOfCalendar):
        deadline(received, (), None, received)


def test_the_library_has_no_eves_so_ours_are_the_only_ones() -> None:
    for year in range(2020, 2040):
        eves = [one for n in range(366) if eve(one := date(year, 1, 1) + timedelta(days=n)) and one.year == year]
        assert len(eves) == 3
        assert not holidays_of(year).keys() & set(eves)
