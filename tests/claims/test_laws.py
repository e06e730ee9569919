"""The laws of the whole, on the oracle, over a few generated worlds. `make laws` runs them on as many as asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.claims.laws import LAWS, Told
from tests.differential.worlds import case

CASES, PARTS = 200, 10


@pytest.mark.parametrize("law", LAWS, ids=lambda law: str(law.__name__))
@pytest.mark.parametrize("part", range(PARTS))
def test_the_law_holds(part: int, law: Callable[[Told], None]) -> None:
    for number in range(part, CASES, PARTS):
        law(Told(number, case(number)))
