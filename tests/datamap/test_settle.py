"""What an erased cell holds follows the column, and what has no harmless value has to be said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ombud.datamap.model import Blank, CompanyColumn
from ombud.datamap.model import Test as Says
from ombud.datamap.schema import ColumnType, Schema, TableSchema
from ombud.datamap.settle import settle
from tests.datamap.maps import read

MORE = """
  thing:
    owner: {identifier: email, in: x, if_none: none}
    company: {column: firm, values: {1: north}}
    born: unknown
    purposes: [delivery]
    moments: {ended: {column: done}}
    kinds: {one: {when: {type: 7}}}
    columns: {x: HOLDS}
""".replace("born: unknown", "born: made")


def columns(family: str, *, nullable: bool, unique: bool) -> Schema:
    plain = {
        name: ColumnType(name, "text", nullable=False)
        for name in ("id", "name", "email", "created", "ended_at", "booked_at")
    }
    thing = {
        "id": ColumnType("id", "integer", nullable=False),
        "firm": ColumnType("firm", "text", nullable=False),
        "type": ColumnType("type", "text", nullable=False),
        "made": ColumnType("made", "date", nullable=False),
        "done": ColumnType("done", "date", nullable=True),
        "x": ColumnType("x", family, nullable, unique),
    }
    customer = TableSchema("customer", plain, ("id",))
    return Schema({"customer": customer, "thing": TableSchema("thing", thing, ("id",))})


def changed(schema: Schema, **said: Any) -> Schema:
    """The same, and this is so of `x`."""
    thing = schema.tables["thing"]
    x = replace(thing.columns["x"], **said)
    return Schema({**schema.tables, "thing": replace(thing, columns={**thing.columns, "x": x})})


def blank(schema: Schema, holds: str = "contact.email") -> tuple[Blank | None, list[str]]:
    settled, findings = settle(read(MORE.replace("HOLDS", holds)), schema)
    return settled.tables["thing"].kinds[0].cells["x"].blank, [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("family", "nullable", "unique", "expected"),
    [
        ("text", True, False, Blank(None)),
        ("text", True, True, Blank(None)),
        ("text", False, False, Blank("")),
        ("text", False, True, Blank("erased-", per_key=True)),
        ("integer", False, False, Blank(0)),
        ("number", False, False, Blank(0)),
        ("boolean", False, False, Blank(False)),
        ("json", False, False, Blank("{}")),
        ("binary", False, False, Blank(b"")),
        ("date", True, False, Blank(None)),
    ],
)
def test_an_erased_cell_holds_what_its_column_takes(family: str, nullable: bool, unique: bool, expected: Blank) -> None:
    found, codes = blank(columns(family, nullable=nullable, unique=unique))
    assert (found, type(found and found.value), codes) == (expected, type(expected.value), [])


@pytest.mark.parametrize(
    ("family", "unique"),
    [("date", False), ("timestamp", False), ("timestamptz", False), ("other", False), ("integer", True)],
)
def test_a_day_or_a_unique_number_that_may_not_be_null_has_to_be_said(family: str, unique: bool) -> None:
    assert blank(columns(family, nullable=False, unique=unique)) == (None, ["M420"])


def test_what_the_file_says_stands() -> None:
    schema = columns("text", nullable=False, unique=False)
    assert blank(schema, "{holds: contact.email, erase: {to: gone}}") == (Blank("gone"), [])


def test_what_the_database_would_refuse_is_told() -> None:
    assert blank(columns("text", nullable=False, unique=False), "{holds: contact.email, erase: null}")[1] == ["M421"]
    assert blank(columns("text", nullable=True, unique=True), '{holds: contact.email, erase: ""}')[1] == ["M422"]


def test_a_key_of_a_json_object_becomes_null_or_is_dropped_whatever_the_column() -> None:
    schema = columns("json", nullable=False, unique=False)
    source = read(MORE.replace("HOLDS", "{json: {a: contact.email, b.c: {holds: contact.email, erase: remove}}}"))
    cells = settle(source, schema)[0].tables["thing"].kinds[0].cells
    assert cells["x.a"].blank == Blank(None)
    assert cells["x.b.c"].blank == Blank(remove=True)


def test_a_number_that_a_file_writes_is_text_in_a_text_column() -> None:
    settled, _ = settle(read(MORE.replace("HOLDS", "contact.email")), columns("text", nullable=True, unique=False))
    assert settled.tables["thing"].kinds[0].when == (Says("type", ("7",)),)
    assert settled.tables["thing"].company == CompanyColumn("firm", {"1": "north"})


@pytest.mark.parametrize("holds", ["contact.email", "{holds: contact.email, erase: null}"])
def test_nothing_is_written_over_what_the_database_generates(holds: str) -> None:
    assert blank(changed(columns("text", nullable=True, unique=False), generated=True), holds)[1] == ["M420"]


@pytest.mark.parametrize(
    ("family", "unique", "expected", "told"),
    [
        ("text", True, Blank("erased-", per_key=True), []),
        ("text", False, Blank("erased-", per_key=True), []),
        ("integer", True, None, ["M420"]),
        ("integer", False, Blank(None), []),
    ],
)
def test_where_null_is_one_value_two_rows_are_not_both_given_it(
    family: str, unique: bool, expected: Blank | None, told: list[str]
) -> None:
    once = changed(columns(family, nullable=True, unique=unique), null_once=True, in_unique=not unique)
    assert blank(once) == (expected, told)


def test_null_for_all_where_it_is_one_value_is_told() -> None:
    once = changed(columns("text", nullable=True, unique=True), null_once=True)
    assert blank(once, "{holds: contact.email, erase: null}")[1] == ["M422"]
