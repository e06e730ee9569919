"""`python -m tests.differential.balance`: how often each construct is drawn and comes of something, by the oracle.

No engine runs, so that thousands of worlds are counted in minutes. What is too rare for a long run comes first.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from ombud.claims.learning import learned
from ombud.claims.sweep import swept
from tests.differential.access import carried_along
from tests.differential.cases import Case
from tests.differential.edits import applied
from tests.differential.imports import copied
from tests.differential.outcomes import lived
from tests.differential.siblings import family

ENOUGH = 0.005
"""500 of 100,000 cases."""

KNOWN = tuple(Path(__file__).with_name("constructs.txt").read_text("utf-8").splitlines())
"""Every construct that is to be drawn, or to come of one in a sweep. One that is missed is not counted otherwise."""


def lived_through(case: Case) -> Counter[str]:
    """What all of the case's sweeps did, by the oracle alone."""
    world, found = case.world, Counter[str]()
    for n, day in enumerate(case.days):
        look = learned(case.look(copied(case, world, day), day))
        world, judged = swept(look)
        found.update(lived(look, judged, world))
        found.update(carried_along(learned(case.look(world, day))))
        if n < len(case.edits):
            world, _ = applied(world, case.edits[n])
    return +found


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.differential.balance", description=__doc__)
    parser.add_argument("--families", type=int, default=200)
    parser.add_argument("--family", type=int, default=5, help="how many worlds share a policy and a map")
    parser.add_argument("--first", type=int, default=0, help="the first family's number")
    parser.add_argument("--all", action="store_true", help="also what is drawn often enough")
    asked = parser.parse_args()
    counts, cases = Counter(dict.fromkeys(KNOWN, 0)), 0
    for number in range(asked.first, asked.first + asked.families):
        for case in family(number, asked.family):
            counts.update({*case.constructs, *lived_through(case)})
            cases += 1
    rare = [name for name, times in counts.items() if times < ENOUGH * cases]
    print(f"{cases} cases, {len(counts)} constructs, {len(rare)} of them in fewer than {ENOUGH:.1%} of cases")
    for name, times in sorted(counts.items(), key=lambda item: (item[1], item[0])):
        if asked.all or name in rare:
            print(f"{times / cases:8.2%}  {name}")


if __name__ == "__main__":
    main()
