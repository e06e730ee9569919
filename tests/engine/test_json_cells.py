"""Values inside JSON documents: what goes, what stays to the last digit, and what is left because it cannot be read.

Each document is swept in a column of JSON, of binary JSON where the engine has it, and of text, beside the oracle.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON, JSONB

from ombud.adapters.database import connect
from ombud.adapters.reflect import reflect
from ombud.claims.sweep import sweep
from ombud.claims.world import World
from ombud.datamap.model import Blank, Cell, DataMap, SourceMap, Table
from ombud.engine.sweep import Sweep
from tests.claims.shop import POLICY, day_in, digest, kind, table
from tests.engine.warehouse import clear

TODAY = date(2026, 6, 1)
OVER, ON = "2020-01-01", None

CELLS = (
    Cell("data.email", "data", "contact", json=("email",), blank=Blank(None)),
    Cell("data.address.street", "data", "contact", json=("address", "street"), blank=Blank(remove=True)),
    Cell("data.nåmn", "data", "contact", json=("nåmn",), blank=Blank("erased")),
    Cell("data.active", "data", "contact", json=("active",), blank=Blank(False)),
    Cell("data.score", "data", "contact", json=("score",), blank=Blank(0)),
)
"""One of each way to blank; a note keeps the row for the books."""

MEMBER: Table = table(
    "member",
    kind("deliver books", {"ended": day_in("ended"), "booked": day_in("booked")}, *CELLS),
)

DOCUMENTS = {
    "all of it": '{"email": "a@x.example", "address": {"street": "Storgatan 1", "city": "Lund"}, "nåmn": "Åsa", '
    '"active": true, "score": 7, "kept": [1, {"email": "not this one"}]}',
    "numbers": '{"email": "a", "big": 123456789012345678901234567890, "exact": 1.10, "small": 0.1000000000000000055, '
    '"long": 12345678901234567890.12345678901234567890}',
    "keys in escapes": '{"n\\u00e5mn": "\\u00c5sa", "a\\/b": 1, "quoted\\"key": "x", "dotted.key": "y"}',
    "nothing there": '{"kept": "yes", "address": {"city": "Lund"}}',
    "null there": '{"email": null, "address": null, "nåmn": ""}',
    "blank there": '{"nåmn": "erased", "active": false, "score": 0.0}',
    "not the same type": '{"active": 0, "score": false, "nåmn": 0}',
    "an array as a cell": '{"email": ["a@x.example", "b@x.example"], "score": {"a": 1}}',
    "an array on the way": '{"email": "a", "address": [{"street": "Storgatan 1"}]}',
    "text on the way": '{"email": "a", "address": "Storgatan 1"}',
    "an array": '[{"email": "a"}]',
    "a text": '"a@x.example"',
    "null": "null",
    "empty": "{}",
}
IN_TEXT = {
    "nothing": "",
    "blank": " ",
    "cut short": '{"email": "a@x.example", "address": {"stre',
    "not a number": '{"email": "a", "score": NaN}',
    "python": "{'email': 'a'}",
    "a key twice": '{"email": "a", "email": "b"}',
    "a key twice below": '{"email": "a", "kept": [{"x": 1, "\\u0078": 2}]}',
    "more after it": '{"email": "a"} and more',
    "words": "a@x.example called",
}
"""What only a column of text can hold."""
WITH_NUL = {
    "more after U+0000": '{"email": "a"}\0and more',
    "U+0000 at the end": '{"email": "a"}\0',
    "U+0000 in a value": '{"email": "a\0b"}',
    "U+0000 before it": '\0{"email": "a"}',
}
"""PostgreSQL holds none of these."""

TYPES = {"sqlite": ("JSON", "TEXT"), "postgresql": ("JSON", "JSONB", "TEXT", "VARCHAR(400)"),
         "mariadb": ("JSON", "TEXT", "VARCHAR(400)")}  # fmt: skip
URLS = {"sqlite": "shop_file", "postgresql": "postgresql_url", "mariadb": "mariadb_address"}


class Members:
    """A table of members on one engine, its documents in a column of one type."""

    def __init__(self, url: str, declared: str) -> None:
        self.engine, self.declared = connect(url), declared
        with self.engine.begin() as connection:
            clear(connection)
            connection.exec_driver_sql(
                f"CREATE TABLE member (id INTEGER PRIMARY KEY, born DATE, ended DATE, booked DATE, data {declared})"
            )
            self.schema = reflect(connection)
        self.source = SourceMap("crm", {"member": MEMBER}, {})

    @property
    def is_text(self) -> bool:
        return self.schema.tables["member"].columns["data"].family == "text"

    def fill(self, documents: Mapping[int, str | None], ended: str | None, booked: str | None) -> None:
        data = sa.column("data", sa.Text())
        row = sa.table("member", *(sa.column(c) for c in ("id", "born", "ended", "booked")), data)
        with self.engine.begin() as connection:
            for key, document in documents.items():
                values = {"id": key, "born": OVER, "ended": ended, "booked": booked}
                said: Any = sa.literal(document, sa.Text())
                if connection.dialect.name == "postgresql" and not self.is_text:
                    said = sa.cast(said, {"JSON": JSON, "JSONB": JSONB}[self.declared])
                connection.execute(row.insert().values({**values, data: said}))

    def sweep(self) -> int:
        """Sweeps; how many cells it blanks."""
        with self.engine.connect() as connection:
            once = Sweep(connection, POLICY, self.source, self.schema, TODAY, digest, "p")
            once.prepare()
            frozen = once.freeze()["member"]
            done = once.apply().get("member")
        blanked = sum(frozen.blanked.values())
        assert blanked == (sum(done.blanked.values()) if done else 0)
        return blanked

    def documents(self) -> dict[int, str | None]:
        with self.engine.begin() as connection:
            text = "data" if connection.dialect.name == "mariadb" else "CAST(data AS TEXT)"
            return {r[0]: r[1] for r in connection.exec_driver_sql(f"SELECT id, {text} FROM member ORDER BY id")}


@pytest.fixture(params=[(engine, declared) for engine, types in TYPES.items() for declared in types], ids="-".join)
def members(request: pytest.FixtureRequest) -> Iterator[Members]:
    engine, declared = request.param
    url = request.getfixturevalue(URLS[engine])
    made = Members(url, declared)
    yield made
    with made.engine.begin() as connection:
        clear(connection)
    made.engine.dispose()


def by_oracle(documents: Mapping[int, str | None], ended: str | None, booked: str | None) -> dict[int, Any]:
    """What the oracle leaves of the same rows."""
    rows = tuple(
        {"id": key, "born": OVER, "ended": ended, "booked": booked, "data": document}
        for key, document in documents.items()
    )
    datamap = DataMap({"crm": SourceMap("crm", {"member": MEMBER}, {})})
    world, _ = sweep(POLICY, datamap, World({"crm": {"member": rows}}), (), TODAY, digest)
    return {row["id"]: row["data"] for row in world.tables["crm"]["member"]}


def exact(said: Any) -> Any:
    """A document with numbers to the last digit; what is not one stays text."""
    if not isinstance(said, str):
        return said
    try:
        return json.loads(said, parse_float=Decimal)
    except ValueError:
        return said


def held(members: Members) -> dict[int, str]:
    """Every document that the column can hold, by a number."""
    if members.engine.dialect.name == "mariadb" and members.declared == "JSON":
        return dict(enumerate(DOCUMENTS.values(), 1))
    if members.engine.dialect.name == "mariadb":
        more = {name: said for name, said in IN_TEXT.items() if name != "a key twice below"}
        return dict(enumerate([*DOCUMENTS.values(), *more.values()], 1))
    more = {**(IN_TEXT if members.is_text else {}), **(WITH_NUL if members.engine.name == "sqlite" else {})}
    return dict(enumerate([*DOCUMENTS.values(), *more.values()], 1))


def test_the_engine_leaves_of_each_document_what_the_oracle_leaves(members: Members) -> None:
    documents = held(members)
    members.fill(documents, OVER, ON)
    members.sweep()
    left = by_oracle(documents, OVER, ON)
    assert {key: exact(said) for key, said in members.documents().items()} == {k: exact(v) for k, v in left.items()}
    assert exact(documents[1]) != exact(left[1])


def test_what_loses_nothing_stays_to_the_byte(members: Members) -> None:
    members.fill(held(members), OVER, ON)
    before = members.documents()
    members.sweep()
    left = by_oracle(before, OVER, ON)
    same = [key for key, said in before.items() if exact(left[key]) == exact(said)]
    assert len(same) >= 7
    assert {key: members.documents()[key] for key in same} == {key: before[key] for key in same}


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ('{"email": "a", "kept": [{"x": 1, "\\u0078": 2}]}', '{"email": null, "kept": [{"x": 1, "\\u0078": 2}]}'),
        ('{"n\\u00e5mn": "Åsa", "a/b": 1}', '{"n\\u00e5mn": "erased", "a/b": 1}'),
        ('{"em\\u0061il": "a"}', '{"em\\u0061il": "a"}'),
        ('{"n\\u00E5mn": "Åsa"}', '{"n\\u00E5mn": "Åsa"}'),
        ('{"nåmn": "Åsa", "n\\u00e5mn": "Bo"}', '{"nåmn": "Åsa", "n\\u00e5mn": "Bo"}'),
        ("[" * 40 + "]" * 40, "[" * 40 + "]" * 40),
    ],
    ids=["twice where no path leads", "as PHP writes it", "a plain letter in an escape", "in capitals", "both", "deep"],
)
def test_what_mariadb_reads_otherwise(said: str, left: str, mariadb_address: str) -> None:
    """It compares keys as they are written, and reads no deeper than 32 levels; what it cannot tell, stays."""
    members = Members(mariadb_address, "TEXT")
    members.fill({1: said}, OVER, ON)
    members.sweep()
    assert members.documents() == {1: left}
    members.engine.dispose()


def test_twice_is_once(members: Members) -> None:
    members.fill(held(members), OVER, ON)
    assert members.sweep() > 0
    after = members.documents()
    assert members.sweep() == 0
    assert members.documents() == after


def test_numbers_that_stay_keep_every_digit(members: Members) -> None:
    members.fill({1: DOCUMENTS["numbers"]}, OVER, ON)
    members.sweep()
    said = members.documents()[1]
    assert said is not None
    for number in ("123456789012345678901234567890", "1.10", "0.1000000000000000055",
                   "12345678901234567890.12345678901234567890"):  # fmt: skip
        assert number in said
    assert exact(said)["email"] is None


def test_while_a_claim_lives_nothing_in_the_document_changes(members: Members) -> None:
    members.fill(held(members), ON, OVER)
    before = members.documents()
    assert members.sweep() == 0
    assert members.documents() == before


def test_a_row_without_a_live_claim_goes_with_a_document_nobody_can_read(members: Members) -> None:
    documents = held(members)
    members.fill(documents, OVER, OVER)
    members.sweep()
    assert members.documents() == by_oracle(documents, OVER, OVER) == {}


def test_a_column_that_is_null_is_left_alone(members: Members) -> None:
    members.fill({1: None}, OVER, ON)
    assert members.sweep() == 0
    assert members.documents() == {1: None}


def test_a_whole_document_that_may_not_be_null_becomes_empty_once(members: Members) -> None:
    whole = Cell("data", "data", "contact", blank=Blank("{}"))
    member = table("member", kind("deliver books", {"ended": day_in("ended"), "booked": day_in("booked")}, whole))
    members.source = SourceMap("crm", {"member": member}, {})
    members.fill({1: DOCUMENTS["all of it"], 2: "{}"}, OVER, ON)
    assert members.sweep() == 1
    assert members.documents() == {1: "{}", 2: "{}"}
    assert members.sweep() == 0
