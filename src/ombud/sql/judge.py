"""When a row or a cell is known to be dead, in SQL (`spec/claims.md` §4 and §5).

Everything is built from *known dead*, joined by AND and OR, so that NULL, the unknown, can only keep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import sqlalchemy as sa

from ombud.datamap.model import Binding, Cell, Kind, Otherwise, Table
from ombud.datamap.rules import rule_columns
from ombud.plan.calendar import ALL_DAYS
from ombud.plan.ends import End, ends_of
from ombud.policy.model import TEXT, BasisKind, Policy, covers
from ombud.sql.dialect import Bool
from ombud.sql.names import Tbl, born_format, cell_names
from ombud.sql.owners import About, Of, Owners
from ombud.sql.read import NO, Reader, all_of, any_of, untrue

T = TypeVar("T")

WHOLLY = "*"
"""The purpose under which the state table keeps what marks without a purpose say."""

NOBODY = About(())


@dataclass(frozen=True, slots=True)
class Bench:
    """The row whose claims are judged: the row itself, or the parent it follows; its kind and company are known."""

    table: Table
    row: Tbl
    kind: Kind
    company: str


@dataclass(frozen=True)
class Judge:
    """Judges the rows of one source for one policy and day."""

    policy: Policy
    read: Reader

    @cached_property
    def owners(self) -> Owners:
        return Owners(self.read)

    @cached_property
    def rules(self) -> Mapping[str, frozenset[str]]:
        return rule_columns(self.read.names.source)

    @cached_property
    def _ends(self) -> dict[tuple[str, str], tuple[End, ...]]:
        return {
            (company, purpose.id): ends_of(self.policy, company, purpose, self.read.today)
            for company, purposes in self.policy.purposes.items()
            for purpose in purposes.values()
        }

    # --- a row, a cell -----------------------------------------------------------------------------------------

    def row_dead(self, table: Table, row: Tbl) -> Bool:
        """Nothing on the row, and on none of its cells, is live."""
        if not table.personal:
            return NO

        def dead(kind: Kind, bench: Bench) -> Bool:
            return all_of(
                [
                    sa.not_(self._wholly_shielded(bench)),
                    self._claims_dead(bench, self._row_ends(bench)),
                    *(
                        sa.or_(self.read.empty(table, row, cell), self._cell_dead(table, row, cell, bench))
                        for cell in kind.cells.values()
                        if cell.of or not self._cell_ends(table, cell, bench)
                    ),
                ]
            )

        of_kinds = any_of(
            sa.and_(self.read.is_kind(table, row, kind), self._on_bench(table, row, _given(dead, kind)))
            for kind in table.kinds
        )
        return sa.and_(self._company_known(table, row), of_kinds)

    def _company_known(self, table: Table, row: Tbl) -> Bool:
        """Whose a following row is must be known too; of any other row its bench asks."""
        if table.follows is None and table.copy_of is None:
            return sa.true()
        return any_of(self.read.is_company(table, row, company) for company in self.read.companies)

    def cell_due(self, table: Table, row: Tbl, name: str) -> Bool:
        """The cell holds something, no rule reads it, and no claim on it is live."""
        if not table.personal:
            return NO
        known: list[Bool] = []
        for kind in table.kinds:
            cell = kind.cells.get(name)
            if cell is None or cell.column in self.rules[table.name]:
                continue

            def dead(cell: Cell, bench: Bench) -> Bool:
                return self._cell_dead(table, row, cell, bench)

            known.append(
                all_of(
                    [
                        self.read.is_kind(table, row, kind),
                        self._company_known(table, row),
                        sa.not_(self.read.empty(table, row, cell)),
                        self._on_bench(table, row, _given(dead, cell)),
                    ]
                )
            )
        return any_of(known)

    def due(self, table: Table, row: Tbl) -> sa.Select[tuple[object, ...]]:
        """Key, `gone` and the cells' flags of every row of the table, by this row's alias."""
        key = [row.c[c].label(f"k{n}") for n, c in enumerate(table.key)]
        gone = sa.case((self.row_dead(table, row), 1), else_=0).label("gone")
        flags = [
            sa.case((self.cell_due(table, row, name), 1), else_=0).label(f"c{n}")
            for n, name in enumerate(cell_names(table))
        ]
        return sa.select(*key, gone, *flags).select_from(row)

    # --- the bench ---------------------------------------------------------------------------------------------

    def _on_bench(self, table: Table, row: Tbl, dead: Callable[[Bench], Bool]) -> Bool:
        """`dead` holds of the row that is judged: this one, or the one it follows."""
        follows = table.follows or table.copy_of
        if follows is not None:
            link = table.links[follows]
            parent = self.read.mapped(link.to)
            return self.read.found(table.name, link, row, lambda p: self._on_bench(parent, p, dead))
        return any_of(
            sa.and_(
                self.read.is_kind(table, row, kind),
                self.read.is_company(table, row, company),
                dead(Bench(table, row, kind, company)),
            )
            for kind in table.kinds
            for company in self.read.companies
            if self._ends_by(kind, company)
        )

    def _ends_by(self, kind: Kind, company: str) -> tuple[tuple[Binding, End], ...]:
        return tuple(
            (binding, end) for binding in kind.bindings for end in self._ends.get((company, binding.purpose), ())
        )

    def _row_ends(self, bench: Bench) -> tuple[End, ...]:
        return tuple(end for _, end in self._ends_by(bench.kind, bench.company))

    def _cell_ends(self, table: Table, cell: Cell, bench: Bench) -> tuple[End, ...]:
        """The claims on a cell: of bindings that reach it, whose purpose covers its category."""

        def reaches(binding: Binding) -> bool:
            if binding.reach is None:
                return True
            if table.follows is None and table.copy_of is None:
                return cell.name in binding.reach
            above = frozenset(c.category for c in bench.kind.cells.values() if c.name in binding.reach)
            return cell.category in above or (cell.category != TEXT and covers(above - {TEXT}, cell.category))

        return tuple(
            end
            for binding, end in self._ends_by(bench.kind, bench.company)
            if reaches(binding) and covers(end.purpose.data, cell.category)
        )

    # --- claims ------------------------------------------------------------------------------------------------

    def _wholly_shielded(self, bench: Bench) -> Bool:
        return self.owners.shielded(bench.table, bench.row, About(bench.table.owners), self._wholly(bench.company))

    def _claims_dead(self, bench: Bench, ends: tuple[End, ...]) -> Bool:
        about = About(bench.table.owners)
        if not ends:
            return NO
        return all_of(self._claim_dead(bench, end, bench.table, bench.row, about) for end in ends)

    def _cell_dead(self, table: Table, row: Tbl, cell: Cell, bench: Bench) -> Bool:
        ends = self._cell_ends(table, cell, bench)
        if not ends:
            return NO

        def dead(whose: Table, about_row: Tbl, about: About) -> Bool:
            wholly = self.owners.shielded(whose, about_row, about, self._wholly(bench.company))
            claims = all_of(self._claim_dead(bench, end, whose, about_row, about) for end in ends)
            return sa.and_(sa.not_(wholly), claims)

        def tables() -> Bool:
            return dead(bench.table, bench.row, About(bench.table.owners))

        if not cell.of:
            return tables()
        about = About(cell.of)
        somebody = sa.or_(
            self.owners.certain(table, row, about),
            self.owners.candidate(table, row, about),
            self.owners.open(table, row, about),
        )
        otherwise = {
            Otherwise.OWNER: tables,
            Otherwise.NOBODY: lambda: dead(table, row, NOBODY),
            Otherwise.REVIEW: lambda: NO,
        }[cell.otherwise]()
        return sa.or_(sa.and_(somebody, dead(table, row, about)), sa.and_(untrue(somebody), otherwise))

    def _claim_dead(self, bench: Bench, end: End, whose: Table, row: Tbl, about: About) -> Bool:
        """Not shielded, not anybody's, and over: by its clock, or for every one of its owners by marks."""
        by_clock = any_of(
            self.read.moment_in(bench.table, bench.kind, bench.row, moment, ask) for moment, ask in end.moments
        )
        candidate = self.owners.candidate(whose, row, about)
        over = self._over(bench, end)
        if end.basis is BasisKind.CONSENT:
            consented: Of = lambda s: sa.and_(self._of(end)(s), s.c.consented == 1, untrue(over(s)))  # noqa: E731
            by_marks = sa.and_(sa.not_(candidate), sa.not_(self.owners.shielded(whose, row, about, consented)))
        else:
            by_marks = all_of(
                [
                    self.owners.certain(whose, row, about),
                    sa.not_(candidate),
                    sa.not_(self.owners.lacking(whose, row, about, over)),
                ]
            )
        return all_of(
            [
                sa.or_(by_clock, by_marks),
                sa.not_(self.owners.shielded(whose, row, about, self._shield(end))),
                untrue(self.owners.open(whose, row, about)),
            ]
        )

    # --- what a state says -------------------------------------------------------------------------------------

    def _of(self, end: End) -> Of:
        return lambda s: sa.and_(s.c.purpose == end.purpose.id, s.c.company == end.company)

    def _shield(self, end: End) -> Of:
        def shields(state: Tbl) -> Bool:
            known = [state.c.shielded == 1, state.c.postponed == 1]
            if end.objectable:
                known.append(state.c.objecting == 1)
            return sa.and_(self._of(end)(state), any_of(known))

        return shields

    def _wholly(self, company: str) -> Of:
        return lambda s: sa.and_(s.c.purpose == WHOLLY, s.c.company == company, s.c.shielded == 1)

    def _over(self, bench: Bench, end: End) -> Of:
        def over(state: Tbl) -> Bool:
            removed = state.c.removed == 1
            if end.direct or end.objectable:
                known = [removed]
            else:
                known = []
            born = bench.table.born
            if born is not None:
                ended = state.c[f"ended{self.read.names.formats.index(born_format(self.read.names, bench.table))}"]
                value = self.read.comparable(bench.row.c[born.column], born)
                believed = self.read.in_days(bench.table.name, bench.row, born, ALL_DAYS)
                known.append(all_of([ended.is_not(None), believed, value < ended]))
            return sa.and_(self._of(end)(state), any_of(known))

        return over


def _given(dead: Callable[[T, Bench], Bool], what: T) -> Callable[[Bench], Bool]:
    return lambda bench: dead(what, bench)
