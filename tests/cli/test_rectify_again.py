"""A correction of what is another by the time it is carried out: it is decided anew, by what stands there then."""

from __future__ import annotations

from typing import Any

import pytest

from ombud.app.requests import rectifying, working
from tests.cli.conftest import Place
from tests.cli.test_request import BEA, KNOWN, asked, deliver, letter


def correcting(place: Place, monkeypatch: pytest.MonkeyPatch) -> str:
    """A correction that is decided, and not carried out yet."""
    id = str(asked(place, "rectify", *BEA, "--set", "shop/customer/2.name=Beata", *KNOWN)["id"])
    monkeypatch.setattr(working, "todo", lambda *_, **__: ())
    asked(place, "approve", id, "--by", "KL")
    monkeypatch.undo()
    return id


def cell(place: Place, id: str) -> tuple[str, str]:
    """What a handler sees: what stands there, and what is to."""
    (change,) = place.json("request", "show", id, "--by", "KL")["corrections"]
    return change["before"], change["after"]


def codes(told: dict[str, Any]) -> list[str]:
    return [each["code"] for each in told["findings"]]


def test_what_changed_after_the_decision_is_decided_anew(project: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    id = correcting(project, monkeypatch)
    project.sql("shop", "UPDATE customer SET name = 'Bettan' WHERE id = 2")
    worked = asked(project, "work", id)
    assert (worked["requests"][0]["state"], codes(worked)) == ("decision", ["C123"])
    assert cell(project, id) == ("Bettan", "Beata")
    assert asked(project, "approve", id, "--by", "KL")["state"] == "carried_out"
    assert project.sql("shop", "SELECT name FROM customer WHERE id = 2") == [("Beata",)]
    deliver(project, id)
    assert "Bettan" in letter(project, "out")


def test_a_correction_of_a_row_that_is_gone_since_can_be_refused(
    project: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = correcting(project, monkeypatch)
    project.sql("shop", "DELETE FROM orders WHERE customer_id = 2")
    project.sql("shop", "DELETE FROM customer WHERE id = 2")
    worked = asked(project, "work", id)
    assert (worked["requests"][0]["state"], codes(worked)) == ("decision", ["C120"])
    words = ("refuse", id, "--why", "exempt", "--reason", "the row is gone", "--by", "KL")
    assert asked(project, *words)["state"] == "refused"


def test_who_was_killed_while_approving_decides_by_what_stands_there_later(
    project: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = asked(project, "rectify", *BEA, "--set", "shop/customer/2.name=Beata", *KNOWN)["id"]
    kept = rectifying.keep

    def dies(*words: Any) -> None:
        kept(*words)
        raise KeyboardInterrupt

    monkeypatch.setattr(rectifying, "keep", dies)
    project.run("request", "approve", id, "--by", "KL")
    monkeypatch.undo()
    project.sql("shop", "UPDATE customer SET name = 'Bettan' WHERE id = 2")
    assert cell(project, id) == ("Bettan", "Beata")
    assert asked(project, "approve", id, "--by", "KL")["state"] == "carried_out"
    deliver(project, id)
    assert "Bettan" in letter(project, "out")
