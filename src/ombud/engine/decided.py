"""Rows whose fate was decided one by one, under locks that hold still: written down, remembered, carried out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Gone, Table
from ombud.engine.batch import Batches
from ombud.engine.counts import TableCount
from ombud.engine.refusal import refusing
from ombud.sql.effects import RECEIPT, Effects
from ombud.sql.freeze import Freezer
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


@dataclass(frozen=True)
class Carrying:
    """Carries out what was decided inside the open transaction of `batches`. `freezer` keeps to its connection."""

    batches: Batches
    freezer: Freezer
    plan: str

    def carry_out(self, decided: Decided) -> dict[str, TableCount]:
        """How many rows and cells were changed, by table. Raises StepRefused where the database refuses something."""
        names = self.batches.names
        every = [names.source.tables[name] for name in names.order]
        counts = decided.counts(every)
        tables = [table for table in every if table.name in counts]
        self.batches.defer(tables)
        self._write(every, tables, decided)
        self._remember(decided)
        for table in tables:
            effects = Effects(self.freezer.judge, self.freezer, table)
            with refusing(table.name, names.dialect):
                if not counts[table.name].empty:
                    self.batches.keep_files(table, effects)
                self.batches.effect(table, effects, counts[table.name])
        self._receive(counts)
        return counts

    def _write(self, every: Sequence[Table], tables: Sequence[Table], decided: Decided) -> None:
        """What is to be done, where the statements that do it look."""
        space, statements, names = self.batches.evaluation.space, self.batches.statements, self.batches.names
        waits = self._waits(every)
        own = [(f"batch {t.name}", partial(names.batch, t.name), 1) for t in every]
        own += [(f"due {t.name}", partial(names.due, t.name, forecast=True), 1) for t in every]
        space.clear_all(own)
        for table in tables:
            apart, fates = names.told_apart(table), decided.fates[table.name]
            if apart or waits:
                space.filled(f"due {table.name}")
                due = partial(names.due, table.name, forecast=True)
                statements.fill(f"decided {table.name}", due, [self._frozen(table, each) for each in fates])
            space.filled(f"batch {table.name}")
            if apart:
                effects = Effects(self.freezer.judge, self.freezer, table)
                statements.run(("as frozen", table.name), lambda e=effects: [e.as_frozen()])  # type: ignore[misc]
            else:
                batch = partial(names.batch, table.name)
                statements.fill(f"batch {table.name}", batch, [self._picked(table, each) for each in fates])

    def _waits(self, every: Sequence[Table]) -> bool:
        """Rows that are yet to go lose references before: what waits has to stand where it is looked for."""

        def asked() -> bool:
            leaning = (pair for table in every for pair in self.freezer.links_to(table))
            return any(link.gone is Gone.SHELL and self.freezer.frees(child, link) for child, link in leaning)

        return bool(self.batches.statements.program.kept(("waits", *self.batches.statements.about), asked))

    def _frozen(self, table: Table, fate: Fate) -> Written:
        picked = self._picked(table, fate)
        return {**picked, "plan": self.plan, "gone": int(fate.gone or fate.shell), "pinned": int(fate.shell), "done": 0}

    def _picked(self, table: Table, fate: Fate) -> Written:
        flags = {f"c{n}": int(name in fate.blank) for n, name in enumerate(cell_names(table))}
        return {**{f"k{n}": part for n, part in enumerate(fate.key)}, "gone": int(fate.gone), **flags}

    def _remember(self, decided: Decided) -> None:
        statements, names = self.batches.statements, self.batches.names
        for name, memos in decided.memos.items():
            statements.fill(f"memo {name}", partial(names.memo, name), memos)
        statements.fill("ref", lambda: names.ref, decided.refs)
        statements.fill("said", lambda: names.said, decided.said)

    def _receive(self, counts: Mapping[str, TableCount]) -> None:
        """The receipts, each after the last of its table."""
        statements, receipt = self.batches.statements, self.batches.names.receipt
        last: dict[str, int] = dict(statements.rows(("last receipts",), self._last))
        changed = {name: each.deleted + sum(each.blanked.values()) for name, each in counts.items()}
        rows = [(self.plan, name, last.get(name, 0) + 1, rows) for name, rows in changed.items()]
        statements.fill("receipt", lambda: receipt, [dict(zip(RECEIPT, row, strict=True)) for row in rows])

    def _last(self) -> sa.Select[Any]:
        receipt = self.batches.names.receipt.c
        chosen = sa.select(receipt.step, sa.func.max(receipt.batch)).group_by(receipt.step)
        return chosen.where(receipt.plan == self.freezer.plan)
