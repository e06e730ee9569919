"""Certain rows are the person's; of the others somebody decides, one by one, and nothing follows from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ombud.rights.matching import Ambiguous, Decision, Matched, NotTheirs, RowRef, Why, decided, offered

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
HERS, HOME, OLD, ALIKE = (RowRef("crm", "customer", key) for key in ("1", "home@x.example", "3", "4"))
FOUND = Matched(
    frozenset({HERS}), (Ambiguous(HOME, Why.SHARED), Ambiguous(OLD, Why.FORMER), Ambiguous(ALIKE, Why.LIKE))
)


def said(row: RowRef, accepted: bool, minutes: int = 0, by: str = "maria", ground: str = "same order") -> Decision:
    return Decision(row, accepted, by, NOON + timedelta(minutes=minutes), ground)


@pytest.mark.fact("R1")
def test_undecided_rows_are_not_the_persons_and_stand_with_their_reasons() -> None:
    matched = decided(FOUND, [], protected=False)
    assert matched.certain == {HERS}
    assert [(each.row, each.why) for each in matched.ambiguous] == [
        (HOME, Why.SHARED), (OLD, Why.FORMER), (ALIKE, Why.LIKE),
    ]  # fmt: skip


def test_a_decision_takes_in_the_one_row_that_it_names() -> None:
    matched = decided(FOUND, [said(HOME, True), said(OLD, False)], protected=False)
    assert matched.certain == {HERS, HOME}
    assert [each.row for each in matched.ambiguous] == [ALIKE]


def test_the_latest_decision_holds_and_at_a_tie_the_row_is_left_out() -> None:
    assert HOME in decided(FOUND, [said(HOME, False), said(HOME, True, 1)], protected=False).certain
    assert HOME not in decided(FOUND, [said(HOME, True), said(HOME, False, 1)], protected=False).certain
    for order in ([True, False], [False, True]):
        assert HOME not in decided(FOUND, [said(HOME, each) for each in order], protected=False).certain


def test_nobody_decides_without_a_name_or_a_ground_or_of_a_row_that_is_not_in_question() -> None:
    for wrong in (said(HOME, True, by=""), said(HOME, True, ground=" "), said(RowRef("crm", "customer", "9"), True)):
        with pytest.raises(NotTheirs):
            decided(FOUND, [wrong], protected=False)


def test_a_changed_identity_is_not_even_offered_to_be_linked() -> None:
    assert [each.row for each in offered(FOUND.ambiguous, protected=True)] == [HOME]
    for row in (OLD, ALIKE):
        with pytest.raises(NotTheirs):
            decided(FOUND, [said(row, True)], protected=True)


def test_a_key_that_may_be_an_address_does_not_print() -> None:
    assert "home@" not in repr(decided(FOUND, [], protected=False))
