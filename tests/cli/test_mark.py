"""What a person said is numbered once, acknowledged by every source, and respected by what runs."""

from __future__ import annotations

import sqlite3
import stat

import pytest

from tests.cli.conftest import Place

ADA = ("--subject", "email=ada@x.example")

MARKETING = """\
  marketing:
    title: {sv: Erbjudanden}
    use: [direct_marketing]
    basis: legitimate_interests
    data: [contact]
    keep: {after: ended, for: P12M}
"""


def test_a_hold_before_the_plan_keeps_everything_of_the_person(project: Place) -> None:
    result = project.run("mark", "held", *ADA, "--ground", "case 7")
    assert result.exit_code == 0, result.output
    assert "Acknowledged by desk, shop" in result.stdout
    project.apply(project.plan())
    assert project.counts() == (5, 3, 2)


def test_a_hold_between_plan_and_apply_wins(project: Place) -> None:
    path = project.plan()
    project.run("mark", "held", *ADA)
    result = project.apply(path)
    assert result.exit_code == 0, result.output
    assert project.counts() == (5, 3, 2)


def test_a_hold_after_the_apply_comes_too_late_and_a_release_lets_go(project: Place) -> None:
    project.run("mark", "held", *ADA)
    project.apply(project.plan())
    project.run("mark", "released", *ADA)
    project.apply(project.plan())
    assert project.counts() == (4, 2, 1)
    assert project.run("mark", "held", *ADA).exit_code == 0


def test_a_dry_run_says_whom_it_would_reach_and_writes_nothing(project: Place) -> None:
    result = project.run("mark", "held", *ADA, "--dry-run")
    assert "shop/customer/1" in result.stdout
    assert "ada@x" not in result.output
    assert not (project.directory / ".ombud" / "register.db").exists()
    project.apply(project.plan())
    assert project.counts() == (4, 2, 1)


def test_whom_an_identifier_is_not_alone_to_name_is_named_by_it_only(project: Place) -> None:
    answer = project.json("mark", "ended", "--subject", "email=home@x.example", "--ground", "Art. 17", "--dry-run")
    assert answer["perhaps"] == ["shop/customer/4", "shop/customer/5"]
    assert all("customer" not in name for name in answer["names"])
    by_row = project.json("mark", "ended", "--subject", "shop/customer/4", "--ground", "Art. 17", "--dry-run")
    assert by_row["names"] == ["shop/customer/4"]


def test_a_mark_by_a_rows_key_says_what_it_does_not_reach_and_how_to_reach_it(project: Place) -> None:
    told = " ".join(project.run("mark", "held", "--subject", "shop/customer/1").stdout.split())
    assert "it names shop/customer/1" in told
    assert "what other databases, or other rows of shop, keep about the same person is not held" in told
    assert "--subject email=…" in told
    project.apply(project.plan())
    assert project.counts() == (5, 3, 1), "the ticket at the desk has only her address, and went"
    assert "Only there" not in project.run("mark", "held", *ADA, "--dry-run").stdout


def test_a_table_is_named_as_the_map_or_the_database_calls_it_and_told_as_the_database_does(bare: Place) -> None:
    bare.replace("datamap/shop.yaml", "company: north", "company: north\nprefix: wp_")
    for name in ("customer", "orders"):
        bare.sql("shop", f"ALTER TABLE {name} RENAME TO wp_{name}")
    for name in ("customer", "wp_customer"):
        marked = bare.run("mark", "held", "--subject", f"shop/{name}/2", "--dry-run").stdout
        assert "it names shop/wp_customer/2" in marked
        explained = bare.run("explain", f"shop/{name}/2").stdout
        assert "shop/wp_customer/2" in explained
        assert "About shop/wp_customer/2." in explained
    wrong = bare.run("explain", "shop/custmer/2")
    assert "did you mean customer?" in wrong.stderr


def test_an_objection_to_direct_marketing_says_that_use_stops_and_when_its_data_goes(
    bare: Place,
) -> None:
    bare.replace("policy/group.yaml", "  bookkeeping:\n", MARKETING + "  bookkeeping:\n")
    told = " ".join(bare.run("mark", "objected", *ADA).stdout.split())
    assert "For marketing, all use must stop at once. After 30 days, from 2026-07-02, the data" in told
    assert "Next: ombud plan --on 2026-07-02" in told
    assert "all use must stop" not in bare.run("mark", "objected", *ADA, "--purpose", "delivery").stdout


def test_what_ends_claims_needs_a_ground(project: Place) -> None:
    result = project.run("mark", "ended", *ADA)
    assert result.exit_code == 1
    assert "C072" in result.stderr


@pytest.mark.parametrize("wrong", [("--purpose", "delivry"), ("--company", "nort")])
def test_an_unknown_purpose_or_company_is_answered_with_a_guess(project: Place, wrong: tuple[str, str]) -> None:
    result = project.run("mark", "held", *ADA, *wrong)
    assert result.exit_code == 1
    assert "did you mean" in result.stderr


def test_a_source_that_was_down_is_not_swept_until_it_has_the_mark(project: Place) -> None:
    path = project.plan()
    (project.directory / "shop.db").rename(project.directory / "away.db")
    assert "C070" in project.run("mark", "held", *ADA).stderr
    (project.directory / "away.db").rename(project.directory / "shop.db")
    behind = project.apply(path)
    assert behind.exit_code == 1
    assert "C047" in behind.stderr
    assert "C047" in project.run("plan", "--source", "shop").stderr
    assert project.run("mark", "--deliver").exit_code == 0
    assert project.apply(path).exit_code == 0
    assert project.counts() == (5, 3, 2)


def test_a_source_connected_later_is_told_every_mark_before_its_first_plan(bare: Place) -> None:
    desk = bare.directory / "desk.db"
    desk.rename(bare.directory / "away.db")
    bare.run("mark", "held", *ADA)
    (bare.directory / "away.db").rename(desk)
    bare.apply(bare.plan("--source", "desk"))
    assert bare.sql("desk", "SELECT count(*) FROM ticket") == [(2,)]


def test_a_lost_register_stops_the_sweep(project: Place) -> None:
    project.run("mark", "held", *ADA)
    (project.directory / ".ombud" / "register.db").unlink()
    result = project.run("plan")
    assert result.exit_code == 1
    assert "C048" in result.stderr


def test_the_key_is_the_owners_alone_and_another_one_is_refused(project: Place) -> None:
    key = project.directory / ".ombud" / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    project.run("mark", "held", *ADA)
    key.write_text("0" * 64)
    assert "C026" in project.run("plan").stderr
    key.chmod(0o644)
    assert "C025" in project.run("plan").stderr


def test_marks_are_never_changed_nor_removed(project: Place) -> None:
    project.run("mark", "held", *ADA)
    with sqlite3.connect(project.directory / ".ombud" / "register.db") as db:
        for statement in ("DELETE FROM mark", "UPDATE mark SET said = ''"):
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(statement)
        assert "ada@x" not in str(db.execute("SELECT said FROM mark").fetchall())
