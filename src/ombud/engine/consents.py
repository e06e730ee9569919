"""What consent columns say of the certain owners of their row, and what is kept of it when the row goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Table, TimeColumn
from ombud.engine.program import Statements
from ombud.engine.sidecar import StoredRef
from ombud.plan.calendar import ALL_DAYS
from ombud.plan.naming import rule_name
from ombud.sql.dialect import Bool, Expr
from ombud.sql.facts import Facts
from ombud.sql.owners import CERTAIN
from ombud.sql.tables import Tbl
from ombud.terms import FIRST_DAY, Act

Statement = tuple[str, str, str, Act, date]
"""Who, purpose, company, consented or withdrawn, day."""


def named_in(who: str) -> StoredRef:
    """The one ref that a person's text names."""
    sort, scope, rest = who.split("|", 2)
    if sort == "id":
        return StoredRef(f"id/{scope}", rest, "")
    birth, _, text = rest.partition("|")
    return StoredRef(f"key/{scope}", text, birth)


@dataclass(frozen=True)
class Spoken:
    """Reads the consent columns of one source, from facts and owners already written."""

    facts: Facts

    def now(self, statements: Statements) -> Iterator[Statement]:
        """Everything that the consent columns of the rows looked at say."""
        for table in self.facts.names.source.tables.values():
            yield from self.of(statements, table)

    def of(
        self, statements: Statements, table: Table, only: Callable[[Tbl], Bool] | None = None
    ) -> Iterator[Statement]:
        """What the rows of one table say; `only(row)` narrows them to those that go."""
        for n, mark in enumerate(table.marks):
            for act, column in ((Act.CONSENTED, mark.consented), (Act.WITHDRAWN, mark.withdrawn)):
                if column is not None:
                    step = ("consents", table.name, n, act, only is not None)
                    chosen = statements.rows(step, lambda a=act, c=column: self._said(table, a, c, only))  # type: ignore[misc]
                    for who, company, told in chosen:
                        yield who, mark.purpose, company, act, date.fromisoformat(told)

    def _said(self, table: Table, act: Act, column: TimeColumn, only: Callable[[Tbl], Bool] | None) -> sa.Select[Any]:
        names = self.facts.names
        row, fact, owner = names.row(table.name), names.fact(table.name).alias(), names.owner(table.name).alias()
        unreadable = sa.null() if act is Act.CONSENTED else sa.literal(FIRST_DAY.isoformat(), sa.Text())
        day = self._day(table, row, column, unreadable)
        chosen = sa.select(owner.c.who, fact.c.company, day).where(
            names.same_key(fact, table.name, row),
            owner.c.rid == fact.c.rid,
            owner.c.rule.in_([rule_name(r) for r in table.owners]),
            owner.c.status == CERTAIN,
            fact.c.company.is_not(None),
            day.is_not(None),
        )
        if only is not None:
            chosen = chosen.where(only(row))
        return chosen.distinct()

    def _day(self, table: Table, row: Tbl, column: TimeColumn, unreadable: Expr) -> Expr:
        read = self.facts.read
        return sa.case(
            (read.is_absent(table.name, row, column), sa.null()),
            (read.in_days(table.name, row, column, ALL_DAYS), self.facts.day(table, row, column)),
            else_=unreadable,
        )
