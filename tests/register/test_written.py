"""A frozen value is written as JSON and read as it was, also by a version that knows it differently."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from ombud.register.written import read, write
from ombud.rights.model import Pause, State


@dataclass(frozen=True, slots=True)
class Inner:
    state: State
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Whole:
    name: str
    inner: Inner | None = None
    by: Mapping[str, Inner] = field(default_factory=dict)
    states: frozenset[State] = frozenset()
    at: datetime | None = None
    count: int = 0


VALUE = Whole(
    "x",
    Inner(State.REVIEW, (Pause(date(2026, 6, 1)), Pause(date(2026, 6, 1), date(2026, 6, 9)))),
    {"crm": Inner(State.CLOSED)},
    frozenset({State.REVIEW, State.CLOSED}),
    datetime(2026, 6, 1, 10, tzinfo=UTC),
)


def test_a_value_comes_back_from_json_as_it_was() -> None:
    assert read(Whole, json.loads(json.dumps(write(VALUE)))) == VALUE


def test_what_is_as_by_default_is_not_written() -> None:
    assert write(Whole("x")) == {"name": "x"}
    assert write(Whole("x", count=3), frozenset({"name"})) == {"count": 3}


def test_a_field_that_is_gone_is_passed_over_and_a_new_one_has_its_default() -> None:
    assert read(Whole, {"name": "x", "gone": [1]}) == Whole("x")


def test_what_nobody_could_read_again_is_not_written() -> None:
    with pytest.raises(TypeError, match="complex is not written"):
        write(Whole(1j))  # type: ignore[arg-type]
