"""Every example that a help text shows runs, and the program loads nothing large to answer."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ombud.app.example import lay_out
from ombud.cli.program import program

ROOT = Path(__file__).parents[2]


def named_commands() -> list[str]:
    """Every command as it is typed, those of a group after the group; a request's need one to be there."""
    found = []
    for name, command in program.commands.items():
        found += [name, *(f"{name} {each}" for each in getattr(command, "commands", {}) if name != "request")]
    return found


def examples() -> list[str]:
    """The example lines of every help text, with the program itself last so that what it makes is there before."""
    found = []
    for name in ("", *named_commands()):
        text = CliRunner().invoke(program, [*name.split(), "--help"]).output
        lines = re.findall(r"^  +(ombud .+)$", text, re.MULTILINE)
        assert lines, f"the help of {name or 'ombud'} has no example"
        found += [] if name == "" else lines
    return found


EXAMPLES = examples()


SYSTEMS = """\
system:
  - fides_key: shop
    privacy_declarations:
      - {data_use: essential.service, data_categories: [user.name]}
"""


SPOKEN = "198112189819;Anna Lind;;Storgatan 1;;111 22;STOCKHOLM;;NEJ;NEJ;registered;2027-01-11\n"
"""What somebody types into a command that reads a line: what the tax agency said of one person."""


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The example group, laid around today."""
    directory = tmp_path_factory.mktemp("group")
    lay_out(directory, datetime.now(UTC).date())
    (directory / "crm_dataset.yml").write_text("dataset: [{fides_key: crm, collections: []}]\n")
    (directory / "addresses.txt").write_text("nobody@x.example\n")
    (directory / "people.csv").write_text("name,email\nNobody,nobody@x.example\n")
    with (directory / "ombud.yaml").open("a") as project:
        project.write("population: by_hand\n")
    (directory / ".fides").mkdir()
    for name in ("systems.yml", ".fides/shop.yml"):
        (directory / name).write_text(SYSTEMS)
    before = Path.cwd()
    os.chdir(directory)
    yield directory
    os.chdir(before)


APPLICATION = {
    "models.py": "import sqlalchemy.orm\n\n\nclass Base(sqlalchemy.orm.DeclarativeBase):\n"
    '    __ombud__ = {"source": "shop"}\n',
    "settings.py": 'INSTALLED_APPS = []\nOMBUD = {"source": "shop"}\n',
}


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An application whose models say something."""
    directory = tmp_path_factory.mktemp("application")
    for folder in ("shop", "datamap"):
        (directory / folder).mkdir()
    for name, text in APPLICATION.items():
        (directory / "shop" / name).write_text(text)
    return directory


@pytest.mark.xdist_group("examples")
@pytest.mark.parametrize("line", [line for line in EXAMPLES if line.startswith("ombud models ")])
def test_the_example_of_models_runs(application: Path, line: str) -> None:
    done = run(*shlex.split(line)[1:], here=application)  # Django is one project's for as long as a process lives
    assert done.returncode == 0, done.stderr


@pytest.mark.xdist_group("examples")
@pytest.mark.parametrize("line", [line for line in EXAMPLES if not re.match(r"ombud models |.* 20\d\d-\d{4}-", line)])
def test_the_example_runs(group: Path, line: str) -> None:
    arguments = shlex.split(line)[1:]
    if arguments[0] == "apply":
        made = CliRunner().invoke(
            program, ["plan", "--out", arguments[1], "--source", "security"], catch_exceptions=False
        )
        assert made.exit_code == 0, made.output
    if arguments[:2] == ["population", "confirm"]:
        made = CliRunner().invoke(program, ["population", "type", "--by", "KL"], input=SPOKEN, catch_exceptions=False)
        assert made.exit_code == 0, made.output
    typed = SPOKEN if arguments[0] == "population" else ""
    result = CliRunner().invoke(program, arguments, input=typed, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def run(*arguments: str, here: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from ombud.cli import main; main()", *arguments],
        cwd=here, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip


def test_the_program_answers_before_it_has_loaded_anything_large(tmp_path: Path) -> None:
    assert run("--help", here=tmp_path).returncode == 0
    large = ("sqlalchemy", "rich", "ruamel")
    listed = f"import sys; import ombud.cli; print([m for m in sys.modules if m.startswith({large})])"
    done = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT / "src")})  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_exit_codes_reach_the_shell(tmp_path: Path) -> None:
    assert run("--version", here=tmp_path).returncode == 0
    refused = run("check", here=tmp_path)
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    assert run("plan", "--on", "never", here=tmp_path).returncode == 2


def test_nothing_moves_in_a_pipe(tmp_path: Path) -> None:
    done = run("check", "-C", str(ROOT / "examples" / "cag"), here=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert "\r" not in done.stdout + done.stderr


def test_a_directory_that_holds_something_else_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    result = CliRunner().invoke(program, ["demo", "--dir", str(tmp_path)], catch_exceptions=False)
    assert result.exit_code == 1
    assert "C081" in result.output
    assert [p.name for p in tmp_path.iterdir()] == ["precious.txt"]


def test_the_demo_can_leave_the_deleting_to_who_looks(tmp_path: Path) -> None:
    made = tmp_path / "made"
    shown = CliRunner().invoke(program, ["demo", "--dir", str(made), "--no-apply"], catch_exceptions=False)
    assert shown.exit_code == 0
    assert "Nothing was deleted" in shown.output
    assert "Doing it" not in shown.output
