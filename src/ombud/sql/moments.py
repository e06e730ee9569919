"""Moments that other rows say, one rule at a time, written into the facts (`spec/claims.md` §2, moment)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, assert_never

import sqlalchemy as sa

from ombud.datamap.model import FromChildren, FromColumn, Imported, Latest, Match, Pick, Table, Through
from ombud.plan.naming import SEVERAL, SURE, UNSURE, rule_name
from ombud.plan.sheet import MomentStep
from ombud.sql.dialect import Bool, Expr
from ombud.sql.facts import DANGLING, FOUND, MISSING, Facts
from ombud.sql.names import Names
from ombud.sql.owners import CERTAIN, Owners, person
from ombud.sql.read import some
from ombud.sql.tables import Tbl
from ombud.terms import IfNone

Told = tuple[Expr, Expr]
"""A moment's state and, where that is `day`, its ISO day."""

UNKNOWN: Told = (sa.literal("unknown", sa.Text()), sa.cast(sa.null(), sa.Text))


def imported_as(rule: Imported) -> str:
    """Under which the sidecar keeps the day an import was last copied."""
    return f"imported/{rule.source}/{rule.subject}/{rule.moment}/{rule.match}"


@dataclass(frozen=True)
class Moments:
    """Statements that write one moment rule into the facts of its table."""

    facts: Facts

    @property
    def names(self) -> Names:
        return self.facts.names

    def fill(self, step: MomentStep) -> Iterator[sa.Insert | sa.Update | sa.Delete]:
        """The moment of every row of the table by this rule, whatever the row's kind."""
        table, fact = self.facts.read.mapped(step.table), self.names.fact(step.table)
        match step.rule:
            case FromColumn():
                return
            case Through(link) if link in table.matches:
                yield from self._matched(table, fact, step.rule, table.matches[link])
            case Through():
                yield self._write(table, step.rule, self.through(table, fact, step.rule))
            case FromChildren():
                yield from self._children(table, fact, step.rule)
            case Latest():
                yield from self._latest(table, fact, step.rule)
            case Imported():
                yield from self._imported(table, fact, step.rule)
            case _:
                assert_never(step.rule)

    def _write(self, table: Table, rule: Through | FromChildren | Latest | Imported, told: Told) -> sa.Update:
        n = self.names.sheet(table.name).rules.index(rule)
        return self.names.fact(table.name).update().values({f"s{n}": told[0], f"d{n}": told[1]})

    def of(self, table: Table, fact: Tbl, moment: str) -> Told:
        """A row's moment by name, in its kind."""
        rules = self.names.sheet(table.name).rules
        at = [
            (str(k), rules.index(kind.moments[moment])) for k, kind in enumerate(table.kinds) if moment in kind.moments
        ]
        if not at:
            return UNKNOWN
        states = sa.case(*((fact.c.kind == k, fact.c[f"s{n}"]) for k, n in at), else_="unknown")
        days = sa.case(*((fact.c.kind == k, fact.c[f"d{n}"]) for k, n in at), else_=sa.null())
        return states, days

    # --- through links and matches -----------------------------------------------------------------------------

    def through(self, table: Table, fact: Tbl, rule: Through) -> Told:
        """The moment of the row that a link found; of one that went, what is remembered."""
        link = table.links[rule.link]
        n = self.names.sheet(table.name).links.index(rule.link)
        there = self.names.fact(link.to).alias()
        theirs = self.of(self.facts.read.mapped(link.to), there, rule.moment)
        how = fact.c[f"q{n}"]
        at = there.c.rid == fact.c[f"l{n}"]
        kept, missing = self._remembered(table, fact, rule), self._if_none(fact, link.if_none)
        return self._cases(
            (how == FOUND, self._one(there, theirs, at)),
            (sa.and_(how.in_((MISSING, DANGLING)), self._is_kept(table, fact, rule)), kept),
            (how == MISSING, missing),
        )

    def _matched(self, table: Table, fact: Tbl, rule: Through, match: Match) -> Iterator[sa.Update]:
        """First how the match went, and whom it found; then their moment."""
        sheet = self.names.sheet(table.name)
        n = sheet.matches.index(rule.link)
        digest = fact.c[f"i{sheet.identifiers.index((match.kind, match.column))}"]
        subject = self.names.source.subjects[match.to]
        bearer, there = self.names.bearer.alias(), self.names.fact(subject.table).alias()
        mine = sa.and_(Owners(self.facts).bears(bearer, match.kind, digest, fact), bearer.c.subject == match.to)
        several = sa.select(sa.func.count()).select_from(bearer).where(mine).correlate_except(bearer).scalar_subquery()
        same = sa.and_(mine, bearer.c.company == fact.c.company)
        memo = self.names.memo(table.name).alias()
        shared = some(memo, self.facts.kept(memo, fact, SEVERAL + match.name), memo.c.named == digest)
        how = sa.case(
            (digest == "", "none"),
            (sa.or_(digest.is_(None), shared), "many"),
            (several == 0, "none"),
            (sa.and_(several == 1, some(bearer, same)), "one"),
            (several == 1, "unsure"),
            else_="many",
        )
        found = sa.select(sa.func.min(there.c.rid)).select_from(bearer, there).where(same, there.c.who == bearer.c.who)
        rid = found.correlate_except(bearer, there).scalar_subquery()
        yield self.names.fact(table.name).update().values({f"x{n}": how, f"m{n}": rid})
        theirs = self.of(self.facts.read.mapped(subject.table), there, rule.moment)
        told = self._cases(
            (fact.c[f"x{n}"] == "one", self._one(there, theirs, there.c.rid == fact.c[f"m{n}"])),
            (sa.and_(fact.c[f"x{n}"] == "none", self._is_kept(table, fact, rule)), self._remembered(table, fact, rule)),
            (fact.c[f"x{n}"] == "none", self._if_none(fact, match.if_none)),
        )
        yield self._write(table, rule, told)

    # --- of children -------------------------------------------------------------------------------------------

    def _children(self, table: Table, fact: Tbl, rule: FromChildren) -> Iterator[sa.Insert | sa.Update | sa.Delete]:
        spoke, child = self.names.spoke, self.facts.read.mapped(rule.child)
        yield spoke.delete()
        each = self.names.fact(rule.child).alias()
        state, day = self.of(child, each, rule.moment)
        chosen = sa.select(each.c[self._link(rule)], state, day).where(self.counts(each, rule))
        yield spoke.insert().from_select(["rid", "state", "day"], chosen.union_all(self._memo_speaks(table, rule)))
        said = spoke.alias()
        at = said.c.rid == fact.c.rid
        unknown, waits = some(said, at, said.c.state == "unknown"), some(said, at, said.c.state == "not_yet")
        is_day = some(said, at, said.c.state == "day")
        day_text = self.names.dialect.ordered(said.c.day)
        pick = sa.func.max(day_text) if rule.pick is Pick.LAST_OF else sa.func.min(day_text)
        picked = sa.select(pick).where(at, said.c.state == "day").correlate_except(said).scalar_subquery()
        first, second = ((waits, self.not_yet), (is_day, (_text("day"), picked)))
        if rule.pick is Pick.FIRST_OF:
            first, second = second, first
        yield self._write(
            table,
            rule,
            self._cases(
                (sa.not_(some(said, at)), self._if_none(fact, rule.if_none)),
                (unknown, UNKNOWN),
                first,
                second,
                (sa.true(), (_text("never"), UNKNOWN[1])),
            ),
        )

    def _link(self, rule: FromChildren | Latest) -> str:
        return f"l{self.names.sheet(rule.child).links.index(rule.link)}"

    def counts(self, each: Tbl, rule: FromChildren) -> Bool:
        """The child points at a row, and the rule's `where` lets it through."""
        passes = each.c[f"w{self.names.sheet(rule.child).wheres.index(rule.where)}"] == 1
        return sa.and_(each.c[self._link(rule)].is_not(None), passes)

    def _latest(self, table: Table, fact: Tbl, rule: Latest) -> Iterator[sa.Insert | sa.Update | sa.Delete]:
        yield from self.line_up(table, rule)
        said, top = self.names.spoke.alias(), self.names.spoke.alias()
        rank = self.rank(rule)
        at = said.c.rid == fact.c.rid
        above = some(top, top.c.rid == fact.c.rid, rank(top) > rank(said))
        greatest = sa.and_(at, sa.not_(above))
        many = sa.select(sa.func.count()).select_from(said).where(greatest).correlate_except(said).scalar_subquery()
        yield self._write(
            table,
            rule,
            self._cases(
                (sa.not_(some(said, at)), self._if_none(fact, rule.if_none)),
                (some(said, at, rank(said).is_(None)), UNKNOWN),
                (many != 1, UNKNOWN),
                (sa.true(), self._one(said, (said.c.state, said.c.day), greatest)),
            ),
        )

    def line_up(self, table: Table, rule: Latest) -> Iterator[sa.Insert | sa.Delete]:
        """Every child's order and word, and what is remembered of the latest."""
        spoke, child = self.names.spoke, self.facts.read.mapped(rule.child)
        yield spoke.delete()
        each, row = self.names.fact(rule.child).alias(), self.names.row(rule.child)
        state, day = self.of(child, each, rule.moment)
        says = each.c[f"w{self.names.sheet(rule.child).wheres.index(rule.when)}"] == 1
        numeric = self._is_numeric(rule)
        chosen = sa.select(
            each.c[self._link(rule)],
            sa.case((says, state), else_="not_yet"),
            sa.case((says, day), else_=sa.null()),
            row.c[rule.order] if numeric else self.names.dialect.text(row.c[rule.order]),
        ).where(each.c[self._link(rule)].is_not(None), self.names.same_key(each, rule.child, row))
        columns = ["rid", "state", "day", "rank_n" if numeric else "rank_t"]
        yield spoke.insert().from_select(columns, chosen.union_all(self._memo_speaks(table, rule)))

    def rank(self, rule: Latest) -> Callable[[Tbl], Expr]:
        """How elements of a `Latest` are ordered."""
        if self._is_numeric(rule):
            return lambda said: said.c.rank_n
        return lambda said: self.names.dialect.ordered(said.c.rank_t)

    def _is_numeric(self, rule: Latest) -> bool:
        return self.names.family(rule.child, rule.order) in ("integer", "number")

    def _memo_speaks(self, table: Table, rule: FromChildren | Latest) -> sa.Select[Any]:
        """What is remembered is one element more."""
        fact, memo = self.names.fact(table.name).alias(), self.names.memo(table.name).alias()
        said: list[Expr] = [fact.c.rid, memo.c.state, memo.c.day]
        if isinstance(rule, Latest):
            said.append(sa.cast(memo.c.rank, self.names.dialect.number) if self._is_numeric(rule) else memo.c.rank)
        return sa.select(*said).select_from(fact, memo).where(self.facts.kept(memo, fact, rule_name(rule)))

    # --- from another source -----------------------------------------------------------------------------------

    def _imported(self, table: Table, fact: Tbl, rule: Imported) -> Iterator[sa.Insert | sa.Update | sa.Delete]:
        """What was copied for the one certain owner, by any of their identifiers of the kind that is matched."""
        spoke, imported = self.names.spoke, self.names.imported.alias()
        yield spoke.delete()
        copied = [imported.c[c] == getattr(rule, c) for c in ("source", "subject", "moment")]
        copied.append(imported.c.kind == rule.match)
        for whose in self._digests(table, rule):
            chosen = sa.select(whose.c.rid, imported.c.who, imported.c.state, imported.c.day)
            chosen = chosen.where(*copied, imported.c.digest == whose.c.digest)
            yield spoke.insert().from_select(["rid", "rank_t", "state", "day"], chosen.distinct())
        said = spoke.alias()
        at = said.c.rid == fact.c.rid
        many = sa.select(sa.func.count(sa.distinct(said.c.rank_t))).where(at).correlate_except(said).scalar_subquery()
        yield self._write(
            table,
            rule,
            self._cases(
                (sa.not_(self._is_fresh(rule)), UNKNOWN),
                (sa.not_(self._one_owner(table, fact)), UNKNOWN),
                (self._shares(table, fact, rule), UNKNOWN),
                (many == 0, self._if_none(fact, rule.if_none)),
                (many == 1, self._one(said, (said.c.state, said.c.day), at)),
            ),
        )

    def _digests(self, table: Table, rule: Imported) -> Iterator[sa.Subquery]:
        """Rows and digests: of hashes, of living persons, of remembered ones."""
        owner, bearer, ref = self.names.owner(table.name).alias(), self.names.bearer.alias(), self.names.ref.alias()
        mine = sa.and_(owner.c.status == CERTAIN, owner.c.rule.in_([rule_name(r) for r in table.owners]))
        start = f"id|{rule.match}|"
        hashed = sa.func.substr(owner.c.who, len(start) + 1, type_=sa.Text())
        is_hash = sa.func.substr(owner.c.who, 1, len(start)) == start
        yield sa.select(owner.c.rid, hashed.label("digest")).where(mine, is_hash).distinct().subquery()
        living = sa.and_(bearer.c.who == owner.c.who, bearer.c.kind == rule.match)
        yield sa.select(owner.c.rid, bearer.c.digest).where(mine, living).distinct().subquery()
        was = sa.and_(ref.c.who == owner.c.who, ref.c.scope == f"id/{rule.match}", ref.c.certain == SURE)
        was = sa.and_(was, self._is_remembered(owner))
        yield sa.select(owner.c.rid, ref.c.value.label("digest")).where(mine, was).distinct().subquery()

    def _shares(self, table: Table, fact: Tbl, rule: Imported) -> Bool:
        """The owner shares, or shared, an identifier of the kind with another row: what was copied may be theirs."""
        owner, bearer, ref = self.names.owner(table.name).alias(), self.names.bearer.alias(), self.names.ref.alias()
        mine = sa.and_(owner.c.rid == fact.c.rid, owner.c.rule.in_([rule_name(r) for r in table.owners]))
        living = sa.and_(bearer.c.who == owner.c.who, bearer.c.kind == rule.match, bearer.c.shared == 1)
        was = sa.and_(ref.c.who == owner.c.who, ref.c.scope == f"id/{rule.match}", ref.c.certain == UNSURE)
        remembered = sa.and_(self._is_remembered(owner), some(ref, was))
        return some(owner, mine, sa.or_(some(bearer, living), remembered))

    def _is_remembered(self, owner: Tbl) -> Bool:
        return sa.func.substr(owner.c.who, 1, 4) == "was|"

    def _is_fresh(self, rule: Imported) -> Bool:
        meta = self.names.meta.alias()
        copied_on = self.names.dialect.ordered(meta.c.value)
        since, today = self.facts.read.copied_since or self.facts.read.today, self.facts.read.today
        # A day to come was written by a clock that went wrong: nobody knows when that copy was made.
        fresh = sa.and_(copied_on >= since.isoformat(), copied_on <= today.isoformat())
        return some(meta, meta.c.name == imported_as(rule), fresh)

    def _one_owner(self, table: Table, fact: Tbl) -> Bool:
        owner = self.names.owner(table.name).alias()
        mine = sa.and_(owner.c.rid == fact.c.rid, owner.c.rule.in_([rule_name(r) for r in table.owners]))
        people = sa.select(sa.func.count(sa.distinct(person(owner)))).where(mine, owner.c.status == CERTAIN)
        other = self.names.owner(table.name).alias()
        unsure = some(other, other.c.rid == fact.c.rid, other.c.rule.in_([rule_name(r) for r in table.owners]),
                      other.c.status != CERTAIN)  # fmt: skip
        return sa.and_(people.correlate_except(owner).scalar_subquery() == 1, sa.not_(unsure))

    # --- pieces ------------------------------------------------------------------------------------------------

    @property
    def not_yet(self) -> Told:
        return _text("not_yet"), UNKNOWN[1]

    def _if_none(self, fact: Tbl, if_none: IfNone) -> Told:
        match if_none:
            case IfNone.NOT_YET:
                return self.not_yet
            case IfNone.UNKNOWN:
                return UNKNOWN
            case IfNone.NONE:
                return sa.case((fact.c.old == 1, "never"), else_="unknown"), UNKNOWN[1]
            case _:
                assert_never(if_none)

    def _is_kept(self, table: Table, fact: Tbl, rule: Through) -> Bool:
        memo = self.names.memo(table.name).alias()
        return some(memo, self.facts.kept(memo, fact, rule_name(rule)))

    def _remembered(self, table: Table, fact: Tbl, rule: Through) -> Told:
        memo = self.names.memo(table.name).alias()
        return self._one(memo, (memo.c.state, memo.c.day), self.facts.kept(memo, fact, rule_name(rule)))

    def _one(self, there: Tbl, told: Told, where: Bool) -> Told:
        state, day = (sa.select(e).select_from(there).where(where).limit(1).correlate_except(there) for e in told)
        return state.scalar_subquery(), day.scalar_subquery()

    def _cases(self, *cases: tuple[Bool, Told]) -> Told:
        return (
            sa.case(*((known, told[0]) for known, told in cases), else_="unknown"),
            sa.case(*((known, told[1]) for known, told in cases), else_=sa.null()),
        )


def _text(value: str) -> Expr:
    return sa.literal(value, sa.Text())
