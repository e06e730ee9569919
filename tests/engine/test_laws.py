"""The laws of the whole on a real engine: twice is once, day by day is at once, and a batch's size changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.claims.laws import Told, alive, is_in_doubt
from tests.crash.scene import CASES, Scene, copied, scene

NUMBERS = range(CASES) if CASES else (6, 13, 20)


def sweep_on(told: Scene, url: str, day: date, batch_size: int = 1000) -> dict[str, object]:
    """Plan and apply on a day; what was due, by table."""
    with told.opened(url) as connection:
        sweep = told.sweep(connection, f"of {day}", batch_size, day)
        due = sweep.freeze()
        sweep.apply()
    return {name: count for name, count in due.items() if not count.empty}


@pytest.mark.parametrize("number", NUMBERS)
def test_the_laws_hold(number: int, law_file: str, tmp_path: Path) -> None:
    told = scene(number, law_file)
    first = told.case.days[0]
    at_once, one_by_one = (copied(told.url, tmp_path / name) for name in ("at_once.db", "one_by_one.db"))
    sweep_on(told, at_once, first)
    sweep_on(told, one_by_one, first, batch_size=1)
    once = told.content(at_once)
    assert told.differs(at_once) == "", "batches of a thousand"
    assert told.content(one_by_one) == once, "batches of one"
    assert sweep_on(told, at_once, first) == {}, "twice is once"
    assert told.content(at_once) == once, "twice is once"
    days_in_between_change_nothing(told, at_once, copied(told.url, tmp_path / "only.db"))


def days_in_between_change_nothing(told: Scene, both: str, only: str) -> None:
    """Unless a mark or a state that begins brings a claim to life, or a doubt was remembered."""
    drawn, world = told.case, told.case.world
    if len(drawn.days) < 2:
        return
    first, second = drawn.days[:2]
    oracle = Told(0, drawn)
    if not alive(oracle.held(world, second)) <= alive(oracle.held(world, first)):
        return
    if any(map(is_in_doubt, oracle.after(world, first).memo.values())):
        return
    sweep_on(told, both, second)
    sweep_on(told, only, second)
    assert told.content(both, memory=False) == told.content(only, memory=False), "day by day"
