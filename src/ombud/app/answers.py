"""Persons asked for in every source: who is meant, row after row, and what each source tells of them.

Their rows are gathered where rows alone tell. Else a source whose rows are few is read whole; of a larger one, what may
be theirs is evaluated by the facts that a sweep goes by, and where that cannot tell, what belongs together is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Protocol, TypeVar

import sqlalchemy as sa

from ombud.app.gathered import Gathered
from ombud.app.known import Named, Person, Wanted, known
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.read_whole import Shelf, Whole
from ombud.app.rows import MOST
from ombud.app.sources import Opened, opened
from ombud.app.sources import told as saying
from ombud.app.written_keys import keys_of
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
from ombud.terms import Finding, IdRef, KeyRef

Answer = TypeVar("Answer")


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
        self._learn_values(person.who for each in held for person in people.holders.get(each, ()))
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
                    self._learn_values([who])
                    found.append(self._bearer(subject.name, each, who, shared=False))
        return found

    def told(self, persons: Sequence[Meant]) -> list[Told]:
        """What every row says of each person."""
        self._look(Meant(frozenset(ref for each in persons for ref in (*each.refs, *each.maybe))))
        return list(Extracting(self.sweep.evaluation, self.sweep.judge).answers(persons))

    def _learn_values(self, whose: Iterable[str]) -> None:
        """As they are written, the identifiers of these persons: by a value an index finds who else has it."""
        evaluation = self.sweep.evaluation
        known = (evaluation.people.identifiers.get(who, ()) for who in whose)
        wanted = {held for own in known for held in own if self.values.get(held) is None}
        for subject in self.sweep.source.subjects.values() if wanted else ():
            for n, place in enumerate(subject.identifiers):
                if any(kind == place.kind for kind, _ in wanted):
                    build = partial(evaluation.finder.standing, subject, place)
                    for _, _, value, *_ in evaluation.statements.rows(("standing", subject.name, n), build):
                        if (held := (place.kind, self.sweep.digest(place.kind, value))) in wanted:
                            self.values[held] = value

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

    def rows(self, rows: Collection[Named]) -> dict[Named, list[Bearer]]:
        """The persons whose rows these are, of those that can be read and are there."""
        asked = self.ask(lambda name, way: way.rows([(table, key) for source, table, key in rows if source == name]))
        return {(source, *row): bearing for source, found in asked for row, bearing in found.items()}

    def bearers(self, held: Mapping[Held, object]) -> list[Mapping[Held, list[Bearer]]]:
        """Whoever has one of these identifiers, source by source."""
        return [answer for _, answer in self.ask(lambda _, way: way.bearers(held))]

    def who(self, every: Sequence[Wanted], *, former: bool = True) -> list[Person]:
        """Who each of these is; those of whom a named row does not tell all are `left`."""
        found = known(every, self, former=former)
        for n, each in enumerate(every):
            if any(self.sources[name].is_unclear(table, key) for name, table, key in each.decided):
                self.left.add(n)
        return found

    def look_aside(self, persons: Sequence[Meant]) -> None:
        """Only find out who is left: of whom is remembered what does not stand in their rows."""
        for name, _ in self.ask(lambda _, way: way.look_aside(persons) if isinstance(way, Gathered) else None):
            self.left.update(self.sources[name].left(len(persons)))
        self._leave_too_many(persons)

    def told(self, persons: Sequence[Meant]) -> Iterator[tuple[str, list[Told]]]:
        """What every row of each source says of each person; of those who are `left` by then, maybe not all."""
        for name, told in self.ask(lambda _, way: way.told(persons)):
            self.left.update(self.sources[name].left(len(persons)))
            yield name, told
        self._leave_too_many(persons)

    def _leave_too_many(self, persons: Sequence[Meant]) -> None:
        """One alone cannot be asked for in parts."""
        if self.many and len(persons) == 1:
            self.left.add(0)
