"""Protection follows the person, not the name they used: what their rows say of them is asked about too."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from ombud.app.loaded import Refused
from ombud.app.requests.answering import deliver
from ombud.app.requests.deciding import approve, give_notice, protect, review
from ombud.app.requests.desk import Desk
from ombud.app.requests.guarding import may, protection_of
from ombud.app.requests.working import work
from ombud.rights.model import Proof, RequestKind, State
from ombud.rights.protected import Deed
from tests.identity.people import ANNA
from tests.identity.shop import Shop, known, received
from tests.identity.test_at_the_desk import codes

EMAIL = "email=anna@x.example"
BY_NUMBER = f"personnummer={ANNA.number}"
BY_ROW = "shop/customer/1"
ENOUGH = Proof.E_IDENTIFICATION


def raise_flag(corner: Shop, customer: int = 1) -> None:
    """The application has come to flag a customer."""
    with closing(sqlite3.connect(corner.folder / "shop.db")) as db, db:
        db.execute("UPDATE customer SET secret = 'J' WHERE id = ?", (customer,))


# --- named otherwise ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [BY_NUMBER, BY_ROW])
def test_who_is_flagged_by_one_identifier_is_protected_by_whatever_else_they_are_named(desk: Desk, named: str) -> None:
    protect(desk, received(desk, EMAIL), "own word", ("BO",), "BO")
    worked = known(desk, received(desk, named), ENOUGH)
    assert worked.opened.request.protected
    assert worked.opened.request.state is State.REVIEW
    assert protection_of(desk, worked.opened).handlers == {"bo"}
    assert not may(desk, worked.opened, Deed.DECIDE, "KL")
    with pytest.raises(Refused) as refused:
        review(desk, worked.opened, "KL")
    assert codes(refused) == ["C178"]


def test_a_flag_that_is_raised_later_reaches_the_request_that_named_the_person_otherwise(desk: Desk) -> None:
    first = known(desk, received(desk, BY_NUMBER), ENOUGH).opened
    assert first.request.state is State.CARRIED_OUT
    protect(desk, received(desk, EMAIL), "own word", ("BO",), "BO")
    first = desk.read(first.id)
    assert first.request.protected
    assert all(each.wiped_on for each in desk.store.answers(first.id))
    assert not may(desk, first, Deed.DELIVER, "KL")


def test_what_is_added_is_a_hash_of_what_stands_today_and_where(desk: Desk) -> None:
    opened = known(desk, received(desk, "email=farid@x.example")).opened
    digest, _ = desk.loaded.keys()
    kept = desk.store.person(opened.case.person).identities
    found = {(each.kind, each.digest, each.source): each.value for each in kept}
    assert found == {
        ("email", digest("email", "farid@x.example"), ""): "farid@x.example",
        ("personnummer", digest("personnummer", _number(desk, 2)), "shop"): None,
    }
    assert work(desk, opened.id).opened.case.entries == opened.case.entries


def test_who_only_may_be_meant_is_asked_about_and_not_made_one_with_the_person(desk: Desk) -> None:
    """Dan and Eva share an address; Dan's own is protected."""
    with closing(sqlite3.connect(desk.loaded.project.directory / "shop.db")) as db, db:
        db.execute("UPDATE customer SET pnr = '198112289874' WHERE id = 5")
    protect(desk, received(desk, "personnummer=198112289874"), "own word", ("BO",), "BO")
    opened = known(desk, received(desk, "email=home@x.example")).opened
    assert (opened.request.protected, opened.request.state) == (True, State.REVIEW)
    assert [each.kind for each in desk.store.person(opened.case.person).identities] == ["email"]


def test_nobody_else_is_protected_by_it(desk: Desk) -> None:
    protect(desk, received(desk, EMAIL), "own word", ("BO",), "BO")
    opened = known(desk, received(desk, "email=farid@x.example")).opened
    assert not opened.request.protected


def test_a_restriction_that_outlives_its_request_is_reached_too(corner: Shop, desk: Desk) -> None:
    opened = received(desk, EMAIL, kind=RequestKind.RESTRICT, ground="accuracy")
    opened = approve(desk, known(desk, opened).opened, "KL")
    work(desk, opened.id)
    deliver(desk, desk.read(opened.id), corner.folder / "out", "post", "KL", addressed=False)
    assert work(desk, opened.id).opened.request.state is State.CLOSED
    protect(desk, received(desk, EMAIL), "own word", ("BO",), "BO")
    opened = desk.read(opened.id)
    assert opened.request.protected
    with pytest.raises(Refused) as refused:
        give_notice(desk, opened, "post", "KL")
    assert codes(refused) == ["C178"]


# --- raised while it waits ----------------------------------------------------------------------------------------


def test_a_flag_raised_in_a_source_while_an_erasure_waits_for_approval_stops_it(corner: Shop, desk: Desk) -> None:
    opened = known(desk, received(desk, EMAIL, kind=RequestKind.ERASE)).opened
    assert opened.request.state is State.DECISION
    raise_flag(corner)
    with pytest.raises(Refused) as refused:
        approve(desk, opened, "KL")
    assert codes(refused) == ["C147"]
    opened = desk.read(opened.id)
    assert (opened.request.protected, opened.request.state) == (True, State.DECISION)
    with pytest.raises(Refused) as refused:
        approve(desk, opened, "KL")
    assert codes(refused) == ["C178"]


def test_so_does_one_raised_after_it_was_approved_and_before_it_is_carried_out(corner: Shop, desk: Desk) -> None:
    opened = known(desk, received(desk, EMAIL, kind=RequestKind.ERASE)).opened
    approve(desk, opened, "KL")
    raise_flag(corner)
    worked = work(desk, opened.id, by="KL")
    assert worked.opened.request.state is State.CARRYING_OUT
    assert worked.opened.request.protected
    assert [each.code for each in worked.findings] == ["C147"]
    assert _customers(corner) == 6


def test_a_flag_in_the_register_by_another_identifier_stops_delivery(corner: Shop, desk: Desk) -> None:
    """The register learns of it under an identifier that the source got after the request was collected."""
    opened = known(desk, received(desk, "email=elsa@x.example")).opened
    assert opened.request.state is State.CARRIED_OUT
    with closing(sqlite3.connect(corner.folder / "shop.db")) as db, db:
        db.execute("INSERT INTO customer VALUES (9, 'Elsa', 'elsa@x.example', NULL, ?, 'N', '2019-01-01', NULL)",
                   (ANNA.number[:8] + "9999",))  # fmt: skip
    protect(desk, received(desk, f"personnummer={ANNA.number[:8]}9999"), "own word", ("BO",), "BO")
    with pytest.raises(Refused) as refused:
        deliver(desk, desk.read(opened.id), corner.folder / "out", "post", "KL", addressed=False)
    assert codes(refused) == ["C147"]
    assert not (corner.folder / "out").exists()
    assert protection_of(desk, desk.read(opened.id)).handlers == {"bo"}


def _number(desk: Desk, customer: int) -> str:
    with closing(sqlite3.connect(desk.loaded.project.directory / "shop.db")) as db:
        return str(db.execute("SELECT pnr FROM customer WHERE id = ?", (customer,)).fetchone()[0])


def _customers(corner: Shop) -> int:
    with closing(sqlite3.connect(corner.folder / "shop.db")) as db:
        return int(db.execute("SELECT count(*) FROM customer").fetchone()[0])
