"""A person named by a row: never whoever has its key since, and never two whose keys are written alike."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

from ombud.app.extracting import extract
from ombud.app.loaded import Surroundings, load
from ombud.app.rows import MOST
from tests.cli.conftest import Place
from tests.cli.test_request import KNOWN, asked, deliver

BEA = ("--subject", "shop/customer/2")


def codes(told: dict[str, Any]) -> list[str]:
    return [each["code"] for each in told["findings"]]


def reuse(place: Place, key: int = 2) -> None:
    """A row is removed by the application, and its key given to somebody else, whose last day is long over."""
    place.sql("shop", f"DELETE FROM customer WHERE id = {key}")
    place.sql("shop", f"INSERT INTO customer VALUES ({key}, 'Newcomer', 'new@x.example', '2019-05-31', '2020-01-01')")


def test_whoever_has_the_key_since_is_not_disclosed(project: Place) -> None:
    id = asked(project, "access", *BEA, "--by", "KL")["id"]
    reuse(project)
    assert codes(asked(project, "identify", id, *KNOWN)) == ["C146"]


def test_a_key_that_no_column_can_hold_names_no_row(project: Place) -> None:
    for key in ("9" * 5000, "9" * 20, "--2", "\u0662"):
        told = asked(project, "access", "--subject", f"shop/customer/{key}", *KNOWN)
        assert told["parts"] == {"shop": "done", "desk": "done"}


def test_a_row_that_is_gone_is_not_read(project: Place) -> None:
    id = asked(project, "access", *BEA, "--by", "KL")["id"]
    project.sql("shop", "DELETE FROM customer WHERE id = 2")
    assert codes(asked(project, "identify", id, *KNOWN)) == ["C146"]


def test_the_same_row_is_read_though_it_changed(project: Place) -> None:
    id = asked(project, "access", *BEA, "--by", "KL")["id"]
    project.sql("shop", "UPDATE customer SET name = 'Bea Berg' WHERE id = 2")
    assert asked(project, "identify", id, *KNOWN)["state"] == "carried_out"
    deliver(project, id)
    (path,) = (project.directory / "out").glob("*.json")
    assert "Bea Berg" in path.read_text("utf-8")


def test_whoever_has_the_key_since_is_not_erased(project: Place) -> None:
    told = asked(project, "erase", *BEA, *KNOWN)
    assert told["state"] == "decision"
    reuse(project)
    done = asked(project, "approve", told["id"], "--by", "KL")
    assert "C146" in codes(done)
    assert project.sql("shop", "SELECT name FROM customer WHERE id = 2") == [("Newcomer",)]


def test_an_erasure_ends_though_the_row_is_gone_by_it(project: Place) -> None:
    told = asked(project, "erase", "--subject", "shop/customer/1", *KNOWN)
    done = asked(project, "approve", told["id"], "--by", "KL") if told["state"] == "decision" else told
    assert codes(done) == []
    assert done["state"] == "carried_out"


def test_a_row_that_a_reviewer_took_in_is_the_same_later(project: Place) -> None:
    id = asked(project, "erase", "--subject", "email=home@x.example", *KNOWN)["id"]
    assert asked(project, "review", id, "--row", "shop/customer/4", "--by", "KL")["state"] == "decision"
    reuse(project, 4)
    assert "C146" in codes(asked(project, "approve", id, "--by", "KL"))
    assert project.sql("shop", "SELECT name FROM customer WHERE id = 4") == [("Newcomer",)]


# --- keys that are written alike ----------------------------------------------------------------------------------

MEMBERS = """
CREATE TABLE member (club TEXT, no TEXT, name TEXT, email TEXT, created DATE, ended_at DATE, PRIMARY KEY (club, no));
INSERT INTO member VALUES ('a,b', 'c', 'Mia', 'mia@x.example', '2019-01-01', NULL),
  ('a', 'b,c', 'Nils', 'nils@x.example', '2019-01-01', NULL), ('a,b', 'd', 'Olle', 'o@x.example', '2019-01-01', NULL);
"""

MAPPED = """\
  member:
    key: [club, no]
    owner: member
    born: created
    purposes: {delivery: all}
    moments: {ended: ended_at}
    columns: {name: contact.name, email: contact.email}
    not_personal: [club, no]
"""


@pytest.fixture
def members(bare: Place) -> Place:
    """Members of clubs, of whom two have keys that are both written `a,b,c`."""
    with sqlite3.connect(bare.directory / "shop.db") as db:
        db.executescript(MEMBERS)
    customer = "customer: {table: customer, identifiers: {email: email}}\n"
    member = "  member: {table: member, identifiers: {email: email}}\n"
    bare.replace("datamap/shop.yaml", customer, customer + member)
    bare.write("datamap/shop.yaml", (bare.directory / "datamap/shop.yaml").read_text("utf-8") + MAPPED)
    assert bare.run("mark", "--deliver").exit_code == 0
    return bare


def test_a_name_of_two_rows_is_refused(members: Place) -> None:
    for words in (("access",), ("erase",), ("rectify", "--set", "shop/customer/4.name=Dan")):
        told = asked(members, *words, "--subject", "shop/member/a,b,c", "--by", "KL")
        assert codes(told) == ["C062"]
    assert codes(members.json("explain", "shop/member/a,b,c")) == ["C062"]


def test_neither_of_two_is_told_in_an_extract(members: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for most in (MOST, 0):
        monkeypatch.setattr("ombud.app.answers.MOST", most)
        loaded, _ = load(members.directory, Surroundings({}, lambda: members.now, bytes))
        assert loaded is not None
        found = extract(loaded, ["shop/member/a,b,c"], "R")
        assert not found.records
        assert list(found.unread) == ["shop"]


def test_a_comma_within_a_key_is_no_trouble_where_one_row_fits(members: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    id = asked(members, "restrict", "--subject", "shop/member/a,b,d", "--ground", "accuracy", *KNOWN)["id"]
    assert id
    for most in (MOST, 0):
        monkeypatch.setattr("ombud.app.answers.MOST", most)
        told = asked(members, "access", "--subject", "shop/member/a,b,d", *KNOWN)
        deliver(members, told["id"], f"out{most}")
        (path,) = (members.directory / f"out{most}").glob("*.json")
        assert [each["key"] for each in json.loads(path.read_text("utf-8"))["records"]] == ["a,b,d"]
