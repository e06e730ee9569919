"""What the demo tells to type next can be typed, wherever the program was installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ombud.cli.demo import itself


@pytest.fixture
def program(tmp_path: Path) -> Path:
    found = tmp_path / "checkout/.venv/bin/ombud"
    found.parent.mkdir(parents=True)
    found.touch(mode=0o755)
    return found


def test_a_program_on_the_path_is_called_by_its_name(program: Path, tmp_path: Path) -> None:
    assert itself(tmp_path, program, str(program.parent)) == "ombud"


def test_a_program_beside_the_directory_is_called_from_there(program: Path, tmp_path: Path) -> None:
    assert itself(tmp_path / "checkout/tryout", program, "/nowhere") == "../.venv/bin/ombud"


def test_a_program_far_away_is_called_by_its_whole_path(program: Path) -> None:
    assert itself(Path("/a/b/c/d/e"), program, "/nowhere") == str(program)


def test_another_program_of_that_name_on_the_path_is_not_taken_for_it(program: Path, tmp_path: Path) -> None:
    other = tmp_path / "bin/ombud"
    other.parent.mkdir()
    other.touch(mode=0o755)
    assert itself(tmp_path / "checkout/tryout", program, str(other.parent)) == "../.venv/bin/ombud"
