"""A batch is carried out: marks in one transaction of the register, and one sweep of each source for everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ombud.app.loaded import Refused
from ombud.app.requests.bulk.guarding import Guard
from ombud.app.requests.bulk.order import Order, Tell
from ombud.app.requests.bulk.pages import TOGETHER, WRITTEN
from ombud.app.requests.called import called, note_of_whom
from ombud.app.requests.carrying_out import incomplete, persons_of
from ombud.app.requests.desk import Desk, Opened
from ombud.app.requests.looking import SWEEPS, refused_codes
from ombud.app.requests.many import Happening, happen_each
from ombud.app.requests.marks import set_marks_of_each
from ombud.app.requests.recipients import write_down
from ombud.app.requests.undated import undated_of_each
from ombud.app.requests.waits import OMBUD
from ombud.app.requests.working import added
from ombud.app.sources import opened as source_opened
from ombud.app.sweeping_persons import OfPersons, foretell
from ombud.app.sweeping_persons import carry_out as sweep
from ombud.app.whom import whom
from ombud.engine.counts import plus
from ombud.register.model import Batch
from ombud.rights.commands import When
from ombud.rights.events import Begun, CarriedOut, Event, Failed
from ombud.rights.model import Part, State
from ombud.terms import Finding

SHARE = "C046"
"""More than the project's share is touched: nothing is done there before somebody allows it."""

OF_SOME = frozenset({"C035", "C064"})
"""A database refused to change rows: somebody's of them, not everybody's."""

SWEPT = 400
"""People who are swept in one transaction: of some ten rows each, in a few seconds for which their rows are locked."""

MOST_SWEEPS = 64
"""Further sweeps by which those are found of whom something is due still, before all left are said not to be done."""


@dataclass
class Carried:
    """What was swept in each source, and what was in the way."""

    done: dict[str, OfPersons] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def carry_out(desk: Desk, batch: Batch, order: Order, guard: Guard, tell: Tell) -> Carried:
    """Carry out whatever is decided. Raises Refused (C046) where a share is touched that nobody has allowed."""
    carried = Carried()
    for group in guard.pages((State.CARRYING_OUT,), TOGETHER):
        tell("writing down who received what", 0, 0)
        carried.findings = added(carried.findings, write_down(desk))
        tell("looking for the persons", 0, 0)
        group = _begun(desk, group)
        tell("setting marks", 0, 0)
        carried.findings = added(carried.findings, set_marks_of_each(desk, group, When.DECIDED))
        for source in dict.fromkeys(source for each in group for source in each.request.parts):
            tell(f"carrying it out in {source}", 0, 0)
            waiting = [each for each in group if each.request.parts.get(source) in (Part.COLLECTED, Part.FAILED)]
            failed = _in_source(desk, batch, source, waiting, order, carried, tell)
            group = tuple(_written(desk, source, group, waiting, failed))
    return carried


def _begun(desk: Desk, group: Sequence[Opened]) -> tuple[Opened, ...]:
    """Whom each is about is written down before anything is done (`requests/carrying_out.py`)."""
    fresh = [each for each in group if not each.request.begun]
    people = whom(desk.loaded, [called(each) for each in fresh])
    begun: dict[str, Opened] = {}
    for start in range(0, len(fresh), WRITTEN):
        some = zip(fresh[start : start + WRITTEN], people[start : start + WRITTEN], strict=True)
        happening = [Happening(each, (Begun(),), note_of_whom(person, former=True)) for each, person in some]
        begun |= {each.id: each for each in happen_each(desk, happening, OMBUD)}
    return tuple(begun.get(each.id, each) for each in group)


def _in_source(
    desk: Desk, batch: Batch, source: str, waiting: Sequence[Opened], order: Order, carried: Carried, tell: Tell
) -> Mapping[str, str]:
    """Do in one source what was decided of these; the codes of what was in the way, by request."""
    failed: dict[str, str] = {}
    left = [waiting[start : start + SWEPT] for start in range(0, len(waiting), SWEPT)]
    most, sweeps, allow = len(left) + MOST_SWEEPS, 0, order.allow
    while left:
        some = left.pop()
        try:
            if not allow and len(left) > 0 and sweeps == 0:
                _foretold(desk, batch, source, waiting)
                allow = True  # all of them together touch no more than the share
            sweeps += 1
            swept = _swept(desk, batch, source, some, carried, allow=allow)
        except Refused as refusal:
            codes = {finding.code for finding in refusal.findings}
            if SHARE in codes:
                raise
            if codes & OF_SOME and len(some) > 1 and sweeps <= most:
                left += _halves(some)
                continue
            carried.findings = added(carried.findings, refusal.findings)
            failed |= dict.fromkeys((each.id for each in some), refused_codes(refusal))
            continue
        tell(f"carrying it out in {source}", len(waiting) - sum(map(len, left)), len(waiting))
        if swept is None:
            continue
        if swept.complete:
            for id, waits in undated_of_each(desk, some, source, swept).items():
                carried.findings = added(carried.findings, waits)
                failed[id] = "C145"
            continue
        if len(some) == 1 or sweeps > most:
            carried.findings = added(carried.findings, (incomplete(desk, source),))
            failed |= dict.fromkeys((each.id for each in some), "C138")
            continue
        left += _halves(some)  # of whom something is due still is not said
    return failed


def _halves(some: Sequence[Opened]) -> list[Sequence[Opened]]:
    half = len(some) // 2
    return [some[:half], some[half:]]


def _foretold(desk: Desk, batch: Batch, source: str, waiting: Sequence[Opened]) -> None:
    """Raises Refused (C046) where all of them together touch more than the share: nothing is done there then."""
    if batch.kind in SWEEPS:
        with source_opened(desk.loaded, source) as there:
            foretell(desk.loaded, there, persons_of(waiting), batch.id, bulk=True)


def _swept(
    desk: Desk, batch: Batch, source: str, some: Sequence[Opened], carried: Carried, *, allow: bool
) -> OfPersons | None:
    """What was swept of these; None where nothing is to be."""
    with source_opened(desk.loaded, source) as there:
        if batch.kind not in SWEEPS:
            return None
        swept = sweep(desk.loaded, there, persons_of(some), batch.id, bulk=True, allow=allow)
    before = carried.done.get(source)
    carried.done[source] = _together(before, swept) if before else swept
    carried.findings = added(carried.findings, swept.findings)
    return swept


def _together(one: OfPersons, other: OfPersons) -> OfPersons:
    """What two sweeps of a source deleted and blanked."""
    tables = dict(one.tables)
    for name, count in other.tables.items():
        tables[name] = plus(tables[name], count) if name in tables else count
    return replace(other, tables=tables)


def _written(
    desk: Desk, source: str, group: Sequence[Opened], waiting: Sequence[Opened], failed: Mapping[str, str]
) -> Iterator[Opened]:
    """The requests after it."""
    ids = {each.id for each in waiting}
    for start in range(0, len(group), WRITTEN):
        some = group[start : start + WRITTEN]
        events = [_event(each, source, failed) if each.id in ids else () for each in some]
        yield from happen_each(desk, [Happening(*pair) for pair in zip(some, events, strict=True)], OMBUD)


def _event(opened: Opened, source: str, failed: Mapping[str, str]) -> tuple[Event, ...]:
    if opened.id not in failed:
        return (CarriedOut(source),)
    return (Failed(source, failed[opened.id]),) if opened.request.parts[source] is Part.COLLECTED else ()
