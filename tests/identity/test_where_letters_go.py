"""Where the letters of a request go: it is told, what is missing for it is told, and no empty window is sent."""

from __future__ import annotations

import json
from pathlib import Path

import pypdf
import pytest

from tests.identity.people import ANNA, DEAD
from tests.identity.shop import Shop
from tests.identity.test_at_the_terminal import run, told

HOME = ("--line", "Anna Lind", "--line", "Provgatan 9", "--line", "990 10 Bärnvik")


def access(corner: Shop, *more: str, subject: str = "email=anna@x.example", proof: str = "contact_point") -> str:
    said = ("request", "access", "--subject", subject, "--proof", proof, "--how", "x", "--by", "KL", *more)
    return str(told(corner, *said)["id"])


def shown(corner: Shop, id: str, *more: str) -> str:
    return " ".join(run(corner, "request", "show", id, *more).stdout.split())


def codes(answer: dict[str, object]) -> list[str]:
    return [each["code"] for each in answer["findings"]]  # type: ignore[attr-defined]


def deliver(corner: Shop, id: str, folder: str, *more: str) -> dict[str, object]:
    said = ("request", "deliver", id, "--out", str(corner.folder / folder), "--how", "post", "--by", "KL", *more)
    return dict(told(corner, *said))


def letter(folder: Path) -> str:
    (path,) = folder.glob("*.pdf")
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


@pytest.mark.fact("R1")
def test_an_answer_is_not_posted_with_an_empty_window_and_is_there_still(corner: Shop) -> None:
    id = access(corner)
    assert "letters go nowhere: no address is known" in shown(corner, id)
    assert codes(deliver(corner, id, "out")) == ["C206"]
    assert not (corner.folder / "out").exists()
    said = told(corner, "request", "address", id, *HOME, "--by", "KL")
    assert said["identity"]["address"] == "said"
    assert "letters go to the address that they said" in shown(corner, id)
    assert "Provgatan" not in json.dumps(said) + shown(corner, id, "--history")
    assert deliver(corner, id, "out")["state"] == "closed"
    assert letter(corner.folder / "out").startswith("Anna Lind\nProvgatan 9\n990 10 Bärnvik")


def test_what_goes_in_no_envelope_needs_no_address(corner: Shop) -> None:
    assert deliver(corner, access(corner), "out", "--without-address")["state"] == "closed"


def test_an_address_is_said_again_and_the_newest_counts_and_is_sealed(corner: Shop) -> None:
    id = access(corner, "--address", "Anna Lind", "--address", "Elsewhere 1")
    told(corner, "request", "address", id, *HOME, "--by", "KL")
    assert codes(told(corner, "request", "address", id, "--line", "Anna Lind", "--line", " ", "--by", "KL")) == ["C206"]
    kept = b"".join(path.read_bytes() for path in (corner.folder / ".ombud").glob("requests.db*"))
    assert b"Provgatan" not in kept
    deliver(corner, id, "out")
    assert "Provgatan 9" in letter(corner.folder / "out")
    assert "Elsewhere" not in letter(corner.folder / "out")


def test_a_letter_before_the_answer_tells_that_its_window_is_empty_and_is_written(corner: Shop) -> None:
    id = str(told(corner, "request", "access", "--subject", "email=anna@x.example", "--by", "KL")["id"])
    said = ("request", "letter", id, "acknowledgement", "--out", str(corner.folder / "out"))
    bare = told(corner, *said)
    assert [(each["code"], each["level"]) for each in bare["findings"]] == [("C206", "warning")]
    assert letter(corner.folder / "out")
    told(corner, "request", "address", id, *HOME, "--by", "KL")
    assert "findings" not in told(corner, *said[:-1], str(corner.folder / "again"))
    assert "findings" not in told(corner, *said[:4], "--mail")


@pytest.mark.fact("R1")
def test_a_signed_letter_shows_where_a_number_stands_and_what_is_missing_to_look_the_address_up(corner: Shop) -> None:
    id = access(corner, proof="signed")
    seen = shown(corner, id)
    assert "personnummer on file: shop/customer/1.pnr" in seen
    assert "see it: ombud explain ROW --show" in seen
    assert "lacks a population register" in seen
    assert ANNA.number not in seen
    assert codes(told(corner, "request", "address", id, *HOME, "--by", "KL")) == ["C206"], "to that address alone"
    corner.says("population: {file: people.csv}\n")
    assert "lacks" not in shown(corner, id)
    told(corner, "request", "address", id, "--by", "KL")
    who = told(corner, "request", "show", id)["identity"]
    assert who == {"address": "register", "only_registered_address": True}
    assert "letters go to the registered address, which was looked up" in shown(corner, id)


def test_where_no_number_stands_or_two_do_it_is_told_that_nobody_can_be_looked_up(corner: Shop) -> None:
    corner.says("population: {file: people.csv}\n")
    none = access(corner, subject="shop/customer/4", proof="signed")
    assert "personnummer on file: none" in shown(corner, none)
    assert "lacks a number by which to look them up: their number stands nowhere" in shown(corner, none)
    both = access(
        corner, "--subject", f"personnummer={DEAD.number}", subject=f"personnummer={ANNA.number}", proof="signed"
    )
    who = told(corner, "request", "show", both)["identity"]
    assert (who["number_at"], who["one_number"]) == (["the request"], False)
    named = access(corner, subject=f"personnummer={ANNA.number}", proof="signed")
    assert told(corner, "request", "show", named)["identity"]["lacks"] == []


def test_of_a_protected_identity_no_address_is_written_down_and_only_the_named_see_where_a_number_stands(
    corner: Shop,
) -> None:
    id = access(corner, proof="signed")
    told(corner, "request", "protect", id, "--why", "their own word", "--seen-by", "KL", "--by", "KL")
    assert codes(told(corner, "request", "address", id, *HOME, "--by", "AO")) == ["C178"]
    assert codes(told(corner, "request", "address", id, *HOME, "--by", "KL")) == ["C206"]
    assert "pnr" not in shown(corner, id)
    assert "letters go by name alone, in a sealed inner envelope" in shown(corner, id, "--by", "KL")
