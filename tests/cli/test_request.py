"""Requests at the command line: from receipt to their end, and never said to be done before they are."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest

import ombud
from ombud.app.loaded import Refused
from ombud.app.requests import working
from ombud.app.sweeping_persons import carry_out
from tests.cli.conftest import Place

BEA = ("--subject", "email=bea@x.example")
ADA = ("--subject", "email=ada@x.example")
KNOWN = ("--proof", "contact_point", "--how", "code", "--by", "KL")


def asked(place: Place, *words: str) -> dict[str, Any]:
    """A request as it is entered, told as data."""
    return dict(place.json("request", *words))


def states(place: Place) -> dict[str, str]:
    return {each["kind"]: each["state"] for each in place.json("request", "list", "--all")["requests"]}


def letter(place: Place, folder: str) -> str:
    (path,) = (place.directory / folder).glob("*.pdf")
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def deliver(place: Place, id: str, folder: str = "out") -> Any:
    words = ("--out", str(place.directory / folder), "--how", "handed over", "--without-address", "--by", "KL")
    return place.json("request", "deliver", id, *words)


# --- who asks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "again"), [("åsa", "A\u030asa"), ("AO", " ao ")])
def test_one_person_who_is_written_in_two_ways_is_not_two(project: Place, one: str, again: str) -> None:
    id = asked(project, "access", *BEA, "--by", "KL")["id"]
    two, why = ("--by", one, "--second", again), ("--why", "excessive", "--reason", "the fifth this week")
    assert [each["code"] for each in asked(project, "refuse", id, *why, *two)["findings"]] == ["C130"]
    assert [each["code"] for each in asked(project, "identify", id, "--proof", "staff", *two)["findings"]] == ["C134"]


def test_nothing_is_looked_for_before_it_is_known_who_asks(project: Place) -> None:
    told = asked(project, "access", *BEA, "--by", "KL")
    assert told["state"] == "received"
    assert told["parts"] == {}
    short = asked(project, "identify", told["id"], "--proof", "session", "--by", "KL")
    assert short["state"] == "identity"
    assert short["parts"] == {}
    known = asked(project, "identify", told["id"], "--proof", "contact_point", "--by", "KL")
    assert known["state"] == "carried_out"
    assert known["parts"] == {"shop": "done", "desk": "done"}


def test_the_staffs_own_word_takes_two_of_them(project: Place) -> None:
    id = asked(project, "access", *BEA, "--by", "KL")["id"]
    for second in ((), ("--second", "KL")):
        refused = asked(project, "identify", id, "--proof", "staff", "--by", "KL", *second)
        assert [each["code"] for each in refused["findings"]] == ["C134"]
    assert asked(project, "identify", id, "--proof", "staff", "--by", "KL", "--second", "AO")["state"] == "carried_out"


def test_the_clock_stands_still_while_a_question_of_identity_is_unanswered(project: Place) -> None:
    told = asked(project, "access", *BEA, "--by", "KL")
    assert told["answer_by"] == "2026-07-01"
    asked(project, "identify", told["id"], "--proof", "asked", "--by", "KL")
    project.now += timedelta(days=10)
    known = asked(project, "identify", told["id"], "--proof", "contact_point", "--by", "KL")
    assert known["answer_by"] == "2026-07-13"  # the 11th is a Saturday


# --- access, and what is kept of it -------------------------------------------------------------------------------


@pytest.mark.fact("R1")
def test_an_extract_has_everything_of_the_person_and_nothing_of_others(project: Place) -> None:
    told = asked(project, "access", *BEA, *KNOWN)
    done = deliver(project, told["id"])
    assert done["state"] == "closed"
    assert done["answered"] == "2026-06-01"
    (path,) = (project.directory / "out").glob("*.json")
    said = json.loads(path.read_text("utf-8"))
    assert said["complete"] is True
    rows = sorted((record["source"], record["table"], record["key"]) for record in said["records"])
    assert rows == [("desk", "ticket", "2"), ("shop", "customer", "2"), ("shop", "orders", "12")]
    assert "ada@x.example" not in path.read_text("utf-8")
    (packed,) = (project.directory / "out").glob("*.zip")
    assert any(name.endswith(".csv") for name in zipfile.ZipFile(BytesIO(packed.read_bytes())).namelist())
    assert "Thank you" in letter(project, "out")


def test_no_copy_is_left_once_it_is_delivered(project: Place) -> None:
    told = asked(project, "access", *BEA, *KNOWN)
    deliver(project, told["id"])
    again = deliver(project, told["id"], "again")
    assert [each["code"] for each in again["findings"]] == ["C139"]
    kept = b"".join(path.read_bytes() for path in (project.directory / ".ombud").glob("requests.db*"))
    assert b"bea@x.example" not in kept
    assert b"Thank you" not in kept


def test_what_only_may_be_theirs_waits_for_a_reviewer(project: Place) -> None:
    told = asked(project, "access", "--subject", "email=home@x.example", *KNOWN)
    assert told["state"] == "review"
    assert told["perhaps"] == 2
    done = asked(project, "review", told["id"], "--row", "shop/customer/4", "--by", "KL")
    assert done["state"] == "carried_out"
    assert done["records"] == 1
    deliver(project, told["id"])
    (path,) = (project.directory / "out").glob("*.json")
    assert "Dan" in path.read_text("utf-8")
    assert "Eva" not in path.read_text("utf-8")


def test_a_source_that_is_down_is_never_said_to_be_done(project: Place) -> None:
    away = project.directory / "desk.away"
    (project.directory / "desk.db").rename(away)
    told = asked(project, "access", *BEA, *KNOWN)
    assert told["parts"] == {"shop": "done", "desk": "unread"}
    assert told["state"] == "carrying_out"
    refused = deliver(project, told["id"])
    assert [each["code"] for each in refused["findings"]] == ["C139"]
    away.rename(project.directory / "desk.db")
    project.now += timedelta(days=1)
    again = project.json("request", "work")["requests"][0]
    assert again["state"] == "carried_out"
    assert again["parts"] == {"shop": "done", "desk": "done"}


# --- erasure ------------------------------------------------------------------------------------------------------


@pytest.mark.fact("R3")
def test_an_erasure_ends_what_the_law_lets_end_and_says_what_stays_and_why(project: Place) -> None:
    told = asked(project, "erase", *ADA, *KNOWN)
    assert told["state"] == "decision"
    before = (
        project.sql("shop", "SELECT * FROM customer WHERE id <> 1"),
        project.sql("desk", "SELECT * FROM ticket WHERE id <> 1"),
    )
    done = asked(project, "approve", told["id"], "--by", "KL")
    assert done["state"] == "carried_out", done
    assert project.sql("shop", "SELECT count(*) FROM customer WHERE id = 1") == [(0,)]
    assert project.sql("shop", "SELECT id, goods, deliver_to FROM orders WHERE id <> 12") == [(11, "chair", None)]
    after = (
        project.sql("shop", "SELECT * FROM customer WHERE id <> 1"),
        project.sql("desk", "SELECT * FROM ticket WHERE id <> 1"),
    )
    assert after == before
    deliver(project, told["id"])
    assert "1999:1078" in letter(project, "out")
    assert "2032" in letter(project, "out")


def test_what_is_due_of_others_waits_for_its_own_sweep(project: Place) -> None:
    project.sql("shop", "UPDATE customer SET ended_at = '2019-06-01' WHERE id = 3")
    told = asked(project, "erase", *ADA, *KNOWN)
    asked(project, "approve", told["id"], "--by", "KL")
    assert project.sql("shop", "SELECT count(*) FROM customer WHERE id = 3") == [(1,)]


def test_two_requests_for_one_person_at_once_each_come_to_their_end(project: Place) -> None:
    access = asked(project, "access", *ADA, *KNOWN)
    erase = asked(project, "erase", *ADA, *KNOWN)
    asked(project, "approve", erase["id"], "--by", "KL")
    deliver(project, access["id"], "one")
    deliver(project, erase["id"], "two")
    assert states(project) == {"access": "closed", "erase": "closed"}


# --- what a handler may not do --------------------------------------------------------------------------------------


def test_an_excessive_request_is_refused_by_two_and_told_inside_a_month(project: Place) -> None:
    told = asked(project, "access", *BEA, "--by", "KL")
    words = ("refuse", told["id"], "--why", "excessive", "--reason", "the fifth this week", "--by", "KL")
    assert [each["code"] for each in asked(project, *words)["findings"]] == ["C130"]
    assert asked(project, *words, "--second", "AO")["state"] == "refused"
    deliver(project, told["id"])
    assert "the fifth this week" in letter(project, "out")
    assert states(project) == {"access": "closed"}


def test_where_nothing_waits_for_an_approval_it_is_said_why_and_what_comes_next(project: Place) -> None:
    def approved(id: str) -> str:
        told = asked(project, "approve", id, "--by", "KL")
        assert [each["code"] for each in told["findings"]] == ["C130"]
        return f"{told['findings'][0]['message']} | {told['findings'][0]['hint']}"

    automatic = asked(project, "access", *BEA, *KNOWN)["id"]
    assert "on 2026-06-01 by the rules, for nothing in it is left to a person | " in approved(automatic)
    assert "ombud request deliver" in approved(automatic)
    assert "not known yet who asks | it waits for proof" in approved(asked(project, "access", *BEA, "--by", "KL")["id"])
    doubtful = asked(project, "access", "--subject", "email=home@x.example", *KNOWN)["id"]
    assert "looked at first | it waits for a reviewer: ombud request review" in approved(doubtful)
    erase = asked(project, "erase", *ADA, *KNOWN)["id"]
    asked(project, "approve", erase, "--by", "KL")
    assert "it was decided on 2026-06-01 by KL | " in approved(erase)
    asked(project, "refuse", doubtful, "--why", "exempt", "--reason", "a law", "--by", "AO")
    assert "it was refused on 2026-06-01 by AO" in approved(doubtful)
    deliver(project, automatic)
    assert "by the rules" in approved(automatic)


def test_what_cannot_happen_now_says_when_it_can(project: Place) -> None:
    id = asked(project, "access", *BEA, *KNOWN)["id"]
    (told,) = asked(project, "review", id, "--by", "KL")["findings"]
    assert told["message"] == "reviewed: not while it is carried out: that may be while it is review"
    assert told["hint"] == "it waits for delivery: ombud request deliver"
    (told,) = asked(project, "notice", id, "--how", "post", "--by", "KL")["findings"]
    assert told["message"].endswith("it brought no restriction")


def test_a_request_that_is_dropped_is_closed_and_leaves_nothing_marked(project: Place) -> None:
    told = asked(project, "complain", *BEA, "--words", "nobody answered", *KNOWN)
    assert [each["act"] for each in project.json("mark", "--list")["marks"]] == ["held"]
    assert asked(project, "drop", told["id"], "--by", "KL")["state"] == "closed"
    marks = project.json("mark", "--list")["marks"]
    assert [each["act"] for each in marks] == ["held", "released"]
    assert marks[0]["undone_by"] == 2


def test_a_complaint_is_heard_of_anybody_and_encloses_data_for_who_has_proven_more(project: Place) -> None:
    for proof, files in (("session", 1), ("contact_point", 3)):
        words = ("complain", *BEA, "--words", "nobody answered", "--proof", proof, "--how", "x", "--by", "KL")
        told = asked(project, *words)
        asked(project, "approve", told["id"], "--by", "KL")
        deliver(project, told["id"], proof)
        assert len(list((project.directory / proof).iterdir())) == files


def test_a_request_is_extended_inside_its_first_month_only(project: Place) -> None:
    id = asked(project, "access", *BEA, "--by", "KL")["id"]
    project.now += timedelta(days=31)
    late = asked(project, "extend", id, "--reason", "three systems by hand", "--by", "KL")
    assert [each["code"] for each in late["findings"]] == ["C130"]
    assert project.run("request", "list", "--overdue").exit_code == 1


# --- restriction and correction -------------------------------------------------------------------------------------


@pytest.mark.fact("R4")
def test_what_is_restricted_stays_and_the_person_is_told_before_it_ends(project: Place) -> None:
    project.sql("shop", "UPDATE customer SET ended_at = '2019-06-01' WHERE id = 2")
    told = asked(project, "restrict", *BEA, "--ground", "legal_claims", *KNOWN)
    assert told["restriction"] == "stands"
    project.apply(project.plan())
    assert project.sql("shop", "SELECT count(*) FROM customer WHERE id = 2") == [(1,)]
    asked(project, "approve", told["id"], "--by", "KL")
    deliver(project, told["id"])
    assert asked(project, "notice", told["id"], "--how", "post", "--by", "KL")["restriction"] == "noticed"
    project.now += timedelta(days=1)
    assert [each["id"] for each in project.json("request", "list")["requests"]] == [told["id"]]
    assert asked(project, "work")["requests"][0]["restriction"] == "lifted"
    assert project.json("request", "list")["requests"] == []
    project.apply(project.plan())
    assert project.sql("shop", "SELECT count(*) FROM customer WHERE id = 2") == [(0,)]


@pytest.mark.fact("R2")
def test_a_correction_is_restricted_while_examined_and_tells_before_and_after(project: Place) -> None:
    told = asked(project, "rectify", *BEA, "--set", "shop/customer/2.name=Beata", *KNOWN)
    assert told["state"] == "decision"
    assert told["restriction"] == "stands"
    done = asked(project, "approve", told["id"], "--by", "KL")
    assert done["state"] == "carried_out", done
    assert project.sql("shop", "SELECT name FROM customer WHERE id = 2") == [("Beata",)]
    delivered = deliver(project, told["id"])
    assert delivered["restriction"] == "noticed"
    assert delivered["state"] == "delivered"
    text = letter(project, "out")
    assert "Bea" in text
    assert "Beata" in text
    project.now += timedelta(days=1)
    assert project.json("request", "work")["requests"][0]["state"] == "closed"


# --- killed in between ----------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Whoever was at work is gone."""


