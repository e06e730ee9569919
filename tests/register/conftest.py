"""A register in each kind of database that can hold one, and the people and instants of its stories."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ombud.register import open_register
from ombud.register.model import Entry, Identity
from ombud.register.retention import KEPT
from ombud.rights.model import Part, Request, RequestKind
from tests.conftest import empty_database

if TYPE_CHECKING:
    from ombud.register.store import Store

SECRET = b"a secret of thirty-two characters"
NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
TODAY = date(2026, 6, 1)

ADA = Identity("email", "a" * 64, "ada@x.example")
BO = Identity("email", "b" * 64, "bo@x.example")

EMPTIED = (
    "SET session_replication_role = replica; TRUNCATE ombud_person, ombud_counter, ombud_approval, ombud_disclosure "
    "CASCADE; SET session_replication_role = DEFAULT"
)
"""Rid of a story: a replica's session fires no triggers, which would keep what is only added."""


def wish(kind: RequestKind = RequestKind.ACCESS, day: date = TODAY) -> Request:
    """A request as it comes in, with two sources to ask."""
    return Request("", kind, day, parts={"crm": Part.PENDING, "shop": Part.PENDING})


def entry(kind: str = "received", note: str = "", day: date = TODAY) -> Entry:
    return Entry(kind, day, NOW, "person", note=note, payload={"by": "web"})


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register in a file, with its tables and nothing in them."""
    state = tmp_path_factory.mktemp("made") / ".ombud"
    open_register(None, state, SECRET).close()
    return state / "requests.db"


@pytest.fixture(scope="session")
def made_server(postgresql_database: str, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The same in PostgreSQL."""
    return open_register(empty_database(postgresql_database), tmp_path_factory.mktemp("server") / ".ombud", SECRET)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A register in each kind of database: the same stories hold in both."""
    if request.param == "sqlite":
        state = tmp_path / ".ombud"
        state.mkdir()
        (state / "requests.db").write_bytes(request.getfixturevalue("made_file").read_bytes())
        store = open_register(None, state, SECRET)
    else:
        store = request.getfixturevalue("made_server")
        store._execute(EMPTIED, [])
        store.kept = KEPT
    yield store
    store.close()
