"""A plan is frozen, read, carried out once, and refused when what it follows from has changed."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from ombud.app import applying
from ombud.app.loaded import Surroundings, load
from ombud.engine.batch import Batches
from ombud.engine.turns import Turns
from tests.cli.conftest import NOW, Place


def test_a_plan_changes_nothing_and_an_apply_does_what_it_says(project: Place) -> None:
    before = project.counts()
    path = project.plan()
    assert project.counts() == before == (5, 3, 2)
    result = project.apply(path)
    assert result.exit_code == 0, result.output
    assert "Nothing due is left" in result.stdout
    assert project.counts() == (4, 2, 1)
    assert project.sql("shop", "SELECT customer_id, goods, deliver_to FROM orders WHERE id = 11") == [
        (None, "chair", None)
    ]


def test_a_plan_holds_counts_and_hashes_and_nothing_about_anybody(project: Place) -> None:
    text = project.plan().read_text(encoding="utf-8")
    for word in ("Ada", "ada@", "lamp", "chair"):
        assert word not in text
    planned = json.loads(text)["sources"]["shop"]["tables"]
    assert planned["customer"] == {
        "rows": 5, "deleted": 1, "shells": 0, "blanked": {}, "touched": 1,
        "because": [{"purpose": "delivery", "why": "ended before 2025-06-01", "rows": 1}], "doubt": [],
    }  # fmt: skip
    assert planned["orders"]["blanked"] == {"deliver_to": 1}


def test_a_plan_keeps_its_reasons_and_what_stays_in_doubt_for_who_reads_it_later(project: Place) -> None:
    project.sql("shop", "UPDATE customer SET ended_at = 'last spring' WHERE id = 3")
    path = project.plan()
    told = project.json("plan", "--source", "shop")["sources"]["shop"]["tables"]
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["ombud"] == 2
    for table, counts in kept["sources"]["shop"]["tables"].items():
        assert (counts["because"], counts["doubt"]) == (told[table]["because"], told[table]["doubt"])
    assert kept["sources"]["shop"]["tables"]["customer"]["doubt"] == [
        {"why": "ended is unknown: customer.ended_at cannot be read", "rows": 1}
    ]


def test_a_plan_without_reasons_as_they_were_written_before_is_still_carried_out(project: Place) -> None:
    path = project.plan()
    old = json.loads(path.read_text(encoding="utf-8")) | {"ombud": 1}
    for source in old["sources"].values():
        for table in source["tables"].values():
            del table["because"], table["doubt"]
    path.write_text(json.dumps(old), encoding="utf-8")
    assert project.apply(path).exit_code == 0
    assert project.counts() == (4, 2, 1)


def test_an_applied_plan_says_so_and_does_nothing(project: Place) -> None:
    path = project.plan()
    project.apply(path)
    project.sql("shop", "UPDATE customer SET ended_at = '2020-01-01' WHERE id = 2")
    again = project.apply(path)
    assert again.exit_code == 0
    assert "Applied already" in again.stdout
    assert project.counts() == (4, 2, 1)


@pytest.fixture
def by_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch has rows of one table: else one would hold the few of all."""
    monkeypatch.setattr(Batches, "serves_all", lambda *_: False)


