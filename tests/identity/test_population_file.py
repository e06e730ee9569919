"""The batch file: every error has its line, no size is too large, and a line that cannot be read may be theirs."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.adapters.population_file import COLUMNS, MOST, PopulationFile
from ombud.rights.population import Entry, NotFound, Permanent
from tests.identity.people import ANNA, CARE_OF, MARKED, STRANGER
from tests.identity.test_population import line, written

HEADER = ";".join(COLUMNS)
RIGHT = ";".join(line(ANNA)[column] for column in COLUMNS)


def put(path: Path, *lines: str, encoding: str = "utf-8") -> PopulationFile:
    path.write_bytes("".join(f"{each}\n" for each in lines).encode(encoding))
    return PopulationFile(path)


def without(column: str, value: str = "") -> str:
    said = line(ANNA) | {column: value}
    return ";".join(said[each] for each in COLUMNS)


WRONG = [
    (without("confidential"), "confidential is neither JA nor NEJ"),
    (without("protected_registration", "ja"), "protected_registration is neither JA nor NEJ"),
    (without("personnummer", "19811218-9870"), "no personnummer"),
    (without("status", "moved"), "an unknown status"),
    (without("as_of", "2027-13-11"), "as_of is no day"),
    (without("as_of", "2027-01-11T08:00:00"), "as_of is no day"),
    (RIGHT + ";more", "13 fields, and 12 columns"),
    (without("name", '"Anna'), "quotation marks that do not close"),
    (without("name", "x" * 10_001), "longer than 10000 bytes"),
]


@pytest.mark.parametrize(("text", "why"), WRONG)
def test_a_wrong_line_is_named_by_its_number_and_nothing_of_it_is_told(tmp_path: Path, text: str, why: str) -> None:
    file = put(tmp_path / "people.csv", HEADER, RIGHT, "", text)
    (finding,) = file.check()
    assert (finding.code, finding.place.line) == ("I001", 4)
    assert finding.message.startswith(why)
    assert "Anna" not in str(finding)
    assert ANNA.number not in str(finding)


def test_bytes_that_are_not_utf_8_are_told_with_their_line_and_place(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(f"{HEADER}\n{RIGHT}\n".encode() + "Örjan;x\n".encode("latin-1"))
    (finding,) = PopulationFile(path).check()
    assert (finding.place.line, finding.message) == (3, "byte 1 is not UTF-8")


def test_nobody_is_not_found_while_a_line_that_cannot_be_read_may_be_theirs(tmp_path: Path) -> None:
    file = put(tmp_path / "people.csv", HEADER, RIGHT, without("confidential"))
    assert file.look_up(ANNA.number) == ANNA
    with pytest.raises(Permanent, match="1 lines cannot be read"):
        file.look_up(STRANGER)


def test_a_number_that_stands_twice_is_no_answer(tmp_path: Path) -> None:
    file = put(tmp_path / "people.csv", HEADER, RIGHT, without("confidential", "JA"))
    with pytest.raises(Permanent, match="line 3: a number that stood before"):
        file.look_up(ANNA.number)


def test_columns_stand_in_any_order_and_all_of_them(tmp_path: Path) -> None:
    turned = tuple(reversed(COLUMNS))
    text = ";".join(line(ANNA)[column] for column in turned)
    assert put(tmp_path / "turned.csv", ";".join(turned), text).look_up(ANNA.number) == ANNA
    with pytest.raises(Permanent, match="lacking: as_of"):
        put(tmp_path / "short.csv", ";".join(COLUMNS[:-1])).look_up(ANNA.number)
    with pytest.raises(Permanent, match="is empty"):
        put(tmp_path / "empty.csv").look_up(ANNA.number)
    with pytest.raises(Permanent, match="cannot be read"):
        PopulationFile(tmp_path / "away.csv").look_up(ANNA.number)


def test_a_byte_order_mark_and_carriage_returns_are_no_errors(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(f"\ufeff{HEADER}\r\n{RIGHT}\r\n".encode())
    assert PopulationFile(path).look_up(ANNA.number) == ANNA


def test_a_date_is_the_end_of_that_day_in_sweden(tmp_path: Path) -> None:
    found = put(tmp_path / "people.csv", HEADER, without("as_of", "2027-01-11")).look_up(ANNA.number)
    assert isinstance(found, Entry)
    assert found.as_of.isoformat() == "2027-01-11T23:59:59.999999+01:00"


def test_many_are_looked_up_in_one_pass(tmp_path: Path) -> None:
    file = written(tmp_path / "people.csv")
    found = file.look_up_all([ANNA.number, MARKED.number, STRANGER])
    assert (found[ANNA.number], found[MARKED.number]) == (ANNA, MARKED)
    assert isinstance(found[STRANGER], NotFound)


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    other = ";".join(line(CARE_OF)[column] for column in COLUMNS)
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEADER + "\n")
        stream.writelines(f"{other}\n" for _ in range(4_000))
        stream.write(RIGHT + "\n")
    assert path.stat().st_size > 400_000
    tracemalloc.start()
    assert PopulationFile(path).look_up(ANNA.number) == ANNA
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200_000


def test_of_a_file_full_of_errors_the_first_hundred_are_told(tmp_path: Path) -> None:
    file = put(tmp_path / "people.csv", HEADER, *[without("status", "x")] * (MOST + 20))
    assert len(file.check()) == MOST


@settings(max_examples=50)
@given(st.lists(st.binary(max_size=200), max_size=8))
def test_whatever_stands_there_is_an_entry_or_an_error_with_its_line(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("any") / "people.csv"
    path.write_bytes(b"\n".join([HEADER.encode(), *lines]))
    for finding in PopulationFile(path).check():
        assert finding.place.line > 1
