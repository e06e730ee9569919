"""Persons are told what the oracle says, on generated worlds. `make differential ARGS=--access` asks for more."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from ombud.engine.program import Program
from ombud.plan.sheet import Circle
from tests.differential.harness import Bench
from tests.differential.siblings import family
from tests.differential.test_same_meaning import of_two


def told(bench: Bench, engine: str, number: int, worlds: int) -> Counter[str]:
    """What was compared, of one family; the story fails where engine and oracle part."""
    bench.access = True
    counted: Counter[str] = Counter()
    try:
        found = bench.run_crowd(list(family(number, worlds, engine)), program=Program(), twice=False)
    except Circle:
        return counted
    assert found is None, found
    for outcome in bench.outcomes:
        counted += outcome
    return counted


@pytest.mark.fact("R1")
@pytest.mark.parametrize("number", [0, 10])
def test_persons_are_told_on_sqlite_what_the_oracle_says(number: int) -> None:
    bench = Bench({"crm": "sqlite://", "web": "sqlite://"})
    try:
        told(bench, "sqlite", number, 8)
    finally:
        bench.close()


@pytest.mark.fact("R1")
def test_persons_are_told_on_postgresql_what_the_oracle_says(postgresql_url: str) -> None:
    with of_two(sa.make_url(postgresql_url), "WITH (FORCE)") as bench:
        told(bench, "postgresql", 10, 4)


@pytest.mark.fact("R1")
def test_answers_are_gathered_where_rows_alone_tell() -> None:
    bench = Bench({"crm": "sqlite://", "web": "sqlite://"})
    try:
        assert told(bench, "sqlite", GATHERED, 8)["access: gathered"] > 0
    finally:
        bench.close()


GATHERED = 11
"""A family whose map lets answers be gathered."""
