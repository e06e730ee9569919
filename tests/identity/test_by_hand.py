"""By hand: one types, another confirms, and it expires; a flag holds from when somebody said it."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ombud.adapters.population_by_hand import LASTS, ByHand, NotConfirmed
from ombud.rights.population import Entry, NotFound, Permanent
from tests.identity.people import ANNA, HOME, MARKED, NOW, SHELTERED


class Desk:
    """Entries by hand, and a clock that can be set."""

    def __init__(self, folder: Path, key: bytes = b"k" * 32) -> None:
        self.now: datetime = NOW
        self.folder = folder
        self.register = ByHand(folder, key, lambda: self.now, os.urandom)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "population")


def test_what_one_person_typed_is_nothing_until_another_has_confirmed_it(desk: Desk) -> None:
    desk.register.type_in(ANNA, "maria")
    assert isinstance(desk.register.look_up(ANNA.number), NotFound)
    for same in ("maria", " Maria "):
        with pytest.raises(NotConfirmed):
            desk.register.confirm(ANNA, same)
    assert isinstance(desk.register.look_up(ANNA.number), NotFound)
    desk.register.confirm(ANNA, "johan")
    assert desk.register.look_up(ANNA.number) == ANNA


def test_one_person_who_is_written_in_two_ways_confirms_nothing(desk: Desk) -> None:
    desk.register.type_in(ANNA, "åsa")
    with pytest.raises(NotConfirmed):
        desk.register.confirm(ANNA, "A\u030asa")


def test_nobody_types_or_confirms_without_a_name(desk: Desk) -> None:
    with pytest.raises(ValueError, match="says who"):
        desk.register.type_in(ANNA, " ")
    desk.register.type_in(ANNA, "maria")
    with pytest.raises(NotConfirmed):
        desk.register.confirm(ANNA, "")


def test_two_people_who_typed_different_things_have_confirmed_nothing(desk: Desk) -> None:
    desk.register.type_in(ANNA, "maria")
    wrong = replace(ANNA, address=replace(HOME, lines=("Storgatan 11",)))
    with pytest.raises(NotConfirmed) as said:
        desk.register.confirm(wrong, "johan")
    assert "Storgatan" not in str(said.value)
    assert isinstance(desk.register.look_up(ANNA.number), NotFound)
    with pytest.raises(NotConfirmed):
        desk.register.confirm(replace(MARKED, number=SHELTERED.number), "johan")


def test_a_flag_holds_from_when_it_is_typed_and_names_nobody(desk: Desk) -> None:
    desk.register.type_in(MARKED, "maria")
    found = desk.register.look_up(MARKED.number)
    assert isinstance(found, Entry)
    assert (found.protected, found.name, found.address) == (True, "", None)


def test_a_flag_that_only_the_second_saw_holds_too(desk: Desk) -> None:
    desk.register.type_in(ANNA, "maria")
    with pytest.raises(NotConfirmed):
        desk.register.confirm(replace(ANNA, confidential=True), "johan")
    found = desk.register.look_up(ANNA.number)
    assert isinstance(found, Entry)
    assert found.confidential


def test_a_flag_is_not_taken_away_by_one_person_alone(desk: Desk) -> None:
    desk.register.type_in(MARKED, "maria")
    desk.register.confirm(MARKED, "johan")
    open_again = replace(MARKED, confidential=False, address=HOME)
    for _ in range(2):
        desk.register.type_in(open_again, "maria")
        found = desk.register.look_up(MARKED.number)
        assert isinstance(found, Entry)
        assert (found.confidential, found.name, found.address) == (True, "", None)
    desk.register.confirm(open_again, "johan")
    assert desk.register.look_up(MARKED.number) == open_again


def test_an_entry_expires_and_is_then_gone_from_the_disk(desk: Desk) -> None:
    desk.register.type_in(ANNA, "maria")
    desk.register.confirm(ANNA, "johan")
    desk.now = NOW + LASTS
    assert desk.register.look_up(ANNA.number) == ANNA
    desk.now += timedelta(seconds=1)
    assert isinstance(desk.register.look_up(ANNA.number), NotFound)
    assert [path.name for path in desk.folder.iterdir()] == [".gitignore"]


def test_a_flag_outlives_the_name(desk: Desk) -> None:
    for entry in (ANNA, MARKED):
        desk.register.type_in(entry, "maria")
        desk.register.confirm(entry, "johan")
    desk.now = NOW + 2 * LASTS
    assert desk.register.forget() == 2
    assert desk.register.forget() == 0
    found = desk.register.look_up(MARKED.number)
    assert isinstance(found, Entry)
    assert (found.protected, found.name) == (True, "")
    assert isinstance(desk.register.look_up(ANNA.number), NotFound)


def test_on_the_disk_nothing_can_be_read_without_the_key_nor_put_in_another_s_place(desk: Desk) -> None:
    for entry in (ANNA, MARKED):
        desk.register.type_in(entry, "maria")
    files = [path for path in desk.folder.iterdir() if path.name != ".gitignore"]
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for secret in (ANNA.number, "Lind", "Norrskog", "maria"):
            assert secret.encode() not in path.read_bytes()
            assert secret not in path.name
    one, other = files
    held = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(held)
    with pytest.raises(Permanent):
        desk.register.look_up(ANNA.number)


def test_another_key_knows_nobody(desk: Desk) -> None:
    desk.register.type_in(MARKED, "maria")
    assert isinstance(Desk(desk.folder, b"another key of 32 characters ...").register.look_up(MARKED.number), NotFound)
