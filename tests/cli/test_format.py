"""A project's files in one form, that say what they said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Place

UGLY = """\
# The shop.
source:   shop
company: north
times:    {encoding:   date}
grace: 2
subjects:
      customer:  {table: customer, identifiers: {email: email}}   # by e-mail
tables:
    customer:
        owner: customer
        born: created
        purposes: { delivery: all }



        moments: {ended: ended_at}
        columns: {name: contact.name, email: "contact.email"}
    orders:
        # whose it is
        links: {customer: {by: customer_id, if_none: not_yet}}
        born: placed
        purposes: {delivery: all, bookkeeping: [goods]}
        moments: {booked: placed}
        columns: {goods: purchases, deliver_to: contact.name}
"""

FORMED = """\
# The shop.
source: shop
company: north
times: {encoding: date}
grace: 2
subjects:
  customer: {table: customer, identifiers: {email: email}}        # by e-mail
tables:
  customer:
    owner: customer
    born: created
    purposes: {delivery: all}

    moments: {ended: ended_at}
    columns: {name: contact.name, email: "contact.email"}
  orders:
    # whose it is
    links: {customer: {by: customer_id, if_none: not_yet}}
    born: placed
    purposes: {delivery: all, bookkeeping: [goods]}
    moments: {booked: placed}
    columns: {goods: purchases, deliver_to: contact.name}
"""


@pytest.fixture
def shop(bare: Place) -> Path:
    """A map that somebody typed in a hurry."""
    bare.write("datamap/shop.yaml", UGLY)
    return bare.directory / "datamap/shop.yaml"


def test_a_file_gets_its_form_and_says_the_same(bare: Place, shop: Path) -> None:
    before = bare.run("check", "--live")
    result = bare.run("format")
    assert result.exit_code == 0, result.output
    assert shop.read_text(encoding="utf-8") == FORMED
    assert bare.run("check", "--live").stdout == before.stdout
    assert "Every file has its form" in bare.run("format").stdout


def test_a_check_writes_nothing_and_shows_the_difference(bare: Place, shop: Path) -> None:
    result = bare.run("format", str(shop), "--check")
    assert result.exit_code == 1
    assert "-source:   shop" in result.stdout
    assert shop.read_text(encoding="utf-8") == UGLY
    bare.run("format")
    assert bare.run("format", "--check").exit_code == 0


def test_a_files_rights_stay_and_nothing_is_left_beside_it(bare: Place, shop: Path) -> None:
    shop.chmod(0o640)
    bare.run("format")
    assert shop.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in shop.parent.iterdir()) == ["desk.yaml", "shop.yaml"]


def test_a_link_to_a_file_stays_a_link(bare: Place, shop: Path) -> None:
    there = shop.rename(bare.directory / "elsewhere.yaml")
    shop.symlink_to(there)
    bare.run("format")
    assert shop.is_symlink()
    assert there.read_text(encoding="utf-8") == FORMED


@pytest.mark.parametrize("text", ["a: [", "a: &x 1\n", "a: 1\na: 2\n", "", "\0", "x: \udcff"])
def test_what_cannot_be_read_is_told_and_left(bare: Place, shop: Path, text: str) -> None:
    shop.write_bytes(text.encode("utf-8", "surrogateescape"))
    result = bare.run("format")
    assert result.exit_code == 1
    assert "error P00" in result.stderr
    assert shop.read_bytes() == text.encode("utf-8", "surrogateescape")


def test_what_has_no_form_is_left_and_told_with_its_line(bare: Place, shop: Path) -> None:
    text = UGLY.replace("company: north", "company:  # ours\n  north")
    shop.write_text(text, encoding="utf-8")
    for options in ((), ("--check",)):
        result = bare.run("format", *options)
        assert result.exit_code == 0
        assert "shop.yaml:4:1: warning C083: the whole file is left as it is: a comment stands between" in result.stderr
        assert "Every other file has its form." in result.stdout
        assert shop.read_text(encoding="utf-8") == text


def test_a_file_with_two_names_keeps_both(bare: Place, shop: Path) -> None:
    other = bare.directory / "other.yaml"
    other.hardlink_to(shop)
    bare.run("format")
    assert other.samefile(shop)
    assert other.read_text(encoding="utf-8") == FORMED


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_files_owner_stays(bare: Place, shop: Path) -> None:
    os.chown(shop, 1234, 4321)
    bare.run("format")
    assert (shop.stat().st_uid, shop.stat().st_gid) == (1234, 4321)
    assert shop.read_text(encoding="utf-8") == FORMED


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_an_owner_that_cannot_be_given_stays_too(bare: Place, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    os.chown(shop, 1234, 4321)
    before = shop.stat()
    monkeypatch.setattr(os, "chown", refuse)
    bare.run("format")
    assert (shop.stat().st_ino, shop.stat().st_uid) == (before.st_ino, 1234), "it is the file that it was"
    assert shop.read_text(encoding="utf-8") == FORMED
    assert sorted(each.name for each in shop.parent.iterdir()) == ["desk.yaml", "shop.yaml"]


def test_a_file_that_is_not_there_is_told(bare: Place) -> None:
    result = bare.run("format", str(bare.directory / "none.yaml"))
    assert result.exit_code == 1
    assert "C029" in result.stderr
