"""What became of a person's data is told by kind of data: what is gone, which uses ended, which remain, by what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ombud.app.requests.fates import HELD, said_of, settled, told_of
from ombud.documents.extract import Datum, Extract, Hold, Record, Why
from ombud.documents.fared import Fared, Gone, InDoubt, KeptFor, Stays
from ombud.documents.stated import Stated
from ombud.policy.model import OnErasure
from ombud.rights.decisions import Decision
from ombud.rights.outcomes import fates
from tests.documents.people import policy

BOOKS = "bokföringslagen (1999:1078) 7 kap. 2 §"
LAST, LATER = date(2029, 12, 31), date(2031, 12, 31)
STATED = Stated(policy(), "sv")

DECISIONS = (
    Decision("konsult", "marketing", OnErasure.ENDS, "Art. 17(1)(a)"),
    Decision("konsult", "service_information", OnErasure.ENDS, "Art. 17(1)(a)", reason="he wants none"),
    Decision("konsult", "bookkeeping", OnErasure.STAYS, "Art. 17(3)(b)", statutes=(BOOKS,)),
    Decision("konsult", "customer_delivery", OnErasure.STAYS, "Art. 6(1)"),
)


def hold(purpose: str, until: date | None = None) -> Hold:
    return Hold(purpose, "contract", until)


def extract(*rows: tuple[str, tuple[Hold, ...]]) -> Extract:
    """A row for each: the category of its one cell, and what holds that."""
    records = (
        Record("crm", "customer", str(key), "konsult", (Datum("x", "y", category, holds),))
        for key, (category, holds) in enumerate(rows)
    )
    return Extract(date(2027, 1, 2), "access", "r1", tuple(records), (), (), 0, ("crm",))


def said(*rows: tuple[str, tuple[Hold, ...]]) -> list[dict[str, Any]]:
    return said_of(fates(extract(*rows), DECISIONS))


def test_a_use_that_ended_is_told_of_what_stays_for_another() -> None:
    told = told_of(said(("contact.name", (hold("marketing"), hold("bookkeeping", LAST)))), STATED)
    assert told.gone == ()
    assert told.stays == (Stays("konsult", ("Namn",), ("marketing",), (KeptFor("bookkeeping", LAST, (BOOKS,)),)),)
    assert told.uses == (
        Fared("konsult", "marketing", ended=True, because="Art. 17(1)(a)"),
        Fared("konsult", "bookkeeping", ended=False, because="Art. 17(3)(b)", statutes=(BOOKS,)),
    )


def test_what_is_erased_altogether_is_told_with_every_use_that_it_had_and_the_handlers_reason() -> None:
    told = told_of(said(("preferences", (hold("service_information"), hold("marketing")))), STATED)
    assert told.gone == (Gone("konsult", ("Önskemål och inställningar",), ("marketing", "service_information")),)
    assert [each.reasons for each in told.uses] == ["", "he wants none"]


def test_copies_of_a_kind_of_data_are_told_together_by_the_last_day_of_all() -> None:
    books = [("contact.name", (hold("bookkeeping", day),)) for day in (LAST, LATER)]
    marketed = ("contact.name", (hold("marketing"),))
    told = told_of(said(*books, marketed, ("contact.email", (hold("customer_delivery"),))), STATED)
    assert told.gone == (Gone("konsult", ("Namn",), ("marketing",)),)
    assert told.stays == (
        Stays("konsult", ("Namn",), (), (KeptFor("bookkeeping", LATER, (BOOKS,), varies=True),)),
        Stays("konsult", ("E-postadress",), (), (KeptFor("customer_delivery"),)),
    ), "of what was erased it is not said that it stays"


def test_kinds_of_data_that_fare_alike_stand_together() -> None:
    rows = [(category, (hold("customer_delivery"),)) for category in ("contact.name", "contact.email", "text")]
    (stays,) = told_of(said(*rows), STATED).stays
    assert stays.what == ("Namn", "E-postadress", "Fri text")


def test_nothing_is_told_to_be_gone_that_a_hold_keeps_and_that_its_use_ended_is_told_all_the_same() -> None:
    decided = said(("contact.name", (hold("marketing"),)))
    now = extract(("contact.name", (replace(hold("marketing"), why=Why.HELD),)))
    told = told_of(settled(decided, now), STATED)
    assert told.gone == ()
    assert told.stays == (Stays("konsult", ("Namn",), ("marketing",), (KeptFor("", why=HELD),)),)
    assert [(each.purpose, each.ended) for each in told.uses] == [("marketing", True)]


def test_what_was_in_doubt_is_told_to_be_gone_once_it_is_and_to_be_open_until_then() -> None:
    decided = said(("contact.name", ()))
    assert told_of(decided, STATED).doubt == (InDoubt("konsult", ("Namn",)),)
    assert told_of(settled(decided, extract()), STATED).gone == (Gone("konsult", ("Namn",)),)
    assert told_of(settled(decided, extract(("contact.name", ()))), STATED).doubt


def test_what_an_earlier_version_wrote_down_is_still_told() -> None:
    old = {
        "company": "konsult",
        "category": "contact.name",
        "purpose": "marketing",
        "goes": True,
        "article": "Art. 6(1)",
    }
    assert told_of([old], STATED).gone == (Gone("konsult", ("Namn",), ("marketing",)),)
