"""The laws of the whole (spec/claims.md §7), on the oracle, over generated worlds.

`OMBUD_CASES=20000` makes the long run. A law that fails prints the case's number, which is enough to draw it again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from ombud.claims.live import OnRow
from ombud.claims.sweep import sweep
from ombud.claims.verdict import held_by, judge
from ombud.claims.world import RowId, World
from ombud.datamap.model import CompanyColumn, FromColumn, OwnersOf, Table
from ombud.terms import Act, Mark, Outcome, Verdict
from tests.differential.edits import applied
from tests.differential.worlds import Case, case, digest

CASES = int(os.environ.get("OMBUD_CASES", "300"))
WORSE = {Outcome.KEEP: 0, Outcome.BLANK: 1, Outcome.SHELL: 2, Outcome.DELETE: 3}
PARTS = 10


def cases(part: int) -> Iterator[tuple[int, Case]]:
    """The cases of one part of the run."""
    return ((number, case(number)) for number in range(part, CASES, PARTS))


def swept(drawn: Case, world: World, day: date) -> World:
    return sweep(drawn.policy, drawn.datamap, world, drawn.marks, day, digest)[0]


def judged(drawn: Case, world: World, day: date) -> Mapping[RowId, Verdict]:
    return judge(drawn.policy, drawn.datamap, world, drawn.marks, day, digest)


def held(drawn: Case, world: World, day: date) -> Mapping[RowId, OnRow]:
    return held_by(drawn.policy, drawn.datamap, world, drawn.marks, day, digest)


def moments_of_a_case(drawn: Case) -> Iterator[tuple[World, date]]:
    """The world before each of the case's sweeps, after what was swept and edited until then."""
    world = drawn.world
    for n, day in enumerate(drawn.days):
        yield world, day
        world = swept(drawn, world, day)
        if n < len(drawn.edits):
            world, _ = applied(world, drawn.edits[n])


def alive(on_rows: Mapping[RowId, OnRow]) -> set[tuple[Any, ...]]:
    """What lives, and by what: row, cell, purpose and basis, whoever it is about."""
    found: set[tuple[Any, ...]] = set()
    for row, on in on_rows.items():
        if on.live:
            found.add((row, "lives"))
        claims = [*on.claims, *(claim for cell in on.cells.values() for claim in cell.claims)]
        found |= {(row, claim.cell, claim.purpose, claim.basis) for claim in claims if claim.live}
        found |= {(row, name, "kept") for name, cell in on.cells.items() if cell.kept}
    return found


def no_worse(less: Mapping[RowId, Verdict], more: Mapping[RowId, Verdict]) -> list[RowId]:
    """The rows that `less` deletes, or blanks in, where `more` does not."""
    return [
        row
        for row, verdict in less.items()
        if row in more
        and (
            (verdict.outcome is Outcome.DELETE and more[row].outcome is not Outcome.DELETE)
            or (more[row].outcome is not Outcome.DELETE and not verdict.blank <= more[row].blank)
        )
    ]


@pytest.mark.parametrize("part", range(PARTS))
def test_a_sweep_brings_no_dead_claim_to_life(part: int) -> None:
    for number, drawn in cases(part):
        for world, day in moments_of_a_case(drawn):
            before = alive(held(drawn, world, day))
            after = alive(held(drawn, swept(drawn, world, day), day))
            assert after <= before, (number, day, after - before)


@pytest.mark.parametrize("part", range(PARTS))
def test_sweeping_twice_is_sweeping_once(part: int) -> None:
    for number, drawn in cases(part):
        for world, day in moments_of_a_case(drawn):
            once = swept(drawn, world, day)
            assert swept(drawn, once, day) == once, (number, day)


@pytest.mark.parametrize("part", range(PARTS))
def test_sweeping_on_two_days_leaves_what_sweeping_on_the_second_leaves(part: int) -> None:
    """Unless a mark or the beginning of a state brings a dead claim to life between them."""
    for number, drawn in cases(part):
        for first, second in zip(drawn.days, drawn.days[1:], strict=False):
            on_first, on_second = (held(drawn, drawn.world, day) for day in (first, second))
            if alive(on_second) <= alive(on_first):
                both = swept(drawn, swept(drawn, drawn.world, first), second).tables
                only = swept(drawn, drawn.world, second).tables
                assert both == only, (number, first, second)
