"""What single values say, where a driver gives them other forms than the oracle's worlds have."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ombud.claims.calendar import moment_of
from ombud.claims.read import Row, is_empty
from ombud.datamap.model import Blank, Cell, Encoding, TimeColumn
from ombud.terms import NotYet, OnDay
from tests.claims.shop import kind, table

FOREVER = ("9999-12-31", "2100-01-01T12:00:00+00:00")


@pytest.mark.parametrize(
    ("value", "encoding", "says"),
    [
        (date(9999, 12, 31), Encoding.DATE, NotYet()),
        (date(2100, 1, 2), Encoding.DATE, OnDay(date(2100, 1, 2))),
        (datetime.fromisoformat("2100-01-01T12:00"), Encoding.TIMESTAMP, NotYet()),
        (datetime(2100, 1, 1, 12, tzinfo=UTC), Encoding.TIMESTAMPTZ, NotYet()),
        (datetime.fromisoformat("2100-01-01T13:00"), Encoding.TIMESTAMP, OnDay(date(2100, 1, 1))),
    ],
)
def test_a_native_day_or_instant_that_the_map_calls_nothing_says_nothing(
    value: Any, encoding: Encoding, says: object
) -> None:
    assert moment_of(value, TimeColumn("at", encoding, "UTC", FOREVER), "UTC") == says


@pytest.mark.parametrize(
    ("blank", "value", "empty"),
    [
        ("{}", {}, True),
        ("{}", "{}", True),
        ("{}", {"a": 1}, False),
        ("{}", "text", False),
        ("gone", {}, False),
        ("gone", "gone", True),
        ("gone", None, True),
        ("gone", "", True),
    ],
)
def test_a_cell_is_empty_that_holds_its_blank_also_as_a_driver_reads_it(blank: str, value: Any, empty: bool) -> None:
    cell = Cell("doc", "doc", "contact", blank=Blank(blank))
    of = table("member", kind("deliver", {}, cell))
    assert is_empty(cell, Row("shop", of, (1,), {"id": 1, "doc": value})) is empty
