"""A plan is of the triggers that were there, by name and by what they do."""

from __future__ import annotations

import pytest

from ombud.adapters.reflect import reflect
from ombud.engine.plans import changed, schema_hashes
from tests.claims.shop import CUSTOMER
from tests.engine.scratch import Scratch

PEOPLE = "CREATE TABLE customer (id INTEGER PRIMARY KEY, born DATE, ended DATE, name TEXT)"
PARTED = f"{PEOPLE} PARTITION BY RANGE (id)"
PART = "CREATE TABLE low PARTITION OF customer FOR VALUES FROM ({}) TO ({})"
ON_SQLITE = "CREATE TRIGGER look AFTER DELETE ON Customer BEGIN SELECT {}; END"
FUNCTION = "CREATE OR REPLACE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN {}; END'"
TRIGGER = "CREATE TRIGGER look {} DELETE ON customer FOR EACH ROW EXECUTE FUNCTION look()"


def _hashes(made: Scratch) -> dict[str, str]:
    with made.engine.begin() as connection:
        return schema_hashes(made.map, reflect(connection))


def _differs(made: Scratch, *statements: str) -> bool:
    before = _hashes(made)
    for statement in statements:
        made.run(statement)
    assert "M408" in made.codes()
    return changed(before, _hashes(made)) == ("customer",)


def test_another_trigger_under_the_same_name_is_another_schema(shop_file: str) -> None:
    made = Scratch(shop_file, (PEOPLE, ON_SQLITE.format(1)), CUSTOMER)
    assert _differs(made, "DROP TRIGGER look", ON_SQLITE.format(2))


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TRIGGER look ON customer", TRIGGER.format("BEFORE")),
        (FUNCTION.format("NULL"),),
        ("ALTER TABLE customer DISABLE TRIGGER look",),
    ],
)
def test_a_trigger_that_does_something_else_is_another_schema(postgresql_url: str, statements: tuple[str, ...]) -> None:
    made = Scratch(postgresql_url, (PEOPLE, FUNCTION.format("old"), TRIGGER.format("AFTER")), CUSTOMER)
    assert _differs(made, *statements)


def test_a_new_partition_of_a_table_with_triggers_is_the_same_schema(postgresql_url: str) -> None:
    made = Scratch(postgresql_url, (PARTED, FUNCTION.format("old"), TRIGGER.format("AFTER")), CUSTOMER)
    assert not _differs(made, PART.format(0, 9), PART.replace("low", "high").format(9, 20))


def test_a_trigger_on_a_table_written_in_another_case_is_told(shop_file: str) -> None:
    assert "M408" in Scratch(shop_file, (PEOPLE, ON_SQLITE.format(1)), CUSTOMER).codes()
