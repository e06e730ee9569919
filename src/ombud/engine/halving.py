"""A batch that the database refuses is halved until the refused rows stand alone: they are set aside, the rest goes on.

Rows are set aside before they are tried alone, so that whoever is killed leaves no row twice, and none behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ombud.datamap.model import Table
from ombud.engine.batch import Batches
from ombud.engine.counts import TableCount
from ombud.engine.refusal import Refusal, StepRefused, cause_of
from ombud.sql.apart import Apart
from ombud.sql.tables import cell_names

TRIES = 1000
"""Refused batches of one table that are halved; from then on a refused batch is set aside whole. A table most of whose
rows are refused would else be an apply without end."""


@dataclass
class Halving:
    """All batches of one table, `most` rows each where nothing is refused."""

    batches: Batches
    table: Table
    most: int
    _causes: list[BaseException] = field(default_factory=list)

    def counts(self) -> Iterator[TableCount]:
        """What each batch did, also one that was set aside: nothing. Each is a transaction of its own."""
        size, refused = self.most, 0
        while True:
            least = 1 if refused < TRIES else self.most
            try:
                count = self.batches.next(self.table, max(size, least))
                size = min(self.most, size * 2)
            except StepRefused as error:
                refused += 1
                if size > least and not self.batches.is_numbered(self.table):
                    size //= 2
                    continue
                count = self._alone(max(size, least), error)
            if count is None:
                return
            yield count

    def _alone(self, size: int, error: StepRefused) -> TableCount:
        number = self.batches.set_aside(self.table, size)
        try:
            # Where rows without a key lie is true for one transaction (`sql/numbered.py`): they are not tried again.
            if not self.batches.is_numbered(self.table):
                return self.batches.next(self.table, size, number) or TableCount()
        except StepRefused as refused:
            error = refused
        self._causes.append(cause_of(error))
        return TableCount()

    def refusal(self) -> Refusal | None:
        """What is set aside, if anything; inside an open transaction."""
        *due, rows = map(int, self.batches.connection.execute(Apart(self.batches.own, self.table).count()).one())
        deleted, shells, *blanked = due
        count = TableCount(deleted, shells, dict(zip(cell_names(self.table), blanked, strict=True)))
        return Refusal(rows, count, tuple(self._causes)) if rows else None
