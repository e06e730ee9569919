"""Generated cases: a policy, a data map, a world, marks, the days to sweep on and what the application does between.

A case is drawn from one `random.Random`, so that its number is enough to draw it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from ombud.claims.world import Values, World, as_text
from ombud.datamap import identity
from ombud.datamap.model import DataMap, SourceMap
from ombud.datamap.schema import ColumnType, Reference, Schema, TableSchema
from ombud.policy.model import Policy
from ombud.terms import Act, IdRef, Key, KeyRef, Mark, Ref
from tests.differential.census import constructs_of
from tests.differential.edits import Delete, Edit, Insert, Update
from tests.differential.maps import Draw, Sketch
from tests.differential.policies import draw_policy
from tests.differential.rows import PHONES, Fill, cutoffs, draw_days

SECRET = b"a secret of the tests"


@lru_cache(maxsize=100_000)
def digest(kind: str, value: object) -> str:
    """The keyed hash that cases' marks are written with."""
    return identity.digest(SECRET, kind, value)


@dataclass(frozen=True)
class Case:
    """`edits[n]` happen between the sweeps of `days[n]` and `days[n + 1]`."""

    policy: Policy
    datamap: DataMap
    world: World
    marks: tuple[Mark, ...]
    days: tuple[date, ...]
    edits: tuple[tuple[Edit, ...], ...] = ()
    constructs: Counter[str] = field(default_factory=Counter)


def case(number: int, engine: str = "sqlite") -> Case:
    """The case of this number."""
    return generate(Random(number), engine)


def generate(random: Random, engine: str = "sqlite") -> Case:
    """A small case; `engine` "postgresql" writes days and instants in native types."""
    policy, days = draw_policy(random), draw_days(random)
    aims = cutoffs(policy, days)
    sources: dict[str, SourceMap] = {}
    tables: dict[str, Mapping[str, tuple[Values, ...]]] = {}
    schemas: dict[str, Schema] = {}
    fills: dict[str, Fill] = {}
    for source in ("crm", "web")[: random.choice((1, 1, 1, 2))]:
        draw = Draw(random, policy, source, engine == "postgresql")
        sources[source], sketches, schema = draw.source_map()
        fills[source] = Fill(random, sketches, aims, days[0], "ABC"[: len(policy.companies)])
        rows = fills[source].tables()
        schemas[source], tables[source] = _references(random, sources[source], schema, rows)
    world = World(tables, schemas)
    marks = tuple(_marks(random, policy, sources, world, days))
    edits = tuple(tuple(_edits(random, fills, world)) for _ in days[1:])
    drawn = Case(policy, DataMap(sources), world, marks, days, edits)
    return replace(drawn, constructs=constructs_of(drawn.policy, drawn.datamap, world, marks, days, edits))


# --- declared references ----------------------------------------------------------------------------------------


def _references(
    random: Random, source: SourceMap, schema: Schema, rows: Mapping[str, tuple[Values, ...]]
) -> tuple[Schema, Mapping[str, tuple[Values, ...]]]:
    """The schema with foreign keys: of links whose rows allow one, and of a table that no map knows."""
    references, types, tables = [], dict(schema.tables), dict(rows)
    for table in source.tables.values():
        for link in table.links.values():
            here, there = (table.name, link.columns), (link.to, link.target)
            if not link.when and random.random() < 0.35 and _are_whole(rows, here, there):
                nullable = all(schema.tables[table.name].columns[column].nullable for column in link.columns)
                told = random.choice(("NO ACTION", "RESTRICT", "CASCADE", "SET NULL" if nullable else "CASCADE"))
                references.append(Reference(table.name, link.columns, link.to, link.target, told))
    if random.random() < 0.15:
        target = random.choice(list(source.tables.values()))
        columns = tuple(f"of_{column}" for column in target.key)
        families = {c: schema.tables[target.name].columns[k].family for c, k in zip(columns, target.key, strict=True)}
        types["audit"] = TableSchema(
            "audit",
            {"id": ColumnType("id", "integer", False)} | {c: ColumnType(c, f, True) for c, f in families.items()},
            ("id",),
        )
        references.append(Reference("audit", columns, target.name, target.key, random.choice(("NO ACTION", "CASCADE"))))
        found = random.sample(rows[target.name], min(2, len(rows[target.name])))
        of = [tuple(row[k] for k in target.key) for row in found] + [tuple(None for _ in target.key)]
        tables["audit"] = tuple({"id": n, **dict(zip(columns, key, strict=True))} for n, key in enumerate(of))
    return Schema(types, tuple(references)), tables


