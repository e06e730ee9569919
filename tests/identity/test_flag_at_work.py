"""A request about whoever has a flag in a source stops by itself, before anything is decided or delivered."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from examples.cag.people import Person
from examples.cag.situations import ASTRID, FARID
from ombud.app.example import lay_out
from ombud.app.requests.desk import Asked, Desk, Opened, open_desk
from ombud.app.requests.receiving import Incoming, Shown, identify, receive
from ombud.app.requests.working import work
from ombud.rights.model import Proof, RequestKind, State
from tests.identity.test_protecting import loaded_in


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("cag")
    lay_out(folder, date(2026, 11, 23))
    return open_desk(loaded_in(folder))


def worked(desk: Desk, person: Person) -> Opened:
    asked = Asked((f"email={person.email}",))
    opened = receive(desk, Incoming(RequestKind.ACCESS, asked), by="KL")
    opened = identify(desk, opened, Shown(Proof.E_IDENTIFICATION, "BankID"), by="KL")
    return work(desk, opened.id).opened


@pytest.mark.fact("R1")
def test_whoever_has_a_flag_is_protected_before_anybody_has_looked(desk: Desk) -> None:
    opened = worked(desk, FARID)
    assert opened.request.protected
    assert opened.request.state is State.REVIEW
    person = desk.store.person(opened.case.person)
    assert person.protection is not None
    assert (person.protection.why, person.protection.seen_by) == ("flag in crm.customer.protected", ())


def test_nobody_else_is(desk: Desk) -> None:
    opened = worked(desk, ASTRID)
    assert not opened.request.protected
    assert desk.store.person(opened.case.person).protection is None


def test_where_the_flag_cannot_be_read_somebody_looks_and_nothing_is_remembered(desk: Desk, tmp_path: Path) -> None:
    crm = desk.loaded.project.directory / "crm.db"
    crm.rename(tmp_path / "crm.db")
    try:
        with closing(sqlite3.connect(crm)) as empty:
            empty.execute("CREATE TABLE other (id INTEGER PRIMARY KEY)")
        opened = worked(desk, ASTRID)
    finally:
        (tmp_path / "crm.db").replace(crm)
    assert opened.request.state is State.REVIEW
    assert not opened.request.protected
