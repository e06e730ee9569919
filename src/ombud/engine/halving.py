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

TRIES = 100
"""How many refusals are looked into before any row has gone. Each that goes allows for one more; past them a refused
batch is set aside whole, for where most rows are refused an apply would be without end."""


@dataclass
class Halving:
    """All batches of one table, `most` rows each where nothing is refused."""

    batches: Batches
    table: Table
    most: int
    _causes: list[BaseException] = field(default_factory=list)

    def counts(self) -> Iterator[TableCount]:
        """What each batch did, also one that was set aside: nothing. Each is a transaction of its own."""
        size, tries, whole = self.most, TRIES, list[int]()
        while True:
            least = 1 if tries > 0 else self.most
            size = max(size, least)
            try:
                count = self.batches.next(self.table, size)
            except StepRefused as error:
                tries -= 1
                if size > least and not self.batches.is_numbered(self.table):
                    size //= 2
                    continue
                number, count = self._alone(size, error)
                whole += [number] if size > 1 and not self.batches.is_numbered(self.table) else []
            else:
                if count is None and (tries <= 0 or not whole):
                    return
                if count is None:
                    self.batches.take_back(self.table, whole.pop())
                    continue
                tries += size
                size = min(self.most, size * 2)
            yield count

    def _alone(self, size: int, error: StepRefused) -> tuple[int, TableCount]:
        """Set aside the next rows, and try them; under which number, and what was done."""
        number = self.batches.set_aside(self.table, size)
        try:
            # Where rows without a key lie is true for one transaction (`sql/numbered.py`): they are not tried again.
            if not self.batches.is_numbered(self.table):
                return number, self.batches.next(self.table, size, number) or TableCount()
        except StepRefused as refused:
            error = refused
        self._causes.append(cause_of(error))
        return number, TableCount()

    def refusal(self) -> Refusal | None:
        """What is set aside, if anything; inside an open transaction."""
        *due, rows = map(int, self.batches.connection.execute(Apart(self.batches.own, self.table).count()).one())
        deleted, shells, *blanked = due
        count = TableCount(deleted, shells, dict(zip(cell_names(self.table), blanked, strict=True)))
        return Refusal(rows, count, tuple(self._causes)) if rows else None
