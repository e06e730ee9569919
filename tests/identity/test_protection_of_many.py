"""Many people's requests at once are guarded as single ones are: by flags, and by the rows that they name."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ombud.app.requests.bulk.carrying_out import carry_out
from ombud.app.requests.deciding import protect
from ombud.app.requests.guarding import protection_of
from tests.bulk.conftest import counting
from tests.identity.people import ANNA, MARKED
from tests.identity.shop import Shop, received, statements
from tests.identity.test_at_the_terminal import run

ANNAS, FARIDS, GOSTAS = (f"{name}@x.example" for name in ("anna", "farid", "gosta"))
PROOF = ("--proof", "e_identification", "--how", "signed in", "--by", "KL")
SENT = ("--sent", "post")


@pytest.fixture(autouse=True)
def plain_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters that are not set in type, which takes longer than all else of these stories."""
    monkeypatch.setattr("ombud.app.requests.answering.render", lambda body: b"%PDF of " + repr(body).encode())


def listed(corner: Shop, rows: Iterable[str], head: str = "email", name: str = "people.csv") -> str:
    (corner.folder / name).write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return str(corner.folder / name)


def told(corner: Shop, *words: str) -> dict[str, Any]:
    return dict(json.loads(run(corner, "request", *words, "--format", "json").stdout))


def filed(corner: Shop, kind: str, file: str, *more: str) -> dict[str, Any]:
    return told(corner, kind, "--file", file, *PROOF, *more)


def codes(said: dict[str, Any]) -> list[str]:
    return [each["code"] for each in said["findings"]]


def sql(corner: Shop, *statements: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(corner.folder / "shop.db")) as db, db:
        for each in statements:
            found = db.execute(each).fetchall()
        return found


def emails(corner: Shop) -> set[str]:
    return {each for (each,) in sql(corner, "SELECT email FROM customer")}


def ordinary(corner: Shop) -> None:
    """Elin's flag is taken away, and the two who share an address get their own."""
    sql(corner, "UPDATE customer SET secret = 'N'", "UPDATE customer SET old_email = NULL")


# --- as they come in ----------------------------------------------------------------------------------------------


def test_a_line_that_names_somebody_protected_protects_the_open_requests_that_name_them_otherwise(corner: Shop) -> None:
    desk = corner.desk()
    protect(desk, received(desk, f"email={ANNAS}"), "own word", ("BO",), "BO")
    earlier, stranger = received(desk, f"personnummer={ANNA.number}"), received(desk, f"email={GOSTAS}")
    assert not earlier.request.protected
    rows = [f",{ANNA.number}", f"{ANNAS},{ANNA.number}", f"{FARIDS},{MARKED.number}"]
    said = filed(corner, "access", listed(corner, rows, "email,personnummer"))
    assert said["states"] == {"received": 2, "carried_out": 1}
    assert [(each["line"], each["protected"]) for each in said["waiting"]] == [(2, True), (3, True)]
    for id in (earlier.id, *(each["id"] for each in said["waiting"])):
        assert desk.read(id).request.protected
        assert protection_of(desk, desk.read(id)).handlers == {"bo"}
    assert not desk.read(stranger.id).request.protected


def test_a_line_that_names_the_person_otherwise_is_protected_once_their_rows_are_read(corner: Shop) -> None:
    desk = corner.desk()
    protect(desk, received(desk, f"email={ANNAS}"), "own word", ("BO",), "BO")
    said = filed(corner, "access", listed(corner, [ANNA.number, MARKED.number], "personnummer"))
    assert said["states"] == {"review": 1, "carried_out": 1}
    (waits,) = said["waiting"]
    assert (waits["line"], waits["protected"]) == (2, True)
    assert protection_of(desk, desk.read(waits["id"])).handlers == {"bo"}


def test_a_flag_raised_later_reaches_the_line_that_named_the_person_otherwise(corner: Shop) -> None:
    said = filed(corner, "access", listed(corner, [ANNA.number, MARKED.number], "personnummer"))
    assert said["states"] == {"carried_out": 2}
    desk = corner.desk()
    protect(desk, received(desk, f"email={ANNAS}"), "own word", ("BO",), "BO")
    flagged = [
        case.request.id for case in desk.cases() if case.request.protected and desk.store.answers(case.request.id)
    ]
    assert len(flagged) == 1
    assert all(each.wiped_on for each in desk.store.answers(flagged[0]))
    desk.close()
    again = told(corner, "batch", said["batch"], "--out", str(corner.folder / "out"), *SENT, "--by", "KL")
    assert again["states"] == {"carried_out": 1, "closed": 1}
    assert [(each["state"], each["protected"]) for each in again["waiting"]] == [("carried_out", True)]


# --- raised while it waits ----------------------------------------------------------------------------------------


