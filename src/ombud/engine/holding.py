"""Which claims hold a cell for a person, until when or why, from facts that are worked out (`spec/claims.md` §4).

The dates are computed here, in Python, from the states and days of moments.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ombud.datamap.model import Cell, Kind, Table
from ombud.documents.extract import Hold, Why, told_once
from ombud.engine.gathering import Unclear
from ombud.engine.people import living
from ombud.engine.states import State, States
from ombud.plan.calendar import last_day
from ombud.plan.ends import Ask, End, ends_of
from ombud.policy.model import UNSTATED, Basis, BasisKind, Clock, Policy, Purpose, While, covers
from ombud.sql.judge import Judge
from ombud.sql.owners import CANDIDATE, CERTAIN, OPEN

Told = tuple[str, str | None]
"""A moment's state, and its ISO day where that is `day`."""

UNKNOWN: Told = ("unknown", None)

Owned = tuple[str, str | None, str]
"""By which rule, who, and how surely."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a row of a root's kind and company is claimed for: a purpose on one basis."""

    purpose: Purpose
    basis: Basis
    end: End


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of the row whose claims are asked for: its moments by name, its birth, who owns what of it."""

    moments: Mapping[str, Told]
    born: str | None
    owners: Sequence[Owned]


@dataclass
class Kept:
    """What a policy and map say on a day, whoever is asked for: claims by where they stand, each tuple once; by which
    moments they are judged; and what holds whoever no mark says anything of.
    """

    claims: dict[tuple[str, str, str, str, str, int], tuple[Claim, ...]] = field(default_factory=dict)
    alike: dict[tuple[tuple[int, int, str], ...], tuple[Claim, ...]] = field(default_factory=dict)
    moments: dict[int, tuple[str, ...]] = field(default_factory=dict)
    held: dict[tuple[object, ...], tuple[Hold, ...]] = field(default_factory=dict)


MOST_KEPT = 20_000
"""Ways in which somebody is held that are kept."""


@dataclass
class Holder:
    """The claims of one source's policy and map on one day. `known`: of whom marks are known, by name; None: of all."""

    judge: Judge
    states: States = field(default_factory=dict)
    known: Container[str] | None = None
    kept: Kept = field(default_factory=Kept)
    _held: dict[tuple[object, ...], tuple[Hold, ...]] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        return self.judge.policy

    @property
    def today(self) -> date:
        return self.judge.read.today

    def claims(self, table: Table, cell: Cell, own: Kind, root: Table, above: int, company: str) -> tuple[Claim, ...]:
        """Every claim that a cell of a row can have, whose root is of this kind (by number) and company."""
        known = (table.name, own.name, cell.name, root.name, company, above)
        if known not in self.kept.claims:
            found = tuple(self._found(table, cell, root.kinds[above], company))
            same = tuple((id(each.purpose), id(each.basis), company) for each in found)
            self.kept.claims[known] = self.kept.alike.setdefault(same, found)
        return self.kept.claims[known]

    def _found(self, table: Table, cell: Cell, above: Kind, company: str) -> Iterable[Claim]:
        purposes = self.policy.purposes.get(company, {})
        for binding in above.bindings:
            purpose = purposes.get(binding.purpose)
            if purpose is None or not covers(purpose.data, cell.category):
                continue
            if self.judge.reaches(table, cell, above, binding):
                bases = [basis for basis in purpose.bases if basis.kind is not BasisKind.NONE]
                ends = ends_of(self.policy, company, purpose, self.today)
                yield from (Claim(purpose, basis, end) for basis, end in zip(bases, ends, strict=True))

    # --- life and death -----------------------------------------------------------------------------------------

    @cached_property
    def _said_of(self) -> frozenset[str]:
        return frozenset(who for who, _, _ in self.states)

    def knows(self, who: str) -> bool:
        """Whether it is known what marks say of them."""
        return self.known is None or who in self.known

    def says_more(self, who: str) -> bool:
        """Whether a mark says anything of them."""
        return who in self._said_of

    def holds(self, claims: tuple[Claim, ...], look: Look, refs: frozenset[str]) -> tuple[Hold, ...]:
        """The live claims about the person with these names, or that may be anybody's.

        Where no claim can be theirs, as in a row that mentions them, all that live.
        """
        # Cells of a row, and rows of a day, are mostly held alike. Tuples of claims are kept, so the id tells which.
        moments = tuple([look.moments.get(moment, UNKNOWN) for moment in self._judged_by(claims)])
        alike: tuple[object, ...] = (id(claims), moments, tuple(unnamed(look.owners, refs)))
        held = self.kept.held
        if any(who is not None and (self.says_more(who) or not self.knows(who)) for _, who, _ in look.owners):
            alike, held = (id(claims), moments, look.born, tuple(look.owners), refs), self._held
        found = held.get(alike)
        if found is None:
            if len(held) > MOST_KEPT:
                held.clear()
            found = held[alike] = self._holds(claims, look, refs)
        return found

    def _judged_by(self, claims: tuple[Claim, ...]) -> tuple[str, ...]:
        """The moments that any of these claims asks for."""
        found = self.kept.moments.get(id(claims))
        if found is None:
            asked = [moment for claim in claims for moment, _ in claim.end.moments]
            for claim in claims:
                keep = claim.purpose.keep
                asked += [keep.start] if isinstance(keep, Clock) else []
                for name in (claim.basis.state, keep.state if isinstance(keep, While) else None):
                    needed = self.policy.states.get(name) if name else None
                    asked += [needed.ends] if needed and needed.ends else []
            found = self.kept.moments[id(claims)] = tuple(dict.fromkeys(asked))
        return found

    def _holds(self, claims: tuple[Claim, ...], look: Look, refs: frozenset[str]) -> tuple[Hold, ...]:
        someone = _someone(look.owners)
        theirs = [each for each in someone if each[0] in refs or each[1] == OPEN]
        if not any(who in refs for who, _ in someone):
            theirs = someone
            if claims and any(who is not None and not self.knows(who) for who, _ in someone):
                raise Unclear("a row that is somebody else's")
        return told_once(
            hold
            for claim in claims
            for who, status in theirs
            if (hold := self._hold(claim, look, who, status, theirs=status == CERTAIN and who in refs))
        )

    def _hold(self, claim: Claim, look: Look, who: str | None, status: str, *, theirs: bool) -> Hold | None:
        end = claim.end
        state = self.states.get((who, end.purpose.id, end.company)) if who is not None else None
        why = Why.ANYBODY if status == OPEN else _protected(end, look, state)
        if not why:
            if any(_is(look.moments.get(moment, UNKNOWN), ask) for moment, ask in end.moments):
                return None
            if status == CERTAIN and _ended(claim, look, state):
                return None
        until = self._until(claim, look)
        waits, moment = ("", "") if until else _waits(claim, look)
        statutes = claim.basis.statutes
        return Hold(claim.purpose.id, claim.basis.kind.value, until, why or waits, statutes, moment, theirs)

    def _until(self, claim: Claim, look: Look) -> date | None:
        """The last day, if it is known and not past: of the clock, or of a state that the claim needs."""
        days: list[date | None] = []
        states = [claim.basis.state]
        match claim.purpose.keep:
            case While(state):
                states.append(state)
            case Clock() as clock:
                if starts := _day(look.moments.get(clock.start, UNKNOWN)):
                    years = self.policy.companies[claim.end.company].fiscal_years
                    days.append(last_day(clock, starts, years))
        for name in states:
            needed = self.policy.states.get(name) if name else None
            if needed and needed.ends:
                days.append(_day(look.moments.get(needed.ends, UNKNOWN)))
        last = min((day for day in days if day), default=None)
        return last if last and last >= self.today else None