@pytest.mark.usefixtures("by_table")
def test_a_stopped_apply_is_resumed_by_running_it_again(project: Place) -> None:
    path = project.plan()
    loaded, _ = load(project.directory, Surroundings({}, lambda: NOW, bytes))
    assert loaded is not None

    def stop(source: str, table: str, *_: int) -> None:
        if (source, table) == ("shop", "orders"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        applying.apply(loaded, path, allow=True, progress=stop)
    assert project.counts() == (5, 2, 1)
    result = project.apply(path)
    assert result.exit_code == 0, result.output
    assert "Resumed" in result.stdout
    assert project.counts() == (4, 2, 1)


@pytest.mark.usefixtures("by_table")
def test_two_applies_at_once_share_the_work_and_each_says_so(project: Place) -> None:
    path = project.plan()
    loaded, _ = load(project.directory, Surroundings({}, lambda: NOW, bytes))
    assert loaded is not None
    other: list[str] = []

    def meanwhile(source: str, table: str, *_: int) -> None:
        if (source, table) == ("shop", "orders"):
            other.append(project.apply(path).stdout)

    done = applying.apply(loaded, path, allow=True, progress=meanwhile)
    assert project.counts() == (4, 2, 1)
    shop = done.sources["shop"]
    mine = sum(each.deleted + sum(each.blanked.values()) for each in shop.tables.values())
    assert (mine, shop.resumed, shop.beside) == (2, 0, 1), "an order and a cell here, the customer there"
    assert "another run of this plan had changed 2 rows and cells" in " ".join(other[0].split())


@pytest.mark.usefixtures("by_table")
def test_an_apply_says_what_another_did_at_the_same_time(project: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    path = project.plan("--source", "shop")
    turns = iter([lambda: project.apply(path)])
    monkeypatch.setattr(Turns, "give", lambda _: next(turns, lambda: None)())
    told = " ".join(project.apply(path).stdout.split())
    assert "shop: another apply of this plan, at the same time, did 1 row or cell of it." in told
    assert "1 row deleted, 1 cell blanked. Nothing due is left in shop." in told


def test_a_plan_of_yesterday_is_judged_again_as_of_today(project: Place) -> None:
    path = project.plan()
    project.now = NOW + timedelta(days=1)
    result = project.apply(path)
    assert project.counts() == (4, 2, 1)
    assert result.exit_code == 1, "Cia's last day was the day of the plan: she is due now, and not in it"
    assert "C051" in result.stderr


def test_a_forecast_is_read_and_not_applied(project: Place) -> None:
    path = project.directory / "later.json"
    assert project.run("plan", "--on", "2026-06-02", "--out", str(path)).exit_code == 0
    assert json.loads(path.read_text())["sources"]["shop"]["tables"]["customer"]["deleted"] == 2
    refused = project.apply(path)
    assert refused.exit_code == 1
    assert "C041" in refused.stderr
    assert project.counts() == (5, 3, 2)


def test_a_plan_above_the_share_has_to_be_allowed(project: Place) -> None:
    path = project.plan()
    refused = project.run("apply", str(path))
    assert refused.exit_code == 1
    told = " ".join(refused.stderr.split())
    assert "more than 20 % is touched of shop: orders (2 of 3 rows, 67 %)" in told
    assert told.count("C046") == told.count("--allow") == 2, "one for the shop, one for the desk"
    assert project.counts() == (5, 3, 2)


def test_the_share_is_set_in_the_project_file(project: Place) -> None:
    project.replace("ombud.yaml", "policy:", "share: 70%\npolicy:")
    assert project.run("apply", str(project.plan())).exit_code == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("policy/group.yaml", "P12M", "P13M", "C042"),
        ("datamap/shop.yaml", "orders:", "orders:  # looked at", "C043"),
    ],
)
def test_a_changed_file_refuses_the_plan_and_is_named(project: Place, file: str, old: str, new: str, code: str) -> None:
    path = project.plan()
    project.replace(file, old, new)
    refused = project.apply(path)
    assert refused.exit_code == 1
    assert code in refused.stderr
    assert file in refused.stderr
    assert project.counts() == (5, 3, 2)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TRIGGER watch AFTER DELETE ON customer BEGIN SELECT 1; END",
        "CREATE UNIQUE INDEX one ON orders (goods)",
    ],
)
def test_a_changed_schema_refuses_its_source_and_no_other(project: Place, change: str) -> None:
    path = project.plan()
    project.sql("shop", change)
    refused = project.apply(path)
    assert refused.exit_code == 1
    assert "C044" in refused.stderr
    assert project.counts() == (5, 3, 1)


def test_a_column_whose_type_changed_refuses_before_anything_is_done(project: Place) -> None:
    path = project.plan("--source", "shop")
    with sqlite3.connect(project.directory / "shop.db") as db:
        db.executescript(
            "ALTER TABLE customer RENAME COLUMN ended_at TO old; ALTER TABLE customer ADD COLUMN ended_at INTEGER;"
            "UPDATE customer SET ended_at = 20200101 WHERE id = 1;"
        )
    refused = project.apply(path)
    assert refused.exit_code == 1
    assert "M403" in refused.stderr
    assert project.counts() == (5, 3, 2)


