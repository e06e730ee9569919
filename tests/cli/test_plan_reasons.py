"""A plan says why rows are due, which stay only in doubt, and, to who asks, which rows they are."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Place


def change(engine: sa.Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def tables(place: Place, *more: str) -> Any:
    return place.json("plan", "--source", "shop", *more)["sources"]["shop"]["tables"]


def test_why_rows_are_due_is_counted_by_purpose_and_by_what_ended_its_claim(shop: tuple[Place, sa.Engine]) -> None:
    place, _ = shop
    found = tables(place)
    assert found["customer"]["because"] == [
        {"purpose": "delivery", "why": "ended before 2025-06-01", "rows": 1},
    ]
    assert found["orders"]["because"] == [
        {"purpose": "delivery", "why": "ended before 2025-06-01", "rows": 2},
        {"purpose": "bookkeeping", "why": "booked before 2019-01-01", "rows": 1},
    ], "one order goes, one only loses a cell"


def test_the_counts_are_those_of_the_oracle(shop: tuple[Place, sa.Engine]) -> None:
    place, engine = shop
    change(
        engine,
        "INSERT INTO customer VALUES (6, 'F', 'f@x.example', '2019-01-01', '2021-01-01')",
        "INSERT INTO orders VALUES (13, 6, '2012-01-01', 'x', 'F'), (14, 6, '2026-01-01', 'y', 'F')",
    )
    place.run("mark", "held", "--subject", "shop/customer/6", "--purpose", "bookkeeping")
    place.run("mark", "ended", "--subject", "shop/customer/4", "--every-purpose", "--ground", "Art. 17")
    found = tables(place, "--rows", "orders", "--rows", "customer")
    for table in ("customer", "orders"):
        dead = [
            purpose
            for row in found[table]["due"]
            for purpose in {
                claim["purpose"]
                for claim in place.json("explain", f"shop/{table}/{row['key']}")["row"]["claims"]
                if not claim["live"]
            }
        ]
        counted = {each["purpose"]: 0 for each in found[table]["because"]}
        for each in found[table]["because"]:
            counted[each["purpose"]] += each["rows"]
        assert counted == {purpose: dead.count(purpose) for purpose in dead}
    assert {"purpose": "delivery", "why": "ended or objected to by a mark", "rows": 1} in found["customer"]["because"]


def test_what_stays_only_because_a_day_cannot_be_read_is_told_with_its_column(shop: tuple[Place, sa.Engine]) -> None:
    place, engine = shop
    change(engine, "UPDATE customer SET ended_at = 'last spring' WHERE id IN (1, 2)")
    found = tables(place)
    assert found["customer"]["doubt"] == [
        {"why": "ended is unknown: customer.ended_at cannot be read", "rows": 2},
    ]
    (doubt,) = found["orders"]["doubt"]
    assert doubt["rows"] == 1, "the order of 2010: of the others the books are not closed"
    assert "customer.ended_at cannot be read" in doubt["why"]
    told = " ".join(place.run("plan", "--source", "shop").stdout.split())
    assert "stay in doubt" in told
    assert "shop.customer 2 ended is unknown: customer.ended_at cannot be read" in told


def test_what_stays_only_because_it_may_be_anybodys_is_told_with_the_column_that_leaves_it_open(
    project: Place,
) -> None:
    """A draft's `if_none: unknown` on an optional owner makes rows that can never go: nothing else would say so."""
    project.replace("datamap/desk.yaml", "if_none: none}", "if_none: unknown}")
    project.sql("desk", "INSERT INTO ticket VALUES (90, NULL, '2018-01-01', '2019-01-01', 'who?')")
    project.sql("desk", "INSERT INTO ticket VALUES (91, NULL, '2018-01-01', NULL, 'open still')")
    ticket = project.json("plan", "--source", "desk")["sources"]["desk"]["tables"]["ticket"]
    assert ticket["doubt"] == [{"why": "whom it is about is unknown: ticket.email names nobody", "rows": 1}]
    assert project.json("explain", "desk/ticket/90")["row"]["outcome"] == "keep"


def test_what_a_hold_keeps_is_not_kept_in_doubt(shop: tuple[Place, sa.Engine]) -> None:
    place, engine = shop
    change(engine, "UPDATE customer SET ended_at = 'last spring' WHERE id = 2")
    place.run("mark", "held", "--subject", "shop/customer/2")
    found = tables(place)
    assert [found[table]["doubt"] for table in found] == [[], []]


