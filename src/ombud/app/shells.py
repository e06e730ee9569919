"""Empty shells in a plan: dead rows that stay with nothing left to lose, and the tables whose rows need them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from ombud.datamap.model import Gone, Link, Table
from ombud.engine.sweep import Sweep
from ombud.sql.dialect import Bool
from ombud.sql.tables import Tbl, cell_names


@dataclass(frozen=True, slots=True)
class Shells:
    """Of one table: how many empty shells stay, and the tables that have rows which need them."""

    empty: int
    kept_by: tuple[str, ...]


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
    return Shells(count, tuple(dict.fromkeys(keepers)))


def _needs(child: Table, link: Link) -> bool:
    """Whether a row of the child keeps what the link finds (spec/claims.md §5)."""
    return not child.personal or link.gone is not Gone.UNLINK or link.name in (child.follows, child.copy_of)


def _stays(sweep: Sweep, child: Table, _: Link, row: Tbl) -> Bool:
    if not child.personal or not child.key:
        return sa.true()
    due = sweep.freezer.due(child).alias()
    goes = (due.c.plan == sweep.plan, due.c.gone == 1, due.c.pinned == 0)
    return ~sa.exists().select_from(due).where(sweep.names.same_key(due, child.name, row), *goes)
