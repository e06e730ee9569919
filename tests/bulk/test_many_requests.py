"""Many people's requests in one file: done at once, each with its own history, and nobody waits for somebody else."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.bulk.conftest import PROOF, counting, email, listed, numbers, people
from tests.cli.conftest import Place

SENT = ("--sent", "the signed-in page")


def filed(place: Place, kind: str, file: str, *more: str) -> dict[str, Any]:
    return dict(place.json("request", kind, "--file", file, *PROOF, *more))


def codes(told: dict[str, Any]) -> list[str]:
    return [each["code"] for each in told["findings"]]


def ending(place: Place, how: str = "ends") -> None:
    """At a request for erasure the delivery ends, by a mark, or is to be chosen about."""
    place.replace("policy/group.yaml", "    erasure: stays\n  bookkeeping", f"    erasure: {how}\n  bookkeeping")


def customers(place: Place) -> int:
    return int(place.sql("shop", "SELECT count(*) FROM customer WHERE id >= 100")[0][0])


def requests(place: Place) -> list[dict[str, Any]]:
    return list(place.json("request", "list", "--all")["requests"])


# --- what is done -------------------------------------------------------------------------------------------------


def test_thirty_people_are_erased_at_once_and_each_has_a_history_of_its_own(many: Place) -> None:
    told = filed(many, "erase", people(many, 30), "--approve", "--allow")
    assert told["states"] == {"carried_out": 30}, told
    assert customers(many) == 30
    assert many.sql("shop", "SELECT count(*) FROM orders WHERE deliver_to LIKE 'Nr%'") == [(30,)]
    assert many.sql("desk", "SELECT count(*) FROM ticket WHERE id >= 100") == [(30,)]
    alone = many.json("request", "erase", "--subject", f"email={email(150)}", *PROOF)
    many.json("request", "approve", alone["id"], "--by", "KL")
    one = many.json("request", "show", requests(many)[7]["id"], "--history")
    same = many.json("request", "show", alone["id"], "--history")
    assert [(each["what"], each["by"]) for each in one["history"]] == [
        (each["what"], each["by"]) for each in same["history"]
    ]
    assert one["parts"] == same["parts"] == {"shop": "done", "desk": "done"}


def test_the_sources_are_not_asked_for_each_person(many: Place) -> None:
    ending(many)
    with counting() as few:
        filed(many, "erase", people(many, 10), "--approve", "--allow")
    rows = [[email(n)] for n in numbers(50)[10:]]
    with counting() as more:
        told = filed(many, "erase", listed(many, "more.csv", rows), "--approve", "--allow")
    assert told["states"] == {"carried_out": 40}
    assert more["statements"] <= few["statements"] + 5


def test_an_answer_says_the_same_as_if_the_person_had_asked_alone(many: Place) -> None:
    told = filed(many, "access", people(many, 5), "--out", str(many.directory / "out"), *SENT, "--write", "json")
    assert told["states"] == {"closed": 5}
    said = [json.loads(path.read_text("utf-8")) for path in sorted((many.directory / "out").glob("*.json"))]
    rows = [sorted((each["source"], each["table"], each["key"]) for each in one["records"]) for one in said]
    assert sorted(rows) == [
        [("desk", "ticket", str(n)), ("shop", "customer", str(n)), ("shop", "orders", str(1000 + n))]
        for n in numbers(5)
    ]
    alone = many.json("request", "access", "--subject", f"email={email(103)}", *PROOF)
    many.json(
        "request",
        "deliver",
        alone["id"],
        "--out",
        str(many.directory / "one"),
        "--how",
        "post",
        "--without-address",
        "--by",
        "KL",
    )
    (path,) = (many.directory / "one").glob("*.json")
    mine = json.loads(path.read_text("utf-8"))
    assert mine["records"] in [one["records"] for one in said]
    kept = b"".join(path.read_bytes() for path in (many.directory / ".ombud").glob("requests.db*"))
    assert email(103).encode() not in kept


def test_what_the_file_says_of_a_person_is_theirs_alone(many: Place) -> None:
    rows = [(email(100), "2026-05-04", "north", "en"), (email(101), "", "", "")]
    filed(many, "access", listed(many, "people.csv", rows, "email;received;company;language".replace(";", ",")))
    first, second = sorted(requests(many), key=lambda each: each["received"])
    assert (first["received"], second["received"]) == ("2026-05-04", "2026-06-01")
    assert many.json("request", "show", first["id"])["language"] == "en"
    assert many.json("request", "show", second["id"])["company"] is None


# --- who needs a person of their own --------------------------------------------------------------------------------


def test_only_who_needs_a_person_waits(many: Place) -> None:
    many.sql("shop", "UPDATE customer SET secret = 1 WHERE id = 104")
    told = filed(many, "erase", people(many, 6, "home@x.example"), "--approve", "--allow")
    assert told["states"] == {"carried_out": 5, "review": 2}
    assert [(each["line"], each["protected"]) for each in told["waiting"]] == [(6, True), (8, False)]
    assert many.sql("shop", "SELECT count(*) FROM customer WHERE id IN (4, 5, 104)") == [(3,)]
    assert many.sql("desk", "SELECT count(*) FROM ticket WHERE id = 104") == [(1,)]
    assert email(104) not in many.run("request", "batch", told["batch"], "--by", "KL").output


def test_a_protected_persons_request_is_decided_by_nobody_but_who_handles_it(many: Place) -> None:
    many.sql("shop", "UPDATE customer SET secret = 1 WHERE id = 101")
    told = filed(many, "erase", people(many, 3), "--approve", "--allow")
    (id,) = [each["id"] for each in told["waiting"]]
    many.json("request", "protect", id, "--why", "flag", "--seen-by", "KL", "--by", "KL")
    many.json("request", "identify", id, "--proof", "staff", "--by", "KL", "--second", "AO")
    assert many.json("request", "review", id, "--by", "KL")["state"] == "decision"
    again = many.json("request", "batch", told["batch"], "--approve", "--allow", "--by", "KL")
    assert again["states"] == {"carried_out": 2, "decision": 1}
    assert many.sql("shop", "SELECT count(*) FROM customer WHERE id = 101") == [(1,)]


def test_whoever_has_what_no_choice_was_made_about_waits_and_no_other(many: Place) -> None:
    ending(many, "review")
    many.sql("shop", "UPDATE customer SET ended_at = NULL WHERE id < 104")
    told = filed(many, "erase", people(many, 6), "--approve", "--allow")
    assert told["states"] == {"carried_out": 2, "decision": 4}
    batch = ("request", "batch", told["batch"], "--approve", "--choose", "delivery=ends:they left", "--allow")
    done = many.json(*batch, "--by", "KL")
    assert done["states"] == {"carried_out": 6}
    assert customers(many) == 54


# --- who approves -------------------------------------------------------------------------------------------------


def test_a_file_of_a_kind_that_somebody_decides_waits_for_somebody(many: Place) -> None:
    head = "organisation: {controller: north, requests: {ways: [email], by_hand: {kinds: [access], reason: by two}}}"
    many.replace("policy/group.yaml", "\nzone:", f"\n{head}\nzone:")
    told = filed(many, "access", people(many, 3))
    assert told["states"] == {"decision": 3}
    assert codes(told) == ["C187"]
    done = many.json("request", "batch", told["batch"], "--approve", "--by", "KL")
    assert done["states"] == {"carried_out": 3}


def test_a_hundred_peoples_requests_take_two_who_approve_the_same(many: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ombud.app.requests.approving.TWO_FROM", 3)
    told = filed(many, "erase", people(many, 3), "--approve", "--allow")
    assert codes(told) == ["C187"]
    again = many.json("request", "batch", told["batch"], "--approve", "--allow", "--by", "kl")
    assert codes(again) == ["C187"]
    other = ("--choose", "bookkeeping=stays:a law", "--approve", "--allow", "--by", "AO")
    assert codes(many.json("request", "batch", told["batch"], *other)) == ["C187"]
    assert customers(many) == 60
    done = many.json("request", "batch", told["batch"], "--approve", "--allow", "--by", "AO")
    assert done["states"] == {"carried_out": 3}


@pytest.mark.parametrize("swept", [400, 7])
def test_more_than_the_share_takes_somebody_who_allows_it(
    many: Place, monkeypatch: pytest.MonkeyPatch, swept: int
) -> None:
    monkeypatch.setattr("ombud.app.requests.bulk.carrying_out.SWEPT", swept)
    told = filed(many, "erase", people(many, 50), "--approve")
    assert codes(told) == ["C046"]
    assert customers(many) == 60
    (batch,) = many.json("request", "batch")["batches"]
    done = many.json("request", "batch", batch["batch"], "--allow", "--by", "KL")
    assert done["states"] == {"carried_out": 50}
    assert customers(many) == 10


# --- what is wrong in a file ----------------------------------------------------------------------------------------


def test_one_wrong_line_stops_the_file_and_is_named_without_what_stands_there(many: Place) -> None:
    rows = [(email(100), ""), ("", ""), (email(101), "soon"), (email(102), "2026-12-24"), (email(100).upper(), "")]
    file = listed(many, "people.csv", rows, "email,received")
    result = many.run("request", "access", "--file", file, *PROOF)
    assert result.exit_code == 1
    assert [line.partition("people.csv:")[2].partition(":")[0] for line in result.stderr.splitlines()
            if "C185" in line] == ["3", "4", "5", "6"]  # fmt: skip
    assert "line 2 names the same person" in result.stderr
    assert "soon" not in result.output + result.stderr
    assert "person100" not in (result.output + result.stderr).lower()
    assert requests(many) == []
    assert many.json("request", "batch")["batches"] == []


def test_a_line_with_a_character_that_no_database_is_asked_with_is_wrong(many: Place) -> None:
    file = listed(many, "odd.csv", [["a\0b@x.example"], [email(100)]])
    told = filed(many, "access", file)
    assert codes(told) == ["C185"]
    assert not requests(many)
    alone = many.json("request", "access", "--subject", "email=a\0b@x.example", *PROOF)
    assert codes(alone) == ["C061"]


def test_wrong_lines_are_left_out_into_a_file_where_that_is_wanted(many: Place) -> None:
    file = people(many, 2, email(100))
    wrong = many.directory / "wrong.csv"
    told = filed(many, "access", file, "--skip-wrong", str(wrong))
    assert (told["taken_in"], told["left_out"]) == (2, 1)
    assert wrong.read_text("utf-8").split() == ["email", email(100)]
    assert wrong.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"mail,received\na@x.example,\n", "C184"),
        (b"email,email\na@x.example,\n", "C184"),
        (b"received\n2026-01-01\n", "C184"),
        (b'email\n"a@x.example\n', "C184"),
        (b"email\n\xe5sa@x.example\n", "C184"),
        (b"", "C184"),
        (b"email\n", "C184"),
    ],
)
def test_what_is_no_file_of_people_is_refused(many: Place, content: bytes, says: str) -> None:
    (many.directory / "people.csv").write_bytes(content)
    assert codes(filed(many, "access", str(many.directory / "people.csv"))) == [says]


def test_the_file_of_a_spreadsheet_is_read_too(many: Place) -> None:
    text = f"\ufeffEmail;Address;Address 2\r\n{email(100)};Nr 100;Gatan 1, 111 22 Orten\r\n\r\n{email(101)};;\r\n"
    (many.directory / "people.csv").write_text(text, "utf-8", newline="")
    told = filed(many, "access", str(many.directory / "people.csv"))
    assert told["states"] == {"carried_out": 2}


# --- killed in between ----------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Whoever was at work is gone."""