def test_who_is_killed_while_carrying_it_out_goes_on_where_it_was(
    project: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = asked(project, "erase", *ADA, *KNOWN)
    real, calls = carry_out, []

    def killed(*words: Any) -> Any:
        calls.append(words)
        if len(calls) == 2:
            raise Killed
        return real(*words)

    monkeypatch.setattr("ombud.app.requests.carrying_out.sweep", killed)
    with pytest.raises(Killed):
        project.run("request", "approve", told["id"], "--by", "KL")
    monkeypatch.setattr("ombud.app.requests.carrying_out.sweep", real)
    stands = asked(project, "show", told["id"])
    assert stands["state"] == "carrying_out"
    assert sorted(stands["parts"].values()) == ["collected", "done"]
    again = asked(project, "work", told["id"])["requests"][0]
    assert again["state"] == "carried_out"
    marks = [(each["act"], each["purpose"], each["company"]) for each in project.json("mark", "--list")["marks"]]
    assert len(marks) == len(set(marks))


def test_what_is_said_wrongly_is_refused_and_nothing_is_written(project: Place) -> None:
    wrong = {
        ("access", "--subject", "nonsense", "--by", "KL"): "C062",
        ("erase", *BEA, "--ground", "whim", "--by", "KL"): "C135",
        ("erase", *BEA, "--purpose", "deliveries", "--by", "KL"): "C071",
        ("complain", *BEA, "--by", "KL"): "C136",
        ("access", *BEA, "--received", "2027-01-01", "--by", "KL"): "C137",
        ("show", "2026-9999-XXXX"): "C132",
    }
    for words, code in wrong.items():
        assert [each["code"] for each in asked(project, *words)["findings"]] == [code], words
    assert project.json("request", "list", "--all")["requests"] == []


def test_letters_are_written_for_their_owner_and_over_nothing(project: Place) -> None:
    told = asked(project, "access", *BEA, *KNOWN)
    folder = project.directory / "out"
    folder.mkdir()
    (folder / f"access-{told['id']}.json").write_text("mine", encoding="ascii")
    refused = deliver(project, told["id"])
    assert [each["code"] for each in refused["findings"]] == ["C075"]
    assert (folder / f"access-{told['id']}.json").read_text("ascii") == "mine"
    deliver(project, told["id"], "other")
    assert {oct(path.stat().st_mode & 0o777) for path in Path(project.directory / "other").iterdir()} == {"0o600"}


def test_a_program_has_the_same_verbs(project: Place) -> None:
    requests = ombud.requests(project.directory)
    opened = requests.receive("erase", ["email=ada@x.example"], by="KL", language="en")
    requests.identify(opened.id, "contact_point", "code", by="KL")
    done = requests.approve(opened.id, by="KL")
    assert done.opened.request.state == "carried_out"
    assert not done.findings
    requests.address(opened.id, by="KL", lines=["Ada", "Provgatan 1", "990 10 Bärnvik"])
    (path,) = requests.deliver(opened.id, project.directory / "out", "post", by="KL")
    assert path.suffix == ".pdf"
    assert list(requests) == []
    assert requests.deadline(opened.id).months == 1
    with pytest.raises(Refused) as refused:
        requests.extend(opened.id, "too late", by="KL")
    assert [each.code for each in refused.value.findings] == ["C130"]


# --- what an attack found -------------------------------------------------------------------------------------------


def test_a_value_that_changed_after_it_was_decided_is_not_written_over(
    project: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = asked(project, "rectify", *BEA, "--set", "shop/customer/2.name=Beata", *KNOWN)
    monkeypatch.setattr(working, "todo", lambda *_, **__: ())
    asked(project, "approve", told["id"], "--by", "KL")
    monkeypatch.undo()
    project.sql("shop", "UPDATE customer SET name = 'Bettan' WHERE id = 2")
    again = asked(project, "work", told["id"])
    assert [each["code"] for each in again["findings"]] == ["C123"]
    assert project.sql("shop", "SELECT name FROM customer WHERE id = 2") == [("Bettan",)]


def test_a_source_that_is_gone_is_not_said_to_be_looked_at_and_stops_nobody_else(project: Place) -> None:
    away = project.directory / "desk.away"
    (project.directory / "desk.db").rename(away)
    told = asked(project, "access", *BEA, *KNOWN)
    assert told["parts"]["desk"] == "unread"
    project.replace("ombud.yaml", "desk:", "help:")
    project.replace("datamap/desk.yaml", "source: desk", "source: help")
    away.rename(project.directory / "desk.db")
    asked(project, "access", *ADA, *KNOWN)
    after = {each["id"]: each for each in project.json("request", "work")["requests"]}
    assert after[told["id"]]["parts"]["desk"] == "unread"
    assert after[told["id"]]["state"] != "carried_out"
    assert len(after) == 2


def test_a_restriction_is_done_once_every_source_has_acknowledged_it(project: Place) -> None:
    with closing(sqlite3.connect(project.directory / "desk.db", isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        told = asked(project, "restrict", *BEA, *KNOWN)
    assert told["restriction"] == "none"
    done = asked(project, "approve", told["id"], "--by", "KL")
    assert done["restriction"] == "stands"
    assert done["state"] == "carried_out"


def test_what_may_not_be_delivered_is_not_written_either(project: Place) -> None:
    told = asked(project, "access", *BEA, *KNOWN)
    words = ("deliver", told["id"], "--out", str(project.directory / "out"), "--how", "post", "--by", "KL", "--in-part")
    assert [each["code"] for each in asked(project, *words)["findings"]] == ["C130"]
    assert not (project.directory / "out").exists()


def test_nobody_is_told_of_a_hold_that_a_source_does_not_know_of(project: Place) -> None:
    told = asked(project, "complain", *BEA, "--words", "nobody answered", "--by", "KL")
    with closing(sqlite3.connect(project.directory / "desk.db", isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        asked(project, "identify", told["id"], "--proof", "contact_point", "--how", "code", "--by", "KL")
        asked(project, "approve", told["id"], "--by", "KL")
        assert [each["code"] for each in deliver(project, told["id"])["findings"]] == ["C139"]
    assert asked(project, "work", told["id"])["requests"][0]["state"] == "carried_out"
    assert deliver(project, told["id"])["state"] == "delivered"


def test_what_sets_no_mark_is_carried_out_in_sources_that_nothing_was_ever_planned_for(bare: Place) -> None:
    told = asked(bare, "object", *BEA, *KNOWN)
    assert (told["state"], told["findings"]) == ("carried_out", [])
