"""The desk is told of a request once for each number of days before it is due, and once when it is late."""

from __future__ import annotations

from datetime import date, timedelta

from ombud.rights.deadlines import deadline_of
from ombud.rights.events import AskedForProof, Event, Extended, Identified, Reminded
from ombud.rights.life import step
from ombud.rights.model import Proof, RequestKind
from ombud.rights.reminding import reminder
from tests.rights.requests import MONDAY, delivered, lived, received

DUE = date(2026, 4, 2)
"""A month after MONDAY, 2 March 2026."""


def reminded_on(*days: int, until: int = 40, first: int = 0, **at: Event) -> list[tuple[int, int]]:
    """The days after receipt on which the desk is told, each with the number of days that it is told for."""
    request = step(None, received(), MONDAY)
    found = []
    for n in range(first, until):
        day = MONDAY + timedelta(days=n)
        if event := at.get(f"on_{n}"):
            request = step(request, event, day)
        due = deadline_of(request, day)
        if said := reminder(request, due, days or (7, 2, 0)):
            request = step(request, said, day)
            found.append((n, said.left))
    return found


def test_it_is_told_of_once_for_each_number_of_days_and_once_when_it_is_late() -> None:
    assert (DUE - MONDAY).days == 31
    assert reminded_on() == [(24, 7), (29, 2), (31, 0), (32, -1)]
    assert reminded_on(10) == [(21, 10), (32, -1)]


def test_of_several_numbers_that_have_come_at_once_the_least_is_told() -> None:
    assert reminded_on(first=30) == [(30, 2), (31, 0), (32, -1)], "somebody was away, or it was entered late"
    assert reminded_on(first=35) == [(35, -1)]


def test_a_day_that_has_moved_is_another_day() -> None:
    extended = reminded_on(until=100, on_25=Extended("three systems"))
    assert extended[0] == (24, 7)
    assert [left for _, left in extended[1:]] == [7, 2, 0, -1]
    assert extended[1][0] > 80


def test_nobody_is_reminded_while_the_clock_stands_still_or_of_what_is_answered() -> None:
    assert reminded_on(until=60, on_2=AskedForProof()) == []
    asked = reminded_on(until=60, on_2=AskedForProof(), on_12=Identified(Proof.CONTACT_POINT, ("crm",)))
    assert [left for _, left in asked] == [7, 2, 0, -1]
    assert asked[0][0] == 24 + 10 + 1, "ten days more end on a Sunday"
    done = lived(*delivered(RequestKind.ACCESS))
    assert reminder(done, deadline_of(done, DUE), (7,)) is None


def test_a_reminder_is_in_the_history_and_changes_nothing_else() -> None:
    request = step(None, received(), MONDAY)
    after = step(request, Reminded(DUE, 7), MONDAY)
    assert after.state is request.state
    assert [(each.due, each.left) for each in after.reminded] == [(DUE, 7)]
