"""What a batch is about to do where no transaction holds it: written down first, carried out, then looked at.

The picked rows and the batch stand in tables that outlive the connection, and memos under a name that nothing reads:
`add/` and `new/` before their rule's (`sql/remember.py`). What was carried out is kept, the rest waits again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.plan.naming import ADDED, ANEW
from ombud.sql.dialect import Bool, Expr
from ombud.sql.effects import Effects
from ombud.sql.names import Names
from ombud.sql.read import some
from ombud.sql.tables import Tbl, cell_names


def promote(names: Names) -> Iterator[sa.Delete | sa.Update]:
    """What was remembered for the time after a batch counts: what is told anew in place of what was, the rest beside
    it."""
    for table in names.source.tables.values():
        if not table.key:
            continue
        memo, new = names.memo(table.name), names.memo(table.name).alias()
        same = [memo.c[f"k{n}"] == new.c[f"k{n}"] for n in range(len(table.key))]
        yield memo.delete().where(some(new, *same, new.c.rule == sa.literal(ANEW, sa.Text()).concat(memo.c.rule)))
        alike = [sa.func.coalesce(memo.c[c], "") == sa.func.coalesce(new.c[c], "") for c in _SAID]
        alike += [memo.c.birth == new.c.birth, memo.c.state == new.c.state]
        added = memo.c.rule == sa.literal(ADDED, sa.Text()).concat(new.c.rule)
        yield memo.delete().where(some(new, *same, added, *alike))
        for start in (ANEW, ADDED):
            rest = sa.func.substr(memo.c.rule, len(start) + 1, type_=sa.Text())
            yield memo.update().where(_starts(memo, start)).values(rule=rest)


def drop(names: Names) -> Iterator[sa.Delete]:
    """Nothing of the batch was done: nothing is remembered of it."""
    for table in names.source.tables.values():
        if table.key:
            memo = names.memo(table.name)
            yield memo.delete().where(sa.or_(*(_starts(memo, start) for start in (ANEW, ADDED))))


_SAID = ("day", "who", "rank", "named")


def _starts(memo: sa.Table, start: str) -> Bool:
    return sa.func.substr(memo.c.rule, 1, len(start)) == start


@dataclass(frozen=True)
class Intents:
    """Statements about the batch of `table` that is written down. `effects` are of the plan that it belongs to."""

    effects: Effects
    table: Table

    @property
    def names(self) -> Names:
        return self.effects.judge.read.names

    def put_back(self) -> Iterator[sa.Delete]:
        """What was not carried out is neither picked nor of the batch any more."""
        names = self.names
        pick, batch = names.pick(self.table.name), names.batch(self.table.name)
        left = batch.alias()
        same = (left.c[f"k{n}"] == pick.c[f"k{n}"] for n in range(len(self.table.key)))
        yield pick.delete().where(some(left, *same, self._is_open(left)))
        yield batch.delete().where(self._is_open(batch))

    def size(self) -> sa.Select[int]:
        """How many rows of the batch go or lose something: of one that stays as it is nobody can tell."""
        batch = self.names.batch(self.table.name)
        flags = (batch.c[f"c{n}"] == 1 for n in range(len(cell_names(self.table))))
        return sa.select(sa.func.count()).select_from(batch).where(sa.or_(batch.c.gone == 1, *flags))

    def _is_open(self, batch: Tbl) -> Bool:
        """The row should be gone and is there, or a cell holds something still."""
        row = self.names.row(self.table.name)
        same = self.names.same_key(batch, self.table.name, row)
        return sa.or_(
            sa.and_(batch.c.gone == 1, some(row, same)),
            sa.and_(batch.c.gone == 0, some(row, same, sa.or_(sa.false(), *self._held(batch, row)))),
        )

    def _held(self, batch: Tbl, row: Tbl) -> Iterator[Expr]:
        read, rules = self.effects.judge.read, self.effects.judge.rules[self.table.name]
        for n, name in enumerate(cell_names(self.table)):
            for kind in self.table.kinds:
                cell = kind.cells.get(name)
                if cell is not None and cell.column not in rules:
                    if cell.json:
                        empty = read.empty_inside(row, read.document(self.table, row, cell.column), cell)
                    else:
                        empty = read.empty(self.table, row, cell)
                    yield sa.and_(batch.c[f"c{n}"] == 1, read.is_kind(self.table, row, kind), sa.not_(empty))
