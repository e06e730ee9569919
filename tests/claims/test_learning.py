"""What is remembered of a person is one, also when they are remembered again (spec/claims.md §6)."""

from __future__ import annotations

from ombud.claims.learning import as_one
from ombud.claims.world import Memo, Owners, Remembered
from ombud.datamap.model import ByIdentifier
from ombud.terms import IdRef, IfNone, KeyRef

RULE = ByIdentifier("phone", "phone", IfNone.UNKNOWN)
KEY = KeyRef("crm", "customer", (7,), "2019-01-01")
PHONE, EMAIL, FORMER = IdRef("phone", "p"), IdRef("email", "e"), IdRef("email", "f")


def of(*persons: Remembered) -> dict[tuple[str, str, tuple[int, ...]], Memo]:
    """A memo for each of some letters, each of one certain owner."""
    return {
        ("crm", "letter", (n,)): Memo("2020-01-01", owners={RULE: Owners(certain=frozenset({person}))})
        for n, person in enumerate(persons)
    }


def test_who_is_remembered_again_is_known_by_what_they_were_known_by_before() -> None:
    before = of(Remembered(frozenset({KEY, PHONE, FORMER})))
    after = of(Remembered(frozenset({KEY, EMAIL})))
    assert as_one(after, before) == of(Remembered(frozenset({KEY, PHONE, FORMER, EMAIL})))


def test_what_was_shared_once_reaches_them_uncertainly_for_good() -> None:
    before = of(Remembered(frozenset({KEY, PHONE}), frozenset({EMAIL})))
    after = of(Remembered(frozenset({KEY, EMAIL})))
    assert as_one(after, before) == of(Remembered(frozenset({KEY, PHONE}), frozenset({EMAIL})))


def test_of_whom_no_row_remembers_anything_any_more_nothing_is_said() -> None:
    other = KeyRef("crm", "customer", (8,), "2019-01-01")
    before = of(Remembered(frozenset({other, PHONE})))
    assert as_one(of(Remembered(frozenset({KEY, EMAIL}))), before) == of(Remembered(frozenset({KEY, EMAIL})))


def test_two_rows_remember_one_person() -> None:
    one, other = Remembered(frozenset({KEY, PHONE})), Remembered(frozenset({KEY, EMAIL}))
    both = Remembered(frozenset({KEY, PHONE, EMAIL}))
    assert as_one(of(one, other), {}) == of(both, both)
