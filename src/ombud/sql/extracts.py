"""What is known of the rows about some persons, read out of the facts: whose they are, their values, their moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ombud.datamap.columns import context_columns
from ombud.datamap.model import ByIdentifier, Subject, Table
from ombud.sql.dialect import Expr
from ombud.sql.facts import Facts
from ombud.sql.names import Names
from ombud.sql.near import HAD, WHO
from ombud.sql.tables import Tbl

FACTS = ("rid", "kind", "company", "doubt", "above", "above company", "born", "root")
"""What is said of each row before its moments: numbers of the fact and of its root's, their kinds and companies."""


@dataclass(frozen=True)
class Extracts:
    """Statements about one table. The persons are in the working table `alike`, as `WHO`."""

    facts: Facts
    table: Table

    @cached_property
    def root(self) -> Table:
        return self.facts.root_table(self.table)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read: key, cells, when the row was and of which company."""
        table = self.table
        cells = [cell.column for kind in table.kinds for cell in kind.cells.values()]
        return tuple(dict.fromkeys((*table.key, *cells, *context_columns(table))))

    @cached_property
    def moments(self) -> int:
        """How many moment rules the root's table has."""
        return len(self.facts.names.sheet(self.root.name).rules)

    def owners(self) -> sa.Select[Any]:
        """Of each row that is, or may be, about one of the persons: by which rule it is about whom, and how surely."""
        owner, mine = (self.facts.names.owner(self.table.name).alias() for _ in range(2))
        about = sa.select(mine.c.rid).where(mine.c.who.in_(self._persons()))
        return sa.select(owner.c.rid, owner.c.rule, owner.c.who, owner.c.status).where(owner.c.rid.in_(about))

    def owners_above(self) -> sa.Select[Any]:
        """The same of the rows whose claims those have, where these are of another table."""
        names = self.facts.names
        fact, mine = names.fact(self.table.name).alias(), names.owner(self.table.name).alias()
        owner = names.owner(self.root.name).alias()
        about = sa.select(mine.c.rid).where(mine.c.who.in_(self._persons()))
        above = sa.select(fact.c.root).where(fact.c.rid.in_(about), fact.c.root.is_not(None))
        return sa.select(owner.c.rid, owner.c.rule, owner.c.who, owner.c.status).where(owner.c.rid.in_(above))

    def rows(self) -> sa.Select[Any]:
        """The rows themselves: `FACTS`, state and day of each of the root's moments, then `columns`."""
        mine = self.facts.names.owner(self.table.name).alias()
        return self._rows(lambda fact: fact.c.rid.in_(sa.select(mine.c.rid).where(mine.c.who.in_(self._persons()))))

    def mentioned(self, rule: ByIdentifier) -> sa.Select[Any]:
        """Number, company and what stands there, of each row whose facts are known and in which the rule reads one."""
        read, names = self.facts.read, self.facts.names
        fact, row = names.fact(self.table.name).alias(), names.row(self.table.name)
        value = sa.type_coerce(row.c[rule.column], sa.types.NULLTYPE)
        return sa.select(fact.c.rid, fact.c.company, value).where(
            names.same_key(fact, self.table.name, row),
            row.c[rule.column].is_not(None),
            read.where(self.table.name, row, rule.when),
            sa.not_(read.is_blanked(self.table, row, rule.column)),
        )

    def _persons(self) -> sa.Select[Any]:
        alike = self.facts.names.alike.alias()
        return sa.select(alike.c.rough).where(alike.c.kind == WHO)

    def _rows(self, which: Any) -> sa.Select[Any]:
        names, table = self.facts.names, self.table
        fact, row = names.fact(table.name).alias(), names.row(table.name)
        above = fact if self.root is table else names.fact(self.root.name).alias()
        said: list[Expr] = [fact.c.rid, fact.c.kind, fact.c.company, fact.c.doubt]
        said += [above.c.kind, above.c.company, above.c.born, above.c.rid]
        said += [above.c[f"{letter}{n}"] for n in range(self.moments) for letter in ("s", "d")]
        chosen = sa.select(*(each.label(f"f{n}") for n, each in enumerate(said)), *self.values(row))
        joined: Any = fact
        if above is not fact:
            joined = fact.outerjoin(above, above.c.rid == fact.c.root)
        chosen = chosen.select_from(joined, row).where(names.same_key(fact, table.name, row), which(fact))
        return chosen.order_by(*(fact.c[f"k{n}"] for n in range(len(table.key))))

    def values(self, row: Tbl) -> Iterator[Expr]:
        """The columns as the driver gives them; a document as its text, for what a driver makes of it lost digits."""
        cells = (cell for kind in self.table.kinds for cell in kind.cells.values())
        documents = {cell.column for cell in cells if cell.json}
        for n, column in enumerate(self.columns):
            value: Expr = sa.type_coerce(row.c[column], sa.types.NULLTYPE)
            if column in documents:
                value = sa.cast(row.c[column], sa.Text)
            yield value.label(f"v{n}")


def remembered(names: Names) -> sa.Select[Any]:
    """The refs of remembered persons that name one of the identifiers in `alike`."""
    ref, alike = names.ref, names.alike.alias()
    named = sa.select(alike.c.rough).where(alike.c.kind == sa.literal(HAD, sa.Text()).concat(ref.c.scope))
    return sa.select(ref.c.who, ref.c.scope, ref.c.value, ref.c.birth, ref.c.certain).where(ref.c.value.in_(named))


def living(names: Names, subject: Subject) -> sa.Select[Any]:
    """Which of the persons in `alike` are there, of one subject, among the rows whose facts are known."""
    fact, alike = names.fact(subject.table).alias(), names.alike.alias()
    asked = sa.select(alike.c.rough).where(alike.c.kind == WHO)
    return sa.select(fact.c.who).where(fact.c.who.in_(asked))
