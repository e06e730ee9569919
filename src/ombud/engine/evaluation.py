"""What is known of a source on one day, worked out into working tables: companies, people, marks, owners, moments.

Everything that judges reads these tables. They are filled whole when people are convened, and again, locked, for the
rows of a batch and those they are judged by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Imported, Link, SourceMap, Table
from ombud.engine.consents import named_in
from ombud.engine.near import Neighbours
from ombud.engine.people import Digest, Finder, Held, People
from ombud.engine.program import Statements
from ombud.engine.scoping import Scoping
from ombud.engine.sidecar import StoredMark, marks_near, marks_until
from ombud.engine.states import Stater, States
from ombud.engine.workspace import Workspace
from ombud.plan.sheet import CompanyStep, MomentStep, OwnerStep, RootStep, Step, steps
from ombud.policy.model import Policy
from ombud.sql.facts import Facts
from ombud.sql.filling import Filling
from ombud.sql.learn import learn
from ombud.sql.moments import Moments
from ombud.sql.names import Names
from ombud.sql.near import HAD, WHO, Near
from ombud.sql.owners import Owners
from ombud.sql.read import Reader, parts, some
from ombud.sql.scope import Scope
from ombud.sql.window import Window
from ombud.terms import Act

MANY = 10_000
"""Rows of people's past which looking for everybody once is cheaper than for the neighbours of each batch."""


