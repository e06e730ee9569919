"""Who removes a judge writes its judgement beside the judged (law 4, `spec/claims.md` §6), from facts already written.

Each statement is for the rows of one batch of one table, and runs before they change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa

from ombud.datamap.model import (
    ByIdentifier,
    CompanyThrough,
    EachOwner,
    FromChildren,
    Latest,
    MomentRule,
    OwnerRule,
    OwnersOf,
    Table,
    Through,
)
from ombud.plan.naming import ADDED, ANEW, COMPANY, FOLLOWED, SEVERAL, rule_name
from ombud.sql.dialect import Bool, Expr
from ombud.sql.judge import Judge
from ombud.sql.moments import Moments
from ombud.sql.names import Names
from ombud.sql.owners import Owners
from ombud.sql.read import Reader, some
from ombud.sql.tables import Tbl, cell_names

Statement = sa.Insert | sa.Delete | sa.Update


@dataclass(frozen=True)
class Rememberer:
    """Writes the memos that a batch of `table` calls for. The facts must hold the batch's rows and all they judge.

    `for_later`: they do not count until the batch was carried out (`sql/intents.py`).
    """

    judge: Judge
    table: Table
    for_later: bool = False

    @property
    def names(self) -> Names:
        return self.judge.read.names

    @property
    def read(self) -> Reader:
        return self.judge.read

    @property
    def moments(self) -> Moments:
        return Moments(self.judge.facts)

    def parts(self) -> Iterator[tuple[Table, Callable[[], Iterator[Statement]]]]:
        """All memos by the table whose rows remember, in an order in which each still reads what was. Rules of every
        kind: a row's kind may change.
        """
        facts = self.judge.facts
        keyed = [table for table in self.names.source.tables.values() if table.key]
        followers = [table for table in keyed if facts.followed(table) is not None]
        for other in sorted(followers, key=lambda t: facts.remove(t)):
            yield other, partial(self._follower, other)
        for other in keyed:
            yield other, partial(self._of, other)

    def _of(self, other: Table) -> Iterator[Statement]:
        for moment in self.names.sheet(other.name).rules:
            yield from self._moment(other, moment)
        yield from self._company(other)
        for owner in other.owner_rules:
            yield from self._owners(other, owner)

    # --- which rows --------------------------------------------------------------------------------------------

    def goes(self, row: Tbl) -> Bool:
        """The row of the batch's table is deleted by it."""
        batch = self.names.batch(self.table.name).alias()
        return some(batch, self.names.same_key(batch, self.table.name, row), batch.c.gone == 1)

    def fact_goes(self, fact: Tbl) -> Bool:
        """The same, of its fact row."""
        batch = self.names.batch(self.table.name).alias()
        return some(
            batch, *(batch.c[f"k{n}"] == fact.c[f"k{n}"] for n in range(len(self.table.key))), batch.c.gone == 1
        )

    def _loses(self, other: Table, fact: Tbl, link: str) -> Bool:
        """The row that this link finds is deleted by the batch."""
        there = self.names.fact(self.table.name).alias()
        return some(there, there.c.rid == fact.c[self._at(other, link)], self.fact_goes(there))

    def _at(self, table: Table, link: str) -> str:
        return f"l{self.names.sheet(table.name).links.index(link)}"

    def _loses_bearer(self, other: Table, fact: Tbl, kind: str, column: str, subject: str | None = None) -> Bool:
        """Somebody whom this identifier may name is deleted by the batch."""
        bearer, there = self.names.bearer.alias(), self.names.fact(self.table.name).alias()
        mine = Owners(self.judge.facts).bears(bearer, kind, self._digest(other, fact, kind, column), fact)
        named = [bearer.c.subject == subject] if subject else []
        return some(bearer, mine, *named, some(there, there.c.who == bearer.c.who, self.fact_goes(there)))

    def _digest(self, other: Table, fact: Tbl, kind: str, column: str) -> Expr:
        return fact.c[f"i{self.names.sheet(other.name).identifiers.index((kind, column))}"]

    def _follower(self, other: Table) -> Iterator[sa.Insert]:
        """Who follows a row that goes, at whatever remove, keeps knowing of which kind and company its claims were."""
        facts = self.judge.facts
        link = other.links[facts.followed(other) or ""]
        fact, row = self.names.fact(other.name).alias(), self.names.row(other.name)
        above, memo = self.names.fact(link.to).alias(), self.names.memo(link.to).alias()
        at = [above.c.rid == fact.c[self._at(other, link.name)], self.names.same_key(fact, other.name, row)]
        by = self.read.link_text(link, row)
        if link.to == self.table.name:
            is_root = facts.followed(self.table) is None
            root = above if is_root else self.names.fact(facts.root_table(other).name).alias()
            rows = (row, above) if is_root else (row, above, root)
            its_root = root.c.rid == facts.root_of(self.table, above)
            went = (*at, self.fact_goes(above), its_root, root.c.kind.is_not(None))
            kind = self._kind(facts.root_table(other), root)
            yield self._insert(other, FOLLOWED, fact, kind, went, *rows, rank=root.c.company, named=by)
        if facts.followed(self.read.mapped(link.to)):
            known = [facts.kept(memo, above, name) for name in (FOLLOWED, ADDED + FOLLOWED)]
            lost = (*at, sa.or_(*known))
            rank = memo.c.rank
            yield self._insert(other, FOLLOWED, fact, memo.c.state, lost, row, above, memo, rank=rank, named=by)

    def _kind(self, table: Table, fact: Tbl) -> Expr:
        """The row's kind, by its name."""
        return sa.case({str(n): sa.literal(kind.name) for n, kind in enumerate(table.kinds)}, value=fact.c.kind)

    # --- moments and companies ---------------------------------------------------------------------------------

    def _moment(self, other: Table, rule: MomentRule) -> Iterator[Statement]:
        fact, each = self.names.fact(other.name).alias(), self.names.fact(self.table.name).alias()
        match rule:
            case Through(link) if link in other.matches:
                match = other.matches[link]
                if self.names.source.subjects[match.to].table != self.table.name:
                    return
                loses = self._loses_bearer(other, fact, match.kind, match.column, match.to)
                yield from self._anew(other, rule, [self._told(other, rule, fact, loses)])
                n = self.names.sheet(other.name).matches.index(link)
                digest = self._digest(other, fact, match.kind, match.column)
                several = sa.and_(loses, fact.c[f"x{n}"] == "many")
                yield self._insert(other, SEVERAL + link, fact, sa.literal(match.kind), (several,), named=digest)
            case Through(link) if other.links[link].to == self.table.name:
                yield from self._anew(other, rule, [self._told(other, rule, fact, self._loses(other, fact, link))])
            case FromChildren(child=child, link=link) if child == self.table.name:
                state, day = self.moments.of(self.table, each, rule.moment)
                where = (each.c[self._at(self.table, link)] == fact.c.rid, self.moments.counts(each, rule))
                going = (*where, self.fact_goes(each))
                yield self._insert(other, rule_name(rule), fact, state, going, each, day=self._day(state, day))
            case Latest(child=child) if child == self.table.name:
                yield from self.moments.line_up(other, rule)
                yield from self._anew(other, rule, self._latest(other, rule, fact, each))
            case _:
                return

    def _told(self, other: Table, rule: MomentRule, fact: Tbl, where: Bool) -> sa.Insert:
        n = self.names.sheet(other.name).rules.index(rule)
        state = fact.c[f"s{n}"]
        return self._insert(other, ANEW + rule_name(rule), fact, state, (where,), day=self._day(state, fact.c[f"d{n}"]))

    def _day(self, state: Expr, day: Expr) -> Expr:
        return sa.case((state == "day", day), else_=sa.null())

    def _latest(self, other: Table, rule: Latest, fact: Tbl, each: Tbl) -> Iterator[sa.Insert]:
        """What the latest row says if it goes; if several are, or an order is missing, that nobody can tell."""
        name, link, spoke = ANEW + rule_name(rule), self._at(self.table, rule.link), self.names.spoke
        rank = self.moments.rank(rule)
        said, top = spoke.alias(), spoke.alias()
        leaves = some(each, each.c[link] == fact.c.rid, self.fact_goes(each))
        orderless = some(said, said.c.rid == fact.c.rid, rank(said).is_(None))
        yield self._insert(other, name, fact, sa.literal("unknown"), (leaves, orderless))
        row = self.names.row(self.table.name)
        order = row.c[rule.order] if isinstance(row.c[rule.order].type, sa.BigInteger | sa.Numeric) else None
        own = order if order is not None else self.names.dialect.ordered(self.names.dialect.text(row.c[rule.order]))
        higher = some(top, top.c.rid == fact.c.rid, rank(top) > own)
        equal = spoke.alias()
        many = sa.select(sa.func.count()).select_from(equal).where(equal.c.rid == fact.c.rid, rank(equal) == own)
        tie = many.correlate_except(equal).scalar_subquery() > 1
        says = each.c[f"w{self.names.sheet(rule.child).wheres.index(rule.when)}"] == 1
        state, day = self.moments.of(self.table, each, rule.moment)
        state = sa.case((tie, "unknown"), (says, state), else_="not_yet")
        going = (
            each.c[link] == fact.c.rid,
            self.fact_goes(each),
            self.names.same_key(each, self.table.name, row),
            sa.not_(orderless),
            sa.not_(higher),
        )
        text = self.names.dialect.text(row.c[rule.order])
        yield self._insert(other, name, fact, state, going, each, row, day=self._day(state, day), rank=text)

    def _company(self, other: Table) -> Iterator[Statement]:
        if not isinstance(other.company, CompanyThrough) or other.links[other.company.link].to != self.table.name:
            return
        fact = self.names.fact(other.name).alias()
        loses = self._loses(other, fact, other.company.link)
        told = self._insert(other, ANEW + COMPANY, fact, sa.func.coalesce(fact.c.company, ""), (loses,))
        yield from self._anew(other, COMPANY, [told])

    # --- owners ------------------------------------------------------------------------------------------------

    def _owners(self, other: Table, rule: OwnerRule) -> Iterator[Statement]:
        fact = self.names.fact(other.name).alias()
        match rule:
            case OwnersOf(link) if other.links[link].to == self.table.name:
                yield from self._anew(other, rule, self._people(other, rule, fact, self._loses(other, fact, link)))
            case EachOwner(child, link) if child == self.table.name:
                each, owner = self.names.fact(child).alias(), self.names.owner(child).alias()
                removed = (each.c[self._at(self.table, link)] == fact.c.rid, self.fact_goes(each))
                theirs = owner.c.rule.in_([rule_name(r) for r in self.table.owners])
                people = (*removed, owner.c.rid == each.c.rid, theirs)
                name = rule_name(rule)
                yield self._insert(other, name, fact, owner.c.status, people, each, owner, who=_was(owner.c.who))
                yield self._insert(other, name, fact, sa.literal("nobody"), removed, each)
            case ByIdentifier(kind, column):
                lost = []
                if any(s.table == self.table.name for s in self.names.source.subjects.values()):
                    lost.append(self._loses_bearer(other, fact, kind, column))
                if other.name == self.table.name:
                    row = self.names.row(other.name)
                    same = self.names.same_key(fact, other.name, row)
                    lost += [some(row, same, blanked) for blanked in self.blanks(column, row)]
                digest = self._digest(other, fact, kind, column)
                if lost:
                    holds = Owners(self.judge.facts).holds(other, rule, fact)
                    where = sa.and_(digest != "", sa.or_(*lost), *holds)
                    yield from self._anew(other, rule, self._people(other, rule, fact, where, digest))
            case _:
                return

    def _people(
        self, other: Table, rule: OwnerRule, fact: Tbl, where: Bool, named: Expr | None = None
    ) -> Iterator[sa.Insert]:
        name, owner = ANEW + rule_name(rule), self.names.owner(other.name).alias()
        mine = (where, owner.c.rid == fact.c.rid, owner.c.rule == rule_name(rule))
        yield self._insert(other, name, fact, owner.c.status, mine, owner, who=_was(owner.c.who), named=named)
        yield self._insert(other, name, fact, sa.literal("nobody"), (where,), named=named)

    def blanks(self, column: str, row: Tbl) -> Iterator[Bool]:
        """The batch blanks a cell that stands in this column of the row."""
        for n, name in enumerate(cell_names(self.table)):
            if any(name in k.cells and k.cells[name].column == column for k in self.table.kinds):
                batch = self.names.batch(self.table.name).alias()
                same = self.names.same_key(batch, self.table.name, row)
                yield some(batch, same, batch.c.gone == 0, batch.c[f"c{n}"] == 1)

    # --- statements --------------------------------------------------------------------------------------------

    def _anew(self, other: Table, rule: MomentRule | OwnerRule | str, told: Iterable[sa.Insert]) -> Iterator[Statement]:
        """What is told now takes the place of what was remembered by the same rule."""
        name = rule if isinstance(rule, str) else rule_name(rule)
        yield from told
        if self.for_later:
            return
        memo, new = self.names.memo(other.name), self.names.memo(other.name).alias()
        same = [memo.c[f"k{n}"] == new.c[f"k{n}"] for n in range(len(other.key))]
        # Of rows that are looked at, for of others nothing was told: found by their keys, and not among all.
        fact = self.names.fact(other.name).alias()
        known = self.names.keys_among(memo, other.name, self.names.keys_in(fact, other.name))
        yield memo.delete().where(known, memo.c.rule == name, some(new, *same, new.c.rule == ANEW + name))
        yield memo.update().where(known, memo.c.rule == ANEW + name).values(rule=name)

    def _insert(
        self,
        other: Table,
        name: str,
        fact: Tbl,
        state: Expr,
        where: tuple[Bool, ...],
        *rows: Tbl,
        day: Expr | None = None,
        who: Expr | None = None,
        rank: Expr | None = None,
        named: Expr | None = None,
    ) -> sa.Insert:
        memo = self.names.memo(other.name)
        name = ADDED + name if self.for_later and not name.startswith(ANEW) else name
        keys = [f"k{n}" for n in range(len(other.key))]
        texts = {"day": day, "who": who, "rank": rank, "named": named}
        said = sa.select(
            *(fact.c[k].label(k) for k in keys),
            fact.c.birth.label("birth"),
            sa.literal(name, sa.Text()).label("rule"),
            state.label("state"),
            *(sa.cast(sa.null() if text is None else text, sa.Text).label(label) for label, text in texts.items()),
        ).select_from(fact, *rows)
        new = said.where(*where).distinct().subquery()
        kept = memo.alias()
        same = [kept.c[c] == new.c[c] for c in (*keys, "birth", "rule", "state")]
        same += [sa.func.coalesce(kept.c[c], "") == sa.func.coalesce(new.c[c], "") for c in texts]
        fresh = sa.select(*new.c).where(sa.not_(some(kept, *same)))
        return memo.insert().from_select(list(new.c.keys()), fresh)


def _was(who: Expr) -> Expr:
    """A living row's person, once remembered, is who they were then."""
    living = sa.func.substr(who, 1, 4) == "key|"
    return sa.case((living, sa.literal("was|", sa.Text()).concat(sa.func.substr(who, 5))), else_=who)
