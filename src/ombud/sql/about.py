"""Whose claims: what the owner tables and the states say of a row's people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from ombud.datamap.model import OwnerRule
from ombud.plan.naming import rule_name
from ombud.sql.dialect import Bool
from ombud.sql.names import Names
from ombud.sql.owners import CANDIDATE, CERTAIN, OPEN, person
from ombud.sql.read import NO, some
from ombud.sql.tables import Tbl

Of = Callable[[Tbl], Bool]
"""A condition on a row of the state table."""


@dataclass(frozen=True)
class About:
    """Whose claims: the owners of a fact row by some rules, or nobody's."""

    names: Names
    table: str
    fact: Tbl
    rules: tuple[OwnerRule, ...]

    def _some(self, *where: Callable[[Tbl], Bool]) -> Bool:
        if not self.rules:
            return NO
        owner = self.names.owner(self.table).alias()
        mine = owner.c.rule.in_([rule_name(r) for r in self.rules])
        return some(owner, owner.c.rid == self.fact.c.rid, mine, *(w(owner) for w in where))

    def certain(self) -> Bool:
        return self._some(lambda o: o.c.status == CERTAIN)

    def candidate(self) -> Bool:
        """Somebody is a candidate who is not certain by another rule."""

        def not_certain(owner: Tbl) -> Bool:
            return sa.not_(self._some(lambda o: o.c.status == CERTAIN, lambda o: person(o) == person(owner)))

        return self._some(lambda o: o.c.status == CANDIDATE, not_certain)

    def open(self) -> Bool:
        return self._some(lambda o: o.c.status == OPEN)

    def anybody(self) -> Bool:
        """The rules name somebody, or might."""
        return self._some()

    def marked(self) -> Bool:
        """Anybody has a state at all: asked once, and mostly nobody has."""
        return some(self.names.state.alias())

    def shielded(self, of: Of) -> Bool:
        """Some certain person or candidate has a state of which this holds."""
        return sa.and_(self.marked(), self._some(lambda o: self._has(o, of)))

    def lacking(self, of: Of) -> Bool:
        """Some certain person has no state of which this holds."""
        return self._some(lambda o: o.c.status == CERTAIN, lambda o: sa.not_(self._has(o, of)))

    def _has(self, owner: Tbl, of: Of) -> Bool:
        state = self.names.state.alias()
        return some(state, state.c.who == owner.c.who, of(state))
