"""What the marks say today, one row a person, purpose and company (`spec/claims.md` §3), in the working table `state`.

Tracks are decided in Python, by the certain marks and by all of them; what protects holds in either reading, what
removes must stand in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ombud.engine.consents import Spoken, named_in
from ombud.engine.people import People
from ombud.engine.program import Statements
from ombud.engine.sidecar import StoredMark, StoredRef
from ombud.plan.naming import SURE
from ombud.policy.model import Policy, Purpose, Use
from ombud.sql.facts import Facts
from ombud.sql.judge import WHOLLY
from ombud.sql.names import Names
from ombud.sql.near import WHO
from ombud.sql.read import some
from ombud.terms import AT_A_TIE, TRACK_OF, Act, Track


@dataclass(frozen=True, slots=True)
class Said:
    """One mark as it concerns one person: `seq` None for a consent column, which ties with its day's marks."""

    day: date
    seq: int | None
    act: Act
    purpose: str | None
    company: str | None
    certain: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A mark, or what a consent column says (`seq` None), with the refs of whom it is about."""

    day: date
    seq: int | None
    act: Act
    purpose: str | None
    company: str | None
    refs: frozenset[StoredRef]


def latest(said: Iterable[Said], track: Track) -> Said | None:
    """The act that decides a track: the greatest (day, seq); what cannot be ordered is decided by `AT_A_TIE`."""
    mine = [s for s in said if TRACK_OF[s.act] is track]
    if not mine:
        return None
    newest = max(s.day for s in mine)
    today = [s for s in mine if s.day == newest]
    numbered = [s for s in today if s.seq is not None]
    rivals = [s for s in today if s.seq is None]
    if numbered:
        rivals.append(max(numbered, key=lambda s: s.seq or 0))
    wins = [s for s in rivals if s.act is AT_A_TIE[track]]
    return (wins or rivals)[0]


@dataclass(frozen=True, slots=True)
class State:
    """One person's state for one purpose and company, today. `held`: shielded by a hold, whatever else is said."""

    shielded: bool
    postponed: bool
    objecting: bool
    removed: bool
    consented: bool
    ended: date | None
    held: bool = False

    @property
    def says_nothing(self) -> bool:
        return not (self.shielded or self.postponed or self.objecting or self.removed or self.consented or self.ended)


def state_of(said: list[Said], purpose: Purpose | None, undo: int, today: date) -> State:
    """The state for one purpose (None: of marks without one) from the marks that concern it and its company."""
    sure = [s for s in said if s.certain]

    def either(track: Track, act: Act) -> bool:
        return any((found := latest(reading, track)) is not None and found.act is act for reading in (sure, said))

    held = either(Track.HOLD, Act.HELD)
    shielded = held or either(Track.RESTRICTION, Act.RESTRICTED)
    if purpose is None:
        return State(shielded, False, False, False, False, None)
    readings = [latest(sure, Track.OBJECTION), latest(said, Track.OBJECTION)]
    objections = [r for r in readings if r is not None and r.act is Act.OBJECTED]
    direct = Use.DIRECT_MARKETING in purpose.uses
    waits = [_within(r.day, undo, today) for r in objections]
    ends = [latest(sure, Track.END), latest(said, Track.END)]
    ended = [e.day for e in ends if e is not None and e.act is Act.ENDED]
    return State(
        shielded=shielded,
        postponed=direct and any(waits),
        objecting=not direct and bool(objections),
        removed=direct and len(objections) == 2 and not any(waits),
        consented=either(Track.CONSENT, Act.CONSENTED),
        ended=min(ended) if len(ended) == 2 else None,
        held=held,
    )


def _within(day: date, undo: int, today: date) -> bool:
    return (today - day).days <= undo


States = dict[tuple[str, str, str], State]
"""By person, purpose and company; what says nothing is left out."""


