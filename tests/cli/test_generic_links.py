"""Frameworks keep as text what a log entry is about, whatever the key's type: plan and explain say the same of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Place

LOG = """
  log:
    links: {customer: {by: object_id, if_none: none}}
    born: at
    purposes: {delivery: all}
    columns: {said: contact.name}
"""
ENTRIES = (
    "CREATE TABLE log (id INTEGER PRIMARY KEY, object_id VARCHAR(40), at DATE, said VARCHAR(40))",
    "INSERT INTO log VALUES (1, '1', '2019-01-01', 'changed'), (2, '01', '2019-01-01', 'changed')",
)


@pytest.mark.parametrize("few", [True, False], ids=["all rows", "near rows"])
def test_a_text_names_the_row_whose_number_it_is(
    shop: tuple[Place, sa.Engine], monkeypatch: pytest.MonkeyPatch, *, few: bool
) -> None:
    place, engine = shop
    if not few:
        monkeypatch.setattr("ombud.app.rows.MOST", 0)
    place.replace("datamap/shop.yaml", "  orders:\n", LOG.lstrip("\n") + "  orders:\n")
    with engine.begin() as connection:
        for statement in ENTRIES:
            connection.exec_driver_sql(statement)
    try:
        plan = place.json("plan", "--source", "shop", "--rows", "log")["sources"]["shop"]["tables"]["log"]
        assert [row["key"] for row in plan["due"]] == ["1"]
        found, other = (place.json("explain", f"shop/log/{n}")["row"] for n in (1, 2))
        assert (found["outcome"], other["outcome"]) == ("delete", "keep")
        person = place.run("explain", "--subject", "email=ada@x.example").stdout
        assert "log/1" in person
        assert "log/2" not in person
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE log")
