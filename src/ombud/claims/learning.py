"""What is remembered of a person is one, and grows as long as their row is there (spec/claims.md §6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ombud.claims.persons import key_ref, remember
from ombud.claims.read import Reading, birth_stamp
from ombud.claims.world import Memo, Owners, Person, Remembered, RowId
from ombud.datamap.model import OwnerRule
from ombud.terms import KeyRef

Memos = Mapping[RowId, Memo]


def learned(look: Reading) -> Reading:
    """The same look without the memos of rows that are gone or were born otherwise, in which remembered persons who are
    still there are known by what they are known by now too.
    """
    births = {row.id: birth_stamp(row) for row in look.every_row()}
    kept = {row: memo for row, memo in look.world.memo.items() if births.get(row) == memo.birth}
    known = _known(kept)
    for source, mapped in look.datamap.sources.items():
        for subject in mapped.subjects.values():
            for row in look.rows.get((source, subject.table), ()):
                if (ref := key_ref(row, subject.name)) in known:
                    now = remember(look, ref)
                    known[ref] = _both(known[ref], now) if isinstance(now, Remembered) else known[ref]
    memo = _with(kept, known)
    if memo == look.world.memo:
        return look
    world = replace(look.world, memo=memo)
    return Reading(look.policy, look.datamap, world, look.marks, look.today, look.digest)


def as_one(memos: Memos, before: Memos) -> dict[RowId, Memo]:
    """Memos in which each person is known by all that any of them says, or said before they were remembered again."""
    known = _known(memos)
    for ref, was in _known(before).items():
        known[ref] = _both(known[ref], was) if ref in known else was
    return _with(memos, known)


def _known(memos: Memos) -> dict[KeyRef, Remembered]:
    found: dict[KeyRef, Remembered] = {}
    for memo in memos.values():
        for owners in memo.owners.values():
            for person in owners.certain | owners.candidates:
                if isinstance(person, Remembered) and (ref := _key(person)):
                    found[ref] = _both(found[ref], person) if ref in found else person
    return found


def _both(one: Remembered, other: Remembered) -> Remembered:
    """An identifier that was shared once reaches them uncertainly for good."""
    maybe = one.maybe | other.maybe
    return Remembered((one.refs | other.refs) - maybe, maybe)


def _with(memos: Memos, known: Mapping[KeyRef, Remembered]) -> dict[RowId, Memo]:
    def whole(person: Person) -> Person:
        ref = _key(person) if isinstance(person, Remembered) else None
        return known[ref] if ref else person

    return {row: replace(memo, owners=_each(memo, whole)) for row, memo in memos.items()}


def _each(memo: Memo, whole: Callable[[Person], Person]) -> dict[OwnerRule, Owners]:
    return {
        rule: Owners(frozenset(map(whole, of.certain)), frozenset(map(whole, of.candidates)), of.open)
        for rule, of in memo.owners.items()
    }


def _key(person: Remembered) -> KeyRef | None:
    return next((ref for ref in person.refs if isinstance(ref, KeyRef)), None)
