"""Who has had my data: by name, purpose and agreement, of this person and of nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ombud.register.model import Channel, Disclosure, Notice, Why
from tests.register.conftest import ADA, BO, NOW, TODAY

if TYPE_CHECKING:
    from ombud.register.store import Store

LIST = Disclosure(
    "caterer",
    "events",
    TODAY,
    frozenset({("email", ADA.digest), ("phone", "e" * 64)}),
    ("contact", "health.allergies"),
    "north",
    "dpa-7",
    "events",
    "guest",
    TODAY + timedelta(days=3),
)


def test_a_person_is_told_of_each_handing_over_of_their_own(store: Store) -> None:
    other = replace(LIST, persons=frozenset({("email", BO.digest)}))
    earlier = replace(LIST, recipient="printer", day=TODAY - timedelta(days=1), until=None)
    kept = store.add_disclosures([LIST, other, earlier])
    assert [each.id for each in kept] == sorted({each.id for each in kept})
    assert store.disclosures_of([ADA.digest, "e" * 64]) == (kept[2], kept[0])
    assert store.disclosures_of([BO.digest]) == (kept[1],)
    assert store.disclosures_of([]) == ()


def test_a_disclosure_is_about_somebody(store: Store) -> None:
    with pytest.raises(ValueError, match="about somebody"):
        store.add_disclosures([replace(LIST, persons=frozenset())])


def test_a_recipient_whose_time_has_passed_is_told_once(store: Store) -> None:
    kept, _ = store.add_disclosures([LIST, replace(LIST, until=None)])
    assert store.disclosures_ended(TODAY + timedelta(days=3)) == ()
    assert store.disclosures_ended(TODAY + timedelta(days=4)) == (kept,)
    ended = Notice("caterer", Why.RETENTION_ENDED, Channel.POST, "e-1", NOW, b"Ada", disclosure=kept.id)
    store.add_notices([ended])
    assert store.disclosures_ended(TODAY + timedelta(days=4)) == ()
    assert [each.key for each in store.notices_about([kept.id])] == ["e-1"]
