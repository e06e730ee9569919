"""The generator still draws every construct that it is known for, and each comes of something somewhere."""

from __future__ import annotations

from collections import Counter

from tests.differential.balance import KNOWN, lived_through
from tests.differential.siblings import family

FAMILIES = 800


def test_every_known_construct_is_drawn() -> None:
    found: Counter[str] = Counter()
    for number in range(FAMILIES):
        for case in family(number, 1):
            found.update({*case.constructs, *lived_through(case)})
    missed = [name for name in KNOWN if not found[name]]
    assert not missed, f"in {FAMILIES} cases there is none with: {missed}"
    unlisted = [name for name in found if name not in KNOWN and "→" not in name]
    assert not unlisted, f"add to constructs.txt: {unlisted}"
