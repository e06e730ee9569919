"""What the marks say of a person, for a purpose, a basis and a company (spec/claims.md §3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ombud.claims.calendar import moment_of
from ombud.claims.owners import owners_of
from ombud.claims.persons import remember
from ombud.claims.read import Reading, Row, company_of
from ombud.claims.world import Person, Remembered, SaidConsent
from ombud.policy.model import Basis, BasisKind, Purpose, Use
from ombud.terms import AT_A_TIE, FIRST_DAY, TRACK_OF, Act, KeyRef, Mark, OnDay, Ref, Track, Unknown


@dataclass(frozen=True, slots=True)
class Fact:
    """A mark that reaches somebody. `seq` is None for what a consent column says."""

    act: Act
    day: date
    seq: int | None
    purpose: str | None
    company: str | None
    certain: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands. `protected` says by what, '' by nothing; `ended_by` takes rows born until then, which an
    objection that `postponed` protects no more.
    """

    protected: str = ""
    postponed: bool = False
    ended_by: date | None = None
    removed: bool = False
    consented: bool = False


Readings = tuple[tuple[Act, date] | None, tuple[Act, date] | None]
"""What a track says by the certain marks, and by certain and uncertain ones."""


def standing(look: Reading, source: str, person: Person, purpose: Purpose, basis: Basis, company: str) -> Standing:
    return look.once(
        (source, person, purpose.id, basis.kind, company, "standing"),
        lambda: _standing(look, facts_about(look, source, person), purpose, basis, company),
        Standing(),
    )


def wholly_protected(look: Reading, source: str, person: Person, company: str) -> bool:
    """Whether a hold or restriction for all purposes reaches the person, or one for what the policy does not know."""
    facts = facts_about(look, source, person)
    return _protects(f for f in facts if f.purpose is None and f.company in (None, company)) or any(
        _protects(f for f in facts if f.purpose in (None, purpose) and f.company in (None, where))
        for purpose, where in unheard_of(look, facts)
        if where in (None, company) or where not in look.policy.companies
    )


def _protects(facts: Iterable[Fact]) -> bool:
    known = tuple(facts)
    return _either(_read(known, Track.HOLD), Act.HELD) or _either(_read(known, Track.RESTRICTION), Act.RESTRICTED)


def unheard_of(look: Reading, facts: Iterable[Fact]) -> set[tuple[str | None, str | None]]:
    """Purpose and company of the facts that name one which no company, or which the policy, has."""
    purposes = {None, *(id for own in look.policy.purposes.values() for id in own)}
    return {
        (fact.purpose, fact.company)
        for fact in facts
        if fact.purpose not in purposes or fact.company not in {None, *look.policy.companies}
    }


def _standing(look: Reading, about: Iterable[Fact], purpose: Purpose, basis: Basis, company: str) -> Standing:
    facts = [f for f in about if f.purpose in (None, purpose.id) and f.company in (None, company)]
    objection = _read(facts, Track.OBJECTION)
    postpones, removes = _objecting(look, objection, purpose, basis)
    protections = {
        "held": _either(_read(facts, Track.HOLD), Act.HELD),
        "restricted": _either(_read(facts, Track.RESTRICTION), Act.RESTRICTED),
    }
    ends = [said[1] for said in _read(facts, Track.END) if said and said[0] is Act.ENDED]
    return Standing(
        protected=next((name for name, holds in protections.items() if holds), ""),
        postponed=postpones,
        ended_by=min(ends) if len(ends) == 2 else None,
        removed=removes,
        consented=_either(_read(facts, Track.CONSENT), Act.CONSENTED),
    )


def _objecting(look: Reading, readings: Readings, purpose: Purpose, basis: Basis) -> tuple[bool, bool]:
    """Whether an objection postpones, and whether it removes."""
    marketing = Use.DIRECT_MARKETING in purpose.uses
    if not marketing and basis.kind not in (BasisKind.LEGITIMATE_INTERESTS, BasisKind.PUBLIC_TASK):
        return False, False
    days = [said[1] if said and said[0] is Act.OBJECTED else None for said in readings]
    if not marketing:
        return any(days), False
    undone = [day is not None and look.today <= day + timedelta(days=look.policy.undo) for day in days]
    return any(undone), all(days) and not any(undone)


# --- tracks -----------------------------------------------------------------------------------------------------