def test_only_the_newest_plan_is_held_by_a_source(project: Place) -> None:
    old = project.plan().read_text(encoding="utf-8")
    project.plan()
    path = project.directory / "old.json"
    path.write_text(old, encoding="utf-8")
    refused = project.apply(path)
    assert refused.exit_code == 1
    assert "C045" in refused.stderr
    assert project.counts() == (5, 3, 2)


def test_a_source_restored_from_a_copy_does_not_know_the_plan(project: Place, prepared: Path) -> None:
    path = project.plan()
    for name in ("shop.db-wal", "shop.db-shm"):
        (project.directory / name).unlink(missing_ok=True)
    (project.directory / "shop.db").write_bytes((prepared / "shop.db").read_bytes())
    refused = project.apply(path)
    assert refused.exit_code == 1
    assert "C045" in refused.stderr
    assert project.counts() == (5, 3, 1)


def test_one_source_down_stops_no_other(project: Place) -> None:
    (project.directory / "desk.db").rename(project.directory / "away.db")
    path = project.directory / "plan.json"
    planned = project.run("plan", "--out", str(path))
    assert planned.exit_code == 1
    assert "C030" in planned.stderr
    assert "desk could not be looked at" in planned.stdout
    applied = project.apply(path)
    assert applied.exit_code == 1
    assert "C050" in applied.stderr
    assert "Nothing due is left in shop." in applied.stdout
    (project.directory / "away.db").rename(project.directory / "desk.db")
    assert project.counts() == (4, 2, 2)


def test_nothing_is_said_to_be_due_or_not_of_what_was_not_looked_at(project: Place) -> None:
    project.apply(project.plan())
    (project.directory / "desk.db").unlink()
    assert "Nothing is due in shop; desk could not be looked at." in project.run("plan").stdout
    alone = project.run("plan", "--source", "desk").stdout
    assert "It is not known what is due: desk could not be looked at." in alone
    assert "Nothing is due" not in alone


def test_a_source_that_went_down_after_the_plan_stops_no_other(project: Place) -> None:
    path = project.plan()
    (project.directory / "desk.db").rename(project.directory / "away.db")
    applied = project.apply(path)
    assert applied.exit_code == 1
    assert "C030" in applied.stderr
    (project.directory / "away.db").rename(project.directory / "desk.db")
    assert project.counts() == (4, 2, 2)
    assert project.apply(path).exit_code == 0
    assert project.counts() == (4, 2, 1)


def test_where_nothing_is_due_no_plan_is_written(project: Place) -> None:
    project.apply(project.plan())
    result = project.run("plan")
    assert result.exit_code == 0
    assert "Nothing is due" in result.stdout
    assert not list(project.directory.glob("plan-*.json"))


def test_the_answers_for_programs_are_one_json_object_each(project: Place) -> None:
    path = project.directory / "plan.json"
    planned = project.json("plan", "--out", str(path))
    assert planned["sources"]["shop"]["tables"]["customer"]["deleted"] == 1
    applied = project.json("apply", str(path), "--allow")
    assert applied["complete"] is True
    assert applied["sources"]["shop"]["deleted"] == {"orders": 1, "customer": 1}


def test_what_comes_next_can_be_typed_from_here(project: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.directory.parent)
    told = project.run("plan", "--out", str(project.directory / "my plan.json")).stdout
    (line,) = [line for line in told.splitlines() if line.startswith("Next: ")]
    words = shlex.split(line.removeprefix("Next: ombud "))
    assert project.run(*words).exit_code == 0
    assert project.counts() == (4, 2, 1)


@pytest.mark.parametrize("more", [(), ("--format", "json")])
def test_a_plan_is_in_its_file_before_anything_is_said_to_who_may_have_stopped_listening(
    project: Place, more: tuple[str, ...]
) -> None:
    path = project.directory / "cut.json"
    nobody, said = os.pipe()
    os.close(nobody)
    words = ["plan", "--out", str(path), "--project", str(project.directory), *more]
    code = "import sys; from ombud.cli.program import main; main()"
    subprocess.run([sys.executable, "-c", code, *words], stdout=said, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(said)
    assert set(json.loads(path.read_text())["sources"]) == {"shop", "desk"}
