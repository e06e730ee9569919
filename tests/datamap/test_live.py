"""The map against the live database: patterns, collations, and what a golden story cannot show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ombud.datamap.live import compare, swallowed
from ombud.datamap.schema import ColumnType, Reference, Schema, TableSchema
from tests.datamap.maps import read

FAMILIES = {"id": "integer", "created": "date", "ended_at": "date", "booked_at": "date"}


def customer(**declared: str) -> TableSchema:
    names = ("id", "name", "email", "created", "ended_at", "booked_at", *(set(declared) - {"email"}))
    found = {
        name: ColumnType(name, FAMILIES.get(name, "text"), nullable=name != "id", declared=declared.get(name, ""))
        for name in names
    }
    return TableSchema("customer", found, ("id",))


def codes(schema: Schema, patterns: tuple[str, ...] = ()) -> list[str]:
    return [finding.code for finding in compare(replace(read(), not_personal=patterns), schema)]


def test_a_map_that_fits_its_database_finds_nothing() -> None:
    assert codes(Schema({"customer": customer()})) == []


@pytest.mark.parametrize("declared", ["TEXT COLLATE NOCASE", "citext", "varchar(80) COLLATE utf8mb4_general_ci"])
def test_an_identifier_whose_column_folds_different_people_together_is_told(declared: str) -> None:
    assert codes(Schema({"customer": customer(email=declared)})) == ["M409"]


def test_patterns_leave_tables_and_columns_and_tell_what_they_swallowed() -> None:
    log = TableSchema("django_log", {}, ())
    schema = Schema({"customer": customer(updated_at="", flag_a=""), "django_log": log})
    patterns = ("django_*", "*.updated_at", "cust*.flag_?", "*.name")
    assert codes(schema, patterns) == []
    assert swallowed(replace(read(), not_personal=patterns), schema) == {
        "django_*": ("django_log",),
        "*.updated_at": ("customer.updated_at",),
        "cust*.flag_?": ("customer.flag_a",),
        "*.name": (),
    }


def test_a_tables_own_pattern_tells_what_it_swallowed_too() -> None:
    source = read()
    table = replace(source.tables["customer"], not_personal=frozenset({"flag_*", "shoe"}))
    schema = Schema({"customer": customer(flag_a="", flag_b="", shoe="")})
    told = swallowed(replace(source, tables={"customer": table}), schema)
    assert told == {"customer.flag_*": ("customer.flag_a", "customer.flag_b")}


def test_a_pattern_for_tables_never_takes_a_mapped_table() -> None:
    assert codes(Schema({"customer": customer(extra="")}), ("customer", "cust*")) == ["M402"]


def test_what_an_unmapped_table_refers_to_is_told_even_where_a_pattern_leaves_that_table() -> None:
    log = TableSchema("django_log", {}, ())
    reference = Reference("django_log", ("who",), "customer", ("id",))
    assert codes(Schema({"customer": customer(), "django_log": log}, (reference,)), ("django_*",)) == ["M407"]


def test_a_table_without_the_files_company_column_is_told_to_say_whose_its_rows_are() -> None:
    (missing,) = compare(read(company="{column: firm, values: {N: north}}"), Schema({"customer": customer()}))
    assert (missing.code, missing.message) == ("M401", "the database has no column customer.firm")
    assert missing.hint == "say whose the rows of customer are: `company: …` in the table"
    (missing,) = compare(read(company="{column: frim, values: {N: north}}"), Schema({"customer": customer(firm="")}))[
        :1
    ]
    assert missing.hint.startswith("did you mean firm? or say whose the rows of customer are")
