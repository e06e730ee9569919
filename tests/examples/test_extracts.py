"""What the example's named people are answered: every row of theirs, and none of anybody else's."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from examples.cag import situations
from examples.cag.people import Person
from ombud.app.example import lay_out
from ombud.app.extracting import extract
from ombud.app.loaded import Loaded, Surroundings, load
from ombud.app.planning import sweep_of
from ombud.app.sources import opened
from ombud.documents.extract import Datum, Extract, Hold, Record, Why
from ombud.rights.model import RequestKind

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def cag(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The example, with what ombud keeps beside each of its databases."""
    loaded = made(tmp_path_factory.mktemp("cag") / "project")
    digest, _ = loaded.keys()
    for name in loaded.datamap.sources:
        with opened(loaded, name) as source:
            sweep_of(source, loaded, digest, "none", TODAY).prepare()
    return loaded


def made(folder: Path) -> Loaded:
    lay_out(folder, TODAY)
    loaded, findings = load(folder, Surroundings({}, lambda: datetime(2026, 11, 23, 10, tzinfo=UTC), os.urandom))
    assert loaded is not None, findings
    return loaded


def rows(answer: Extract) -> Counter[tuple[str, str]]:
    return Counter((each.source, each.table) for each in answer.records)


def datum(answer: Extract, source: str, table: str, name: str) -> Datum:
    found = [d for r in answer.records if (r.source, r.table) == (source, table) for d in r.data if d.name == name]
    return found[0]


def words(answer: Extract) -> str:
    return "\n".join(str(each.value) for record in answer.records for each in record.data)


def written(loaded: Loaded, source: str, table: str, **wanted: str) -> set[str]:
    """The keys of the rows in which this stands, as the database itself says."""
    with closing(sqlite3.connect(loaded.project.directory / f"{source}.db")) as there:
        which = " AND ".join(f"{column} = ?" for column in wanted)
        return {str(key) for (key,) in there.execute(f"SELECT id FROM {table} WHERE {which}", tuple(wanted.values()))}


@pytest.mark.fact("R1")
def test_astrid_is_told_of_every_row_in_all_six_databases_and_of_nobody_elses(cag: Loaded) -> None:
    answer = extract(cag, [f"email={situations.ASTRID.email.upper()}"], "request 1")
    assert answer.perhaps == 0
    assert set(answer.read) == {"crm", "support", "events", "recruitment", "newsletter", "security"}
    for source, table in (
        ("crm", "customer"),
        ("crm", "invoice"),
        ("crm", "marketing_contact"),
        ("events", "registration"),
        ("newsletter", "subscriber"),
        ("security", "account"),
        ("support", "support_case"),
    ):
        keys = {each.key for each in answer.records if (each.source, each.table) == (source, table)}
        assert keys == written(cag, source, table, email=situations.ASTRID.email), (source, table)
    assert rows(answer)["crm", "order_line"] == 2
    others = [each for each in situations.CUSTOMERS if each is not situations.ASTRID]
    assert not [each.name for each in others if each.name in words(answer)]


@pytest.mark.fact("R1")
def test_each_datum_says_for_what_it_is_held_on_which_basis_until_when_and_where_it_came_from(cag: Loaded) -> None:
    answer = extract(cag, [f"email={situations.ASTRID.email}"], "request 1")
    name = datum(answer, "crm", "invoice", "name")
    (held,) = name.holds
    assert (held.purpose, held.basis, held.until, held.why) == (
        "bookkeeping",
        "legal_obligation",
        date(2029, 12, 31),
        "",
    )
    assert "bokföringslagen" in held.statutes[0]
    assert (name.category, name.provenance) == ("contact.name", "provided")
    assert datum(answer, "crm", "product_use", "device_model").provenance == "observed"
    asked_for = datum(answer, "newsletter", "subscriber", "email").holds
    assert Hold("newsletter", "consent", None, Why.NOT_YET, (), "newsletter_opted_out") in asked_for


def test_a_row_says_when_it_was_and_a_counted_second_is_told_as_a_time(cag: Loaded) -> None:
    answer = extract(cag, [f"email={situations.ASTRID.email}"], "request 1")
    ordered = datum(answer, "crm", "orders", "ordered_at")
    assert (ordered.value, ordered.category, ordered.holds) == ("2021-12-22 12:05:00", "", ())
    opened = datum(answer, "security", "account", "opened_at").value
    assert isinstance(opened, datetime)
    assert str(opened.tzinfo) == "Europe/Stockholm"


