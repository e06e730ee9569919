"""What was marked and remembered outlives a change of the files, or the change is refused: nobody goes by a rename."""

from __future__ import annotations

import shutil

from tests.cli.conftest import Place

ADA = "shop/customer/1"


def _stays(project: Place) -> bool:
    """Whether Ada is there once all that is planned is applied."""
    project.run("plan", "--out", str(project.directory / "plan.json"))
    project.apply(project.directory / "plan.json")
    return bool(project.sql("shop", "SELECT 1 FROM customer WHERE id = 1"))


def test_a_hold_by_key_outlives_that_births_are_read_from_another_column(project: Place) -> None:
    assert project.run("mark", "held", "--subject", ADA).exit_code == 0
    project.replace("datamap/shop.yaml", "    owner: customer\n    born: created\n", "    owner: customer\n")
    assert _stays(project)


def test_a_hold_by_key_outlives_that_a_birth_is_written_otherwise(project: Place) -> None:
    project.run("mark", "held", "--subject", ADA)
    project.sql("shop", "UPDATE customer SET created = '2019-01-02' WHERE id = 1")
    assert _stays(project)
    assert "held by mark 1" in project.run("explain", ADA).stdout
    project.run("mark", "released", "--subject", ADA)
    assert not _stays(project)


def test_what_ends_a_claim_by_key_reaches_nobody_born_otherwise(project: Place) -> None:
    bea = "shop/customer/2"
    project.run("mark", "ended", "--subject", bea, "--every-purpose", "--ground", "Art. 17(1)(b)")
    project.sql("shop", "UPDATE customer SET created = '2019-01-02' WHERE id = 2")
    project.apply(project.plan())
    assert project.sql("shop", "SELECT name FROM customer WHERE id = 2") == [("Bea",)]


def test_a_hold_for_a_purpose_that_is_no_more_holds_all_and_says_so(project: Place) -> None:
    project.run("mark", "held", "--subject", ADA, "--purpose", "delivery")
    for name in ("policy/group.yaml", "datamap/shop.yaml", "datamap/desk.yaml"):
        text = (project.directory / name).read_text(encoding="utf-8")
        project.write(name, text.replace("delivery", "supply"))
    told = project.run("plan").stderr
    assert "C074" in told
    assert "purpose delivery, named by mark 1" in " ".join(told.split())
    assert _stays(project)
    assert "held by mark 1" in project.run("explain", ADA).stdout


def test_nothing_is_planned_while_somebody_is_held_under_a_name_that_no_map_has(project: Place) -> None:
    project.run("mark", "held", "--subject", ADA)
    project.replace("datamap/shop.yaml", "  customer: {table: customer,", "  kund: {table: customer,")
    project.replace("datamap/shop.yaml", "    owner: customer\n", "    owner: kund\n")
    result = project.run("plan")
    assert result.exit_code == 1
    assert "C073" in result.stderr
    assert _stays(project)


def test_a_register_that_was_restored_is_refused_by_what_the_sources_know(project: Place) -> None:
    kept = project.directory / "kept"
    project.run("mark", "held", "--subject", "shop/customer/3")
    shutil.copytree(project.directory / ".ombud", kept)
    project.run("mark", "held", "--subject", "shop/customer/2")
    shutil.rmtree(project.directory / ".ombud")
    shutil.copytree(kept, project.directory / ".ombud")
    held = project.run("mark", "held", "--subject", "email=ada@x.example")
    assert held.exit_code == 1
    assert "C048" in held.stderr
    assert "C048" in project.run("plan").stderr
    assert _stays(project)


def test_a_database_is_one_source(project: Place) -> None:
    project.plan()
    project.replace("ombud.yaml", "sqlite:///desk.db", "sqlite:///shop.db")
    project.write("datamap/desk.yaml", (project.directory / "datamap/shop.yaml").read_text().replace("shop", "desk"))
    result = project.run("plan", "--source", "desk")
    assert result.exit_code == 1
    assert "C065" in result.stderr
    assert "shop" in result.stderr


def test_a_rule_by_which_rows_are_remembered_cannot_get_lost(project: Place) -> None:
    """Ada's order stays for the books and remembers whose it is; without the link's name nobody would know."""
    project.apply(project.plan())
    assert project.sql("shop", "SELECT id FROM orders") == [(11,), (12,)]
    assert project.run("plan").exit_code == 0
    project.replace("datamap/shop.yaml", "{customer: {by:", "{buyer: {to: customer, by:")
    result = project.run("plan")
    assert result.exit_code == 1, result.output
    assert "C066" in result.stderr
    assert "customer" in result.stderr
    project.replace("datamap/shop.yaml", "{buyer: {to: customer, by:", "{customer: {by:")
    assert project.run("plan").exit_code == 0


def test_a_hold_by_key_whose_row_was_born_after_it_is_told_to_reach_it_no_more(project: Place) -> None:
    """The key may be somebody else's by now; or the application wrote the day anew, and nobody would know."""
    by_key = ("mark", "held", "--subject", "shop/customer/3", "--day", "2026-05-01")
    project.sql("shop", "UPDATE customer SET email = NULL WHERE id = 3")
    project.run(*by_key)
    assert "C077" not in project.run("plan").stderr
    project.sql("shop", "UPDATE customer SET created = '2026-05-20' WHERE id = 3")
    said = " ".join(project.run("plan").stderr.split())
    assert "C077: shop.customer: the key that mark 1 names has 1 row born after that: not held" in said
