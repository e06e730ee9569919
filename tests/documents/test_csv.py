"""An answer as tables that no spreadsheet calculates with, and from which the exact values can be read back."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ombud.documents import csv_zip, json_chunks
from ombud.documents.as_csv import COLUMNS, EARLIEST, STARTS_A_FORMULA, defused, in_a_cell, undefused
from ombud.documents.extract import Datum, Extract, Hold, NotCarried, Record
from tests.documents.people import CUSTOMER, astrid, cell, extract, policy


def files(answer: Extract, language: str = "sv") -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(csv_zip(answer, policy(), language))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(file: bytes) -> list[dict[str, str]]:
    assert file.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def test_there_is_a_table_for_each_company_and_what_it_does_with_the_data() -> None:
    found = files(astrid())
    assert [name for name in found if name.endswith(".csv")] == [
        "01-barnvik-konsult-ab-kund-till-ett-bolag-i-koncernen.csv",
        "02-barnvik-konsult-ab-direktmarknadsforing-via-e-post-och-webb.csv",
        "03-barnvik-konsult-ab-erbjudanden-fran-vara-affarspartner.csv",
        "04-barnvik-konsult-ab-bokforing.csv",
        "05-barnvik-drift-ab-kundtjanstarende.csv",
        "06-barnvik-drift-ab-informationssakerhet-missbruk-och-bedrageri.csv",
    ]
    bookkeeping = rows(found["04-barnvik-konsult-ab-bokforing.csv"])
    assert [row["name"] for row in bookkeeping] == ["bill_name", "text", "amount", "booked_at"]
    assert bookkeeping[2]["value"] == "15625.00"
    assert bookkeeping[2]["until"] == "2033-12-31"


def test_every_cell_of_the_answer_is_in_some_table() -> None:
    answer = astrid()
    told = {
        (row["source"], row["table"], row["key"], row["name"])
        for name, file in files(answer).items()
        if name.endswith(".csv")
        for row in rows(file)
    }
    assert told == {(r.source, r.table, r.key, datum.name) for r in answer.records for datum in r.data}


def test_what_nothing_holds_has_a_table_of_its_own() -> None:
    record = Record("crm", "note", "1", "konsult", (Datum("note", "x", "text"), Datum("made", 1)))
    (name,) = [name for name in files(extract(record)) if name.endswith(".csv")]
    assert name == "01-barnvik-konsult-ab-ovriga-uppgifter.csv"


def test_the_readme_says_what_is_missing_and_how_to_read_exact_values() -> None:
    text = files(astrid(), "en")["readme.txt"].decode("utf-8-sig")
    assert "This answer is not complete" in text
    assert "hr" in text
    assert "apostrophe" in text
    assert all(f"    {column}: " in text for column in COLUMNS)


def test_nothing_of_another_person_is_left() -> None:
    assert all(b"Lindn" not in file for file in files(astrid()).values())


@pytest.mark.parametrize("start", STARTS_A_FORMULA)
def test_no_cell_begins_as_a_formula_does(start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    hold = Hold("customer_delivery", "contract", None, statutes=(text,))
    record = Record(text, text, text, "konsult", (cell(text, text, "purchases", hold),))
    found = files(extract(record, attached={text: b""}))
    (table,) = [file for name, file in found.items() if name.endswith(".csv")]
    for row in rows(table):
        assert not any(each.startswith(STARTS_A_FORMULA) for each in row.values())
        assert undefused(row["name"]) == text


def test_a_plain_negative_number_stays_a_number() -> None:
    assert defused("-12.50") == "-12.50"
    assert defused("-1+1") == "'-1+1"


@given(st.text(st.characters()))
@example("'=1")
@example("''")
@example("\x00\ud800")
@example("a\rb")
def test_a_text_is_read_back_exactly(text: str) -> None:
    kind, written = in_a_cell(text)
    file = io.BytesIO()
    target = io.TextIOWrapper(file, "utf-8-sig", newline="")
    csv.writer(target, quoting=csv.QUOTE_ALL).writerow([kind, defused(written)])
    target.flush()
    ((kind, cell_read),) = csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline=""))
    read = undefused(cell_read)
    assert (json.loads(read) if kind == "text/json" else read) == text


def test_no_value_and_an_empty_text_are_told_apart() -> None:
    assert in_a_cell(None) == ("null", "")
    assert in_a_cell("") == ("text", "")


def test_equal_answers_are_equal_bytes() -> None:
    made = csv_zip(astrid(), policy())
    assert made == csv_zip(astrid(), policy())
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for file in archive.infolist():
            assert (file.date_time, file.compress_type) == (EARLIEST, zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\x", "a\x00b", "C:/x"])
def test_an_attached_file_is_unpacked_inside_its_folder(name: str) -> None:
    found = files(extract(attached={name: b"1"}))
    (inside,) = [each for each in found if each != "readme.txt"]
    assert inside.startswith("files/")
    assert ".." not in inside
    assert not {"\0", "\\", ":"} & set(inside)


@pytest.mark.fact("R5")
def test_what_is_to_be_taken_along_is_there_as_json_and_csv_with_their_schemas() -> None:
    record = Record("crm", "customer", "1", "konsult", (cell("name", "Astrid", "contact.name", CUSTOMER),))
    answer = replace(extract(record, kind="port"), not_carried={NotCarried.OBSERVED: 7})
    found = files(answer)
    assert "7 uppgifter" in found["readme.txt"].decode("utf-8-sig")
    data = json.loads(found["data.json"])
    jsonschema.Draft202012Validator(json.loads(found["data.schema.json"])).validate(data)
    assert found["data.json"] == b"".join(json_chunks(answer, policy()))
    described = json.loads(found["csv-metadata.json"])
    (table,) = described["tables"]
    assert list(rows(found[table["url"]])[0]) == [column["name"] for column in table["tableSchema"]["columns"]]
