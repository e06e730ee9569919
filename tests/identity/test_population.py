"""One law for the population register, whoever answers: memory, people with a telephone, a file, or the service."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ombud.adapters.population_by_hand import ByHand
from ombud.adapters.population_file import COLUMNS, PopulationFile
from ombud.adapters.population_spar import Settings, Spar
from ombud.rights.population import Entry, NotFound, PopulationRegister, Status
from tests.identity.people import (
    ANNA,
    BOTH,
    CARE_OF,
    COORDINATED,
    EVERYBODY,
    HOME,
    MARKED,
    NOW,
    SHELTERED,
    STRANGER,
    Fake,
)
from tests.identity.spar.server import WSDL, Service, serving

KEY = b"k" * 32


def typed(folder: Path, entries: tuple[Entry, ...] = EVERYBODY) -> ByHand:
    """Entries typed by one and confirmed by another."""
    register = ByHand(folder, KEY, lambda: NOW, os.urandom)
    for entry in entries:
        register.type_in(entry, "maria")
        register.confirm(entry, "johan")
    return register


def line(entry: Entry) -> dict[str, str]:
    address = entry.address
    lines = (*address.lines, "", "")[:2] if address else ("", "")
    return {
        "personnummer": entry.number, "name": entry.name, "care_of": address.care_of if address else "",
        "address_1": lines[0], "address_2": lines[1], "postcode": address.postcode if address else "",
        "city": address.city if address else "", "country": address.country if address else "",
        "confidential": "JA" if entry.confidential else "NEJ",
        "protected_registration": "JA" if entry.protected_registration else "NEJ",
        "status": str(entry.status), "as_of": entry.as_of.isoformat(),
    }  # fmt: skip


def written(path: Path, entries: tuple[Entry, ...] = EVERYBODY) -> PopulationFile:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(line, entries))
    path.write_text(text.getvalue(), encoding="utf-8")
    return PopulationFile(path)


def given(service: Service, wsdl: Path = WSDL) -> Settings:
    pair = service.client
    return Settings(
        str(wsdl), service.url, str(pair.certificate), str(pair.key), str(service.authority.path), 500001, 500001, 1
    )


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("spar"), EVERYBODY) as running:
        yield running


def spar(service: Service) -> Spar:
    return Spar(given(service), "maria", lambda: NOW)


@pytest.fixture(params=["memory", "by hand", "file", "service"])
def register(request: pytest.FixtureRequest, tmp_path: Path, service: Service) -> PopulationRegister:
    made: dict[str, Callable[[], PopulationRegister]] = {
        "memory": Fake,
        "by hand": lambda: typed(tmp_path / "hand"),
        "file": lambda: written(tmp_path / "people.csv"),
        "service": lambda: spar(service),
    }
    return made[request.param]()


def test_an_entry_comes_back_whole(register: PopulationRegister) -> None:
    for entry in EVERYBODY:
        assert register.look_up(entry.number) == entry


def test_a_number_is_the_same_however_it_is_written(register: PopulationRegister) -> None:
    short = f"{ANNA.number[2:8]}-{ANNA.number[8:]}"
    assert register.look_up(short) == register.look_up(f" {ANNA.number} ") == ANNA
    assert register.look_up(COORDINATED.number) == COORDINATED


def test_both_flags_are_understood_and_each_protects(register: PopulationRegister) -> None:
    flags = {}
    for entry in (ANNA, MARKED, SHELTERED, BOTH):
        found = register.look_up(entry.number)
        assert isinstance(found, Entry)
        flags[entry.name] = (found.confidential, found.protected_registration, found.protected)
    assert list(flags.values()) == [
        (False, False, False), (True, False, True), (False, True, True), (True, True, True),
    ]  # fmt: skip


@pytest.mark.fact("R1")
def test_the_registered_address_is_given_and_of_a_protected_identity_there_is_none(
    register: PopulationRegister,
) -> None:
    addresses = []
    for entry in (ANNA, CARE_OF, MARKED, SHELTERED):
        found = register.look_up(entry.number)
        assert isinstance(found, Entry)
        addresses.append(found.address)
    assert addresses == [HOME, CARE_OF.address, None, None]


def test_who_died_moved_away_or_changed_number_is_said(register: PopulationRegister) -> None:
    found = [register.look_up(entry.number) for entry in EVERYBODY]
    assert [each.status for each in found if isinstance(each, Entry)].count(Status.REGISTERED) == 6
    assert {each.status for each in found if isinstance(each, Entry)} == set(Status)


@pytest.mark.parametrize("asked", [STRANGER, "811218-0000", "not a number", ""])
def test_nobody_is_found_by_another_number_nor_by_what_is_none(register: PopulationRegister, asked: str) -> None:
    assert isinstance(register.look_up(asked), NotFound)


def test_an_answer_says_as_of_when_and_nothing_else_of_it_prints(register: PopulationRegister) -> None:
    for entry in EVERYBODY:
        found = register.look_up(entry.number)
        assert found.as_of.tzinfo is not None
        for secret in (entry.number, entry.name, "Storgatan", "Norrskog"):
            assert secret not in repr(found)
            assert secret not in str(found)


def test_an_address_beside_a_flag_is_not_kept_whoever_says_it() -> None:
    for flags in ((True, False), (False, True)):
        assert Entry(ANNA.number, ANNA.name, HOME, *flags, Status.REGISTERED, NOW).address is None
