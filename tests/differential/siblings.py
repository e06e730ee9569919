"""Many worlds under one policy and map, so that an engine compiles once: what makes 100,000 cases affordable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from ombud.claims.world import Values, World
from ombud.datamap.model import DataMap, SourceMap
from ombud.datamap.schema import Schema
from tests.differential.census import constructs_of
from tests.differential.maps import Draw, Sketch
from tests.differential.policies import draw_policy
from tests.differential.rows import Fill, cutoffs, draw_days
from tests.differential.worlds import Case, _edits, _marks, _references


def family(number: int, size: int, engine: str = "sqlite") -> Iterator[Case]:
    """`size` cases that share policy, map, schema and days; rows, marks and edits are each one's own."""
    random = Random(f"family {number}")
    policy, days = draw_policy(random), draw_days(random)
    aims = cutoffs(policy, days)
    codes = "ABC"[: len(policy.companies)]
    sources: dict[str, SourceMap] = {}
    sketches: dict[str, dict[str, Sketch]] = {}
    schemas: dict[str, Schema] = {}
    for source in ("crm", "web")[: random.choice((1, 1, 1, 2))]:
        sources[source], sketches[source], bare = Draw(random, policy, source, engine == "postgresql").source_map()
        first = Fill(random, sketches[source], aims, days[0], codes).tables()
        schemas[source], _ = _references(random, sources[source], bare, first)
    for _ in range(size):
        fills = {source: Fill(random, sketches[source], aims, days[0], codes) for source in sources}
        tables = {source: _whole(random, schemas[source], fill.tables()) for source, fill in fills.items()}
        world = World(tables, schemas)
        marks = tuple(_marks(random, policy, sources, world, days))
        edits = tuple(tuple(_edits(random, fills, world)) for _ in days[1:])
        constructs = constructs_of(policy, DataMap(sources), world, marks, days, edits)
        yield Case(policy, DataMap(sources), world, marks, days, edits, constructs)


def _whole(random: Random, schema: Schema, rows: Mapping[str, tuple[Values, ...]]) -> Mapping[str, tuple[Values, ...]]:
    """The rows that the declared references allow: a reference to nothing is set to NULL, or its row left out."""
    tables: dict[str, tuple[Values, ...]] = dict(rows)
    if "audit" in schema.tables:
        tables["audit"] = _audit(random, schema, rows)
    while True:
        before = {name: len(found) for name, found in tables.items()}
        for ref in schema.references:
            there = {tuple(row[c] for c in ref.target) for row in tables[ref.to]}
            nullable = all(schema.tables[ref.table].columns[c].nullable for c in ref.columns)
            mended: list[Values] = []
            for row in tables[ref.table]:
                key = tuple(row[c] for c in ref.columns)
                if None in key or key in there:
                    mended.append(row)
                elif nullable:
                    mended.append({**row, **dict.fromkeys(ref.columns)})
            tables[ref.table] = tuple(mended)
        if before == {name: len(found) for name, found in tables.items()}:
            return tables


def _audit(random: Random, schema: Schema, rows: Mapping[str, tuple[Values, ...]]) -> tuple[Values, ...]:
    """Rows of the table that no map knows, each referring to a row or to none."""
    ref = next(r for r in schema.references if r.table == "audit")
    found = random.sample(rows[ref.to], min(2, len(rows[ref.to])))
    keys: list[tuple[Any, ...]] = [tuple(row[c] for c in ref.target) for row in found]
    keys.append(tuple(None for _ in ref.target))
    return tuple({"id": n, **dict(zip(ref.columns, key, strict=True))} for n, key in enumerate(keys))
