"""An apply is killed before a statement or around a commit; another one, or a new plan, ends as if it had not been."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import sqlalchemy as sa

from tests.crash.scene import CASES, Killed, Moments, Scene, copied, killed_at, scene

TOLD = [(n, (1, 2, 1000)[n % 3]) for n in range(CASES)] or [(14, 1), (20, 2), (22, 1000)]
"""Cases and batch sizes. In 14 cells and rows go of two tables, in 20 eleven rows of three, in 22 of two."""
KILLS = int(os.environ.get("OMBUD_KILLS", "3"))
"""At how many moments of each apply it is killed, other ones in each case, and after how many commits."""


def chosen(number: int, whole: Moments) -> Iterator[int]:
    """Moments spread over the whole, and as many right after a commit; the last commit in any case."""
    spread = range(1 + number % max(1, whole.passed // KILLS), whole.passed + 1, max(1, whole.passed // KILLS))
    committed = whole.committed[:: max(1, len(whole.committed) // KILLS)]
    return iter(sorted({*spread, *committed, *whole.committed[-1:]}))


def moments_of(told: Scene, url: str, batch_size: int) -> Moments:
    counted = Moments()
    told.apply(url, batch_size=batch_size, moments=counted)
    assert told.differs(url) == ""
    return counted


@pytest.mark.parametrize(("number", "batch_size"), TOLD)
def test_a_killed_apply_ends_as_if_it_had_not_been_killed(
    number: int, batch_size: int, sqlite_url: str, tmp_path: Path
) -> None:
    told = scene(number, sqlite_url)
    whole = moments_of(told, copied(told.url, tmp_path / "whole.db"), batch_size)
    done = told.receipts(f"sqlite:///{tmp_path / 'whole.db'}")
    for moment in chosen(number, whole):
        resumed = copied(told.url, tmp_path / "resumed.db")
        assert told.dies(resumed, moment, batch_size)
        planned = copied(resumed, tmp_path / "planned.db")
        told.apply(resumed, batch_size=batch_size)
        assert told.differs(resumed) == "", f"case {number}, killed at {moment}, the plan applied again"
        assert told.receipts(resumed) == done, f"case {number}, killed at {moment}"
        told.plan_again(planned, "q")
        told.apply(planned, plan="q", batch_size=batch_size)
        assert told.differs(planned) == "", f"case {number}, killed at {moment}, a new plan"
        assert told.plan_again(planned, "r") == {}, f"case {number}, killed at {moment}, something due is left"


def test_an_apply_killed_again_and_again_still_ends(sqlite_url: str, tmp_path: Path) -> None:
    told = scene(20, sqlite_url)
    url = copied(told.url, tmp_path / "dying.db")
    moment, deaths = 100, 0
    while told.dies(url, moment, batch_size=1):
        moment, deaths = moment + 25, deaths + 1
    assert deaths > 3
    assert told.differs(url) == ""


def test_a_killed_plan_is_made_again_as_if_it_had_not_been(sqlite_url: str, tmp_path: Path) -> None:
    told = scene(20, sqlite_url)
    counted = Moments()
    assert told.plan_again(copied(told.url, tmp_path / "whole.db"), "q", counted) == told.due
    for moment in chosen(20, counted):
        url = copied(told.url, tmp_path / "killed.db")
        with pytest.raises(Killed):
            told.plan_again(url, "q", killed_at(moment))
        assert told.plan_again(url, "r") == told.due, f"killed at {moment}"
        told.apply(url, plan="r")
        assert told.differs(url) == "", f"killed at {moment}"


@pytest.mark.parametrize("moment", [3, 9, 21])
def test_a_sidecar_whose_making_is_killed_is_not_there(moment: int, sqlite_url: str, tmp_path: Path) -> None:
    told = scene(20, sqlite_url)
    url = copied(told.url, tmp_path / "bare.db")
    with told.opened(url) as connection, connection.begin():
        for name in sa.inspect(connection).get_table_names():
            if name.startswith("ombud_"):
                connection.exec_driver_sql(f'DROP TABLE "{name}"')
    before = told.content(url)
    with pytest.raises(Killed):
        told.plan_again(url, "q", killed_at(moment))
    assert told.content(url) == before
    assert told.plan_again(url, "q") == told.due
    told.apply(url, plan="q")
    assert told.differs(url) == ""


def test_two_who_apply_the_same_plan_at_once_share_the_work(sqlite_url: str, tmp_path: Path) -> None:
    told = scene(20, sqlite_url)
    url = copied(told.url, tmp_path / "shared.db")
    two = [Thread(target=told.apply, args=(url,), kwargs={"batch_size": 1}) for _ in range(2)]
    for each in two:
        each.start()
    for each in two:
        each.join()
    assert told.differs(url) == ""
    changed = sum(count.deleted + sum(count.blanked.values()) for count in told.due.values())
    assert sum(told.receipts(url).values()) == changed
