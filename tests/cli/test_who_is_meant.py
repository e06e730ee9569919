"""Whom a request is about is worked out once, for what is told, marked, corrected and deleted alike."""

from __future__ import annotations

import pytest

from ombud.app.corrections import look
from ombud.app.known import Called
from ombud.app.loaded import Refused, Surroundings, load
from ombud.app.rows import MOST
from tests.cli.conftest import Place
from tests.cli.test_request import KNOWN, asked, deliver, letter

PHONE, HIS = "0701740605", "+46701740605"


@pytest.fixture
def linked(bare: Place) -> Place:
    """The shop knows a customer by address and telephone, the desk by telephone alone."""
    bare.replace("policy/group.yaml", "parts: {name: , email: }", "parts: {name: , email: , phone: }")
    bare.replace("datamap/shop.yaml", "identifiers: {email: email}", "identifiers: {email: email, phone: phone}")
    bare.replace("datamap/shop.yaml", "email: contact.email}", "email: contact.email, phone: contact.phone}")
    bare.replace("datamap/desk.yaml", "identifier: email, in: email", "identifier: phone, in: phone")
    bare.replace("datamap/desk.yaml", "email: contact.email", "phone: contact.phone")
    bare.sql("shop", "ALTER TABLE customer ADD phone TEXT")
    bare.sql("shop", f"UPDATE customer SET phone = '{PHONE}' WHERE id = 1")
    bare.sql("desk", "ALTER TABLE ticket RENAME email TO phone")
    bare.sql("desk", f"UPDATE ticket SET phone = '{HIS}' WHERE id = 1")
    assert bare.run("mark", "--deliver").exit_code == 0
    return bare


@pytest.mark.parametrize("most", [MOST, 0])
@pytest.mark.parametrize("who", ["email=ada@x.example", "shop/customer/1", f"phone={PHONE}"])
def test_an_erasure_reaches_what_an_answer_tells_of(
    linked: Place, who: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ombud.app.answers.MOST", most)
    told = asked(linked, "erase", "--subject", who, *KNOWN)
    assert asked(linked, "approve", told["id"], "--by", "KL")["state"] == "carried_out"
    assert linked.sql("shop", "SELECT id FROM customer WHERE id = 1") == []
    assert linked.sql("desk", "SELECT id FROM ticket") == [(2,)]


def test_what_stays_of_somebody_whose_row_is_gone_is_told_to_stay(linked: Place) -> None:
    linked.sql("desk", "UPDATE ticket SET closed = NULL WHERE id = 1")
    told = asked(linked, "erase", "--subject", "email=ada@x.example", *KNOWN)
    asked(linked, "approve", told["id"], "--by", "KL")
    assert linked.sql("desk", "SELECT id FROM ticket WHERE id = 1") == [(1,)]
    deliver(linked, told["id"])
    kept = letter(linked, "out").partition("Sparas")[2]
    assert "Leverans" in kept


def test_a_restriction_reaches_and_leaves_every_source(linked: Place) -> None:
    told = asked(linked, "restrict", "--subject", "email=ada@x.example", "--ground", "accuracy", *KNOWN)
    asked(linked, "approve", told["id"], "--by", "KL")
    assert "restricted" in str(linked.json("explain", "desk/ticket/1"))


def shared(place: Place) -> None:
    """Dan had an address together with Eva, whose row is gone by a sweep."""
    place.sql("shop", "UPDATE customer SET ended_at = '2020-01-01' WHERE id = 5")
    place.apply(place.plan())
    assert place.sql("shop", "SELECT id FROM customer WHERE email = 'home@x.example'") == [(4,)]


def test_an_address_that_others_had_too_ends_nothing_of_whoever_is_left(project: Place) -> None:
    shared(project)
    project.sql("shop", "UPDATE customer SET ended_at = NULL WHERE id = 4")
    project.replace("policy/group.yaml", "keep: {after: ended, for: P12M}\n    erasure: stays",
                    "keep: {after: ended, for: P12M}\n    erasure: ends")  # fmt: skip
    told = asked(project, "erase", "--subject", "email=home@x.example", *KNOWN)
    assert told["state"] == "review", "the row only may be theirs"
    asked(project, "review", told["id"], "--by", "KL")
    asked(project, "approve", told["id"], "--by", "KL")
    assert project.sql("shop", "SELECT name FROM customer WHERE id = 4") == [("Dan",)]


def test_of_a_row_that_was_taken_in_nothing_else_is_learned_for_a_correction(linked: Place) -> None:
    linked.sql("shop", "UPDATE customer SET phone = '0701740699' WHERE id = 4")
    linked.sql("desk", "INSERT INTO ticket VALUES (7, '+46701740699', '2026-01-01', NULL, 'Hello')")
    loaded, _ = load(linked.directory, Surroundings({}, lambda: linked.now, bytes))
    assert loaded is not None
    named, taken = Called(("shop/customer/4",)), Called(("email=home@x.example",), taken=("shop/customer/4",))
    for names in (named, taken):
        assert [each.before for each in look(loaded, names, ["shop/customer/4.name=Dana"])] == ["Dan"]
    assert [each.before for each in look(loaded, named, ["desk/ticket/7.body=x"])] == ["Hello"]
    with pytest.raises(Refused) as refused:
        look(loaded, taken, ["desk/ticket/7.body=x"])
    assert [each.code for each in refused.value.findings] == ["C120"]
