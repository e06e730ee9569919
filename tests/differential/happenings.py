"""What happens in a drawn world: marks that people's requests leave, and what the application does between sweeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from ombud.claims.world import World, as_text
from ombud.datamap.model import ByIdentifier, SourceMap
from ombud.policy.model import Policy
from ombud.terms import TRACK_OF, Act, IdRef, KeyRef, Mark, Ref
from tests.differential.cases import digest
from tests.differential.edits import Delete, Edit, Insert, Update
from tests.differential.rows import Fill
from tests.differential.sketches import Sketch
from tests.differential.values import PHONES

# --- marks ------------------------------------------------------------------------------------------------------


def marks_in(
    random: Random,
    policy: Policy,
    sources: Mapping[str, SourceMap],
    world: World,
    days: tuple[date, ...],
    number: int = 0,
) -> Iterator[Mark]:
    """Up to eight marks about people of the world, the `number`th of its crowd; now and then two that contradict."""
    refs = list(refs_in(sources, world))
    if number == 0:
        refs += [IdRef("phone", digest("phone", PHONES[0]))]
    purposes = sorted({id for purposes in policy.purposes.values() for id in purposes})
    if random.random() < 0.1:
        purposes.append("bygone")  # which the policy does not have any more
    companies = [*policy.companies, *(["sold"] if random.random() < 0.08 else [])]
    last: Mark | None = None
    for seq in range(random.choice((0, 1, 2, 4, 7, 8)) if refs else 0):
        day = random.choice(days) + timedelta(days=random.choice((-policy.undo - 1, -policy.undo, -400, -30, -1, 0, 1)))
        act, who = random.choice(list(Act)), frozenset(random.sample(refs, min(len(refs), random.choice((1, 1, 2)))))
        if last is not None and random.random() < 0.25:  # take it back: the same day, or another
            act = random.choice([each for each in Act if TRACK_OF[each] is TRACK_OF[last.act]])
            who, day = last.refs, last.day if random.random() < 0.5 else day
        last = Mark(
            number * 100 + seq,
            day,
            act,
            who,
            random.choice((None, *purposes)),
            random.choice((None, None, *companies)),
            allows=frozenset({"storage"}) if act is Act.RESTRICTED and random.random() < 0.3 else frozenset(),
        )
        yield last


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
        for name, kind, column in dict.fromkeys(identifiers_of(mapped)):
            for row in world.tables[source][name]:
                if hashed := digest(kind, row[column]):
                    seen[IdRef(kind, hashed)] = None
    return seen


def identifiers_of(source: SourceMap) -> Iterator[tuple[str, str, str]]:
    """Table, kind and column of everything that names somebody."""
    for subject in source.subjects.values():
        yield from ((place.child or subject.table, place.kind, place.column) for place in subject.identifiers)
    for table in source.tables.values():
        yield from ((table.name, match.kind, match.column) for match in table.matches.values())
        of = (rule for kind in table.kinds for cell in kind.cells.values() for rule in cell.of)
        for rule in (*table.owners, *of):
            if isinstance(rule, ByIdentifier):
                yield table.name, rule.kind, rule.column


# --- what the application does ----------------------------------------------------------------------------------


RENAMED = 0.4
IDENTIFIERS = ("email", "phone", "personnummer", "member")


def _renamed(random: Random, fills: Mapping[str, Fill], world: World) -> Iterator[Edit]:
    """Several rows of one table get another identifier, or none."""
    for source, fill in fills.items():
        for sketch in fill.sketches.values():
            columns = [c for c in sketch.columns.values() if c.fill in IDENTIFIERS and c.name not in sketch.key]
            rows = world.tables[source][sketch.name] if sketch.key and columns else ()
            for row in random.sample(rows, min(3, len(rows))):
                column, key = random.choice(columns), tuple(row[c] for c in sketch.key)
                value = None if column.nullable and random.random() < 0.2 else fill.value(column, sketch)
                yield Update(source, sketch.name, key, {column.name: value})


def edits_of(random: Random, fills: Mapping[str, Fill], world: World) -> Iterable[Edit]:
    """Rows made, deleted, changed, reopened, moved, keys used again; people who are known otherwise from then on."""
    if random.random() < RENAMED:
        yield from _renamed(random, fills, world)
    for _ in range(random.choice((0, 0, 1, 2, 4))):
        source = random.choice(list(fills))
        fill = fills[source]
        sketch = random.choice(list(fill.sketches.values()))
        rows = world.tables[source][sketch.name]
        row = random.choice(rows) if rows else None
        key = tuple(row[column] for column in sketch.key) if row else ()
        roll = random.random()
        if row is None or roll < 0.2 or not sketch.key:  # without a key no other row is named
            yield Insert(source, sketch.name, _newborn(random, fill, sketch, world, source, random.randint(1, 12)))
        elif roll < 0.4:
            born = _newborn(random, fill, sketch, world, source, 1) | dict(zip(sketch.key, key, strict=True))
            yield Delete(source, sketch.name, key)
            yield Insert(source, sketch.name, born)
        elif roll < 0.55:
            yield Delete(source, sketch.name, key)
        else:
            yield from _update(random, fill, sketch, world, source, key)


def _update(
    random: Random, fill: Fill, sketch: Sketch, world: World, source: str, key: tuple[Any, ...]
) -> Iterator[Edit]:
    often = ("time", "type", "email", "phone", "personnummer", "member", "text", "document", "file")
    wanted = often if random.random() < 0.75 else ("company", "order", "link", "meta_key", "meta_value")
    columns = [c for c in sketch.columns.values() if c.fill in wanted and c.name not in sketch.key]
    for column in random.sample(columns, min(1, len(columns))):
        if column.fill == "link":
            moved = _newborn(random, fill, sketch, world, source, 1)
            link = next(each for each in sketch.links.values() if column.name in each.columns)
            yield Update(source, sketch.name, key, {c: moved[c] for c in link.columns})
        else:
            reopened = column.fill == "time" and random.random() < 0.4
            value = None if reopened else fill.value(column, sketch)
            yield Update(source, sketch.name, key, {column.name: value})


def _newborn(random: Random, fill: Fill, sketch: Sketch, world: World, source: str, n: int) -> dict[str, Any]:
    row = fill.row(sketch, n)
    fill.point(sketch, row, {name: [dict(r) for r in rows] for name, rows in world.tables[source].items()})
    return row
