"""An answer as JSON: exact, by its schema, never complete where something is missing."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ombud.documents import json_chunks, published
from ombud.documents.exact import duration, exact, written
from ombud.documents.extract import Datum, Extract, Hold, NotCarried, Record, Span
from ombud.documents.masked import MARK, shown
from tests.documents.people import CUSTOMER, DAY, astrid, cell, extract, many, policy

SCHEMA_FILE = Path(published.__file__).parent / "extract.schema.json"


@cache
def validator() -> Any:
    return jsonschema.Draft202012Validator(published.schema())


def told(answer: Extract, language: str = "sv") -> Any:
    return json.loads(b"".join(json_chunks(answer, policy(), language)))


def value_of(value: Any) -> Any:
    datum = told(extract(Record("crm", "customer", "1", "konsult", (cell("x", value, "purchases", CUSTOMER),))))
    datum = datum["records"][0]["data"][0]
    return datum["type"], datum["value"]


def test_the_published_schema_is_the_one_that_the_code_says() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == published.text()
    jsonschema.Draft202012Validator.check_schema(published.schema())


@pytest.mark.fact("R1")
def test_each_datum_says_why_it_is_held_and_until_when() -> None:
    answer = told(astrid())
    validator().validate(answer)
    invoice = next(record for record in answer["records"] if record["table"] == "invoice")
    amount = next(datum for datum in invoice["data"] if datum["name"] == "amount")
    assert (amount["type"], amount["value"], amount["title"], amount["provenance"]) == (
        "decimal",
        "15625.00",
        "Köp",
        "provided",
    )
    (hold,) = amount["holds"]
    assert hold == {
        "purpose": "bookkeeping",
        "title": "Bokföring",
        "basis": "legal_obligation",
        "article": "artikel 6.1 c i GDPR",
        "statutes": ["bokföringslagen (1999:1078) 7 kap. 2 §"],
        "until": "2033-12-31",
        "why": "",
        "moment": "",
        "kept": "Minst till och med 31 december 2033",
    }


@pytest.mark.fact("R10")
def test_recipients_are_told_by_name_with_region_and_safeguard() -> None:
    received, may = told(astrid(), "en")["recipients"]
    assert (received["name"], received["title"]) == ("Molnlagring Norr AB", "Supplier")
    assert received["day"] == "2026-04-02"
    assert received["regions"] == [
        {"region": "EU/EEA", "safeguard": "within"},
        {"region": "United Kingdom", "safeguard": "adequacy"},
    ]
    assert (may["name"], may["day"], may["how"]) == ("Supplier", None, "may receive")


@pytest.mark.fact("R7")
def test_it_says_who_answers_and_how_to_complain() -> None:
    answer = told(astrid(), "en")
    assert answer["controller"]["name"] == "Bärnvik Koncern AB"
    assert answer["officer"]["title"] == "Data protection officer"
    assert answer["complaint"]["link"] == "https://www.imy.se/"
    assert {right["right"] for right in answer["rights"]} == {
        *("rectify", "erase", "restrict", "port", "object", "withdraw")
    }


def test_a_right_that_nothing_rests_on_is_not_promised() -> None:
    bookkeeping = Hold("bookkeeping", "legal_obligation", date(2033, 12, 31))
    answer = told(extract(Record("crm", "invoice", "1", "konsult", (cell("text", "x", "purchases", bookkeeping),))))
    assert [right["right"] for right in answer["rights"]] == ["rectify", "erase", "restrict"]


@pytest.mark.parametrize(
    ("unread", "perhaps", "complete"), [((), 0, True), (("hr",), 0, False), ((), 2, False), (("hr",), 2, False)]
)
def test_it_is_complete_only_when_nothing_is_missing(unread: tuple[str, ...], perhaps: int, complete: bool) -> None:
    answer = told(extract(unread=unread, perhaps=perhaps))
    assert answer["complete"] is complete
    assert (answer["sources"]["unread"], answer["rows_left_to_decide"]) == (list(unread), perhaps)


@pytest.mark.parametrize(
    ("value", "kind", "plain"),
    [
        (None, "null", None),
        (True, "boolean", True),
        (2**53 - 1, "integer", 2**53 - 1),
        (-(2**53), "integer", "-9007199254740992"),
        (0.1, "float", 0.1),
        (float("nan"), "float", "NaN"),
        (float("-inf"), "float", "-Infinity"),
        (Decimal("1.10"), "decimal", "1.10"),
        (b"\x00\xff", "binary", base64.b64encode(b"\x00\xff").decode()),
        (date(2027, 1, 2), "date", "2027-01-02"),
        (datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC).replace(tzinfo=None), "timestamp", "2027-01-02T03:04:05"),
        (
            datetime(2027, 1, 2, 3, 4, 5, 6, timezone(timedelta(hours=5, minutes=30))),
            "timestamp",
            "2027-01-02T03:04:05.000006+05:30",
        ),
        (time(3, 4, 5, 120_000), "time", "03:04:05.120000"),
        (-timedelta(days=1, seconds=1.5), "duration", "-P1DT1.5S"),
        (UUID(int=1), "uuid", "00000000-0000-0000-0000-000000000001"),
        ({"a": [Decimal("1.0"), 2**60]}, "json", {"a": ["1.0", str(2**60)]}),
        ("", "text", ""),
    ],
)
def test_a_value_is_told_exactly(value: object, kind: str, plain: object) -> None:
    assert value_of(value) == (kind, plain)


def test_a_length_of_nothing_is_written_too() -> None:
    assert duration(timedelta(0)) == "PT0S"


def test_nothing_of_another_person_is_left_and_the_place_is_told() -> None:
    answer = b"".join(json_chunks(astrid(), policy())).decode()
    assert "Lindnäs" not in answer
    assert "174 06 07" not in answer
    case = next(record for record in json.loads(answer)["records"] if record["table"] == "case")
    datum = case["data"][0]
    (left_out,) = datum["left_out"]
    assert datum["value"][left_out["start"] : left_out["end"]] == MARK
    assert left_out["why"] == "another customer"


def test_of_a_value_that_is_no_text_all_is_left_out() -> None:
    datum = Datum("who", {"name": "Bo Lindnäs"}, "text", (CUSTOMER,), "", (Span(2, 5, "another"),))
    assert shown(datum).value == MARK


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=6))
def test_masking_keeps_every_other_character_and_none_of_the_masked(text: str, spans: list[tuple[int, int]]) -> None:
    datum = Datum("text", text, "text", masked=tuple(Span(start, end, "other") for start, end in spans))
    hidden = {place for start, end in spans for place in range(max(start, 0), min(end, len(text)))}
    allowed = shown(datum, "\0")
    assert isinstance(allowed.value, str)
    kept = "".join(letter for place, letter in enumerate(text) if place not in hidden)
    assert allowed.value.replace("\0", "") == kept.replace("\0", "")
    assert all(allowed.value[each.start : each.end] == "\0" for each in allowed.left_out)


ODD = st.text(st.characters(), max_size=12) | st.sampled_from(
    ["\0", "\x1b[31m", "\ud800", "a\udfffb", "\u202eabc", "مرحبا", "😀", "‮", '"\\', "</script>", "\u2028"]
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    ODD,
    st.binary(max_size=20),
    st.dates(),
    st.datetimes(timezones=st.none() | st.timezones()),
    st.times(),
    st.timedeltas(),
    st.uuids(),
    st.recursive(ODD | st.integers(), lambda each: st.lists(each, max_size=3) | st.dictionaries(ODD, each, max_size=3)),
)
HOLDS = st.builds(
    Hold,
    st.sampled_from(["customer_delivery", "bookkeeping", "unheard_of"]),
    st.sampled_from(["contract", "consent", "unstated", "odd"]),
    st.none() | st.dates(),
    ODD,
    st.tuples(ODD),
)
DATA = st.builds(
    Datum,
    ODD,
    VALUES,
    st.sampled_from(["", "contact.name", "text", "no.such", "health.allergy"]),
    st.lists(HOLDS, max_size=2).map(tuple),
    st.sampled_from(["", "provided", "observed"]),
    st.lists(st.builds(Span, st.integers(0, 9), st.integers(0, 9), ODD), max_size=2).map(tuple),
    st.just("") | ODD,
)
RECORDS = st.builds(
    Record, ODD, ODD, ODD, st.sampled_from(["konsult", "drift", "", "gone"]), st.lists(DATA, max_size=4).map(tuple)
)
EXTRACTS = st.builds(
    lambda records, unread, perhaps, kind, left: replace(
        extract(*records, unread=unread, perhaps=perhaps, kind=kind), not_carried=left
    ),
    st.lists(RECORDS, max_size=4),
    st.lists(ODD, max_size=2).map(tuple),
    st.integers(0, 3),
    st.sampled_from(["access", "port"]),
    st.dictionaries(st.sampled_from(NotCarried), st.integers(0, 9)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EXTRACTS)
def test_whatever_the_sources_hold_the_answer_keeps_its_schema(answer: Extract) -> None:
    read = told(answer)
    validator().validate(read)
    for record, row in zip(answer.records, read["records"], strict=True):
        assert row["key"] == record.key
        for datum, one in zip(record.data, row["data"], strict=True):
            assert one["name"] == datum.name
            if not datum.masked:
                assert (one["type"], one["value"]) == (
                    exact(datum.value)[0],
                    json.loads(written(exact(datum.value)[1])),
                )


def test_a_large_answer_comes_in_pieces() -> None:
    pieces = list(json_chunks(many(2000), policy()))
    assert len(pieces) > 10
    assert max(map(len, pieces)) < 100_000
    assert len(json.loads(b"".join(pieces))["records"]) == 2000


def test_attached_files_are_listed_with_what_proves_them_whole() -> None:
    (file,) = told(extract(attached={"cv.pdf": b"%PDF"}))["attached"]
    assert (file["name"], file["size"]) == ("cv.pdf", 4)
    assert len(file["sha256"]) == 64


def test_the_day_and_the_case_are_told() -> None:
    answer = told(extract())
    assert (answer["day"], answer["request"]) == (DAY.isoformat(), "R-2027-0017")


def test_what_columns_are_called_is_told_once_and_records_have_their_own_names() -> None:
    known = {("crm", "customer"): {"street": {"sv": "Gata", "en": "Street"}, "gone": {"sv": "Borta"}}}
    answer = told(replace(astrid(), titles=known))
    validator().validate(answer)
    assert answer["columns"] == [{"source": "crm", "table": "customer", "name": "street", "title": "Gata"}]
    assert "street" in {datum["name"] for record in answer["records"] for datum in record["data"]}
