"""One source, one day: convene, freeze what is due, carry it out in batches, see that nothing due is left.

The only loop with effects. Each batch is one transaction: gate, locks, judging again, memos, changes, receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from ombud.datamap.model import SourceMap, Table
from ombud.datamap.schema import Schema
from ombud.engine.evaluation import Evaluation
from ombud.engine.identities import Identities, forget_unneeded
from ombud.engine.locks import Locks
from ombud.engine.noted import FROZEN_ON, note, said
from ombud.engine.people import Digest
from ombud.engine.program import THIS_PLAN, Program, Statements
from ombud.engine.sidecar import Behind, check_same, close_gate, create
from ombud.policy.model import Policy
from ombud.sql.dialect import DIALECTS
from ombud.sql.effects import Effects
from ombud.sql.freeze import Freezer
from ombud.sql.numbered import is_numbered
from ombud.sql.pick import Picker
from ombud.sql.read import Reader
from ombud.sql.remember import Rememberer
from ombud.sql.tables import cell_names
from ombud.terms import Mark

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


class StepRefused(Exception):
    """The database refused a step of this table. The cause is its own error, of a probe: nothing was begun. Without a
    cause, it kept a row that it was told to delete: the batch was undone.
    """


@dataclass
class Sweep:
    """A sweep of one source on one open connection. `plan` names its frozen rows and receipts.

    `asked_on` is the day it is asked on, where that is not the day it is asked about. `probes` tries each kind of step
    in a transaction that is undone, before the first effect.
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
    probes: bool = True

    def __post_init__(self) -> None:
        self.names = self.program.names(self.source, self.schema, DIALECTS[self.connection.dialect.name])
        self.source, self.schema = self.names.source, self.names.schema
        companies = tuple(self.policy.companies)
        self.read = Reader(self.names, self.policy.zone, self.today, companies, self.asked_on)
        self.judge = self.program.judge(self.policy, self.read)
        self.freezer = Freezer(self.judge, self.plan, self.forecast)
        self._of_any = Freezer(self.judge, THIS_PLAN, self.forecast)
        about = (self.source.source, self.today, self.asked_on)
        evaluating = Statements(self.connection, self.program, about)
        self._statements = Statements(self.connection, self.program, (*about, self.forecast), self.plan)
        self.evaluation = Evaluation(evaluating, self.policy, self.read, self.digest, self.forecast)
        self._seen = -1
        self._stale = False

    # --- before ------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Make the sidecar where it is missing. Commits."""
        with self.connection.begin():
            create(self.connection, self.names, self.policy.zone)

    def check_marks(self, marks: Sequence[Mark]) -> None:
        """Refuse where the register has marks that this sidecar does not, or that say something else in it."""
        newest = max((mark.seq for mark in marks), default=0)
        with self.connection.begin():
            known = close_gate(self.connection, self.names)
            check_same(self.connection, self.names, marks)
        if known < newest:
            raise Behind(f"source {self.source.source} has marks up to {known}, the register up to {newest}")

    def convene(self) -> None:
        """Find the people and decide the marks of this day, inside the open transaction."""
        self.evaluation.convene()

    # --- what is due -------------------------------------------------------------------------------------------

    def freeze(self) -> Mapping[str, TableCount]:
        """Freeze what is due today, and count it by table. Commits, unless it is a forecast."""
        with self.connection.begin():
            self._seen = close_gate(self.connection, self.names)
            self.convene()
            if not self.forecast:
                note(self.connection, self.names, FROZEN_ON, self.today.isoformat())
            # Frozen rows of other plans are of no more use: a plan is applied before the next is made.
            due, tables = self._of_any.due, [self.source.tables[name] for name in self.names.order]
            self._statements.run(("drop frozen",), lambda: [due(t).delete() for t in tables])
            self._statements.run(("freeze",), lambda: [self._of_any.freeze(t) for t in tables])
            while self._statements.run(("pin",), lambda: [s for t in tables for s in self._of_any.pin(t)]):
                pass
            return self.counted()

    def counted(self) -> Mapping[str, TableCount]:
        """What this plan holds frozen, done or not, inside the open transaction."""
        return {name: self._count(self.source.tables[name]) for name in self.names.order}

    def _count(self, table: Table) -> TableCount:
        counted = self._statements.one(("count", table.name), lambda: self._of_any.counts(table))
        deleted, shells, *blanked = map(int, counted)
        return TableCount(deleted, shells, dict(zip(cell_names(table), blanked, strict=True)))

    # --- doing it ----------------------------------------------------------------------------------------------

    def apply(self, progress: Progress | None = None) -> Mapping[str, TableCount]:
        """Carry out what this plan froze, table by table, batch by batch. Resumes where a killed one stopped.

        Raises StepRefused, nothing changed, if the database refuses one of the steps in a probe.
        """
        with self.connection.begin():
            self._seen = close_gate(self.connection, self.names)
            self.convene()
            waiting = {name: n for name in self.names.order if (n := self._waiting(name))}
            if self.probes:
                for name in waiting:
                    self._probe(self.source.tables[name])
        done: dict[str, TableCount] = {}
        for name, total in waiting.items():
            counts = TableCount()
            finished = 0
            for count in self._batches(self.source.tables[name]):
                counts = _plus(counts, count)
                finished = min(total, finished + self.batch_size)
                if progress is not None:
                    progress(name, finished, total)
            done[name] = counts
        if done:
            with self.connection.begin():
                close_gate(self.connection, self.names)
                self._statements.run(("forget unneeded",), lambda: [forget_unneeded(self.names)])
        return done

    def _waiting(self, name: str) -> int:
        ((total,),) = self._statements.rows(("open", name), lambda: self._of_any.open(self.source.tables[name]))
        return int(total)

    def _batches(self, table: Table) -> Iterator[TableCount]:
        effects = Effects(self.judge, self._of_any, table)
        while True:
            with self.connection.begin():
                newest = close_gate(self.connection, self.names)
                again = newest != self._seen or self._stale or self.evaluation.goes_by_identifier
                size = self._freeze_again(table) if is_numbered(self.schema, table) else self.batch_size
                count = self._batch(effects, self._pick(table, size), again)
                if count is None:
                    return
                self._seen = newest
            yield count

    def _pick(self, table: Table, size: int) -> int:
        """Take up the next rows; how many."""
        run, picker = self._statements.run, Picker(self._of_any, table)
        self._begin(table)
        picked = run(("pick", table.name, size), lambda: [picker.pick(size)])
        if picked or not picker.holds:
            return picked
        picked = run(("pick any", table.name, size), lambda: [picker.pick_any(size)])
        while picked and (wider := run(("widen pick", table.name), picker.widen)):
            picked += wider
        return picked

    def _begin(self, table: Table) -> None:
        pick, batch = self.names.pick(table.name), self.names.batch(table.name)
        self._statements.run(("empty batch", table.name), lambda: [pick.delete(), batch.delete()])

    def _freeze_again(self, table: Table) -> int:
        """Rows without a key are found anew by all that judges them: at most as many as the plan froze, on its day."""
        frozen = self._waiting(table.name)
        if not frozen or said(self.connection, self.names, FROZEN_ON) != self.today.isoformat():
            return 0
        self.convene()
        self._statements.run(("freeze again", table.name, frozen), lambda: self._anew(table, frozen))
        return frozen

    def _anew(self, table: Table, most: int) -> Iterator[sa.Delete | sa.Insert]:
        due = self._of_any.due(table)
        yield due.delete().where(due.c.plan == THIS_PLAN, due.c.done == 0)
        yield self._of_any.freeze(table, most)

    def _batch(self, effects: Effects, picked: int, convene: bool) -> TableCount | None:
        """One batch inside the open transaction, under the gate; None if nothing was picked."""
        run, name = self._statements.run, effects.table.name
        if not picked:
            return None
        self._defer(name)
        if self.names.dialect.locks:
            self._lock(effects.table)
        if convene:
            self.convene()
            self._stale = False
        else:
            self.evaluation.look_at_batch(effects.table)
        run(("judge again", name), lambda: [effects.judge_again()])
        count = self._change(effects.table, effects)
        run(("receipt", name), lambda: [effects.done(), effects.receipt()])
        return count

    def _defer(self, table: str) -> None:
        """References between rows of one batch are checked when it commits, where the engine can.

        SQLite then forgets every statement that it has prepared, so it is said only where one deletion could be blocked
        by rows that go with it: SQLite looks at RESTRICT row by row, unless references are put off.
        """
        if self.names.dialect.settle or self.schema.may_block_itself(table):
            self.connection.exec_driver_sql(self.names.dialect.defer)

    def _lock(self, table: Table) -> None:
        """Lock what the picked rows are judged by, and these.

        Parents are locked first, as applications do, so what was waited for may by then lean on others: until nobody
        has committed meanwhile, or the same rows are found.
        """
        last: list[set[tuple[object, ...]]] | None = None
        while True:
            before = self._snapshot()
            found = self._statements.answers(("lock", table.name), lambda: Locks(self.read).of_batch(table))
            locked = [set(rows) for rows in found]
            if locked == last or self._snapshot() == before:
                return
            last = locked

    def _snapshot(self) -> object:
        return self.connection.exec_driver_sql(self.names.dialect.snapshot).scalar()

    def _probe(self, table: Table) -> None:
        """Delete two rows and blank two, and undo it: whether the database lets each step happen.

        That other rows still refer to a row says nothing yet, for they go first.
        """
        effects, stale = Effects(self.judge, self._of_any, table), self._stale
        undone = self.connection.begin_nested()
        try:
            self._begin(table)
            picked = self._statements.run(("probe", table.name), Picker(self._of_any, table).probe)
            self._batch(effects, picked, convene=False)
            if self.names.dialect.settle:
                self.connection.exec_driver_sql(self.names.dialect.settle)
        except sa.exc.OperationalError:
            raise  # A full disk or a lost connection says nothing of the step.
        except sa.exc.DBAPIError as error:
            leans = self.names.dialect.leans(error.orig) and not (error.statement or "").startswith("UPDATE")
            if not leans:
                raise StepRefused(table.name) from error
        undone.rollback()
        self._stale = stale

    def _change(self, table: Table, effects: Effects) -> TableCount:
        run, name = self._statements.run, table.name
        deleted, *blanked = map(int, self._statements.one(("changes", name), effects.changes))
        if not deleted and not any(blanked):
            return TableCount()
        rememberer = Rememberer(self.judge, table)
        run(("remember", name), rememberer.statements)
        Identities(rememberer, self.evaluation).remember(self._statements)
        self._stale = self._stale or self.evaluation.is_subject(table) or bool(self.evaluation.marks)
        run(("files", name), effects.files)
        if deleted:
            run(("unlink", name), effects.unlink)
        if any(blanked):
            run(("blank", name), lambda: [u for u in (effects.blank(),) if u is not None])
        if deleted:
            # Rows that go with their parent by a cascade of the same statement are not in its count.
            run(("delete", name), lambda: [effects.delete()])
            if self._statements.rows(("deleted", name), effects.left):
                raise StepRefused(name)  # A trigger or a rule has kept a row; the batch is undone.
            run(("forget", name), lambda: [effects.forget()])
        return TableCount(deleted, 0, dict(zip(cell_names(table), blanked, strict=True)))


def _plus(one: TableCount, other: TableCount) -> TableCount:
    blanked = {name: one.blanked.get(name, 0) + other.blanked.get(name, 0) for name in {*one.blanked, *other.blanked}}
    return TableCount(one.deleted + other.deleted, one.shells + other.shells, blanked)
