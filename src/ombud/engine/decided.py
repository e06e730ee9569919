"""Rows whose fate was decided one by one, under locks that hold still: written down, remembered, carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Gone, Table
from ombud.engine.batch import Batches
from ombud.engine.counts import TableCount
from ombud.engine.lookups import filled
from ombud.engine.program import FEW, Build, Statements, Values
from ombud.engine.refusal import StepRefused, refusing
from ombud.engine.together import Answer, together
from ombud.sql.effects import RECEIPT, Effects
from ombud.sql.freeze import Freezer
from ombud.sql.gather import Slot
from ombud.sql.names import Names
from ombud.sql.tables import cell_names


@dataclass(frozen=True, slots=True)
class Fate:
    """What is to become of a row: it goes, or stays as a `shell`, or loses the cells of these names."""

    key: tuple[Any, ...]
    gone: bool = False
    shell: bool = False
    blank: frozenset[str] = frozenset()


Written = Mapping[str, Any]
"""A row of ombud's own, by column."""


@dataclass(frozen=True)
class Decided:
    """By table: fates, and memos of rows that stay. `refs` are of persons whom no memo named before, `said` is what
    consent columns of rows that go have said.
    """

    fates: Mapping[str, Sequence[Fate]] = field(default_factory=dict)
    memos: Mapping[str, Sequence[Written]] = field(default_factory=dict)
    refs: Sequence[Written] = ()
    said: Sequence[Written] = ()

    @property
    def rows(self) -> int:
        return sum(map(len, self.fates.values()))

    def counts(self, tables: Iterable[Table]) -> dict[str, TableCount]:
        """How many rows and cells, of those of these tables of which some are to change."""
        return {table.name: _count(table, fates) for table in tables if (fates := self.fates.get(table.name))}

    def touched(self, table: str) -> int:
        """How many rows of a table go, or lose something."""
        return sum(each.gone or bool(each.blank) for each in self.fates.get(table, ()))


def _count(table: Table, fates: Sequence[Fate]) -> TableCount:
    goes = sum(each.gone for each in fates)
    blanked = {name: sum(name in each.blank for each in fates) for name in cell_names(table)}
    return TableCount(goes, sum(each.shell for each in fates), blanked)


