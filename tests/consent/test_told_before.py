"""What a web site learns of a visitor's device is held of nobody who was not shown the text first (O9).

It rests on consent alone, or `check` says so; a consent is recorded with the text that was shown, or is none; and what
no consent holds goes at the next sweep.
"""

from __future__ import annotations

import json

import pytest

from tests.consent.test_consent import TEXT
from tests.suppression.conftest import MONA, Letters

USE = ("course_tips:\n    title: {sv: Kurstips, en: Course tips}\n", "course_tips:\n    use: [reads_device]\n")
GIVE = ("consent", "give", "--purpose", "course_tips", "--text", "1", "--how", "form", "--subject", f"email={MONA}")


@pytest.fixture
def web(letters: Letters) -> Letters:
    """A site that reads devices for one purpose; nobody has said yes to it in any column."""
    letters.replace("policy/group.yaml", *USE)
    letters.sql("letters", "UPDATE tip SET opted_in = NULL, opted_out = NULL")
    return letters


def visitors(place: Letters) -> list[int]:
    return [id for (id,) in place.sql("letters", "SELECT id FROM tip ORDER BY id")]


def found(place: Letters) -> set[str]:
    return {each["code"] for each in place.json("check")["findings"] if "course_tips" in json.dumps(each)}


@pytest.mark.fact("O9")
def test_without_a_text_that_tells_it_or_on_another_basis_check_says_so(web: Letters) -> None:
    assert "P063" in found(web)
    web.write("policy/consents/course_tips.1.sv.md", TEXT)
    assert not {"P063", "L10"} & found(web)
    web.replace(
        "policy/group.yaml", "use: [reads_device]\n    basis: consent", "use: [reads_device]\n    basis: contract"
    )
    assert "L10" in found(web)


@pytest.mark.fact("O9")
def test_what_was_collected_of_who_was_shown_nothing_goes(web: Letters) -> None:
    web.write("policy/consents/course_tips.1.sv.md", TEXT)
    assert web.run(*GIVE).exit_code == 0
    web.sweep()
    assert visitors(web) == [1]
    (record,) = web.json("consent", "show", "--subject", f"email={MONA}")["records"]
    assert record["pii_processing"]["purposes"][0]["consent_text"]["text"] == TEXT


@pytest.mark.fact("O9")
def test_nobody_is_recorded_as_told_by_a_text_that_there_is_not(web: Letters) -> None:
    refused = web.run(*GIVE)
    assert refused.exit_code == 1
    assert "C172" in refused.stderr
    web.sweep()
    assert visitors(web) == []
