"""Stories of whole maps, `tests/golden/{good,bad}/map-*`: a sentence, files, findings, and perhaps a database."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.datamap.live import compare
from ombud.datamap.load import load_text
from ombud.datamap.model import DataMap
from ombud.datamap.settle import settle
from ombud.terms import Finding, Level
from tests.datamap.policies import POLICY

TESTS = Path(__file__).parents[1]
CASES = sorted((TESTS / "golden").glob("*/map-*"))
OMBUD = TESTS.parent / "src" / "ombud"
SOURCES = (
    *(OMBUD / "datamap").rglob("*.py"),
    *(OMBUD / "integrations").rglob("*.py"),
    OMBUD / "app" / "samples.py",
    OMBUD / "app" / "uncovered.py",
)
CODES = {code for path in SOURCES for code in re.findall(r'"(M\d{3})"', path.read_text(encoding="utf-8"))}


def judge(case: Path, folder: Path) -> tuple[DataMap | None, tuple[Finding, ...]]:
    """Load the case's maps; where it has a database, compare and settle too."""
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted((case / "datamap").glob("*.yaml"))}
    datamap, findings = load_text(files, POLICY)
    database = case / "database.sql"
    if datamap is None or not database.exists():
        return datamap, findings
    with sqlite3.connect(folder / "crm.db") as made:
        made.executescript(database.read_text(encoding="utf-8"))
    made.close()
    with connect(f"sqlite:///{folder / 'crm.db'}", read_only=True).connect() as connection:
        schema = reflect(connection)
    source = datamap.sources["crm"]
    live = (*compare(source, schema), *settle(source, schema)[1])
    return datamap, (*findings, *dict.fromkeys(live))


@pytest.mark.parametrize("case", CASES, ids=lambda case: (case / "story.md").read_text(encoding="utf-8").strip())
def test_the_story_is_told_with_these_findings(case: Path, tmp_path: Path) -> None:
    _, findings = judge(case, tmp_path)
    told = "".join(f"{finding}\n" for finding in findings)
    assert told == (case / "findings.txt").read_text(encoding="utf-8")
    assert any(each.level is Level.ERROR for each in findings) == (case.parent.name == "bad")


TOLD_ELSEWHERE = {"M009", "M036", "M409", "M416", "M417", "M418", "M419", "M423", "M424", "M426"}
"""What models say has its own (`tests/integrations`); a thousand tables are no story (`test_bad_input.py`); SQLite does
not tell how a column compares (`test_live.py`); what rows say, and what a user may, have their own
(`tests/cli/test_check_samples.py`, `tests/cli/test_rights.py`)."""


def test_every_finding_of_a_map_has_its_story() -> None:
    told = {
        code
        for case in CASES
        for code in re.findall(r"\b(M\d{3})\b", (case / "findings.txt").read_text(encoding="utf-8"))
    }
    assert CODES - told == TOLD_ELSEWHERE


def test_every_finding_of_a_map_is_told_in_the_specification() -> None:
    spec = (TESTS.parent / "spec" / "datamap.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\b(M\d{3})\b", spec)) == CODES


def test_every_error_of_a_map_shows_a_way_out(tmp_path_factory: pytest.TempPathFactory) -> None:
    for case in CASES:
        findings = judge(case, tmp_path_factory.mktemp("case"))[1]
        assert all(each.message and each.place.file for each in findings), case.name
        assert all(each.hint for each in findings if each.level is Level.ERROR), case.name