@pytest.mark.fact("R1")
@pytest.mark.parametrize(("asked", "other"), [(situations.ELSA, situations.EMIL), (situations.EMIL, situations.ELSA)])
def test_who_shares_an_address_is_told_what_is_theirs_by_their_number_and_not_what_came_to_the_address(
    cag: Loaded, asked: Person, other: Person
) -> None:
    answer = extract(cag, [f"personnummer={asked.pnr}"], "request 1")
    assert rows(answer)["crm", "customer"] == 1
    assert datum(answer, "crm", "customer", "name").value == asked.name
    assert other.name not in words(answer)
    assert answer.perhaps > 0


@pytest.mark.fact("R1")
def test_by_an_address_that_two_have_nothing_is_certain(cag: Loaded) -> None:
    answer = extract(cag, [f"email={situations.ELSA.email}"], "request 1")
    assert answer.records == ()
    assert answer.perhaps > 1


@pytest.mark.fact("R1")
@pytest.mark.parametrize(
    ("asked", "other"),
    [
        (situations.KARIN, situations.KARIN_TOO),
        (situations.KARIN_TOO, situations.KARIN),
        (situations.ASA, situations.ASA_TWIN),
        (situations.ASA_TWIN, situations.ASA),
    ],
)
def test_namesakes_and_collation_twins_are_told_of_themselves_alone(cag: Loaded, asked: Person, other: Person) -> None:
    answer = extract(cag, [f"email={asked.email}"], "request 1")
    assert datum(answer, "crm", "customer", "name").value == asked.name
    assert asked.street in words(answer)
    assert other.street not in words(answer)
    assert other.email not in words(answer)


def test_a_row_that_somebody_decided_is_theirs_is_named_by_its_key(cag: Loaded) -> None:
    (one, two) = written(cag, "crm", "customer", email=situations.DAVID.email)
    by_address = extract(cag, [f"email={situations.DAVID.email}"], "request 1")
    assert rows(by_address)["crm", "customer"] == 0
    decided = extract(cag, [f"crm/customer/{one}", f"crm/customer/{two}"], "request 1")
    assert rows(decided)["crm", "customer"] == 2


def test_each_way_of_asking_a_source_tells_the_same(cag: Loaded, tmp_path: Path) -> None:
    """Where nothing is kept beside a database, its rows are read whole."""
    bare = made(tmp_path / "project")
    for asked in (f"email={situations.CECILIA.email}", f"personnummer={situations.ELSA.pnr}"):
        quick, whole = extract(cag, [asked], "request 1"), extract(bare, [asked], "request 1")
        assert set(map(said, quick.records)) == set(map(said, whole.records))
        assert (quick.perhaps, len(quick.records)) == (whole.perhaps, len(whole.records))


def said(record: Record) -> object:
    """A record, whatever the order of its cells and of what holds them."""
    return (record.source, record.table, record.key, record.company), frozenset(
        (each.name, each.value, each.category, frozenset(each.holds), each.provenance) for each in record.data
    )


def test_a_source_that_cannot_be_read_is_named_and_the_rest_is_answered(tmp_path: Path) -> None:
    loaded = made(tmp_path / "project")
    (loaded.project.directory / "recruitment.db").unlink()
    answer = extract(loaded, [f"email={situations.ASTRID.email}"], "request 1")
    assert answer.unread == ("recruitment",)
    assert "recruitment" not in answer.read
    assert rows(answer)["crm", "customer"] == 1


@pytest.mark.fact("R5")
def test_what_is_carried_away_was_provided_and_is_held_by_consent_or_contract(cag: Loaded) -> None:
    everything = extract(cag, [f"email={situations.NILS.email}"], "request 1")
    carried = extract(cag, [f"email={situations.BO.email}"], "request 1", kind=RequestKind.PORT)
    assert carried.kind == "port"
    assert carried.records
    for each in (each for record in carried.records for each in record.data):
        assert each.provenance == "provided"
        assert {hold.basis for hold in each.holds} & {"consent", "contract"}
    assert "observed" in {each.provenance for record in everything.records for each in record.data}
