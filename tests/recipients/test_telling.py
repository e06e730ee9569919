"""What became of a person's data is told to each recipient once, with no more than is needed (Art. 19)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ombud.app.notifying import Told, tell
from ombud.app.telling import Happened, announce
from ombud.register.model import Channel, Disclosure, Notice, Particulars, Why
from tests.recipients.fake import Fake
from tests.recipients.group import Group

TODAY = date(2026, 11, 30)
CECILIA = "cecilia@ronnbrink.example"


@pytest.fixture
def told(group: Group) -> Group:
    """A supplier who knows Cecilia as customer 4711, a caterer who knows Ingrid by her place."""
    person = frozenset({("email", group.digest(CECILIA))})
    data = ("contact.email", "contact.name", "contact.phone")
    each = Disclosure("supplier", "customer_delivery", TODAY, person, data, "konsult", "supplier_terms")
    group.store().add_handings([(each, Particulars(known_as=name)) for name in ("Kund 4711", "Kund 4711 B")])
    return group


def say(group: Group, happened: Happened, email: str = CECILIA, **more: Any) -> tuple[Notice, ...]:
    return announce(group.loaded(), group.store(), happened, [group.digest(email)], **more)


def text(notice: Notice) -> str:
    assert notice.content is not None
    found: str = json.loads(notice.content)["text"]
    return found


@pytest.mark.fact("R2")
def test_a_correction_says_what_is_right_of_whom_and_nothing_else(told: Group) -> None:
    now = {"contact.email": "ny@ronnbrink.example", "identity_number": "19800229-9837"}
    (notice,) = say(told, Happened("r-1", Why.CORRECTED, TODAY, now=now))
    said = text(notice)
    assert "Kund 4711, Kund 4711 B" in said
    assert "E-postadress: ny@ronnbrink.example" in said
    assert "Rätta dem även hos er.\nVi är skyldiga att underrätta er (artikel 19 i GDPR)." in said
    for other in ("Cecilia", "9837", "Telefonnummer", CECILIA):
        assert other not in said
    assert (notice.recipient, notice.channel) == ("supplier", Channel.POST)


@pytest.mark.fact("R3")
def test_an_erasure_is_told_once_and_the_end_of_the_row_not_again(told: Group) -> None:
    erased = Happened("r-2", Why.ERASED, TODAY)
    assert len(say(told, erased)) == 1
    assert say(told, erased) == ()
    assert [notice.why for notice in told.store().waiting()] == [Why.ERASED]
    told.later(days=2)
    assert told.json("recipients", "--sync")["notices"] == 0
    assert say(told, Happened("r-3", Why.CORRECTED, TODAY, now={"contact.email": "x@y.example"})) == ()


@pytest.mark.fact("R3")
def test_a_guests_erasure_reaches_the_caterer_by_the_place_card_alone(group: Group) -> None:
    group.json("recipients", "--sync")
    (notice,) = say(group, Happened("r-4", Why.ERASED, TODAY), "ingrid@dalgarde.example")
    assert notice.recipient == "caterer"
    assert "Plats " in text(notice)
    assert "ingrid" not in text(notice).lower()
    group.sql("events", "DELETE FROM caterer_list")
    synced = group.json("recipients", "--sync")
    assert synced["notices"] == synced["gone"]
    assert [each.why for each in group.store().waiting()].count(Why.ERASED) == 1
    about = group.store().disclosures_of([group.digest("ingrid@dalgarde.example")])
    assert len(group.store().notices_about(each.id for each in about)) == 1


@pytest.mark.fact("R4")
def test_a_restriction_and_its_end_are_two_events(told: Group) -> None:
    say(told, Happened("r-5", Why.RESTRICTED, TODAY))
    say(told, Happened("r-5", Why.RESTRICTED, TODAY))
    say(told, Happened("r-5", Why.LIFTED, TODAY))
    messenger = Fake()
    assert tell(told.store(), {"supplier": messenger}, lambda: told.now, lambda: 0.5) == Told(sent=2)
    types = [message.data["type"] for message in messenger.sent]
    assert types == ["personal_data.restricted", "personal_data.lifted"]


def test_what_is_asked_for_one_purpose_or_company_is_told_to_no_other(told: Group) -> None:
    happened = Happened("r-6", Why.RESTRICTED, TODAY, purposes=frozenset({"marketing"}))
    assert say(told, happened) == ()
    assert say(told, replace(happened, purposes=None, companies=frozenset({"drift"}))) == ()
    assert say(told, Happened("r-7", Why.RESTRICTED, TODAY), "karin@sjobacke.example") == ()


def test_who_only_may_have_it_is_told_where_it_is_said_by_what_they_know_the_person(told: Group) -> None:
    may = [("partner", "partner_offers"), ("supplier", "bookkeeping")]
    happened = Happened("r-8", Why.ERASED, TODAY)
    assert [each.recipient for each in say(told, happened, may=may)] == ["supplier"]
    known = replace(happened, id="r-9", why=Why.RESTRICTED, identified_by=(CECILIA,))
    found = {each.recipient: text(each) for each in say(told, known, may=may)}
    assert set(found) == {"partner", "supplier"}
    assert f"känner som: {CECILIA}" in found["partner"]


def test_a_notice_is_in_the_language_that_is_asked_for(told: Group) -> None:
    (notice,) = say(told, Happened("r-10", Why.RESTRICTED, TODAY), language="en")
    assert "may only be stored" in text(notice)
    assert "Customer of a group company" in text(notice)
