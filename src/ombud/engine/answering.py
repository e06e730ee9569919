"""The answer to one person by gathering: their rows outward from the person, without writing anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Subject
from ombud.engine.consents import named_in
from ombud.engine.extracting import Known, Meant, OfTable, Told
from ombud.engine.gathering import Atlas, Gathering, Row, Unclear, atlas
from ombud.engine.holding import Holder, Owned
from ombud.engine.lookups import Lookup
from ombud.engine.people import Digest, Held, People, Person
from ombud.engine.program import Program, Statements
from ombud.engine.reckoning import Reckoning
from ombud.engine.sidecar import StoredRef, stored
from ombud.engine.states import Stater
from ombud.engine.states import Told as Said
from ombud.sql.gather import CONSENT, Slot
from ombud.sql.judge import Judge
from ombud.sql.owners import CERTAIN
from ombud.terms import Act, IdRef, KeyRef, Ref


@dataclass(frozen=True, slots=True)
class Bearer:
    """A subject's row, by its ref. `identifiers` are all that it has: kind, digest, and as it is written (None where
    only its hash is known). `shared`: another row of this source that may be of the same company has the one that
    it was found by as well. `former`: those that it had before, and that find it still.
    """

    ref: KeyRef
    identifiers: tuple[tuple[str, str, object], ...]
    shared: bool = False
    former: frozenset[Held] = frozenset()


@dataclass
class Answering:
    """One source, inside an open transaction. `serves` says whether gathering can tell all there is."""

    statements: Statements
    judge: Judge
    digest: Digest
    gathering: Gathering = field(init=False)

    def __post_init__(self) -> None:
        self.gathering = Gathering(self.statements, self.judge, self.digest, self._atlas)

    @property
    def _atlas(self) -> Atlas:
        program: Program = self.statements.program
        found = program.kept(("atlas", *self.statements.about), lambda: atlas(self.judge))
        assert isinstance(found, Atlas)
        return found

    @property
    def serves(self) -> bool:
        return self._atlas.serves

    # --- who is meant ---------------------------------------------------------------------------------------------

    def bearers(self, values: Iterable[tuple[str, object]]) -> dict[Held, list[Bearer]]:
        """Whoever has one of these identifiers (kind, value). Raises Unclear."""
        held = {(kind, digest) for kind, value in values if (digest := self.digest(kind, value))}
        self.gathering.look_for(values)
        self.gathering.run()
        found = {each: self.gathering.bearers(each) for each in held}
        for bearing in found.values():
            for _, row in bearing:
                if row["memo"]:
                    raise Unclear("a person of whom something is remembered")
                self.gathering.with_identifiers(row)
        self.gathering.run()
        reckoning = Reckoning(self.gathering, People())
        return {each: [self._bearer(reckoning, *one, bearing) for one in bearing] for each, bearing in found.items()}

    def _bearer(self, reckoning: Reckoning, subject: Subject, row: Row, bearing: list[tuple[Subject, Row]]) -> Bearer:
        mine = reckoning.company(row)
        others = (reckoning.company(other) for _, other in bearing if other is not row)
        shared = any(mine is None or other is None or mine == other for other in others)
        return self._of_row(subject, row, shared=shared)

    def _of_row(self, subject: Subject, row: Row, *, shared: bool = False) -> Bearer:
        ref = KeyRef(self.judge.read.names.source.source, subject.name, row.key, row["birth"])
        identifiers = (
            (kind, self.digest(kind, value), value) for kind, value in self.gathering.identifiers(row, subject)
        )
        return Bearer(ref, tuple(each for each in identifiers if each[1]), shared)

    def at(self, subject: Subject, key: tuple[Any, ...]) -> Bearer | None:
        """The subject's row of this key, if it is there. Raises Unclear."""
        self.gathering.key(subject.table, key)
        self.gathering.run()
        row = self.gathering.rows[subject.table].get(key)
        if row is None:
            return None
        if row["memo"]:
            raise Unclear("a person of whom something is remembered")
        self.gathering.with_identifiers(row)
        self.gathering.run()
        return self._of_row(subject, row)

    # --- what they are told ---------------------------------------------------------------------------------------

    def answer(self, person: Meant) -> Iterator[Told]:
        """What every row says of the person, table by table, in the order of the keys. Raises Unclear, or tells all."""
        if person.maybe:
            raise Unclear("an identifier that others have too")
        names, source = self.judge.read.names, self.judge.read.names.source
        refs = {stored(ref) for ref in person.refs if not isinstance(ref, KeyRef) or ref.source == source.source}
        known = _known(refs)
        subjects = {s.table: s for s in source.subjects.values()}
        theirs = [row for name in subjects for row in self.gathering.rows[name].values() if row["who"] in known.by_name]
        for row in theirs:
            self.gathering.mine(row)
            self.gathering.with_identifiers(row)
        beside = self._sidecar(refs)
        heard = self.gathering.run(beside)
        people = self._people(person.refs)
        reckoning = Reckoning(self.gathering, people)
        states = self._states(reckoning, people, refs, theirs, heard)
        claims = self.statements.program.kept(("claims", *self.statements.about), dict)
        holder = Holder(self.judge, states, claims)  # type: ignore[arg-type]
        told: list[Told] = []
        for table in names.source.tables.values():
            rows = list(self.gathering.rows[table.name].values()) if table.personal else []
            if rows:
                told += self._of_table(reckoning, holder, known, sorted(rows, key=lambda row: _order(row.key)))
        yield from told

    def _of_table(self, reckoning: Reckoning, holder: Holder, known: Known, rows: list[Row]) -> Iterator[Told]:
        own: dict[int, list[Owned]] = {}
        above: dict[int, list[Owned]] = {}
        said = []
        for row in rows:
            own[row.number] = reckoning.owners(row)
            if any(who in known.by_name for _, who, _ in own[row.number]):
                said.append(reckoning.said(row))
                root = reckoning.root(row)
                if root is not None:
                    above[root.number] = reckoning.owners(root)
        of = self.statements.program.kept(
            ("of table", rows[0].table.name, *self.statements.about), lambda: OfTable(holder, rows[0].gather.extracts)
        )
        assert isinstance(of, OfTable)
        yield from of.told(said, holder, known, (own, above))

    def _people(self, refs: Iterable[Ref]) -> People:
        """Those who have one of the person's identifiers: the person, for others have none of them."""
        people, reckoning = People(), Reckoning(self.gathering, People())
        for ref in refs:
            if isinstance(ref, IdRef):
                held = (ref.kind, ref.digest)
                for subject, row in self.gathering.bearers(held):
                    company = reckoning.company(row)
                    people.bears(Person(row["who"], subject.name, company, row.key), held)
        return people

    # --- what is said of them -------------------------------------------------------------------------------------

    def _sidecar(self, refs: Iterable[StoredRef]) -> list[Lookup]:
        """What marks, consents of rows that are gone and memory say of these refs."""
        names = self.judge.read.names
        values = [(ref.value,) for ref in sorted(refs, key=lambda ref: ref.value)]
        who = [(each,) for each in sorted(_known(refs).by_name)]
        digests = [(ref.value,) for ref in refs if ref.scope.startswith("id/")]
        beside = [
            Lookup(("marks of",), lambda size: _marks(names, size), values),
            Lookup(("remembered of",), lambda size: _refs(names, size), values),
            Lookup(("said of",), lambda size: _said(names, size), who),
        ]
        for table in dict.fromkeys(subject.table for subject in names.source.subjects.values()):
            beside.append(Lookup(("had once", table), partial(_had, names, table), digests))
        return beside

    def _states(
        self, reckoning: Reckoning, people: People, refs: set[StoredRef], theirs: list[Row], heard: list[list[Any]]
    ) -> Any:
        marks, remembered, said, *had = heard
        if any(had) or any(StoredRef(scope, value, birth) in refs for scope, value, birth in remembered):
            raise Unclear("somebody who is remembered")
        today = self.judge.read.today
        of: dict[int, set[StoredRef]] = defaultdict(set)
        for seq, scope, value, birth, *_ in marks:
            of[seq].add(StoredRef(scope, value, birth))
        told = {
            seq: Said(date.fromisoformat(day), seq, Act(act), purpose, company, frozenset(of[seq]))
            for seq, _, _, _, day, act, purpose, company in marks
        }
        every = [each for each in told.values() if each.day <= today]
        every += [
            Said(date.fromisoformat(day), None, Act(act), purpose, company, frozenset({named_in(who)}))
            for who, purpose, company, act, day in said
        ]
        every += self._consents(reckoning)
        stater = Stater(self.judge.policy, self.judge.facts)
        return stater.decide_among(people, every, [row["who"] for row in theirs])

    def _consents(self, reckoning: Reckoning) -> Iterator[Said]:
        """What consent columns of gathered rows say of their certain owners."""
        for name, gather in self._atlas.gathers.items():
            for n, mark in enumerate(gather.table.marks):
                for act, column in ((Act.CONSENTED, mark.consented), (Act.WITHDRAWN, mark.withdrawn)):
                    for row in self.gathering.rows[name].values() if column is not None else ():
                        day, company = row[f"{CONSENT}{n}/{act}"], reckoning.company(row)
                        if day is None or company is None or not row.mine:
                            continue
                        rules = reckoning.whole(row.table)
                        for rule, who, status in reckoning.owners(row):
                            if rule in rules and status == CERTAIN and who is not None:
                                refs = frozenset({named_in(who)})
                                yield Said(date.fromisoformat(day), None, act, mark.purpose, company, refs)