@pytest.mark.parametrize(
    "where",
    [
        "ombud.app.requests.bulk.taking_in._write_down",
        "ombud.app.requests.bulk.collecting.look_each",
        "ombud.app.requests.bulk.deciding.happen_each",
        "ombud.app.marking._delivered",
        "ombud.app.requests.bulk.carrying_out.sweep",
        "ombud.app.requests.bulk.carrying_out.happen_each",
        "ombud.app.requests.bulk.answering._write",
        "ombud.app.requests.bulk.answering.happen_each",
    ],
)
def test_who_is_killed_goes_on_with_the_same_file_and_nothing_is_done_twice(
    many: Place, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    from importlib import import_module

    for most in ("WRITTEN", "SWEPT"):
        monkeypatch.setattr(f"ombud.app.requests.bulk.carrying_out.{most}", 3)
    for module in ("collecting", "deciding", "answering"):
        monkeypatch.setattr(f"ombud.app.requests.bulk.{module}.LOOKED_AT", 3)
    monkeypatch.setattr("ombud.app.requests.bulk.taking_in.TOGETHER", 3)
    module, _, name = where.rpartition(".")
    real, calls = getattr(import_module(module), name), []

    def killed(*words: Any, **more: Any) -> Any:
        calls.append(words)
        found = real(*words, **more)
        if len(calls) == (1 if name == "_delivered" else 2):
            raise Killed
        return found

    ending(many)
    file, out = people(many, 6), many.directory / "out"
    words = ("--approve", "--allow", "--out", str(out), *SENT)
    with monkeypatch.context() as patch:
        patch.setattr(where, killed)
        with pytest.raises(Killed):
            filed(many, "erase", file, *words)
    told = filed(many, "erase", file, *words)
    assert told["states"] == {"closed": 6}, told
    assert len(requests(many)) == 6
    assert customers(many) == 54
    assert len(list(out.iterdir())) == 6
    assert [each["act"] for each in many.json("mark", "--list")["marks"]] == ["ended"] * 6
    with sqlite3.connect(many.directory / ".ombud" / "requests.db") as db:
        twice = "SELECT request_id, kind, payload FROM ombud_event GROUP BY 1, 2, 3 HAVING count(*) > 1"
        assert db.execute(twice).fetchall() == []


def test_the_same_file_is_taken_in_once_and_another_kind_of_it_is_another(many: Place) -> None:
    file = people(many, 2)
    first = filed(many, "access", file)
    many.now += timedelta(days=3)
    again = filed(many, "access", file)
    assert (again["batch"], again["taken_in"]) == (first["batch"], 0)
    assert filed(many, "port", file)["batch"] != first["batch"]


def test_a_source_that_is_down_keeps_everybodys_part_open(many: Place, tmp_path: Path) -> None:
    away = many.directory / "desk.away"
    (many.directory / "desk.db").rename(away)
    told = filed(many, "erase", people(many, 3), "--approve", "--allow")
    assert told["states"] == {"carrying_out": 3}
    away.rename(many.directory / "desk.db")
    done = many.json("request", "work")["requests"]
    assert {each["state"] for each in done} == {"decision"}
    again = many.json("request", "batch", told["batch"], "--allow", "--by", "KL")
    assert again["states"] == {"carried_out": 3}


def test_nobody_is_answered_without_what_a_source_holds_that_is_away(many: Place) -> None:
    told = filed(many, "access", people(many, 3), "--write", "json")
    assert told["states"] == {"carried_out": 3}
    out, away = many.directory / "out", many.directory / "desk.away"
    words = ("batch", told["batch"], "--out", str(out), *SENT, "--write", "json", "--by", "KL")
    (many.directory / "desk.db").rename(away)
    waits = many.json("request", *words)
    assert (waits["states"], codes(waits), waits["answers"]) == ({"carried_out": 3}, ["C230"], 0)
    assert not [*out.glob("*")]
    away.rename(many.directory / "desk.db")
    assert many.json("request", *words)["states"] == {"closed": 3}
    assert all(json.loads(each.read_bytes())["complete"] for each in out.glob("*.json"))


def test_of_whom_something_came_after_the_decision_that_is_looked_at_and_nobody_else_waits(many: Place) -> None:
    told = filed(many, "access", people(many, 3), "--write", "json")
    text = "I live with Cia now, cia@x.example"
    many.sql("desk", f"INSERT INTO ticket VALUES (7, '{email(101)}', '2026-05-01', NULL, '{text}')")
    many.sql("shop", f"INSERT INTO customer VALUES (7, 'Nr 102', '{email(102)}', '2026-05-01', NULL, 0)")
    words = ("batch", told["batch"], "--out", str(many.directory / "out"), *SENT, "--write", "json", "--by", "KL")
    done = many.json("request", *words)
    assert (done["states"], codes(done)) == ({"closed": 1, "collecting": 2}, ["C231"])
    assert many.json("request", *words)["states"] == {"closed": 1, "review": 2}


def test_whoever_has_the_key_of_a_row_in_the_file_since_is_not_erased_and_stops_nobody_else(many: Place) -> None:
    ending(many)
    file = listed(many, "rows.csv", [[f"shop/customer/{n}"] for n in (100, 101, 102)], head="row")
    told = filed(many, "erase", file)
    assert told["states"] == {"decision": 3}
    many.sql("shop", "DELETE FROM customer WHERE id = 101")
    many.sql("shop", "INSERT INTO customer VALUES (101, 'New', 'new@x.example', '2019-05-31', '2020-01-01', 0)")
    done = many.json("request", "batch", told["batch"], "--approve", "--allow", "--by", "KL")
    assert done["states"] == {"carried_out": 2, "decision": 1}
    assert "C146" in [each["code"] for each in done["findings"]]
    assert many.sql("shop", "SELECT id, name FROM customer WHERE id BETWEEN 100 AND 102") == [(101, "New")]


def test_of_many_only_those_are_said_to_wait_of_whom_something_is_due_still(many: Place) -> None:
    ending(many)
    many.sql(
        "shop", "CREATE TRIGGER no BEFORE DELETE ON customer WHEN OLD.id = 103 BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    told = filed(many, "erase", people(many, 9), "--approve", "--allow")
    assert told["states"] == {"carried_out": 8, "carrying_out": 1}, told
    assert [each["line"] for each in told["waiting"]] == [5]
    many.sql("shop", "DROP TRIGGER no")
    again = many.json("request", "batch", told["batch"], "--allow", "--by", "KL")
    assert again["states"] == {"carried_out": 9}


# --- recipients ---------------------------------------------------------------------------------------------------

CARRIER = """\
regions:
  eea: {title: {sv: EU}, safeguard: within}
agreements:
  terms: {title: {sv: Avtal}, kind: processing, dated: 2020-01-01, allows: {sv: köra ut}}
recipients:
  carrier: {title: {sv: Bud}, role: processor, agreement: terms, regions: [eea]}
"""


def handed_to_a_carrier(place: Place, *people_: int) -> None:
    """What was sold to these people was handed to a carrier; the carrier is told of what ends."""
    ending(place)
    place.replace("policy/group.yaml", "    basis: contract\n", "    basis: contract\n    recipients: [carrier]\n")
    place.replace("policy/group.yaml", "purposes:\n", f"{CARRIER}purposes:\n")
    place.sql("shop", "UPDATE customer SET ended_at = NULL WHERE id >= 100")
    for n in people_:
        words = ("--subject", f"email={email(n)}", "--purpose", "delivery", "--known-as", f"nr {n}")
        shared = place.run("share", "carrier", *words)
        assert shared.exit_code == 0, shared.output


def sent(place: Place) -> int:
    """The carrier was told of everything that waited; how much that was."""
    waiting = place.json("recipients", "--waiting")["waiting"]
    for each in waiting:
        said = ("--told", str(each["notice"]), "--because", "phoned", "--by", "KL")
        assert place.run("recipients", *said).exit_code == 0
    return len(waiting)


def letters(place: Place, folder: str) -> dict[str, str]:
    """By request, what its letter says."""
    found = (place.directory / folder).glob("*.pdf")
    return {path.stem: path.read_text("utf-8", errors="replace") for path in found}


@pytest.mark.fact("R2")
def test_who_was_answered_before_the_carrier_was_told_gets_a_second_letter_with_the_same_batch(many: Place) -> None:
    handed_to_a_carrier(many, 100, 101)
    out = ("--out", str(many.directory / "first"), *SENT)
    told = filed(many, "erase", people(many, 4), "--approve", "--allow", *out)
    assert told["states"] == {"closed": 2, "delivered": 2}, told
    assert told["unaddressed"] == 4
    underway = [id for id, text in letters(many, "first").items() if "håller på att underrätta Bud" in text]
    assert len(underway) == 2
    again = ("request", "batch", told["batch"], "--out", str(many.directory / "second"), *SENT, "--by", "KL")
    assert many.json(*again)["answers"] == 0, "nothing is known of the carrier yet"
    assert sent(many) == 2
    assert many.json(*again)["states"] == {"closed": 4}
    assert sorted(letters(many, "second")) == sorted(f"{id}-outcome" for id in underway)
    assert all("Bud" in text and "underrättat" in text for text in letters(many, "second").values())


def test_answers_of_a_batch_that_were_kept_say_what_came_of_the_carrier_since(many: Place) -> None:
    handed_to_a_carrier(many, 100)
    told = filed(many, "erase", people(many, 2), "--approve", "--allow")
    assert told["states"] == {"carried_out": 2}
    assert sent(many) == 1
    out = ("--out", str(many.directory / "out"), *SENT, "--by", "KL")
    assert many.json("request", "batch", told["batch"], *out)["states"] == {"closed": 2}
    assert not [text for text in letters(many, "out").values() if "håller på" in text]
    told_of = [text for text in letters(many, "out").values() if "Vi har underrättat dem" in text and "Bud" in text]
    assert len(told_of) == 1
