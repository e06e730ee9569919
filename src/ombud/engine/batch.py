"""One batch: rows picked, locked, judged again, remembered, changed, with a receipt, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import sqlalchemy as sa

from ombud.datamap.model import SourceMap, Table
from ombud.engine.counts import TableCount
from ombud.engine.evaluation import Evaluation
from ombud.engine.identities import Identities, NobodyKnown
from ombud.engine.in_two import alone, intend, verify
from ombud.engine.noted import FROZEN_ON, said
from ombud.engine.persons import Seeker
from ombud.engine.program import THIS_PLAN, Statements
from ombud.engine.refusal import StepRefused, refusing
from ombud.engine.sidecar import close_gate
from ombud.sql.apart import Apart
from ombud.sql.effects import Effects, in_one, receipts
from ombud.sql.freeze import Freezer
from ombud.sql.names import Names
from ombud.sql.numbered import is_numbered
from ombud.sql.pick import Picker
from ombud.sql.remember import Rememberer
from ombud.sql.tables import cell_names

T = TypeVar("T")


@dataclass
class Batches:
    """Batches of one apply. `freezer` is of THIS_PLAN, `own` of the plan by its name.

    `theirs`: of the rows of some persons alone. `seen` is the newest mark of which people were convened. `stale`: since
    then something was done by which they may be found otherwise. `patient`: rows wait for those of other tables that
    lean on them, and wait as well.
    """

    statements: Statements
    evaluation: Evaluation
    freezer: Freezer
    own: Freezer
    theirs: Seeker | None = None
    seen: int = -1
    stale: bool = False
    patient: bool = True

    @property
    def connection(self) -> sa.Connection:
        return self.statements.connection

    @property
    def names(self) -> Names:
        return self.evaluation.names

    @property
    def source(self) -> SourceMap:
        return self.names.source

    # --- in transactions of their own --------------------------------------------------------------------------

    def next(self, table: Table, size: int, number: int = 0) -> TableCount | None:
        """So many of the next rows, or those that were set aside under a number; None if there are none.

        Raises StepRefused, all undone, where the database refuses what is to be done with them.
        """
        return self._knowing(lambda: self._next(table, size, number))

    def _next(self, table: Table, size: int, number: int) -> TableCount | None:
        if not self.names.atomic:
            return self._in_two(table, size, number)
        with self._whole(table.name) as again:
            if not self._take(table, size, number):
                return None
            return self.carry_out((table,), convene=again)[table.name]

    def _knowing(self, act: Callable[[], T]) -> T:
        """Do it; and once more, undone, where it turned out that it names people, and nobody had been looked for."""
        try:
            return act()
        except NobodyKnown:
            self.evaluation.space.undone()
        self.evaluation.wary = True
        try:
            return act()
        finally:
            self.evaluation.wary = False

    def together(self, waiting: MutableMapping[str, int], size: int) -> Mapping[str, TableCount]:
        """So many of the next rows, of whichever tables they are, and what was done, by table; none if there are none.

        `waiting`: how many wait, children first; those that were dealt with are taken off. Raises StepRefused, all
        undone, where the database refuses something.
        """
        picked, counts = self._knowing(lambda: self._together(waiting, size))
        for name, rows in picked.items():
            waiting[name] -= rows
        return counts

    def _together(self, waiting: Mapping[str, int], size: int) -> tuple[Mapping[str, int], Mapping[str, TableCount]]:
        with self._whole("") as again:
            picked = self._pick_of_all(waiting, size)
            tables = [self.source.tables[name] for name in picked]
            return picked, self.carry_out(tables, convene=again) if picked else {}

    def serves_all(self, tables: Iterable[str]) -> bool:
        """Batches may hold rows of several tables: links alone say who owns what, and a transaction takes all."""
        names = self.names
        numbered = any(self.is_numbered(self.source.tables[name]) for name in tables)
        return names.atomic and names.dialect.lets_go and self.evaluation.narrow and not numbered

    def _pick_of_all(self, waiting: Mapping[str, int], size: int) -> dict[str, int]:
        """Rows of one table after the other, as far as those before it leave nothing behind."""
        picked: dict[str, int] = {}
        for name, rows in ((name, rows) for name, rows in waiting.items() if rows):
            table, total = self.source.tables[name], sum(picked.values())
            points = any(link.to in picked for link in table.links.values())  # and its facts would be those of before
            if picked and (points or total + min(size, rows) > size):
                break
            self.begin(table)
            taken = self._pick_free(table, size)
            if taken:
                picked[name] = taken
            if taken < rows:
                break
        return picked

    @contextmanager
    def whole(self) -> Iterator[None]:
        """One transaction, under the gate. Raises StepRefused, all undone."""
        with self._whole(""):
            yield

    @contextmanager
    def _whole(self, name: str) -> Iterator[bool]:
        """One transaction, under the gate; whether people have to be convened again. Raises StepRefused, all undone."""
        seen, stale, everybody = self.seen, self.stale, self.evaluation.everybody
        try:
            with self.connection.begin():
                newest = close_gate(self.connection, self.names)
                yield self._is_stale(newest)
                self.seen = newest
        except StepRefused:
            self._undone(seen, stale, everybody)
            raise
        except sa.exc.DBAPIError as error:
            # Only a COMMIT has no statement: what was put off until then was refused, and SQLite leaves it open.
            if error.statement is not None or not self.names.dialect.refuses(error.orig):
                raise
            self.connection.connection.rollback()
            self._undone(seen, stale, everybody)
            raise StepRefused(name) from error

    def _undone(self, seen: int, stale: bool, everybody: bool) -> None:
        self.seen, self.stale, self.evaluation.everybody = seen, stale, everybody
        self.evaluation.space.undone()

    def _in_two(self, table: Table, size: int, number: int) -> TableCount | None:
        """The same where no transaction holds the rows: intent, then effect and verification."""
        with alone(self.connection, self.names):
            while True:
                done, count = self._intent_and_effect(table, size, number)
                if done:
                    return count

    def _intent_and_effect(self, table: Table, size: int, number: int) -> tuple[bool, TableCount | None]:
        """What was done; not done where marks came in between, of which the intent knew nothing."""
        with self.connection.begin():
            newest = close_gate(self.connection, self.names)
            verify(self.statements, self.freezer.judge)
            again = self._is_stale(newest)
            if not self._take(table, size, number):
                return True, None
            self._look((table,), convene=again)
            effects = self._judge(table)
            count = self._count(table, self.statements.one(("changes", table.name), effects.changes))
            self._remember(table, effects, count)
            intend(self.connection, self.names, table, self.own.plan)
            self.seen = newest
        try:
            with self.connection.begin():
                if close_gate(self.connection, self.names) == newest:
                    with refusing(table.name, self.names.dialect):
                        self.effect(table, effects, count)
                    if verify(self.statements, self.freezer.judge):
                        return True, count
                    raise StepRefused(table.name)
                verify(self.statements, self.freezer.judge)
                return False, None
        except StepRefused:
            self.evaluation.space.undone()
            with self.connection.begin():
                if number:
                    self.connection.execute(Apart(self.own, table).picked(number))
                verify(self.statements, self.freezer.judge)
            raise

    def _is_stale(self, newest: int) -> bool:
        """People have to be convened again."""
        stale = newest != self.seen or self.stale or self.evaluation.goes_by_identifier
        return stale and self.evaluation.everybody

    def _take(self, table: Table, size: int, number: int) -> int:
        """Take up so many rows, or those that were set aside under a number; how many."""
        if number:
            return self._take_up(table, number)
        return self._pick(table, self._freeze_again(table) if self.is_numbered(table) else size)

    def set_aside(self, table: Table, size: int) -> int:
        """Set aside so many of the next rows, or all of a table without a key; under which number, below zero."""
        apart = Apart(self.own, table)
        with self.connection.begin():
            close_gate(self.connection, self.names)
            number = min(0, self.connection.execute(apart.lowest()).scalar() or 0) - 1
            if self.is_numbered(table):
                self.connection.execute(apart.waiting(number))
            else:
                self._pick(table, size)
                self.connection.execute(apart.picked(number))
        return number

    def take_back(self, table: Table, number: int) -> None:
        """The rows that were set aside under a number wait again."""
        with self.connection.begin():
            close_gate(self.connection, self.names)
            self.connection.execute(Apart(self.own, table).again(number))

    # --- inside the open transaction ---------------------------------------------------------------------------

    def carry_out(self, tables: Sequence[Table], *, convene: bool) -> dict[str, TableCount]:
        """Judge the picked rows of these tables again, under the gate and their locks, and do what is due still.

        Facts are worked out once. A table's rows are judged when those of the tables before it are gone, as they would
        be in a batch of their own, and so are their facts.
        """
        self.defer(tables)
        self._look(tables, convene=convene)
        return self._change(tables)

    def carry_out_frozen(self, waiting: Mapping[str, int]) -> dict[str, TableCount]:
        """Do all that was frozen in this transaction, by table, whose facts stand and whose locks hold."""
        every = [self.source.tables[name] for name in self.names.order]
        tables = [table for table in every if waiting.get(table.name)]
        self.defer(tables)
        self.evaluation.space.clear_all((f"batch {t.name}", partial(self.names.batch, t.name), 1) for t in every)
        effects = {table.name: Effects(self.freezer.judge, self.freezer, table) for table in every}
        for table in tables:
            self.evaluation.space.filled(f"batch {table.name}")
            self.statements.run(("as frozen", table.name), lambda t=table: [effects[t.name].as_frozen()])  # type: ignore[misc]
        changes = self.statements.answers(
            ("all changes",), lambda: in_one(each.changes_of() for each in effects.values())
        )
        counted = {name: numbers for found in changes for name, *numbers in found}
        counts: dict[str, TableCount] = {}
        for table in tables:
            width = 1 + len(cell_names(table))
            count = counts[table.name] = self._count(table, counted[table.name][:width])
            with refusing(table.name, self.names.dialect):
                self._remember(table, effects[table.name], count)
                self.effect(table, effects[table.name], count)
            if count.deleted and table is not tables[-1]:
                if count.deleted < self.evaluation.rows[table.name]:
                    self.statements.run(("facts gone", table.name), effects[table.name].facts_gone)
                self.evaluation.rows[table.name] -= count.deleted  # where no other is known, that is enough
        self.statements.run(("receipts",), lambda: receipts(effects.values()))
        return counts

    def _change(self, tables: Sequence[Table]) -> dict[str, TableCount]:
        counts: dict[str, TableCount] = {}
        for table in tables:
            effects = self._judge(table)
            count = counts[table.name] = self._count(
                table, self.statements.one(("changes", table.name), effects.changes)
            )
            with refusing(table.name, self.names.dialect):
                self._remember(table, effects, count)
                self.effect(table, effects, count)
            self.statements.run(("receipt", table.name), effects.finished)
            if count.deleted and table is not tables[-1]:
                gone = self.statements.run(("facts gone", table.name), effects.facts_gone)
                self.evaluation.rows[table.name] -= gone
        return counts

    def _count(self, table: Table, numbers: Sequence[object]) -> TableCount:
        deleted, *blanked = (int(str(number)) for number in numbers)
        return TableCount(deleted, 0, dict(zip(cell_names(table), blanked, strict=True)))

    def _look(self, tables: Sequence[Table], *, convene: bool) -> None:
        """Work out the facts of the picked rows, once these are locked with all that they are judged by."""
        before = self._snapshot() if self.names.dialect.locks else None
        self.evaluation.scoping.start(tables)
        if self.names.dialect.locks:
            self._lock(before)
        if convene:
            self.evaluation.convene(rows=False)
            self.stale = False
        self.evaluation.look_at_batch(tables)

    def _judge(self, table: Table) -> Effects:
        effects = Effects(self.freezer.judge, self.freezer, table)
        self.statements.run(("judge again", table.name), lambda: [effects.judge_again()])
        return effects

    def begin(self, table: Table) -> None:
        """Nothing is picked."""
        for what, make in (("pick", self.names.pick), ("batch", self.names.batch)):
            self.evaluation.space.clear(f"{what} {table.name}", partial(make, table.name))
            self.evaluation.space.filled(f"{what} {table.name}")

    def waiting(self, table: Table) -> int:
        """How many rows are frozen and not dealt with."""
        ((total,),) = self.statements.rows(("open", table.name), lambda: self.freezer.open(table))
        return int(total)

    def is_numbered(self, table: Table) -> bool:
        """Whether the table has no key of its own."""
        return is_numbered(self.names.schema, table)

    def _pick(self, table: Table, size: int) -> int:
        """Take up the next rows; how many."""
        run, picker = self.statements.run, Picker(self.freezer, table)
        self.begin(table)
        if not self.patient:
            return run(("pick last", table.name, size), lambda: [picker.pick_last(size)])
        picked = self._pick_free(table, size)
        if picked or not picker.holds:
            return picked
        picked = run(("pick any", table.name, size), lambda: [picker.pick_any(size)])
        while picked and (wider := run(("widen pick", table.name), picker.widen)):
            picked += wider
        return picked

    def _pick_free(self, table: Table, size: int) -> int:
        """Those of the next rows for which none has to go first."""
        picker = Picker(self.freezer, table)
        return self.statements.run(("pick", table.name, size), lambda: [picker.pick(size)])

    def _take_up(self, table: Table, number: int) -> int:
        self.begin(table)
        apart = Apart(self.own, table)
        self.connection.execute(apart.pick(number))
        return self.connection.execute(apart.again(number)).rowcount

    def _freeze_again(self, table: Table) -> int:
        """Rows without a key are found anew by all that judges them: at most as many as the plan froze, on its day."""
        frozen, today = self.waiting(table), self.evaluation.read.today
        if not frozen or (not self.theirs and said(self.connection, self.names, FROZEN_ON) != today.isoformat()):
            return 0
        self.evaluation.convene()
        if self.theirs:
            self.theirs.choose()
        step = ("freeze again", table.name, frozen, self.theirs is not None)
        self.statements.run(step, lambda: self._anew(table, frozen))
        return frozen

    def _anew(self, table: Table, most: int) -> Iterator[sa.Delete | sa.Insert]:
        due = self.freezer.due(table)
        yield due.delete().where(due.c.plan == THIS_PLAN, due.c.done == 0)
        yield self.freezer.freeze(table, most, chosen_alone=self.theirs is not None)

    def defer(self, tables: Iterable[Table]) -> None:
        """References between rows of one batch are checked when it commits, where the engine can.

        SQLite then forgets every statement that it has prepared, so it is said only where one deletion could be blocked
        by rows that go with it: SQLite looks at RESTRICT row by row, unless references are put off.
        """
        if self.names.dialect.settle or any(self.names.schema.may_block_itself(t.name) for t in tables):
            self.connection.exec_driver_sql(self.names.dialect.defer)

    def lock(self) -> None:
        """Lock what is in scope, and what judges it, inside the open transaction."""
        if self.names.dialect.locks:
            self._lock(self._snapshot())

    def _lock(self, before: object) -> None:
        """Lock what is in scope, which is what the picked rows are judged by, and these.

        What was waited for may by then lean on others: until nobody has committed meanwhile, or nothing new is found.
        """
        while True:
            self.evaluation.scoping.lock()
            if self._snapshot() == before:
                return
            before = self._snapshot()
            if not self.evaluation.scoping.widen(again=True):
                return

    def _snapshot(self) -> object:
        return self.connection.exec_driver_sql(self.names.dialect.snapshot).scalar()

    def _remember(self, table: Table, effects: Effects, count: TableCount) -> None:
        """What the batch takes from memory is kept, with the files that go."""
        run, name = self.statements.run, table.name
        if not count.empty:
            rememberer = Rememberer(self.freezer.judge, table, for_later=not self.names.atomic)
            written: dict[str, Table] = {}
            for n, (other, memos) in enumerate(rememberer.parts()):
                if self.evaluation.rows[other.name] and run(("remember", name, n), memos):
                    written[other.name] = other
                    self.evaluation.note_memory(other.name)
            Identities(rememberer, self.evaluation).remember(self.statements, written.values())
            self.stale = self.stale or (self.evaluation.imports and self.evaluation.is_subject(table))
            self.keep_files(table, effects)

    def keep_files(self, table: Table, effects: Effects) -> None:
        """Files that go with what the batch takes wait in the outbox."""
        self.statements.run(("files", table.name), effects.files)

    def effect(self, table: Table, effects: Effects, count: TableCount) -> None:
        """References are set free, cells blanked, rows deleted."""
        run, name, deleted = self.statements.run, table.name, count.deleted
        if deleted:
            run(("unlink", name), effects.unlink)
            if any(self.statements.answers(("held on", name), effects.held_on)):
                raise StepRefused(name)  # A trigger has kept a reference; a cascade would take what has it along.
        if any(count.blanked.values()):
            before = self._cells(table, effects)
            run(("blank", name), lambda: [u for u in (effects.blank(),) if u is not None])
            if _some_kept(before, self._cells(table, effects)):
                raise StepRefused(name)  # A trigger has written back what was blanked.
        if deleted:
            # Rows that go with their parent by a cascade of the same statement are not in its count.
            gone = run(("delete", name), lambda: [effects.delete()])
            if (gone != deleted or self.names.schema.may_act) and self.statements.rows(("deleted", name), effects.left):
                raise StepRefused(name)  # A trigger or a rule has kept a row; the batch is undone.
            if self.evaluation.remembers(name):
                run(("forget", name), lambda: [effects.forget()])

    def _cells(self, table: Table, effects: Effects) -> list[tuple[object, ...]]:
        """The flags and cells of rows that lose some, where a trigger might keep one."""
        if not self.names.schema.tables[table.name].triggers:
            return []
        return self.statements.rows(("cells", table.name), effects.cells)


def _some_kept(before: list[tuple[object, ...]], after: list[tuple[object, ...]]) -> bool:
    """Some cell that was to be blanked is as it was, or its row is gone by a trigger. The first half of a row are the
    flags of the second.
    """
    if len(before) != len(after):
        return True
    for was, now in zip(before, after, strict=True):
        half = len(was) // 2
        if any(flag == 1 and one == other for flag, one, other in zip(was[:half], was[half:], now[half:], strict=True)):
            return True
    return False
