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
    assert "what other databases, or other rows of shop, keep about the same person is not reached by it" in told
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


def test_an_explanation_says_by_which_mark_something_is_held(project: Place) -> None:
    project.run("mark", "held", *ADA, "--ground", "case 7")
    project.run("mark", "restricted", "--subject", "email=bea@x.example", "--purpose", "delivery")
    told = " ".join(project.run("explain", *ADA).stdout.split())
    assert "stays whole: held by mark 1, 2026-06-01, case 7" in told
    row = project.json("explain", "shop/customer/1")["row"]
    assert row["protected"] == "held by mark 1, 2026-06-01, case 7"
    assert {claim["reason"] for claim in row["claims"]} == {"held by mark 1, 2026-06-01, case 7"}
    bea = project.json("explain", "shop/customer/2")["row"]
    assert (bea["protected"], bea["claims"][0]["reason"]) == ("", "restricted by mark 2, 2026-06-01")
    project.run("mark", "released", *ADA)
    assert "mark 1" not in project.run("explain", *ADA).stdout


def test_a_hold_by_a_shared_address_names_its_mark_for_everybody_it_may_mean(project: Place) -> None:
    project.run("mark", "held", "--subject", "email=home@x.example")
    project.run("mark", "held", "--subject", "shop/customer/4", "--ground", "case 8")
    protected = {key: project.json("explain", f"shop/customer/{key}")["row"]["protected"] for key in (4, 5)}
    assert protected == {4: "held by mark 2, 2026-06-01, case 8", 5: "held by mark 1, 2026-06-01"}


def test_a_mark_that_no_source_acknowledged_advises_no_plan_and_says_once_why(project: Place) -> None:
    for name in ("shop", "desk"):
        (project.directory / f"{name}.db").rename(project.directory / f"{name}.away")
    result = project.run("mark", "held", *ADA)
    assert result.exit_code == 1
    assert "Next:" not in result.stdout
    assert (result.stderr.count("C070"), result.stderr.count("C030")) == (2, 2)
    assert "warning" not in result.stderr


@pytest.mark.parametrize("asked", [("mark", "held"), ("explain",)])
def test_a_row_that_is_nobodys_own_is_answered_with_how_to_name_a_person(
    project: Place, asked: tuple[str, ...]
) -> None:
    result = project.run(*asked, "--subject", "shop/orders/10")
    assert result.exit_code == 1
    assert "--subject email=…" in result.stderr


# --- which marks there are ---------------------------------------------------------------------------------------


def test_the_list_says_which_marks_are_in_force_and_by_which_the_others_are_undone(project: Place) -> None:
    assert project.json("mark", "--list")["marks"] == []
    project.run("mark", "held", *ADA, "--ground", "case 7")
    project.run("mark", "restricted", "--subject", "email=bea@x.example")
    project.run("mark", "lifted", "--subject", "email=bea@x.example", "--purpose", "delivery")
    project.run("mark", "released", *ADA)
    project.run("mark", "held", *ADA, "--day", "2026-09-01")
    found = {each["mark"]: each for each in project.json("mark", "--list")["marks"]}
    assert {n: (m["in_force"], m["undone_by"], m["undone_in_part_by"]) for n, m in found.items()} == {
        1: (False, 4, []), 2: (True, None, [3]), 3: (True, None, []), 4: (True, None, []), 5: (False, None, []),
    }  # fmt: skip
    assert (found[1]["act"], found[1]["day"], found[1]["purpose"], found[1]["ground"]) == (
        "held", "2026-06-01", None, "case 7",
    )  # fmt: skip
    assert "shop/customer/1" in found[1]["whom"]
    result = project.run("mark", "--list")
    assert "ada@x" not in result.output
    for word in ("undone by 4", "in part undone by 3", "not yet", "case 7"):
        assert word in result.stdout


def test_a_release_by_a_row_alone_undoes_a_hold_by_address_only_in_part(project: Place) -> None:
    project.run("mark", "held", *ADA)
    project.run("mark", "released", "--subject", "shop/customer/1")
    assert project.json("mark", "--list")["marks"][0]["undone_in_part_by"] == [2]
    assert project.json("explain", "desk/ticket/1")["row"]["outcome"] == "keep"


def test_the_later_day_counts_and_not_the_later_number(project: Place) -> None:
    project.run("mark", "held", *ADA)
    told = project.run("mark", "released", *ADA, "--day", "2026-05-01").stdout
    assert "Nothing was held" in told
    assert [mark["in_force"] for mark in project.json("mark", "--list")["marks"]] == [True, False]


# --- what a slip looks like --------------------------------------------------------------------------------------


def test_a_mark_for_nobody_says_so_and_what_to_check(project: Place) -> None:
    result = project.run("mark", "held", "--subject", "email=adda@x.example")
    assert result.exit_code == 0
    told = " ".join(result.stdout.split())
    assert "Nobody is found: no row of any source is reached by this mark today" in told
    assert "Check how the identifier is written" in told
    assert project.json("mark", "held", "--subject", "email=adda@x.example", "--dry-run")["reaches_nobody"] is True
    assert "Nobody is found" not in project.run("mark", "held", *ADA).stdout


