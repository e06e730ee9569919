"""Which rows are due: those that are judged dead, and those that were, before what they follow went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Kind, Link, OwnerRule, Table
from ombud.plan.ends import End
from ombud.plan.naming import FOLLOWED
from ombud.sql.about import About
from ombud.sql.dialect import Bool
from ombud.sql.judge import Judge, shield, wholly
from ombud.sql.read import any_of, some
from ombud.sql.sitting import Sitting
from ombud.sql.tables import Tbl, cell_names


def due_rows(judge: Judge, table: Table) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """Key, `gone` and the cells' flags of every row that is looked at and not in doubt."""
    if table.name not in judge.written:
        judged, follows = Sitting(judge, table).select(), judge.facts.followed(table)
        behind = LeftBehind(judge, table, table.links[follows]).select() if follows else None
        judge.written[table.name] = judged if behind is None else judged.union_all(behind)
    return judge.written[table.name]


@dataclass(frozen=True)
class LeftBehind:
    """Rows whose followed row went before them, every claim dead, unless somebody's mark has come in between.

    The memo says what kind of row their claims were of, and of which company. What map or policy no longer know may
    have been any.
    """

    judge: Judge
    table: Table
    link: Link

    @property
    def root_kinds(self) -> tuple[Kind, ...]:
        return self.judge.facts.root_table(self.table).kinds

    def select(self) -> sa.Select[Any]:
        names, table = self.judge.read.names, self.table
        fact, row = names.fact(table.name).alias(), names.row(table.name)
        key = [fact.c[f"k{n}"] for n in range(len(table.key))]
        flags = [sa.literal(0) for _ in cell_names(table)]
        sure = (fact.c.doubt == 1, fact.c.kind.is_not(None), fact.c.company.is_not(None))
        kept = any_of(
            sa.and_(self._went(fact, row, kind, company), self._is_kept(fact, row, kind, company))
            for kind in self.root_kinds
            for company in self.judge.read.companies
        )
        return sa.select(*key, sa.literal(1), *flags).where(
            names.same_key(fact, table.name, row), *sure, self._went(fact, row), sa.not_(kept)
        )

    def _went(self, fact: Tbl, row: Tbl, root: Kind | None = None, company: str = "") -> Bool:
        """What the row follows, or followed if it follows nothing now, has gone; if asked, as a row of this kind."""
        memo, by = self.judge.read.names.memo(self.table.name).alias(), self.judge.read.link_text(self.link, row)
        went = [self.judge.facts.kept(memo, fact, FOLLOWED), sa.or_(by.is_(None), memo.c.named == by)]
        if root is not None:
            kinds, companies = [each.name for each in self.root_kinds], self.judge.read.companies
            went.append(sa.or_(memo.c.state == root.name, memo.c.state.not_in(kinds)))
            of = sa.func.coalesce(memo.c.rank, "")  # not told: any
            went.append(sa.or_(of == company, of.not_in(companies)))
        return some(memo, *went)

    def _is_kept(self, fact: Tbl, row: Tbl, root: Kind, company: str) -> Bool:
        """A mark protects what a row of this kind, or a cell with owners of its own, may have been held for."""

        def disturbed(rules: tuple[OwnerRule, ...], ends: Iterable[End]) -> Bool:
            def protects(state: Tbl) -> Bool:
                return any_of([wholly(company)(state), *(shield(end, state) for end in ends)])

            about = About(self.judge.read.names, self.table.name, fact, rules)
            return sa.or_(about.open(), about.shielded(protects))

        found = [disturbed(self.table.owners, [end for _, end in self.judge.ends_by(root, company)])]
        for n, kind in enumerate(self.table.kinds):
            for cell in (each for each in kind.cells.values() if each.of):
                holds = [] if cell.json else [sa.not_(self.judge.read.empty(self.table, row, cell))]
                ends = self.judge.cell_ends(self.table, cell, root, company)
                found.append(sa.and_(fact.c.kind == str(n), *holds, disturbed(cell.of, ends)))
        return sa.or_(*found)