@dataclass
class Evaluation:
    """Works out one source on one day, inside whatever transaction is open on the statements' connection.

    `everybody`: all people are found before rows are looked at; else as many as these call for (`engine/near.py`),
    or nobody where nothing is said of anybody (`knows_people` is false). `rows` counts those whose facts are worked
    out, by table. `wary`: a row that is picked may stay, and remember whom it is about; `trying`: all is
    undone, and nobody need be looked for. `memory`: the tables of which rows remember something, if that was asked.
    """

    statements: Statements
    policy: Policy
    read: Reader
    digest: Digest
    forecast: bool = False
    people: People = field(default_factory=People)
    everybody: bool = True
    knows_people: bool = False
    wary: bool = False
    trying: bool = False
    memory: set[str] | None = None
    marks: list[StoredMark] = field(default_factory=list)
    states: States = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = Facts(self.read)
        self.space = Workspace(self.statements, self.facts, self.forecast)
        self.scoping = Scoping(self.statements, self.space, Scope(self.read))
        self.finder = Finder(self.read, self.digest)
        self.rows = Counter[str]()
        self._steps = steps(self.source)
        self._fillings = {scoped: Filling(replace(self.facts, scoped=scoped)) for scoped in (False, True)}

    @property
    def names(self) -> Names:
        return self.read.names

    @property
    def source(self) -> SourceMap:
        return self.names.source

    def convene(self, *, learning: bool = True, rows: bool = True, idle: bool = False) -> None:
        """Find the people and decide the marks of this day into the working tables.

        `learning` writes down what remembered persons who are still there are known by now; a forecast writes nothing.
        `rows`: the facts of every row are worked out too, and not of those alone by which people are found. `idle`:
        nobody need be found where links say who owns what, and neither a mark nor a memo names anybody.
        """
        self.space.create()
        self.space.forget_people()
        self.marks = marks_until(self.statements, self.names, self.read.today)
        nobody = self.narrow and not self.marks and not self._anybody_named() and not self._heard_by_identifier()
        self.knows_people = not (idle and nobody)
        if self.knows_people:
            self.space.filled("raw")
            self.finder.hash_raws(self.statements)
        tables = self._keyed() if rows else self.scoping.scope.of_people()
        self._work_out(self.facts, tables, partial(self._find, learning), people_alone=not rows)
        self._decide()

    def _find(self, learning: bool) -> None:
        """Find the people among the rows whose facts are there; before owners, and the days copied for them."""
        self.people = self.finder.people(self.statements) if self.knows_people else People()
        if self.narrow and not learning:
            return
        if self.people.holders:
            self.space.filled("bearer")
            self.finder.write_down(self.statements, self.people)
        if learning and not self.forecast:
            self.statements.run(("learn",), lambda: learn(self.names))

    def _anybody_named(self) -> bool:
        return bool(
            self.statements.rows(("anybody",), lambda: sa.select(sa.literal(1)).select_from(self.names.ref).limit(1))
        )

    def remembers(self, table: str) -> bool:
        """Rows of a table remember something, or it was not asked whether they do."""
        return self.memory is None or table in self.memory

    def note_memory(self, table: str) -> None:
        """A row of a table remembers something new."""
        if self.memory is not None:
            self.memory.add(table)

    def recall(self) -> None:
        """Ask which tables' rows remember something."""

        def there(tables: list[Table]) -> sa.Select[Any]:
            known = (some(self.names.memo(table.name).alias()) for table in tables)
            return sa.select(*(sa.case((each, 1), else_=0) for each in known))

        found = self.statements.answers(("memory",), lambda: map(there, parts(self._keyed())))
        said = (each for (row,) in found for each in row)
        self.memory = {table.name for table, known in zip(self._keyed(), said, strict=True) if known}

    def _heard_by_identifier(self) -> bool:
        """A consent is kept of whom an identifier alone names: by an earlier map, whose rows named people so."""
        said = self.names.said
        one: sa.Select[Any] = sa.select(sa.literal_column("1")).where(said.c.who.startswith("id|")).limit(1)
        return bool(self.statements.rows(("heard by identifier",), lambda: one))

    def get_ready(self, waiting: Mapping[str, int]) -> None:
        """Before batches of so many rows, by table: find everybody, if batches of people do not."""
        self.space.batches, self.memory = frozenset(waiting), None
        people = sum(rows for name, rows in waiting.items() if self.is_subject(self.source.tables[name]))
        many = people > MANY and not self.finds_alike
        self.everybody = not self.narrow or many or self._heard_by_identifier()
        if self.everybody:
            self.convene(rows=False)
        else:
            self.space.create()

    def look_at_batch(self, tables: Sequence[Table]) -> None:
        """Work out the facts again, locked, for the rows in scope, which are the picked ones of these tables and all
        that they are judged by; and for those that they judge.
        """
        if any(map(self._needs_all, tables)):
            self._work_out(self.facts, self._keyed())
            self._hear_consents()
            return
        self.scoping.judged(tables)
        for other in self._keyed():
            if other.marks:
                self.scoping.all_of(other)
        self.scoping.widen()
        if self.everybody:
            self._work_out_scope()
            self._hear_consents()
        else:
            self._find_near(of_people=any(map(self._is_of_people, tables)))

    def look_at_window(self, window: Window) -> None:
        """Work out the facts of the rows that a window lets through, those that judge them, and those that they judge.

        People and marks are worked out where anybody's have a say.
        """
        self.memory = None
        everybody = not self.narrow or any(t.marks for t in self._keyed()) or self._heard_by_identifier()
        self.everybody = everybody or (window.full and self._ended_by_marks())
        if self.everybody:
            self.convene(rows=False)
        else:
            self.space.create()
        self.scoping.clear()
        self.scoping.cross(window)
        if window.full and self.everybody:
            self.scoping.marked()
        self.scoping.carry(window)
        recalled = not self.everybody and window.full and self._anybody_named() and self.scoping.recalled()
        self.scoping.widen()
        if self.everybody:
            self._work_out_scope()
        else:
            self._find_near(of_people=False, recalled=bool(recalled))

    def look_at_persons(
        self,
        seek: Callable[[], object],
        asked: StoredMark,
        *,
        searchable: bool,
        lock: Callable[[], None] | None = None,
        looked: frozenset[Held] = frozenset(),
    ) -> None:
        """Work out the facts of the rows that `seek` puts into scope, and of those that judge them.

        `asked` names whom they are sought for; `searchable`: they can be found without looking at everybody. `lock`:
        what is found is locked first, and all who share an identifier are known, so that it may be changed. Whoever has
        one of those that were `looked` for is in scope.
        """
        speaks = any(t.marks for t in self._keyed())
        self.everybody = not (self.narrow and searchable) or speaks or self._heard_by_identifier()
        if self.everybody:
            self.convene(rows=False)
        else:
            self.space.create()
        self.space.measure()
        self.recall()
        self.scoping.clear()
        seek()
        self.scoping.widen()
        if lock is not None:
            lock()
        if self.everybody:
            self._work_out_scope()
        else:
            self._find_near(of_people=lock is not None, recalled=True, also=(asked,), looked=looked)

    def serves(self, window: Window) -> bool:
        """A window shows all that may be due: not where rows name by an identifier whom a mark may be about."""
        return not window.full or self.narrow or not self._ended_by_marks()

    def _ended_by_marks(self) -> bool:
        marks = marks_until(self.statements, self.names, self.read.today)
        return any(mark.act in (Act.ENDED, Act.OBJECTED, Act.WITHDRAWN) for mark in marks)

    def _find_near(
        self,
        *,
        of_people: bool,
        recalled: bool = False,
        also: tuple[StoredMark, ...] = (),
        looked: frozenset[Held] = frozenset(),
    ) -> None:
        """Find the people whom the rows in scope call for, then the facts of all that is in scope, then the marks.

        `recalled`: persons are in scope for what they are known by now to be learned. `also`: whom these name is known
        as if they were marks.
        """
        neighbours = Neighbours(self.statements, self.finder, self.scoping, looked, self.memory)
        learning = False
        marked = self._marked()
        while marked and neighbours.remembered():
            self.scoping.widen()
        self.knows_people = of_people or recalled or marked
        if self.knows_people:
            drawn = neighbours.draw(also, all_of_them=of_people)
            self.scoping.widen()
            learning = drawn.learning
            while learning and drawn.rows:  # whoever is learned of must have all their neighbours in scope
                drawn = neighbours.draw(also, all_of_them=True)
                self.scoping.widen()
            self.everybody = drawn.everybody
        if self.everybody:
            self.convene(rows=False)
            self._work_out_scope()
            self._hear_consents()
            return
        self.space.forget_people()
        self._work_out_scope(partial(self._find, learning))
        self.marks = self._marks_near(neighbours) if marked else []
        self._decide(neighbours.named if marked else None)

    def _marked(self) -> bool:
        """Some mark counts today."""
        mark, today = self.names.mark, self.read.today.isoformat()
        one: sa.Select[Any] = sa.select(sa.literal_column("1")).where(mark.c.day <= today).limit(1)
        return bool(self.statements.rows(("marked",), lambda: one))

    def _marks_near(self, neighbours: Neighbours) -> list[StoredMark]:
        """The marks that name whoever is known: persons in scope, those with whom they share, and the remembered."""
        known = {(f"id/{kind}", digest) for kind, digest in self.people.holders}
        for subject in self.source.subjects.values():
            who = self.statements.rows(("who", subject.name), partial(self._who, subject.table))
            known |= {(own.scope, own.value) for (each,) in who for own in (named_in(each),)}
        known |= neighbours.refs_of_named()
        remembered = {(WHO, each) for each in neighbours.named}
        neighbours.look_for({(HAD + scope, value) for scope, value in known} | remembered)
        return marks_near(self.statements, self.names, self.read.today)

    def _who(self, table: str) -> sa.Select[Any]:
        return sa.select(self.names.fact(table).c.who)

    @cached_property
    def narrow(self) -> bool:
        """Links alone say who owns what, so that no more people need be found than rows in scope call for."""
        named = any(self.names.sheet(t.name).identifiers for t in self._keyed())
        return not named and not self.imports and Near(self.read).serves

    @cached_property
    def finds_alike(self) -> bool:
        """An index finds who may have an identifier, so that few cost little."""
        if not self.names.dialect.indexes:
            return False
        connection = self.statements.connection
        there = set(connection.exec_driver_sql(self.names.dialect.indexes).scalars())
        return all(name in there for _, name in Near(self.read).indexes(connection.dialect))

    def _is_of_people(self, table: Table) -> bool:
        """What a batch of it remembers is of people: it is theirs, or rows that stay have their owners through it."""
        if self.trying:
            return False
        picked: Counter[str] = Counter() if self.wary else self.scoping.picked
        owned = Near(self.read).owned_through(table)
        return self.is_subject(table) or any(self.scoping.rows[t.name] > picked[t.name] for t in owned)

    @property
    def goes_by_identifier(self) -> bool:
        """Whom rows or marks name by an identifier: the application may give it to somebody else at any time."""
        return bool(self.marks) or any(self.names.sheet(t.name).identifiers for t in self._keyed())

    @property
    def imports(self) -> bool:
        """Days are copied for persons by their identifiers."""
        rules = (rule for t in self._keyed() for rule in self.names.sheet(t.name).rules)
        return any(isinstance(rule, Imported) for rule in rules)

    def is_subject(self, table: Table) -> bool:
        """Whether whom identifiers name may be another matter once rows of this table have changed."""
        return any((p.child or s.table) == table.name for s in self.source.subjects.values() for p in s.identifiers)

    def tell(self, table: str, moment: str) -> list[tuple[str, str, str | None]]:
        """Who, state and ISO day of a moment of every row of a subject's table, from the facts worked out."""

        def told() -> sa.Select[Any]:
            fact = self.names.fact(table).alias()
            state, day = Moments(self.facts).of(self.source.tables[table], fact, moment)
            return sa.select(fact.c.who, state, day)

        return [(who, state, day) for who, state, day in self.statements.rows(("tell", table, moment), told)]

    # --- pieces ------------------------------------------------------------------------------------------------

    def _keyed(self) -> list[Table]:
        return [table for table in self.source.tables.values() if table.key]

    def _work_out_scope(self, find_people: Callable[[], None] | None = None) -> None:
        """Fill facts and owners of the rows in scope."""
        tables = [table for table in self._keyed() if self.scoping.rows[table.name]]
        self._work_out(self._fillings[True].facts, tables, find_people)

    def _work_out(
        self,
        facts: Facts,
        tables: Iterable[Table],
        find_people: Callable[[], None] | None = None,
        *,
        people_alone: bool = False,
    ) -> None:
        """Fill facts and owners of these tables step by step, and of no others; people are found once companies are
        known. `people_alone`: no more than what is needed for that.
        """
        self.space.clear_facts(self.rows)
        self.rows.clear()
        filling, wanted = self._fillings[facts.scoped], {table.name for table in tables}
        order = [table for table in filling.order if table.name in wanted]
        for table in order:
            step = ("facts", table.name, facts.scoped)
            self.rows[table.name] = self.statements.run(step, lambda t=table: [filling.fill(t)])  # type: ignore[misc]
            if self.rows[table.name]:
                self.space.filled(f"fact {table.name}")
        there = [table for table in order if self.rows[table.name]]
        for table in there:
            if links := filling.left(table):
                following = partial(self._following, facts, table, links)
                self.statements.run(("links", table.name, facts.scoped), following)
        names = {table.name for table in there}
        steps = [each for each in self._steps if each not in filling.done and each.table in names]
        companies = [each for each in steps if isinstance(each, CompanyStep)]
        self._take(facts, companies)
        if find_people is not None:
            find_people()
        if not people_alone or any(t.marks for t in order):
            self._take(facts, [each for each in steps if each not in companies])

    def _following(self, facts: Facts, table: Table, links: Iterable[Link]) -> Iterator[sa.Update]:
        if (statement := facts.follow(table, links)) is not None:
            yield statement

    def _take(self, facts: Facts, steps: Iterable[Step]) -> None:
        """Take some of the steps that facts need beyond their filling."""
        for each in steps:
            self.statements.run(("step", each, facts.scoped), partial(self._of_step, facts, each))
            if isinstance(each, OwnerStep):
                self.space.filled(f"owner {each.table}")

    def _of_step(self, facts: Facts, step: Step) -> Iterator[Any]:
        match step:
            case CompanyStep():
                yield facts.company(step)
            case RootStep():
                if self.source.tables[step.table].key:
                    yield facts.root(step)
            case OwnerStep():
                yield Owners(facts).fill(step)
            case MomentStep():
                yield from Moments(facts).fill(step)

    def _hear_consents(self) -> None:
        """What consent columns say may have changed since the marks were decided."""
        if any(table.marks for table in self.source.tables.values()):
            self.space.clear("state", lambda: self.names.state)
            self._decide()

    def _decide(self, remembered: Collection[str] | None = None) -> None:
        """`remembered`: of whom of these it matters, where that is known; they stand in `alike`."""
        stater = Stater(self.policy, self.facts)
        self.states = stater.decide(self.statements, self.people, self.marks, remembered)
        if self.states:
            stater.write(self.statements, self.states)
            self.space.filled("state")

    def _needs_all(self, table: Table) -> bool:
        """Rows are judged by identifiers alone, and this table's rows are whom they name."""
        if any(match.clocks for t in self._keyed() for match in t.matches.values()):
            return True
        return any(self.names.sheet(t.name).identifiers for t in self._keyed()) and self.is_subject(table)
