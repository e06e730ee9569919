"""Moments that sources copy from one another before a sweep: by the engine, and beside it by the oracle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from ombud.claims.copies import copied_from, kept
from ombud.claims.read import Reading
from ombud.claims.world import Copied, World
from ombud.datamap.model import Imported, SourceMap
from ombud.engine.copying import copy_moments, imports_of
from ombud.engine.sidecar import acknowledge
from ombud.engine.sweep import Sweep
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
                    before = world.imports[key].told if key in world.imports else {}
                    fresh[key] = Copied(True, kept(before, copied_from(look, *key)))
    return replace(world, imports=fresh)
