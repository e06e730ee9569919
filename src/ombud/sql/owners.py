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
    """The owner rules of a table, or of one of its cells; `prefix` names them in the memo: `owner` or `cell/NAME`."""

    rules: Sequence[OwnerRule]
    prefix: str = "owner"

    def named(self) -> list[tuple[str, OwnerRule]]:
        return [(f"{self.prefix}/{n}", rule) for n, rule in enumerate(self.rules)]


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
                return sa.or_(
                    self._named(table, row, rule, lambda m: sa.and_(m.c.status != "none", self._has(m, of))),
                    self._named(table, row, rule, self._nobodys(table, row, name, of, shielded=True)),
                    sa.and_(self._silent(row, rule), self._remembers(table, row, name, of)),
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
                return sa.or_(
                    self._named(table, row, rule, lambda m: m.c.status.in_(("one", "none"))),
                    sa.and_(self._silent(row, rule), remembers),
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
                return sa.or_(
                    self._named(table, row, rule, lambda m: m.c.status == "many"),
                    sa.and_(self._silent(row, rule), remembers),
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
                silent = self._silent(row, rule)
                known = self._named(table, row, rule, lambda m: YES)
                return any_of(
                    [
                        sa.and_(sa.not_(silent), sa.not_(known)),
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
                return sa.or_(
                    self._named(table, row, rule, lambda m: sa.and_(m.c.status == "one", sa.not_(self._has(m, of)))),
                    self._named(table, row, rule, self._nobodys(table, row, name, of, shielded=False)),
                    sa.and_(self._silent(row, rule), self._remembers_lacking(table, row, name, of)),
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

    def _silent(self, row: Tbl, rule: ByIdentifier) -> Bool:
        return self.read.says_nothing(row, rule.kind, ANYBODY, rule.column)

    def _named(self, table: Table, row: Tbl, rule: ByIdentifier, then: Callable[[Tbl], Bool]) -> Bool:
        return self.read.names_person(table, row, rule.kind, ANYBODY, rule.column, then)

    def _is(self, table: Table, row: Tbl, subject: str, of: Of) -> Bool:
        person = self.read.names.person_of(subject).alias()
        return some(person, self.read.names.same_key(person, table.name, row), self._has(person, of))

    def _has(self, person: Tbl, of: Of) -> Bool:
        state = self.read.names.state.alias()
        return some(state, state.c.person == person.c.person, of(state))

    def _remembers(self, table: Table, row: Tbl, name: str, of: Of, digest: sa.ColumnElement[str] | None = None) -> Bool:
        """Somebody remembered by this rule has such a state."""
        return self.read.memo(table.name, row, name, *self._who(digest), lambda m: self._known(m, of))

    def _remembers_lacking(
        self, table: Table, row: Tbl, name: str, of: Of, digest: sa.ColumnElement[str] | None = None
    ) -> Bool:
        """Somebody remembered as certain by this rule has no such state."""
        certain: Callable[[Tbl], Bool] = lambda m: m.c.state == "certain"  # noqa: E731
        return self.read.memo(
            table.name, row, name, certain, *self._who(digest), lambda m: sa.not_(self._known(m, of))
        )

    def _known(self, memo: Tbl, of: Of) -> Bool:
        person = self.read.names.remembered.alias()
        return some(person, person.c.who == memo.c.who, self._has(person, of))

    def _who(self, digest: sa.ColumnElement[str] | None) -> list[Callable[[Tbl], Bool]]:
        if digest is None:
            return []

        def has_digest(memo: Tbl) -> Bool:
            ref = self.read.names.ref.alias()
            return some(ref, ref.c.who == memo.c.who, ref.c.scope.like("id/%"), ref.c.value == digest)

        return [has_digest]

    def _nobodys(self, table: Table, row: Tbl, name: str, of: Of, *, shielded: bool) -> Callable[[Tbl], Bool]:
        """No subject's row has the identifier: the remembered person with this digest, or else the hash itself."""

        def then(match: Tbl) -> Bool:
            remembered = self.read.memo(table.name, row, name, *self._who(match.c.digest))
            if shielded:
                known = self._remembers(table, row, name, of, match.c.digest)
                own = self._has(match, of)
            else:
                known = self._remembers_lacking(table, row, name, of, match.c.digest)
                own = sa.not_(self._has(match, of))
            return sa.and_(match.c.status == "none", sa.or_(known, sa.and_(sa.not_(remembered), own)))

        return then
