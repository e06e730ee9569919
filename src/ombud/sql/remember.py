"""Who removes a judge writes its judgement beside the judged (law 4, `spec/claims.md` §6), as INSERT … SELECT.

Each statement is for the rows of one batch of one table, and runs before they change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from ombud.datamap.model import (
    ByIdentifier,
    CompanyThrough,
    EachOwner,
    FromChildren,
    Latest,
    Link,
    Match,
    MomentRule,
    OwnerRule,
    OwnersOf,
    Table,
    Through,
)
from ombud.plan.naming import COMPANY, SHARED, rule_name
from ombud.sql.dialect import Bool, Expr
from ombud.sql.judge import Judge
from ombud.sql.names import Tbl, cell_names
from ombud.sql.owners import ANYBODY, About
from ombud.sql.read import Reader, some
from ombud.sql.relate import Path, Relation
from ombud.sql.tell import Teller

NEW = "new/"
"""Before a rule's name while its judgement is told anew from the old one."""

Statement = sa.Insert | sa.Delete | sa.Update


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
        """All memos, in an order in which each still reads what was. Rules of every kind: a row's kind may change."""
        for other in self.read.names.source.tables.values():
            if not other.key:
                continue
            for moment in dict.fromkeys(rule for kind in other.kinds for rule in kind.moments.values()):
                yield from self._moment(other, moment)
            yield from self._company(other)
            for owner in owner_rules(other):
                yield from self._owners(other, owner)

    # --- which rows --------------------------------------------------------------------------------------------

    def goes(self, row: Tbl) -> Bool:
        """The row of the batch's table is deleted by it."""
        batch = self.read.names.batch(self.table.name).alias()
        return some(batch, self.read.names.same_key(batch, self.table.name, row), batch.c.gone == 1)

    def loses(self, other: Table, link: Link, row: Tbl) -> Bool:
        """The row that this link finds is deleted by the batch."""
        return self.read.found(other.name, link, row, self.goes)

    def loses_match(self, other: Table, row: Tbl, kind: str, scope: str, column: str, *status: str) -> Bool:
        """A row that this identifier names is deleted by the batch."""
        subjects = [s.name for s in self.read.names.source.subjects.values() if s.table == self.table.name]

        def gone(match: Tbl) -> Bool:
            known = []
            for subject in subjects if scope == ANYBODY else [s for s in subjects if s == scope]:
                person = self.read.names.person_of(subject).alias()
                target = self.read.names.row(self.table.name)
                same = self.read.names.same_key(person, self.table.name, target)
                known.append(some(person, person.c.person == match.c.person, some(target, same, self.goes(target))))
            return sa.and_(match.c.status.in_(status), sa.or_(sa.false(), *known))

        return self.read.names_person(other, row, kind, scope, column, gone)

    # --- moments and companies ---------------------------------------------------------------------------------

    def _moment(self, other: Table, rule: MomentRule) -> Iterator[Statement]:
        row = self.read.names.row(other.name)
        match rule:
            case Through(link_name) if (match := other.matches.get(link_name)) is not None:
                if self.read.names.source.subjects[match.to].table == self.table.name:
                    yield from self._through_match(other, rule, match)
            case Through(link_name):
                if (link := other.links[link_name]).to == self.table.name:
                    yield from self._anew(other, rule_name(rule), [self._told(other, rule, row, self.loses(other, link, row))])
            case FromChildren(child=child, link=link_name) if child == self.table.name:
                each = self.read.names.row(child)
                counted = self.read.counted(rule, self.table.links[link_name], each, row)
                state = self.teller.state(self.table, each, rule.moment)
                day = self._day(state, self.teller.day(self.table, each, rule.moment))
                yield self._insert(other, rule_name(rule), row, state, day, (counted, self.goes(each)), each)
            case Latest(child=child) if child == self.table.name:
                yield from self._anew(other, rule_name(rule), self._latest(other, rule))
            case _:
                return

    def _told(self, other: Table, rule: MomentRule, row: Tbl, *where: Bool) -> sa.Insert:
        state = self.teller.state_by(other, row, rule)
        day = self._day(state, self.teller.day_by(other, row, rule))
        return self._insert(other, NEW + rule_name(rule), row, state, day, where)

    def _through_match(self, other: Table, rule: Through, match: Match) -> Iterator[Statement]:
        row = self.read.names.row(other.name)
        loses = self.loses_match(other, row, match.kind, match.to, match.column, "one", "many")
        yield from self._anew(other, rule_name(rule), [self._told(other, rule, row, loses)])
        several = self.loses_match(other, row, match.kind, match.to, match.column, "many")
        named = self._digest(other, row, match.kind, match.to, match.column)
        yield self._insert(other, SHARED, row, sa.literal(match.kind), sa.null(), (several,), named=named)

    def _latest(self, other: Table, rule: Latest) -> Iterator[sa.Insert]:
        """What the latest row says if it goes; of several at the top, or with an order missing, that nobody can tell."""
        row, each = self.read.names.row(other.name), self.read.names.row(rule.child)
        link = self.table.links[rule.link]
        name, unknown = rule_name(rule), sa.literal("unknown")

        def rival(*which: Bool | None, of: Tbl) -> Bool:
            return some(of, self.read.points(rule.child, link, of, row), *(w for w in which if w is not None))

        nameless = self.read.names.row(rule.child)
        orderless = sa.or_(
            rival(nameless.c[rule.order].is_(None), of=nameless),
            self.read.memo(other.name, row, name, lambda m: m.c.rank.is_(None)),
        )
        leaving = self.read.names.row(rule.child)
        yield self._insert(
            other, NEW + name, row, unknown, sa.null(), (rival(self.goes(leaving), of=leaving), orderless)
        )
        rank = self.read.rank(rule, each)
        later, equal = self.read.names.row(rule.child), self.read.names.row(rule.child)
        itself = sa.and_(*(equal.c[c] == each.c[c] for c in self.table.key))
        tie = sa.or_(
            rival(self.read.rank(rule, equal) == rank, sa.not_(itself), of=equal),
            self.read.memo(other.name, row, name, lambda m: self.read.rank_of(rule, m) == rank),
        )
        top = (
            sa.not_(orderless),
            self.read.points(rule.child, link, each, row),
            self.goes(each),
            sa.not_(rival(self.read.rank(rule, later) > rank, of=later)),
            sa.not_(self.read.memo(other.name, row, name, lambda m: self.read.rank_of(rule, m) > rank)),
        )
        said = sa.case(
            (self.read.where(rule.child, each, rule.when), self.teller.state(self.table, each, rule.moment)),
            else_="not_yet",
        )
        state = sa.case((tie, "unknown"), else_=said)
        day = self._day(state, self.teller.day(self.table, each, rule.moment))
        text = self.read.names.dialect.text(each.c[rule.order])
        yield self._insert(other, NEW + name, row, state, day, top, each, rank=text)

    def _company(self, other: Table) -> Iterator[Statement]:
        if not isinstance(other.company, CompanyThrough):
            return
        link = other.links[other.company.link]
        if link.to != self.table.name:
            return
        row = self.read.names.row(other.name)
        company = self.read.company_name(other, row)
        where = (self.loses(other, link, row),)
        told = self._insert(other, NEW + COMPANY, row, sa.func.coalesce(company, ""), sa.null(), where)
        yield from self._anew(other, COMPANY, [told])

    def _day(self, state: Expr, day: Expr) -> Expr:
        return sa.case((state == "day", day), else_=sa.null())

    # --- owners ------------------------------------------------------------------------------------------------

    def _owners(self, other: Table, rule: OwnerRule) -> Iterator[Statement]:
        row = self.read.names.row(other.name)
        match rule:
            case OwnersOf(link_name) if other.links[link_name].to == self.table.name:
                loses = self.loses(other, other.links[link_name], row)
                yield from self._anew(other, rule_name(rule), self._people(other, row, rule, loses))
            case EachOwner(child, link_name) if child == self.table.name:
                each = self.read.names.row(child)
                points = self.read.points(child, self.table.links[link_name], each, row)
                about = About(self.table.owners)
                removed = (points, self.goes(each))
                for path in self.relation.paths(self.table, each, about):
                    via = Path(path.who, path.state, (each, *path.rows), path.where)
                    yield self._person(other, rule_name(rule), row, via, removed)
                is_open = self.judge.owners.open(self.table, each, about)
                name = rule_name(rule)
                yield self._insert(other, name, row, sa.literal("open"), sa.null(), (*removed, is_open), each)
                yield self._insert(other, name, row, sa.literal("nobody"), sa.null(), removed, each)
            case ByIdentifier():
                lost = []
                if any(s.table == self.table.name for s in self.read.names.source.subjects.values()):
                    lost.append(self.loses_match(other, row, rule.kind, ANYBODY, rule.column, "one", "many"))
                if other.name == self.table.name:
                    speaks = sa.not_(self.read.says_nothing(other, row, rule.kind, ANYBODY, rule.column))
                    lost += [sa.and_(speaks, blanked) for blanked in self.blanks(rule.column, row)]
                if lost:
                    named = self._digest(other, row, rule.kind, ANYBODY, rule.column)
                    yield from self._anew(other, rule_name(rule), self._people(other, row, rule, sa.or_(*lost), named))
            case _:
                return

    def blanks(self, column: str, row: Tbl) -> Iterator[Bool]:
        """The batch blanks a cell that stands in this column of the row."""
        for n, name in enumerate(cell_names(self.table)):
            if any(name in k.cells and k.cells[name].column == column for k in self.table.kinds):
                batch = self.read.names.batch(self.table.name).alias()
                same = self.read.names.same_key(batch, self.table.name, row)
                yield some(batch, same, batch.c.gone == 0, batch.c[f"c{n}"] == 1)

    def _digest(self, other: Table, row: Tbl, kind: str, scope: str, column: str) -> Expr:
        """The keyed hash of the identifier that stands in the row."""
        match = self.read.names.match.alias()
        raw = self.read.names.dialect.exact(self.read.as_text(row.c[column]))
        found = sa.select(match.c.digest).where(match.c.raw == raw, match.c.kind == kind, match.c.scope == scope)
        return found.limit(1).correlate_except(match).scalar_subquery()

    def _people(
        self, other: Table, row: Tbl, rule: OwnerRule, where: Bool, named: Expr | None = None
    ) -> Iterator[sa.Insert]:
        name = NEW + rule_name(rule)
        for path in self.relation.by_rule(other, row, rule_name(rule), rule):
            yield self._person(other, name, row, path, (where,), named)
        is_open = self.judge.owners.open(other, row, About((rule,)))
        yield self._insert(other, name, row, sa.literal("open"), sa.null(), (where, is_open), named=named)
        yield self._insert(other, name, row, sa.literal("nobody"), sa.null(), (where,), named=named)

    def _person(
        self, other: Table, name: str, row: Tbl, path: Path, where: tuple[Bool, ...], named: Expr | None = None
    ) -> sa.Insert:
        also = (*where, *path.where)
        return self._insert(other, name, row, path.state, sa.null(), also, *path.rows, who=path.who, named=named)

    # --- statements --------------------------------------------------------------------------------------------

    def _anew(self, other: Table, name: str, told: Iterable[sa.Insert]) -> Iterator[Statement]:
        """What is told now takes the place of what was remembered by the same rule."""
        yield from told
        memo, new = self.read.names.memo(other.name), self.read.names.memo(other.name).alias()
        same = [memo.c[f"k{n}"] == new.c[f"k{n}"] for n in range(len(other.key))]
        yield memo.delete().where(memo.c.rule == name, some(new, *same, new.c.rule == NEW + name))
        yield memo.update().where(memo.c.rule == NEW + name).values(rule=name)

    def _insert(
        self,
        other: Table,
        name: str,
        row: Tbl,
        state: Expr,
        day: Expr,
        where: tuple[Bool, ...],
        *rows: Tbl,
        who: Expr | None = None,
        rank: Expr | None = None,
        named: Expr | None = None,
    ) -> sa.Insert:
        names = self.read.names
        memo = names.memo(other.name)
        key = [row.c[c].label(f"k{n}") for n, c in enumerate(other.key)]
        texts = {"day": day, "who": who, "rank": rank, "named": named}
        said = sa.select(
            *key,
            names.birth(other, row).label("birth"),
            sa.literal(name).label("rule"),
            state.label("state"),
            *(sa.cast(sa.null() if text is None else text, sa.Text).label(label) for label, text in texts.items()),
        ).select_from(row, *rows)
        new = said.where(*where).distinct().subquery()
        kept = memo.alias()
        same = [kept.c[c] == new.c[c] for c in (*(f"k{n}" for n in range(len(key))), "birth", "rule", "state")]
        same += [sa.func.coalesce(kept.c[c], "") == sa.func.coalesce(new.c[c], "") for c in texts]
        fresh = sa.select(*new.c).where(sa.not_(some(kept, *same)))
        return memo.insert().from_select(list(new.c.keys()), fresh)


def owner_rules(table: Table) -> Iterator[OwnerRule]:
    """Every rule by which a row or a cell of this table has owners, once."""
    of = [rule for kind in table.kinds for cell in kind.cells.values() for rule in cell.of]
    yield from dict.fromkeys((*table.owners, *of))