def test_empty_shells_are_not_due_and_are_told_with_what_keeps_them(shop: tuple[Place, sa.Engine]) -> None:
    place, engine = shop
    place.replace("datamap/shop.yaml", "if_none: not_yet}", "if_none: not_yet, gone: shell}")
    change(engine, "CREATE TABLE note (id INTEGER PRIMARY KEY, about INTEGER REFERENCES customer)")
    change(engine, "INSERT INTO note VALUES (1, 3)")
    try:
        first = place.run("plan", "--source", "shop").stdout
        assert "due, and no longer held for" in first
        assert "empty shell" not in first, "it has something to lose yet"
        assert place.apply(place.plan("--source", "shop")).exit_code == 0
        told = place.run("plan", "--source", "shop").stdout
        assert "shop.customer: 1 empty shell stays, kept by orders." in told
        assert "no longer held for" not in told
        assert "Nothing is due" in told
        place.now += timedelta(days=1)
        place.apply(place.plan("--source", "shop"))
        found = tables(place)["customer"]
        assert found["empty_shells"] == {"empty": 2, "kept_by": ["orders", "note"], "holding": 0, "held": []}
    finally:
        change(engine, "DROP TABLE note")


def test_rows_of_a_company_that_the_policy_does_not_list_stay_and_are_told(project: Place) -> None:
    project.replace("datamap/shop.yaml", "company: north", "company: {column: email, values: {x: north}}")
    project.replace("datamap/shop.yaml", "  orders:", "  orders:\n    company: {through: customer}")
    found = tables(project)
    assert found["customer"]["doubt"] == [
        {"why": "its company is unknown: customer.email names none of the policy's", "rows": 5}
    ]


def test_the_keys_that_are_due_are_listed_for_who_asks_and_stand_in_no_file(project: Place) -> None:
    project.sql("shop", "UPDATE customer SET ended_at = '2020-01-01' WHERE id IN (4, 5)")
    path = project.directory / "plan.json"
    result = project.run("plan", "--rows", "shop.customer", "--rows", "orders", "--limit", "2", "--out", str(path))
    told = " ".join(result.stdout.split())
    assert "shop/customer/1 goes" in told
    assert "shop/customer/4 goes" in told
    assert "shop/customer/5" not in told
    assert "and 1 more: --limit 3 lists them all" in told
    assert "shop/orders/11 loses deliver_to" in told
    assert "due" not in json.loads(path.read_text())["sources"]["shop"]["tables"]["customer"]
    assert "shop/customer/1" not in path.read_text()
    assert "No row of desk.ticket is due." in project.run("plan", "--rows", "ticket", "--on", "2019-06-01").stdout


@pytest.mark.parametrize("name", ["custmer", "shop.custmer", "shop/custmer"])
def test_a_table_that_nobody_has_is_answered_with_a_guess(project: Place, name: str) -> None:
    result = project.run("plan", "--rows", name)
    assert result.exit_code == 1
    assert "C062" in result.stderr
    assert "did you mean shop.customer?" in result.stderr


def test_of_some_sources_it_is_said_which_have_nothing_due(project: Place) -> None:
    assert "Nothing due is left in shop." in project.apply(project.plan("--source", "shop")).stdout
    project.apply(project.plan())
    assert "Nothing is due in desk." in project.run("plan", "--source", "desk").stdout
    assert "Nothing is due." in project.run("plan").stdout
    assert "due in shop" in project.run("plan", "--source", "shop", "--on", "2026-06-02").stdout


def test_where_companies_differ_it_is_said_which_holds_for_how_long(project: Place) -> None:
    group = (project.directory / "policy" / "group.yaml").read_text(encoding="utf-8")
    assert "north: {" in group
    project.replace(
        "policy/group.yaml", "companies:\n", "companies:\n  south: {name: AB Söder, registration_number: 559999-1022}\n"
    )
    (project.directory / "policy" / "south.yaml").write_text(
        "company: south\npurposes: {delivery: {keep: {after: ended, for: P6M}}}\n"
    )
    told = project.run("plan", "--source", "shop").stdout
    assert "12 months after ended (north)" in told
    assert "6 months after ended (south)" in told


def test_a_plan_says_which_plan_it_takes_the_place_of(project: Place) -> None:
    first = project.json("plan")
    assert first["replaced"] == []
    assert project.json("plan", "--on", "2027-01-01")["replaced"] == [], "a forecast takes nobody's place"
    second = project.json("plan")
    assert second["replaced"] == [first["id"]]
    told = " ".join(project.run("plan").stdout.split())
    assert f"It takes the place of {second['id']}, which can be applied no more." in told
    project.apply(project.plan())
    assert project.json("plan")["replaced"] == []
