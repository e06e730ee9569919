"""The workflow that a team copies: its own steps, run by the shell, on a real server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.cli.conftest import POLICY, SHOP
from tests.conftest import missing

WORKFLOW = Path(__file__).parents[2] / "examples" / "ci" / "check-map.yml"

MIGRATIONS = {
    "001-shop.sql": "CREATE TABLE customer (id integer PRIMARY KEY, name text, email text, created date,"
    " ended_at date);"
    "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer REFERENCES customer, placed date, goods text,"
    " deliver_to text);",
    "002-phone.sql": "ALTER TABLE customer ADD COLUMN mobilnummer text;",
}

HUB = '#!/bin/sh\necho "$@" > said\n'
"""Stands in for the code host's own program, which only a real host answers."""


@pytest.fixture
def repository(tmp_path: Path, postgresql_url: str) -> tuple[Path, dict[str, str]]:
    """What a job checks out, and its environment."""
    if shutil.which("psql") is None:
        missing("postgresql", "there is no psql")
    for folder in ("policy", "datamap", "migrations", "bin"):
        (tmp_path / folder).mkdir()
    (tmp_path / "policy" / "group.yaml").write_text(POLICY)
    (tmp_path / "datamap" / "shop.yaml").write_text(SHOP)
    (tmp_path / "ombud.yaml").write_text(
        'policy: policy/\ndatamaps: datamap/\nsources:\n  shop: {url: "${DATABASE_URL}"}\n'
    )
    (tmp_path / "bin" / "gh").write_text(HUB)
    (tmp_path / "bin" / "gh").chmod(0o755)
    path = os.pathsep.join((str(tmp_path / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]))
    url = postgresql_url.replace("postgresql+psycopg", "postgresql", 1)
    job = {"PATH": path, "DATABASE_URL": url, "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "NUMBER": "7"}
    return tmp_path, {**os.environ, **job, "MAY_WRITE": "true"}


def run(step: str, where: tuple[Path, dict[str, str]]) -> subprocess.CompletedProcess[str]:
    """One `run` of the workflow, as the host's shell runs it."""
    steps: list[dict[str, Any]] = YAML(typ="safe").load(WORKFLOW.read_text())["jobs"]["map"]["steps"]
    (script,) = [each["run"] for each in steps if each.get("name") == step]
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=where[0], env=where[1], capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_a_map_that_fits_what_the_migrations_make_passes(repository: tuple[Path, dict[str, str]]) -> None:
    (repository[0] / "migrations" / "001-shop.sql").write_text(MIGRATIONS["001-shop.sql"])
    assert run("Make the database", repository).returncode == 0
    done = run("Compare the map with it", repository)
    assert done.returncode == 0, done.stderr
    assert (repository[0] / "ombud.md").read_text().startswith("### ombud: ")


def test_a_migration_that_brings_a_telephone_number_fails_and_is_told_where_people_look(
    repository: tuple[Path, dict[str, str]],
) -> None:
    for name, text in MIGRATIONS.items():
        (repository[0] / "migrations" / name).write_text(text)
    assert run("Make the database", repository).returncode == 0
    assert run("Compare the map with it", repository).returncode == 1
    (result,) = [
        each
        for each in json.loads((repository[0] / "ombud.sarif").read_text())["runs"][0]["results"]
        if each["level"] == "error"
    ]
    assert "customer.mobilnummer" in result["message"]["text"]
    assert "looks like" in result["message"]["text"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "datamap/shop.yaml"
    told = run("Say it in the conversation", repository)
    assert told.returncode == 0, told.stderr
    assert "mobilnummer" in (repository[0] / "summary").read_text()
    assert (repository[0] / "said").read_text().split() == [
        *("pr", "comment", "7", "--body-file", "ombud.md", "--edit-last", "--create-if-none")
    ]
