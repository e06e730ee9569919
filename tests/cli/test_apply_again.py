"""What an apply says of what it did not do: rows that stay since the plan, and plans that a newer one replaced."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ombud.app import applying
from ombud.app.loaded import Surroundings, load
from ombud.engine.batch import Batches
from tests.cli.conftest import Place

ADA = ("--subject", "email=ada@x.example")


def test_what_was_frozen_and_stays_is_counted_and_a_mark_since_is_named_as_a_reason(project: Place) -> None:
    path = project.plan()
    project.run("mark", "held", *ADA)
    told = " ".join(project.apply(path).stdout.split())
    assert "shop.customer: 1 row stays: held by a mark set since the plan, or changed." in told
    assert "shop.orders: 1 row, 1 cell stay" in told
    assert "desk.ticket: 1 row stays" in told


def test_what_changed_since_the_plan_is_counted_and_what_was_done_is_not(project: Place) -> None:
    path = project.plan()
    project.sql("shop", "UPDATE customer SET ended_at = NULL WHERE id = 1")
    answer = project.json("apply", str(path), "--allow")
    assert answer["sources"]["desk"]["stay"] == {}
    assert answer["sources"]["shop"]["stay"]["customer"]["deleted"] == 1
    project.sql("shop", "UPDATE customer SET ended_at = '2020-01-01' WHERE id = 1")
    again = project.apply(project.plan())
    assert "stay" not in again.stdout


def test_the_reason_is_told_where_no_mark_was_set(project: Place) -> None:
    path = project.plan()
    project.sql("shop", "UPDATE customer SET ended_at = NULL WHERE id = 1")
    assert "shop.customer: 1 row stays: changed since the plan." in project.apply(path).stdout


def test_an_old_plan_is_refused_as_old_before_it_is_asked_whether_it_is_too_much(project: Place) -> None:
    first = project.plan()
    kept = project.directory / "first.json"
    kept.write_text(first.read_text())
    assert "C046" in project.run("apply", str(kept)).stderr, "it is the newest, and touches much"
    project.apply(kept)
    newer = json.loads(project.plan().read_text())["id"]
    for more in ((), ("--allow",)):
        result = project.run("apply", str(kept), *more)
        assert result.exit_code == 1
        assert "C046" not in result.stderr
        assert (
            f"C045: desk does not hold this plan: it was carried out on 2026-06-01; a newer plan exists, {newer}"
            in (" ".join(result.stderr.split()))
        )


def test_an_old_plan_that_was_never_carried_out_is_not_said_to_be(project: Place) -> None:
    first = project.directory / "first.json"
    first.write_text(project.plan().read_text())
    project.plan()
    result = project.run("apply", str(first))
    assert "C045" in result.stderr
    assert "carried out" not in result.stderr


class _Killed(BaseException):
    """The process is no more."""


def _dies_after_one_batch(project: Place, path: Path) -> None:
    """An apply of the shop that ends after its first batch, of orders; customers have their turn next."""
    loaded, _ = load(project.directory, Surroundings({}, lambda: project.now, bytes))
    assert loaded is not None

    def die(*_: object) -> None:
        raise _Killed

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Batches, "serves_all", lambda *_: False)  # else one holds the few rows of all tables
        with pytest.raises(_Killed):
            applying.apply(loaded, path, allow=True, progress=die)


def test_what_a_hold_saved_from_a_resumed_apply_is_counted(project: Place) -> None:
    path = project.plan("--source", "shop")
    _dies_after_one_batch(project, path)
    project.run("mark", "held", *ADA)
    kept = (project.directory / "shop.db").read_bytes()
    answer = project.json("apply", str(path), "--allow")["sources"]["shop"]
    assert answer["resumed"] == 2
    assert answer["stay"] == {"customer": {"deleted": 1, "blanked": {"name": 0, "email": 0}}}
    assert answer["stayed_before"] == {}
    (project.directory / "shop.db").write_bytes(kept)
    told = " ".join(project.apply(path).stdout.split())
    assert "Resumed: another run of this plan had changed 2 rows and cells" in told
    assert "shop.customer: 1 row stays: held by a mark set since the plan, or changed." in told


def test_what_stayed_in_a_run_that_was_stopped_is_counted_by_the_next(project: Place) -> None:
    path = project.plan("--source", "shop")
    project.sql("shop", "UPDATE customer SET ended_at = NULL WHERE id = 1")
    _dies_after_one_batch(project, path)
    told = project.apply(path).stdout
    assert "shop.orders: 2 rows and cells stay: an earlier run of this plan found them not due any more." in told
    assert "shop.customer: 1 row stays: changed since the plan." in " ".join(told.split())
