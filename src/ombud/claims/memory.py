"""Who removes a judge writes its judgement beside the judged (spec/claims.md §6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from typing import assert_never

from ombud.claims.moments import counted, latest_of, moment, moment_by, pick, said_by
from ombud.claims.owners import owners_by, owners_of
from ombud.claims.persons import candidates, identifier, identifiers, places, remember
from ombud.claims.read import NotFound, Reading, Row, children, company_of, find, kind_of, memo_of, passes
from ombud.claims.world import Memo, Owners, RowId
from ombud.datamap.model import (
    ByIdentifier,
    CompanyThrough,
    EachOwner,
    FromChildren,
    FromColumn,
    Imported,
    IsSubject,
    Latest,
    MomentRule,
    OwnerRule,
    OwnersOf,
    Through,
)
from ombud.terms import Verdict


def memo_after(look: Reading, row: Row, judged: Mapping[RowId, Verdict], gone: frozenset[Row]) -> Memo | None:
    """What is remembered for a staying row once `gone` are deleted and it is changed; None if there is nothing.

    Rules of every kind are remembered, for the application may change the row's kind.
    """
    memo = memo_of(look, row)
    for moment_rule in dict.fromkeys(rule for kind in row.table.kinds for rule in kind.moments.values()):
        memo = _moment(look, row, memo, moment_rule, gone)
    if isinstance(row.table.company, CompanyThrough) and _found(look, row, row.table.company.link) in gone:
        memo = replace(memo, company=company_of(look, row))
    blanked = _blanked_columns(look, row, judged[row.id])
    for owner_rule in dict.fromkeys(_owner_rules(row)):
        memo = _owners(look, row, memo, owner_rule, gone, blanked)
    memo = _identity(look, row, memo, judged, gone)
    return None if memo == Memo(memo.birth) else memo


def _moment(look: Reading, row: Row, memo: Memo, rule: MomentRule, gone: frozenset[Row]) -> Memo:
    match rule:
        case FromColumn() | Imported():
            return memo
        case Through(link, _) if link in row.table.matches:
            match_ = row.table.matches[link]
            ref = identifier(look, row, match_.kind, match_.column)
            found = [bearer for _, bearer in candidates(look, row, ref, match_.to)] if ref else []
            if ref is None or not gone.intersection(found):
                return memo
            if len(found) > 1:
                memo = replace(memo, several=memo.several | {(link, ref)})
            return replace(memo, moments={**memo.moments, rule: moment_by(look, row, rule)})
        case Through(link, _):
            if _found(look, row, link) not in gone:
                return memo
            return replace(memo, moments={**memo.moments, rule: moment_by(look, row, rule)})
        case FromChildren():
            said = [moment(look, child, rule.moment) for child in counted(look, row, rule) if child in gone]
            if not said:
                return memo
            said += [memo.moments[rule]] if rule in memo.moments else []
            return replace(memo, moments={**memo.moments, rule: pick(rule.pick, said)})
        case Latest():
            return _latest(look, row, memo, rule, gone)
        case _:
            assert_never(rule)


def _latest(look: Reading, row: Row, memo: Memo, rule: Latest, gone: frozenset[Row]) -> Memo:
    """The latest row's order and word, if it goes; of several at the top, that it cannot be told."""
    greatest = latest_of(look, row, rule)
    if greatest is None:
        return memo
    order, said = greatest
    leaving = [child for child in children(look, row, rule.child, rule.link) if child in gone]
    if isinstance(said, Row):
        if said not in gone:
            return memo
        said = said_by(look, said, rule)
    elif not any(order is None or child.values.get(rule.order) == order for child in leaving):
        return memo
    return replace(memo, latest={**memo.latest, rule: (order, said)})


def _owners(look: Reading, row: Row, memo: Memo, rule: OwnerRule, gone: frozenset[Row], blanked: Set[str]) -> Memo:
    match rule:
        case IsSubject():
            return memo
        case OwnersOf(link):
            if _found(look, row, link) not in gone:
                return memo
            return replace(memo, owners={**memo.owners, rule: _remembered(look, owners_by(look, row, rule))})
        case EachOwner(child, link):
            added = [owners_of(look, each) for each in children(look, row, child, link) if each in gone]
            if not added:
                return memo
            owners = memo.owners.get(rule, Owners())
            for each in added:
                owners |= _remembered(look, each)
            return replace(memo, owners={**memo.owners, rule: owners})
        case ByIdentifier(kind, column):
            ref = identifier(look, row, kind, column)
            if ref is None or not passes(look, row, rule.when):
                return memo
            if column not in blanked and not gone & {bearer for _, bearer in candidates(look, row, ref)}:
                return memo
            owners = _remembered(look, owners_by(look, row, rule))
            return replace(memo, owners={**memo.owners, rule: owners}, named={**memo.named, rule: ref})
        case _:
            assert_never(rule)


def _identity(look: Reading, row: Row, memo: Memo, judged: Mapping[RowId, Verdict], gone: frozenset[Row]) -> Memo:
    """A subject's row keeps its identifiers that go, and which of them somebody had who goes."""
    for subject in look.map_of(row).subjects.values():
        if subject.table != row.table.name:
            continue
        lost = {
            ref
            for place, each, ref in places(look, row, subject)
            if each in gone or place.column in _blanked_columns(look, each, judged[each.id])
        }
        shared = {
            ref
            for ref in identifiers(look, row, subject)
            if gone.intersection(bearer for _, bearer in candidates(look, row, ref) if bearer is not row)
        }
        memo = replace(memo, identifiers=memo.identifiers | lost, shared=memo.shared | shared)
    return memo


def _remembered(look: Reading, owners: Owners) -> Owners:
    return Owners(
        frozenset(remember(look, person) for person in owners.certain),
        frozenset(remember(look, person) for person in owners.candidates),
        owners.open,
    )


def _found(look: Reading, row: Row, link: str) -> Row | NotFound:
    return find(look, row, row.table.links[link])


def _owner_rules(row: Row) -> Iterator[OwnerRule]:
    yield from row.table.owners
    for kind in row.table.kinds:
        for cell in kind.cells.values():
            yield from cell.of


def _blanked_columns(look: Reading, row: Row, verdict: Verdict) -> Set[str]:
    kind = kind_of(look, row)
    return {kind.cells[name].column for name in verdict.blank} if kind else set()
