"""By which marks something is held, restricted or ended: the numbers behind what the oracle says of a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ombud.claims.live import ENDED, NO_CONSENT, OBJECTED, Claim, OnCell, Someone
from ombud.claims.marks import Fact, facts_about, unheard_of
from ombud.claims.read import Reading
from ombud.claims.world import Owners, Person
from ombud.terms import FIRST_DAY, TRACK_OF, Act, Mark, Track

_BY_REASON = {
    **{each.value: each for each in (Act.HELD, Act.RESTRICTED, Act.OBJECTED)},
    ENDED: Act.ENDED,
    OBJECTED: Act.OBJECTED,
    NO_CONSENT: Act.WITHDRAWN,
}
"""Acts by the reason of a claim that lives, or is dead, because of them."""


def by_mark(look: Reading, claim: Claim) -> Claim:
    """The claim; where a mark keeps or ends it, its reason says which, and where a column withdrew consent, when."""
    act = _BY_REASON.get(claim.reason)
    if act is None or isinstance(claim.owner, Someone):
        return claim
    every = _facts(look, claim.row[0], claim.owner, claim.company)
    facts = [fact for fact in every if fact.purpose in (None, claim.purpose)]
    found = "; ".join(map(in_words, _marks(look, facts, (act,))))
    return replace(claim, reason=(_withdrawn(facts) if act is Act.WITHDRAWN else "") or found or claim.reason)


def _withdrawn(facts: Iterable[Fact]) -> str:
    """When a column withdrew consent, where no mark did later; '' otherwise."""
    track = [fact for fact in facts if TRACK_OF[fact.act] is Track.CONSENT]
    last = max(track, key=lambda fact: (fact.day, fact.seq or 0), default=None)
    if last is None or last.act is not Act.WITHDRAWN or last.seq is not None:
        return ""
    return f"withdrawn on {'a day that cannot be read' if last.day == FIRST_DAY else last.day.isoformat()}"


def by_marks(look: Reading, held: OnCell) -> OnCell:
    """The same, with the marks in the reasons of its claims."""
    return replace(held, claims=tuple(by_mark(look, claim) for claim in held.claims))


def wholly_by(look: Reading, source: str, owners: Owners, company: str) -> str:
    """The marks that keep everything about one of these owners, in words: for all purposes, or for unknown ones."""
    found: dict[int, Mark] = {}
    for person in owners.certain | owners.candidates:
        about = facts_about(look, source, person)
        for purpose, where in ((None, company), *unheard_of(look, about)):
            if where in look.policy.companies and where != company:
                continue
            facts = (fact for fact in about if fact.purpose in (None, purpose) and fact.company in (None, where))
            found |= {mark.seq: mark for mark in _marks(look, facts, (Act.HELD, Act.RESTRICTED))}
    return "; ".join(in_words(found[seq]) for seq in sorted(found))


def in_words(mark: Mark) -> str:
    """Such as `held by mark 1, 2026-11-23, case 7`."""
    act = "objected to" if mark.act is Act.OBJECTED else mark.act.value
    said = f"{act} by mark {mark.seq}, {mark.day.isoformat()}"
    return f"{said}, {mark.ground}" if mark.ground else said


def _facts(look: Reading, source: str, person: Person, company: str) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts_about(look, source, person) if fact.company in (None, company))


def _marks(look: Reading, facts: Iterable[Fact], acts: Iterable[Act]) -> tuple[Mark, ...]:
    """The marks that decide these acts' tracks, where they are those acts: the latest of the certain, and of all."""
    every = list(facts)
    numbers = {seq for act in acts for seq in _deciding(every, act)}
    return tuple(mark for mark in look.marks if mark.seq in numbers)


def _deciding(facts: list[Fact], act: Act) -> Iterator[int]:
    track = [fact for fact in facts if TRACK_OF[fact.act] is TRACK_OF[act] and fact.seq is not None]
    for known in ([fact for fact in track if fact.certain], track):
        last = max(known, key=lambda fact: (fact.day, fact.seq or 0), default=None)
        if last is not None and last.act is act and last.seq is not None:
            yield last.seq
