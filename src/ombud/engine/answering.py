"""The answers to persons by gathering: their rows outward from the persons, without writing anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any

from ombud.datamap.model import Subject
from ombud.engine.atlas import Atlas, atlas
from ombud.engine.beside import Heard, beside, heard, marks_known, names_of
from ombud.engine.consents import named_in
from ombud.engine.gathering import Gathering, Row, Unclear
from ombud.engine.holding import Holder, Kept, Owned
from ombud.engine.lookups import Lookup
from ombud.engine.people import Digest, Held, People, Person
from ombud.engine.program import Statements
from ombud.engine.reckoning import Reckoning
from ombud.engine.saying import Known, Meant, OfTable, Told
from ombud.engine.sidecar import StoredRef, stored
from ombud.engine.states import Stater, States
from ombud.engine.states import Told as Said
from ombud.sql.gather import CONSENT
from ombud.sql.judge import Judge
from ombud.sql.owners import CERTAIN
from ombud.terms import Act, IdRef, KeyRef


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
    """One source, inside an open transaction. `serves` says whether gathering can tell all there is in such a map.

    `unclear` are the identifiers of which, and `left` the persons of whom, an evaluation has to tell, with why.
    `check` is told the number of the newest mark that the sidecar has, before anything else; what it raises is raised.
    """

    statements: Statements
    judge: Judge
    digest: Digest
    gathering: Gathering = field(init=False)
    unclear: dict[Held, str] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)
    check: Callable[[int], None] | None = None

    def __post_init__(self) -> None:
        odd = self.judge.read.names.dialect.name == "sqlite"
        self.gathering = Gathering(self.statements, self.digest, self._atlas, odd)

    @property
    def _atlas(self) -> Atlas:
        found = self.statements.program.kept(("atlas", *self.statements.about), lambda: atlas(self.judge))
        assert isinstance(found, Atlas)
        return found

    @property
    def serves(self) -> bool:
        return self._atlas.serves

    def _run(self, asked: Sequence[Lookup] = ()) -> list[list[tuple[Any, ...]]]:
        """Gather what is wanted. Raises what the database does where there is no sidecar."""
        if self.check is None:
            return self.gathering.run(asked)
        known, *heard = self.gathering.run([marks_known(self.judge.read.names), *asked])
        check, self.check = self.check, None
        check(int(known[0][0]) if known else -1)
        return heard

    # --- who is meant ---------------------------------------------------------------------------------------------

    def bearers(self, values: Iterable[tuple[str, object]]) -> dict[Held, list[Bearer]]:
        """Whoever has one of these identifiers (kind, value); of those that are `unclear`, maybe not all."""
        gathering, wanted = self.gathering, list[Held]()
        for kind, value in values:
            held = (kind, gathering.digest_of(kind, value))
            try:
                gathering.look_for(kind, value)
            except Unclear as why:
                self.unclear[held] = str(why)
            else:
                wanted.append(held)
        self._run()
        gathering.find_bearers()
        found = {held: list(gathering.bearing.get(held, {}).values()) for held in wanted}
        for held, bearing in found.items():
            for _, row in bearing:
                if row["memo"]:
                    self.unclear[held] = "a person of whom something is remembered"
                gathering.with_identifiers(row)
        gathering.run()
        reckoning = Reckoning(gathering, People())
        return {held: [self._bearer(reckoning, *each, bearing) for each in bearing] for held, bearing in found.items()}

    def _bearer(self, reckoning: Reckoning, subject: Subject, row: Row, bearing: list[tuple[Subject, Row]]) -> Bearer:
        shared = False
        if len(bearing) > 1:
            mine = reckoning.company(row)
            others = (reckoning.company(other) for _, other in bearing if other is not row)
            shared = any(mine is None or other is None or mine == other for other in others)
        return self._of_row(subject, row, shared=shared)

    def _of_row(self, subject: Subject, row: Row, *, shared: bool = False) -> Bearer:
        ref = KeyRef(self.judge.read.names.source.source, subject.name, row.key, row["birth"])
        found: dict[Held, object] = {}
        current: set[Held] = set()
        for place, value in self.gathering.identifiers(row, subject):
            held = (place.kind, self.gathering.digest_of(place.kind, value))
            if held[1]:
                found[held] = value
                current.update(() if place.former else (held,))
        identifiers = tuple((*held, value) for held, value in found.items())
        return Bearer(ref, identifiers, shared, frozenset(found.keys() - current))

    def at(self, asked: Sequence[tuple[Subject, tuple[Any, ...]]]) -> list[Bearer | Unclear | None]:
        """The subjects' rows of these keys: None where there is none, and why where a row does not tell all."""
        for subject, key in asked:
            self.gathering.key(subject.table, key)
        self._run()
        rows = [self.gathering.rows[subject.table].get(key) for subject, key in asked]
        for row in rows:
            if row is not None and not row["memo"]:
                self.gathering.with_identifiers(row)
        self.gathering.run()
        return [self._at(subject, row) for (subject, _), row in zip(asked, rows, strict=True)]

    def _at(self, subject: Subject, row: Row | None) -> Bearer | Unclear | None:
        if row is None:
            return None
        return Unclear("a person of whom something is remembered") if row["memo"] else self._of_row(subject, row)

    # --- what they are told ---------------------------------------------------------------------------------------

    def look_aside(self, persons: Sequence[Meant]) -> None:
        """Only find out who is `left`: of whom, or of whose identifiers, more is remembered than rows tell."""
        self._aside(self._whose(persons))

    def _whose(self, persons: Sequence[Meant]) -> Mapping[StoredRef, list[int]]:
        """The persons, by their numbers, by what they are known by in this source."""
        whose = defaultdict[StoredRef, list[int]](list)
        gathering, source = self.gathering, self.judge.read.names.source.source
        there = {row["who"] for subject in self._atlas.subjects for row in gathering.rows[subject.table].values()}
        for n, person in enumerate(persons):
            if person.maybe:
                self.left[n] = "an identifier that others have too"
            for ref in person.refs:
                if not isinstance(ref, KeyRef) or ref.source == source:
                    known = stored(ref)
                    whose[known].append(n)
                    if isinstance(ref, KeyRef) and names_of(known)[0] not in there:
                        self.left[n] = "a row of theirs that is not there"
                if isinstance(ref, IdRef) and (held := (ref.kind, ref.digest)) not in gathering.naming:
                    self.left[n] = self.unclear.get(held, "an identifier known by its hash alone")
        return whose

    def _aside(self, whose: Mapping[StoredRef, list[int]]) -> Heard:
        """What the sidecar says of them; whatever was wanted by then is gathered along with it."""
        said = heard(self._run(beside(self.judge.read.names, self._atlas, whose)), set(whose))
        for known_as, why in said.remembered.items():
            self.left |= dict.fromkeys(whose[known_as], why)
        return said

    def answers(self, persons: Sequence[Meant]) -> list[Told]:
        """What every row says of each person who is not `left`, table by table. Raises TooMany, of several at once."""
        source, whose = self.judge.read.names.source, self._whose(persons)
        known = _known(len(persons), whose)
        theirs = list(self._mark_off(known, whose))
        said = self._aside(whose)
        people = self._people(whose)
        named = {name for name, numbers in known.by_name.items() if any(n not in self.left for n in numbers)}
        reckoning = Reckoning(self.gathering, people, named, said.copied, self.judge.read.today)
        states = self._states(reckoning, people, said, theirs)
        kept = self.statements.program.kept(("held", *self.statements.about), Kept)
        assert isinstance(kept, Kept)
        holder = Holder(self.judge, states, named, kept)
        told: list[Told] = []
        for table in source.tables.values():
            rows = list(self.gathering.rows[table.name].values()) if table.personal else []
            if rows:
                told += self._of_table(reckoning, holder, known, _in_order(rows))
        return [each for each in told if each.person not in self.left] if self.left else told

    def _mark_off(self, known: Known, whose: Mapping[StoredRef, Sequence[int]]) -> Iterator[Row]:
        """Say of the rows that were found whose they are; the persons' own."""
        gathering = self.gathering
        for subject in self._atlas.subjects:
            for row in list(gathering.rows[subject.table].values()):
                for n in known.by_name.get(row["who"], ()):
                    gathering.is_of(row, n)
                    gathering.with_identifiers(row)
                    yield row
        for ref, persons in whose.items():
            sort, _, kind = ref.scope.partition("/")
            for row in gathering.naming.get((kind, ref.value), ()) if sort == "id" else ():
                for n in persons:
                    gathering.is_of(row, n)

    def _of_table(self, reckoning: Reckoning, holder: Holder, known: Known, rows: list[Row]) -> Iterator[Told]:
        own: dict[int, tuple[Owned, ...]] = {}
        above: dict[int, tuple[Owned, ...]] = {}
        said, by_name = list[Sequence[Any]](), known.by_name
        for row in rows:
            if not row.near:
                continue
            try:
                owners = reckoning.owners(row)
                if not any(who in by_name for _, who, _ in owners):
                    continue
                facts, root = reckoning.said(row)
                if root is not None and root.number not in above:
                    above[root.number] = owners if root is row else reckoning.owners(root)
            except Unclear as why:
                self.left |= dict.fromkeys(row.near, str(why))
                continue
            own[row.number] = owners
            said.append(facts)
        of = self.statements.program.kept(
            ("of table", rows[0].table.name, *self.statements.about),
            lambda: OfTable(holder, rows[0].leaf.gather.extracts),
        )
        assert isinstance(of, OfTable)
        yield from of.told(said, holder, known, (own, above), self.left)

    def _people(self, whose: Iterable[StoredRef]) -> People:
        """Those who have one of the persons' identifiers: the persons, for others have none of them."""
        people, reckoning = People(), Reckoning(self.gathering, People())
        self.gathering.find_bearers()
        for ref in whose:
            sort, _, kind = ref.scope.partition("/")
            for subject, row in self.gathering.bearing.get((kind, ref.value), {}).values() if sort == "id" else ():
                person = Person(row["who"], subject.name, reckoning.company(row), row.key)
                people.bears(person, (kind, ref.value))
        return people

    # --- what is said of them -------------------------------------------------------------------------------------

    def _states(self, reckoning: Reckoning, people: People, said: Heard, theirs: Sequence[Row]) -> States:
        today = self.judge.read.today
        every = [each for each in said.told if each.day <= today]
        every += (each for each in self._consents(reckoning) if each.day <= today)
        if not every:
            return {}
        stater = Stater(self.judge.policy, self.judge.facts)
        return stater.decide_among(people, every, [row["who"] for row in theirs])

    def _consents(self, reckoning: Reckoning) -> Iterator[Said]:
        """What consent columns of gathered rows say of their certain owners."""
        for name, leaf in self._atlas.leaves.items():
            for n, mark in enumerate(leaf.table.marks):
                for act, column in ((Act.CONSENTED, mark.consented), (Act.WITHDRAWN, mark.withdrawn)):
                    for row in self.gathering.rows[name].values() if column is not None else ():
                        day = row[f"{CONSENT}{n}/{act}"]
                        if day is None or not row.mine:
                            continue
                        try:
                            yield from self._consent(reckoning, row, date.fromisoformat(day), act, mark.purpose)
                        except Unclear as why:
                            self.left |= dict.fromkeys(row.near, str(why))

    def _consent(self, reckoning: Reckoning, row: Row, day: date, act: Act, purpose: str) -> Iterator[Said]:
        company = reckoning.company(row)
        if company is None:
            return
        for rule, who, status in reckoning.owners(row):
            if rule in row.leaf.owner_names and status == CERTAIN and who is not None:
                yield Said(day, None, act, purpose, company, frozenset({named_in(who)}))


def _known(persons: int, whose: Mapping[StoredRef, Iterable[int]]) -> Known:
    """Under which names each person stands."""
    certain: list[set[str]] = [set() for _ in range(persons)]
    found = Known()
    for ref, numbers in whose.items():
        for n in numbers:
            certain[n].update(names_of(ref))
    found.certain = found.perhaps = [frozenset(each) for each in certain]
    for n, each in enumerate(certain):
        for name in each:
            found.by_name[name].append(n)
    return found


def _in_order(rows: list[Row]) -> list[Row]:
    """By their keys; where these do not compare, numbers before texts, each among their like."""
    try:
        return sorted(rows, key=attrgetter("key"))
    except TypeError:
        return sorted(rows, key=lambda row: tuple((isinstance(part, str), str(part)) for part in row.key))
