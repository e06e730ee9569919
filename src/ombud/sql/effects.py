"""The changes themselves: references set free, cells blanked, rows deleted; one statement a table and batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Blank, Cell, Gone, Kind, Link, Table
from ombud.sql.documents import Edit
from ombud.sql.due import due_rows
from ombud.sql.freeze import Freezer, how_many
from ombud.sql.judge import Judge
from ombud.sql.numbered import is_numbered
from ombud.sql.read import parts, some
from ombud.sql.tables import Tbl, cell_names
from ombud.sql.unlike import unlike


@dataclass(frozen=True)
class Effects:
    """What a batch of `table` does. `freezer` is of the same plan."""

    judge: Judge
    freezer: Freezer
    table: Table

    def _goes(self, row: Tbl) -> sa.ColumnElement[bool]:
        return self._in_batch(row, lambda batch: batch.c.gone == 1)

    def _in_batch(self, row: Tbl, which: Callable[[Tbl], sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
        names = self.judge.read.names
        batch = names.batch(self.table.name).alias()
        keys = names.keys_in(batch, self.table.name).where(which(batch)).correlate_except(batch)
        return names.is_among(self.table.name, row, keys)

    # --- choosing and judging again ----------------------------------------------------------------------------

    def judge_again(self) -> sa.Insert:
        """Of the picked rows, what was frozen and is still so: never more than the plan said."""
        names = self.judge.read.names
        pick, due = names.pick(self.table.name), self.freezer.due(self.table)
        judged = due_rows(self.judge, self.table).subquery()
        key = [f"k{n}" for n in range(len(self.table.key))]
        flags = [f"c{n}" for n in range(len(cell_names(self.table)))]
        apart = names.told_apart(self.table)
        again = names.row(self.table.name)
        leant = sa.or_(sa.false(), *self.freezer.leaning(self.table, again, self._stays))
        same = sa.and_(*(judged.c[f"k{n}"] == again.c[c] for n, c in enumerate(self.table.key)))
        goes = sa.and_(judged.c.gone == 1, due.c.gone == 1, due.c.pinned == 0, sa.not_(some(again, same, leant)))
        gone = sa.case((goes, 1), else_=0)
        blanked = [sa.and_(judged.c[f] == 1, due.c[f] == 1) for f in flags]
        chosen = (
            sa.select(
                *(judged.c[k] for k in key),
                gone,
                *(sa.case((flag, 1), else_=0) for flag in blanked),
                *(
                    sa.case(
                        (sa.and_(blanked[n], sa.not_(goes)), unlike(self.judge.read, self.table, judged, n, cells)),
                        else_=sa.null(),
                    )
                    for n, cells in apart.items()
                ),
            )
            .select_from(judged.join(due, sa.and_(*(judged.c[k] == due.c[k] for k in key))))
            .where(due.c.plan == self.freezer.plan, some(pick, *(pick.c[k] == judged.c[k] for k in key)))
        )
        columns = [*key, "gone", *flags, *(f"t{n}" for n in apart)]
        return names.batch(self.table.name).insert().from_select(columns, chosen)

    def as_frozen(self) -> sa.Insert:
        """All that waits, as it was frozen in this same transaction, under the locks that hold still."""
        names = self.judge.read.names
        due = self.freezer.due(self.table)
        key = [f"k{n}" for n in range(len(self.table.key))]
        flags = [f"c{n}" for n in range(len(cell_names(self.table)))]
        apart = names.told_apart(self.table)
        goes = sa.and_(due.c.gone == 1, due.c.pinned == 0)
        told = [
            sa.case((sa.and_(due.c[f"c{n}"] == 1, sa.not_(goes)), unlike(self.judge.read, self.table, due, n, cells)))
            for n, cells in apart.items()
        ]
        chosen = sa.select(*(due.c[k] for k in key), sa.case((goes, 1), else_=0), *(due.c[f] for f in flags), *told)
        chosen = chosen.where(due.c.plan == self.freezer.plan, due.c.done == 0)
        columns = [*key, "gone", *flags, *(f"t{n}" for n in apart)]
        return names.batch(self.table.name).insert().from_select(columns, chosen)

    def _waits(self, table: Table, row: Tbl) -> sa.ColumnElement[bool]:
        """The row waits to be deleted by this same plan."""
        if not table.personal or is_numbered(self.judge.read.names.schema, table):
            return sa.false()  # rows without a key had their turn first: what is there stays
        due = self.freezer.due(table).alias()
        return some(
            due,
            due.c.plan == self.freezer.plan,
            self.judge.read.names.same_key(due, table.name, row),
            due.c.gone == 1,
            due.c.pinned == 0,
            due.c.done == 0,
        )

    def _stays(self, table: Table, link: Link, row: Tbl) -> sa.ColumnElement[bool]:
        """Does not go with this plan; or goes later, and the database would not let go of its reference until then."""
        if self.freezer.is_declared(table, link) and not self.freezer.frees(table, link):
            if table.name != self.table.name:
                return sa.true()
            pick = self.judge.read.names.pick(table.name).alias()
            here = some(pick, self.judge.read.names.same_key(pick, table.name, row))
            return sa.not_(sa.and_(self._waits(table, row), here))
        return sa.not_(self._waits(table, row))

    # --- effects -----------------------------------------------------------------------------------------------

    def unlink(self) -> Iterator[sa.Update]:
        """Rows that stay and point at rows that go lose the reference; rows that go later do too, to break cycles."""
        for child, link, where in self._pointing():
            yield (
                sa.update(self.judge.read.names.table(child.name))
                .where(*where)
                .values(dict.fromkeys(link.columns, link.lost))
            )

    def held_on(self) -> Iterator[sa.Select[Any]]:
        """A row for each that should have lost its reference and has it still: a trigger may see to that."""
        names = self.judge.read.names
        for child, _, where in self._pointing():
            if names.schema.tables[child.name].triggers:
                yield sa.select(sa.literal_column("1")).select_from(names.table(child.name)).where(*where)

    def _pointing(self) -> Iterator[tuple[Table, Link, list[sa.ColumnElement[bool]]]]:
        """Which rows are unlinked, of which table and by which link."""
        names = self.judge.read.names
        for child, link in self.freezer.links_to(self.table):
            if not child.personal or (link.gone is Gone.SHELL and not self.freezer.frees(child, link)):
                continue
            changed, row, target = names.table(child.name), names.row(child.name), names.row(link.to)
            if child.key:  # found from what goes, rather than by looking at every row
                found = self.freezer.refers(child, link, row, target), self._goes(target)
                among = names.is_among(child.name, changed, sa.select(*names.key(child.name, row)).where(*found))
                # A row whose key is NULL is among none, and loses its reference all the same.
                where = [sa.or_(among, *(changed.c[c].is_(None) for c in self._nullable_key(child)))]
                row, target = names.row(child.name), names.row(link.to)
            else:
                where = []
            # Again of the row itself: who waited for its lock looks at it as it is then.
            where.append(some(target, self.freezer.refers(child, link, changed, target), self._goes(target)))
            same = sa.and_(*(row.c[c] == changed.c[c] for c in child.key))
            if link.gone is Gone.SHELL:
                where.append(some(row, same, self._waits(child, row)))
            if child.name == self.table.name and (names.dialect.defer or not self.freezer.frees(child, link)):
                # Where references cannot be put off, one deletion is blocked by a row of its own that goes later in it.
                where.append(sa.not_(some(row, same, self._goes(row))))
            yield child, link, where

    def _nullable_key(self, table: Table) -> list[str]:
        columns = self.judge.read.names.schema.tables[table.name].columns
        return [column for column in table.key if column in columns and columns[column].nullable]

    def blank(self) -> sa.Update | None:
        """Every blanked cell of the batch in one statement; a cell that stays keeps its value to the byte."""
        names = self.judge.read.names
        changed = names.table(self.table.name)
        flagged = {name: f"c{n}" for n, name in enumerate(cell_names(self.table))}
        values: dict[str, list[tuple[sa.ColumnElement[bool], Any]]] = defaultdict(list)
        inside: dict[str, list[Edit]] = defaultdict(list)
        for kind, cell in self._distinct_cells():
            if cell.column in self.judge.rules[self.table.name]:
                continue
            batch = names.batch(self.table.name).alias()
            flag = some(
                batch,
                names.same_key(batch, self.table.name, changed),
                batch.c.gone == 0,
                batch.c[flagged[cell.name]] == 1,
            )
            if len(self.table.kinds) > 1:
                flag = sa.and_(flag, self.judge.read.is_kind(self.table, changed, kind))
            if cell.json:
                inside[cell.column].append(Edit(flag, cell.json, cell.blank or Blank()))
            else:
                values[cell.column].append((flag, self._blank_value(changed, kind, cell)))
            for column, value in cell.then.items():
                values[column].append((flag, sa.literal(value, changed.c[column].type)))
        if not values and not inside:
            return None

        touched = self._each(
            changed, lambda batch: sa.and_(batch.c.gone == 0, sa.or_(*(batch.c[f] == 1 for f in flagged.values())))
        )
        settled: dict[str, Any] = {
            column: self.judge.read.edited(self.table, changed, column, edits) for column, edits in inside.items()
        }
        for column, cases in values.items():
            settled[column] = sa.case(*cases, else_=settled.get(column, changed.c[column]))
        return sa.update(changed).where(*touched).values(settled)

    def cells(self) -> sa.Select[Any]:
        """Of each row in which something is blanked, in one order: the cells' flags, then what stands there."""
        names, rules = self.judge.read.names, self.judge.rules[self.table.name]
        row, batch = names.row(self.table.name), names.batch(self.table.name)
        flags = {name: batch.c[f"c{n}"] for n, name in enumerate(cell_names(self.table))}
        cells = dict.fromkeys((c.name, c.column) for _, c in self._distinct_cells() if c.column not in rules)
        chosen = sa.select(*(flags[name] for name, _ in cells), *(row.c[column] for _, column in cells))
        same = names.same_key(batch, self.table.name, row)
        any_flag = sa.or_(*(flags[name] == 1 for name, _ in cells))
        return chosen.where(same, batch.c.gone == 0, any_flag).order_by(*(row.c[c] for c in self.table.key))

    def _blank_value(self, changed: Tbl, kind: Kind, cell: Cell) -> sa.ColumnElement[Any]:
        """What the cell becomes: what was settled for the batch, where it has to differ from what others hold."""
        names, n = self.judge.read.names, cell_names(self.table).index(cell.name)
        if all(kind is not each for each, _ in names.told_apart(self.table).get(n, ())):
            return self.judge.read.blank_value(self.table, changed, cell)
        batch = names.batch(self.table.name).alias()
        mine = names.same_key(batch, self.table.name, changed)
        return sa.select(batch.c[f"t{n}"]).where(mine).correlate_except(batch).scalar_subquery()

    def _distinct_cells(self) -> Iterator[tuple[Kind, Cell]]:
        """A cell of the same name may be blanked otherwise in another kind of row."""
        for kind in self.table.kinds:
            yield from ((kind, cell) for cell in kind.cells.values())

    def files(self) -> Iterator[sa.Insert]:
        """Files that cells name and that go: kept in the outbox, in the same transaction, until they are removed."""
        names = self.judge.read.names
        for n, name in enumerate(cell_names(self.table)):
            kinds = [(k, k.cells[name]) for k in self.table.kinds if name in k.cells and k.cells[name].file is not None]
            for kind, cell in kinds:
                row = names.row(self.table.name)
                goes = self._in_batch(row, partial(_loses, n))
                there, path = names.outbox.alias(), names.dialect.text(row.c[cell.column])
                known = some(there, there.c.root == cell.file, there.c.path == path)
                chosen = sa.select(sa.literal(cell.file, sa.Text()), path, sa.literal(self.freezer.plan, sa.Text()))
                chosen = chosen.distinct().where(
                    goes,
                    self.judge.read.is_kind(self.table, row, kind),
                    sa.not_(self.judge.read.empty(self.table, row, cell)),
                    sa.not_(known),
                )
                yield names.outbox.insert().from_select(["root", "path", "plan"], chosen)

    def delete(self) -> sa.Delete:
        """The rows of the batch that go."""
        changed = self.judge.read.names.table(self.table.name)
        return sa.delete(changed).where(*self._each(changed, lambda batch: batch.c.gone == 1))

    def _each(self, changed: Tbl, which: Callable[[Tbl], sa.ColumnElement[bool]]) -> list[sa.ColumnElement[bool]]:
        """Those rows of the batch, of a table that is changed: by a join where the engine makes none of IN."""
        names = self.judge.read.names
        if not names.dialect.changes_joined:
            return [self._in_batch(changed, which)]
        batch = names.batch(self.table.name).alias()
        return [names.same_key(batch, self.table.name, changed), which(batch)]

    def left(self) -> sa.Select[Any]:
        """A row for each row of the batch that should be gone and is there."""
        row = self.judge.read.names.row(self.table.name)
        return sa.select(sa.literal_column("1")).select_from(row).where(self._goes(row))

    def forget(self) -> sa.Delete:
        """The memo goes with its row."""
        names = self.judge.read.names
        memo, batch = names.memo(self.table.name), names.batch(self.table.name).alias()
        gone = names.keys_in(batch, self.table.name).where(batch.c.gone == 1)
        return memo.delete().where(names.keys_among(memo, self.table.name, gone))

    def facts_gone(self) -> Iterator[sa.Delete]:
        """What is known of a row goes with it."""
        names = self.judge.read.names
        fact, batch = names.fact(self.table.name), names.batch(self.table.name).alias()
        gone = names.keys_in(batch, self.table.name).where(batch.c.gone == 1)
        yield fact.delete().where(names.keys_among(fact, self.table.name, gone))

    def changes(self) -> sa.Select[Any]:
        """How many rows of the batch go, and in how many of the others each cell is blanked."""
        batch = self.judge.read.names.batch(self.table.name)
        stays, flags = batch.c.gone == 0, [batch.c[f"c{n}"] for n in range(len(cell_names(self.table)))]
        return sa.select(how_many(batch.c.gone == 1), *(how_many(sa.and_(stays, flag == 1)) for flag in flags))

    def changes_of(self) -> sa.Select[Any]:
        """The table's name, then the same."""
        return named(self.table.name, self.changes())

    # --- the receipt -------------------------------------------------------------------------------------------

    def _number(self) -> sa.ScalarSelect[Any]:
        """The number of this batch, until its receipt is written."""
        receipt = self.judge.read.names.receipt
        last = sa.select(sa.func.coalesce(sa.func.max(receipt.c.batch), 0) + 1)
        return last.where(receipt.c.plan == self.freezer.plan, receipt.c.step == self.table.name).scalar_subquery()

    def done(self) -> sa.Update:
        """The picked rows are dealt with, by the batch whose receipt comes next."""
        names = self.judge.read.names
        due, pick = self.freezer.due(self.table), names.pick(self.table.name).alias()
        picked = names.keys_among(due, self.table.name, names.keys_in(pick, self.table.name))
        return due.update().where(due.c.plan == self.freezer.plan, picked).values(done=self._number())

    def finished(self) -> Iterator[sa.Update | sa.Insert]:
        """Both."""
        yield from (self.done(), self.receipt())

    def receipt(self) -> sa.Insert:
        """How many rows and cells the batch changed."""
        return self.judge.read.names.receipt.insert().from_select(RECEIPT, self.received())

    def received(self) -> sa.Select[Any]:
        """What the receipt says."""
        counted = self.changes().subquery()
        changed = sum(counted.c, start=sa.literal(0, sa.BigInteger()))
        return sa.select(
            sa.literal(self.freezer.plan, sa.Text()), sa.literal(self.table.name, sa.Text()), self._number(), changed
        )


