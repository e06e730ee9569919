"""A table without a key, as a project's user meets it: its rows are named by where they lie, and never mistaken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Place

VISIT = """\
  visit:
    key: []
    owner: nobody
    born: at
    purposes: {delivery: all}
    moments: {ended: at}
    columns: {ip: contact, said_by: contact.email}
"""


@pytest.fixture
def visits(shop: tuple[Place, sa.Engine]) -> Iterator[tuple[Place, sa.Engine]]:
    """A log of five visits, the first two of them deleted since, so that places and numbers differ; two are due."""
    place, engine = shop
    place.write("datamap/shop.yaml", (place.directory / "datamap/shop.yaml").read_text() + VISIT)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE visit (ip TEXT, said_by TEXT, at DATE)")
        for ip, by, at in (
            ("10.0.0.1", "x@x.example", "2020-01-01"),
            ("10.0.0.2", "x@x.example", "2020-01-01"),
            ("10.0.0.3", "ada@x.example", "2020-01-01"),
            ("10.0.0.4", "bea@x.example", "2026-05-01"),
            ("10.0.0.5", "cia@x.example", "2020-01-01"),
        ):
            connection.exec_driver_sql(f"INSERT INTO visit VALUES ('{ip}', '{by}', '{at}')")
        connection.exec_driver_sql("DELETE FROM visit WHERE said_by = 'x@x.example'")
    yield place, engine
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE visit")


def test_a_row_is_explained_by_the_number_that_the_plan_lists_it_under(visits: tuple[Place, sa.Engine]) -> None:
    place, _ = visits
    due = place.json("plan", "--source", "shop", "--rows", "visit")["sources"]["shop"]["tables"]["visit"]["due"]
    assert len(due) == 2
    seen = []
    for row in due:
        explained = place.json("explain", f"shop/visit/{row['key']}", "--show")["row"]
        assert (explained["key"], explained["outcome"]) == (row["key"], "delete")
        seen += [cell["value"] for cell in explained["cells"] if cell["cell"] == "ip"]
        assert "its number may change" in " ".join(place.run("explain", f"shop/visit/{row['key']}").stdout.split())
    assert sorted(seen) == ["10.0.0.3", "10.0.0.5"]


@pytest.mark.parametrize("number", ["0", "1", "99", "99999,(0,1)"])
def test_a_number_that_no_row_has_is_refused_and_no_other_row_shown(
    visits: tuple[Place, sa.Engine], number: str
) -> None:
    place, _ = visits
    result = place.run("explain", f"shop/visit/{number}")
    assert result.exit_code == 1, result.output
    assert "C063" in result.stderr
    assert "ombud plan --rows shop.visit" in result.stderr


def test_that_nothing_is_found_says_where_nobody_was_looked_for(visits: tuple[Place, sa.Engine]) -> None:
    place, _ = visits
    told = " ".join(place.run("explain", "--subject", "email=zoe@x.example").stdout.split())
    assert "nothing is found of anybody with this identifier" in told
    assert "Not searched, so something of the person may be there: shop.visit (ip, said_by): the map says" in told
    (nowhere,) = place.json("explain", "--subject", "email=zoe@x.example")["not_searched"]
    assert (nowhere["source"], nowhere["table"], nowhere["columns"]) == ("shop", "visit", ["ip", "said_by"])


def test_columns_that_only_mention_people_are_told_and_where_all_is_searched_nothing_is(project: Place) -> None:
    assert "Not searched" not in project.run("explain", "--subject", "email=zoe@x.example").stdout
    project.replace("datamap/desk.yaml", "    born: opened", "    born: opened\n    mentions: {email: body}")
    project.replace(
        "datamap/desk.yaml", "email: contact.email, body: text", "email: contact.email, body: contact.email"
    )
    told = " ".join(project.run("explain", "--subject", "email=ada@x.example").stdout.split())
    assert "desk/ticket/1" in told
    assert "desk.ticket (body): whom they mention does not own them" in told


def test_rows_without_a_key_that_stay_because_their_plan_is_of_another_day_say_so(
    visits: tuple[Place, sa.Engine],
) -> None:
    place, _ = visits
    path = place.plan("--source", "shop")
    place.now += timedelta(days=1)
    told = " ".join(place.apply(path).stdout.split())
    assert "shop.visit: 2 rows stay: rows without a key go only on the day of their plan." in told
