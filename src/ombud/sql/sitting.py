"""When a row or a cell is known to be dead, in SQL, over facts already written (`spec/claims.md` §4 and §5).

One inner query says of each claim whether it is dead; the outer one puts rows and cells together. Everything is built
from *known dead*, joined by AND and OR, so that NULL, the unknown, can only keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Cell, Kind, Otherwise, Table
from ombud.plan.ends import Ask, End
from ombud.policy.model import BasisKind
from ombud.sql.about import About, Of
from ombud.sql.dialect import Bool, Expr
from ombud.sql.judge import Judge, of_end, shield, wholly
from ombud.sql.numbered import is_numbered
from ombud.sql.read import NO, all_of, any_of
from ombud.sql.tables import Tbl, cell_names
from ombud.sql.trees import All, Either, Flag, Not, Tree, built


@dataclass
class Columns:
    """The columns of the inner query, each once."""

    said: dict[object, sa.Label[object]] = field(default_factory=dict)

    def flag(self, what: object, known: Callable[[], Bool]) -> str:
        """The name of a 0/1 column that says whether this is known."""
        if what not in self.said:
            self.said[what] = sa.case((known(), 1), else_=0).label(f"f{len(self.said)}")
        return self.said[what].name


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
        q = self._heard()

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

    def _heard(self) -> sa.FromClause:
        """Evaluated once a row: left to themselves, engines copy each flag's expression to wherever it is asked for."""
        said, most = list(self.columns.said.values()), self.names.dialect.at_once
        if not most or len(said) <= most:
            return self.names.once(self._inner(said), "known")
        parts = [
            self.names.once(self._inner(said[n : n + most], self.fact.c.rid), f"known_{n // most}")
            for n in range(0, len(said), most)
        ]
        first, *others = parts
        joined: sa.FromClause = first
        for part in others:
            joined = joined.join(part, part.c.rid == first.c.rid)
        flags = (part.c[flag.name] for n, part in enumerate(parts) for flag in said[n * most : (n + 1) * most])
        whole = [c for c in first.c if c.name != "rid" and not c.name.startswith("f")]
        return sa.select(*whole, *flags).select_from(joined).subquery("known")

    def _inner(self, flags: Iterable[sa.Label[object]] | None = None, *named: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """All flags, unless it is said which."""
        fact, above = self.fact, self.above
        key = [fact.c[f"k{n}"] for n in range(len(self.table.key))]
        of = [fact.c.kind, above.c.kind.label("above"), above.c.company.label("company")]
        flags = self.columns.said.values() if flags is None else flags
        chosen: sa.Select[Any] = sa.select(*named, *key, *of, *flags).select_from(fact, self.row)
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
            if cell.of or not self.judge.cell_ends(self.table, cell, above, company):
                trees.append(Either((Not(self._nonempty(cell)), self._cell_dead(cell, above, company))))
        return trees

    def _cell_dead(self, cell: Cell, above: Kind, company: str) -> Tree:
        ends = self.judge.cell_ends(self.table, cell, above, company)
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
        return self.names.once(chosen, "documents")

    # --- claims -------------------------------------------------------------------------------------------------

    def _whole(self, who: object, about: About, company: str) -> Tree:
        return Flag(self.columns.flag(("whole", who, company), lambda: about.shielded(wholly(company))))

    def _claim(self, who: object, about: About, above: Kind, end: End) -> Tree:
        what = ("claim", who, above.name, end.purpose.id, end.basis, end.company, end.moments)
        return Flag(self.columns.flag(what, lambda: self._claim_dead(about, above, end)))

    def _claim_dead(self, about: About, above: Kind, end: End) -> Bool:
        """Not shielded, not anybody's, and over: by its clock, or for every one of its owners by marks."""

        def shielded(state: Tbl) -> Bool:
            return shield(end, state, self._ended(state))

        by_clock = any_of(self._is(above, moment, ask) for moment, ask in end.moments)
        over = self._over(end)
        if end.basis is BasisKind.CONSENT:

            def consented(state: Tbl) -> Bool:
                return sa.and_(of_end(end)(state), state.c.consented == 1, sa.not_(_sure(over(state))))

            by_marks = sa.and_(sa.not_(about.candidate()), sa.not_(about.shielded(consented)))
        else:
            by_marks = sa.and_(
                about.marked(), about.certain(), sa.not_(about.candidate()), sa.not_(about.lacking(over))
            )
        return all_of([sa.or_(by_clock, by_marks), sa.not_(about.shielded(shielded)), sa.not_(about.open())])

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
            return sa.and_(of_end(end)(state), sa.or_(state.c.removed == 1, self._ended(state)))

        return over

    def _ended(self, state: Tbl) -> Bool:
        """The state's mark ended what was born until its day, and the root is known to be."""
        born: Expr = self.names.dialect.ordered(self.above.c.born)
        return sa.and_(born.is_not(None), state.c.ended.is_not(None), born <= state.c.ended)


def _sure(known: Bool) -> Bool:
    """Two-valued: not known is not so."""
    return sa.case((known, 1), else_=0) == 1
