"""An answer that is put together after the decision says all that there is by then, or waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ombud.app import others, sources
from ombud.app.loaded import Loaded, Refused
from ombud.terms import Finding
from ombud.terms import Place as At
from tests.cli.conftest import Place
from tests.cli.test_request import ADA, BEA, KNOWN, asked, deliver

ADDRESS = ("--line", "Bea", "--line", "Provgatan 1", "--line", "990 10 Bärnvik", "--by", "KL")


@contextmanager
def away(place: Place, source: str) -> Iterator[None]:
    """A source that cannot be read meanwhile."""
    there, elsewhere = place.directory / f"{source}.db", place.directory / f"{source}.away"
    there.rename(elsewhere)
    yield
    elsewhere.rename(there)


def codes(told: dict[str, Any]) -> list[str]:
    return [each["code"] for each in told["findings"]]


def addressed(place: Place, id: str) -> dict[str, Any]:
    """The address was said: an answer that waits is put together anew."""
    return asked(place, "address", id, *ADDRESS)


@pytest.mark.parametrize("kind", ["access", "port"])
def test_an_answer_that_is_put_together_anew_waits_for_a_source_that_is_away(project: Place, kind: str) -> None:
    id = asked(project, kind, *BEA, *KNOWN)["id"]
    with away(project, "desk"):
        assert codes(addressed(project, id))[0] == "C230"
        assert codes(deliver(project, id)) == ["C230"]
        assert not (project.directory / "out").exists()
    asked(project, "work", id)
    assert deliver(project, id)["state"] == "closed"


def test_what_came_of_an_erasure_is_not_told_before_it_can_be_read(project: Place) -> None:
    id = asked(project, "erase", *ADA, *KNOWN)["id"]
    asked(project, "approve", id, "--by", "KL")
    with away(project, "shop"):
        assert codes(addressed(project, id)) == ["C230"]
        assert codes(deliver(project, id)) == ["C230"]
    asked(project, "work", id)
    assert deliver(project, id)["state"] == "closed"


def test_a_row_that_only_may_be_theirs_and_came_after_the_decision_is_looked_at(project: Place) -> None:
    id = asked(project, "access", *BEA, *KNOWN)["id"]
    project.sql("shop", "INSERT INTO customer VALUES (9, 'Bea', 'bea@x.example', '2026-05-01', NULL)")
    told = addressed(project, id)
    assert (told["state"], codes(told)) == ("review", ["C231"])
    assert "shop/customer/9" in {each["row"] for each in told["rows"]}
    told = asked(project, "review", id, "--row", "shop/customer/2", "--by", "KL")
    assert told["state"] == "carried_out"
    assert (addressed(project, id)["state"], deliver(project, id)["state"]) == ("carried_out", "closed")


def test_texts_are_looked_at_where_a_source_could_not_be_asked_who_is_named_in_them(
    project: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = sources.opened

    def opened(loaded: Loaded, source: str, **how: Any) -> Any:
        if source == "shop":
            raise Refused(Finding("C030", At("shop"), "shop: the database does not answer", ""))
        return asking(loaded, source, **how)

    monkeypatch.setattr(others, "opened", opened)
    told = asked(project, "access", *BEA, *KNOWN)
    assert (told["state"], codes(told)) == ("review", ["C030", "C232"])
    assert asked(project, "review", told["id"], "--by", "KL")["state"] == "carried_out"


def test_a_text_that_came_after_the_decision_is_looked_at(project: Place) -> None:
    id = asked(project, "access", *BEA, *KNOWN)["id"]
    text = "I live with Cia now, cia@x.example"
    project.sql("desk", f"INSERT INTO ticket VALUES (7, 'bea@x.example', '2026-05-01', NULL, '{text}')")
    told = addressed(project, id)
    assert (told["state"], codes(told)) == ("review", ["C231"])
    assert asked(project, "review", id, "--by", "KL")["state"] == "carried_out"
    assert deliver(project, id)["state"] == "closed"
