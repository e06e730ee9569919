"""One source, one day: convene, freeze what is due, carry it out in batches, see that nothing due is left.

The only loop with effects. Each batch is one transaction: gate, locks, judging again, memos, changes, receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import SourceMap, Table
from ombud.datamap.schema import Schema
from ombud.engine.identities import Identities
from ombud.engine.people import Digest, Finder, People
from ombud.engine.program import Build, Program
from ombud.engine.sidecar import Behind, StoredMark, close_gate, create, marks_until
from ombud.engine.states import Stater
from ombud.plan.order import children_first
from ombud.plan.sheet import CompanyStep, MomentStep, OwnerStep, RootStep, steps
from ombud.policy.model import Policy
from ombud.sql.dialect import DIALECTS
from ombud.sql.effects import Effects
from ombud.sql.facts import Facts
from ombud.sql.freeze import Freezer, how_many
from ombud.sql.judge import Judge
from ombud.sql.moments import Moments
from ombud.sql.names import Names, cell_names
from ombud.sql.owners import Owners
from ombud.sql.read import Reader, some
from ombud.sql.remember import Rememberer
from ombud.sql.scope import Scope, children_that_judge

LARGE = 2000
"""Working rows past which emptying a table by TRUNCATE is cheaper than DELETE on PostgreSQL."""

Progress = Callable[[str, int, int], None]
"""Called with the table, rows done and rows due."""


@dataclass(frozen=True, slots=True)
class TableCount:
    """What is due, or was done, in one table: rows deleted, dead rows kept as shells, cells blanked by name."""

    deleted: int = 0
    shells: int = 0
    blanked: Mapping[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not (self.deleted or any(self.blanked.values()))


def unserved(source: SourceMap) -> Iterator[str]:
    """What a map may say and this engine cannot do yet: it refuses, for half of it would be a wrong deletion."""
    for table in source.tables.values():
        if table.personal and not table.key:
            yield f"{table.name} has no key"
        for cell in {cell.name: cell for kind in table.kinds for cell in kind.cells.values()}.values():
            if cell.json:
                yield f"{table.name}.{cell.name} is a value inside JSON"


@dataclass
class Sweep:
    """A sweep of one source on one open connection. `plan` names its frozen rows and receipts.

    `asked_on` is the day it is asked on, where that is not the day it is asked about.
    """

    connection: sa.Connection
    policy: Policy
    source: SourceMap
    schema: Schema
    today: date
    digest: Digest
    plan: str
    forecast: bool = False
    batch_size: int = 1000
    program: Program = field(default_factory=Program)
    asked_on: date | None = None

    def __post_init__(self) -> None:
        if said := "; ".join(unserved(self.source)):
            raise NotImplementedError(said)
        self.names = Names(self.source, self.schema, DIALECTS[self.connection.dialect.name])
        companies = tuple(self.policy.companies)
        self.read = Reader(self.names, self.policy.zone, self.today, companies, self.asked_on)
        self.judge = Judge(self.policy, self.read)
        self.freezer = Freezer(self.judge, self.plan, self.forecast)
        self._seen = -1
        self._people = People()
        self._marks: list[StoredMark] = []
        self._steps = steps(self.source)
        self._created: set[str] = set()
        self._filled: dict[str, int] = {}
        self._fresh = False

    # --- before ------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make the sidecar where it is missing. Commits."""
        with self.connection.begin():
            create(self.connection, self.names, self.policy.zone)

    def convene(self) -> None:
        """Find the people and decide the marks of this day into the working tables, inside the open transaction."""
        facts = Facts(self.read)
        self._create_working(facts)
        finder = Finder(self.read, self.digest)
        self._clear(self.names.raw, self.names.bearer, self.names.state)
        finder.hash_raws(self.connection)
        self._work_out(facts, lambda: setattr(self, "_people", finder.people(self.connection)))
        self._marks = marks_until(self.connection, self.names, self.today)
        Stater(self.policy, facts).write(self.connection, self._people, self._marks)

    def _create_working(self, facts: Facts) -> None:
        order = children_first(self.source)
        working = [self.names.raw, self.names.bearer, self.names.state, self.names.spoke, *facts.working()]
        working += [self.names.pick(t) for t in order] + [self.names.batch(t) for t in order]
        if self.forecast:
            working += [self.names.due(t, forecast=True) for t in order]
        for table in working:
            if table.name not in self._created:
                self._created.add(table.name)
                self.connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    self.connection.execute(sa.schema.CreateIndex(index, if_not_exists=True))

    def _clear(self, *tables: sa.Table) -> None:
        for table in tables:
            self._run(("clear", table.name), lambda t=table: [t.delete()])  # type: ignore[misc]

    def _clear_facts(self, table: Table) -> None:
        """Empty a fact table; a large one without leaving dead rows behind, where the engine would keep them."""
        fact, owner = self.names.fact(table.name), self.names.owner(table.name)
        if self._filled.get(table.name, 0) > LARGE and self.names.dialect.name == "postgresql":
            written = self.connection.dialect.identifier_preparer.format_table
            self.connection.exec_driver_sql(f"TRUNCATE {written(fact)}, {written(owner)}")
        else:
            self._clear(fact, owner)

    def _run(self, step: tuple[object, ...], build: Build) -> int:
        return self.program.run(self.connection, (self.source.source, self.today, self.forecast, *step), build)

    def _work_out(self, facts: Facts, find_people: Callable[[], None] | None = None) -> None:
        """Fill facts and owners step by step; people are found once companies are known."""
        keyed = [t for t in self.source.tables.values() if t.key]
        scoped = facts.scoped
        for table in keyed:
            self._clear_facts(table)
            step = ("facts", table.name, scoped)
            self._filled[table.name] = self._run(step, lambda t=table: [facts.fill(t)])  # type: ignore[misc]
        self._run(("links",), lambda: [f for t in keyed if (f := facts.follow(t)) is not None])
        self._run(("companies",), lambda: [facts.company(s) for s in self._steps if isinstance(s, CompanyStep)])
        if find_people is not None:
            find_people()
        self._run(("steps",), lambda: self._step_statements(facts))

    def _step_statements(self, facts: Facts) -> Iterator[Any]:
        owners, moments = Owners(facts), Moments(facts)
        for step in self._steps:
            match step:
                case CompanyStep():
                    pass
                case RootStep():
                    if self.source.tables[step.table].key:
                        yield facts.root(step)
                case OwnerStep():
                    yield from owners.fill(step)
                case MomentStep():
                    yield from moments.fill(step)

    def _look_at_batch(self, table: Table) -> None:
        """Work out the facts again, locked, for a batch's rows, those they are judged by and those they judge."""
        facts = self.judge.facts
        if self._needs_all(table):
            self._work_out(facts)
            self._hear_consents()
            return
        scope = Scope(self.read)
        self._clear(*(self.names.scope(t.name) for t in self.source.tables.values() if t.key))
        marked = [t for t in self.source.tables.values() if t.marks and t.key]
        self._run(
            ("scope", table.name),
            lambda: [scope.start(table), *scope.judged_by(table), *(scope.all(other) for other in marked)],
        )
        before = -1
        while (after := self._scope_size()) != before:
            before = after
            self._run(("widen",), scope.widen)
        self._work_out(replace(facts, scoped=True))
        self._hear_consents()

    def _hear_consents(self) -> None:
        """What consent columns say may have changed since the marks were decided."""
        if any(table.marks for table in self.source.tables.values()):
            self._clear(self.names.state)
            Stater(self.policy, self.judge.facts).write(self.connection, self._people, self._marks)

    def _scope_size(self) -> int:
        sizes = [
            sa.select(sa.func.count()).select_from(self.names.scope(t.name)).scalar_subquery()
            for t in self.source.tables.values()
            if t.key
        ]
        return int(sum(self.connection.execute(sa.select(*sizes)).one()))

    def _needs_all(self, table: Table) -> bool:
        """Rows are judged by identifiers alone, and this table's rows are whom they name."""
        tables = [t for t in self.source.tables.values() if t.key]
        if any(match.clocks for t in tables for match in t.matches.values()):
            return True
        return any(self.names.sheet(t.name).identifiers for t in tables) and self._is_subject(table)

    def tell(self, table: str, moment: str) -> list[tuple[str, str, str | None]]:
        """Who, state and ISO day of a moment for every row of a subject's table, from the facts worked out."""
        mapped, fact = self.source.tables[table], self.names.fact(table).alias()
        state, day = Moments(self.judge.facts).of(mapped, fact, moment)
        return [tuple(row) for row in self.connection.execute(sa.select(fact.c.who, state, day)).all()]

    def identifiers(self, who: str) -> frozenset[tuple[str, str]]:
        """Kind and digest of every identifier of a subject's row, as last found."""
        return frozenset(self._people.identifiers.get(who, ()))

    # --- what is due -------------------------------------------------------------------------------------------

    def freeze(self) -> Mapping[str, TableCount]:
        """Freeze what is due today, and count it by table. Commits, unless it is a forecast."""
        with self.connection.begin():
            self._seen = close_gate(self.connection, self.names)
            self.convene()
            self._drop_frozen()
            order = children_first(self.source)
            for name in order:
                table = self.source.tables[name]
                self._run(("freeze", name, self.plan), lambda t=table: [self.freezer.freeze(t)])  # type: ignore[misc]
            while self._pin(order):
                pass
            return self.counted()

    def _drop_frozen(self) -> None:
        """Frozen rows of other plans are of no more use: a plan is applied before the next is made."""
        for name in children_first(self.source):
            self.connection.execute(self.freezer.due(self.source.tables[name]).delete())

    def _pin(self, order: tuple[str, ...]) -> int:
        return self._run(
            ("pin", self.plan), lambda: [s for name in order for s in self.freezer.pin(self.source.tables[name])]
        )

    def _count(self, table: Table) -> TableCount:
        counted: tuple[Any, ...] = tuple(self.connection.execute(self.freezer.counts(table)).one())
        deleted, shells, *blanked = counted
        return TableCount(deleted, shells, dict(zip(cell_names(table), blanked, strict=True)))

    def counted(self) -> Mapping[str, TableCount]:
        """What this plan holds frozen, done or not, inside the open transaction."""
        return {name: self._count(self.source.tables[name]) for name in children_first(self.source)}

    # --- doing it ----------------------------------------------------------------------------------------------

    def apply(self, progress: Progress | None = None) -> Mapping[str, TableCount]:
        """Carry out what this plan froze, table by table, batch by batch. Resumes where a killed one stopped."""
        with self.connection.begin():
            self._seen = close_gate(self.connection, self.names)
            self.convene()
        done: dict[str, TableCount] = {}
        for name in children_first(self.source):
            table = self.source.tables[name]
            total = self._open(table)
            if not total:
                continue
            counts = TableCount()
            finished = 0
            for count in self._batches(table):
                counts = _plus(counts, count)
                finished = min(total, finished + self.batch_size)
                if progress is not None:
                    progress(name, finished, total)
            done[name] = counts
        return done

    def _open(self, table: Table) -> int:
        due = self.freezer.due(table)
        with self.connection.begin():
            waiting = sa.select(sa.func.count()).select_from(due).where(due.c.plan == self.plan, due.c.done == 0)
            return int(self.connection.execute(waiting).scalar_one())

    def _batches(self, table: Table) -> Iterator[TableCount]:
        effects = Effects(self.judge, self.freezer, table)
        stale = self._fresh
        while True:
            with self.connection.begin():
                newest = close_gate(self.connection, self.names)
                self._empty_batch(table)
                self._run(("pick", table.name, self.plan, self.batch_size), lambda: [effects.pick(self.batch_size)])
                if not self._picked(table):
                    return
                self._defer()
                self._lock(table)
                if newest != self._seen or stale:
                    self.convene()
                    self._seen, self._fresh, stale = newest, False, False
                else:
                    self._look_at_batch(table)
                self._run(("judge again", table.name, self.plan), lambda: [effects.judge_again()])
                count = self._change(table, effects)
                number = self._number(table)
                self.connection.execute(effects.done(number))
                rows = count.deleted + sum(count.blanked.values())
                receipt = {"plan": self.plan, "step": table.name, "batch": number, "rows": rows}
                self.connection.execute(self.names.receipt.insert().values(receipt))
            yield count

    def _empty_batch(self, table: Table) -> None:
        self.connection.execute(self.names.pick(table.name).delete())
        self.connection.execute(self.names.batch(table.name).delete())

    def _picked(self, table: Table) -> int:
        pick = self.names.pick(table.name)
        return int(self.connection.execute(sa.select(sa.func.count()).select_from(pick)).scalar_one())

    def _defer(self) -> None:
        """References between rows of one batch are checked when it commits, where the engine can."""
        if self.names.dialect.name == "sqlite":
            self.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            self.connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")

    def _lock(self, table: Table) -> None:
        """Lock the picked rows, the rows they point at and on, and the children all these are judged by.

        SQLite has one writer.
        """
        if self.names.dialect.name == "sqlite":
            return
        row, pick = self.names.row(table.name), self.names.pick(table.name)
        picked = some(pick, self.names.same_key(pick, table.name, row))
        self._lock_up(table, row, picked, ())

    def _lock_up(
        self, table: Table, row: sa.FromClause, chosen: sa.ColumnElement[bool], above: tuple[str, ...]
    ) -> None:
        for link in table.links.values():
            parent = self.names.row(link.to)
            pointed = some(row, self.read.joins(link, row, parent), chosen)
            if link.to in (*above, table.name):
                self._lock_rows(parent, pointed)
            else:
                self._lock_up(self.source.tables[link.to], parent, pointed, (*above, table.name))
        self._lock_rows(row, chosen)
        for name, called in children_that_judge(table, self.names.sheet(table.name)):
            child = self.names.row(name)
            points = self.read.joins(self.source.tables[name].links[called], child, row)
            self._lock_rows(child, some(row, points, chosen))

    def _lock_rows(self, row: sa.FromClause, chosen: sa.ColumnElement[bool]) -> None:
        locked: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(row).where(chosen)
        self.connection.execute(locked.with_for_update(of=row))

    def _change(self, table: Table, effects: Effects) -> TableCount:
        batch = self.names.batch(table.name)
        flags = [f"c{n}" for n in range(len(cell_names(table)))]
        stays = batch.c.gone == 0
        counted: sa.Select[Any] = sa.select(
            how_many(batch.c.gone == 1), *(how_many(sa.and_(stays, batch.c[f] == 1)) for f in flags)
        )
        deleted, *blanked = tuple(self.connection.execute(counted).one())
        if not deleted and not any(blanked):
            return TableCount()
        rememberer = Rememberer(self.judge, table)
        self._run(("remember", table.name), rememberer.statements)
        Identities(rememberer, Finder(self.read, self.digest), self._people).remember(self.connection)
        self._fresh = self._fresh or self._is_subject(table) or bool(self._marks)
        self._run(("files", table.name, self.plan), effects.files)
        if deleted:
            self._run(("unlink", table.name), effects.unlink)
        if any(blanked):
            self._run(("blank", table.name), lambda: [u for u in (effects.blank(),) if u is not None])
        if deleted:
            gone = self._run(("delete", table.name), lambda: [effects.delete()])
            assert gone == deleted, "a row of the batch was not there under its own lock"
            self._run(("forget", table.name), lambda: [effects.forget()])
        return TableCount(int(deleted), 0, dict(zip(cell_names(table), map(int, blanked), strict=True)))

    def _number(self, table: Table) -> int:
        receipt = self.names.receipt
        last = sa.select(sa.func.coalesce(sa.func.max(receipt.c.batch), 0)).where(
            receipt.c.plan == self.plan, receipt.c.step == table.name
        )
        return int(self.connection.execute(last).scalar_one()) + 1

    def _is_subject(self, table: Table) -> bool:
        """Whether whom identifiers name may be another matter once rows of this table have changed."""
        tables = {place.child or s.table for s in self.source.subjects.values() for place in s.identifiers}
        return table.name in tables

    # --- after -------------------------------------------------------------------------------------------------

    def check_marks(self, newest: int) -> None:
        """Refuse when the register has marks that this sidecar does not."""
        with self.connection.begin():
            known = close_gate(self.connection, self.names)
        if known < newest:
            raise Behind(f"source {self.source.source} has marks up to {known}, the register up to {newest}")


def _plus(one: TableCount, other: TableCount) -> TableCount:
    blanked = {name: one.blanked.get(name, 0) + other.blanked.get(name, 0) for name in {*one.blanked, *other.blanked}}
    return TableCount(one.deleted + other.deleted, one.shells + other.shells, blanked)
