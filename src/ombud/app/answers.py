"""Persons asked for in every source: who is meant, row after row, and what each source tells of them.

Their rows are gathered where rows alone tell. Else a source whose rows are few is read whole; of a larger one, what may
be theirs is evaluated by the facts that a sweep goes by, and where that cannot tell, what belongs together is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol, TypeVar

import sqlalchemy as sa

from ombud.app.gathered import Gathered
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.naming import written_key
from ombud.app.read_whole import Shelf, Whole
from ombud.app.rows import MOST
from ombud.app.sources import Opened, opened
from ombud.app.sources import told as saying
from ombud.app.written_keys import keys_of
from ombud.documents.extract import About
from ombud.engine.answering import Bearer
from ombud.engine.extracting import Extracting
from ombud.engine.gathering import TooMany, Unclear
from ombud.engine.noted import marks_known
from ombud.engine.people import Held
from ombud.engine.persons import Asked as Persons
from ombud.engine.persons import Seeker
from ombud.engine.program import Program
from ombud.engine.saying import Meant, Told
from ombud.engine.sweep import Sweep
from ombud.sql.engines import DIALECTS
from ombud.sql.names import Names
from ombud.terms import Finding, IdRef, KeyRef, Ref

Answer = TypeVar("Answer")

Place = tuple[str, str, str]
"""A source, a table and a key as it is written."""

Asked = tuple[Mapping[Held, object], Collection[Place], Collection[Place]]
"""By which identifiers, as they are written, and by which rows somebody is looked for, and which a reviewer took in."""


class NoSidecar(Unclear):
    """The source has no sidecar, or lacks marks that the register has."""


class Way(Protocol):
    """How a source is asked. Raises Unclear where it cannot tell, and what the database says."""

    def bearers(self, held: Mapping[Held, object]) -> Mapping[Held, list[Bearer]]: ...

    def rows(self, wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], list[Bearer]]: ...

    def told(self, persons: Sequence[Meant]) -> list[Told]: ...


@dataclass
class Evaluated:
    """By an evaluation of what is, or may be, theirs, in a transaction that is undone."""

    source: Opened
    sweep: Sweep
    values: dict[Held, object] = field(default_factory=dict)
    keys: set[KeyRef] = field(default_factory=set)

    def bearers(self, held: Mapping[Held, object]) -> Mapping[Held, list[Bearer]]:
        """Whoever has one of these identifiers."""
        self.values |= held
        self._look(Meant(frozenset(self.keys)))
        people, found = self.sweep.evaluation.people, dict[Held, list[Bearer]]()
        for each in held:
            found[each] = [
                self._bearer(person.subject, person.key, person.who, shared=people.is_shared(person, each))
                for person in people.holders.get(each, ())
            ]
        return found

    def rows(self, wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], list[Bearer]]:
        """The persons whose rows these are, by table and key as it is written."""
        return {(table, key): self._row(table, key) for table, key in wanted}

    def _row(self, table: str, key: str) -> list[Bearer]:
        names = self.sweep.names
        found: list[Bearer] = []
        for subject in (s for s in names.source.subjects.values() if s.table == table):
            for each in keys_of(self.source.connection, names, table, key):
                row, mapped = names.row(table), names.source.tables[table]
                same = (row.c[column] == part for column, part in zip(mapped.key, each, strict=True))
                chosen = sa.select(names.birth(mapped, row), names.who(subject.name, row)).where(*same)
                for birth, who in self.source.connection.execute(chosen):
                    self.keys.add(KeyRef(self.source.name, subject.name, each, birth))
                    self._look(Meant(frozenset(self.keys)))
                    found.append(self._bearer(subject.name, each, who, shared=False))
        return found

    def told(self, persons: Sequence[Meant]) -> list[Told]:
        """What every row says of each person."""
        self._look(Meant(frozenset(ref for each in persons for ref in (*each.refs, *each.maybe))))
        return list(Extracting(self.sweep.evaluation, self.sweep.judge).answers(persons))

    def _bearer(self, subject: str, key: tuple[object, ...], who: str, *, shared: bool) -> Bearer:
        birth = who.split("|", 3)[2]
        people = self.sweep.evaluation.people
        own = people.identifiers.get(who, set())
        identifiers = tuple((*each, self.values.get(each)) for each in sorted(own))
        former = frozenset(own - people.current.get(who, set()))
        return Bearer(KeyRef(self.source.name, subject, key, birth), identifiers, shared, former)

    def _look(self, person: Meant) -> None:
        evaluation, refs = self.sweep.evaluation, person.refs | person.maybe
        if any(table.mentions for table in self.sweep.source.tables.values()):
            evaluation.convene(learning=False)
            return
        held = frozenset(IdRef(*each) for each in self.values)
        values = frozenset((kind, str(value)) for (kind, _), value in self.values.items() if value is not None)
        Seeker(evaluation, Persons(refs | held, values)).look()


# --- every source -----------------------------------------------------------------------------------------------


@dataclass
class Asking:
    """One source, in whichever way can tell: the first that is not `Unclear`, nor refused. `gathers`: their rows are
    gathered, if the source's map lets them; the persons of whom rows do not tell all are `left`.
    """

    loaded: Loaded
    name: str
    day: date
    digest: Digest
    newest: int
    stack: ExitStack
    shelf: Shelf
    gathers: bool
    _ways: list[Callable[[], Way]] = field(default_factory=list)
    _way: Way | None = None
    _gave: bool = False
    _turned: bool = False
    _here: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.stack.enter_context(self._here)
        ways: list[Callable[[], Way]] = [self._whole, self._evaluated, lambda: Whole(self.shelf, self.name)]
        self._ways = [self._gathered, *ways] if self.gathers else ways

    def left(self, persons: int) -> Collection[int]:
        """Those of so many, by their numbers, of whom the answer is not all: everybody, where another way had to go on
        with what was gathered.
        """
        if self._turned:
            return range(persons)
        return self._way.left if isinstance(self._way, Gathered) else ()

    def is_unclear(self, table: str, key: str) -> bool:
        """Whether a row that was named has to be asked for in another way."""
        return isinstance(self._way, Gathered) and (table, key) in self._way.unclear

    def ask(self, question: Callable[[Way], Answer]) -> Answer:
        """The answer. Raises Refused where no way leads to one, TooMany where fewer must be asked for."""
        while True:
            try:
                with saying(self.loaded.project.sources[self.name]):
                    if self._way is None:
                        self._way = self._ways.pop(0)()
                    answer = question(self._way)
                    self._gave = self._gave or isinstance(self._way, Gathered)
                    return answer
            except TooMany:
                raise
            except (Unclear, Refused) as why:
                self._turned = self._turned or self._gave
                self._way = None
                self._here.close()  # a SQLite database is written by nobody while it is read
                if not self._ways:
                    raise
                if isinstance(why, NoSidecar):
                    del self._ways[:-1]

    def _gathered(self) -> Way:
        return Gathered.of(self.loaded, self._opened(read_only=True), self.day, self.digest, self.newest)

    def _whole(self) -> Way:
        """All of a source whose rows are few. Raises Unclear where they are not."""
        source = self._opened(read_only=True)
        left = MOST
        for name in source.source.tables:
            row = sa.table(name, schema=source.schema.tables[name].schema or None)
            some = sa.select(sa.literal_column("1").label("one")).select_from(row).limit(left + 1).subquery()
            left -= int(source.connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())
            if left < 0:
                raise Unclear("more rows than are read whole")
        self._here.close()
        return Whole(self.shelf, self.name)

    def _evaluated(self) -> Way:
        source = self._opened(read_only=False)
        program = self.loaded.program(source.source, source.schema)
        self._names(source, program)
        since = self.day - timedelta(days=self.loaded.policy.reconcile)
        sweep = Sweep(
            source.connection,
            self.loaded.policy,
            source.source,
            source.schema,
            self.day,
            self.digest,
            "access",
            asked_on=since,
            program=program,
        )
        sweep.evaluation.forecast = True
        return Evaluated(source, sweep)

    def _names(self, source: Opened, program: Program) -> Names:
        """The names, if the sidecar has every mark. Raises Unclear."""
        names = program.names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
        known = marks_known(source.connection, names)
        if known is None or known < self.newest:
            raise NoSidecar
        return names

    def _opened(self, *, read_only: bool) -> Opened:
        source = self._here.enter_context(opened(self.loaded, self.name, read_only=read_only))
        self._here.callback(source.connection.begin().rollback)
        return source


@dataclass
class Everywhere:
    """All sources of a project, asked about persons. `unread` are those that could not be, and why.

    Those who are `left`, by their numbers, are to be asked for again, without gathering. They are too `many`: what is
    told of them is not all.
    """

    sources: Mapping[str, Asking]
    unread: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    many: bool = False

    def ask(self, question: Callable[[str, Way], Answer]) -> Iterator[tuple[str, Answer]]:
        """What each source that can be read answers."""
        for name, source in self.sources.items():
            if name in self.unread:
                continue
            try:
                yield name, source.ask(lambda way, name=name: question(name, way))  # type: ignore[misc]
            except TooMany:
                self.many = True
            except Refused as refusal:
                self.unread[name] = refusal.findings

    def known_as(self, every: Sequence[Asked], *, former: bool = True) -> list[Sought]:
        """The persons: of each what was asked, the rows that have it alone, what these have, until nothing is new.

        An identifier that several rows of a source have, which may be of one company, links nobody: it and they are
        only perhaps the person's. Of rows that a reviewer has `taken` in nothing else is learned (spec/identity.md §3),
        nor, unless `former`, from what a row is remembered to have had.
        """
        looking = [Sought(dict(asked), former) for asked, _, _ in every]
        decided = {row: None for _, rows, taken in every for row in (*rows, *taken)}
        of_rows = self.ask(
            lambda name, way: way.rows([(table, key) for source, table, key in decided if source == name])
        )
        for source, found_rows in of_rows if decided else ():
            bearing = {(source, *row): bearers for row, bearers in found_rows.items()}
            for (_, rows, taken), each in zip(every, looking, strict=True):
                for bearer in (bearer for row in taken for bearer in bearing.get(row, ())):
                    each.refs.add(bearer.ref)
                    each.others.update(_held(bearer))
                for bearer in (bearer for row in rows for bearer in bearing.get(row, ())):
                    each.is_theirs(bearer)
        while fresh := {held: value for each in looking for held, value in each.waiting.items()}:
            found = [answer for _, answer in self.ask(lambda _, way: way.bearers(fresh))]
            for each in looking:
                each.heard(found)
        for n, (_, rows, taken) in enumerate(every):
            if any(self.sources[name].is_unclear(table, key) for name, table, key in (*rows, *taken)):
                self.left.add(n)
        return looking

    def look_aside(self, persons: Sequence[Meant]) -> None:
        """Only find out who is left: of whom is remembered what does not stand in their rows."""
        for name, _ in self.ask(lambda _, way: way.look_aside(persons) if isinstance(way, Gathered) else None):
            self.left.update(self.sources[name].left(len(persons)))

    def told(self, persons: Sequence[Meant]) -> Iterator[tuple[str, list[Told]]]:
        """What every row of each source says of each person; of those who are `left` by then, maybe not all."""
        for name, told in self.ask(lambda _, way: way.told(persons)):
            self.left.update(self.sources[name].left(len(persons)))
            yield name, told
        if self.many and len(persons) == 1:
            self.left.add(0)


@dataclass
class Sought:
    """One person, as far as they are known; `waiting` are identifiers of theirs that were not asked about yet.

    `own` are those that stand on a row certainly theirs, each with its source; `others` those of who else may be meant.
    """

    waiting: dict[Held, object]
    former: bool = True
    done: dict[Held, object] = field(default_factory=dict)
    refs: set[Ref] = field(default_factory=set)
    maybe: set[Ref] = field(default_factory=set)
    own: dict[Held, str] = field(default_factory=dict)
    others: set[Held] = field(default_factory=set)

    @property
    def meant(self) -> Meant:
        """By which refs they are known."""
        return Meant(frozenset(self.refs), frozenset(self.maybe - self.refs))

    @property
    def about(self) -> About:
        """Whom it is about, for whoever asks further."""
        bearing = (ref for ref in self.refs | self.maybe if isinstance(ref, KeyRef))
        persons = sorted(bearing, key=lambda ref: (ref.source, ref.subject, written_key(ref.key)))
        ever = frozenset(IdRef(*held) for held in {*self.done, *self.others})
        return About(tuple(persons), {IdRef(*held): source for held, source in self.own.items()}, ever)

    def is_theirs(self, bearer: Bearer) -> None:
        """The row is the person, and what it has leads on."""
        self.refs.add(bearer.ref)
        for kind, digest, value in bearer.identifiers:
            if (kind, digest) not in bearer.former:
                self.own.setdefault((kind, digest), bearer.ref.source)
            elif not self.former:
                self.others.add((kind, digest))
                continue
            if (kind, digest) not in self.done:
                self.waiting[kind, digest] = value

    def heard(self, answers: Iterable[Mapping[Held, list[Bearer]]]) -> None:
        """What every source has said of who has the identifiers that were waiting."""
        fresh, self.waiting = self.waiting, {}
        self.done |= fresh
        found = [(held, answer.get(held, [])) for answer in answers for held in fresh]
        shared = {held for held, bearing in found if any(bearer.shared for bearer in bearing)}
        self.maybe |= {IdRef(*held) for held in shared}
        self.maybe |= {bearer.ref for held, bearing in found if held in shared for bearer in bearing}
        self.refs |= {IdRef(*held) for held in fresh if held not in shared}
        for held, bearing in found:
            for bearer in bearing:
                if held in shared:
                    self.others.update(_held(bearer))
                else:
                    self.is_theirs(bearer)


def _held(bearer: Bearer) -> Iterator[Held]:
    yield from ((kind, digest) for kind, digest, _ in bearer.identifiers)
