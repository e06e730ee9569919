"""What a handler sees of a correction and of a notice, and what may be taken back before anything is decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cli.conftest import Place
from tests.cli.test_request import BEA, KNOWN, asked, deliver
from tests.cli.test_request_letters import selling

__all__ = ["selling"]

WRONG = "shop/customer/3"
"""Cia's row, where Bea's was meant."""


def codes(told: dict[str, Any]) -> list[str]:
    return [each["code"] for each in told["findings"]]


def restricted(place: Place, row: str) -> bool:
    return "restricted" in str(place.json("explain", row))


# --- a row that is not theirs -------------------------------------------------------------------------------------


def test_a_row_that_was_named_wrongly_is_taken_back_with_what_it_brought(project: Place) -> None:
    words = ("restrict", *BEA, "--subject", WRONG, "--ground", "accuracy", *KNOWN)
    id = asked(project, *words)["id"]
    assert restricted(project, WRONG)
    told = asked(project, "identify", id, "--not-row", WRONG, "--by", "KL")
    assert (told["state"], told["restriction"]) == ("decision", "stands")
    assert not restricted(project, WRONG)
    assert restricted(project, "shop/customer/2")
    history = project.json("request", "show", id, "--history", "--by", "KL")["history"]
    assert [each["by"] for each in history if each["what"] == "RowTakenBack"] == ["KL"]
    assert WRONG not in project.run("request", "show", id, "--history", "--by", "KL").output
    assert asked(project, "approve", id, "--by", "KL")["state"] == "carried_out"
    assert not restricted(project, WRONG)


def test_a_row_that_a_reviewer_took_in_wrongly_is_left_out_after_all(project: Place) -> None:
    id = asked(project, "access", "--subject", "email=home@x.example", *KNOWN)["id"]
    assert asked(project, "review", id, "--row", "shop/customer/4", "--by", "KL")["state"] == "carried_out"
    id = asked(project, "erase", "--subject", "email=home@x.example", *KNOWN)["id"]
    assert asked(project, "review", id, "--row", "shop/customer/4", "--by", "KL")["state"] == "decision"
    told = asked(project, "identify", id, "--not-row", "shop/customer/4", "--by", "KL")
    assert told["state"] == "review"
    assert {each["row"] for each in told["rows"]} == {"shop/customer/4", "shop/customer/5"}
    assert asked(project, "review", id, "--row", "shop/customer/5", "--by", "KL")["state"] == "decision"
    project.sql("shop", "UPDATE customer SET ended_at = '2020-01-01' WHERE id IN (4, 5)")
    asked(project, "approve", id, "--by", "KL")
    assert project.sql("shop", "SELECT id FROM customer WHERE id IN (4, 5)") == [(4,)]


def test_what_was_not_named_and_what_alone_names_somebody_is_not_taken_back(project: Place) -> None:
    id = asked(project, "access", "--subject", WRONG, "--by", "KL")["id"]
    for row in ("shop/customer/1", WRONG):
        assert codes(asked(project, "identify", id, "--not-row", row, "--by", "KL")) == ["C196"]
    assert project.run("request", "identify", id, "--by", "KL").exit_code == 2


def test_nothing_is_taken_back_once_it_is_decided(project: Place) -> None:
    id = asked(project, "erase", *BEA, "--subject", WRONG, *KNOWN)["id"]
    asked(project, "approve", id, "--by", "KL")
    assert codes(asked(project, "identify", id, "--not-row", WRONG, "--by", "KL")) == ["C130"]


def test_whoever_was_restricted_for_another_reason_stays_so(project: Place) -> None:
    theirs = asked(project, "restrict", "--subject", "email=cia@x.example", "--ground", "unlawful", *KNOWN)["id"]
    asked(project, "approve", theirs, "--by", "KL")
    id = asked(project, "restrict", *BEA, "--subject", WRONG, "--ground", "accuracy", *KNOWN)["id"]
    asked(project, "identify", id, "--not-row", WRONG, "--by", "KL")
    assert restricted(project, WRONG)


def test_a_legal_hold_outlives_a_complaint_that_is_dropped(project: Place) -> None:
    assert project.run("mark", "held", *BEA, "--ground", "a lawsuit").exit_code == 0
    id = asked(project, "complain", *BEA, "--words", "nobody answered", *KNOWN)["id"]
    assert asked(project, "drop", id, "--by", "KL")["state"] == "closed"
    assert "held" in str(project.json("explain", "shop/customer/2"))
    assert project.run("mark", "released", *BEA).exit_code == 0
    assert "held" not in str(project.json("explain", "shop/customer/2"))


def test_a_consent_that_was_withdrawn_by_mistake_is_told(selling: Place) -> None:
    who = ("--subject", "email=home@x.example", "--subject", WRONG)
    told = asked(selling, "withdraw", *who, "--purpose", "newsletter", *KNOWN)
    assert told["state"] == "review"
    (warned,) = asked(selling, "identify", told["id"], "--not-row", WRONG, "--by", "KL")["findings"]
    assert (warned["code"], warned["level"]) == ("C197", "warning")


# --- a correction -------------------------------------------------------------------------------------------------


def test_a_handler_sees_what_stands_there_and_what_is_to(project: Place) -> None:
    words = ("rectify", *BEA, "--set", "shop/customer/2.name=Beata", "--set", "desk/ticket/2.body")
    id = asked(project, *words, "--by", "KL")["id"]
    (name, body) = project.json("request", "show", id, "--by", "KL")["corrections"]
    assert (name["row"], name["cell"], name["before"], name["after"]) == ("shop/customer/2", "name", None, "Beata")
    asked(project, "identify", id, *KNOWN)
    (name, body) = project.json("request", "show", id, "--by", "KL")["corrections"]
    assert (name["before"], name["after"], name["done"]) == ("Bea", "Beata", False)
    assert (body["before"], body["after"], body["removes"]) == ("Thank you", None, True)
    shown = project.run("request", "show", id, "--by", "KL").stdout
    assert "Bea " in shown
    assert "Beata" in shown
    masked = project.run("request", "show", id).stdout
    assert "customer/2" in masked
    assert not any(value in masked for value in ("Bea ", "Beata", "Thank you"))
    assert project.json("request", "show", id)["corrections"][0]["before"] is None
    asked(project, "approve", id, "--by", "KL")
    (name, body) = project.json("request", "show", id, "--by", "KL")["corrections"]
    assert (name["before"], name["after"], name["done"]) == ("Bea", "Beata", True)
    deliver(project, id)
    wiped = project.run("request", "show", id, "--by", "KL").stdout
    assert "kept no more" in wiped
    assert "Beata" not in wiped


def test_of_a_protected_identity_only_the_named_see_what_is_corrected(project: Place) -> None:
    words = ("rectify", *BEA, "--set", "shop/customer/2.name=Beata", "--protected", "--proof", "staff", "--how", "met")
    id = asked(project, *words, "--second", "AO", "--by", "KL")["id"]
    for by in ((), ("--by", "AO")):
        seen = project.run("request", "show", id, *by).stdout
        assert "1 cell to be corrected: shown to who is named" in seen
        assert not any(value in seen for value in ("Bea ", "Beata", "customer/2"))
        (change,) = project.json("request", "show", id, *by)["corrections"]
        assert set(change.values()) == {None}
    assert "Beata" in project.run("request", "show", id, "--by", "KL").stdout


# --- a notice -----------------------------------------------------------------------------------------------------


def test_a_notice_says_what_was_noted_and_what_it_means(project: Place) -> None:
    id = asked(project, "restrict", *BEA, "--ground", "accuracy", *KNOWN)["id"]
    early = asked(project, "notice", id, "--how", "post", "--by", "KL")["notice"]
    assert (early["to"], early["day"], early["by"], early["how"]) == ("person", "2026-06-01", "KL", "post")
    asked(project, "approve", id, "--by", "KL")
    deliver(project, id)
    said = project.run("request", "notice", id, "--how", "letter", "--by", "KL").stdout
    words = " ".join(said.split())
    assert "noted on 2026-06-01 by KL: the person who asked was told by letter that the restriction ends" in words
    assert "lifted from 2026-06-02 on, not on the same day" in words
    assert restricted(project, "shop/customer/2")
    project.now += timedelta(days=1)
    project.json("request", "work", id)
    assert not restricted(project, "shop/customer/2")


@pytest.mark.parametrize("who", ["email=bea@x.example", "shop/customer/2"])
def test_a_restriction_is_lifted_though_the_address_was_corrected(project: Place, who: str) -> None:
    words = ("rectify", "--subject", who, "--set", "shop/customer/2.email=beata@x.example", *KNOWN)
    id = asked(project, *words, "--set", "desk/ticket/2.email=beata@x.example")["id"]
    assert restricted(project, "desk/ticket/2")
    asked(project, "approve", id, "--by", "KL")
    deliver(project, id)
    assert restricted(project, "desk/ticket/2")
    project.now += timedelta(days=1)
    assert asked(project, "work", id)["requests"][0]["state"] == "closed"
    for row in ("shop/customer/2", "shop/orders/12", "desk/ticket/2"):
        assert not restricted(project, row)
