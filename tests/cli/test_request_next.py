"""Whoever looks at a request reads what comes next as a command to type, and what somebody complains of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cli.conftest import Place
from tests.cli.test_request import ADA, BEA, KNOWN, asked, deliver


def shown(project: Place, id: str, *words: str) -> str:
    return " ".join(project.run("request", "show", id, *words).output.split())


def test_what_it_waits_for_names_the_command_with_the_request_that_it_is_about(project: Place) -> None:
    unknown = asked(project, "access", *BEA, "--by", "KL")["id"]
    assert f"waits for proof of who asks: ombud request identify {unknown} " in shown(project, unknown)
    erase = asked(project, "erase", *ADA, *KNOWN)["id"]
    assert f"ombud request approve {erase}, or refuse" in shown(project, erase)
    assert f"waits for a decision: ombud request approve {erase}, or refuse" in project.run("request", "work").output


def test_what_is_delivered_and_not_closed_says_why_and_when_it_will_be(project: Place) -> None:
    id = asked(project, "rectify", *BEA, "--set", "shop/customer/2.name=Beata", *KNOWN)["id"]
    asked(project, "approve", id, "--by", "KL")
    deliver(project, id)
    told = shown(project, id)
    assert "waits for what stands in the way of closing it ·" in told
    assert "not lifted (Art. 18(3)): ombud request work lifts it after 2026-06-01, the day of notice" in told
    project.now += timedelta(days=1)
    asked(project, "work", id)
    assert "closed" in shown(project, id)


@pytest.mark.parametrize("kind", ["complain", "claim"])
def test_who_takes_over_a_complaint_can_read_it_and_nobody_without_a_sign(project: Place, kind: str) -> None:
    id = asked(project, kind, *BEA, "--words", "you mixed us up", *KNOWN)["id"]
    assert "in their words: you mixed us up" in shown(project, id, "--by", "AO")
    assert project.json("request", "show", id, "--by", "AO")["words"] == "you mixed us up"
    assert "mixed" not in shown(project, id)
    assert "shown to who asks with --by SIGN" in shown(project, id)
    asked(project, "protect", id, "--why", "their word", "--seen-by", "KL", "--by", "KL")
    assert "mixed" not in shown(project, id, "--by", "AO")
