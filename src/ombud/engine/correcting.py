"""A correction: cells of one row set right or removed, with its receipt, in one transaction (Art. 16 GDPR)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Blank, Cell, Table
from ombud.engine.in_two import alone
from ombud.engine.refusal import StepRefused, refusing
from ombud.engine.sidecar import close_gate
from ombud.engine.sweep import Sweep
from ombud.sql.documents import Edit
from ombud.sql.names import SEPARATOR, Names
from ombud.sql.tables import Tbl
from ombud.terms import Key


@dataclass(frozen=True, slots=True)
class Setting:
    """What a cell is to hold: `after`, of the type that its column takes; `remove`: what an erased cell holds there.

    `before` is what `standing` gave: the column's value, of a cell inside a document the whole document as text.
    """

    cell: Cell
    before: Any
    after: Any = None
    remove: bool = False


class Changed(Exception):
    """A cell no longer holds what was seen of it, or its row is gone (no cells): nothing was written."""

    def __init__(self, cells: Sequence[str]) -> None:
        super().__init__(", ".join(cells))
        self.cells = tuple(cells)


def standing(sweep: Sweep, table: Table, key: Key, cells: Iterable[Cell]) -> Mapping[str, Any] | None:
    """What stands in these cells of a row, by name; None where there is no such row. Inside an open transaction."""
    return _standing(sweep, table, key, tuple(cells), lock=False)


def correct(sweep: Sweep, table: Table, key: Key, settings: Sequence[Setting]) -> bool:
    """Set these cells of one row, with the receipt of `sweep.plan` beside them. False where that was done before.

    Raises Changed; StepRefused where the database refuses it, or keeps something else than it was told to.
    """
    step = step_of(table.name, key, (s.cell.name for s in settings))
    with alone(sweep.connection, sweep.names):
        try:
            with sweep.connection.begin():
                close_gate(sweep.connection, sweep.names)
                if _is_done(sweep, step):
                    return False
                _set(sweep, table, key, settings)
                sweep.connection.execute(
                    sweep.names.receipt.insert().values(plan=sweep.plan, step=step, batch=1, rows=len(settings))
                )
        except sa.exc.DBAPIError as error:
            # Only a COMMIT has no statement: what was put off until then was refused, and SQLite leaves it open.
            if error.statement is not None or not sweep.names.dialect.refuses(error.orig):
                raise
            sweep.connection.connection.rollback()
            raise StepRefused(table.name) from error
    return True


def step_of(table: str, key: Iterable[object], cells: Iterable[str]) -> str:
    """Under which step the receipt of a row stands."""
    return SEPARATOR.join((table, *map(str, key), *sorted(cells)))


def received(connection: sa.Connection, names: Names, plan: str) -> frozenset[str]:
    """The steps of which a plan has receipts; none without a sidecar. Inside an open transaction."""
    receipt = names.receipt
    if not sa.inspect(connection).has_table(receipt.name, schema=receipt.schema):
        return frozenset()
    return frozenset(connection.execute(sa.select(receipt.c.step).where(receipt.c.plan == plan)).scalars())


def _is_done(sweep: Sweep, step: str) -> bool:
    receipt = sweep.names.receipt
    known = sa.select(receipt.c.rows).where(receipt.c.plan == sweep.plan, receipt.c.step == step)
    return sweep.connection.execute(known).first() is not None


def _set(sweep: Sweep, table: Table, key: Key, settings: Sequence[Setting]) -> None:
    """The effect. Where no transaction holds it and its receipt, who was killed in between left it done."""
    cells = [setting.cell for setting in settings]
    there = _standing(sweep, table, key, cells, lock=True)
    if there is None:
        raise Changed(())
    done = [] if sweep.names.atomic else [s for s in settings if not s.remove and there[s.cell.name] == s.after]
    open_ = [s for s in settings if s not in done]
    if moved := [s.cell.name for s in open_ if not _same(there[s.cell.name], s.before)]:
        raise Changed(moved)
    if not open_:
        return
    with refusing(table.name, sweep.names.dialect):
        sweep.connection.execute(_update(sweep, table, key, open_))
    after = _standing(sweep, table, key, cells, lock=False)
    if after is None or not all(_took(s, after[s.cell.name]) for s in open_):
        raise StepRefused(table.name)  # A trigger, or the column's type, has made something else of it.


def _standing(sweep: Sweep, table: Table, key: Key, cells: Sequence[Cell], *, lock: bool) -> Mapping[str, Any] | None:
    row = sweep.names.row(table.name)
    chosen = sa.select(*(_value(row, cell).label(f"c{n}") for n, cell in enumerate(cells))).where(
        *_is(sweep, table, row, key)
    )
    if lock and sweep.names.dialect.locks:
        chosen = chosen.with_for_update()
    found = sweep.connection.execute(chosen).first()
    return None if found is None else {cell.name: found[n] for n, cell in enumerate(cells)}


def _value(row: Tbl, cell: Cell) -> sa.ColumnElement[Any]:
    # A document as its text: what a driver makes of it has lost digits, and keys that stand there twice.
    return sa.cast(row.c[cell.column], sa.Text) if cell.json else row.c[cell.column]


def _is(sweep: Sweep, table: Table, row: Tbl, key: Key) -> list[sa.ColumnElement[bool]]:
    return [column == part for column, part in zip(sweep.names.key(table.name, row), key, strict=True)]


def _update(sweep: Sweep, table: Table, key: Key, settings: Sequence[Setting]) -> sa.Update:
    changed, read = sweep.names.table(table.name), sweep.read
    values: dict[str, Any] = {}
    inside: dict[str, list[Edit]] = {}
    for setting in settings:
        cell = setting.cell
        if cell.json:
            blank = cell.blank if setting.remove and cell.blank else Blank(setting.after)
            inside.setdefault(cell.column, []).append(Edit(sa.true(), cell.json, blank))
        elif setting.remove:
            values[cell.column] = read.blank_value(table, changed, cell)
            values |= {column: sa.literal(value, changed.c[column].type) for column, value in cell.then.items()}
        else:
            values[cell.column] = sa.literal(setting.after, changed.c[cell.column].type)
    for column, edits in inside.items():
        values[column] = read.edited(table, changed, column, edits)
    return sa.update(changed).where(*_is(sweep, table, changed, key)).values(values)


def _took(setting: Setting, now: object) -> bool:
    if setting.remove or setting.cell.json:
        return not _same(now, setting.before)
    return _same(now, setting.after)


def _same(one: object, other: object) -> bool:
    """Equal, and of one sort: `1` is not true."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other
