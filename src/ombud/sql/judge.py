"""What a policy's purposes make of a source's rows, in SQL, over facts already written (`spec/claims.md` §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Binding, Cell, Kind, Table
from ombud.datamap.rules import rule_columns
from ombud.plan.ends import End, ends_of
from ombud.policy.model import TEXT, Policy, covers
from ombud.sql.about import Of
from ombud.sql.dialect import Bool
from ombud.sql.facts import Facts
from ombud.sql.read import NO, Reader, any_of
from ombud.sql.tables import Tbl

WHOLLY = "*"
"""The purpose under which the state table keeps what marks without a purpose say."""


@dataclass(frozen=True)
class Judge:
    """Judges the rows of one source for one policy and day. `written` keeps, by table, what says which are due."""

    policy: Policy
    read: Reader
    written: dict[str, sa.Select[Any] | sa.CompoundSelect[Any]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def rules(self) -> Mapping[str, frozenset[str]]:
        return rule_columns(self.read.names.source)

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.read)

    @cached_property
    def _ends(self) -> dict[tuple[str, str], tuple[End, ...]]:
        return {
            (company, purpose.id): ends_of(self.policy, company, purpose, self.read.today)
            for company, purposes in self.policy.purposes.items()
            for purpose in purposes.values()
        }

    def ends_by(self, kind: Kind, company: str) -> tuple[tuple[Binding, End], ...]:
        """Every end that a row of this kind and company has, with the binding that makes it."""
        return tuple(
            (binding, end) for binding in kind.bindings for end in self._ends.get((company, binding.purpose), ())
        )

    def cell_ends(self, table: Table, cell: Cell, above: Kind, company: str) -> tuple[End, ...]:
        """The claims on a table's cell: of bindings that reach it, whose purpose covers its category."""
        return tuple(
            end
            for binding, end in self.ends_by(above, company)
            if self.reaches(table, cell, above, binding) and covers(end.purpose.data, cell.category)
        )

    def reaches(self, table: Table, cell: Cell, above: Kind, binding: Binding) -> bool:
        """A binding of the root's kind reaches a table's cell; whether its purpose covers it is another matter."""
        if binding.reach is None:
            return True
        if self.facts.followed(table) is None:
            return cell.name in binding.reach
        over = frozenset(c.category for c in above.cells.values() if c.name in binding.reach)
        return cell.category in over or (cell.category != TEXT and covers(over - {TEXT}, cell.category))


def shield(end: End, state: Tbl, ended: Bool = NO) -> Bool:
    """The state protects the claims of this purpose and basis in its company.

    `ended`: its mark ended those on the row, which no objection postpones (`spec/claims.md` §3).
    """
    objection = [state.c.postponed == 1, *([state.c.objecting == 1] if end.objectable else [])]
    return sa.and_(of_end(end)(state), sa.or_(state.c.shielded == 1, sa.and_(any_of(objection), sa.not_(ended))))


def of_end(end: End) -> Of:
    """The states of the end's purpose and company."""
    return lambda state: sa.and_(state.c.purpose == end.purpose.id, state.c.company == end.company)


def wholly(company: str) -> Of:
    """The states in a company that protect everything."""
    return lambda state: sa.and_(state.c.purpose == WHOLLY, state.c.company == company, state.c.shielded == 1)
