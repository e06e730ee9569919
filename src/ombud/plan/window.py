"""What may have become due between two days though nobody wrote anything: the days that what is asked of them crossed.

A claim that was alive on one day and is dead on a later one died by a moment that entered a set of days which ends its
claim, though it be remembered of a row that is gone; by a row that was too young to be believed (`grace`); or by a
consent that a column says was withdrawn. Other marks, imports and what else an application writes are the affair of a
full look (`spec/claims.md` §5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ombud.datamap.model import (
    ByIdentifier,
    EachOwner,
    FromChildren,
    FromColumn,
    Imported,
    Latest,
    MomentRule,
    OwnersOf,
    SourceMap,
    Table,
    Through,
    TimeColumn,
)
from ombud.plan.calendar import ALL_DAYS, Stretch
from ombud.plan.ends import Ask, End, ends_of
from ombud.plan.naming import rule_name
from ombud.policy.model import Policy
from ombud.terms import IfNone


@dataclass(frozen=True, slots=True)
class Crossing:
    """Rows of a table that say, in this column, one of these days."""

    table: str
    column: TimeColumn
    days: Stretch


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of a table of which a rule remembers one of these days or states, or anything: who said it is gone."""

    table: str
    rule: str
    days: Stretch | None = None
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Rows of a table whose link points at nothing."""

    table: str
    link: str


Way = Crossing | Kept | Missing
"""How rows are found that may be due."""


def unfit(source: SourceMap) -> str:
    """Why no window serves a source, in words; '' if one does."""
    for table in source.tables.values():
        if any(isinstance(rule, ByIdentifier | EachOwner) for each in spoken_of(source, table) for rule in each.owners):
            return f"consent columns of {table.name} speak of persons whom no link leads to"
        if any(isinstance(rule, Imported) for kind in table.kinds for rule in kind.moments.values()):
            return f"moments of {table.name} are copied from another source"
    return ""


def crossings(policy: Policy, source: SourceMap, since: date, today: date) -> frozenset[Way]:
    """Every way in which a row's days may have ended a claim after `since`, until `today`."""
    found: set[Way] = {*_grown_old(source, since, today), *_withdrawn(source, since, today)}
    for company, purposes in policy.purposes.items():
        for purpose in purposes.values():
            before, after = (ends_of(policy, company, purpose, day) for day in (since, today))
            for table in source.tables.values():
                for kind in table.kinds:
                    if any(binding.purpose == purpose.id for binding in kind.bindings):
                        for moment, days in _entered(before, after):
                            rule = kind.moments.get(moment)
                            if rule is not None:
                                found |= {_way(*read, days) for read in _read(source, table, rule, frozenset())}
    return frozenset(found)


def _entered(before: tuple[End, ...], after: tuple[End, ...]) -> Iterator[tuple[str, Stretch]]:
    """The days that are asked for now and were not before, by moment."""
    for old, new in zip(before, after, strict=True):
        for (moment, was), (_, now) in zip(old.moments, new.moments, strict=True):
            yield from ((moment, days) for days in _more(was, now))


def _more(was: Ask, now: Ask) -> Iterator[Stretch]:
    if now.days is None or now.days.empty:
        return
    if was.days is None or was.days.empty:
        yield now.days
        return
    earlier = Stretch(now.days.low, min(was.days.low, now.days.high))
    later = Stretch(max(was.days.high, now.days.low), now.days.high)
    yield from (days for days in (earlier, later) if not days.empty)


def _way(table: str, said: TimeColumn | str, days: Stretch) -> Way:
    return Kept(table, said, days) if isinstance(said, str) else Crossing(table, said, days)


def _read(
    source: SourceMap, table: Table, rule: MomentRule, seen: frozenset[tuple[str, MomentRule]]
) -> Iterator[tuple[str, TimeColumn | str]]:
    """The columns that a moment is read from, at whatever remove, and the rules by which it is remembered."""
    if (table.name, rule) in seen:
        return
    seen |= {(table.name, rule)}
    if not isinstance(rule, FromColumn):
        yield table.name, rule_name(rule)
    match rule:
        case FromColumn():
            yield from ((table.name, column) for column in rule.columns)
            return
        case Through(link) if link in table.matches:
            to = source.tables[source.subjects[table.matches[link].to].table]
        case Through(link):
            to = source.tables[table.links[link].to]
        case FromChildren(child=child) | Latest(child=child):
            to = source.tables[child]
        case Imported():  # unfit
            return
    for kind in to.kinds:
        if rule.moment in kind.moments:
            yield from _read(source, to, kind.moments[rule.moment], seen)


def _grown_old(source: SourceMap, since: date, today: date) -> Iterator[Crossing]:
    """What `if_none: none` says is believed of rows past their grace alone."""
    for table in source.tables.values():
        if table.born is not None and _believes_none(table):
            grace = timedelta(days=min(table.grace, (since - date.min).days))
            low, high = (max(ALL_DAYS.low, day - grace) for day in (since, today))
            if low < high:
                yield Crossing(table.name, table.born, Stretch(low, high))


def _withdrawn(source: SourceMap, since: date, today: date) -> Iterator[Crossing]:
    """What was withdrawn on these days; also on the first, after that day's look."""
    for table in source.tables.values():
        for mark in table.marks:
            if mark.withdrawn is not None:
                yield Crossing(table.name, mark.withdrawn, Stretch(since, today + timedelta(days=1)))


def spoken_of(source: SourceMap, table: Table) -> tuple[Table, ...]:
    """A table whose columns say who consents, with those through which its rows have their owners; none of others."""
    found: dict[str, Table] = {}
    waiting = [table] if table.marks else []
    while waiting:
        each = waiting.pop()
        if each.name not in found:
            found[each.name] = each
            waiting += [source.tables[each.links[r.link].to] for r in each.owners if isinstance(r, OwnersOf)]
    return tuple(found.values())


def _believes_none(table: Table) -> bool:
    said = [link.if_none for link in table.links.values()] + [match.if_none for match in table.matches.values()]
    said += [rule.if_none for rule in table.owner_rules if isinstance(rule, EachOwner | ByIdentifier)]
    rules = (rule for kind in table.kinds for rule in kind.moments.values())
    said += [rule.if_none for rule in rules if isinstance(rule, FromChildren | Latest | Imported)]
    return IfNone.NONE in said


def carried(source: SourceMap, table: Table) -> frozenset[str]:
    """The links by which a row's verdict is another matter when that of the row it points at is."""
    found = {rule.link for kind in table.kinds for rule in kind.moments.values() if isinstance(rule, Through)}
    found |= {rule.link for rule in table.owner_rules if isinstance(rule, OwnersOf)}
    found |= {name for name in (table.follows, table.copy_of) if name}
    return frozenset(found & table.links.keys())