RECEIPT = ["plan", "step", "batch", "rows"]


def receipts(every: Iterable[Effects]) -> Iterator[sa.Insert]:
    """Those of all tables whose batches hold rows."""
    for part in parts(every):
        said = [each.received().where(some(each.judge.read.names.batch(each.table.name).alias())) for each in part]
        yield part[0].judge.read.names.receipt.insert().from_select(RECEIPT, sa.union_all(*said))


def named(table: str, query: sa.Select[Any]) -> sa.Select[Any]:
    """The table's name before what a query gives."""
    return query.with_only_columns(sa.literal(table, sa.Text()), *query.selected_columns)


def in_one(queries: Iterable[sa.Select[Any]]) -> Iterator[sa.Select[Any]]:
    """The rows of these queries by as few as may be: shorter ones are filled up with zeros."""
    for part in parts(queries):
        width = max(len(each.selected_columns) for each in part)
        filled = [
            each.add_columns(*(sa.literal(0) for _ in range(width - len(each.selected_columns)))) for each in part
        ]
        yield sa.select(*sa.union_all(*filled).subquery().c)


def _loses(n: int, batch: Tbl) -> sa.ColumnElement[bool]:
    """The row goes, or its n-th cell."""
    return sa.or_(batch.c.gone == 1, batch.c[f"c{n}"] == 1)
