"""Which rows a declared foreign key refers to, as the database itself compares them. Doubt refers: it keeps a row."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.sql.elements import quoted_name

from ombud.datamap.schema import Reference, Way
from ombud.sql.dialect import Bool, Expr
from ombud.sql.tables import Declared, Tbl

_PLAINLY = (Way(),)


def refers(reference: Reference, row: Tbl, target: Tbl) -> Bool:
    """A row refers to another. The target stands first: SQLite compares in the collation of what does, and follows a
    deleted row to those that referred to it in just this way (its source, `fkActionTrigger`).
    """
    ways = reference.compared or (_PLAINLY,) * len(reference.columns)
    pairs = zip(reference.columns, reference.target, ways, strict=True)
    return sa.and_(*(sa.or_(*(_equal(way, target.c[t], row.c[c]) for way in each)) for c, t, each in pairs))


def _equal(way: Way, target: Expr, column: Expr) -> Bool:
    if way.collation:
        target = sa.collate(target, quoted_name(way.collation, quote=False))
    if way.cast:
        column = sa.cast(column, Declared(way.cast))
    return target == column if way.operator == "=" else target.op(way.operator, is_comparison=True)(column)
