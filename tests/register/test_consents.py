"""Consent is proved by what was shown, and by what was said to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ombud.register.model import Consent, ConsentAct
from tests.register.conftest import ADA, BO, NOW

if TYPE_CHECKING:
    from ombud.register.store import Store

AGREED = Consent(
    ConsentAct.GIVEN, "newsletter", NOW, "web form", "3", "f" * 64, "sv", NOW - timedelta(minutes=2), mark=7
)


def test_an_act_of_consent_keeps_the_text_that_was_shown_before_it(store: Store) -> None:
    withdrawn = replace(AGREED, act=ConsentAct.WITHDRAWN, at=NOW + timedelta(days=9), shown_at=None, mark=8)
    store.add_consent([ADA], AGREED)
    store.add_consent([BO], replace(AGREED, mark=9))
    store.add_consent([ADA], withdrawn)
    assert store.consents_of([ADA.digest]) == (AGREED, withdrawn)


def test_the_record_says_whose_it_is_by_keyed_hash_only(store: Store) -> None:
    store.add_consent([ADA], AGREED)
    (person,) = store.persons_of([ADA.digest])
    assert [each.value for each in store.person(person).identities] == [None]
