"""One source, one day: convene, freeze what is due, carry it out in batches, see that nothing due is left.

The only loop with effects. Each batch is one transaction: gate, locks, judging again, memos, changes, receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import SourceMap, Table
from ombud.datamap.schema import Schema
from ombud.engine.batch import Batches
from ombud.engine.counts import TableCount, plus
from ombud.engine.evaluation import Evaluation
from ombud.engine.halving import Halving
from ombud.engine.in_two import alone, verify
from ombud.engine.noted import FROZEN_ON, PROBED, REFUSED, note, refused_by, said
from ombud.engine.people import Digest
from ombud.engine.persons import Asked, Seeker
from ombud.engine.probing import Probe, Tried
from ombud.engine.program import THIS_PLAN, Program, Statements
from ombud.engine.refusal import Refusal, StepRefused
from ombud.engine.sidecar import Behind, check_same, close_gate, create
from ombud.plan.window import crossings
from ombud.policy.model import Policy
from ombud.sql.apart import Apart
from ombud.sql.circles import Circles
from ombud.sql.effects import in_one, named
from ombud.sql.engines import DIALECTS
from ombud.sql.forget import forget_asked, forget_gone, forget_unneeded
from ombud.sql.freeze import Freezer
from ombud.sql.kept import Kept
from ombud.sql.lookout import Lookout
from ombud.sql.read import Reader
from ombud.sql.tables import cell_names
from ombud.sql.window import Window
from ombud.terms import Act, Mark

Progress = Callable[[str, int, int], None]
"""Called with the table, rows done and rows due."""


FEW = 1000
"""Frozen rows of which it is asked at once whether anything leans on them."""


class TooMany(Exception):
    """More rows are due than one transaction is to hold."""


@dataclass
class Sweep:
    """A sweep of one source on one open connection. `plan` names its frozen rows and receipts, `refused` the rows that
    an apply had to set aside, by table.

    `asked_on` is the day it is asked on, where that is not the day it is asked about. `probes` tries each kind of step
    in a transaction that is undone, before the first effect; but for those that went through before by the same
    `rules`, which is a hash of all that a plan is made from. `persons`: it is of the rows that are, or may be, about
    them, and of no others.
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
    rules: str = ""
    persons: Asked | None = None

    def __post_init__(self) -> None:
        self.names = self.program.names(self.source, self.schema, DIALECTS[self.connection.dialect.name])
        self.source, self.schema = self.names.source, self.names.schema
        companies = tuple(self.policy.companies)
        self.read = Reader(self.names, self.policy.zone, self.today, companies, self.asked_on)
        self.judge = self.program.judge(self.policy, self.read)
        self.freezer = Freezer(self.judge, self.plan, self.forecast)
        self.freezer_of_any = Freezer(self.judge, THIS_PLAN, self.forecast)
        self.frozen_by = self.freezer_of_any
        about = (self.source.source, self.today, self.asked_on)
        evaluating = Statements(self.connection, self.program, about)
        self.statements = Statements(self.connection, self.program, (*about, self.forecast), self.plan)
        self.evaluation = Evaluation(evaluating, self.policy, self.read, self.digest, self.forecast)
        self.refused: Mapping[str, Refusal] = {}
        self.chosen: Mapping[str, int] = {}
        self.theirs = Seeker(self.evaluation, self.persons) if self.persons else None

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

    def marks_known(self) -> int:
        """The number of the newest mark that the sidecar has."""
        with self.connection.begin():
            return close_gate(self.connection, self.names)

    def convene(self) -> None:
        """Find the people and decide the marks of this day, inside the open transaction; nothing is written."""
        self.evaluation.convene(learning=False)

    # --- what is due -------------------------------------------------------------------------------------------

    def freeze(self, since: date | None = None, *, thorough: bool = True) -> Mapping[str, TableCount]:
        """Freeze what is due today, and count it by table. Commits, unless it is a forecast.

        `since`: all that was due on that day is gone, and nobody has written or said anything that counts since then;
        so no more is looked at than what days alone have brought about (`plan.window`). Not `thorough`: no more than
        what can be due (`sql.lookout`), and what only stays for want of knowledge is told of that alone.
        Of a sweep of `persons` neither is asked, and what another plan has frozen is left.
        """
        if self.theirs:
            return self._freeze_theirs(self.theirs)
        with self._undisturbed(), self.connection.begin():
            close_gate(self.connection, self.names)
            if not self.forecast:
                self._look_back()
            if since is not None and self._withdrawn(since):
                since, thorough = None, False
            window = None if thorough and since is None else self._window(since)
            if since is None and not self.forecast:
                self.statements.run(("forget gone",), lambda: forget_gone(self.names))
            elif window and since and not any(self.statements.answers(("anything", window.ways), window.anything)):
                return self._nothing()
            if window and self.evaluation.serves(window):
                self.evaluation.look_at_window(window)
            else:
                self.evaluation.convene(idle=True)
            tables = self._frozen_before()
            self.statements.run(("freeze",), lambda: [self.freezer_of_any.freeze(t) for t in tables])
            self._keep_shells(tables)
            return self.counted()

    def _freeze_theirs(self, theirs: Seeker) -> Mapping[str, TableCount]:
        """Rows of others stay, whatever is due of them, and what they lean on stays as a shell."""
        with self._undisturbed(), self.connection.begin():
            close_gate(self.connection, self.names)
            if not self.forecast:
                self._look_back()
            self._freeze_chosen(theirs)
            return self.counted()

    def _freeze_chosen(self, theirs: Seeker, lock: Callable[[], None] | None = None) -> Mapping[str, int]:
        """How many rows were frozen, by table."""
        theirs.look(lock)
        self.chosen = theirs.choose()
        tables, once = [self.source.tables[name] for name in self.names.order], self.frozen_by.forecast
        if once:
            due = partial(self.names.due, forecast=True)
            self.evaluation.space.clear_all((f"due {t.name}", partial(due, t.name), 1) for t in tables)
        else:
            self._drop_mine(tables)
        frozen: dict[str, int] = {}
        for table in tables:
            if self.chosen[table.name]:
                freeze = partial(self.frozen_by.freeze, table, chosen_alone=True)
                step = ("freeze theirs", table.name, once)
                frozen[table.name] = self.statements.run(step, lambda freeze=freeze: [freeze()])  # type: ignore[misc]
                self.evaluation.space.filled(f"due {table.name}")
        few = sum(frozen.values()) <= FEW
        self._keep_shells([table for table in tables if frozen.get(table.name)], few=few)
        return frozen

    def _drop_mine(self, tables: Sequence[Table]) -> None:
        """What an earlier run for the same request froze."""
        mine = self.statements.answers(("mine",), lambda: self.freezer_of_any.any_frozen(tables))
        for name in (name for found in mine for (name,) in found):
            drop = partial(self.freezer_of_any.drop, self.source.tables[name])
            self.statements.run(("drop mine", name), lambda drop=drop: [drop()])  # type: ignore[misc]

    def at_once(self, before: Callable[[], None] | None = None) -> Mapping[str, TableCount] | None:
        """Freeze what is due of the rows of `persons` and carry it out, in one transaction, judged once, under locks.

        `before` is called when it is frozen; whatever it raises undoes all. None, and nothing was done, where a source,
        or so many rows, are not served so, or the database refuses something: then `freeze` and `apply`.
        """
        once = Freezer(self.judge, THIS_PLAN, forecast=True)
        batches = Batches(self.statements, self.evaluation, once, once, self.theirs)
        tables = self.source.tables.values()
        served = batches.serves_all([table.name for table in tables]) and not any(table.marks for table in tables)
        if self.theirs is None or self.forecast or not served or self.theirs.forms is None:
            return None
        space = self.evaluation.space
        space.batches, space.forecast, self.frozen_by = frozenset(table.name for table in tables), True, once
        try:
            with batches.whole():
                frozen = self._freeze_chosen(self.theirs, batches.lock)
                if sum(frozen.values()) > self.batch_size:
                    raise TooMany
                if before is not None:
                    before()
                done = batches.carry_out_frozen(frozen)
                self._forget_unneeded()
                return done
        except (StepRefused, TooMany):
            space.undone()
            space.forecast, self.frozen_by = False, self.freezer_of_any
            return None
        except BaseException:
            space.undone()
            raise

    def _withdrawn(self, since: date) -> bool:
        """A consent of which a row that is gone said that it would be withdrawn, was since then: whose is anybody's."""
        said, days = self.names.said, (since.isoformat(), self.today.isoformat())
        one: sa.Select[Any] = sa.select(sa.literal_column("1")).limit(1)
        one = one.where(said.c.act == Act.WITHDRAWN.value, said.c.day >= days[0], said.c.day <= days[1])
        return bool(self.statements.rows(("withdrawn", since), lambda: one))

    def _window(self, since: date | None) -> Window:
        if since is not None:
            return Window(self.read, crossings(self.policy, self.source, since, self.today))
        return Window(self.read, *Lookout(self.judge).ways(), full=True)

    def _frozen_before(self) -> list[Table]:
        """Frozen rows of other plans are of no more use: a plan is applied before the next is made. All tables."""
        if not self.forecast:
            note(self.connection, self.names, FROZEN_ON, self.today.isoformat())
        tables = [self.source.tables[name] for name in self.names.order]
        self.statements.run(("drop frozen",), lambda: [self.freezer_of_any.due(t).delete() for t in tables])
        return tables

    def _nothing(self) -> Mapping[str, TableCount]:
        """No day has brought anything about; nothing needs to be worked out."""
        if not self.forecast:
            self._frozen_before()
        return {
            name: TableCount(0, 0, dict.fromkeys(cell_names(self.source.tables[name]), 0)) for name in self.names.order
        }

    def _undisturbed(self) -> AbstractContextManager[None]:
        """Nobody else is in a batch of rows that no transaction holds; a forecast looks at nothing but them."""
        return nullcontext() if self.forecast else alone(self.connection, self.names)

    def _look_back(self) -> None:
        """What a process that died had written down, and may have done, where no transaction holds it."""
        if not self.names.atomic:
            verify(self.statements, self.judge)

    def _keep_shells(self, tables: Sequence[Table], *, few: bool = False) -> None:
        """What a row that stays leans on stays too, empty; so do rows that hold on to one another in a circle."""
        once = self.frozen_by.forecast
        self._pin(tables, few)
        if self.names.holding_on:
            circles = Circles(self.frozen_by)
            self.statements.run(("wait", once), circles.wait)
            while self.statements.run(("let go", once), circles.let_go):
                pass
            if self.statements.run(("hold", once), circles.hold):
                self._pin(tables, few)

    def _pin(self, tables: Sequence[Table], few: bool) -> None:
        how = self.frozen_by.pin_few if few else self.frozen_by.pin

        def pin(table: Table) -> int:
            return self.statements.run(("pin", table.name, few, self.frozen_by.forecast), lambda: how(table))

        while sum(map(pin, tables)):
            pass

    def counted(self) -> Mapping[str, TableCount]:
        """What this plan holds frozen, done or not, inside the open transaction."""
        return {name: self._count(self.source.tables[name]) for name in self.names.order}

    def counted_chosen(self) -> Mapping[str, TableCount]:
        """Of a sweep of persons, likewise, of tables of which rows are theirs."""
        tables, by = [self.source.tables[name] for name in self.names.order], self.frozen_by
        found = self._by_table(("counts", by.forecast), tables, by.counts)
        return {t.name: _count(t, found[t.name][: 2 + len(cell_names(t))]) for t in tables if self.chosen.get(t.name)}

    def stay(self) -> Mapping[str, tuple[int, int]]:
        """How many of the rows of `persons` stay, by table, and of how many of these it is in doubt what they are."""
        tables, by = [self.source.tables[name] for name in self.names.order], self.frozen_by
        found = self._by_table(("stay", by.forecast), tables, lambda table: Kept(self.judge, table).stay(by))
        return {t.name: (found[t.name][0], found[t.name][1]) for t in tables if self.chosen.get(t.name)}

    def _by_table(
        self, step: tuple[object, ...], tables: Sequence[Table], asked: Callable[[Table], sa.Select[Any]]
    ) -> Mapping[str, list[int]]:
        """The one row that each query gives, by its table."""
        answers = self.statements.answers(step, lambda: in_one(named(table.name, asked(table)) for table in tables))
        return {name: list(map(int, numbers)) for found in answers for name, *numbers in found}

    def open(self) -> Mapping[str, TableCount]:
        """What of it no run has dealt with yet, or had to set aside, inside the open transaction."""
        return {name: self._count(self.source.tables[name], open_alone=True) for name in self.names.order}

    def _count(self, table: Table, *, open_alone: bool = False) -> TableCount:
        def counting() -> sa.Select[Any]:
            counts = self.freezer_of_any.counts(table)
            return counts.where(self.freezer_of_any.due(table).c.done <= 0) if open_alone else counts

        return _count(table, map(int, self.statements.one(("count", table.name, open_alone), counting)))

    # --- doing it ----------------------------------------------------------------------------------------------

    def apply(self, progress: Progress | None = None) -> Mapping[str, TableCount]:
        """Carry out what this plan froze, table by table, batch by batch. Resumes where a killed one stopped.

        Rows that the database refuses are set aside, and stand in `refused`. Raises StepRefused, nothing changed, where
        it lets no row of a table through; the next plan knows of that, and goes on without them.
        """
        batches = Batches(self.statements, self.evaluation, self.freezer_of_any, self.freezer, self.theirs)
        try:
            with self._undisturbed(), self.connection.begin():
                waiting = self._begin(batches)
        except StepRefused as refused:
            with self.connection.begin():
                note(self.connection, self.names, f"{REFUSED}{refused}", self.plan)
            raise
        done = dict.fromkeys(waiting, TableCount())
        halvings = {name: Halving(batches, self.source.tables[name], self.batch_size) for name in waiting}
        left: Mapping[str, int] = {name: n for name, n in self._together(batches, waiting, done, progress).items() if n}
        while left:
            for name in left:
                finished = waiting[name] - left[name]
                for count in halvings[name].counts():
                    done[name] = plus(done[name], count)
                    finished = min(waiting[name], finished + self.batch_size)
                    if progress is not None:
                        progress(name, finished, waiting[name])
            left = self._left(batches, left)
        if done or self._is_resumed():
            with self.connection.begin():
                close_gate(self.connection, self.names)
                self._forget_unneeded()
                self.refused = {name: found for name, each in halvings.items() if (found := each.refusal())}
                if not self.theirs:
                    refused_by(self.connection, self.names, self.plan, self.refused)
                if self.refused and (tried := self._tried()).known:
                    tried.forget(self.refused)
                    note(self.connection, self.names, PROBED, tried.noted)
        return done

    def _forget_unneeded(self) -> None:
        """Persons whom no memo names any more; where a sweep is of some, of these alone."""
        if self.theirs:
            self.statements.run(("forget asked",), lambda: [forget_asked(self.names)])
        else:
            self.statements.run(("forget unneeded",), lambda: [forget_unneeded(self.names)])

    def _is_resumed(self) -> bool:
        """An apply of this plan has done something, and may have been killed before it forgot what nobody needs."""
        receipt = self.names.receipt
        mine: sa.Select[Any] = sa.select(sa.literal_column("1")).where(receipt.c.plan == THIS_PLAN).limit(1)
        with self.connection.begin():
            return bool(self.statements.rows(("resumed",), lambda: mine))

    def _together(
        self,
        batches: Batches,
        waiting: Mapping[str, int],
        done: dict[str, TableCount],
        progress: Progress | None,
    ) -> dict[str, int]:
        """Carry out batches of rows of several tables, as far as nothing is refused; how many rows wait after that."""
        left = dict(waiting)
        if not batches.serves_all(waiting):
            return left
        try:
            while counts := batches.together(left, self.batch_size):
                for name, count in counts.items():
                    done[name] = plus(done[name], count)
                    if progress is not None:
                        progress(name, waiting[name] - left[name], waiting[name])
        except StepRefused:
            pass  # table by table, it is found which rows these are
        return left

    def _left(self, batches: Batches, before: Mapping[str, int]) -> Mapping[str, int]:
        """What waited for rows of other tables, where these hold on to one another; at last, what waits in vain."""
        tables = [self.source.tables[name] for name in before]
        if not batches.patient or not self.names.holding_on:
            return {}
        with self.connection.begin():
            waiting = {t.name: n for t in tables if not batches.is_numbered(t) and (n := batches.waiting(t))}
        batches.patient = sum(waiting.values()) < sum(before.values())
        return waiting

    def _begin(self, batches: Batches) -> Mapping[str, int]:
        """Find the people, and try each kind of step; how many rows wait, by table."""
        batches.seen = close_gate(self.connection, self.names)
        self._look_back()
        tables = [self.source.tables[name] for name in self.names.order]
        resumed = self.statements.run(("again",), lambda: [Apart(self.freezer_of_any, t).again() for t in tables])
        waiting = {table.name: n for table in tables if (n := batches.waiting(table))}
        if waiting:
            self.evaluation.get_ready(waiting)
        if self.probes and not resumed and self.names.dialect.savepoints and self.names.atomic:
            self._probe(batches, waiting)
        return waiting

    def _probe(self, batches: Batches, waiting: Iterable[str]) -> None:
        """Try each kind of step that waits. Raises StepRefused where the database lets no row through."""
        tried, probe = self._tried(), Probe(batches)
        known = len(tried.known)
        kinds = {
            name: tried.kinds(batches, self.source.tables[name])
            for name in waiting
            if said(self.connection, self.names, f"{REFUSED}{name}") in ("", self.plan)
        }
        new = [self.source.tables[name] for name, found in kinds.items() if not found <= tried.known]
        if not (len(new) > 1 and batches.serves_all(kinds) and probe.all_pass(new)):
            for table in new:
                if refused := probe.refusal(table):
                    raise refused
        tried.known |= {kind for table in new for kind in kinds[table.name]}
        if self.rules and len(tried.known) != known:
            note(self.connection, self.names, PROBED, tried.noted)

    def _tried(self) -> Tried:
        return Tried.read(self.rules, said(self.connection, self.names, PROBED))


def _count(table: Table, numbers: Iterable[int]) -> TableCount:
    deleted, shells, *blanked = numbers
    return TableCount(deleted, shells, dict(zip(cell_names(table), blanked, strict=True)))
