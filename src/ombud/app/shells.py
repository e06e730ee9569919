"""Shells in a plan: dead rows that stay with nothing more to lose, what they hold still, and who needs them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from ombud.datamap.model import Gone, Link, Table
from ombud.datamap.rules import rule_columns
from ombud.engine.sweep import Sweep
from ombud.sql.dialect import Bool
from ombud.sql.freeze import how_many
from ombud.sql.tables import Tbl, cell_names


@dataclass(frozen=True, slots=True)
class Shells:
    """Of one table: shells that stay and lose nothing more, and the tables that have rows which need them.

    `empty` of them hold nothing; `holding` hold a cell still (`held`, by name) that goes with its row alone.
    """

    empty: int
    kept_by: tuple[str, ...]
    holding: int = 0
    held: tuple[str, ...] = ()


def shells(sweep: Sweep, table: Table) -> Shells:
    """Of a table that a sweep has just frozen, in the open transaction."""
    if not table.personal or not table.key:
        return Shells(0, ())
    due, names = sweep.freezer.due(table), sweep.names
    empty = [due.c.plan == sweep.plan, due.c.gone == 1, due.c.pinned == 1]
    empty += [due.c[f"c{n}"] == 0 for n, _ in enumerate(cell_names(table))]
    count = int(sweep.connection.execute(sa.select(sa.func.count()).select_from(due).where(*empty)).scalar_one())
    if not count:
        return Shells(0, ())
    row = names.row(table.name)
    ways = [child.name for child, link in sweep.freezer.links_to(table) if _needs(child, link)]
    ways += [reference.table for reference in sweep.freezer.unmapped(table)]
    keepers = []
    for way, leans in zip(ways, sweep.freezer.leaning(table, row, lambda *of: _stays(sweep, *of)), strict=True):
        chosen = sa.select(sa.literal(1)).select_from(due).where(*empty)
        chosen = chosen.where(sa.exists().select_from(row).where(names.same_key(due, table.name, row), leans))
        keepers += [way] if sweep.connection.execute(chosen.limit(1)).first() else []
    holding, held = _holding(sweep, table, empty)
    return Shells(count - holding, tuple(dict.fromkeys(keepers)), holding, held)


def _holding(sweep: Sweep, table: Table, empty: list[Bool]) -> tuple[int, tuple[str, ...]]:
    """How many of these shells hold a cell still, and which: rules read it, or nobody can read its document."""
    due, row, names = sweep.freezer.due(table), sweep.names.row(table.name), sweep.names
    there = _there(sweep, table, row)
    if not there:
        return 0, ()
    which = (due.join(row, names.same_key(due, table.name, row)),)
    counted = sa.select(how_many(sa.or_(*there.values())), *map(how_many, there.values())).select_from(*which)
    total, *each = map(int, sweep.connection.execute(counted.where(*empty)).one())
    return total, tuple(name for name, number in zip(there, each, strict=True) if number)


def _there(sweep: Sweep, table: Table, row: Tbl) -> dict[str, Bool]:
    """By cell that may stay in a dead row: whether it does."""
    read, fixed = sweep.read, rule_columns(sweep.source)[table.name]
    found: dict[str, list[Bool]] = {}
    for kind in table.kinds:
        for cell in kind.cells.values():
            if cell.json:
                document = read.document(table, row, cell.column)
                holds = read.unreadable(row, document, cell)
                if cell.column in fixed:
                    holds = sa.or_(holds, sa.not_(read.empty_inside(row, document, cell)))
            elif cell.column in fixed:
                holds = sa.not_(read.empty(table, row, cell))
            else:
                continue
            found.setdefault(cell.name, []).append(sa.and_(read.is_kind(table, row, kind), holds))
    return {name: sa.or_(*any_of) for name, any_of in found.items()}


def _needs(child: Table, link: Link) -> bool:
    """Whether a row of the child keeps what the link finds (spec/claims.md §5)."""
    return not child.personal or link.gone is not Gone.UNLINK or link.name in (child.follows, child.copy_of)


def _stays(sweep: Sweep, child: Table, _: Link, row: Tbl) -> Bool:
    if not child.personal or not child.key:
        return sa.true()
    due = sweep.freezer.due(child).alias()
    goes = (due.c.plan == sweep.plan, due.c.gone == 1, due.c.pinned == 0)
    return ~sa.exists().select_from(due).where(sweep.names.same_key(due, child.name, row), *goes)
