"""What is remembered of a person is what their row says, as long as it is there (spec/claims.md §6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ombud.claims.persons import key_of, key_ref, remember
from ombud.claims.read import Reading, birth_stamp
from ombud.claims.world import Memo, Owners, Person, Remembered, RowId
from ombud.datamap.model import OwnerRule
from ombud.terms import KeyRef


def learned(look: Reading) -> Reading:
    """The same look without the memos of rows that are gone or were born otherwise, in which remembered persons who are
    still there are known by what they are known by now.
    """
    births = {row.id: birth_stamp(row) for row in look.every_row()}
    kept = {row: memo for row, memo in look.world.memo.items() if births.get(row) == memo.birth}
    here = _with(look, kept)
    living = {
        key_ref(row, subject.name)
        for source, mapped in look.datamap.sources.items()
        for subject in mapped.subjects.values()
        for row in look.rows.get((source, subject.table), ())
    }

    def now(person: Person) -> Person:
        key = key_of(person) if isinstance(person, Remembered) else None
        return remember(here, key) if key in living and isinstance(key, KeyRef) else person

    memo = {row: replace(each, owners=_each(each, now)) for row, each in kept.items()}
    return look if memo == look.world.memo else _with(look, memo)


def _with(look: Reading, memo: dict[RowId, Memo]) -> Reading:
    world = replace(look.world, memo=memo)
    return Reading(look.policy, look.datamap, world, look.marks, look.today, look.digest)


def _each(memo: Memo, whole: Callable[[Person], Person]) -> dict[OwnerRule, Owners]:
    return {
        rule: Owners(frozenset(map(whole, of.certain)), frozenset(map(whole, of.candidates)), of.open)
        for rule, of in memo.owners.items()
    }
