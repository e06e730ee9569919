"""What another source says of a person is asked again when a plan is applied: as it is on that day, at that moment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.cli.conftest import Place

LATE = datetime(2026, 6, 1, 21, 55, tzinfo=UTC)
"""Five minutes before midnight in Stockholm."""
AFTER = datetime(2026, 6, 1, 22, 5, tzinfo=UTC)


@pytest.fixture
def letters(bare: Place) -> Place:
    """The desk keeps letters as long as the shop keeps whom they went to."""
    bare.replace(
        "datamap/desk.yaml",
        "moments: {ended: closed}",
        "moments: {ended: {from: shop, match: email, if_none: unknown}}",
    )
    bare.replace(
        "datamap/desk.yaml",
        "columns: {email: contact.email",
        "not_personal: [closed]\n    columns: {email: contact.email",
    )
    bare.sql("desk", "UPDATE ticket SET opened = '2019-01-01'")
    return bare


def _tickets(place: Place) -> list[int]:
    return [key for (key,) in place.sql("desk", "SELECT id FROM ticket ORDER BY id")]


def test_a_plan_made_before_midnight_is_carried_out_after_it(letters: Place) -> None:
    letters.now = LATE
    path = letters.plan("--source", "desk")
    letters.now = AFTER
    result = letters.apply(path)
    assert result.exit_code == 0, result.output
    assert _tickets(letters) == [2]


def test_who_came_back_in_the_other_source_since_the_plan_stays(letters: Place) -> None:
    path = letters.plan("--source", "desk")
    letters.sql("shop", "UPDATE customer SET ended_at = NULL WHERE id = 1")
    result = letters.apply(path)
    assert result.exit_code == 0, result.output
    assert "desk.ticket: 1 row stays: changed since the plan" in result.stdout
    assert _tickets(letters) == [1, 2]


def test_where_the_other_source_cannot_be_asked_rows_stay_and_it_is_told(letters: Place) -> None:
    letters.now = LATE
    path = letters.plan("--source", "desk")
    letters.now = AFTER
    (letters.directory / "shop.db").rename(letters.directory / "away.db")
    result = letters.apply(path)
    assert result.exit_code == 1
    assert "C030: shop" in result.stderr
    assert "another source could not be asked" in result.stdout
    assert "Nothing due is left" not in result.stdout
    assert _tickets(letters) == [1, 2]
