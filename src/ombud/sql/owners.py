"""Whom a row or a cell is about, and what the marks say of them, in SQL (`spec/claims.md` §2 and §3).

Each question has one answer per rule, and a table's rules are asked together: is anybody shielded, is there a certain
person, a candidate, might it be anybody, is there a certain person for whom something is *not* so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

import sqlalchemy as sa

from ombud.datamap.model import ByIdentifier, EachOwner, IsSubject, Link, OwnerRule, OwnersOf, Table
from ombud.plan.naming import rule_name
from ombud.sql.dialect import Bool
from ombud.sql.names import Tbl
from ombud.sql.read import NO, YES, Reader, any_of, some
from ombud.terms import IfNone

Of = Callable[[Tbl], Bool]
"""A condition on a row of the state table."""

ANYBODY = "*"
"""The scope of an identifier that any subject of the source may have."""


@dataclass(frozen=True)
class About:
    """The owner rules of a table, or of one of its cells."""

    rules: Sequence[OwnerRule]

    def named(self) -> list[tuple[str, OwnerRule]]:
        """The rules with the names they have in the memo."""
        return [(rule_name(rule), rule) for rule in self.rules]


@dataclass(frozen=True)
class Owners:
    """Asks about owners through a reader of the same source and day."""

    read: Reader

    def shielded(self, table: Table, row: Tbl, about: About, of: Of) -> Bool:
        """Some certain person or candidate has a state of which this holds."""
        return any_of(self._shielded(table, row, name, rule, of) for name, rule in about.named())

    def certain(self, table: Table, row: Tbl, about: About) -> Bool:
        """There is a certain person."""
        return any_of(self._certain(table, row, name, rule) for name, rule in about.named())

    def candidate(self, table: Table, row: Tbl, about: About) -> Bool:
        """There is a candidate."""
        return any_of(self._candidate(table, row, name, rule) for name, rule in about.named())

    def open(self, table: Table, row: Tbl, about: About) -> Bool:
        """It might be anybody."""
        return any_of(self._open(table, row, name, rule) for name, rule in about.named())

    def lacking(self, table: Table, row: Tbl, about: About, of: Of) -> Bool:
        """Some certain person has no state of which this holds."""
        return any_of(self._lacking(table, row, name, rule, of) for name, rule in about.named())

    # --- one rule at a time ------------------------------------------------------------------------------------

    def _shielded(self, table: Table, row: Tbl, name: str, rule: OwnerRule, of: Of) -> Bool:
        match rule:
            case IsSubject(subject):
                return self._is(table, row, subject, of)
            case OwnersOf(link_name):
                link, target = self._link(table, link_name)
                return sa.or_(
                    self.read.found(table.name, link, row, lambda p: self.shielded(target, p, About(target.owners), of)),
                    sa.and_(self._lost(table, row, link), self._remembers(table, row, name, of)),
                )
            case EachOwner(child, link_name):
                each, bridge, counted = self._bridge(rule, row)
                return sa.or_(
                    some(each, counted, self.shielded(bridge, each, About(bridge.owners), of)),
                    self._remembers(table, row, name, of),
                )
            case ByIdentifier():
                return any_of(
                    [
                        self._named(table, row, rule, lambda m: sa.and_(m.c.status != "none", self._has(m, of))),
                        self._named(table, row, rule, lambda m: self._kept(table, row, name, m, self._having(of))),
                        self._named(table, row, rule, lambda m: sa.and_(self._fresh(table, row, name, m), self._has(m, of))),
                        sa.and_(self._silent(table, row, rule), self._remembers(table, row, name, of)),
                    ]
                )
            case _:
                assert_never(rule)

    def _certain(self, table: Table, row: Tbl, name: str, rule: OwnerRule) -> Bool:
        remembers = self.read.memo(table.name, row, name, lambda m: m.c.state == "certain")
        match rule:
            case IsSubject():
                return YES
            case OwnersOf(link_name):
                link, target = self._link(table, link_name)
                return sa.or_(
                    self.read.found(table.name, link, row, lambda p: self.certain(target, p, About(target.owners))),
                    sa.and_(self._lost(table, row, link), remembers),
                )
            case EachOwner():
                each, bridge, counted = self._bridge(rule, row)
                return sa.or_(some(each, counted, self.certain(bridge, each, About(bridge.owners))), remembers)
            case ByIdentifier():
                return any_of(
                    [
                        self._named(table, row, rule, lambda m: self._one(table, row, name, m)),
                        self._named(table, row, rule, lambda m: self._fresh(table, row, name, m)),
                        self._named(table, row, rule, lambda m: self._kept(table, row, name, m, _certain, alone=True)),
                        sa.and_(self._silent(table, row, rule), remembers),
                    ]
                )
            case _:
                assert_never(rule)

    def _candidate(self, table: Table, row: Tbl, name: str, rule: OwnerRule) -> Bool:
        remembers = self.read.memo(table.name, row, name, lambda m: m.c.state == "candidate")
        match rule:
            case IsSubject():
                return NO
            case OwnersOf(link_name):
                link, target = self._link(table, link_name)
                return sa.or_(
                    self.read.found(table.name, link, row, lambda p: self.candidate(target, p, About(target.owners))),
                    sa.and_(self._lost(table, row, link), remembers),
                )
            case EachOwner():
                each, bridge, counted = self._bridge(rule, row)
                return sa.or_(some(each, counted, self.candidate(bridge, each, About(bridge.owners))), remembers)
            case ByIdentifier():
                return any_of(
                    [
                        self._named(table, row, rule, lambda m: m.c.status == "many"),
                        self._named(table, row, rule, lambda m: self._kept(table, row, name, m, _candidate)),
                        sa.and_(self._silent(table, row, rule), remembers),
                    ]
                )
            case _:
                assert_never(rule)

    def _open(self, table: Table, row: Tbl, name: str, rule: OwnerRule) -> Bool:
        remembers = self.read.memo(table.name, row, name)
        remembers_open = self.read.memo(table.name, row, name, lambda m: m.c.state == "open")
        match rule:
            case IsSubject():
                return NO
            case OwnersOf(link_name):
                link, target = self._link(table, link_name)
                missing = self.read.missing(table.name, link, row)
                dangling = self.read.dangling(table.name, link, row)
                nobody = self._nobody(table, row, link.if_none)
                return any_of(
                    [
                        self.read.found(table.name, link, row, lambda p: self.open(target, p, About(target.owners))),
                        self.read.several(table.name, link, row),
                        sa.and_(self._lost(table, row, link), remembers_open),
                        sa.and_(missing, sa.not_(remembers), sa.not_(nobody)),
                        sa.and_(dangling, sa.not_(remembers)),
                    ]
                )
            case EachOwner(child, link_name, if_none):
                each, bridge, counted = self._bridge(rule, row)
                none_left = sa.and_(sa.not_(some(each, counted)), sa.not_(remembers))
                return any_of(
                    [
                        some(each, counted, self.open(bridge, each, About(bridge.owners))),
                        remembers_open,
                        sa.and_(none_left, sa.not_(self._nobody(table, row, if_none))),
                    ]
                )
            case ByIdentifier():
                silent = self._silent(table, row, rule)
                known = self._named(table, row, rule, lambda m: YES)
                return any_of(
                    [
                        sa.and_(sa.not_(silent), sa.not_(known)),
                        self._named(table, row, rule, lambda m: self._kept(table, row, name, m, _open, alone=True)),
                        sa.and_(silent, remembers_open),
                        sa.and_(silent, sa.not_(remembers), sa.not_(self._nobody(table, row, rule.if_none))),
                    ]
                )
            case _:
                assert_never(rule)

    def _lacking(self, table: Table, row: Tbl, name: str, rule: OwnerRule, of: Of) -> Bool:
        match rule:
            case IsSubject(subject):
                return sa.not_(self._is(table, row, subject, of))
            case OwnersOf(link_name):
                link, target = self._link(table, link_name)
                return sa.or_(
                    self.read.found(table.name, link, row, lambda p: self.lacking(target, p, About(target.owners), of)),
                    sa.and_(self._lost(table, row, link), self._remembers_lacking(table, row, name, of)),
                )
            case EachOwner():
                each, bridge, counted = self._bridge(rule, row)
                return sa.or_(
                    some(each, counted, self.lacking(bridge, each, About(bridge.owners), of)),
                    self._remembers_lacking(table, row, name, of),
                )
            case ByIdentifier():
                return any_of(
                    [
                        self._named(
                            table, row, rule, lambda m: sa.and_(self._one(table, row, name, m), sa.not_(self._has(m, of)))
                        ),
                        self._named(
                            table, row, rule, lambda m: sa.and_(self._fresh(table, row, name, m), sa.not_(self._has(m, of)))
                        ),
                        self._named(
                            table, row, rule, lambda m: self._kept(table, row, name, m, self._certain_lacking(of), alone=True)
                        ),
                        sa.and_(self._silent(table, row, rule), self._remembers_lacking(table, row, name, of)),
                    ]
                )
            case _:
                assert_never(rule)

    # --- pieces ------------------------------------------------------------------------------------------------

    def _link(self, table: Table, name: str) -> tuple[Link, Table]:
        link = table.links[name]
        return link, self.read.mapped(link.to)

    def _lost(self, table: Table, row: Tbl, link: Link) -> Bool:
        return sa.or_(self.read.missing(table.name, link, row), self.read.dangling(table.name, link, row))

    def _bridge(self, rule: EachOwner, row: Tbl) -> tuple[Tbl, Table, Bool]:
        bridge = self.read.mapped(rule.child)
        each = self.read.names.row(rule.child)
        return each, bridge, self.read.points(rule.child, bridge.links[rule.link], each, row)

    def _nobody(self, table: Table, row: Tbl, if_none: IfNone) -> Bool:
        """Missing means nobody: known to be so, and as a two-valued answer."""
        return sa.case((self.read.believes_none(table, row, if_none), 1), else_=0) == 1

    def _silent(self, table: Table, row: Tbl, rule: ByIdentifier) -> Bool:
        return self.read.says_nothing(table, row, rule.kind, ANYBODY, rule.column)

    def _named(self, table: Table, row: Tbl, rule: ByIdentifier, then: Callable[[Tbl], Bool]) -> Bool:
        return self.read.names_person(table, row, rule.kind, ANYBODY, rule.column, then)

    def _is(self, table: Table, row: Tbl, subject: str, of: Of) -> Bool:
        person = self.read.names.person_of(subject).alias()
        return some(person, self.read.names.same_key(person, table.name, row), self._has(person, of))

    def _has(self, person: Tbl, of: Of) -> Bool:
        state = self.read.names.state.alias()
        return some(state, state.c.person == person.c.person, of(state))

    # --- what is remembered ------------------------------------------------------------------------------------

    def _remembers(self, table: Table, row: Tbl, name: str, of: Of) -> Bool:
        """Somebody remembered by this rule has such a state."""
        return self.read.memo(table.name, row, name, self._having(of))

    def _remembers_lacking(self, table: Table, row: Tbl, name: str, of: Of) -> Bool:
        """Somebody remembered as certain by this rule has no such state."""
        return self.read.memo(table.name, row, name, self._certain_lacking(of))

    def _having(self, of: Of) -> Callable[[Tbl], Bool]:
        return lambda memo: self._known(memo, of)

    def _certain_lacking(self, of: Of) -> Callable[[Tbl], Bool]:
        return lambda memo: sa.and_(memo.c.state == "certain", sa.not_(self._known(memo, of)))

    def _known(self, memo: Tbl, of: Of) -> Bool:
        person = self.read.names.remembered.alias()
        return some(person, person.c.who == memo.c.who, self._has(person, of))

    def _same(self, table: Table, row: Tbl, name: str, match: Tbl, *also: Callable[[Tbl], Bool]) -> Bool:
        """Something is remembered by this rule under the very identifier that still stands in the row."""
        return self.read.memo(table.name, row, name, lambda m: m.c.named == match.c.digest, *also)

    def _kept(
        self, table: Table, row: Tbl, name: str, match: Tbl, also: Callable[[Tbl], Bool], *, alone: bool = False
    ) -> Bool:
        """What is remembered under this identifier speaks: where no row has it any more, or of several candidates."""
        several = self._same(table, row, name, match, _candidate)
        speaks = match.c.status == "none" if alone else sa.or_(match.c.status == "none", several)
        return sa.and_(speaks, self._same(table, row, name, match, also), sa.not_(several) if alone else YES)

    def _one(self, table: Table, row: Tbl, name: str, match: Tbl) -> Bool:
        """One row has the identifier, and nobody remembers that it was one of several."""
        return sa.and_(match.c.status == "one", sa.not_(self._same(table, row, name, match, _candidate)))

    def _fresh(self, table: Table, row: Tbl, name: str, match: Tbl) -> Bool:
        """No row has the identifier, and nobody is remembered under it: the hash itself is the person."""
        return sa.and_(match.c.status == "none", sa.not_(self._same(table, row, name, match)))


def _certain(memo: Tbl) -> Bool:
    return memo.c.state == "certain"


def _candidate(memo: Tbl) -> Bool:
    return memo.c.state == "candidate"


def _open(memo: Tbl) -> Bool:
    return memo.c.state == "open"
