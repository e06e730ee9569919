"""A request about whoever has a flag in a source stops by itself, before anything is decided or delivered."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from examples.cag.people import Person
from examples.cag.situations import ASTRID, FARID, GRETA
from ombud.app.example import lay_out
from ombud.app.loaded import Refused
from ombud.app.requests.answering import deliver
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


def test_a_flag_that_is_raised_while_an_answer_waits_stops_its_delivery(desk: Desk, tmp_path: Path) -> None:
    opened = worked(desk, GRETA)
    assert opened.request.state is State.CARRIED_OUT
    with closing(sqlite3.connect(desk.loaded.project.directory / "crm.db")) as crm, crm:
        crm.execute("UPDATE customer SET protected = 1 WHERE email = ?", (GRETA.email,))
    with pytest.raises(Refused) as refused:
        deliver(desk, opened, tmp_path / "out", "post", "KL")
    assert [each.code for each in refused.value.findings] == ["C147"]
    assert not (tmp_path / "out").exists()


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
