"""What is no regular file, no text, or no day that anything can be counted from is refused at once."""

from __future__ import annotations

import os
import re

import pytest

from tests.cli.conftest import Place


@pytest.mark.parametrize("name", ["policy/group.yaml", "datamap/shop.yaml", "ombud.yaml"])
@pytest.mark.parametrize("sort", ["pipe", "folder", "device"])
def test_what_is_no_regular_file_is_refused_and_not_waited_for(bare: Place, name: str, sort: str) -> None:
    path = bare.directory / name
    path.unlink()
    match sort:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case _:
            path.symlink_to("/dev/zero")
    result = bare.run("check")
    assert result.exit_code == 1
    assert re.search("error (P001|M001|C001)", result.stderr), result.stderr


def test_a_plan_that_is_a_pipe_is_refused_and_not_waited_for(project: Place) -> None:
    os.mkfifo(project.directory / "plan.json")
    result = project.apply(project.directory / "plan.json")
    assert (result.exit_code, "C040" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [("policy/", '"pol\\0icy"'), ("datamap/", '"data\\0map"'), ("sqlite:///shop.db", "sqlite:///shop\\0.db")],
)
def test_a_path_with_a_control_character_is_refused(bare: Place, old: str, new: str) -> None:
    bare.replace("ombud.yaml", old, new)
    result = bare.run("check", "--live")
    assert result.exit_code == 1
    assert "error C004" in result.stderr


def test_what_somebody_wrote_is_repeated_only_as_far_as_it_helps(bare: Place) -> None:
    bare.replace("ombud.yaml", "policy:", f"share: {'9' * 50_000}%\npolicy:")
    result = bare.run("check")
    assert "error C009" in result.stderr
    assert len(result.stderr) < 1_000


def test_a_period_in_digits_that_few_can_read_is_refused(bare: Place) -> None:
    bare.replace("policy/group.yaml", "P12M", "P١٢M")
    assert "error P010" in bare.run("check").stderr


@pytest.mark.parametrize("day", ["9999-12-31", "2200-01-01", "1899-12-31", "0001-01-01", "2026-W01-1"])
@pytest.mark.parametrize(
    "command",
    [
        ["explain", "shop/customer/1", "--on"],
        ["plan", "--on"],
        ["check", "--on"],
        ["mark", "objected", "--subject", "email=ada@x.example", "--day"],
    ],
)
def test_a_day_that_nothing_can_be_counted_from_is_wrong_use(project: Place, command: list[str], day: str) -> None:
    assert project.run(*command, day).exit_code == 2


@pytest.mark.parametrize("day", ["2199-12-31", "1900-01-01"])
def test_the_first_and_the_last_day_can_be_asked_about(project: Place, day: str) -> None:
    for command in (["explain", "shop/customer/1"], ["plan"], ["check"]):
        assert project.run(*command, "--on", day).exit_code == 0
    assert project.run("mark", "objected", "--subject", "shop/customer/1", "--day", day, "--dry-run").exit_code == 0


def test_what_is_no_text_is_wrong_use_and_is_not_repeated(project: Place) -> None:
    for command in (
        ["mark", "held", "--subject", "email=\udcff"],
        ["mark", "held", "--subject", "shop/customer/1", "--ground", "\udcff"],
        ["explain", "shop/customer/\udcff"],
        ["check", "--company", "\udcff"],
    ):
        assert project.run(*command).exit_code == 2
