"""A batch leaves the same whether it finds as many people as its rows call for, or everybody."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from ombud.plan.sheet import Circle
from tests.differential.crowds import CROWD
from tests.differential.harness import Bench
from tests.differential.late import parted
from tests.differential.linked import linked
from tests.differential.siblings import family

FAMILIES = int(os.environ.get("OMBUD_CASES", "75")) // CROWD


@pytest.fixture
def sqlite() -> Iterator[Bench]:
    bench = Bench({"crm": "sqlite://", "web": "sqlite://"})
    yield bench
    bench.close()


@pytest.mark.parametrize("number", range(7027, 7027 + FAMILIES))
def test_whom_a_batch_finds_makes_no_difference(sqlite: Bench, number: int) -> None:
    try:
        found = parted(sqlite, list(family(number, CROWD, narrowed=linked)), 17 if number % 3 == 0 else 1000)
    except Circle:
        return
    assert not found, f"family {number}: {found}"
