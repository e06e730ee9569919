"""Who lost the register, or its key, is told before anything is made, written, or said of a row."""

from __future__ import annotations

import shutil

import pytest

from tests.cli.conftest import Place

ADA = ("--subject", "email=ada@x.example")


@pytest.fixture
def lost(project: Place) -> Place:
    """Two marks were set, and then somebody deleted `.ombud`."""
    project.run("mark", "held", *ADA)
    project.run("mark", "restricted", "--subject", "email=bea@x.example")
    shutil.rmtree(project.directory / ".ombud")
    return project


@pytest.mark.parametrize(
    "asked",
    [
        ("explain", *ADA),
        ("explain", "shop/customer/1"),
        ("mark", "--list"),
        ("mark", "--deliver"),
        ("mark", "held", *ADA),
        ("mark", "held", *ADA, "--dry-run"),
    ],
)
def test_nothing_is_said_or_written_by_a_register_that_was_lost(lost: Place, asked: tuple[str, ...]) -> None:
    result = lost.run(*asked)
    assert result.exit_code == 1
    assert "C048: shop has marks up to 2, and the register only up to 0" in " ".join(result.stderr.split())
    assert result.stdout == ""
    assert not (lost.directory / ".ombud").exists(), "no key that hides that the other was lost"


def test_an_apply_does_not_take_whom_a_lost_register_held(project: Place) -> None:
    """Her ticket is held by her address alone: with another key nobody would find her by it."""
    path = project.plan()
    project.environ["OMBUD_KEY"] = "first " * 4
    project.run("mark", "held", *ADA)
    shutil.rmtree(project.directory / ".ombud")
    project.environ["OMBUD_KEY"] = "other " * 4
    result = project.apply(path)
    assert result.exit_code == 1
    assert "C048" in result.stderr
    assert project.counts() == (5, 3, 2)


def test_a_mark_of_a_number_that_says_other_in_a_source_is_told_before_one_is_written(lost: Place) -> None:
    shutil.move(lost.directory / "shop.db", lost.directory / "away.db")
    shutil.move(lost.directory / "desk.db", lost.directory / "gone.db")
    lost.run("mark", "held", "--subject", "email=x@x.example")
    lost.run("mark", "held", "--subject", "email=y@x.example")
    shutil.move(lost.directory / "away.db", lost.directory / "shop.db")
    shutil.move(lost.directory / "gone.db", lost.directory / "desk.db")
    result = lost.run("mark", "held", *ADA)
    assert result.exit_code == 1
    assert "C048: shop: its mark 1 says other than mark 1 of the register" in " ".join(result.stderr.split())
    shutil.move(lost.directory / "shop.db", lost.directory / "away.db")
    shutil.move(lost.directory / "desk.db", lost.directory / "gone.db")
    assert [mark["mark"] for mark in lost.json("mark", "--list")["marks"]] == [1, 2]


def test_no_new_key_is_made_beside_a_register_that_has_another(project: Place) -> None:
    project.run("mark", "held", *ADA)
    key = project.directory / ".ombud" / "key"
    key.unlink()
    for asked in (("explain", *ADA), ("plan",), ("mark", "held", *ADA)):
        assert "C026" in project.run(*asked).stderr
    assert not key.exists()


def test_a_list_of_no_marks_makes_no_key(bare: Place) -> None:
    assert "No mark was ever set." in bare.run("mark", "--list").stdout
    assert not (bare.directory / ".ombud").exists()
