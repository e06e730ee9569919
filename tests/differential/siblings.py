"""Many worlds under one policy and map, so that an engine compiles once: what makes 100,000 cases affordable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from datetime import date
from functools import partial
from random import Random

from ombud.claims.world import World
from ombud.datamap.model import DataMap, Imported, SourceMap
from ombud.datamap.schema import Schema
from tests.differential.cases import Case
from tests.differential.census import constructs_of
from tests.differential.crowds import CROWD, Apart, files_of
from tests.differential.happenings import edits_of, marks_in
from tests.differential.held import held, let_through
from tests.differential.maps import Draw
from tests.differential.policies import draw_policy
from tests.differential.portable import provided_in, said_in
from tests.differential.references import AUDIT, declared, whole
from tests.differential.rows import Fill, cutoffs, draw_days
from tests.differential.sketches import Sketch

Narrowed = Callable[[SourceMap], SourceMap]
"""The same map, with less in it."""


def family(number: int, size: int, engine: str = "sqlite", *, narrowed: Narrowed | None = None) -> Iterator[Case]:
    """`size` cases that share policy, map, schema and days; rows, marks and edits are each one's own.

    Every `CROWD` of them fit into one database. `narrowed`: maps of which rows alone tell more (`linked.py`).
    """
    return drawn(Random(f"family {number}"), size, engine, narrowed)


def drawn(random: Random, size: int, engine: str, narrowed: Narrowed | None = None) -> Iterator[Case]:
    """Related cases; `engine` all but "sqlite" write days and instants in native types. "myisam" is MariaDB's."""
    loose, engine = engine == "myisam", "mariadb" if engine == "myisam" else engine
    beside = copy(random)  # what is drawn later on stays what it was
    policy, days = said_in(draw_policy(random), beside), draw_days(random)
    aims, companies = cutoffs(policy, days), tuple(policy.companies)
    sources: dict[str, SourceMap] = {}
    sketches: dict[str, dict[str, Sketch]] = {}
    schemas: dict[str, Schema] = {}
    names = random.choice((("crm",), ("crm",), ("crm",), ("crm", "web"), ("web", "crm")))
    for source in names:  # the second may copy from the first
        draw = Draw(random, policy, source, engine, dict(sources))
        sources[source], sketches[source], bare = draw.source_map()
        if narrowed is not None:
            sources[source] = narrowed(sources[source])
        schemas[source] = declared(random, sketches[source], bare)
        if engine == "mariadb":
            schemas[source] = _without_the_undeletable(schemas[source])
        if loose:
            schemas[source] = _undoing_nothing(schemas[source])
        if engine == "duckdb":
            schemas[source] = held(schemas[source], sources[source])
    datamap = provided_in(DataMap(dict(sorted(sources.items()))), beside)
    copies = any(_copies(mapped) for mapped in sources.values())
    known: dict[tuple[str, str], Counter[str]] = {}
    down: frozenset[date] = frozenset()
    files = files_of(sources)
    for n in range(size):
        apart = Apart(n % CROWD, sketches, files)
        fills = {s: Fill(random, sketches[s], aims, days[0], companies, policy.zone, engine) for s in datamap.sources}
        world = World({s: whole(random, schemas[s], fill.tables()) for s, fill in fills.items()}, schemas)
        named = apart.world(world)
        marks = tuple(marks_in(random, policy, datamap.sources, named, days, apart.number))
        through = partial(let_through, schemas=schemas) if engine == "duckdb" else tuple
        edits = tuple(apart.edits(through(edits_of(random, fills, world))) for _ in days[1:])
        if apart.number == 0:
            down = frozenset(day for day in days if copies and random.random() < 0.12)
        constructs = constructs_of(policy, datamap, named, marks, days, edits, known)
        constructs["import: stale"] += len(down)
        yield Case(policy, datamap, named, marks, days, edits, +constructs, down)


def _without_the_undeletable(schema: Schema) -> Schema:
    """InnoDB looks at references row by row: what refers to itself, and can let go of nothing, no statement deletes."""
    kept = [
        reference
        for reference in schema.references
        if reference.table != reference.to
        or reference.on_delete not in ("NO ACTION", "RESTRICT")
        or all(schema.tables[reference.table].columns[c].nullable for c in reference.columns)
    ]
    return replace(schema, references=tuple(kept))


def _undoing_nothing(schema: Schema) -> Schema:
    """MyISAM holds no reference, not from a table that the map does not know either, and undoes nothing."""
    tables = {n: replace(t, atomic=False) for n, t in schema.tables.items() if n != AUDIT}
    return replace(schema, tables=tables, references=())


def _copies(source: SourceMap) -> bool:
    kinds = (kind for table in source.tables.values() for kind in table.kinds)
    return any(isinstance(rule, Imported) for kind in kinds for rule in kind.moments.values())