def test_whoever_only_has_rows_that_carry_the_address_is_not_nobody_nor_whose_rows_are_remembered(
    project: Place,
) -> None:
    project.sql("desk", "INSERT INTO ticket VALUES (3, ' Zoe@x.example', '2026-01-01', NULL, 'Hello')")
    told = project.run("mark", "held", "--subject", "email=zoe@x.example", "--dry-run").stdout
    assert "it reaches what carries it: 1 row." in told
    project.apply(project.plan())
    assert project.json("mark", "held", *ADA, "--dry-run")["reaches_nobody"] is False, "her order is still there"


def test_a_release_where_nothing_is_held_says_so_and_else_what_it_undoes(project: Place) -> None:
    assert "Nothing was held" in project.run("mark", "released", *ADA).stdout
    project.run("mark", "held", *ADA)
    told = project.run("mark", "released", *ADA)
    assert "Nothing was held" not in told.stdout
    assert "It undoes mark 2" in told.stdout
    assert project.json("mark", "released", *ADA, "--dry-run")["undoes"] == []


def test_an_end_by_a_shared_address_says_that_it_ends_nothing_and_how_to_name_the_person(project: Place) -> None:
    project.sql("desk", "DELETE FROM ticket")
    ends = ("mark", "ended", "--every-purpose", "--ground", "Art. 17", "--subject")
    told = " ".join(project.run(*ends, "email=home@x.example").stdout.split())
    assert "perhaps" not in told
    assert "not shop/customer/4: others there have the same identifier" in told
    assert "It ends nothing for them: name the row of whoever is meant, --subject shop/customer/4" in told
    assert "Next:" not in told, "nothing follows from it"
    assert project.json(*ends, "email=home@x.example", "--dry-run")["without_effect_on"] == [
        "shop/customer/4",
        "shop/customer/5",
    ]
    assert project.json("explain", "shop/customer/4")["row"]["outcome"] == "keep"
    by_row = " ".join(project.run(*ends, "shop/customer/4").stdout.split())
    assert "Next: ombud plan" in by_row
    assert project.json("explain", "shop/customer/4")["row"]["outcome"] == "delete"
    assert "perhaps shop/customer/4" in project.run("mark", "held", "--subject", "email=home@x.example").stdout


def test_an_objection_by_a_shared_address_stops_use_and_deletes_nothing(bare: Place) -> None:
    bare.replace("policy/group.yaml", "  bookkeeping:\n", MARKETING + "  bookkeeping:\n")
    told = " ".join(bare.run("mark", "objected", "--subject", "email=home@x.example").stdout.split())
    assert "perhaps shop/customer/4" in told
    assert "all use must stop at once. Nothing of theirs is deleted: name the row of whoever is meant" in told
    assert "is due" not in told


def test_a_mark_of_a_day_gone_by_advises_no_plan_for_a_day_gone_by(bare: Place) -> None:
    bare.replace("policy/group.yaml", "  bookkeeping:\n", MARKETING + "  bookkeeping:\n")
    told = bare.run("mark", "objected", *ADA, "--day", "2026-01-10").stdout
    assert "--on" not in told
    assert "Next: ombud plan" in told
    assert "Next: ombud plan --on 2026-07-01" in bare.run("mark", "held", *ADA, "--day", "2026-07-01").stdout


def test_whom_a_mark_does_not_reach_is_said_in_whole_words(bare: Place) -> None:
    nobody = " ".join(bare.run("mark", "objected", "--subject", "email=adda@x.example").stdout.split())
    assert "no row of any source is reached by this mark today" in nobody
    by_row = " ".join(bare.run("mark", "objected", "--subject", "shop/customer/1").stdout.split())
    assert "keep about the same person is not reached by it" in by_row


def test_an_end_says_which_purposes_it_ends_that_a_request_for_erasure_leaves(project: Place) -> None:
    told = project.run("mark", "ended", *ADA, "--ground", "Art. 17", "--dry-run").stdout
    said = "It ends what stays, or is weighed, at a request for erasure: delivery, bookkeeping."
    assert said in " ".join(told.split())
    assert "--purpose" in told
    one = project.json("mark", "ended", *ADA, "--ground", "Art. 17", "--purpose", "delivery", "--dry-run")
    assert one["ends_what_stays"] == ["delivery"]
    assert project.json("mark", "held", *ADA, "--dry-run")["ends_what_stays"] == []


def test_an_end_of_everything_that_a_law_may_need_is_refused_until_somebody_says_every_purpose(project: Place) -> None:
    result = project.run("mark", "ended", *ADA, "--ground", "Art. 17")
    assert result.exit_code == 1
    said = " ".join(result.stderr.split())
    assert (
        "C076: this would also end what stays, or is weighed, at a request for erasure: delivery, bookkeeping" in said
    )
    assert "--every-purpose" in said
    assert project.json("mark", "--list")["marks"] == []
    project.run("mark", "ended", *ADA, "--ground", "Art. 17(1)(d)", "--every-purpose")
    assert len(project.json("mark", "--list")["marks"]) == 1


def test_a_ground_holds_no_address(project: Place) -> None:
    result = project.run("mark", "held", *ADA, "--ground", "ring anna@x.example")
    assert result.exit_code == 1
    assert "C072: there is an e-mail address in it" in result.stderr
    assert project.json("mark", "--list")["marks"] == []