@dataclass(frozen=True)
class Stater:
    """Decides and writes the states of one source for one policy, once people and owners are known."""

    policy: Policy
    facts: Facts

    @property
    def names(self) -> Names:
        return self.facts.names

    @property
    def today(self) -> date:
        return self.facts.read.today

    def decide(
        self,
        statements: Statements,
        people: People,
        marks: list[StoredMark],
        remembered: Collection[str] | None = None,
    ) -> States:
        """Work out whom each mark reaches, and decide every track.

        `remembered`: of whom it matters, of those who are not there; they stand in `alike`. None: of everybody.
        """
        said: dict[str, list[Said]] = defaultdict(list)
        told = [Told(m.day, m.seq, m.act, m.purpose, m.company, m.refs) for m in marks]
        told += self._consents(statements)
        for mark in told:
            for ref in mark.refs:
                self._reach(people, mark, ref, said)
        self._born_otherwise(statements, told, said)
        if remembered is None or remembered:
            self._remembered(statements, told, said, near=remembered is not None)
        return {(who, *of): state for who, acts in said.items() for of, state in self._states(acts)}

    def decide_among(self, people: People, told: Iterable[Told], persons: Iterable[str]) -> States:
        """The same of these living persons alone, none of whom is remembered; `told` is all that may reach them."""
        said: dict[str, list[Said]] = defaultdict(list)
        counted = [each for each in told if each.day <= self.today]
        for mark in counted:
            for ref in mark.refs:
                self._reach(people, mark, ref, said)
        self._reach_by_key(persons, _by_key(counted), said)
        return {(who, *of): state for who, acts in said.items() for of, state in self._states(acts)}

    def write(self, statements: Statements, states: States) -> None:
        """Write what is left to say."""
        rows = [self._row(*of, state) for of, state in states.items()]
        statements.fill("state", lambda: self.names.state, rows)

    # --- whom a mark reaches -----------------------------------------------------------------------------------

    def _reach(self, people: People, mark: Told, ref: StoredRef, said: dict[str, list[Said]]) -> None:
        sort, _, scope = ref.scope.partition("/")
        if sort == "key":
            _add(said[f"key|{scope}|{ref.birth}|{ref.value}"], mark, certain=True)
            return
        held = (scope, ref.value)
        _add(said[f"id|{scope}|{ref.value}"], mark, certain=True)
        for person in people.holders.get(held, ()):
            _add(said[person.who], mark, certain=not people.is_shared(person, held))

    def _born_otherwise(self, statements: Statements, told: list[Told], said: dict[str, list[Said]]) -> None:
        """A row's birth may have been written otherwise since: what protects its key reaches it, uncertainly."""
        by_key = _by_key(told)
        for name in self.names.source.subjects if by_key else ():
            named = statements.rows(("named by key", name), lambda name=name: self._named_by_key(name))  # type: ignore[misc]
            self._reach_by_key((who for (who,) in named), by_key, said)

    def _reach_by_key(
        self, persons: Iterable[str], by_key: Mapping[tuple[str, str], list[Told]], said: dict[str, list[Said]]
    ) -> None:
        for who in persons:
            own = named_in(who)
            for mark in by_key.get((own.scope, own.value), ()):
                if not born_after(mark.day, own.birth):
                    _add(said[who], mark, certain=own in mark.refs)

    def _named_by_key(self, subject: str) -> sa.Select[Any]:
        table = self.names.source.subjects[subject].table
        fact, ref, row = self.names.fact(table).alias(), self.names.mark_ref.alias(), self.names.row(table)
        named = some(ref, ref.c.scope == f"key/{subject}", ref.c.value == self.names.key_text(table, row))
        return sa.select(fact.c.who).where(self.names.same_key(fact, table, row), named)

    def _remembered(self, statements: Statements, told: list[Told], said: dict[str, list[Said]], *, near: bool) -> None:
        by_ref: dict[StoredRef, list[Told]] = defaultdict(list)
        for mark in told:
            for ref in mark.refs:
                by_ref[ref].append(mark)
        if not by_ref:
            return
        by_key = _by_key(told)
        for who, scope, value, birth, certain in statements.rows(("refs", near), lambda: refs(self.names, near)):
            for mark in by_ref.get(StoredRef(scope, value, birth), ()):
                _add(said[who], mark, certain=certain == SURE)
            for mark in by_key.get((scope, value), ()):
                if not born_after(mark.day, birth):
                    _add(said[who], mark, certain=False)

    def _consents(self, statements: Statements) -> Iterator[Told]:
        """What consent columns say, and those of deleted rows said: marks without a place in the sequence."""
        spoken = list(Spoken(self.facts).now(statements))
        for who, purpose, company, act, said in statements.rows(("said",), lambda: sa.select(self.names.said)):
            spoken.append((who, purpose, company, Act(act), date.fromisoformat(said)))
        for who, purpose, company, act, day in spoken:
            if day <= self.today:
                yield Told(day, None, act, purpose, company, frozenset({named_in(who)}))

    # --- what is left to say -----------------------------------------------------------------------------------

    def _states(self, said: list[Said]) -> Iterator[tuple[tuple[str, str], State]]:
        past = [s for s in said if s.day <= self.today]
        for company in self.policy.companies:
            mine = [s for s in past if s.company in (None, company)]
            whole = state_of([s for s in mine if s.purpose is None], None, self.policy.undo, self.today)
            if not whole.shielded:
                whole = next((state for state in self._unheard_of(past, company) if state.shielded), whole)
            if whole.shielded:
                yield (WHOLLY, company), whole
            for purpose in self.policy.purposes.get(company, {}).values():
                concerned = [s for s in mine if s.purpose in (None, purpose.id)]
                if not concerned:
                    continue
                state = state_of(concerned, purpose, self.policy.undo, self.today)
                if not state.says_nothing:
                    yield (purpose.id, company), state

    def _unheard_of(self, said: list[Said], company: str) -> Iterator[State]:
        """What is said of purposes that no company has, and of companies that the policy does not have."""
        purposes = {None, *(id for own in self.policy.purposes.values() for id in own)}
        companies = {None, *self.policy.companies}
        for purpose, where in {(s.purpose, s.company) for s in said}:
            if purpose in purposes and where in companies:
                continue
            if where in companies and where not in (None, company):
                continue
            concerned = [s for s in said if s.purpose in (None, purpose) and s.company in (None, where)]
            yield state_of(concerned, None, self.policy.undo, self.today)

    def _row(self, person: str, purpose: str, company: str, state: State) -> dict[str, Any]:
        row: dict[str, Any] = {
            "who": person,
            "purpose": purpose,
            "company": company,
            "shielded": int(state.shielded),
            "postponed": int(state.postponed),
            "objecting": int(state.objecting),
            "removed": int(state.removed),
            "consented": int(state.consented),
            "ended": state.ended.isoformat() if state.ended else None,
        }
        return row


