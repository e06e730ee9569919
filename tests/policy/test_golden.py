"""Stories of whole policies, `tests/golden/{good,bad}/policy-*`: a sentence, its files, what is found."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from ombud.policy.load import Loaded, load
from ombud.terms import Level

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(GOLDEN.glob("*/policy-*"))


@cache
def read(case: Path) -> Loaded:
    """A case's policy and what is found in it."""
    return load(case / "policy")


@pytest.mark.parametrize("case", CASES, ids=lambda case: (case / "story.md").read_text(encoding="utf-8").strip())
def test_the_story_is_told_with_these_findings(case: Path) -> None:
    policy, findings = read(case)
    told = "".join(f"{finding}\n" for finding in findings)
    assert told == (case / "findings.txt").read_text(encoding="utf-8")
    assert (policy is None) == (case.parent.name == "bad")


def test_a_refusal_has_an_error_and_what_is_read_has_none() -> None:
    for case in CASES:
        policy, findings = read(case)
        assert (policy is None) == any(finding.level is Level.ERROR for finding in findings), case.name


def test_every_finding_shows_a_way_out() -> None:
    for case in CASES:
        assert all(finding.hint and finding.message and finding.place.file for finding in read(case)[1])
