"""A process that applies a plan is killed by the system, which asks nobody; what it began, the database undoes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.scene import CASES, Moments, Scene, copied, scene

NUMBERS = range(CASES) if CASES else (20,)
SHARES = (0.2, 0.5, 0.8, 0.999) if CASES else (0.4, 0.999)
"""How far the process comes, as a share of all the moments of the whole."""


def killed(number: int, url: str, moment: int) -> bool:
    """Apply with batches of two rows in another process, until that moment; whether it came so far."""
    command = [sys.executable, "-m", "tests.crash.dying", str(number), url, "2", str(moment)]
    ended = subprocess.run(command, cwd=Path(__file__).parents[2], env=_environment(), timeout=60, check=False)
    assert ended.returncode in (0, -signal.SIGKILL)
    return ended.returncode != 0


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": "src:."}


def whole(told: Scene) -> int:
    counted = Moments()
    told.apply(told.url, batch_size=2, moments=counted)
    assert CASES or told.due
    assert told.differs(told.url) == ""
    return counted.passed


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("number", NUMBERS)
def test_on_sqlite_the_same_plan_and_a_new_one_end_the_work(
    number: int, share: float, sqlite_url: str, tmp_path: Path
) -> None:
    told = scene(number, sqlite_url)
    url = copied(told.url, tmp_path / "killed.db")
    assert killed(number, url, max(1, int(share * whole(told))))
    with told.opened(url):  # rolls the journal back, so that the file alone is the database
        told.differs(url)
    planned = copied(url, tmp_path / "planned.db")
    told.apply(url, batch_size=2)
    assert told.differs(url) == ""
    assert told.receipts(url) == told.receipts(told.url)
    told.plan_again(planned, "q")
    told.apply(planned, plan="q")
    assert told.differs(planned) == ""


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("number", NUMBERS)
def test_on_postgresql_the_same_plan_ends_the_work(number: int, share: float, postgresql_url: str) -> None:
    moments, done = _whole_on_postgresql(number, postgresql_url)
    # Locks are taken again while others commit anywhere on the server, so the whole may have had more of them.
    for moment in range(max(1, int(share * moments)), 0, -max(1, moments // 20)):
        told = scene(number, postgresql_url)
        if killed(number, postgresql_url, moment):
            break
    else:
        pytest.fail("it was never killed")
    told.apply(postgresql_url, batch_size=2)
    assert told.differs(postgresql_url) == ""
    assert told.receipts(postgresql_url) == done


def test_on_postgresql_a_new_plan_ends_the_work(postgresql_url: str) -> None:
    moments, _ = _whole_on_postgresql(NUMBERS[0], postgresql_url)
    told = scene(NUMBERS[0], postgresql_url)
    assert killed(NUMBERS[0], postgresql_url, moments // 2)
    told.plan_again(postgresql_url, "q")
    told.apply(postgresql_url, plan="q")
    assert told.differs(postgresql_url) == ""
    assert told.plan_again(postgresql_url, "r") == {}


def _whole_on_postgresql(number: int, url: str) -> tuple[int, object]:
    told = scene(number, url)
    return whole(told), told.receipts(url)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("number", NUMBERS)
def test_on_duckdb_the_same_plan_ends_the_work(number: int, share: float, tmp_path: Path) -> None:
    driver, path = pytest.importorskip("duckdb"), tmp_path / "crm.duckdb"
    driver.connect(str(path)).close()
    url = f"duckdb:///{path}"
    told = scene(number, url)
    moments = whole(told)
    done = told.receipts(url)
    told = scene(number, url)
    assert killed(number, url, max(1, int(share * moments)))
    told.apply(url, batch_size=2)
    assert told.differs(url) == ""
    assert told.receipts(url) == done
