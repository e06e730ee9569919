"""Who a row or a cell is about (spec/claims.md §2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from ombud.claims.persons import candidates, identifier, key_ref
from ombud.claims.read import NotFound, Reading, Row, believes_none, children, company_of, find, memo_of, passes
from ombud.claims.world import Owners
from ombud.datamap.model import ByIdentifier, Cell, EachOwner, IsSubject, OwnerRule, OwnersOf
from ombud.terms import IfNone

NOBODY = Owners()
ANYBODY = Owners(open=True)


def owners_of(look: Reading, row: Row) -> Owners:
    """The table's owners of this row: the union of its rules."""
    return look.once((row, "owners"), lambda: union(owners_by(look, row, rule) for rule in row.table.owners), ANYBODY)


def own_owners(look: Reading, row: Row, cell: Cell) -> Owners:
    """Whom the cell's own `of` names; nobody if it names nobody."""
    return union(owners_by(look, row, rule) for rule in cell.of)


def union(sets: Iterable[Owners]) -> Owners:
    whole = NOBODY
    for each in sets:
        whole |= each
    return whole


def owners_by(look: Reading, row: Row, rule: OwnerRule) -> Owners:
    return look.once((row, rule), lambda: _owners_by(look, row, rule), ANYBODY)


def _owners_by(look: Reading, row: Row, rule: OwnerRule) -> Owners:
    match rule:
        case IsSubject(subject):
            return Owners(certain=frozenset({key_ref(row, subject)}))
        case OwnersOf():
            return _owners_of(look, row, rule)
        case EachOwner(child, link, if_none):
            bridge, remembered = children(look, row, child, link), memo_of(look, row).owners.get(rule)
            if not bridge and remembered is None:
                return _missing(look, row, if_none)
            return union([owners_of(look, each) for each in bridge] + [remembered or NOBODY])
        case ByIdentifier():
            return _by_identifier(look, row, rule)
        case _:
            assert_never(rule)


def _owners_of(look: Reading, row: Row, rule: OwnersOf) -> Owners:
    link = row.table.links[rule.link]
    remembered = memo_of(look, row).owners.get(rule)
    match find(look, row, link):
        case Row() as found:
            return owners_of(look, found)
        case NotFound.NO_SUCH_LINK:
            return NOBODY
        case NotFound.MISSING:
            return remembered if remembered is not None else _missing(look, row, link.if_none)
        case NotFound.DANGLING:
            return remembered if remembered is not None else ANYBODY
        case NotFound.SEVERAL:
            return ANYBODY


def _by_identifier(look: Reading, row: Row, rule: ByIdentifier) -> Owners:
    if not passes(look, row, rule.when):
        return NOBODY
    memo, ref = memo_of(look, row), identifier(look, row, rule.kind, rule.column)
    remembered = memo.owners.get(rule)
    if ref is None:
        return remembered if remembered is not None else _missing(look, row, rule.if_none)
    same = remembered if remembered is not None and memo.named.get(rule) == ref else NOBODY
    found = candidates(look, row, ref)
    persons = frozenset(key_ref(bearer, subject) for subject, bearer in found)
    if same.candidates:
        return Owners(candidates=same.candidates | persons)
    if not found:
        return same or Owners(certain=frozenset({ref}))
    mine = company_of(look, row)
    if len(found) == 1 and mine is not None and company_of(look, found[0][1]) == mine:
        return Owners(certain=persons)
    return Owners(candidates=persons)


def _missing(look: Reading, row: Row, if_none: IfNone) -> Owners:
    return NOBODY if if_none is IfNone.NONE and believes_none(look, row) else ANYBODY
