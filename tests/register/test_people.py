"""A person is a set of identifiers; alike is not the same; who is protected stays so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ombud.register import NotThere, OneAndTheSame
from ombud.register.model import Approval, Identity, Protection, Proven
from ombud.rights.model import Proof, State
from tests.register.conftest import ADA, BO, NOW, SECRET, entry, wish

if TYPE_CHECKING:
    from ombud.register.store import Store

PNR = Identity("personnummer", "c" * 64, "19850101-0009")


def test_an_identifier_is_searched_for_again_while_its_request_is_open(store: Store) -> None:
    case = store.add_request(wish(), [ADA, PNR], entry())
    store.add_identities(case.person, [Identity("email", "d" * 64, "ada@old.example", "crm"), ADA])
    person = store.person(case.person)
    assert [(each.value, each.source) for each in person.identities] == [
        ("ada@x.example", ""),
        ("19850101-0009", ""),
        ("ada@old.example", "crm"),
    ]
    assert "example" not in repr(person)


def test_two_who_share_an_address_are_two(store: Store) -> None:
    one = store.add_request(wish(), [ADA], entry())
    other = store.add_request(wish(), [ADA, PNR], entry())
    assert one.person != other.person
    assert store.persons_of([ADA.digest]) == tuple(sorted([one.person, other.person]))
    assert store.persons_of([PNR.digest]) == (other.person,)


def test_the_file_does_not_say_who_somebody_is(store: Store) -> None:
    store.add_request(wish(), [ADA], entry(note="Ada rang"))
    written = [store._execute(f"SELECT * FROM {table}", []) for table in ("ombud_identifier", "ombud_note")]
    read = [bytes(cell) for rows in written for row in rows for cell in row if isinstance(cell, bytes | memoryview)]
    assert len(read) == 2
    assert not any(b"ada" in each.lower() for each in read)
    assert SECRET not in b"".join(read)


def test_protection_reaches_everybody_who_could_be_meant(store: Store) -> None:
    case = store.add_request(wish(), [ADA], entry())
    other = store.add_request(wish(), [ADA, PNR], entry())
    store.protect(case.person, Protection("own word", ("karin", "per")))
    assert store.protection_of([ADA.digest]) == Protection("own word", ("karin", "per"))
    assert store.protection_of([PNR.digest]) is None
    store.protect(other.person, Protection("crm", ("per",)))
    both = store.protection_of([ADA.digest, BO.digest])
    assert both is not None
    assert (set(both.why.split("; ")), both.seen_by) == ({"own word", "crm"}, ("per",))
    assert store.person(case.person).protection == Protection("own word", ("karin", "per"))
    store.unprotect(case.person)
    assert store.protection_of([ADA.digest]) == Protection("crm", ("per",))
    with pytest.raises(NotThere):
        store.protect("nobody", Protection("crm"))


def test_who_writes_without_knowing_of_the_protection_does_not_end_it(store: Store) -> None:
    case = store.add_request(wish(), [ADA], entry())
    store.protect(case.person, Protection("own word"))
    store.append(replace(case.request, state=State.IDENTITY), [entry("asked")], expected=1)
    assert store.request(case.request.id).request.protected


def test_staff_vouch_for_a_person_in_pairs(store: Store) -> None:
    case = store.add_request(wish(), [ADA], entry())
    vouched = Proven(Proof.STAFF, "SPAR, by hand", NOW, "karin", "per", "case 7")
    with pytest.raises(OneAndTheSame):
        store.add_proof(case.request.id, replace(vouched, second=" Karin "))
    with pytest.raises(OneAndTheSame):
        store.add_proof(case.request.id, replace(vouched, second=""))
    known = Proven(Proof.CONTACT_POINT, "a link by e-mail", NOW)
    store.add_proof(case.request.id, known)
    store.add_proof(case.request.id, vouched)
    assert store.proofs(case.request.id) == (known, vouched)


def test_an_approval_by_two_takes_two_people(store: Store) -> None:
    refusal = Approval("refusal", "2026-0001-7KQD", "karin", NOW)
    assert store.approve(refusal) == 1
    with pytest.raises(OneAndTheSame):
        store.approve(replace(refusal, by="KARIN "))
    assert store.approve(replace(refusal, by="per")) == 2
    assert store.approve(replace(refusal, what="override")) == 1
    assert [each.by for each in store.approvals("refusal", "2026-0001-7KQD")] == ["karin", "per"]
    found = store.approvals_of("refusal", ["2026-0001-7KQD", "2026-0002-AAAA"])
    assert [len(each) for each in found.values()] == [2, 0]
