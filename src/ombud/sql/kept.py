"""What keeps the rows of some persons that stay when all that is due of them goes: counts by claim, over facts.

Reads what the judge reads and says it claim by claim. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from ombud.sql.dialect import Bool, Expr
from ombud.sql.freeze import Freezer, how_many
from ombud.sql.read import some
from ombud.sql.theirs import Theirs
from ombud.sql.trees import Not
from ombud.sql.why import Count, Counted, Held, Lives, Why


class Kept(Why):
    """One table's chosen rows that a plan does not delete."""

    def stay(self, freezer: Freezer) -> sa.Select[Any]:
        """How many stay, and of how many of these it is in doubt what they are, whose, or what they follow."""
        fact = self.fact
        rows: Expr = sa.func.count()
        chosen = sa.select(rows, how_many(fact.c.doubt == 1)).select_from(fact)
        return chosen.where(self._is_chosen(), self._remains(freezer))

    def living(self, freezer: Freezer) -> Iterator[Counted]:
        """In how many of them each claim lives, and how many a mark protects whole."""
        counts = list(self._livings())
        yield from self._in_parts(self._inner().where(self._is_chosen(), self._remains(freezer)), counts)

    def _livings(self) -> Iterator[Count]:
        about = self._about()
        for n, above, company in self.benches:
            yield Count(Held(company), n, company, self._whole("root", about, company))
            for _, end in self.judge.ends_by(above, company):
                lives = Not(self._claim("root", about, above, end))
                yield Count(Lives(end.purpose.id, end.basis, company), n, company, lives)

    def _is_chosen(self) -> Bool:
        return Theirs(self.judge.facts).is_numbered(self.table, self.fact)

    def _remains(self, freezer: Freezer) -> Bool:
        due = freezer.due(self.table).alias()
        goes = (due.c.plan == freezer.plan, due.c.gone == 1, due.c.pinned == 0, *self._same(due))
        return sa.not_(some(due, *goes))
