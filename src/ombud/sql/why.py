"""Why rows are due, and which stay only because something is unknown: counts by claim, over facts already worked out.

Reads what the judge reads and says it claim by claim. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Kind, OwnerRule
from ombud.plan.ends import Ask, End
from ombud.policy.model import BasisKind
from ombud.sql.about import About
from ombud.sql.dialect import Bool
from ombud.sql.freeze import Freezer, how_many
from ombud.sql.judge import shield
from ombud.sql.read import any_of, some
from ombud.sql.sitting import Sitting
from ombud.sql.tables import Tbl
from ombud.sql.trees import All, Either, Flag, Not, Tree, built

MOST = 400
"""Counts in one statement: SQLite gives at most 2,000 columns, PostgreSQL 1,664."""


class Cause(StrEnum):
    """What ended a claim: a moment that is past, ahead, not yet, or none; or what a person said, or did not."""

    PAST = "past"
    AHEAD = "ahead"
    NOT_YET = "not yet"
    NEVER = "never"
    NO_CONSENT = "no consent"
    MARKED = "marked"


@dataclass(frozen=True, slots=True)
class Ended:
    """A purpose's claim, on one basis in one company, that is over, and by what. `moment` is before `day`, if past."""

    purpose: str
    basis: BasisKind
    company: str
    cause: Cause
    moment: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Rows of a kind that stay because this moment is unknown: every claim on the row is over, or waits for that."""

    moment: str
    kind: str


@dataclass(frozen=True, slots=True)
class Ownerless:
    """Rows that stay because this rule leaves open whom they are about: every claim on the row would be over else."""

    rule: OwnerRule


@dataclass(frozen=True, slots=True)
class Lives:
    """A purpose's claim, on one basis in one company, that is not over, or not known to be."""

    purpose: str
    basis: BasisKind
    company: str


@dataclass(frozen=True, slots=True)
class Held:
    """Rows in a company that a mark protects whole."""

    company: str


Told = Ended | InDoubt | Ownerless | Lives | Held


@dataclass(frozen=True, slots=True)
class Count:
    """What is counted, and which rows count: of the n-th kind of the root, of a company, for which a tree holds."""

    what: Told
    above: int
    company: str
    holds: Tree


Counted = tuple[sa.Select[Any], tuple[Told, ...]]
"""A statement that gives one row, and what each of its columns counts."""


