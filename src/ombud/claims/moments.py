"""The moment of a name, of a row (spec/claims.md §2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, assert_never

from ombud.claims.calendar import moment_of
from ombud.claims.owners import owners_of
from ombud.claims.persons import candidates, identifier, remember
from ombud.claims.read import NotFound, Reading, Row, children, company_of, find, kind_of, memo_of, missing, passes
from ombud.claims.world import Remembered, is_same
from ombud.datamap.model import FromChildren, FromColumn, Imported, Latest, Match, MomentRule, Pick, Through
from ombud.terms import IdRef, Moment, Never, NotYet, OnDay, Ref, Unknown

IN_A_CIRCLE: Moment = Unknown("a circle of links")


def moment(look: Reading, row: Row, name: str) -> Moment:
    """The moment of this name, in the row's kind."""
    kind = kind_of(look, row)
    if kind is None:
        return Unknown("the row's kind is in doubt")
    rule = kind.moments.get(name)
    return moment_by(look, row, rule) if rule else Unknown(f"no moment {name} here")


def moment_by(look: Reading, row: Row, rule: MomentRule) -> Moment:
    return look.once((row, rule), lambda: _moment_by(look, row, rule), IN_A_CIRCLE)


def _moment_by(look: Reading, row: Row, rule: MomentRule) -> Moment:
    match rule:
        case FromColumn(columns):
            said = (moment_of(row.values.get(c.column), c, look.policy.zone) for c in columns)
            return next((each for each in said if each != NotYet()), NotYet())
        case Through(link, _) if link in row.table.matches:
            return _through_match(look, row, rule, row.table.matches[link])
        case Through():
            return _through_link(look, row, rule)
        case FromChildren():
            return _from_children(look, row, rule)
        case Latest():
            return _latest(look, row, rule)
        case Imported():
            return _imported(look, row, rule)
        case _:
            assert_never(rule)


def _through_link(look: Reading, row: Row, rule: Through) -> Moment:
    link = row.table.links[rule.link]
    match find(look, row, link):
        case Row() as found:
            return moment(look, found, rule.moment)
        case NotFound.MISSING:
            return memo_of(look, row).moments.get(rule) or missing(look, row, link.if_none)
        case NotFound.DANGLING:
            return memo_of(look, row).moments.get(rule) or Unknown(NotFound.DANGLING)
        case reason:
            return Unknown(reason)


def _through_match(look: Reading, row: Row, rule: Through, match: Match) -> Moment:
    memo, ref = memo_of(look, row), identifier(look, row, match.kind, match.column)
    if ref is not None and (match.name, ref) in memo.several:
        return Unknown("several rows have had this identifier")
    found = [bearer for _, bearer in candidates(look, row, ref, match.to)] if ref else []
    if not found:
        return memo.moments.get(rule) or missing(look, row, match.if_none)
    mine = company_of(look, row)
    if len(found) == 1 and mine is not None and company_of(look, found[0]) == mine:
        return moment(look, found[0], rule.moment)
    return Unknown("a match that is not certain")


def counted(look: Reading, row: Row, rule: FromChildren) -> list[Row]:
    """The children whose moments count."""
    return [child for child in children(look, row, rule.child, rule.link) if passes(look, child, rule.where)]


def _from_children(look: Reading, row: Row, rule: FromChildren) -> Moment:
    said = [moment(look, child, rule.moment) for child in counted(look, row, rule)]
    remembered = memo_of(look, row).moments.get(rule)
    if remembered:
        said.append(remembered)
    return pick(rule.pick, said) if said else missing(look, row, rule.if_none)


def pick(how: Pick, moments: Iterable[Moment]) -> Moment:
    """The first or last of some moments, which may be merged in any order."""
    said = list(moments)
    for each in said:
        if isinstance(each, Unknown):
            return each
    days = [each.day for each in said if isinstance(each, OnDay)]
    waits = NotYet() in said
    if how is Pick.LAST_OF and waits:
        return NotYet()
    if days:
        return OnDay(min(days) if how is Pick.FIRST_OF else max(days))
    return NotYet() if waits else Never()


def _latest(look: Reading, row: Row, rule: Latest) -> Moment:
    greatest = latest_of(look, row, rule)
    if greatest is None:
        return missing(look, row, rule.if_none)
    said = greatest[1]
    return said_by(look, said, rule) if isinstance(said, Row) else said


def said_by(look: Reading, child: Row, rule: Latest) -> Moment:
    """What the latest row says."""
    return moment(look, child, rule.moment) if passes(look, child, rule.when) else NotYet()


def latest_of(look: Reading, row: Row, rule: Latest) -> tuple[Any, Row | Moment] | None:
    """The greatest order, and the child that has it or what was remembered or cannot be known; None if there is none.

    The order None stands for one that cannot be told.
    """
    said: list[tuple[Any, Row | Moment]] = [
        (child.values.get(rule.order), child) for child in children(look, row, rule.child, rule.link)
    ]
    remembered = memo_of(look, row).latest.get(rule)
    if remembered:
        said.append(remembered)
    if not said:
        return None
    if any(order is None for order, _ in said):
        return None, Unknown("an order is NULL")
    try:
        top = max(order for order, _ in said)
    except TypeError:
        return None, Unknown("orders that cannot be compared")
    at_the_top = [what for order, what in said if order == top]
    return top, at_the_top[0] if len(at_the_top) == 1 else Unknown("two rows are the latest")


def _imported(look: Reading, row: Row, rule: Imported) -> Moment:
    owners = owners_of(look, row)
    copied = look.world.imports.get((rule.source, rule.subject, rule.moment, rule.match))
    if copied is None or not copied.fresh:
        return Unknown("the copied day is stale")
    if owners.open or owners.candidates or not owners.certain:
        return Unknown("the owner is not certain")
    first, *others = owners.certain
    if not all(is_same(first, other) for other in others):
        return Unknown("there are several owners")
    refs, shared = set[Ref](), set[Ref]()
    for person in owners.certain:
        known = remember(look, person)
        refs |= known.refs if isinstance(known, Remembered) else {known}
        shared |= known.maybe if isinstance(known, Remembered) else set()
    if any(ref.kind == rule.match for ref in shared if isinstance(ref, IdRef)):
        return Unknown("the owner shares an identifier")
    digests = {ref.digest for ref in refs if isinstance(ref, IdRef) and ref.kind == rule.match}
    told = {each for digest in digests for each in copied.told.get(digest, ())}
    if not told:
        return missing(look, row, rule.if_none)
    only = told.pop()
    return Unknown("several rows there have this identifier") if told else only.moment
