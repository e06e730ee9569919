"""The flagship example at work: built once, copied for each story that changes something."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ombud.app.example import lay_out
from ombud.app.marking import deliver
from tests.office import Office

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The example group with its six databases, in each of which ombud has its place. Nobody writes here."""
    folder = tmp_path_factory.mktemp("group") / "project"
    lay_out(folder, TODAY)
    office = Office.of(folder, TODAY)
    assert deliver(office.loaded)[1] == ()
    office.desk.cases()
    return office


@pytest.fixture
def office(built: Office, tmp_path: Path) -> Iterator[Office]:
    """A copy of it, for one story."""
    there = tmp_path / "group"
    shutil.copytree(built.loaded.project.directory, there)
    yield built.at(there)
    shutil.rmtree(there)


@pytest.fixture(scope="module")
def asked(built: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A copy for the stories of a module that change nothing but the register of requests."""
    there = tmp_path_factory.mktemp("asked") / "group"
    shutil.copytree(built.loaded.project.directory, there)
    return built.at(there)
