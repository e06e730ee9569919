"""An answer in part: what can be read by now goes, with what is missing said, and the whole follows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Place
from tests.cli.test_request import BEA, KNOWN, asked, deliver


def part(project: Place, id: str, out: str = "out") -> dict[str, Any]:
    how = ("--how", "post", "--without-address", "--by", "KL")
    return asked(project, "deliver", id, "--in-part", "--out", str(project.directory / out), *how)


def rows(project: Place, name: str, out: str = "out") -> tuple[bool, list[str], list[str]]:
    """Whether a file says that it is the whole, of which sources it has rows, and which it says are missing."""
    told = json.loads((project.directory / out / name).read_text("utf-8"))
    return told["complete"], sorted({each["source"] for each in told["records"]}), told["sources"]["unread"]


@pytest.mark.parametrize("kind", ["access", "port"])
def test_what_can_be_read_goes_while_a_source_is_away_and_the_whole_follows(project: Place, kind: str) -> None:
    away = project.directory / "desk.away"
    (project.directory / "desk.db").rename(away)
    told = asked(project, kind, *BEA, *KNOWN)
    id = told["id"]
    assert (told["state"], told["parts"]["desk"]) == ("carrying_out", "unread")
    after = part(project, id)
    assert (after["state"], after["answered_in_part"]) == ("carrying_out", "2026-06-01")
    assert rows(project, f"{kind}-{id}-part.json") == (False, ["shop"], ["desk"])
    assert "answered in part on 2026-06-01" in project.run("request", "show", id).output
    away.rename(project.directory / "desk.db")
    assert asked(project, "work", id)["requests"][0]["state"] == "carried_out"
    deliver(project, id)
    assert "answered on 2026-06-01" in project.run("request", "show", id).output
    assert rows(project, f"{kind}-{id}.json")[0]
    assert not rows(project, f"{kind}-{id}.json")[2]


def test_no_part_goes_before_somebody_has_looked_at_what_came_since(project: Place) -> None:
    (project.directory / "desk.db").rename(project.directory / "desk.away")
    id = asked(project, "access", *BEA, *KNOWN)["id"]
    project.sql("shop", "INSERT INTO customer VALUES (9, 'Bea', 'bea@x.example', '2019-01-01', NULL)")
    assert [each["code"] for each in part(project, id)["findings"]] == ["C231"]
    assert not (project.directory / "out").exists()


def test_of_a_deed_no_part_is_told_as_if_it_were_an_answer(project: Place) -> None:
    id = asked(project, "erase", *BEA, *KNOWN)["id"]
    assert [each["code"] for each in part(project, id)["findings"]] == ["C139"]
