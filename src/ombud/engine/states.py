"""What the marks say today, one row a person, purpose and company (`spec/claims.md` §3): fills the working table `state`.

Tracks are decided in Python, by the certain marks and by all of them; what protects holds in either reading, what
removes must stand in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import ColumnMark, Table
from ombud.engine.people import Finder, People, Person
from ombud.engine.sidecar import StoredMark
from ombud.plan.calendar import ALL_DAYS
from ombud.policy.model import Policy, Purpose, Use
from ombud.sql.dialect import Expr, start_after, written
from ombud.sql.judge import WHOLLY
from ombud.sql.names import Names
from ombud.sql.owners import About, Owners
from ombud.sql.relate import Relation
from ombud.sql.tell import Teller
from ombud.terms import AT_A_TIE, FIRST_DAY, LAST_DAY, TRACK_OF, Act, Track


@dataclass(frozen=True, slots=True)
class Said:
    """One mark as it concerns one person: `seq` None for a consent column, which ties with its day's marks."""

    day: date
    seq: int | None
    act: Act
    purpose: str | None
    company: str | None
    certain: bool


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
    """One person's state for one purpose and company, today."""

    shielded: bool
    postponed: bool
    objecting: bool
    removed: bool
    consented: bool
    ended: date | None

    @property
    def says_nothing(self) -> bool:
        return not (self.shielded or self.postponed or self.objecting or self.removed or self.consented or self.ended)


def state_of(said: list[Said], purpose: Purpose | None, undo: int, today: date) -> State:
    """The state for one purpose (None: of marks without one) from the marks that concern it and its company."""
    sure = [s for s in said if s.certain]

    def either(track: Track, act: Act) -> bool:
        return any((found := latest(reading, track)) is not None and found.act is act for reading in (sure, said))

    shielded = either(Track.HOLD, Act.HELD) or either(Track.RESTRICTION, Act.RESTRICTED)
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
    )


def _within(day: date, undo: int, today: date) -> bool:
    return (today - day).days <= undo


