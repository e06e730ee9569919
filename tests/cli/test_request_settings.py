"""What a policy says of requests is what happens to them: how soon is prompt, who decides, what a restriction lets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ombud.policy.model import OF_THE_RULES
from ombud.rights.model import RequestKind
from ombud.rights.rules import BY_HAND
from ombud.terms import Act
from tests.cli.conftest import Place
from tests.office import Office

BEA = ("--subject", "email=bea@x.example")
KNOWN = ("--proof", "contact_point", "--how", "code", "--by", "KL")


def says(place: Place, setting: str) -> None:
    head = f"organisation: {{controller: north, requests: {{ways: [email], {setting}}}}}\n"
    place.replace("policy/group.yaml", "\nzone:", f"\n{head}zone:")


def test_a_question_of_identity_is_prompt_within_the_days_that_the_policy_says(project: Place) -> None:
    says(project, "prompt: {within: P3D, reason: we answer within the week}")
    told = project.json("request", "access", *BEA, "--by", "KL")
    project.now += timedelta(days=4)
    late = project.json("request", "identify", told["id"], "--proof", "asked", "--by", "KL")
    (finding,) = late["findings"]
    assert finding["code"] == "C174"
    assert "more than 3 is not prompt" in finding["message"]
    project.now += timedelta(days=10)
    known = project.json("request", "identify", told["id"], "--proof", "contact_point", "--by", "KL")
    assert known["answer_by"] == told["answer_by"]


def test_within_these_days_the_clock_stands_still(project: Place) -> None:
    says(project, "prompt: {within: P10D, reason: the desk is open one day a week}")
    told = project.json("request", "access", *BEA, "--by", "KL")
    project.now += timedelta(days=9)
    asked = project.json("request", "identify", told["id"], "--proof", "asked", "--by", "KL")
    assert not asked.get("findings")
    project.now += timedelta(days=10)
    known = project.json("request", "identify", told["id"], "--proof", "contact_point", "--by", "KL")
    assert known["answer_by"] > told["answer_by"]


def test_what_the_policy_wants_decided_by_hand_waits_for_somebody(project: Place) -> None:
    says(project, "by_hand: {kinds: [access], reason: two were sent to the wrong person in 2025}")
    told = project.json("request", "access", *BEA, *KNOWN)
    assert told["state"] == "decision"
    assert project.json("request", "port", *BEA, *KNOWN)["state"] == "carried_out"
    assert project.json("request", "approve", told["id"], "--by", "KL")["state"] == "carried_out"


def test_a_restriction_lets_pass_no_more_than_the_policy_says(project: Place) -> None:
    says(project, "restriction: {allows: [legal_claims], reason: nothing else was ever asked for}")
    project.json("request", "restrict", *BEA, *KNOWN)
    (mark,) = Office.of(project.directory, project.now.date()).loaded.marks()
    assert mark.act is Act.RESTRICTED
    assert mark.allows == {"legal_claims"}


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("prompt: {within: P3D}", "P007"),
        ("prompt: {within: P1M, reason: a month}", "P010"),
        ("prompt: {within: P32D, reason: longer than a month}", "P010"),
        ("by_hand: {kinds: [erase], reason: it always is}", "P009"),
        ("by_hand: {kinds: [], reason: none}", "P007"),
        ("restriction: {allows: [marketing], reason: it pays}", "P009"),
        ("restriction: {allows: []}", "P007"),
    ],
)
def test_a_setting_without_its_reason_or_beyond_the_law_is_refused(project: Place, setting: str, code: str) -> None:
    says(project, setting)
    assert code in [each["code"] for each in project.json("check")["findings"]]


def test_what_the_rules_decide_is_all_that_nobody_has_to() -> None:
    assert {RequestKind(kind) for kind in OF_THE_RULES} == set(RequestKind) - BY_HAND
