"""What somebody enters becomes a value of the column's type, or is refused: it stands there in no odd spelling."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from ombud.datamap.entered import entered

ODD = [
    "20260101",
    "2026-W01-1",
    "2026-001",
    "2026-1-1",
    "2026-02-30",
    "２０２６-01-01",
    "2026-01-01 10:00",
    "",
]
ODD_TIMES = [
    "20260101T1000",
    "2026-W01-1 10:00",
    "2026-01-01",
    "2026-01-01_10:00",
    "2026-01-01 10",
    "2026-01-01 1000",
    "2026-01-01 10:00:00,5",
    "2026-01-01 25:00",
]


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("text", ODD)
def test_a_day_is_written_in_one_way(text: str, native: bool) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        entered(text, "date", native=native)


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("text", ODD_TIMES)
def test_so_is_a_time(text: str, native: bool) -> None:
    for family, zone in (("timestamp", ""), ("timestamptz", "+01:00")):
        with pytest.raises(ValueError, match="HH:MM"):
            entered(text + zone, family, native=native)


def test_where_a_database_keeps_days_as_text_the_text_is_kept() -> None:
    assert entered(" 2026-01-01 ", "date", native=True) == date(2026, 1, 1)
    assert entered(" 2026-01-01 ", "date", native=False) == "2026-01-01"
    for text in ("2026-01-01 10:00", "2026-01-01T10:00:00", "2026-01-01 10:00:00.125"):
        assert entered(text, "timestamp", native=False) == text
        assert entered(text, "timestamp", native=True) == datetime.fromisoformat(text)
        for zone in ("Z", "+00:00"):
            assert entered(text + zone, "timestamptz", native=False) == text + zone
            assert entered(text + zone, "timestamptz", native=True) == datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_time_says_its_zone_where_the_column_has_one_and_nowhere_else() -> None:
    for text, family in (("2026-01-01 10:00Z", "timestamp"), ("2026-01-01 10:00", "timestamptz")):
        with pytest.raises(ValueError, match="HH:MM"):
            entered(text, family, native=True)
