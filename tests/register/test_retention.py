"""No copy of a person's rows is kept once they have the answer, or its time has passed; the rest goes years later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ombud.register import NotThere
from ombud.register.model import (
    Approval,
    Channel,
    ConsentAct,
    Correction,
    Disclosure,
    Identity,
    Notice,
    Protection,
    Proven,
    Why,
)
from ombud.register.retention import Kept, Wiped, earliest_kept
from ombud.rights.model import Proof, Restriction, State
from tests.register.conftest import ADA, BO, NOW, TODAY, entry, wish
from tests.register.test_consents import AGREED

if TYPE_CHECKING:
    from ombud.register.store import Store

ROWS = b"%PDF all that is held of Ada"
STREET = Correction("crm", "customer", "street", "17", "Storgatan 1", "Lillgatan 2")
MONTH = timedelta(days=30)


def answered(store: Store) -> str:
    """A request with an answer that is made, and not delivered."""
    case = store.add_request(wish(), [ADA], entry(note="she rang"))
    store.keep_answer(case.request.id, "answer.pdf", "application/pdf", ROWS, NOW, TODAY + MONTH)
    store.keep_corrections(case.request.id, [STREET])
    return case.request.id


def close(store: Store, id: str, day: date = TODAY) -> None:
    case = store.request(id)
    closed = replace(case.request, state=State.CLOSED)
    store.append(closed, [entry("closed", day=day)], expected=case.entries)


def test_an_answer_is_there_until_it_is_delivered_and_then_only_its_hash(store: Store) -> None:
    id = answered(store)
    second = store.keep_answer(id, "extract.json", "application/json", b"{}", NOW, TODAY + MONTH)
    assert (second.number, second.size) == (2, 2)
    assert store.answer_content(id, 1) == ROWS
    assert store.corrections(id) == (STREET,)
    assert store.delivered(id, NOW, TODAY) == 2
    with pytest.raises(NotThere):
        store.answer_content(id, 1)
    (letter, extract) = store.answers(id)
    assert (letter.wiped_on, letter.delivered_at, letter.size) == (TODAY, NOW, len(ROWS))
    assert extract.sha256 == second.sha256
    assert store.corrections(id) == (replace(STREET, key=None, before=None, after=None),)
    assert store.delivered(id, NOW + MONTH, TODAY + MONTH) == 0


def test_an_answer_that_nobody_fetched_goes_when_its_time_has_passed(store: Store) -> None:
    id = answered(store)
    assert store.wipe(TODAY + MONTH) == Wiped()
    assert store.wipe(TODAY + MONTH + timedelta(days=1)) == Wiped(answers=1)
    assert store.answers(id)[0].delivered_at is None
    assert store.corrections(id)[0].before is not None, "the answer that is made anew says it"
    assert store.wipe(TODAY + MONTH + timedelta(days=1)) == Wiped()


def test_what_is_sealed_for_a_request_goes_the_moment_it_is_over(store: Store) -> None:
    id = answered(store)
    close(store, id)
    case = store.request(id)
    assert case.over_on == TODAY
    assert [each.value for each in store.person(case.person).identities] == [None]
    assert store.answers(id)[0].wiped_on == TODAY
    assert store.corrections(id)[0].before is None
    assert store.wipe(TODAY) == Wiped()


def test_an_identifier_is_kept_while_another_request_of_the_person_is_open(store: Store) -> None:
    from ombud.register.model import Incoming

    first = store.add_request(wish(), [ADA], entry())
    (second,) = store.add_requests([Incoming(wish(), (ADA,), entry(), first.person)])
    close(store, first.request.id)
    assert [each.value for each in store.person(first.person).identities] == ["ada@x.example"]
    close(store, second.request.id)
    assert [each.value for each in store.person(first.person).identities] == [None]


def test_a_closed_request_is_not_over_before_its_restriction_is_lifted(store: Store) -> None:
    id = answered(store)
    closed = replace(store.request(id).request, state=State.CLOSED, restriction=Restriction.NOTICED)
    store.append(closed, [entry("closed")], expected=1)
    case = store.request(id)
    assert ([each.request.id for each in store.requests()], case.over_on) == ([id], None)
    assert store.wipe(TODAY).values == 0
    lifted = replace(closed, restriction=Restriction.LIFTED)
    store.append(lifted, [entry("lifted", day=TODAY + MONTH)], expected=2)
    assert store.request(id).over_on == TODAY + MONTH
    assert [each.value for each in store.person(case.person).identities] == [None]


def test_the_words_beside_a_history_go_before_the_history(store: Store) -> None:
    id = answered(store)
    assert store.history(id)[0].note == "she rang"
    close(store, id)
    assert [(each.kind, each.note) for each in store.history(id)] == [("received", ""), ("closed", "")]


def test_a_project_may_keep_the_words_for_years_and_says_so(store: Store) -> None:
    store.kept = Kept(notes=1)
    id = answered(store)
    close(store, id)
    assert store.wipe(date(2027, 6, 1)).notes == 0
    assert store.history(id)[0].note == "she rang"
    assert store.wipe(date(2027, 6, 2)) == Wiped(notes=1)


def test_years_later_nothing_of_a_request_is_left(store: Store) -> None:
    id = answered(store)
    store.add_proof(id, Proven(Proof.SESSION, "signed in", NOW))
    store.approve(Approval("refusal", id, "karin", NOW))
    store.add_notices([Notice("caterer", Why.ERASED, Channel.SMTP, "n-1", NOW, b"Ada", request=id)])
    store.sent(store.claim(1, NOW, 60)[0], NOW, "250")
    close(store, id)
    still_open = store.add_request(wish(), [BO], entry())
    assert store.wipe(date(2029, 6, 1)).requests == 0
    assert store.wipe(date(2029, 6, 2)) == Wiped(requests=1, persons=1)
    assert store.requests(open_only=False) == (still_open,)
    assert store.persons_of([ADA.digest]) == ()
    assert (store.history(id), store.proofs(id), store.approvals("refusal", id)) == ((), (), ())
    assert store.notices_of(id) == ()


def test_who_must_keep_longer_says_so(store: Store) -> None:
    store.kept = Kept(requests=10)
    close(store, answered(store))
    assert store.wipe(date(2036, 6, 1)).requests == 0
    assert store.wipe(date(2036, 6, 2)).requests == 1


def test_that_somebody_is_protected_is_remembered_when_their_requests_are_not(store: Store) -> None:
    id = answered(store)
    store.protect(store.request(id).person, Protection("own word", ("karin",)))
    close(store, id)
    assert store.wipe(date(2030, 1, 1)).requests == 1
    assert store.protection_of([ADA.digest]) == Protection("own word", ("karin",))


def test_a_disclosure_outlives_the_data_until_nobody_can_claim_for_it(store: Store) -> None:
    person = frozenset({("email", ADA.digest)})
    ended = Disclosure("caterer", "events", TODAY, person, until=TODAY + MONTH)
    endless = Disclosure("printer", "events", TODAY, person)
    store.add_disclosures([ended, endless])
    assert store.wipe(TODAY + MONTH + timedelta(days=3 * 365)).disclosures == 0
    assert store.wipe(TODAY + MONTH + timedelta(days=3 * 366)).disclosures == 1
    assert [each.recipient for each in store.disclosures_of([ADA.digest])] == ["printer"]


def test_a_consent_is_proved_until_years_after_it_was_withdrawn(store: Store) -> None:
    later = replace(AGREED, act=ConsentAct.WITHDRAWN, at=NOW + MONTH)
    shared = Identity("phone", "e" * 64)
    store.add_consent([ADA], AGREED)
    store.add_consent([ADA, shared], replace(AGREED, purpose="panel"))
    store.add_consent([BO], AGREED)
    store.add_consent([ADA], later)
    store.add_consent([ADA], replace(later, purpose="panel"))
    assert store.wipe(date(2029, 7, 1)).consents == 0
    # What Ada said with her phone beside it may be somebody else's who shares her address.
    assert store.wipe(date(2029, 7, 3)) == Wiped(consents=3, persons=3)
    assert store.consents_of([ADA.digest, BO.digest]) == (replace(AGREED, purpose="panel"), AGREED)


@pytest.mark.parametrize(
    ("today", "earliest"),
    [
        (date(2027, 2, 28), date(2024, 2, 28)),
        (date(2027, 3, 1), date(2024, 3, 1)),
        (date(2028, 2, 29), date(2025, 3, 1)),
    ],
)
def test_years_after_a_leap_day_end_on_the_last_of_february(today: date, earliest: date) -> None:
    assert earliest_kept(today, 3) == earliest
