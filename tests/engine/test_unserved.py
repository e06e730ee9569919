"""What the engine cannot do yet it refuses before it looks at a row: half of it would be a wrong deletion."""

from __future__ import annotations

from dataclasses import replace

from ombud.datamap.model import SourceMap
from ombud.datamap.schema import Schema
from ombud.engine.unserved import unserved
from ombud.sql.dialect import POSTGRESQL, SQLITE
from ombud.sql.mariadb import MARIADB
from tests.claims.shop import CUSTOMER, CUSTOMERS, cell, kind

NO_TABLES = Schema({})


def test_a_table_without_a_key_is_refused_what_needs_one() -> None:
    source = SourceMap("crm", {"customer": replace(CUSTOMER, key=())}, {"customer": CUSTOMERS})
    assert list(unserved(source, NO_TABLES, SQLITE)) == [
        "customer is the table of customer, and a person is known by the key of their row"
    ]


def test_a_key_that_no_path_of_sqlite_reaches_is_refused_there() -> None:
    inside = kind("deliver", {}, cell("profile", json=('say "when"',)))
    source = SourceMap("crm", {"customer": replace(CUSTOMER, kinds=(inside,))}, {"customer": CUSTOMERS})
    assert list(unserved(source, NO_TABLES, SQLITE)) == [
        "customer.profile: SQLite cannot name a JSON key that has a quotation mark"
    ]
    assert list(unserved(source, NO_TABLES, POSTGRESQL)) == []


def test_what_mariadb_cannot_do_yet_is_refused_there() -> None:
    log = replace(CUSTOMER, name="log", key=(), owners=())
    source = SourceMap("crm", {"customer": CUSTOMER, "log": log}, {"customer": CUSTOMERS})
    assert list(unserved(source, NO_TABLES, MARIADB)) == ["log: MariaDB names no row of a table without a key"]
