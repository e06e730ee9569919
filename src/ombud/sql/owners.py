"""Whom each row is about, one rule at a time, as rows of the owner tables (`spec/claims.md` §2, owners)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, assert_never

import sqlalchemy as sa

from ombud.datamap.model import ByIdentifier, EachOwner, IsSubject, OwnerRule, OwnersOf, Table
from ombud.plan.naming import rule_name
from ombud.plan.sheet import OwnerStep
from ombud.sql.dialect import Bool, Expr
from ombud.sql.facts import DANGLING, MISSING, SEVERAL, Facts
from ombud.sql.names import Names
from ombud.sql.read import some
from ombud.sql.tables import Tbl
from ombud.terms import IfNone

CERTAIN, CANDIDATE, OPEN = "certain", "candidate", "open"


def person(owner: Tbl) -> Expr:
    """Whom an owner's text names: who is remembered is the living row's person, as long as that row is there."""
    was = sa.func.substr(owner.c.who, 1, 4) == "was|"
    living = sa.literal("key|", sa.Text()).concat(sa.func.substr(owner.c.who, 5, type_=sa.Text()))
    return sa.case((was, living), else_=owner.c.who)


Way = sa.Select[Any]
"""Rows, their rule, who, and how surely."""


@dataclass(frozen=True)
class Owners:
    """Statements that fill the owner tables, from facts and from owners filled before."""

    facts: Facts

    @property
    def names(self) -> Names:
        return self.facts.names

    def fill(self, step: OwnerStep) -> sa.Insert:
        """The owners of every row of the table by this rule, from each way in which it can have some."""
        table = self.facts.read.mapped(step.table)
        ways = list(self._ways(table, step.rule, self.names.fact(step.table).alias()))
        owners = sa.union_all(*ways) if len(ways) > 1 else ways[0]
        return self.names.owner(table.name).insert().from_select(["rid", "rule", "who", "status"], owners)

    def _ways(self, table: Table, rule: OwnerRule, fact: Tbl) -> Iterator[Way]:
        match rule:
            case IsSubject():
                yield self._way(rule, fact, fact.c.who, CERTAIN)
            case OwnersOf(link):
                yield from self._through(table, rule, fact, link)
            case EachOwner(child, link):
                yield from self._each(table, rule, fact, child, link)
            case ByIdentifier():
                holds = self.holds(table, rule, fact)
                yield from (way.where(*holds) for way in self._by_identifier(table, rule, fact))
            case _:
                assert_never(rule)

    # --- rules -------------------------------------------------------------------------------------------------

    def _through(self, table: Table, rule: OwnersOf, fact: Tbl, name: str) -> Iterator[Way]:
        link, n = table.links[name], self.names.sheet(table.name).links.index(name)
        how = fact.c[f"q{n}"]
        owner = self.names.owner(link.to).alias()
        theirs = owner.c.rule.in_([rule_name(r) for r in self.facts.read.mapped(link.to).owners])
        yield self._way(rule, fact, owner.c.who, owner.c.status, owner, owner.c.rid == fact.c[f"l{n}"], theirs)
        yield self._remembered(table, rule, fact, how.in_((MISSING, DANGLING)))
        lost = sa.or_(how == DANGLING, sa.and_(how == MISSING, sa.not_(self._nobody(fact, link.if_none))))
        unknown = sa.or_(how == SEVERAL, sa.and_(lost, sa.not_(self._has_memo(table, rule, fact))))
        yield self._way(rule, fact, sa.null(), OPEN, None, unknown)

    def _each(self, table: Table, rule: EachOwner, fact: Tbl, child: str, link: str) -> Iterator[Way]:
        n = self.names.sheet(child).links.index(link)
        each, owner = self.names.fact(child).alias(), self.names.owner(child).alias()
        theirs = owner.c.rule.in_([rule_name(r) for r in self.facts.read.mapped(child).owners])
        points = each.c[f"l{n}"] == fact.c.rid
        joined = each.join(owner, owner.c.rid == each.c.rid)
        yield self._way(rule, fact, owner.c.who, owner.c.status, joined, points, theirs)
        yield self._remembered(table, rule, fact)
        nothing = sa.and_(sa.not_(some(each, points)), sa.not_(self._has_memo(table, rule, fact)))
        yield self._way(rule, fact, sa.null(), OPEN, None, nothing, sa.not_(self._nobody(fact, rule.if_none)))

    def _by_identifier(self, table: Table, rule: ByIdentifier, fact: Tbl) -> Iterator[Way]:
        digest = fact.c[f"i{self.names.sheet(table.name).identifiers.index((rule.kind, rule.column))}"]
        speaks, bearer = digest != "", self.names.bearer.alias()
        mine = self.bears(bearer, rule.kind, digest, fact)
        several = self._has_memo(table, rule, fact, digest, CANDIDATE)
        yield self._way(rule, fact, sa.null(), OPEN, None, digest.is_(None))
        other = self.names.bearer.alias()
        alone = sa.not_(some(other, self.bears(other, rule.kind, digest, fact), other.c.who != bearer.c.who))
        sure = sa.and_(alone, bearer.c.company == fact.c.company, sa.not_(several))
        status = sa.case((sure, CERTAIN), else_=CANDIDATE)
        yield self._way(rule, fact, bearer.c.who, status, bearer, speaks, mine)
        nobody = sa.not_(some(bearer, mine))
        same = [self._has_memo(table, rule, fact, digest, status) for status in (CERTAIN, CANDIDATE, OPEN)]
        fresh = sa.and_(speaks, nobody, sa.not_(sa.or_(*same)))
        hashed = sa.literal(f"id|{rule.kind}|", sa.Text()).concat(digest)
        yield self._way(rule, fact, hashed, CERTAIN, None, fresh)
        yield self._remembered(table, rule, fact, speaks, sa.or_(several, nobody), digest=digest, several=several)
        yield self._remembered(table, rule, fact, digest == "")
        silent = sa.and_(digest == "", sa.not_(self._has_memo(table, rule, fact)))
        yield self._way(rule, fact, sa.null(), OPEN, None, silent, sa.not_(self._nobody(fact, rule.if_none)))

    def holds(self, table: Table, rule: ByIdentifier, fact: Tbl) -> list[Bool]:
        """The column holds such an identifier."""
        return [fact.c[f"w{self.names.sheet(table.name).wheres.index(rule.when)}"] == 1] if rule.when else []

    def bears(self, bearer: Tbl, kind: str, digest: Expr, fact: Tbl) -> Bool:
        """A subject's row has this identifier, and may be of the row's company."""
        may_be_one = sa.or_(bearer.c.company.is_(None), fact.c.company.is_(None), bearer.c.company == fact.c.company)
        return sa.and_(bearer.c.kind == kind, bearer.c.digest == digest, may_be_one)

    # --- pieces ------------------------------------------------------------------------------------------------

    def _nobody(self, fact: Tbl, if_none: IfNone) -> Bool:
        return fact.c.old == 1 if if_none is IfNone.NONE else sa.false()

    def _has_memo(self, table: Table, rule: OwnerRule, fact: Tbl, digest: Expr | None = None, status: str = "") -> Bool:
        memo = self.names.memo(table.name).alias()
        where = [self.facts.kept(memo, fact, rule_name(rule))]
        if digest is not None:
            where.append(memo.c.named == digest)
        if status:
            where.append(memo.c.state == status)
        return some(memo, *where)

    def _remembered(
        self,
        table: Table,
        rule: OwnerRule,
        fact: Tbl,
        *where: Bool,
        digest: Expr | None = None,
        several: Bool | None = None,
    ) -> Way:
        memo = self.names.memo(table.name).alias()
        kept = [self.facts.kept(memo, fact, rule_name(rule)), memo.c.state.in_((CERTAIN, CANDIDATE, OPEN)), *where]
        if digest is not None and several is not None:
            kept += [memo.c.named == digest, sa.or_(sa.not_(several), memo.c.state == CANDIDATE)]
        return self._way(rule, fact, memo.c.who, memo.c.state, memo, *kept)

    def _way(
        self, rule: OwnerRule, fact: Tbl, who: Expr, status: Expr | str, via: Tbl | None = None, *where: Bool
    ) -> Way:
        status = sa.literal(status, sa.Text()) if isinstance(status, str) else status
        chosen = sa.select(fact.c.rid, sa.literal(rule_name(rule), sa.Text()), sa.cast(who, sa.Text), status)
        chosen = chosen.select_from(fact) if via is None else chosen.select_from(fact, via)
        return chosen.where(*where).distinct()