@dataclass
class Carrying:
    """Carries out what was decided inside the open transaction of `batches`. `freezer` keeps to its connection.

    All statements go in one trip, unless something of the application's may act when rows are changed: then each is
    looked at before the next.
    """

    batches: Batches
    freezer: Freezer
    plan: str
    _waiting: list[tuple[str, Values]] = field(default_factory=list)

    @property
    def names(self) -> Names:
        return self.batches.names

    @property
    def statements(self) -> Statements:
        return self.batches.statements

    def carry_out(self, decided: Decided) -> dict[str, TableCount]:
        """How many rows and cells were changed, by table. Raises StepRefused where the database refuses something."""
        every = [self.names.source.tables[name] for name in self.names.order]
        counts = decided.counts(every)
        tables = [table for table in every if table.name in counts]
        self._make(decided)
        self._empty(tables)
        if self.names.dialect.defer and (self.names.dialect.settle or len(tables) > 1):
            self._waiting.append((self.names.dialect.defer, ()))
        for table in tables:
            self._write(table, decided.fates[table.name], waits=self._waits(every))
        self._remember(decided)
        if self.names.schema.may_act:
            self._send()
            self._step_by_step(tables, counts)
        else:
            self._change(tables, counts)
        return counts

    # --- what is to be done, where the statements that do it look -------------------------------------------------

    def _make(self, decided: Decided) -> None:
        """Make the working tables that this connection lacks."""
        space, tables = self.batches.evaluation.space, [t for t in self.names.order if decided.fates.get(t)]
        space.create([*map(self.names.batch, tables), *(self.names.due(t, forecast=True) for t in tables)])

    def _empty(self, tables: Sequence[Table]) -> None:
        space = self.batches.evaluation.space
        own = [(f"batch {t.name}", partial(self.names.batch, t.name)) for t in tables]
        own += [(f"due {t.name}", partial(self.names.due, t.name, forecast=True)) for t in tables]
        for what, table in own:
            if space.is_small(what):
                self._run(("clear", what), lambda table=table: [table().delete()])  # type: ignore[misc]
                space.emptied(what)
            else:
                space.clear(what, table)

    def _write(self, table: Table, fates: Sequence[Fate], *, waits: bool) -> None:
        space, apart = self.batches.evaluation.space, self.names.told_apart(table)
        if apart or waits:
            space.filled(f"due {table.name}")
            due = partial(self.names.due, table.name, forecast=True)
            self._fill(f"decided {table.name}", due, [self._frozen(table, each) for each in fates])
        space.filled(f"batch {table.name}")
        if apart:
            self._run(("as frozen", table.name), lambda: [self._effects(table).as_frozen()])
        else:
            rows = [_picked(table, each) for each in fates]
            self._fill(f"batch {table.name}", partial(self.names.batch, table.name), rows)

    def _waits(self, every: Sequence[Table]) -> bool:
        """Rows that are yet to go lose references before: what waits has to stand where it is looked for."""

        def asked() -> bool:
            leaning = (pair for table in every for pair in self.freezer.links_to(table))
            return any(link.gone is Gone.SHELL and self.freezer.frees(child, link) for child, link in leaning)

        return bool(self.statements.program.kept(("waits", *self.statements.about), asked))

    def _frozen(self, table: Table, fate: Fate) -> Written:
        whole = {"plan": self.plan, "gone": int(fate.gone or fate.shell), "pinned": int(fate.shell), "done": 0}
        return {**_picked(table, fate), **whole}

    def _remember(self, decided: Decided) -> None:
        for name, memos in decided.memos.items():
            self._fill(f"memo {name}", partial(self.names.memo, name), memos)
        self._fill("ref", lambda: self.names.ref, decided.refs)
        self._fill("said", lambda: self.names.said, decided.said)

    # --- doing it -------------------------------------------------------------------------------------------------

    def _change(self, tables: Sequence[Table], counts: Mapping[str, TableCount]) -> None:
        """Raises StepRefused where a row is there still."""
        deletes: dict[int, Table] = {}
        for table in tables:
            effects, count = self._effects(table), counts[table.name]
            if not count.empty:
                self._run(("files", table.name), effects.files)
            if count.deleted:
                self._run(("unlink", table.name), effects.unlink)
            if any(count.blanked.values()):
                self._run(("blank", table.name), lambda e=effects: [u for u in (e.blank(),) if u is not None])  # type: ignore[misc]
            if count.deleted:
                deletes[len(self._waiting)] = table
                self._run(("delete", table.name), lambda e=effects: [e.delete()])  # type: ignore[misc]
        self._receive(counts)
        answers = self._send()
        for at, table in deletes.items():
            # Rows that go with their parent by a cascade of the same statement are not in its count.
            short = answers[at].count != counts[table.name].deleted
            if short and self.statements.rows(("deleted", table.name), self._effects(table).left):
                raise StepRefused(table.name)

    def _step_by_step(self, tables: Sequence[Table], counts: Mapping[str, TableCount]) -> None:
        for table in tables:
            with refusing(table.name, self.names.dialect):
                if not counts[table.name].empty:
                    self.batches.keep_files(table, self._effects(table))
                self.batches.effect(table, self._effects(table), counts[table.name])
        self._receive(counts)
        self._send()

    def _receive(self, counts: Mapping[str, TableCount]) -> None:
        """The receipts, each after the last of its table."""
        for name, each in counts.items():
            changed = each.deleted + sum(each.blanked.values())
            ((sql, values),) = self.statements.changes(("receipt of",), lambda: [self._received()])
            self._waiting.append((sql, filled(values, [(name, changed)])))

    def _received(self) -> sa.Insert:
        receipt, step = self.names.receipt, slot(0, sa.Text())
        last = sa.select(sa.func.coalesce(sa.func.max(receipt.c.batch), 0) + 1)
        number = last.where(receipt.c.plan == self.freezer.plan, receipt.c.step == step).scalar_subquery()
        plan = sa.literal(self.freezer.plan, sa.Text())
        return receipt.insert().from_select(RECEIPT, sa.select(plan, step, number, slot(1, sa.BigInteger())))

    # --- pieces ---------------------------------------------------------------------------------------------------

    def _effects(self, table: Table) -> Effects:
        return Effects(self.freezer.judge, self.freezer, table)

    def _fill(self, what: str, table: Callable[[], sa.Table], rows: Sequence[Written]) -> None:
        if rows and self.names.dialect.name == "postgresql" and len(rows) <= FEW:
            sql, values = self.statements.insert(what, table, rows)
            self._waiting += [(sql, each) for each in values]
            return
        self._send()
        self.statements.fill(what, table, rows)

    def _run(self, step: tuple[str, str], build: Build) -> None:
        self._waiting += self.statements.changes(step, build)

    def _send(self) -> list[Answer]:
        waiting, self._waiting = self._waiting, []
        with refusing("", self.names.dialect):
            return together(self.batches.connection, waiting)


def _picked(table: Table, fate: Fate) -> Written:
    flags = {f"c{n}": int(name in fate.blank) for n, name in enumerate(cell_names(table))}
    return {**{f"k{n}": part for n, part in enumerate(fate.key)}, "gone": int(fate.gone), **flags}


def slot(part: int, of: Any) -> sa.BindParameter[Any]:
    """A value that is given when the statement is sent."""
    return sa.bindparam(None, Slot(0, part), type_=of, unique=True)