class Why(Sitting):
    """One table's due rows, and its doubtful ones, claim by claim."""

    def ended(self, freezer: Freezer, *, gone: bool) -> Iterator[Counted]:
        """In how many of the dead rows that a plan froze each claim is over, or of those that only lose cells.

        Of a dead row every claim is over, so that need not be asked again.
        """
        due = freezer.due(self.table).alias()
        counts = list(self._endings(sure=gone))
        mine = [due.c.plan == freezer.plan, due.c.gone == int(gone), *self._same(due)]
        yield from self._in_parts(self._inner().select_from(due).where(*mine), counts)

    def loses_cells(self, freezer: Freezer) -> sa.Select[Any]:
        """Whether a plan froze rows that only lose cells."""
        due = freezer.due(self.table).alias()
        return sa.select(some(due, due.c.plan == freezer.plan, due.c.gone == 0))

    def doubtful(self, freezer: Freezer) -> Iterator[Counted]:
        """How many rows stay for want of knowing each moment. Cells about others may hold some of them as well."""
        counts = list(self._doubts())
        yield from self._in_parts(self._inner().where(self._stays(freezer), self._unclear(self.above)), counts)

    def ownerless(self, freezer: Freezer) -> Iterator[Counted]:
        """How many rows stay for want of knowing, by each rule, whom they are about."""
        counts = list(self._ownerless())
        yield from self._in_parts(self._inner().where(self._stays(freezer), self._about().open()), counts)

    def asks(self) -> sa.Select[bool, bool]:
        """Whether there is a row by which these are judged of which some moment is unknown, and one of which it is
        left open whom it is about: mostly there is neither.
        """
        root = self.names.fact(self.root.name).alias()
        about = About(self.names, self.root.name, root, self.root.owners)
        return sa.select(some(root, self._unclear(root)), some(root, about.open()))

    def _stays(self, freezer: Freezer) -> Bool:
        due = freezer.due(self.table).alias()
        return sa.not_(some(due, due.c.plan == freezer.plan, due.c.gone == 1, *self._same(due)))

    def _unclear(self, root: Tbl) -> Bool:
        return any_of(root.c[f"s{n}"] == "unknown" for n, _ in enumerate(self.names.sheet(self.root.name).rules))

    def _same(self, due: Any) -> list[sa.ColumnElement[bool]]:
        return [due.c[f"k{n}"] == self.fact.c[f"k{n}"] for n in range(len(self.table.key))]

    # --- what is counted ----------------------------------------------------------------------------------------

    def _endings(self, *, sure: bool) -> Iterator[Count]:
        """Each claim in the first of the ways in which it is over; `sure`: it is."""
        about = self._about()
        for n, above, company in self.benches:
            for _, end in self.judge.ends_by(above, company):
                dead = All(()) if sure else self._claim("root", about, above, end)
                what = Ended(end.purpose.id, end.basis, company, Cause.MARKED)
                earlier: list[Tree] = []
                for moment, cause, day, ask in asked(end):
                    known = Flag(self.columns.flag(("is", above.name, moment, ask), self._known(above, moment, ask)))
                    found = replace(what, cause=cause, moment=moment, day=day)
                    yield Count(found, n, company, All((dead, known, *earlier)))
                    earlier.append(Not(known))
                by_mark = Cause.NO_CONSENT if end.basis is BasisKind.CONSENT else Cause.MARKED
                yield Count(replace(what, cause=by_mark), n, company, All((dead, *earlier)))

    def _known(self, above: Kind, moment: str, ask: Ask) -> Any:
        return lambda: self._is(above, moment, ask)

    def _doubts(self) -> Iterator[Count]:
        about = self._about()
        for n, above, company in self.benches:
            over: list[Tree] = []
            moments: dict[str, Tree] = {}
            for _, end in self.judge.ends_by(above, company):
                waits = {m: self._unknown(above, m) for m, _ in end.moments if m in above.moments}
                which = ("held", above.name, end.purpose.id, end.basis, company)
                held = Flag(self.columns.flag(which, self._held(about, end)))
                unclear = All((Not(held), Either(tuple(waits.values()))))
                over.append(Either((self._claim("root", about, above, end), unclear)))
                moments |= waits
            for moment, unknown in moments.items():
                yield Count(InDoubt(moment, above.name), n, company, All((unknown, *over)))

    def _ownerless(self) -> Iterator[Count]:
        about = self._about()
        for n, above, company in self.benches:
            would: list[Tree] = [Not(self._whole("root", about, company))]
            for _, end in self.judge.ends_by(above, company):
                which = ("would be over", above.name, end.purpose.id, end.basis, company)
                would.append(Flag(self.columns.flag(which, self._would_be_over(about, above, end))))
            for rule in self.root.owners:
                alone = About(self.names, self.root.name, self.above, (rule,))
                leaves = Flag(self.columns.flag(("open", rule), alone.open))
                yield Count(Ownerless(rule), n, company, All((leaves, *would)))

    def _would_be_over(self, about: About, above: Kind, end: End) -> Any:
        """By the clock, if it were known that nobody else is meant."""
        by_clock = [self._is(above, moment, ask) for moment, ask in end.moments]
        return lambda: sa.and_(any_of(by_clock), sa.not_(about.shielded(partial(shield, end))))

    def _unknown(self, above: Kind, moment: str) -> Tree:
        n = self.names.sheet(self.root.name).rules.index(above.moments[moment])
        return Flag(self.columns.flag(("unknown", n), lambda: self.above.c[f"s{n}"] == "unknown"))

    def _held(self, about: About, end: End) -> Any:
        """Somebody's protection keeps the claim, or it may be anybody's: to know the moment would change nothing."""
        return lambda: sa.or_(about.shielded(partial(shield, end)), about.open())

    def _about(self) -> About:
        return About(self.names, self.root.name, self.above, self.root.owners)

    def _in_parts(self, chosen: sa.Select[Any], counts: list[Count]) -> Iterator[Counted]:
        q = self.names.once(chosen, "asked")
        for start in range(0, len(counts), MOST):
            part = counts[start : start + MOST]
            held = [
                sa.and_(q.c.above == str(each.above), q.c.company == each.company, built(each.holds, q))
                for each in part
            ]
            yield sa.select(*map(how_many, held)).select_from(q), tuple(each.what for each in part)


def asked(end: End) -> Iterator[tuple[str, Cause, str, Ask]]:
    """The ways in which a clock or a state ends a claim, apart."""
    for moment, ask in end.moments:
        if ask.days is not None and not ask.days.empty:
            if ask.not_yet:  # a state that has not begun
                yield moment, Cause.AHEAD, "", Ask(ask.days)
            else:
                yield moment, Cause.PAST, ask.days.high.isoformat(), Ask(ask.days)
        if ask.not_yet:
            yield moment, Cause.NOT_YET, "", Ask(not_yet=True)
        if ask.never:
            yield moment, Cause.NEVER, "", Ask(never=True)