def _known(refs: Iterable[StoredRef]) -> Known:
    """Under which names the one person stands."""
    names = set[str]()
    for ref in refs:
        sort, _, scope = ref.scope.partition("/")
        own = f"{scope}|{ref.birth}|{ref.value}"
        names |= {f"id|{scope}|{ref.value}"} if sort == "id" else {f"key|{own}", f"was|{own}"}
    return Known([frozenset(names)], [frozenset(names)], {name: [0] for name in names})


def _order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Numbers before texts, each among their like."""
    return tuple((isinstance(part, str), part if isinstance(part, int | str) else str(part)) for part in key)


def _slots(size: int) -> list[sa.BindParameter[Any]]:
    return [sa.bindparam(None, Slot(n), type_=sa.Text(), unique=True) for n in range(size)]


def _marks(names: Any, size: int) -> sa.Select[Any]:
    """Each ref of every mark that has one of these, with its mark."""
    ref, mine, mark = names.mark_ref.alias(), names.mark_ref.alias(), names.mark.alias()
    chosen = sa.select(ref.c.seq, ref.c.scope, ref.c.value, ref.c.birth, mark.c.day, mark.c.act, mark.c.purpose)
    chosen = chosen.add_columns(mark.c.company).where(mark.c.seq == ref.c.seq)
    return chosen.where(ref.c.seq.in_(sa.select(mine.c.seq).where(mine.c.value.in_(_slots(size)))))


def _refs(names: Any, size: int) -> sa.Select[Any]:
    ref = names.ref.alias()
    return sa.select(ref.c.scope, ref.c.value, ref.c.birth).where(ref.c.value.in_(_slots(size)))


def _said(names: Any, size: int) -> sa.Select[Any]:
    said = names.said.alias()
    chosen = sa.select(said.c.who, said.c.purpose, said.c.company, said.c.act, said.c.day)
    return chosen.where(said.c.who.in_(_slots(size)))


def _had(names: Any, table: str, size: int) -> sa.Select[Any]:
    """Whether a row of a subject's table is remembered with one of these digests."""
    memo = names.memo(table).alias()
    return sa.select(memo.c.rule).where(memo.c.named.in_(_slots(size))).limit(1)