def _are_whole(rows: Mapping[str, tuple[Values, ...]], here: tuple[str, Key], there: tuple[str, Key]) -> bool:
    """Whether every row's reference, where it has one, finds a row."""
    keys = {tuple(row[column] for column in there[1]) for row in rows[there[0]]}
    found = (tuple(row[column] for column in here[1]) for row in rows[here[0]])
    return all(None in key or key in keys for key in found)


# --- marks ------------------------------------------------------------------------------------------------------


def _marks(
    random: Random, policy: Policy, sources: Mapping[str, SourceMap], world: World, days: tuple[date, ...]
) -> Iterable[Mark]:
    refs = list(refs_in(sources, world))
    purposes = sorted({id for purposes in policy.purposes.values() for id in purposes})
    for seq in range(random.choice((0, 1, 2, 4, 7)) if refs else 0):
        day = random.choice(days) + timedelta(days=random.choice((-policy.undo - 1, -policy.undo, -400, -30, -1, 0, 1)))
        yield Mark(
            seq,
            day,
            random.choice(list(Act)),
            frozenset(random.sample(refs, min(len(refs), random.choice((1, 1, 2))))),
            random.choice((None, *purposes)),
            random.choice((None, None, *policy.companies)),
        )


def refs_in(sources: Mapping[str, SourceMap], world: World) -> Mapping[Ref, None]:
    """Refs of everybody in the world, and of one born otherwise who had the first key."""
    seen: dict[Ref, None] = {}
    for source, mapped in sources.items():
        for subject in mapped.subjects.values():
            table = mapped.tables[subject.table]
            for n, row in enumerate(world.tables[source][table.name]):
                birth = as_text(row[table.born.column]) if table.born else ""
                key = tuple(row[column] for column in table.key)
                seen[KeyRef(source, subject.name, key, birth)] = None
                if n == 0:
                    seen[KeyRef(source, subject.name, key, birth + "?")] = None
        for rows in world.tables[source].values():
            for row in rows:
                for column in ("email", "old_email", "guest"):
                    if hashed := digest("email", row.get(column)):
                        seen[IdRef("email", hashed)] = None
    seen[IdRef("phone", digest("phone", PHONES[0]))] = None
    return seen


# --- what the application does ----------------------------------------------------------------------------------


def _edits(random: Random, fills: Mapping[str, Fill], world: World) -> Iterable[Edit]:
    for _ in range(random.choice((0, 0, 1, 2, 4))):
        source = random.choice(list(fills))
        fill = fills[source]
        sketch = random.choice(list(fill.sketches.values()))
        rows = world.tables[source][sketch.name]
        row = random.choice(rows) if rows else None
        key = tuple(row[column] for column in sketch.key) if row else ()
        roll = random.random()
        if row is None or roll < 0.2:
            yield Insert(source, sketch.name, _newborn(random, fill, sketch, world, source, random.randint(1, 12)))
        elif roll < 0.4:
            born = _newborn(random, fill, sketch, world, source, 1) | dict(zip(sketch.key, key, strict=True))
            yield Delete(source, sketch.name, key)
            yield Insert(source, sketch.name, born)
        elif roll < 0.55:
            yield Delete(source, sketch.name, key)
        else:
            fills_ = ("time", "type", "email", "text") if random.random() < 0.8 else ("company", "order", "link")
            columns = [c for c in sketch.columns.values() if c.fill in fills_ and c.name not in sketch.key]
            for column in random.sample(columns, min(1, len(columns))):
                if column.fill == "link":
                    moved = _newborn(random, fill, sketch, world, source, 1)
                    link = next(each for each in sketch.links.values() if column.name in each.columns)
                    yield Update(source, sketch.name, key, {c: moved[c] for c in link.columns})
                else:
                    reopened = column.fill == "time" and random.random() < 0.4
                    value = None if reopened else fill.value(column)
                    yield Update(source, sketch.name, key, {column.name: value})


def _newborn(random: Random, fill: Fill, sketch: Sketch, world: World, source: str, n: int) -> dict[str, Any]:
    row = fill.row(sketch, n)
    fill.point(sketch, row, {name: [dict(r) for r in rows] for name, rows in world.tables[source].items()})
    return row
