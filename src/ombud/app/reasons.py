"""Why the rows of a plan are due, and how many rows stay only because something is not known: counts, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import sqlalchemy as sa

from ombud.app.waiting import days
from ombud.app.words import no_kind
from ombud.datamap.model import (
    ByIdentifier,
    CompanyColumn,
    EachOwner,
    FromChildren,
    FromColumn,
    Imported,
    IsSubject,
    Latest,
    Link,
    MomentRule,
    OwnerRule,
    OwnersOf,
    SourceMap,
    Table,
    Through,
)
from ombud.engine.plans import Doubt, Reason
from ombud.engine.sweep import Sweep
from ombud.sql.freeze import how_many
from ombud.sql.why import Cause, Counted, Ended, InDoubt, Ownerless, Told, Why
from ombud.terms import IfNone


@dataclass(frozen=True, slots=True)
class Reasons:
    """Of one table."""

    ended: tuple[Reason, ...] = ()
    doubt: tuple[Doubt, ...] = ()


def reasons(sweep: Sweep, table: Table, *, due: bool) -> Reasons:
    """Of a table that a sweep has just frozen, in the open transaction and while its facts still stand.

    `due`: something of it is.
    """
    if not table.personal or not table.key:
        return Reasons()
    why = Why(sweep.judge, table)
    ended: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    dead = _counted(sweep, why.ended(sweep.freezer, gone=True)) if due else iter(())
    lose = due and sweep.connection.execute(why.loses_cells(sweep.freezer)).scalar_one()
    blanked = _counted(sweep, Why(sweep.judge, table).ended(sweep.freezer, gone=False)) if lose else iter(())
    for what, rows in chain(dead, blanked):
        assert isinstance(what, Ended)
        ended[what.purpose, over(what)][what.company, what.basis] += rows
    doubt: Counter[str] = Counter()
    undated, ownerless = sweep.connection.execute(why.asks()).one()
    if undated:
        for unclear, rows in _counted(sweep, Why(sweep.judge, table).doubtful(sweep.freezer)):
            assert isinstance(unclear, InDoubt)
            doubt[_unknown(sweep.source, why.root, unclear)] += rows
    if ownerless:
        for left, rows in _counted(sweep, Why(sweep.judge, table).ownerless(sweep.freezer)):
            assert isinstance(left, Ownerless)
            doubt[_left_open(why.root, left.rule)] += rows
    doubt.update(dict(_unread(sweep, table)))
    counted = [Reason(*what, rows) for what, found in ended.items() if (rows := _in_all(found))]
    order = {reason.purpose: n for n, reason in reversed([*enumerate(counted)])}
    return Reasons(
        tuple(sorted(counted, key=lambda reason: order[reason.purpose])),
        tuple(Doubt(what, rows) for what, rows in doubt.items() if rows),
    )


def _counted(sweep: Sweep, statements: Iterable[Counted]) -> Iterator[tuple[Told, int]]:
    for statement, counted in statements:
        yield from zip(counted, map(int, sweep.connection.execute(statement).one()), strict=True)


def _in_all(found: Counter[tuple[str, str]]) -> int:
    """Rows of all companies. Bases that the same thing ended mostly have the same rows: the most of them count."""
    most: Counter[str] = Counter()
    for (company, _), rows in found.items():
        most[company] = max(most[company], rows)
    return most.total()


def over(what: Ended) -> str:
    """Why a claim is over, in words."""
    match what.cause:
        case Cause.PAST:
            return f"{what.moment} before {what.day}"
        case Cause.AHEAD:
            return f"{what.moment} is still to come"
        case Cause.NOT_YET:
            return f"no {what.moment} yet"
        case Cause.NEVER:
            return f"{what.moment} does not apply"
        case Cause.NO_CONSENT:
            return "no consent"
        case Cause.MARKED:
            return "ended or objected to by a mark"


# --- what is not known ------------------------------------------------------------------------------------------


def _unknown(source: SourceMap, root: Table, what: InDoubt) -> str:
    kind = next(kind for kind in root.kinds if kind.name == what.kind)
    rule = kind.moments[what.moment]
    return f"{what.moment} is unknown: {_read_from(source, root, rule)}{_young(root, rule)}"


def _left_open(root: Table, rule: OwnerRule) -> str:
    """Whom a row is about cannot be told, and where that is read."""
    match rule:
        case OwnersOf(link):
            where = f"{_columns(root, link)} leads to nobody for certain{_young(root, root.links[link])}"
        case EachOwner(child=child):
            where = f"none of {child} says it{_young(root, rule)}"
        case ByIdentifier(column=column):
            where = f"{root.name}.{column} names nobody{_young(root, rule)}"
        case IsSubject():
            where = root.name
    return f"whom it is about is unknown: {where}"


def _young(table: Table, rule: MomentRule | OwnerRule | Link) -> str:
    """That a row may only be too young for what it lacks to be believed."""
    link = rule.link if isinstance(rule, Through) else ""
    by = table.links.get(link) or table.matches.get(link) if link else rule
    if getattr(by, "if_none", None) is not IfNone.NONE:
        return ""
    return f", or the row is younger than its grace of {days(table)}"


def _read_from(source: SourceMap, table: Table, rule: MomentRule) -> str:
    """Where a moment is read, down to a column where there is one."""
    match rule:
        case FromColumn(columns):
            return f"{table.name}.{', '.join(column.column for column in columns)} cannot be read"
        case Through(link, moment) if link in table.links:
            return f"{_columns(table, link)} leads to no row, or {_of(source, table.links[link].to, moment)}"
        case Through(link, moment):
            subject = source.subjects[table.matches[link].to]
            return f"{table.matches[link].column} fits no row for certain, or {_of(source, subject.table, moment)}"
        case FromChildren(child=child, moment=moment) | Latest(child=child, moment=moment):
            return f"none of {child} says it, or {_of(source, child, moment)}"
        case Imported(source=other):
            return f"it is not copied from {other} for one certain person, or not lately"


def _of(source: SourceMap, table: str, moment: str) -> str:
    mapped = source.tables[table]
    rule = next((kind.moments[moment] for kind in mapped.kinds if moment in kind.moments), None)
    return _read_from(source, mapped, rule) if rule is not None else f"{table} has no {moment}"


def _columns(table: Table, link: str) -> str:
    return f"{table.name}.{', '.join(table.links[link].columns)}"


def _unread(sweep: Sweep, table: Table) -> Iterator[tuple[str, int]]:
    """Rows whose kind or company is not known, or that follow such a row: they stay whole."""
    fact = sweep.names.fact(table.name)
    kind, company = fact.c.kind.is_(None), fact.c.company.is_(None)
    chosen = sa.select(
        how_many(kind), how_many(sa.and_(sa.not_(kind), company)), how_many(sa.not_(sa.or_(kind, company)))
    ).where(fact.c.doubt == 1)
    rows = [int(each) for each in sweep.connection.execute(chosen).one()]
    rule = table.company
    where = f": {table.name}.{rule.column} names none of the policy's" if isinstance(rule, CompanyColumn) else ""
    above = "the row it follows is not found, or in doubt"
    told = (no_kind(table), f"its company is unknown{where}", above)
    yield from zip(told, rows, strict=True)
