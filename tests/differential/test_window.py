"""A sweep that looks at what days alone have brought about leaves what a full look would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ombud.engine.program import Program
from ombud.plan.sheet import Circle
from tests.differential.crowds import CROWD
from tests.differential.harness import Bench
from tests.differential.quiet import quiet
from tests.differential.siblings import family


@pytest.fixture
def sqlite() -> Iterator[Bench]:
    bench = Bench({"crm": "sqlite://", "web": "sqlite://"})
    yield bench
    bench.close()


@pytest.mark.parametrize("number", [4, 6118])  # in the fourth, days are remembered of rows that are gone
def test_a_window_leaves_what_a_full_look_would(sqlite: Bench, number: int) -> None:
    crowd = [quiet(case) for case in family(number, CROWD)]
    try:
        found = sqlite.run_crowd(crowd, 1000, Program(), window=True)
    except Circle:
        return
    assert found is None, f"family {number}: {found}"
    assert sqlite.by_window