def refs(names: Names, near: bool) -> sa.Select[Any]:
    """By what remembered persons are known; `near`: those in `alike`."""
    chosen: sa.Select[Any] = sa.select(names.ref)
    wanted = sa.select(names.alike.c.rough).where(names.alike.c.kind == WHO)
    return chosen.where(names.ref.c.who.in_(wanted)) if near else chosen


def _by_key(told: Iterable[Told]) -> dict[tuple[str, str], list[Told]]:
    """The marks that protect, by the subject and key that they name."""
    found: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for mark in told:
        for ref in mark.refs if TRACK_OF[mark.act] in (Track.HOLD, Track.RESTRICTION) else ():
            if ref.scope.startswith("key/"):
                found[ref.scope, ref.value].append(mark)
    return found


def born_after(day: date, birth: str) -> bool:
    """The stamp begins with an ISO day that is past the day after a mark's: another person has the key."""
    try:
        return (date.fromisoformat(birth[:10]) - day).days > 1
    except ValueError:
        return False


def _add(said: list[Said], mark: Told, *, certain: bool) -> None:
    """A mark that reaches a person twice reaches them certainly if either way is certain."""
    sure, unsure = (Said(mark.day, mark.seq, mark.act, mark.purpose, mark.company, each) for each in (True, False))
    if sure in said or (unsure in said and not certain):
        return
    if unsure in said:
        said.remove(unsure)
    said.append(sure if certain else unsure)
