"""Moments that sources copy from one another before a sweep: by the engine, and beside it by the oracle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from ombud.claims.moments import moment
from ombud.claims.persons import identifiers
from ombud.claims.read import Reading
from ombud.claims.world import Copied, World
from ombud.datamap.model import Imported, SourceMap
from ombud.engine.copying import copy_moments, imports_of
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep
from ombud.terms import Moment
from tests.differential.cases import Case, digest

From = tuple[str, str, str, str]
"""The source that it is copied from, its subject, its moment, the kind of identifier."""


def copies(source: SourceMap) -> bool:
    """Whether this source's judgements need moments of others."""
    return bool(imports_of(source))


def copy(case: Case, day: date, sweeps: Mapping[str, Sweep]) -> None:
    """What the engine does before it sweeps: every source copies what it imports, all as they are on this morning."""
    if day in case.down or not any(copies(sweep.source) for sweep in sweeps.values()):
        return
    for sweep in sweeps.values():
        with sweep.connection.begin():
            acknowledge(sweep.connection, sweep.names, case.marks)
    for name, sweep in sweeps.items():
        copy_moments(sweep, {other: each for other, each in sweeps.items() if other != name})


def copied(case: Case, world: World, day: date) -> World:
    """The same by the oracle. Who is there no more keeps the day last copied; on a day without copying all is stale."""
    if day in case.down:
        return replace(world, imports={key: replace(old, fresh=False) for key, old in world.imports.items()})
    look = Reading(case.policy, case.datamap, world, case.marks, day, digest)
    fresh: dict[From, Copied] = dict(world.imports)
    for mapped in case.datamap.sources.values():
        for table in mapped.tables.values():
            for rule in (rule for kind in table.kinds for rule in kind.moments.values()):
                if isinstance(rule, Imported):
                    key = (rule.source, rule.subject, rule.moment, rule.match)
                    before = world.imports[key].moments if key in world.imports else {}
                    fresh[key] = Copied(True, {**before, **_said(look, rule)})
    return replace(world, imports=fresh)


def _said(look: Reading, rule: Imported) -> Mapping[str, tuple[Moment, ...]]:
    """The moment of every row of the subject's table, by each identifier of that kind which the row has."""
    said: dict[str, tuple[Moment, ...]] = defaultdict(tuple)
    subject = look.datamap.sources[rule.source].subjects[rule.subject]
    for row in look.rows[rule.source, subject.table]:
        for ref in identifiers(look, row, subject):
            if ref.kind == rule.match:
                said[ref.digest] += (moment(look, row, rule.moment),)
    return said
