"""Before the first effect: whether the database lets each kind of step happen at all, tried and undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.engine.batch import Batches
from ombud.engine.refusal import StepRefused, refusing
from ombud.sql.pick import Picker

SINGLE = 4
"""How many rows from either end are tried alone, of those that go and of those that are blanked."""


@dataclass
class Tried:
    """Which kinds of steps went through while plans were made by `rules` (a hash of all that they are made from).

    By the same rules they are not tried again, so that a day's few rows are not all taken up twice. '': always again.
    """

    rules: str
    known: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, rules: str, noted: str) -> Tried:
        """What was noted, if by the same rules."""
        by, *known = noted.split("\n")
        return cls(rules, set(known) if rules and by == rules else set())

    @property
    def noted(self) -> str:
        return "\n".join((self.rules, *sorted(self.known)))

    def kinds(self, batches: Batches, table: Table) -> set[str]:
        """The kinds of steps that wait in a table."""
        counts = batches.statements.one(("kinds", table.name), lambda: batches.freezer.kinds(table))
        return {f"{what} {table.name}" for what, n in zip(("delete", "blank"), counts, strict=True) if int(n)}

    def forget(self, tables: Iterable[str]) -> None:
        """Steps of these tables did not go through after all."""
        self.known -= {f"{what} {table}" for what in ("delete", "blank") for table in tables}


@dataclass(frozen=True, slots=True)
class Probe:
    """Tries steps inside the open transaction, under the gate and after people were convened."""

    batches: Batches

    def refusal(self, table: Table) -> StepRefused | None:
        """Why no row of a kind of step is let through. Two that go and two that are blanked are tried, together.

        Where they are refused it may be one of them alone: then others are tried, each by itself.
        """
        picker = Picker(self.batches.freezer, table)
        _, refused = self._tried(table, ("probe", table.name), picker.probe)
        if refused is None:
            return None
        return refused if any(self._all_refused(table, picker, goes=goes) for goes in (True, False)) else None

    def all_pass(self, tables: Sequence[Table]) -> bool:
        """The same is let through of all these tables at once."""
        batches = self.batches

        def pick() -> int:
            found = 0
            for table in tables:
                batches.begin(table)
                found += batches.statements.run(("probe", table.name), Picker(batches.freezer, table).probe)
            return found

        return self._undone(tables, pick)[1] is None

    def _all_refused(self, table: Table, picker: Picker, *, goes: bool) -> bool:
        """Some rows were tried, and each of them was refused."""
        some = False
        for n in range(SINGLE):
            for last in (False, True):
                step = ("probe one", table.name, goes, n, last)
                picked, refused = self._tried(table, step, lambda n=n, last=last: [picker.probe_one(goes, n, last)])  # type: ignore[misc]
                if picked and refused is None:
                    return False
                some = some or bool(picked)
        return some

    def _tried(
        self, table: Table, step: tuple[Any, ...], picks: Callable[[], Iterable[sa.Insert]]
    ) -> tuple[int, StepRefused | None]:
        """How many rows were picked, and what the database said.

        That other rows still refer to a row says nothing yet, for they go first.
        """

        def pick() -> int:
            self.batches.begin(table)
            return self.batches.statements.run(step, picks)

        picked, refused = self._undone((table,), pick)
        return picked, None if refused is not None and self._leans(refused) else refused

    def _undone(self, tables: Sequence[Table], pick: Callable[[], int]) -> tuple[int, StepRefused | None]:
        batches, stale, picked, refused = self.batches, self.batches.stale, 0, None
        everybody = batches.evaluation.everybody
        undone, batches.evaluation.trying = batches.connection.begin_nested(), True
        try:
            picked = pick()
            if picked:
                batches.carry_out(tables, convene=False)
                with refusing(tables[-1].name, batches.names.dialect):
                    self._settle()
        except StepRefused as error:
            refused = error
        try:
            undone.rollback()
        except sa.exc.OperationalError:
            if refused is None:
                raise
            raise refused from refused.__cause__  # RAISE(ROLLBACK) has undone more than was tried.
        batches.stale, batches.evaluation.everybody = stale, everybody
        batches.evaluation.trying = False
        batches.evaluation.space.undone()
        return picked, refused

    def _settle(self) -> None:
        if self.batches.names.dialect.settle:
            self.batches.connection.exec_driver_sql(self.batches.names.dialect.settle)

    def _leans(self, refused: StepRefused) -> bool:
        cause = refused.__cause__
        if not isinstance(cause, sa.exc.DBAPIError):
            return False
        return self.batches.names.dialect.leans(cause.orig) and not (cause.statement or "").startswith("UPDATE")
