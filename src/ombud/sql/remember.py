"""Who removes a judge writes its judgement beside the judged (law 4, `spec/claims.md` §6), as INSERT … SELECT.

Each statement is for the rows of one batch of one table, and runs before they change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from ombud.datamap.model import (
    ByIdentifier,
    Cell,
    CompanyThrough,
    EachOwner,
    FromChildren,
    Kind,
    Latest,
    Link,
    MomentRule,
    OwnerRule,
    OwnersOf,
    Table,
    Through,
)
from ombud.sql.dialect import Bool, Expr
from ombud.sql.judge import Judge
from ombud.sql.names import Tbl, cell_names
from ombud.sql.owners import ANYBODY, About
from ombud.sql.read import Reader, some, untrue
from ombud.sql.relate import Path, Relation
from ombud.sql.tell import Teller

Statement = sa.Insert | sa.Delete


@dataclass(frozen=True)
class Rememberer:
    """Writes the memos that a batch of `table` calls for."""

    judge: Judge
    table: Table

    @property
    def read(self) -> Reader:
        return self.judge.read

    @property
    def teller(self) -> Teller:
        return Teller(self.read)

    @property
    def relation(self) -> Relation:
        return Relation(self.judge.owners)

    def statements(self) -> Iterator[Statement]:
        """All memos, in an order in which each still reads what was."""
        for other in self.read.names.source.tables.values():
            if not other.key:
                continue
            for kind in other.kinds:
                for name, rule in kind.moments.items():
                    yield from self._moment(other, kind, name, rule)
            yield from self._company(other)
            for name, owner in _owner_rules(other):
                yield from self._owners(other, name, owner)

    # --- which rows --------------------------------------------------------------------------------------------

    def goes(self, row: Tbl) -> Bool:
        """The row of the batch's table is deleted by it."""
        batch = self.read.names.batch(self.table.name).alias()
        return some(batch, self.read.names.same_key(batch, self.table.name, row), batch.c.gone == 1)

    def loses(self, other: Table, link: Link, row: Tbl) -> Bool:
        """The row that this link finds is deleted by the batch."""
        target = self.read.names.row(link.to)
        return some(target, self.read.points(other.name, link, row, target), self.goes(target))

    def loses_match(self, other: Table, row: Tbl, kind: str, scope: str, column: str) -> Bool:
        """The one row that this identifier names is deleted by the batch."""
        subjects = [s.name for s in self.read.names.source.subjects.values() if s.table == self.table.name]

        def gone(match: Tbl) -> Bool:
            known = []
            for subject in subjects if scope == ANYBODY else [s for s in subjects if s == scope]:
                person = self.read.names.person_of(subject).alias()
                target = self.read.names.row(self.table.name)
                same = self.read.names.same_key(person, self.table.name, target)
                known.append(some(person, person.c.person == match.c.person, some(target, same, self.goes(target))))
            return sa.and_(match.c.status == "one", sa.or_(sa.false(), *known))

        return self.read.names_person(other, row, kind, scope, column, gone)

    # --- moments and companies ---------------------------------------------------------------------------------

    def _moment(self, other: Table, kind: Kind, name: str, rule: MomentRule) -> Iterator[Statement]:
        row = self.read.names.row(other.name)
        match rule:
            case Through(link_name):
                if (match := other.matches.get(link_name)) is not None:
                    if self.read.names.source.subjects[match.to].table != self.table.name:
                        return
                    judged = self.loses_match(other, row, match.kind, match.to, match.column)
                elif other.links[link_name].to == self.table.name:
                    judged = self.loses(other, other.links[link_name], row)
                else:
                    return
                where = (judged, *self._this_kind(other, kind, row))
                yield self._forget(other, f"moment/{name}", row, *where)
                state, day = self.teller.state(other, row, name), self.teller.day(other, row, name)
                yield self._insert(other, f"moment/{name}", row, state, self._day(state, day), where)
            case FromChildren(child=child, link=link_name) if child == self.table.name:
                each = self.read.names.row(child)
                counted = self.read.counted(rule, self.table.links[link_name], each, row)
                state = self.teller.state(self.table, each, rule.moment)
                day = self._day(state, self.teller.day(self.table, each, rule.moment))
                where = (counted, self.goes(each), *self._this_kind(other, kind, row))
                yield self._insert(other, f"moment/{name}", row, state, day, where, each)
            case Latest(child=child) if child == self.table.name:
                yield from self._latest(other, kind, name, rule, row)
            case _:
                return

    def _latest(self, other: Table, kind: Kind, name: str, rule: Latest, row: Tbl) -> Iterator[Statement]:
        each, rival = self.read.names.row(rule.child), self.read.names.row(rule.child)
        link = self.table.links[rule.link]
        rank = self.read.rank(rule, each)
        later = some(rival, self.read.points(rule.child, link, rival, row), self.read.rank(rule, rival) > rank)
        kept_later = self.read.memo(
            other.name, row, f"moment/{name}", lambda m: self.read.rank_of(rule, m) > rank
        )
        latest = (
            self.read.points(rule.child, link, each, row),
            each.c[rule.order].is_not(None),
            sa.not_(later),
            sa.not_(kept_later),
            self.goes(each),
            *self._this_kind(other, kind, row),
        )
        yield self._forget(other, f"moment/{name}", row, some(each, *latest))
        when = self.read.where(rule.child, each, rule.when)
        said = self.teller.state(self.table, each, rule.moment)
        state = sa.case((when, said), else_="not_yet")
        day = self._day(state, self.teller.day(self.table, each, rule.moment))
        text = self.read.names.dialect.text(each.c[rule.order])
        yield self._insert(other, f"moment/{name}", row, state, day, latest, each, rank=text)

    def _company(self, other: Table) -> Iterator[Statement]:
        if not isinstance(other.company, CompanyThrough):
            return
        link = other.links[other.company.link]
        if link.to != self.table.name:
            return
        row = self.read.names.row(other.name)
        company = self.read.company_name(other, row)
        where = (self.loses(other, link, row), company.is_not(None))
        yield self._forget(other, "company", row, *where)
        yield self._insert(other, "company", row, company, sa.null(), where)

    def _this_kind(self, other: Table, kind: Kind, row: Tbl) -> tuple[Bool, ...]:
        """The row is of this kind, or nobody knows of which."""
        return tuple(untrue(self.read.is_kind(other, row, k)) for k in other.kinds if k is not kind)

    def _day(self, state: Expr, day: Expr) -> Expr:
        return sa.case((state == "day", day), else_=sa.null())

    # --- owners ------------------------------------------------------------------------------------------------

    def _owners(self, other: Table, name: str, rule: OwnerRule) -> Iterator[Statement]:
        row = self.read.names.row(other.name)
        match rule:
            case OwnersOf(link_name) if other.links[link_name].to == self.table.name:
                where = (self.loses(other, other.links[link_name], row),)
                yield self._forget(other, name, row, *where)
                yield from self._people(other, name, row, rule, where)
            case EachOwner(child, link_name) if child == self.table.name:
                each = self.read.names.row(child)
                points = self.read.points(child, self.table.links[link_name], each, row)
                about = About(self.table.owners)
                removed = (points, self.goes(each))
                for path in self.relation.paths(self.table, each, about):
                    yield self._person(other, name, row, Path(path.who, path.state, (each, *path.rows), path.where), removed)
                is_open = self.judge.owners.open(self.table, each, about)
                yield self._insert(other, name, row, sa.literal("open"), sa.null(), (*removed, is_open), each)
                yield self._insert(other, name, row, sa.literal("nobody"), sa.null(), removed, each)
            case ByIdentifier():
                subjects = self.read.names.source.subjects.values()
                if any(s.table == self.table.name and s.identifiers for s in subjects):
                    where = (self.loses_match(other, row, rule.kind, ANYBODY, rule.column),)
                    yield from self._people(other, name, row, rule, where)
                if other.name == self.table.name and (blanked := self._blanks(rule.column, row)) is not None:
                    yield from self._people(other, name, row, rule, (blanked,))
            case _:
                return

    def _blanks(self, column: str, row: Tbl) -> Bool | None:
        """The batch blanks a cell that stands in this column."""
        batch = self.read.names.batch(self.table.name).alias()
        cells = {name: n for n, name in enumerate(cell_names(self.table))}
        flags = [
            batch.c[f"c{cells[cell.name]}"] == 1
            for cell in _cells(self.table)
            if cell.column == column
        ]
        if not flags:
            return None
        return some(batch, self.read.names.same_key(batch, self.table.name, row), batch.c.gone == 0, sa.or_(*flags))

    def _people(
        self, other: Table, name: str, row: Tbl, rule: OwnerRule, where: tuple[Bool, ...]
    ) -> Iterator[Statement]:
        about = _Named((rule,), name)
        for path in self.relation.by_rule(other, row, name, rule):
            yield self._person(other, name, row, path, where)
        is_open = self.judge.owners.open(other, row, about)
        yield self._insert(other, name, row, sa.literal("open"), sa.null(), (*where, is_open))
        yield self._insert(other, name, row, sa.literal("nobody"), sa.null(), where)

    def _person(self, other: Table, name: str, row: Tbl, path: Path, where: tuple[Bool, ...]) -> sa.Insert:
        """One remembered person a row; a hash is not added where somebody with this hash is remembered."""
        names = self.read.names
        ref = names.ref.alias()
        known = self.read.memo(
            other.name,
            row,
            name,
            lambda m: some(
                ref,
                ref.c.who == m.c.who,
                sa.literal("", sa.Text()).concat(ref.c.scope).concat("|").concat(ref.c.value)
                == sa.func.replace(path.who, "id|", "id/", type_=sa.Text()),
            ),
        )
        return self._insert(
            other, name, row, path.state, sa.null(), (*where, *path.where, sa.not_(known)), *path.rows, who=path.who
        )

    # --- statements --------------------------------------------------------------------------------------------

    def _insert(
        self,
        other: Table,
        rule: str,
        row: Tbl,
        state: Expr,
        day: Expr,
        where: tuple[Bool, ...],
        *rows: Tbl,
        who: Expr | None = None,
        rank: Expr | None = None,
    ) -> sa.Insert:
        names = self.read.names
        memo = names.memo(other.name)
        key = [row.c[c].label(f"k{n}") for n, c in enumerate(other.key)]
        said = sa.select(
            *key,
            names.birth(other, row).label("birth"),
            sa.literal(rule).label("rule"),
            state.label("state"),
            sa.cast(day, sa.Text).label("day"),
            (sa.cast(sa.null(), sa.Text) if who is None else who).label("who"),
            (sa.cast(sa.null(), sa.Text) if rank is None else rank).label("rank"),
        ).select_from(row, *rows)
        new = said.where(*where).distinct().subquery()
        kept = memo.alias()
        same = [getattr(kept.c, c) == getattr(new.c, c) for c in ("birth", "rule", "state")]
        same += [kept.c[f"k{n}"] == new.c[f"k{n}"] for n in range(len(key))]
        same += [
            sa.func.coalesce(getattr(kept.c, c), "") == sa.func.coalesce(getattr(new.c, c), "")
            for c in ("day", "who", "rank")
        ]
        fresh = sa.select(*new.c).where(sa.not_(some(kept, *same)))
        return memo.insert().from_select(list(new.c.keys()), fresh)

    def _forget(self, other: Table, rule: str, row: Tbl, *where: Bool) -> sa.Delete:
        names = self.read.names
        memo = names.memo(other.name)
        judged = some(row, names.same_key(memo, other.name, row), memo.c.birth == names.birth(other, row), *where)
        # What still speaks for a link that is already lost is kept: only a link that finds a row now is told anew.
        return memo.delete().where(memo.c.rule == rule, judged)


@dataclass(frozen=True)
class _Named(About):
    """One rule under the very name it has in the memo."""

    def named(self) -> list[tuple[str, OwnerRule]]:
        return [(self.prefix, self.rules[0])]


def _owner_rules(table: Table) -> Iterator[tuple[str, OwnerRule]]:
    yield from About(table.owners).named()
    for cell in _cells(table):
        yield from About(cell.of, f"cell/{cell.name}").named()


def _cells(table: Table) -> Iterator[Cell]:
    """Each cell once by name: kinds that share a name share the cell's owners."""
    seen: dict[str, Cell] = {}
    for kind in table.kinds:
        for cell in kind.cells.values():
            seen.setdefault(cell.name, cell)
    yield from seen.values()
