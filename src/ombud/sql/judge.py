"""When a row or a cell is known to be dead, in SQL, over facts already written (`spec/claims.md` §4 and §5).

One inner query says of each claim whether it is dead; the outer one puts rows and cells together. Everything is built
from *known dead*, joined by AND and OR, so that NULL, the unknown, can only keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Binding, Cell, Kind, Otherwise, OwnerRule, Table
from ombud.datamap.rules import rule_columns
from ombud.plan.ends import Ask, End, ends_of
from ombud.plan.naming import FOLLOWED
from ombud.policy.model import TEXT, BasisKind, Policy, covers
from ombud.sql.about import About, Of
from ombud.sql.dialect import Bool, Expr
from ombud.sql.facts import Facts
from ombud.sql.numbered import is_numbered
from ombud.sql.read import NO, Reader, all_of, any_of, some
from ombud.sql.tables import Tbl, cell_names
from ombud.sql.trees import All, Either, Flag, Not, Tree, built

WHOLLY = "*"
"""The purpose under which the state table keeps what marks without a purpose say."""


@dataclass
class Columns:
    """The columns of the inner query, each once."""

    said: dict[object, sa.Label[object]] = field(default_factory=dict)

    def flag(self, what: object, known: Callable[[], Bool]) -> str:
        """The name of a 0/1 column that says whether this is known."""
        if what not in self.said:
            self.said[what] = sa.case((known(), 1), else_=0).label(f"f{len(self.said)}")
        return self.said[what].name


@dataclass(frozen=True)
class Judge:
    """Judges the rows of one source for one policy and day."""

    policy: Policy
    read: Reader

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

    def due(self, table: Table) -> sa.Select[Any] | sa.CompoundSelect[Any]:
        """Key, `gone` and the cells' flags of every row that is looked at and not in doubt."""
        judged = Sitting(self, table).select()
        return judged if self.facts.followed(table) is None else judged.union_all(self._left_behind(table))

    def _left_behind(self, table: Table) -> sa.Select[Any]:
        """Rows whose followed row went before them, every claim dead, unless somebody's mark has come in between."""
        names, fact, row = self.read.names, self.read.names.fact(table.name).alias(), self.read.names.row(table.name)
        link, memo = table.links[self.facts.followed(table) or ""], names.memo(table.name).alias()
        by = self.read.link_text(link, row)
        went = some(memo, self.facts.kept(memo, fact, FOLLOWED), sa.or_(by.is_(None), memo.c.named == by))

        def disturbed(rules: tuple[OwnerRule, ...]) -> Bool:
            about = About(names, table.name, fact, rules)
            protects = about.shielded(lambda s: sa.and_(s.c.company == fact.c.company, self._protects(table, s)))
            return sa.or_(protects, about.open())

        kept = [disturbed(table.owners)]
        for n, kind in enumerate(table.kinds):
            for cell in (each for each in kind.cells.values() if each.of):
                holds = [] if cell.json else [sa.not_(self.read.empty(table, row, cell))]
                kept.append(sa.and_(fact.c.kind == str(n), *holds, disturbed(cell.of)))
        key = [fact.c[f"k{n}"] for n in range(len(table.key))]
        sure = (fact.c.doubt == 1, fact.c.kind.is_not(None), fact.c.company.is_not(None))
        flags = [sa.literal(0) for _ in cell_names(table)]
        return sa.select(*key, sa.literal(1), *flags).where(
            names.same_key(fact, table.name, row), *sure, went, sa.not_(sa.or_(*kept))
        )

    def _protects(self, table: Table, state: Tbl) -> Bool:
        """The state protects everything, or a claim that a row which this table's rows follow may have had."""
        kinds, companies = self.facts.root_table(table).kinds, self.read.companies
        ends = [end for kind in kinds for company in companies for _, end in self.ends_by(kind, company)]
        known = [sa.and_(state.c.purpose == WHOLLY, state.c.shielded == 1), *(shield(end, state) for end in ends)]
        return any_of(known)

    def ends_by(self, kind: Kind, company: str) -> tuple[tuple[Binding, End], ...]:
        """Every end that a row of this kind and company has, with the binding that makes it."""
        return tuple(
            (binding, end) for binding in kind.bindings for end in self._ends.get((company, binding.purpose), ())
        )


