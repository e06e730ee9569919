"""The example's databases hold what its page says: invented people only, in every situation, the same every time."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from stdnum import luhn

from examples.cag.databases import SOURCES, build
from examples.cag.days import ZONE, add_months

TODAY = date(2026, 11, 23)
ROW = list[tuple[object, ...]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cag")
    build(path, TODAY)
    return path


def rows(folder: Path, source: str, query: str) -> ROW:
    with closing(sqlite3.connect(folder / f"{source}.db")) as connection:
        return connection.execute(query).fetchall()


def dump(folder: Path) -> list[str]:
    lines: list[str] = []
    for source in SOURCES:
        with closing(sqlite3.connect(folder / f"{source}.db")) as connection:
            lines.extend(connection.iterdump())
    return lines


def everything(folder: Path) -> Iterator[str]:
    """Every text in every row."""
    for source in SOURCES:
        for (table,) in rows(folder, source, "SELECT name FROM sqlite_master WHERE type = 'table'"):
            for row in rows(folder, source, f"SELECT * FROM {table}"):
                yield from (value for value in row if isinstance(value, str))


def test_the_same_day_and_seed_give_the_same_rows(folder: Path, tmp_path: Path) -> None:
    build(tmp_path / "again", TODAY)
    build(tmp_path / "other", TODAY, seed=2)
    assert dump(tmp_path / "again") == dump(folder)
    assert dump(tmp_path / "other") != dump(folder)


def test_building_over_old_databases_replaces_them(tmp_path: Path) -> None:
    build(tmp_path, TODAY)
    first = dump(tmp_path)
    build(tmp_path, TODAY)
    assert dump(tmp_path) == first


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 3, 29), date(2025, 12, 31), date(2027, 1, 1)])
def test_it_can_be_built_on_any_day_of_the_calendar(tmp_path: Path, today: date) -> None:
    build(tmp_path, today)
    assert rows(tmp_path, "crm", "SELECT count(*) FROM customer") > [(200,)]


def test_no_declared_reference_points_nowhere(folder: Path) -> None:
    for source in SOURCES:
        assert rows(folder, source, "PRAGMA foreign_key_check") == []


def test_every_address_domain_and_telephone_number_is_reserved_for_fiction(folder: Path) -> None:
    for text in everything(folder):
        for domain in re.findall(r"(?<=\S)@\S+", text):
            assert re.search(r"(\.example|[@.]example\.(org|com|net))$", domain.lower()), domain
        if re.fullmatch(r"[\d -]{9,}", text) and text.startswith("07"):
            assert 1740605 <= int(re.sub(r"\D", "", text)) - 700000000 <= 1740699


def test_personal_identity_numbers_have_a_right_check_digit_and_a_test_serial(folder: Path) -> None:
    numbers = [str(n) for (n,) in rows(folder, "crm", "SELECT pnr FROM customer WHERE pnr IS NOT NULL")]
    assert len(numbers) > 100
    for number in numbers:
        ten = re.sub(r"\D", "", number)[-10:]
        assert luhn.is_valid(ten)
        assert 980 <= int(ten[6:9]) <= 999


def month_clock(texts: ROW, months: int, zone: str) -> set[int]:
    """How many days ago the last day was, for each row: 1 is due today, 0 is due tomorrow."""
    late = set()
    for (text,) in texts:
        when = datetime.fromisoformat(str(text))
        day = when.date() if zone == "local" else when.replace(tzinfo=UTC).astimezone(ZONE).date()
        late.add((TODAY - add_months(day, months)).days)
    return late


@pytest.mark.parametrize(
    ("source", "query", "months", "zone"),
    [
        ("crm", "SELECT ended_at FROM customer WHERE ended_at NOT LIKE '%-02-30'", 12, "local"),
        ("crm", "SELECT submitted_at FROM lead", 3, "UTC"),
        ("support", "SELECT max(happened_at) FROM case_event GROUP BY case_id", 12, "local"),
        ("support", "SELECT received_at FROM social_message", 12, "local"),
        ("events", "SELECT registered_at FROM registration", 3, "local"),
        ("recruitment", "SELECT closed_on FROM process WHERE closed_on <> '9999-12-31'", 12, "local"),
        ("security", "SELECT datetime(at, 'unixepoch') FROM security_log", 3, "UTC"),
        ("security", "SELECT datetime(at_ms / 1000, 'unixepoch') FROM download_error", 3, "UTC"),
    ],
)
def test_where_a_clock_runs_some_rows_are_due_today_and_some_tomorrow(
    folder: Path, source: str, query: str, months: int, zone: str
) -> None:
    late = month_clock(rows(folder, source, query), months, zone)
    assert {0, 1} <= late
    assert max(late) > 190
    assert min(late) < 0


def test_a_quote_counts_the_day_of_the_request_itself(folder: Path) -> None:
    late = month_clock(rows(folder, "crm", "SELECT requested_at FROM quote WHERE customer_id IS NULL"), 12, "UTC")
    assert {0, -1} <= late  # its last day is the day before the anniversary


def test_vouchers_stand_on_both_sides_of_the_seven_years_in_each_company(folder: Path) -> None:
    for company, last_dead, first_alive in (("BK", "2018-08-31", "2018-09-01"), ("BD", "2018-12-31", "2019-01-01")):
        booked = {day for (day,) in rows(folder, "crm", f"SELECT booked FROM invoice WHERE company = '{company}'")}
        assert {last_dead, first_alive, None} & booked >= {last_dead, first_alive}


@pytest.mark.parametrize(
    ("source", "query"),
    [
        ("crm", "SELECT 1 FROM customer GROUP BY email, company HAVING count(*) > 1 AND count(ended_at) = 1"),
        ("crm", "SELECT 1 FROM customer GROUP BY email HAVING count(DISTINCT name) > 1"),
        ("crm", "SELECT 1 FROM customer GROUP BY name HAVING count(DISTINCT email) > 1"),
        ("crm", "SELECT 1 FROM customer GROUP BY email HAVING count(DISTINCT company) > 1"),
        ("crm", "SELECT 1 FROM customer WHERE protected = 1 AND street IS NULL"),
        ("crm", "SELECT 1 FROM customer WHERE company = 'BN'"),
        ("crm", "SELECT 1 FROM customer WHERE ended_at LIKE '%-02-30'"),
        ("crm", "SELECT 1 FROM quote WHERE email GLOB '*[A-Z]*'"),
        ("crm", "SELECT 1 FROM invoice WHERE booked IS NULL"),
        ("crm", "SELECT 1 FROM marketing_contact WHERE customer_id NOT IN (SELECT id FROM customer)"),
        ("support", "SELECT 1 FROM case_event WHERE event = 'reopened'"),
        ("events", "SELECT 1 FROM event WHERE ends IS NULL AND date(starts) = '2026-11-22'"),
        ("events", "SELECT 1 FROM allergy WHERE registration_id IS NULL"),
        ("recruitment", "SELECT 1 FROM application WHERE future_withdrawn_at > future_consent_at"),
        ("recruitment", "SELECT 1 FROM application WHERE outcome IS NULL"),
        ("newsletter", "SELECT 1 FROM subscriber WHERE opted_out_at LIKE '2026-11-2%'"),
        ("security", "SELECT 1 FROM security_log WHERE account_id IS NULL"),
    ],
)
def test_every_situation_the_page_tells_is_there(folder: Path, source: str, query: str) -> None:
    assert rows(folder, source, query)
