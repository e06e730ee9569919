"""`spec/policy.md` is about this program."""

from __future__ import annotations

import re
from pathlib import Path

import ombud.policy
from ombud.policy.grammar import COMPANY_FILE, GROUP, PURPOSE
from ombud.policy.load import load_text
from ombud.terms import Level

SPEC = (Path(__file__).parents[2] / "spec" / "policy.md").read_text(encoding="utf-8")
SOURCES = sorted(Path(ombud.policy.__file__).parent.glob("*.py"))


def test_the_examples_of_the_specification_are_a_policy() -> None:
    group, company = re.findall(r"```yaml\n(.*?)```", SPEC, re.DOTALL)
    policy, findings = load_text({"group.yaml": group, "konsult.yaml": company})
    assert policy is not None
    assert not any(finding.level is Level.ERROR for finding in findings)


def test_every_finding_is_in_the_specification_and_no_other() -> None:
    used = {code for path in SOURCES for code in re.findall(r'"([PL]\d{2,3})"', path.read_text(encoding="utf-8"))}
    told = set(re.findall(r"\b([PL]\d{2,3})\b", SPEC)) - {"P30D", "P7D", "P12M"}
    assert used == told


def test_every_key_is_in_the_specification() -> None:
    for record in (GROUP, COMPANY_FILE, PURPOSE):
        assert [key for key in record.keys if f"`{key}`" not in SPEC] == []