def test_an_answer_is_not_delivered_to_whoever_a_source_has_come_to_flag(corner: Shop) -> None:
    ordinary(corner)
    said = filed(corner, "access", listed(corner, [ANNAS, FARIDS, GOSTAS]))
    assert said["states"] == {"carried_out": 3}
    sql(corner, "UPDATE customer SET secret = 'J' WHERE id = 2")
    out = corner.folder / "out"
    again = told(corner, "batch", said["batch"], "--out", str(out), *SENT, "--by", "KL")
    assert again["states"] == {"carried_out": 1, "closed": 2}
    assert codes(again) == ["C147"]
    (waits,) = again["waiting"]
    assert (waits["line"], waits["protected"]) == (3, True)
    assert waits["id"] in again["findings"][0]["message"]
    assert not any(waits["id"] in path.name for path in out.iterdir())
    desk = corner.desk()
    assert all(each.wiped_on for each in desk.store.answers(waits["id"]))
    desk.close()
    assert codes(told(corner, "batch", said["batch"], "--out", str(out), *SENT, "--by", "KL")) == []


def test_who_approves_second_does_not_approve_of_whoever_was_flagged_meanwhile(
    corner: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ombud.app.requests.approving.TWO_FROM", 3)
    ordinary(corner)
    said = filed(corner, "erase", listed(corner, [ANNAS, FARIDS, GOSTAS]), "--approve", "--allow")
    assert codes(said) == ["C187"]
    sql(corner, "UPDATE customer SET secret = 'J' WHERE id = 2")
    again = told(corner, "batch", said["batch"], "--approve", "--allow", "--by", "AO")
    assert again["states"] == {"carried_out": 2, "decision": 1}
    assert codes(again) == ["C147"]
    assert emails(corner) >= {FARIDS}
    assert emails(corner).isdisjoint({ANNAS, GOSTAS})


def test_nothing_is_carried_out_of_whoever_is_flagged_after_the_approval(corner: Shop) -> None:
    ordinary(corner)
    said = filed(corner, "erase", listed(corner, [ANNAS, FARIDS, GOSTAS]), "--approve")
    assert codes(said) == ["C046"]  # more than the share, which nobody has allowed
    assert emails(corner) >= {ANNAS, FARIDS, GOSTAS}
    sql(corner, "UPDATE customer SET secret = 'J' WHERE id = 2")
    (batch,) = told(corner, "batch")["batches"]
    again = told(corner, "batch", batch["batch"], "--allow", "--by", "KL")
    assert again["states"] == {"carried_out": 2, "carrying_out": 1}
    assert codes(again) == ["C147"]
    assert emails(corner) >= {FARIDS}
    assert emails(corner).isdisjoint({ANNAS, GOSTAS})


def test_who_is_flagged_while_others_are_carried_out_is_not_answered(
    corner: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary(corner)

    def then_flagged(*words: Any) -> Any:
        carried = carry_out(*words)
        sql(corner, "UPDATE customer SET secret = 'J' WHERE id = 2")
        return carried

    monkeypatch.setattr("ombud.app.requests.bulk.working.carry_out", then_flagged)
    out = ("--out", str(corner.folder / "out"), *SENT)
    said = filed(corner, "object", listed(corner, [ANNAS, FARIDS, GOSTAS]), "--allow", *out)
    assert (said["states"], codes(said)) == ({"carried_out": 1, "closed": 2}, ["C147"]), said


# --- rows that are named ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["access", "erase"])
def test_a_row_that_is_somebody_elses_by_now_is_neither_told_nor_erased(corner: Shop, kind: str) -> None:
    ordinary(corner)
    rows = [f"shop/customer/{n}" for n in (1, 2, 3)]
    more = ("--approve",) if kind == "erase" else ()
    said = filed(corner, kind, listed(corner, rows, "row"), *more)
    (batch,) = told(corner, "batch")["batches"]
    sql(
        corner,
        "DELETE FROM orders WHERE customer_id = 2",
        "DELETE FROM customer WHERE id = 2",
        "INSERT INTO customer VALUES (2, 'Nils', 'nils@x.example', NULL, NULL, 'N', '2026-05-01', NULL)",
    )
    out = ("--out", str(corner.folder / "out"), *SENT) if kind == "access" else ("--allow",)
    again = told(corner, "batch", batch["batch"], *out, "--by", "KL")
    if kind == "access":
        assert codes(again) == ["C146"], (said, again)
        assert again["states"]["closed"] == 2
    else:  # the share refused the deeds, but whom they are about was written down by then: by that it goes on
        assert codes(again) == [], (said, again)
        assert again["states"] == {"carried_out": 3}
    assert "nils@x.example" in emails(corner)
    assert "Nils" not in "".join(path.read_text("latin-1") for path in Path(corner.folder).glob("out/*.json"))


def test_sources_and_register_are_not_asked_for_each_of_them(corner: Shop) -> None:
    ordinary(corner)
    sql(corner, *(f"INSERT INTO customer VALUES ({n}, 'Nr {n}', 'nr{n}@x.example', NULL, NULL, 'N', '2019-01-01', NULL)"
                  for n in range(100, 160)))  # fmt: skip

    desk = corner.desk()

    def asked(numbers: range) -> tuple[int, int]:
        file = listed(corner, [f"nr{n}@x.example,shop/customer/{n}" for n in numbers], "email,row", f"{numbers[0]}.csv")
        with counting() as counts, statements(desk) as of_register:
            said = filed(corner, "erase", file, "--approve", "--allow")
        assert said["states"] == {"carried_out": len(numbers)}, said
        return counts["statements"], len(of_register)

    asked(range(100, 103))  # makes what the source lacks
    assert asked(range(110, 160)) == asked(range(103, 106))
