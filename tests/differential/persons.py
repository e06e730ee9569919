"""Whom a sweep of some persons is of, drawn from a world: by key, by hash, or by an identifier as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from ombud.claims.world import World
from ombud.datamap.model import DataMap
from ombud.engine.persons import Asked
from ombud.engine.sweep import Sweep
from ombud.sql.forget import forget_gone
from ombud.terms import IdRef, Ref
from tests.differential.cases import Case, digest
from tests.differential.happenings import identifiers_of, refs_in


@dataclass(frozen=True)
class Drawn:
    """The refs of each case's persons, and of all of them, for the engine."""

    refs: tuple[frozenset[Ref], ...]
    together: Asked


def drawn(cases: Sequence[Case], worlds: Sequence[World], n: int, *, written: bool = False) -> Drawn:
    """Up to three refs of each world's: of its marks, or of anybody in it; by values in two of three draws, or always:
    what is not `written` anywhere is not asked for then.
    """
    random = Random(f"{n} {sorted(map(repr, cases[0].world.tables))} {cases[0].days}")
    found, values, told = list[frozenset[Ref]](), set[tuple[str, str]](), written or random.random() < 0.67
    for case, world in zip(cases, worlds, strict=True):
        marked = sorted({ref for mark in case.marks for ref in mark.refs}, key=repr)
        anybody = sorted(refs_in(case.datamap.sources, world), key=repr)
        of = marked if marked and random.random() < 0.6 else anybody
        refs = frozenset(random.sample(of, min(len(of), random.choice((1, 1, 2, 3)))))
        known = _written(case.datamap, world) if told else {}
        if written:
            refs = frozenset(ref for ref in refs if not isinstance(ref, IdRef) or ref in known)
        found.append(refs)
        if told:
            values |= {known[ref] for ref in refs if isinstance(ref, IdRef) and ref in known}
    return Drawn(tuple(found), Asked(frozenset().union(*found), frozenset(values)))


def _written(datamap: DataMap, world: World) -> Mapping[IdRef, tuple[str, str]]:
    """How each identifier is written somewhere."""
    return {ref: (ref.kind, value) for ref, value in _each(datamap, world)}


def _each(datamap: DataMap, world: World) -> Iterator[tuple[IdRef, str]]:
    for source, mapped in datamap.sources.items():
        for name, kind, column in dict.fromkeys(identifiers_of(mapped)):
            for row in world.tables[source][name]:
                if isinstance(row[column], str) and (hashed := digest(kind, row[column])):
                    yield IdRef(kind, hashed), row[column]


def forgotten(sweep: Sweep) -> None:
    """Memory as a look at everything begins by tidying it, which a sweep of some persons leaves to the next."""
    with sweep.connection.begin():
        for statement in forget_gone(sweep.names):
            sweep.connection.execute(statement)
        sweep.evaluation.convene()
        for table in sweep.evaluation.space.working():
            sweep.connection.execute(table.delete())
