"""A few rows that belong together are judged as they are among all others, in generated worlds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest

from ombud.app.near import Near, TooMany, Where
from ombud.claims.live import OnRow
from ombud.claims.verdict import held, verdicts
from ombud.claims.world import Remembered, RowId, Values, World
from ombud.datamap.model import DataMap
from ombud.terms import Key
from tests.claims.laws import Told
from tests.differential.cases import Case, digest
from tests.differential.imports import copied
from tests.differential.worlds import case

CASES, PARTS, ROWS = 240, 8, 3


@dataclass
class InMemory:
    """The tables of a world, each row under its key or its number."""

    datamap: DataMap
    world: World

    def rows(self, source: str, name: str) -> Iterator[tuple[Key, Values]]:
        table = self.datamap.sources[source].tables.get(name)
        for n, values in enumerate(self.world.tables[source].get(name, ())):
            yield tuple(values[c] for c in table.key) if table and table.key else (n,), values

    def fetch(self, where: Where, wanted: Iterable[Key]) -> Iterator[tuple[Key, Values]]:
        source, name, columns = where
        keys = set(wanted)
        for key, values in self.rows(source, name):
            if (tuple(values.get(column) for column in columns) if columns else key) in keys:
                yield key, values

    def standing(self, source: str, table: str, column: str) -> Iterator[tuple[Key, object]]:
        yield from ((key, values.get(column)) for key, values in self.rows(source, table))


def around(drawn: Case, world: World, rows: list[RowId]) -> tuple[World, Mapping[RowId, RowId]]:
    """The world of what belongs to these rows, and what they are called there."""
    shelf = InMemory(drawn.datamap, world)
    people = [p for memo in world.memo.values() for o in memo.owners.values() for p in o.certain | o.candidates]
    known = {name: tuple(p for p in people if isinstance(p, Remembered)) for name in drawn.datamap.sources}
    near = Near(drawn.datamap, world.schemas, world.memo, known, shelf, digest, 10_000)
    near.close([((source, name, ()), key) for source, name, key in rows], ())
    tables: dict[str, dict[str, tuple[Values, ...]]] = {source: {} for source in world.tables}
    called: dict[RowId, RowId] = {}
    for source, of in world.tables.items():
        for name in of:
            kept = [(key, values) for key, values in shelf.rows(source, name) if key in near.rows[source, name]]
            tables[source][name] = tuple(values for _, values in kept)
            mapped = drawn.datamap.sources[source].tables.get(name)
            for n, (key, _) in enumerate(kept):
                if mapped is not None:
                    called[source, name, key] = (source, name, key if mapped.key else (n,))
    return replace(world, tables=tables), called


def said(on: OnRow) -> list[Any]:
    """What holds a row, in whatever order; without the row's name, which is a number where it has no key."""
    claims = [on.claims, *(cell.claims for cell in on.cells.values())]
    words = [sorted(repr(replace(claim, row=("", "", ()))) for claim in each) for each in claims]
    return [words, on.doubt, on.unreached, on.whole, on.live, sorted(on.cells)]


@pytest.mark.parametrize("part", range(PARTS))
def test_a_row_is_judged_among_those_that_belong_to_it_as_among_all(part: int) -> None:
    fewer = 0
    for number in range(part, CASES, PARTS):
        told, random = Told(number, case(number)), Random(number)
        for world, day in told.moments():
            among_all = told.case.look(world, day)  # an explanation learns nothing
            whole, judged = held(among_all), verdicts(among_all)
            every = sorted(whole, key=repr)
            for row in random.sample(every, min(ROWS, len(every))):
                part_of, called = around(told.case, world, [row])
                look = told.case.look(copied(told.case, part_of, day), day)
                here, verdict = held(look), verdicts(look)
                fewer += len(called) < len(judged)
                for there, name in called.items():
                    assert verdict[name] == judged[there], (number, day, row, there)
                    if there in whole:
                        assert said(here[name]) == said(whole[there]), (number, day, row, there)
    assert fewer, "no row was left out, ever: nothing was tried"


def test_more_than_may_be_read_is_refused() -> None:
    drawn = case(1)
    shelf = InMemory(drawn.datamap, drawn.world)
    near = Near(drawn.datamap, drawn.world.schemas, {}, {}, shelf, digest, 0)
    row = min(Told(1, drawn).judged(drawn.world, drawn.days[0]), key=repr)
    with pytest.raises(TooMany):
        near.close([((row[0], row[1], ()), row[2])], ())