@dataclass(frozen=True)
class Stater:
    """Writes the states of one source for one policy."""

    policy: Policy
    finder: Finder

    @property
    def names(self) -> Names:
        return self.finder.names

    @property
    def today(self) -> date:
        return self.finder.read.today

    def write(self, connection: sa.Connection, people: People, marks: list[StoredMark]) -> None:
        """Work out whom each mark reaches, decide every track, and write what is left to say."""
        said: dict[int, list[Said]] = defaultdict(list)
        self._by_key(connection, people, marks, said)
        self._by_identifier(people, marks, said)
        self._remembered(connection, people, marks, said)
        self._columns(connection, people, said)
        rows = [row for person, acts in said.items() for row in self._rows(person, acts)]
        if rows:
            connection.execute(self.names.state.insert(), rows)

    # --- whom a mark reaches -----------------------------------------------------------------------------------

    def _by_key(
        self, connection: sa.Connection, people: People, marks: list[StoredMark], said: dict[int, list[Said]]
    ) -> None:
        for subject in self.names.source.subjects.values():
            wanted: dict[tuple[str, str], list[StoredMark]] = defaultdict(list)
            for mark in marks:
                for ref in mark.refs:
                    if ref.scope == f"key/{subject.name}":
                        wanted[ref.value, ref.birth].append(mark)
            births: dict[str, list[tuple[str, str]]] = defaultdict(list)
            for text, birth in wanted:
                births[birth].append((text, birth))
            for birth, keys in births.items():
                for text, key, who, company in self.finder.by_key(connection, subject, keys):
                    person = people.row_of(subject.name, key, who, company)
                    for mark in wanted[text, birth]:
                        _add(said[person.number], mark, certain=True)

    def _by_identifier(self, people: People, marks: list[StoredMark], said: dict[int, list[Said]]) -> None:
        for mark in marks:
            for ref in mark.refs:
                if not ref.scope.startswith("id/"):
                    continue
                holder = (ref.scope.removeprefix("id/"), ref.value)
                if (number := people.hashes.get(holder)) is not None:
                    _add(said[number], mark, certain=True)
                holders = people.holders.get(holder, set())
                for person in holders:
                    _add(said[person.number], mark, certain=_alone(person, holders))

    def _remembered(
        self, connection: sa.Connection, people: People, marks: list[StoredMark], said: dict[int, list[Said]]
    ) -> None:
        ref, mark_ref = self.names.ref.alias(), self.names.mark_ref.alias()
        same = [ref.c[c] == mark_ref.c[c] for c in ("scope", "value", "birth")]
        by_number = {mark.seq: mark for mark in marks}
        for who, seq in connection.execute(sa.select(ref.c.who, mark_ref.c.seq).where(*same).distinct()).tuples():
            if seq in by_number:
                number = people.others.setdefault(who, people.count + 1)
                people.count = max(people.count, number)
                _add(said[number], by_number[seq], certain=True)

    def _columns(self, connection: sa.Connection, people: People, said: dict[int, list[Said]]) -> None:
        """Consent columns: marks about the certain owners of their row."""
        by_who = {p.who: p.number for p in people.rows.values()}
        for table in self.names.source.tables.values():
            for mark in table.marks:
                for who, company, consented, withdrawn in self._consents(connection, table, mark):
                    number = self._number(connection, people, by_who, who)
                    if consented is not None:
                        said[number].append(Said(consented, None, Act.CONSENTED, mark.purpose, company, True))
                    if withdrawn is not None:
                        said[number].append(Said(withdrawn, None, Act.WITHDRAWN, mark.purpose, company, True))

    def _number(self, connection: sa.Connection, people: People, by_who: dict[str, int], who: str) -> int:
        sort, scope, rest = who.split("|", 2)
        if sort == "id":
            return people.hash_of(scope, rest)
        if who not in by_who:
            subject = self.names.source.subjects[scope]
            birth, _, text = rest.partition("|")
            there = list(self.finder.by_key(connection, subject, [(text, birth)]))
            if there:
                _, key, same, company = there[0]
                by_who[who] = people.row_of(scope, key, same, company).number
            else:
                by_who[who] = people.others.setdefault(who, people.number())
        return by_who[who]

    def _consents(
        self, connection: sa.Connection, table: Table, mark: ColumnMark
    ) -> Iterator[tuple[str, str, date | None, date | None]]:
        read = self.finder.read
        row = self.names.row(table.name)
        teller = Teller(read)
        told = sa.case(
            (read.in_days(table.name, row, mark.consented, ALL_DAYS), teller.column_day(table, row, mark.consented)),
            else_=sa.null(),
        )
        given = sa.case((read.is_absent(row, mark.consented), sa.null()), else_=told)
        taken: Expr = sa.literal("absent")
        if mark.withdrawn is not None:
            back = sa.case(
                (read.in_days(table.name, row, mark.withdrawn, ALL_DAYS), teller.column_day(table, row, mark.withdrawn)),
                else_="unreadable",
            )
            taken = sa.case((read.is_absent(row, mark.withdrawn), "absent"), else_=back)
        relation = Relation(Owners(read))
        columns = (read.company_name(table, row).label("company"), given.label("given"), taken.label("taken"))
        for chosen in relation.certain(table, About(table.owners), row, *columns):
            for who, company, consented, withdrawn in connection.execute(chosen.distinct()).tuples():
                if company is None:
                    continue
                yield str(who), str(company), _believed(consented), _withdrawn(withdrawn)

    # --- what is left to say -----------------------------------------------------------------------------------

    def _rows(self, person: int, said: list[Said]) -> Iterator[dict[str, Any]]:
        past = [s for s in said if s.day <= self.today]
        for company in self.policy.companies:
            mine = [s for s in past if s.company in (None, company)]
            whole = state_of([s for s in mine if s.purpose is None], None, self.policy.undo, self.today)
            if whole.shielded:
                yield self._row(person, WHOLLY, company, whole)
            for purpose in self.policy.purposes.get(company, {}).values():
                concerned = [s for s in mine if s.purpose in (None, purpose.id)]
                state = state_of(concerned, purpose, self.policy.undo, self.today)
                if not state.says_nothing:
                    yield self._row(person, purpose.id, company, state)

    def _row(self, person: int, purpose: str, company: str, state: State) -> dict[str, Any]:
        row: dict[str, Any] = {
            "person": person,
            "purpose": purpose,
            "company": company,
            "shielded": int(state.shielded),
            "postponed": int(state.postponed),
            "objecting": int(state.objecting),
            "removed": int(state.removed),
            "consented": int(state.consented),
        }
        for n, form in enumerate(self.names.formats):
            day = start_after(min(state.ended, LAST_DAY)) if state.ended else None
            row[f"ended{n}"] = written(self.names.dialect, form, "", self.policy.zone, day) if day else None
        return row


def _add(said: list[Said], mark: StoredMark, *, certain: bool) -> None:
    """A mark that reaches a person twice reaches them certainly if either way is certain."""
    for n, other in enumerate(said):
        if other.seq == mark.seq:
            if certain and not other.certain:
                said[n] = Said(other.day, other.seq, other.act, other.purpose, other.company, True)
            return
    said.append(Said(mark.day, mark.seq, mark.act, mark.purpose, mark.company, certain))


def _alone(person: Person, holders: set[Person]) -> bool:
    """No other row of the same company, or of an unknown one, has the identifier."""
    return not any(
        other.number != person.number and (other.company is None or other.company == person.company)
        for other in holders
    )


def _believed(day: object) -> date | None:
    return date.fromisoformat(str(day)) if day else None


def _withdrawn(day: object) -> date | None:
    if day == "absent":
        return None
    return FIRST_DAY if day == "unreadable" else date.fromisoformat(str(day))


