"""The project keeps its own promises: what is pinned, what is explained, what is linked to."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    page
    for page in ROOT.rglob("*.md")
    if not any(part.startswith(".") or part == "node_modules" for part in page.relative_to(ROOT).parts)
)
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def declared() -> set[str]:
    """Every dependency that pyproject.toml asks for, by its normal name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    return {re.split(r"[\[<>=~!; ]", line)[0].lower().replace("_", "-").replace(".", "-") for line in asked}


def test_every_dependency_is_pinned_by_hash() -> None:
    pinned = set(re.findall(r"^([a-z0-9-]+)==", LOCK, re.MULTILINE))
    assert declared() <= pinned
    for entry in re.split(r"\n(?=[a-z])", LOCK.strip()):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_lock_names_no_host() -> None:
    assert "://" not in LOCK
    assert not re.search(r"^-", LOCK, re.MULTILINE)


def test_every_dependency_says_why_it_is_here() -> None:
    page = (ROOT / "docs/adr/0001-dependencies.md").read_text(encoding="utf-8").lower().replace(".", "-")
    explained = set(re.findall(r"\*\*([a-z0-9-]+)\*\*", page))
    assert declared() <= explained


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)", text):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target
