"""A person is a set of identifiers; alike is not the same; who is protected stays so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from ombud.register import NotThere, OneAndTheSame
from ombud.register.model import Approval, Identity, Incoming, Protection, Proven
from ombud.rights.model import Proof, State
from tests.register.conftest import ADA, BO, NOW, SECRET, entry, wish
from tests.register.test_requests import listing

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


def test_protection_of_many_is_asked_and_said_in_a_few_statements(store: Store) -> None:
    own = [replace(ADA, digest=f"{n:064}") for n in range(50)]
    cases = store.add_requests([Incoming(wish(), (each,), entry()) for each in own])
    said = {case.person: Protection("crm" if n % 2 else "own word", ("karin",)) for n, case in enumerate(cases)}
    ran: list[str] = []
    with connections[store.alias].execute_wrapper(listing(ran)):
        store.protect_each(said)
        found = store.protections_of([[own[0].digest, own[1].digest], ["f" * 64], [own[2].digest]])
        assert store.protected_among([*said, "nobody"]) == said.keys()
    assert len(ran) < 15
    assert found[1] is None
    assert found[2] == Protection("own word", ("karin",))
    assert found[0] is not None
    assert set(found[0].why.split("; ")) == {"crm", "own word"}
    assert all(store.request(case.request.id).request.protected for case in cases)
    with pytest.raises(NotThere):
        store.protect_each({cases[0].person: Protection("x"), "nobody": Protection("x")})
    assert store.person(cases[0].person).protection == Protection("own word", ("karin",))


def test_why_somebody_is_protected_is_said_once_and_fits_where_it_is_kept(store: Store) -> None:
    first, second = (store.add_request(wish(), [ADA, each], entry()).person for each in (BO, PNR))
    store.protect(first, Protection("own word; crm"))
    store.protect(second, Protection("crm; " + "x" * 300))
    known = store.protection_of([ADA.digest])
    assert known is not None
    assert known.why.count("crm") == 1
    assert len(known.why) == 200
    store.protect(first, known)


def test_a_handler_who_is_written_in_two_ways_is_the_one_whom_both_protections_name(store: Store) -> None:
    first, second = (store.add_request(wish(), [ADA, each], entry()).person for each in (BO, PNR))
    store.protect(first, Protection("own word", ("åsa", "per")))
    store.protect(second, Protection("crm", ("A\u030asa", "karin")))
    known = store.protection_of([ADA.digest])
    assert known is not None
    assert len(known.seen_by) == 1


def test_what_was_found_in_sources_is_told_from_what_was_said(store: Store) -> None:
    said, found = (store.add_request(wish(), [ADA], entry()).person for _ in range(2))
    store.add_identities_of({found: [Identity("personnummer", PNR.digest, None, "crm")] * 2, said: []})
    assert store.found_among([said, found]) == {found}
    assert store.digests_of([said, found]) == {said: {ADA.digest}, found: {ADA.digest, PNR.digest}}
    assert [each.value for each in store.person(found).identities] == ["ada@x.example", None]


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
