"""Which constructs of the semantics a case holds: of its policy, marks, days and edits; `census_maps` counts the map's.

A construct is a rule that could be got wrong. What came of it in a sweep is counted in `outcomes`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations

from ombud.claims.world import World
from ombud.datamap.model import DataMap
from ombud.policy.model import BasisKind, Clock, EndOf, Inclusive, Policy, Purpose, State, Use, While
from ombud.terms import TRACK_OF, Act, IdRef, KeyRef, Mark
from tests.differential.census_maps import of_source
from tests.differential.edits import Delete, Edit, Insert, Update
from tests.differential.policies import ZONE
from tests.differential.portable import said_of


def constructs_of(
    policy: Policy,
    datamap: DataMap,
    world: World,
    marks: Iterable[Mark],
    days: tuple[date, ...],
    edits: Iterable[Iterable[Edit]],
    known: dict[tuple[str, str], Counter[str]] | None = None,
) -> Counter[str]:
    """Each construct of the case, with how often it stands there. `known` keeps what is one in all cases of a map."""
    known = {} if known is None else known
    found = Counter(_of_policy(policy))
    found.update(_of_marks(policy, tuple(marks), days))
    for source, mapped in datamap.sources.items():
        found.update(of_source(mapped, world.tables[source], world.schemas[source], known))
    for between in edits:
        found.update(_of_edits(tuple(between)))
    found["sources: several"] += len(datamap.sources) > 1
    found["days: several"] += len(days) > 1
    found["days: a month's or year's edge"] += any((day + timedelta(days=1)).day == 1 or day.day == 1 for day in days)
    found["days: next to a leap day"] += any((day.month, day.day) in ((2, 29), (3, 1)) for day in days)
    return +found


# --- policy -----------------------------------------------------------------------------------------------------


def _of_policy(policy: Policy) -> Iterator[str]:
    yield f"companies: {len(policy.companies)}"
    yield "zone: the usual one" if policy.zone == ZONE else "zone: another"
    yield f"undo: {policy.undo} days"
    yield f"portability: {said_of(policy)}"
    first = policy.purposes[policy.group]
    for company, purposes in policy.purposes.items():
        if any(purpose != first[id] for id, purpose in purposes.items()):
            yield "company: refines"
        if len(purposes) < len(first):
            yield "company: lacks a purpose"
        years = policy.companies[company].fiscal_years
        yield from ("fiscal years: short list" for _ in range(years[0][0].year > 2000))
        yield from ("fiscal years: a long year" for a, b in years if (b - a).days > 366)
    if len({company.fiscal_years for company in policy.companies.values()}) > 1:
        yield "fiscal years: companies differ"
    yield from ("category: masked" for category in policy.categories.values() if category.masked)
    yield from (f"state: {_of_state(state)}" for state in policy.states.values())
    for purpose in first.values():
        yield from _of_purpose(purpose)


def _of_state(state: State) -> str:
    named = [word for word, moment in (("begins", state.begins), ("ends", state.ends)) if moment]
    return " and ".join(named) or "always"


def _of_purpose(purpose: Purpose) -> Iterator[str]:
    yield from (f"basis: {basis.kind}" for basis in purpose.bases)
    yield from (f"basis: {basis.kind} with a state" for basis in purpose.bases if basis.state)
    if len(purpose.bases) > 1:
        yield "basis: several"
        if any(basis.kind is BasisKind.NONE for basis in purpose.bases):
            yield "basis: none beside another"
    yield from ("keep: at least" for _ in range(purpose.at_least))
    for basis in purpose.bases if Use.DIRECT_MARKETING in purpose.uses else ():
        yield f"use: direct marketing on {basis.kind}"
    match purpose.keep:
        case While():
            yield "keep: while"
        case Clock(_, ()):
            yield "keep: until"
        case Clock(_, steps):
            yield "keep: pipeline" if len(steps) > 1 else "keep: one step"
            yield from (f"keep: end of {step.unit}" for step in steps if isinstance(step, EndOf))
            yield from ("keep: inclusive" for step in steps if isinstance(step, Inclusive))


# --- marks and edits --------------------------------------------------------------------------------------------


def _of_marks(policy: Policy, marks: tuple[Mark, ...], days: tuple[date, ...]) -> Iterator[str]:
    known = {id for own in policy.purposes.values() for id in own}
    for mark in marks:
        yield f"mark: {mark.act}"
        yield from ("mark: for an unknown purpose" for _ in range(mark.purpose not in (None, *known)))
        yield from ("mark: for an unknown company" for _ in range(mark.company not in (None, *policy.companies)))
        yield f"mark: {'all purposes' if mark.purpose is None else 'one purpose'}"
        yield f"mark: {'all companies' if mark.company is None else 'one company'}"
        yield f"mark: {mark.act} for {'all' if mark.purpose is None else 'one'}"
        for ref in mark.refs:
            match ref:
                case KeyRef(birth=birth):
                    yield "mark: by a key born otherwise" if birth.endswith("?") else "mark: by key"
                case IdRef(kind):
                    yield f"mark: by {kind}"
        yield from ("mark: by several refs" for _ in range(len(mark.refs) > 1))
        yield from ("mark: with allowed uses" for _ in range(bool(mark.allows)))
        if mark.day > days[0]:
            yield "mark: in the future" if mark.day > days[-1] else "mark: between sweeps"
        if mark.act is Act.OBJECTED:
            ends = mark.day + timedelta(days=policy.undo)
            yield from ("mark: the last day of undo" for day in days if day == ends)
            yield from ("mark: the day after undo" for day in days if day == ends + timedelta(days=1))
    for one, other in combinations(marks, 2):
        if TRACK_OF[one.act] is TRACK_OF[other.act] and one.act is not other.act and one.refs & other.refs:
            yield "mark: against another" + (" of the day" if one.day == other.day else "")


def _of_edits(edits: tuple[Edit, ...]) -> Iterator[str]:
    for edit, after in zip(edits, (*edits[1:], None), strict=False):
        match edit:
            case Insert():
                yield "edit: insert"
            case Delete() if isinstance(after, Insert) and after.table == edit.table:
                yield "edit: key used again"
            case Delete():
                yield "edit: delete"
            case Update(_, _, _, values):
                yield "edit: set to NULL" if None in values.values() else "edit: update"
