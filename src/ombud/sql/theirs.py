"""Which of the rows looked at are those of some persons: what is, or may be, about them, and what follows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.sql.dialect import Bool
from ombud.sql.facts import Facts
from ombud.sql.names import Names
from ombud.sql.read import parts, some
from ombud.sql.tables import Tbl


@dataclass(frozen=True)
class Theirs:
    """Statements that fill `chosen`, from facts and owners already written, and whom `asked` names."""

    facts: Facts

    @property
    def names(self) -> Names:
        return self.facts.names

    def about(self, tables: Iterable[Table]) -> Iterator[sa.Insert]:
        """The rows of these tables of which one of them is an owner, or a candidate, by any rule."""
        for part in parts(tables):
            yield self._choose(sa.union_all(*map(self._about, part)))

    def _about(self, table: Table) -> sa.Select[Any]:
        owner, asked = self.names.owner(table.name).alias(), self.names.asked.alias()
        theirs = owner.c.who.in_(sa.select(asked.c.who))
        return sa.select(self._name(table), owner.c.rid).distinct().where(theirs)

    def rows(self) -> sa.Select[Any]:
        """How many were chosen, by table."""
        name = self.names.chosen.c.name
        return sa.select(name, sa.func.count()).group_by(name)

    def following(self, table: Table) -> sa.Insert:
        """The rows of a table that follow a chosen row; those of the table above must be chosen before."""
        link = table.links[self.facts.followed(table) or ""]
        n = self.names.sheet(table.name).links.index(link.name)
        fact, chosen, above = self.names.fact(table.name).alias(), self.names.chosen, self.names.chosen.alias()
        rows = sa.select(self._name(table), fact.c.rid).where(
            fact.c[f"l{n}"].in_(sa.select(above.c.rid).where(above.c.name == link.to)),
            fact.c.rid.not_in(sa.select(chosen.c.rid).where(chosen.c.name == table.name)),
        )
        return self._choose(rows)

    def is_chosen(self, table: Table, row: Any) -> Bool:
        """The row of ombud's own, with a key in `kn`, is about one that was chosen."""
        fact = self.names.fact(table.name).alias()
        same = (fact.c[f"k{n}"] == row.c[f"k{n}"] for n in range(len(table.key)))
        return some(fact, *same, self.is_numbered(table, fact))

    def is_numbered(self, table: Table, fact: Tbl) -> Bool:
        """The row that this fact is about was chosen."""
        chosen = self.names.chosen.alias()
        return fact.c.rid.in_(sa.select(chosen.c.rid).where(chosen.c.name == table.name))

    def _name(self, table: Table) -> sa.ColumnElement[str]:
        return sa.literal(table.name, sa.Text())

    def _choose(self, rows: sa.Select[Any] | sa.CompoundSelect[Any]) -> sa.Insert:
        return self.names.chosen.insert().from_select(["name", "rid"], rows)
