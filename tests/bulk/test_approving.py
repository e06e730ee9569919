"""Many people's data is changed by two people's decision, whatever part of it is decided; and what lacks is said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.bulk.conftest import PROOF, email, listed, numbers, people
from tests.bulk.test_many_requests import codes, customers, ending, filed, requests
from tests.cli.conftest import Place


@pytest.fixture(autouse=True)
def _five_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ombud.app.requests.approving.TWO_FROM", 5)


def batch(place: Place, told: dict[str, Any], *more: str, by: str = "KL") -> dict[str, Any]:
    return dict(place.json("request", "batch", told["batch"], "--allow", *more, "--by", by))


def states(place: Place) -> dict[str, str]:
    return {each["id"]: each["state"] for each in requests(place)}


# --- parts of a batch count together ------------------------------------------------------------------------------


def test_what_is_left_of_a_large_batch_takes_two_like_all_of_it(many: Place) -> None:
    """Three of five can be decided; the other two wait for a person."""
    told = filed(many, "erase", people(many, 3, "home@x.example", email(999)), "--approve", "--allow")
    assert codes(told) == ["C187"]
    many.sql("shop", "UPDATE customer SET email = NULL WHERE id = 4")
    assert customers(many) == 60
    assert batch(many, told, "--approve")["states"] == {"decision": 4, "review": 1}
    assert batch(many, told, "--approve", by="AO")["states"] == {"carried_out": 4, "review": 1}


def test_one_that_comes_back_is_a_part_of_the_same_batch(many: Place) -> None:
    away = many.directory / "desk.away"
    (many.directory / "desk.db").rename(away)
    told = filed(many, "erase", people(many, 6), "--approve", "--allow")
    assert batch(many, told, "--approve", by="AO")["states"] == {"carrying_out": 6}
    away.rename(many.directory / "desk.db")
    first, *others = (each["id"] for each in requests(many))
    many.run("request", "work", first)
    assert (states(many)[first], {states(many)[id] for id in others}) == ("decision", {"carrying_out"})
    assert codes(batch(many, told, "--approve", "--choose", "bookkeeping=stays:a law", by="BO")) == ["C187"]
    assert batch(many, told)["states"] == {"carried_out": 1, "carrying_out": 5}


def test_one_by_one_they_take_two_as_well(many: Place) -> None:
    told = filed(many, "erase", people(many, 6))
    assert codes(told) == ["C187"]
    first, second, *_ = (each["id"] for each in requests(many))
    refused = many.run("request", "approve", first, "--by", "KL")
    assert (refused.exit_code, "C189" in refused.stderr) == (1, True)
    assert "C189" in many.run("request", "approve", first, "--by", " kl ").stderr
    assert states(many)[first] == "decision"
    assert many.run("request", "approve", first, "--by", "AO").exit_code == 0
    assert states(many)[first] == "carried_out"
    assert states(many)[second] == "decision"


def test_who_agreed_to_the_batch_and_who_agrees_to_one_of_it_are_two(many: Place) -> None:
    told = filed(many, "erase", people(many, 6), "--approve")
    first, *_ = (each["id"] for each in requests(many))
    assert "C189" in many.run("request", "approve", first, "--by", "KL").stderr
    assert many.run("request", "approve", first, "--by", "AO").exit_code == 0
    assert batch(many, told, by="AO")["states"] == {"decision": 5, "carried_out": 1}


def test_other_choices_are_another_approval(many: Place) -> None:
    ending(many, "review")
    many.sql("shop", "UPDATE customer SET ended_at = NULL")
    filed(many, "erase", people(many, 6))
    first, *_ = (each["id"] for each in requests(many))
    ends, stays = ("--choose", "delivery=ends:they left"), ("--choose", "delivery=stays:they did not")
    assert "C189" in many.run("request", "approve", first, *ends, "--by", "KL").stderr
    assert "C189" in many.run("request", "approve", first, *stays, "--by", "AO").stderr
    assert many.run("request", "approve", first, *ends, "--by", "AO").exit_code == 0


def test_whom_somebody_looked_at_by_themselves_one_person_decides(many: Place) -> None:
    filed(many, "erase", people(many, 4, "home@x.example"))
    (id,) = [id for id, state in states(many).items() if state == "review"]
    many.json("request", "review", id, "--by", "KL")
    assert many.run("request", "approve", id, "--by", "KL").exit_code == 0


def test_of_a_smaller_batch_one_person_decides(many: Place) -> None:
    filed(many, "erase", people(many, 4))
    first, *_ = (each["id"] for each in requests(many))
    assert many.run("request", "approve", first, "--by", "KL").exit_code == 0


def test_what_the_rules_would_decide_of_one_they_do_not_of_a_large_batch(many: Place) -> None:
    told = filed(many, "object", people(many, 6))
    assert codes(told) == ["C187"]
    many.run("request", "work")
    assert set(states(many).values()) == {"decision"}
    batch(many, told, "--approve")
    assert batch(many, told, "--approve", by="AO")["states"] == {"carried_out": 6}


@pytest.mark.parametrize("again", ["ÅSA", " åsa ", "A\u030asa"])
def test_one_person_is_one_however_they_are_written(many: Place, again: str) -> None:
    told = filed(many, "erase", people(many, 6))
    batch(many, told, "--approve", by="åsa")
    assert codes(batch(many, told, "--approve", by=again)) == ["C187"]
    assert customers(many) == 60


# --- what was not chosen ------------------------------------------------------------------------------------------


def waiting_for_choices(place: Place, count: int) -> None:
    ending(place, "review")
    place.sql("shop", f"UPDATE customer SET ended_at = NULL WHERE id < {100 + count}")


def test_who_lacks_a_choice_is_named_with_what_to_choose_and_how(many: Place) -> None:
    waiting_for_choices(many, 2)
    file = people(many, 3)
    result = many.run("request", "erase", "--file", file, *PROOF, "--approve", "--allow", "--format", "json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["states"] == {"carried_out": 1, "decision": 2}
    ids = [each["id"] for each in told["waiting"]]
    assert [each["choose"] for each in told["waiting"]] == [["delivery"], ["delivery"]]
    (finding,) = told["findings"]
    assert finding["code"] == "C144"
    assert all(id in finding["message"] for id in ids)
    assert "delivery" in finding["message"]
    assert f"ombud request batch {told['batch']} --approve --choose delivery=ends:REASON" in finding["hint"]
    assert "say the choices made by now with it, for none is kept" in finding["hint"]
    again = many.run("request", "batch", told["batch"], "--approve", "--allow", "--by", "KL")
    assert again.exit_code == 1
    assert "choose delivery" in again.output
    done = many.run(
        "request", "batch", told["batch"], "--approve", "--choose", "delivery=ends:left", "--allow", "--by", "KL"
    )
    assert done.exit_code == 0


def test_the_first_of_two_who_approve_is_told_too_and_nothing_is_decided(many: Place) -> None:
    waiting_for_choices(many, 2)
    told = filed(many, "erase", people(many, 6), "--approve", "--allow")
    assert sorted(codes(told)) == ["C144", "C187"]
    assert told["states"] == {"decision": 6}


def test_of_many_who_lack_the_same_choice_twenty_are_named(many: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ombud.app.requests.approving.TWO_FROM", 100)
    waiting_for_choices(many, 30)
    told = filed(many, "erase", people(many, 30), "--approve", "--allow")
    (finding,) = told["findings"]
    assert finding["message"].count("2026-") == 20
    assert "30 requests" in finding["message"]
    assert len(told["waiting"]) == 30


def test_a_choice_that_cannot_be_made_is_said(many: Place) -> None:
    waiting_for_choices(many, 1)
    told = filed(many, "erase", listed(many, "one.csv", [[email(n)] for n in numbers(1)]), "--approve", "--allow",
                 "--choose", "delivery=ends:")  # fmt: skip
    assert codes(told) == ["C143"]
    assert told["states"] == {"decision": 1}
