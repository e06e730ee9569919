"""The job of every day: its script goes on where a step fails, and its units and its crontab are such."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.test_snippets import ROOT, WRITTEN

PAGE = (ROOT / "docs/how-to/run-it-every-day.md").read_text(encoding="utf-8")
FILES = dict(WRITTEN.findall(PAGE))

OMBUD = """\
#!/bin/sh
said="$*"
echo "$said" >> "$TOLD"
case "$said" in "plan"*) while [ "$1" != --out ]; do shift; done; [ -n "$NO_PLAN" ] || echo '{}' > "$2" ;; esac
case "$said" in "$FAILS"*) [ -z "$FAILS" ] || exit 1 ;; esac
"""
"""An ombud that writes down what it is told, and fails at what it is to fail at."""


def ran(folder: Path, fails: str = "", *, plan: bool = True) -> tuple[int, list[str]]:
    """The script in a project, with that ombud: its exit code, and what it told it."""
    (folder / "bin").mkdir()
    for name, text in (("bin/ombud", OMBUD), ("daily", FILES["jobs/ombud-daily"])):
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o700)
    path = os.pathsep.join((str(folder / "bin"), os.environ["PATH"]))
    said = {"PATH": path, "TOLD": str(folder / "told"), "FAILS": fails, "NO_PLAN": "" if plan else "yes"}
    done = subprocess.run(["sh", folder / "daily", folder], env=os.environ | said, capture_output=True, timeout=30)
    told = (folder / "told").read_text(encoding="utf-8").splitlines()
    return done.returncode, [re.sub(r"plans/\S+", "PLAN", line) for line in told]


ALL = [
    "recipients --sync",
    "plan --daily --out PLAN",
    "apply PLAN",
    "recipients --sync",
    "recipients --tell",
    "request work",
]


def test_every_step_is_done_in_its_order(tmp_path: Path) -> None:
    assert ran(tmp_path) == (0, ALL)


@pytest.mark.parametrize("fails", ["recipients --sync", "plan", "apply", "recipients --tell", "request work"])
def test_what_fails_stops_nothing_else_and_is_told_by_the_exit_code(tmp_path: Path, fails: str) -> None:
    code, told = ran(tmp_path, fails)
    assert code == 1
    assert told == ALL


def test_nothing_is_applied_where_there_is_no_plan(tmp_path: Path) -> None:
    code, told = ran(tmp_path, "plan", plan=False)
    assert code == 1
    assert told == [each for each in ALL if not each.startswith("apply")]


def test_the_service_runs_the_script_and_the_timer_every_night() -> None:
    units = {}
    for name in ("service", "timer"):
        units[name] = configparser.ConfigParser()
        units[name].read_string(FILES[f"jobs/ombud-daily.{name}"])
    service = units["service"]["Service"]
    assert service["Type"] == "oneshot"
    assert service["ExecStart"] == "/usr/local/bin/ombud-daily /srv/ombud"
    assert service["ReadWritePaths"] == "/srv/ombud"
    assert units["timer"]["Timer"]["Persistent"] == "yes"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name in ("service", "timer"):
        unit = FILES[f"jobs/ombud-daily.{name}"].replace("/usr/local/bin/ombud-daily", "/bin/true")
        (tmp_path / f"ombud-daily.{name}").write_text(unit.replace("User=ombud\n", ""), encoding="utf-8")
    for name in ("service", "timer"):
        tried = ["systemd-analyze", "verify", str(tmp_path / f"ombud-daily.{name}")]
        done = subprocess.run(tried, capture_output=True, text=True, timeout=60)
        mine = [line for line in done.stderr.splitlines() if "ombud-daily" in line]
        assert mine == []


def test_the_crontab_has_a_time_a_user_and_one_command_at_a_time() -> None:
    (line,) = [each for each in FILES["jobs/ombud.cron"].splitlines() if re.match(r"\d", each)]
    assert re.match(
        r"30 2 \* \* \*  ombud  set -a; \. /etc/ombud/environment; flock -n \S+ ombud-daily /srv/ombud$", line
    )