def unnamed(owners: Sequence[Owned], *known: Container[str]) -> Iterator[tuple[object, ...]]:
    """Whoever owns something, and among whom they are known, but for their names: who is one and the same has one
    number.
    """
    numbers: dict[str, int] = {}
    for rule, who, status in owners:
        if who is None:
            yield rule, status
        else:
            number = numbers.setdefault(living(who), len(numbers))
            yield rule, status, number, who.startswith("was|"), *[who in each for each in known]


def _someone(owners: Sequence[Owned]) -> list[tuple[str | None, str]]:
    """Whom claims are about, each once: certain persons, candidates that are none of these, anybody; else nobody."""
    certain = {who for _, who, status in owners if status == CERTAIN and who}
    there = {living(who) for who in certain}
    maybe = {who for _, who, status in owners if status == CANDIDATE and who and living(who) not in there}
    found: list[tuple[str | None, str]] = [(who, CERTAIN) for who in sorted(certain)]
    found += [(who, CANDIDATE) for who in sorted(maybe)]
    if any(status == OPEN for _, _, status in owners):
        found.append((None, OPEN))
    return found or [(None, CERTAIN)]


def _protected(end: End, look: Look, state: State | None) -> str:
    if state is None:
        return ""
    if state.held:
        return Why.HELD
    if state.shielded:
        return Why.RESTRICTED
    objects = state.postponed or (end.objectable and state.objecting)
    return Why.OBJECTED if objects and not _ended_by_mark(look, state) else ""


def _ended(claim: Claim, look: Look, state: State | None) -> bool:
    """A certain person has not consented, or has ended it."""
    if claim.basis.kind is BasisKind.CONSENT and not (state and state.consented):
        return True
    if state is None:
        return False
    return _ended_by_mark(look, state) or state.removed


def _ended_by_mark(look: Look, state: State) -> bool:
    """A mark ended what was born until its day, and the row is known to be."""
    return state.ended is not None and look.born is not None and look.born <= state.ended.isoformat()


def _is(told: Told, ask: Ask) -> bool:
    """The moment is known to lie in the set."""
    state, day = told
    match state:
        case "day":
            low, high = (ask.days.low, ask.days.high) if ask.days is not None else (date.max, date.min)
            return day is not None and low.isoformat() <= day < high.isoformat()
        case "not_yet":
            return ask.not_yet
        case "never":
            return ask.never
        case _:
            return False


def _day(told: Told) -> date | None:
    return date.fromisoformat(told[1]) if told[0] == "day" and told[1] else None


def _waits(claim: Claim, look: Look) -> tuple[str, str]:
    """What a claim without a last day waits for, and the moment or state."""
    match claim.purpose.keep:
        case Clock(start):
            return (Why.NOT_YET if look.moments.get(start, UNKNOWN)[0] == "not_yet" else Why.UNKNOWN), start
        case While(state) if state == UNSTATED:
            return Why.UNSTATED, ""
        case While(state):
            return (Why.CONSENT if claim.basis.kind is BasisKind.CONSENT else Why.WHILE), state
