"""What is wrong about a person is set right where it stands, once, and nothing else is touched."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ombud.app.correcting import carry_out
from ombud.app.corrections import look
from ombud.app.known import Called
from ombud.app.loaded import Loaded, Refused, Surroundings, load
from tests.cli.conftest import Place

BEA = Called(("email=bea@x.example",))


def loaded(place: Place) -> Loaded:
    taken = Surroundings(place.environ, lambda: place.now, lambda n: bytes(range(n)) if n > 8 else b"\1" * n)
    found, findings = load(place.directory, taken)
    assert found is not None, findings
    return found


def refused(place: Place, *wishes: str) -> tuple[str, str]:
    try:
        look(loaded(place), BEA, wishes)
    except Refused as refusal:
        return refusal.findings[0].code, refusal.findings[0].message
    raise AssertionError("it was not refused")


def test_a_cell_is_set_right_and_its_before_is_known(shop: tuple[Place, sa.Engine]) -> None:
    place, engine = shop
    project = loaded(place)
    corrections = look(project, BEA, ["shop/customer/2.name=Beata", "shop/orders/12.deliver_to=Beata"])
    assert [(each.row, each.before, each.after) for each in corrections] == [
        ("shop/customer/2", "Bea", "Beata"),
        ("shop/orders/12", "Bea", "Beata"),
    ]
    told = carry_out(project, corrections, "2026-1")
    assert len(told.done) == 2
    assert not told.findings
    with engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT id, name FROM customer ORDER BY id").fetchall()
    assert [tuple(row) for row in names] == [(1, "Ada"), (2, "Beata"), (3, "Cia"), (4, "Dan"), (5, "Eva")]


def test_a_row_that_somebody_decided_is_theirs_is_set_right_too(project: Place) -> None:
    wish = ["shop/customer/4.name=Dana"]
    assert [each.before for each in look(loaded(project), Called(("shop/customer/4",)), wish)] == ["Dan"]
    with pytest.raises(Refused):
        look(loaded(project), Called(("email=home@x.example",)), wish)


def test_a_correction_is_made_once_whoever_repeats_it(shop: tuple[Place, sa.Engine]) -> None:
    place, engine = shop
    project = loaded(place)
    corrections = look(project, BEA, ["shop/customer/2.name=Beata"])
    carry_out(project, corrections, "2026-1")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE customer SET name = 'Bettan' WHERE id = 2")
    again = carry_out(project, corrections, "2026-1")
    assert not again.done
    assert again.before == corrections
    assert not again.findings
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM customer WHERE id = 2").scalar() == "Bettan"


def test_what_changed_since_it_was_looked_at_is_left(project: Place) -> None:
    corrections = look(loaded(project), BEA, ["shop/customer/2.name=Beata"])
    project.sql("shop", "UPDATE customer SET name = 'Bettan' WHERE id = 2")
    told = carry_out(loaded(project), corrections, "2026-1")
    assert [finding.code for finding in told.findings] == ["C123"]
    assert not told.done
    assert project.sql("shop", "SELECT name FROM customer WHERE id = 2") == [("Bettan",)]


def test_a_value_is_removed_where_nobody_knows_the_right_one(project: Place) -> None:
    corrections = look(loaded(project), BEA, ["shop/customer/2.name"])
    carry_out(loaded(project), corrections, "2026-1")
    assert project.sql("shop", "SELECT name, email FROM customer WHERE id = 2") == [(None, "bea@x.example")]


def test_what_a_trigger_writes_back_is_undone_and_told(project: Place) -> None:
    project.sql(
        "shop",
        "CREATE TRIGGER back AFTER UPDATE OF name ON customer BEGIN "
        "UPDATE customer SET name = old.name WHERE id = old.id AND name <> old.name; END",
    )
    told = carry_out(loaded(project), look(loaded(project), BEA, ["shop/customer/2.name=Beata"]), "2026-1")
    assert [finding.code for finding in told.findings] == ["C124"]
    assert project.sql("shop", "SELECT name FROM customer WHERE id = 2") == [("Bea",)]
    assert project.sql("shop", "SELECT count(*) FROM ombud_receipt WHERE plan = 'request-2026-1'") == [(0,)]


def test_what_is_not_theirs_or_judges_them_or_does_not_fit_is_refused(project: Place) -> None:
    assert refused(project, "shop/customer/1.name=Beata")[0] == "C120"
    assert refused(project, "shop/customer/2.nickname=B")[0] == "C121"
    assert refused(project, "shop/customer/2")[0] == "C121"
    assert refused(project, "shop/orders/99.goods=B")[0] == "C120"
    _code, message = refused(project, "shop/customer/1.name=Hemlig")
    assert "Hemlig" not in message


def test_a_hold_goes_with_the_person_to_their_new_address(project: Place) -> None:
    assert project.run("mark", "held", "--subject", "email=bea@x.example", "--ground", "case 1").exit_code == 0
    told = carry_out(loaded(project), look(loaded(project), BEA, ["desk/ticket/2.email=beata@x.example"]), "2026-1")
    assert told.marks == 1
    acts = [(mark["act"], mark["undone_by"]) for mark in project.json("mark", "--list")["marks"]]
    assert acts == [("held", None), ("held", None)]
    explained = project.json("explain", "--subject", "email=beata@x.example")
    assert "held" in str(explained)
    again = carry_out(
        loaded(project), look(loaded(project), Called(("email=beata@x.example",)), ["desk/ticket/2.body=x"]), "2026-2"
    )
    assert again.marks == 0
