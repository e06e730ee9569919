"""The pages about requests say what the program does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from ombud.rights.commands import CarryOut, Close, Collect
from ombud.rights.deadlines import deadline
from ombud.rights.events import (
    AskedForProof,
    Begun,
    CarriedOut,
    Closed,
    Collected,
    Decided,
    Delivered,
    Event,
    Failed,
    Find,
    Followed,
    Found,
    Identified,
    Received,
    RecipientTold,
    Reviewed,
)
from ombud.rights.grounds import Contest, Ground
from ombud.rights.life import step
from ombud.rights.model import Proof, Request, RequestKind, State
from ombud.rights.moves import picture
from ombud.rights.next import todo
from ombud.rights.rules import Rules

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs/reference/requests.md").read_text("utf-8")
SPEC = (ROOT / "spec/requests.md").read_text("utf-8")


def test_the_picture_is_drawn_from_the_table() -> None:
    drawn = re.search(r"<!-- picture: .* -->\n```mermaid\n(.*?)```\n<!-- /picture -->", REFERENCE, re.DOTALL)
    assert drawn is not None
    assert drawn[1] == picture(), "python -m ombud.rights.moves"


def test_every_state_kind_and_ground_is_explained() -> None:
    assert [state for state in State if f"| `{state}` |" not in SPEC] == []
    assert [kind for kind in RequestKind if f"| `{kind}` (" not in REFERENCE] == []
    assert [ground for ground in (*Ground, *Contest) if f"`{ground}`" not in REFERENCE] == []


@pytest.mark.parametrize("row", re.findall(r"^\| (\d{4}-\S+) \| (\S+) \| (\S*) *\|$", REFERENCE, re.MULTILINE))
def test_the_dates_of_the_reference_are_right(row: tuple[str, str, str]) -> None:
    received, due, eves = row
    found = deadline(date.fromisoformat(received), (), None, date.fromisoformat(received))
    assert (str(found.act_by), str(found.due_if_eves)) == (due, eves or due)


STORY: tuple[tuple[str, tuple[Event, ...]], ...] = (
    ("2026-11-24", (Received("r1", RequestKind.ERASE, date(2026, 11, 24)),)),
    ("2026-11-25", (AskedForProof(),)),
    ("2026-11-27", (Identified(Proof.CONTACT_POINT, ("crm", "hr")),)),
    ("2026-11-27", (Collected("crm"), Failed("hr", "down"))),
    ("2026-11-30", (Collected("hr"), Found(Find.TO_REVIEW))),
    ("2026-12-01", (Reviewed("a.lind"), Decided("a.lind", tell=("carrier",)))),
    ("2026-12-01", (Begun(), CarriedOut("crm"), CarriedOut("hr"))),
    ("2026-12-02", (Delivered("post"), RecipientTold("carrier", "250 OK"))),
    ("2026-12-03", (Followed("post"),)),
    ("2026-12-03", (Closed(),)),
)


def test_the_example_of_the_specification_goes_as_it_says() -> None:
    told = re.findall(r"^(2026-\S+)  (.*)$", SPEC, re.MULTILINE)
    assert [day for day, _ in told] == [day for day, _ in STORY]
    request: Request | None = None
    for (day, events), (_, line) in zip(STORY, told, strict=True):
        names = re.findall(r"\b([A-Z]\w+)\b(?=\(|  |$)", line.split("   ")[0])
        assert [type(event).__name__ for event in events] == names
        for event in events:
            request = step(request, event, date.fromisoformat(day))
        assert request is not None
        asked = {type(command) for command in todo(request, date.fromisoformat(day), Rules(), named=True)}
        for command, words in ((Collect, "look in"), (CarryOut, "carry out in"), (Close, "nothing is left")):
            assert (command in asked) is (words in line), line
    assert request is not None
    assert request.state is State.CLOSED
    assert deadline(request.received, request.pauses, None, date(2026, 12, 31)).stood_still == 2