class Sitting:
    """Judging one table."""

    def __init__(self, judge: Judge, table: Table) -> None:
        self.judge, self.table = judge, table
        self.read, self.names = judge.read, judge.read.names
        self.root = judge.facts.root_table(table)
        self.row = self.names.row(table.name)
        self.fact = self.names.fact(table.name).alias()
        self.above = self.fact if self.root is table else self.names.fact(self.root.name).alias()
        self.columns = Columns()
        self.documents = self._documents()
        self.benches = [
            (n, kind, company)
            for n, kind in enumerate(self.root.kinds)
            for company in self.read.companies
            if judge.ends_by(kind, company)
        ]

    def select(self) -> sa.Select[tuple[object, ...]]:
        cells = cell_names(self.table)
        gone = [
            (own, n, company, self._row_dead(own, kind, above, company))
            for own, kind in enumerate(self.table.kinds)
            for n, above, company in self.benches
            if self.root is not self.table or own == n
        ]
        due = {
            name: [
                (own, n, company, self._cell_due(kind.cells[name], above, company))
                for own, kind in enumerate(self.table.kinds)
                if name in kind.cells and kind.cells[name].column not in self.judge.rules[self.table.name]
                for n, above, company in self.benches
                if self.root is not self.table or own == n
            ]
            for name in cells
        }
        inner = self._inner()
        # Evaluated once a row: left to themselves, engines copy each flag's expression to wherever it is asked for.
        q = inner.cte("known").prefix_with("MATERIALIZED")

        def known(found: Iterable[tuple[int, int, str, list[Tree]]]) -> Bool:
            return any_of(
                sa.and_(
                    q.c.kind == str(own), q.c.above == str(n), q.c.company == company, *(built(t, q) for t in trees)
                )
                for own, n, company, trees in found
            )

        key = [q.c[f"k{n}"] for n in range(len(self.table.key))]
        flags = [sa.case((known(due[name]), 1), else_=0).label(f"c{n}") for n, name in enumerate(cells)]
        if is_numbered(self.names.schema, self.table):
            flags = [sa.literal(0).label(f"c{n}") for n, _ in enumerate(cells)]
        return sa.select(*key, sa.case((known(gone), 1), else_=0).label("gone"), *flags)

    def _inner(self) -> sa.Select[tuple[object, ...]]:
        fact, above = self.fact, self.above
        key = [fact.c[f"k{n}"] for n in range(len(self.table.key))]
        of = [fact.c.kind, above.c.kind.label("above"), above.c.company.label("company")]
        chosen = sa.select(*key, *of, *self.columns.said.values()).select_from(fact, self.row)
        chosen = chosen.where(fact.c.doubt == 0, self.names.same_key(fact, self.table.name, self.row))
        if self.documents is not None:
            chosen = chosen.select_from(self.documents).where(self.documents.c.rid == fact.c.rid)
        if above is not fact:
            chosen = chosen.select_from(above).where(above.c.rid == fact.c.root)
        return chosen

    # --- rows and cells, as trees over the inner columns --------------------------------------------------------

    def _row_dead(self, own: int, kind: Kind, above: Kind, company: str) -> list[Tree]:
        about = About(self.names, self.root.name, self.above, self.root.owners)
        trees: list[Tree] = [Not(self._whole("root", about, company))]
        trees += [self._claim("root", about, above, end) for _, end in self.judge.ends_by(above, company)]
        for cell in kind.cells.values():
            if cell.of or not self._cell_ends(cell, above, company):
                trees.append(Either((Not(self._nonempty(cell)), self._cell_dead(cell, above, company))))
        return trees

    def _cell_dead(self, cell: Cell, above: Kind, company: str) -> Tree:
        ends = self._cell_ends(cell, above, company)
        if not ends:
            return Either(())
        root = About(self.names, self.root.name, self.above, self.root.owners)

        def dead(who: object, about: About) -> Tree:
            whole: Tree = Not(self._whole(who, about, company))
            return All((whole, *(self._claim(who, about, above, end) for end in ends)))

        if not cell.of:
            return dead("root", root)
        about = About(self.names, self.table.name, self.fact, cell.of)
        somebody = Flag(self.columns.flag(("somebody", cell.of), about.anybody))
        match cell.otherwise:
            case Otherwise.OWNER:
                otherwise = dead("root", root)
            case Otherwise.NOBODY:
                otherwise = dead("nobody", About(self.names, self.table.name, self.fact, ()))
            case Otherwise.REVIEW:
                otherwise = Either(())
        return Either((All((somebody, dead(cell.of, about))), All((Not(somebody), otherwise))))

    def _cell_due(self, cell: Cell, above: Kind, company: str) -> list[Tree]:
        """What must hold for a cell to be blanked in a row that stays."""
        trees = [self._nonempty(cell), self._cell_dead(cell, above, company)]
        if cell.json:
            what = ("unreadable", cell.column, cell.json)
            known = self.columns.flag(what, lambda: self.read.unreadable(self.row, self._document(cell), cell))
            trees.append(Not(Flag(known)))
        return trees

    def _nonempty(self, cell: Cell) -> Tree:
        what = ("empty", cell.name, cell.column, cell.json, repr(cell.blank))
        return Not(Flag(self.columns.flag(what, lambda: self._empty(cell))))

    def _empty(self, cell: Cell) -> Bool:
        if cell.json:
            return self.read.empty_inside(self.row, self._document(cell), cell)
        return self.read.empty(self.table, self.row, cell)

    def _document(self, cell: Cell) -> Expr:
        assert self.documents is not None, "a table with cells inside documents reads them"
        found: Expr = self.documents.c[f"d{self._document_columns().index(cell.column)}"]
        return found

    def _document_columns(self) -> list[str]:
        cells = (cell for kind in self.table.kinds for cell in kind.cells.values())
        return list(dict.fromkeys(cell.column for cell in cells if cell.json))

    def _documents(self) -> sa.CTE | None:
        """The documents of every row that is judged, each read once however many cells it has."""
        if not (columns := self._document_columns()):
            return None
        row, fact = self.names.row(self.table.name), self.names.fact(self.table.name).alias()
        read = [self.read.document(self.table, row, column).label(f"d{n}") for n, column in enumerate(columns)]
        chosen = sa.select(fact.c.rid, *read).where(self.names.same_key(fact, self.table.name, row))
        return chosen.cte("documents").prefix_with("MATERIALIZED")

    def _cell_ends(self, cell: Cell, above: Kind, company: str) -> tuple[End, ...]:
        """The claims on a cell: of bindings that reach it, whose purpose covers its category."""

        def reaches(binding: Binding) -> bool:
            if binding.reach is None:
                return True
            if self.root is self.table:
                return cell.name in binding.reach
            over = frozenset(c.category for c in above.cells.values() if c.name in binding.reach)
            return cell.category in over or (cell.category != TEXT and covers(over - {TEXT}, cell.category))

        return tuple(
            end
            for binding, end in self.judge.ends_by(above, company)
            if reaches(binding) and covers(end.purpose.data, cell.category)
        )

    # --- claims -------------------------------------------------------------------------------------------------

    def _whole(self, who: object, about: About, company: str) -> Tree:
        def wholly(state: Tbl) -> Bool:
            return sa.and_(state.c.purpose == WHOLLY, state.c.company == company, state.c.shielded == 1)

        return Flag(self.columns.flag(("whole", who, company), lambda: about.shielded(wholly)))

    def _claim(self, who: object, about: About, above: Kind, end: End) -> Tree:
        what = ("claim", who, above.name, end.purpose.id, end.basis, end.company, end.moments)
        return Flag(self.columns.flag(what, lambda: self._claim_dead(about, above, end)))

    def _claim_dead(self, about: About, above: Kind, end: End) -> Bool:
        """Not shielded, not anybody's, and over: by its clock, or for every one of its owners by marks."""
        by_clock = any_of(self._is(above, moment, ask) for moment, ask in end.moments)
        over = self._over(end)
        if end.basis is BasisKind.CONSENT:

            def consented(state: Tbl) -> Bool:
                return sa.and_(_of(end)(state), state.c.consented == 1, sa.not_(_sure(over(state))))

            by_marks = sa.and_(sa.not_(about.candidate()), sa.not_(about.shielded(consented)))
        else:
            by_marks = sa.and_(about.certain(), sa.not_(about.candidate()), sa.not_(about.lacking(over)))
        return all_of(
            [sa.or_(by_clock, by_marks), sa.not_(about.shielded(partial(shield, end))), sa.not_(about.open())]
        )

    def _is(self, above: Kind, moment: str, ask: Ask) -> Bool:
        """The root's moment lies in a set of known ones."""
        rule = above.moments.get(moment)
        if rule is None:
            return NO
        n = self.names.sheet(self.root.name).rules.index(rule)
        state, day = self.above.c[f"s{n}"], self.names.dialect.ordered(self.above.c[f"d{n}"])
        known: list[Bool] = []
        if ask.days is not None and not ask.days.empty:
            low, high = ask.days.low.isoformat(), ask.days.high.isoformat()
            known.append(sa.and_(state == "day", day >= low, day < high))
        if ask.not_yet:
            known.append(state == "not_yet")
        if ask.never:
            known.append(state == "never")
        return any_of(known)

    def _over(self, end: End) -> Of:
        def over(state: Tbl) -> Bool:
            born: Expr = self.names.dialect.ordered(self.above.c.born)
            ended = sa.and_(born.is_not(None), state.c.ended.is_not(None), born <= state.c.ended)
            return sa.and_(_of(end)(state), sa.or_(state.c.removed == 1, ended))

        return over


def shield(end: End, state: Tbl) -> Bool:
    """The state protects the claims of this purpose and basis in its company."""
    known = [state.c.shielded == 1, state.c.postponed == 1]
    if end.objectable:
        known.append(state.c.objecting == 1)
    return sa.and_(_of(end)(state), any_of(known))


def _of(end: End) -> Of:
    return lambda state: sa.and_(state.c.purpose == end.purpose.id, state.c.company == end.company)


def _sure(known: Bool) -> Bool:
    """Two-valued: not known is not so."""
    return sa.case((known, 1), else_=0) == 1
