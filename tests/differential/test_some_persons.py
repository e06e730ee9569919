"""A sweep of some persons leaves their rows as a full one would, everybody else's as they were: beside the oracle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ombud.engine.program import Program
from ombud.plan.sheet import Circle
from tests.differential.harness import Bench
from tests.differential.linked import linked
from tests.differential.siblings import Narrowed, family

WORLDS = 8


@pytest.fixture
def sqlite() -> Iterator[Bench]:
    bench = Bench({"crm": "sqlite://", "web": "sqlite://"})
    yield bench
    bench.close()


@pytest.mark.parametrize(("number", "narrowed"), [(12, linked), (12, None)])
def test_some_persons_are_swept_as_a_full_sweep_would(sqlite: Bench, number: int, narrowed: Narrowed | None) -> None:
    crowd = list(family(number, WORLDS, narrowed=narrowed))
    try:
        found = sqlite.run_crowd(crowd, 1000, Program(), persons=True)
    except Circle:
        return
    assert found is None, f"family {number}: {found}"
    assert sqlite.of_persons


@pytest.mark.parametrize("number", [5, 6, 15])
def test_the_oracle_decides_a_few_persons_rows_as_it_would_all(sqlite: Bench, number: int) -> None:
    sqlite.by_oracle = True
    crowd = list(family(number, WORLDS, narrowed=linked))
    found = sqlite.run_crowd(crowd, 1000, Program(), persons=True)
    assert found is None, f"family {number}: {found}"
    assert sqlite.closely
