"""What the pages tell readers to type works: every command of every page, in the page's order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
WRITTEN = re.compile(r"^`/tmp/(\S+)`:\n\n```\w+\n(.*?)^```", re.DOTALL | re.MULTILINE)
"""A file that the page tells to write: its name, a colon, and its text."""

NAMES = (re.compile(r"\b20\d\d-\d{4}-[0-9A-Z]{4}\b"), re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{12}\b"))
"""The name of a request, and of a batch. A page cannot know those of its reader: its n-th stands for the n-th there."""

MADE_ELSEWHERE = ("make ",)
"""Commands that set up or run the whole; whoever runs this test has just run them."""


def commands(page: Path) -> list[str]:
    """The lines after `$ ` in the page's console blocks, without their comments."""
    blocks = CONSOLE.findall(page.read_text(encoding="utf-8"))
    lines = [line[2:].split("  #")[0].strip() for block in blocks for line in block.splitlines() if line[:2] == "$ "]
    return [line for line in lines if not line.startswith(MADE_ELSEWHERE)]


PAGES = [
    page
    for page in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
    if commands(page)
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_tells_to_type_works(page: Path, tmp_path: Path) -> None:
    here = Path(sys.executable).parent
    path = os.pathsep.join((str(here), os.environ["PATH"]))
    for name, text in WRITTEN.findall(page.read_text(encoding="utf-8")):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    folder, typed_all = ROOT, "\n".join(commands(page))
    known: list[tuple[re.Pattern[str], list[str], list[str]]] = [
        (name, list(dict.fromkeys(name.findall(typed_all))), []) for name in NAMES
    ]
    for line in commands(page):
        for _, told, taken in known:
            for name, its_own in zip(told, taken, strict=False):
                line = line.replace(name, its_own)
        typed = line.replace(".venv/bin/", "").replace("/tmp/", f"{tmp_path}/").replace("DIR", str(tmp_path / "dir"))
        if typed.startswith("cd ") and "&&" not in typed:
            folder = ROOT / typed.removeprefix("cd ")
            continue
        done = subprocess.run(
            typed, shell=True, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        for pattern, _, taken in known:
            taken += [each for each in dict.fromkeys(pattern.findall(done.stdout)) if each not in taken]


def test_there_are_pages_with_commands() -> None:
    assert {page.name for page in PAGES} >= {"tutorial.md", "README.md"}