def _read(facts: Iterable[Fact], track: Track) -> Readings:
    of_track = [fact for fact in facts if TRACK_OF[fact.act] is track]
    return _latest(track, [fact for fact in of_track if fact.certain]), _latest(track, of_track)


def _either(readings: Readings, act: Act) -> bool:
    return any(said is not None and said[0] is act for said in readings)


def _latest(track: Track, facts: list[Fact]) -> tuple[Act, date] | None:
    if not facts:
        return None
    day = max(fact.day for fact in facts)
    numbered = [(fact.seq, fact.act) for fact in facts if fact.day == day and fact.seq is not None]
    acts = {fact.act for fact in facts if fact.day == day and fact.seq is None}
    if numbered:
        acts |= {act for seq, act in numbered if seq == max(numbered)[0]}
    return (acts.pop() if len(acts) == 1 else AT_A_TIE[track]), day


# --- whom a mark reaches ----------------------------------------------------------------------------------------


def facts_about(look: Reading, source: str, person: Person) -> tuple[Fact, ...]:
    """Every mark and consent column of the source that reaches the person."""

    def collect() -> tuple[Fact, ...]:
        known = reaches(look, person)
        facts = []
        for mark in look.marks:
            certain = known(mark.refs)
            if certain is None and TRACK_OF[mark.act] in _PROTECTING and _names_its_key(person, mark):
                certain = False
            if certain is not None:
                facts.append(Fact(mark.act, mark.day, mark.seq, mark.purpose, mark.company, certain))
        for said in spoken(look, source):
            if said.day <= look.today and (certain := known(said.refs)) is not None:
                facts.append(Fact(said.act, said.day, None, said.purpose, said.company, certain))
        return tuple(facts)

    return look.once((source, person, "facts"), collect, ())


def reaches(look: Reading, person: Person) -> Callable[[frozenset[Ref]], bool | None]:
    """How refs reach the person: True certainly, False uncertainly, None not at all."""
    now = remember(look, person)
    now = now if isinstance(now, Remembered) else Remembered(frozenset({now}))
    return lambda refs: True if refs & now.refs else False if refs & now.maybe else None


_PROTECTING = (Track.HOLD, Track.RESTRICTION)


def _names_its_key(person: Person, mark: Mark) -> bool:
    """A ref has the key of the person's row, and the row was not clearly born after the mark."""
    own = person.refs if isinstance(person, Remembered) else {person}
    keys = {
        (ref.source, ref.subject, ref.key)
        for ref in own
        if isinstance(ref, KeyRef) and not _is_later(ref.birth, mark.day)
    }
    return any(isinstance(ref, KeyRef) and (ref.source, ref.subject, ref.key) in keys for ref in mark.refs)


def _is_later(birth: str, day: date) -> bool:
    """The stamp begins with a day more than one later: whatever its zone, it is."""
    try:
        return date.fromisoformat(birth[:10]) - day > timedelta(days=1)
    except ValueError:
        return False


def spoken(look: Reading, source: str) -> frozenset[SaidConsent]:
    """What the consent columns of a source say, and those of its deleted rows said."""

    def listen() -> frozenset[SaidConsent]:
        kept = {said for said in look.world.said if said.source == source}
        return frozenset(kept.union(*(said_in(look, row) for row in look.every_row() if row.source == source)))

    return look.once((source, "spoken"), listen, frozenset())


def said_in(look: Reading, row: Row) -> set[SaidConsent]:
    """What the row's consent columns say about its certain owners."""
    said: set[SaidConsent] = set()
    company = company_of(look, row)
    if company is None:
        return said
    for mark in row.table.marks:
        for act, column in ((Act.CONSENTED, mark.consented), (Act.WITHDRAWN, mark.withdrawn)):
            at = moment_of(row.values.get(column.column), column, look.policy.zone) if column else None
            if isinstance(at, Unknown) and act is Act.WITHDRAWN:
                at = OnDay(FIRST_DAY)
            if isinstance(at, OnDay):
                for person in owners_of(look, row).certain:
                    said.add(SaidConsent(row.source, _spoken_of(person), mark.purpose, company, act, at.day))
    return said


def _spoken_of(person: Person) -> frozenset[Ref]:
    """Whom a consent column speaks of: the row itself, also once it is remembered, never a namesake."""
    if not isinstance(person, Remembered):
        return frozenset({person})
    return frozenset(ref for ref in person.refs if isinstance(ref, KeyRef)) or person.refs
