"""What a cell in something unique becomes once it is blanked: unlike what any other row holds (spec/claims.md §5)."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from ombud.datamap.model import Cell, Kind, Table
from ombud.sql.dialect import Expr
from ombud.sql.names import Names
from ombud.sql.read import Reader, some
from ombud.sql.tables import Tbl


def unlike(read: Reader, table: Table, judged: Tbl, n: int, cells: Sequence[tuple[Kind, Cell]]) -> Expr:
    """The blank of the n-th cell of a judged row, by its kind; longer, where somebody has just that."""
    names = read.names
    row = names.row(table.name)
    cases = []
    for k, (kind, cell) in enumerate(cells):
        base, other = read.blank_value(table, row, cell), _holding(names, table, f"holding_{n}_{k}", cell)
        small = sa.func.lower(names.dialect.ordered(base))
        another = sa.not_(sa.and_(*(other.c[f"k{at}"] == row.c[c] for at, c in enumerate(table.key))))
        dots = sa.func.substr(other.c.there, names.dialect.length(base) + 2, type_=sa.Text())
        longer = sa.select(dots).where(another, names.dialect.bare(other.c.held) == small.concat("~"))
        by_length = names.dialect.length(other.c.there).desc()
        longest = longer.order_by(by_length).limit(1).correlate_except(other).scalar_subquery()
        taken = some(other, another, other.c.held == small)
        told = sa.case((taken, base.concat("~").concat(sa.func.coalesce(longest, "")).concat(".")), else_=base)
        cases.append((read.is_kind(table, row, kind), told))
    chosen = sa.select(sa.case(*cases, else_=sa.null())).where(names.same_key(judged, table.name, row))
    return chosen.correlate_except(row).scalar_subquery()


def _holding(names: Names, table: Table, name: str, cell: Cell) -> sa.CTE:
    """The rows whose column begins as a blank does: looked for once, for few do."""
    row = names.row(table.name)
    there = row.c[cell.column]
    # A to Z only: a database may take them for equal.
    held = sa.func.lower(names.dialect.ordered(there))
    start = str(cell.blank.value) if cell.blank else ""
    begins = sa.func.substr(held, 1, len(start), type_=sa.Text()) == sa.func.lower(sa.literal(start, sa.Text()))
    key = [row.c[c].label(f"k{at}") for at, c in enumerate(table.key)]
    told = names.dialect.text(there).label("there")
    return names.once(sa.select(*key, told, held.label("held")).where(begins), name)
