"""Staff know the rules: where the policy wants it, nobody handles a request who has not confirmed its version."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Place

BEA = ("--subject", "email=bea@x.example")
KNOWN = ("--proof", "contact_point", "--how", "code", "--by", "KL")
STAFF = """
version: "1"
organisation:
  controller: north
  requests:
    ways: [email]
    by_hand: {kinds: [access], reason: two were sent to the wrong person in 2025}
    staff: {confirm: each_version, reason: whoever answers knows what they may say}
"""


@pytest.fixture
def office(project: Place) -> Place:
    """A shop whose policy wants its staff to know the rules."""
    project.replace("policy/group.yaml", "\nzone:", f"{STAFF}zone:")
    return project


def codes(told: dict[str, list[dict[str, str]]]) -> list[str]:
    return [each["code"] for each in told["findings"]]


@pytest.mark.fact("O11")
def test_who_has_not_confirmed_the_rules_does_nothing_with_a_request(office: Place) -> None:
    assert codes(office.json("request", "access", *BEA, *KNOWN)) == ["C223"]
    assert office.json("request", "list", "--all")["requests"] == []
    office.json("request", "rules", "--confirm", "--by", "kl")
    told = office.json("request", "access", *BEA, *KNOWN)
    assert told["state"] == "decision"
    assert codes(office.json("request", "approve", told["id"], "--by", "AO")) == ["C223"]
    assert office.json("request", "show", told["id"])["state"] == "decision"
    assert office.json("request", "approve", told["id"], "--by", "KL")["state"] == "carried_out"


@pytest.mark.fact("O11")
def test_another_version_is_confirmed_anew(office: Place) -> None:
    office.json("request", "rules", "--confirm", "--by", "KL")
    id = office.json("request", "access", *BEA, *KNOWN)["id"]
    office.replace("policy/group.yaml", 'version: "1"', 'version: "2"')
    assert codes(office.json("request", "approve", id, "--by", "KL")) == ["C223"]
    told = office.json("request", "rules", "--confirm", "--by", "KL")
    assert [each["by"] for each in told["confirmed"]] == ["KL"]
    assert office.json("request", "approve", id, "--by", "KL")["state"] == "carried_out"


def test_what_is_delivered_is_not_written_for_who_knows_no_rules(office: Place) -> None:
    office.json("request", "rules", "--confirm", "--by", "KL")
    id = office.json("request", "port", *BEA, *KNOWN)["id"]
    out = office.directory / "out"
    refused = office.json("request", "deliver", id, "--out", str(out), "--how", "post", "--by", "AO")
    assert codes(refused) == ["C223"]
    assert not out.exists()


def test_both_who_refuse_know_the_rules_and_a_machine_is_not_asked(office: Place) -> None:
    office.json("request", "rules", "--confirm", "--by", "KL")
    id = office.json("request", "access", *BEA, "--by", "KL")["id"]
    words = ("--why", "excessive", "--reason", "the fifth this week", "--by", "KL", "--second", "AO")
    assert codes(office.json("request", "refuse", id, *words)) == ["C223"]
    assert office.run("request", "work").exit_code == 0


def test_a_file_of_many_is_taken_in_by_who_knows_the_rules(office: Place) -> None:
    office.write("people.csv", "email\nbea@x.example\n")
    file = str(office.directory / "people.csv")
    assert codes(office.json("request", "port", "--file", file, *KNOWN)) == ["C223"]
    assert office.json("request", "list", "--all")["requests"] == []


def test_the_rules_are_those_of_the_policy_each_with_its_reason(office: Place) -> None:
    said = {each["about"]: (each["rule"], each["reason"]) for each in told_rules(office)}
    assert said["decided by somebody"] == (
        "access, claim, complain, erase, rectify, restrict",
        "two were sent to the wrong person in 2025",
    )
    assert said["identity"][0] == "a question of who asks stops the clock within 7 days"
    assert said["erasure: stays"][0] == "bookkeeping, delivery"


def told_rules(place: Place) -> list[dict[str, str]]:
    return [
        {"about": each["about"], "rule": each["says"], "reason": each["reason"]}
        for each in place.json("request", "rules")["rules"]
    ]


def test_nobody_is_asked_where_the_policy_does_not_want_it(project: Place) -> None:
    assert project.json("request", "port", *BEA, *KNOWN)["state"] == "carried_out"
    assert project.run("request", "rules", "--confirm", "--by", "KL").exit_code == 2


def test_a_policy_without_a_version_has_nothing_to_confirm(office: Place) -> None:
    office.replace("policy/group.yaml", 'version: "1"\n', "")
    assert "P007" in codes(office.json("check"))
