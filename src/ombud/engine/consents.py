"""What consent columns say of the certain owners of their row, and what is kept of it when the row goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from ombud.datamap.model import ColumnMark, Table, TimeColumn
from ombud.engine.people import Finder
from ombud.engine.sidecar import StoredRef
from ombud.plan.calendar import ALL_DAYS
from ombud.sql.dialect import Bool, Expr
from ombud.sql.names import Tbl
from ombud.sql.owners import About, Owners
from ombud.sql.relate import Relation
from ombud.sql.tell import Teller
from ombud.terms import FIRST_DAY, Act

Statement = tuple[str, bool, str, str, Act, date]
"""Who, whether only remembered, purpose, company, consented or withdrawn, day."""


def named_in(who: str) -> StoredRef:
    """The one ref that a person's text names."""
    sort, scope, rest = who.split("|", 2)
    if sort == "id":
        return StoredRef(f"id/{scope}", rest, "")
    birth, _, text = rest.partition("|")
    return StoredRef(f"key/{scope}", text, birth)


@dataclass(frozen=True)
class Spoken:
    """Reads the consent columns of one source."""

    finder: Finder

    def now(self, connection: sa.Connection) -> Iterator[Statement]:
        """Everything that the consent columns of living rows say."""
        for table in self.finder.names.source.tables.values():
            yield from self.of(connection, table, None)

    def of(self, connection: sa.Connection, table: Table, only: object) -> Iterator[Statement]:
        """What the rows of one table say; `only(row)` narrows them."""
        for mark in table.marks:
            row = self.finder.names.row(table.name)
            where = only(row) if callable(only) else sa.true()
            yield from self._said(connection, table, row, mark, where)

    def _said(
        self, connection: sa.Connection, table: Table, row: Tbl, mark: ColumnMark, where: Bool
    ) -> Iterator[Statement]:
        read = self.finder.read
        given = self._day(table, row, mark.consented, sa.null())
        taken: Expr = sa.null()
        if mark.withdrawn is not None:
            taken = self._day(table, row, mark.withdrawn, sa.literal(FIRST_DAY.isoformat()))
        owners = Owners(read)
        relation = Relation(owners)
        about = About(table.owners)
        for path in relation.paths(table, row, about):
            chosen = sa.select(path.who, read.company_name(table, row), given, taken).select_from(row, *path.rows)
            chosen = chosen.where(*path.where, path.state == "certain", where)
            for who, company, consented, withdrawn in connection.execute(chosen.distinct()):
                if company is None:
                    continue
                if consented is not None:
                    yield who, path.remembered, mark.purpose, company, Act.CONSENTED, date.fromisoformat(consented)
                if withdrawn is not None:
                    yield who, path.remembered, mark.purpose, company, Act.WITHDRAWN, date.fromisoformat(withdrawn)

    def _day(self, table: Table, row: Tbl, column: TimeColumn, unreadable: Expr) -> Expr:
        read = self.finder.read
        told = Teller(read).column_day(table, row, column)
        return sa.case(
            (read.is_absent(row, column), sa.null()),
            (read.in_days(table.name, row, column, ALL_DAYS), told),
            else_=unreadable,
        )
