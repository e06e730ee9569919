"""Who asks, and who may see it, while a request is taken from its receipt to its end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pypdf
import pytest

from ombud.app.loaded import Refused
from ombud.app.requests.answering import deliver
from ombud.app.requests.deciding import approve, protect, review, written
from ombud.app.requests.desk import Desk, Opened
from ombud.app.requests.guarding import may
from ombud.app.requests.identifying import judged, late
from ombud.app.requests.looking import look
from ombud.app.requests.receiving import Shown, ask_for_proof, identify
from ombud.app.requests.registered import fetch, registered
from ombud.app.requests.working import work
from ombud.rights.deadlines import deadline_of
from ombud.rights.identity import Ask
from ombud.rights.ladder import Way
from ombud.rights.matching import Why
from ombud.rights.model import Proof, RequestKind, State
from ombud.rights.protected import Deed
from tests.identity.people import ANNA, DEAD, MARKED
from tests.identity.shop import Shop, known, received

BY_NUMBER = f"personnummer={ANNA.number}"


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in refusal.value.findings]


def letter(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def signed(desk: Desk, opened: Opened) -> Opened:
    shown = Shown(Proof.NONE, "", "KL", signed=True)
    return work(desk, identify(desk, opened, shown, "KL").id, by="KL").opened


# --- the ladder ---------------------------------------------------------------------------------------------------


def test_whoever_is_known_by_a_number_proves_more_than_an_address(desk: Desk) -> None:
    opened = received(desk, BY_NUMBER)
    found = judged(desk, opened)
    assert found.rung is Proof.E_IDENTIFICATION  # numbers are masked in this policy
    assert isinstance(found.outcome, Ask)
    assert found.outcome.least is Way.BANK_ID
    assert {Way.LETTER, Way.HANDLER} <= set(found.outcome.others)  # never without a way that needs no BankID
    short = identify(desk, opened, Shown(Proof.CONTACT_POINT, "code"), "KL")
    assert short.request.state is State.IDENTITY
    assert known(desk, short, Proof.E_IDENTIFICATION).opened.request.state is State.CARRIED_OUT


def test_whoever_is_known_by_an_address_proves_that_address(desk: Desk) -> None:
    assert judged(desk, received(desk, "email=anna@x.example")).rung is Proof.CONTACT_POINT


def test_a_question_put_late_stops_no_clock_and_the_handler_is_told(corner: Shop, desk: Desk) -> None:
    prompt, tardy = received(desk, "email=anna@x.example"), received(desk, "email=anna@x.example")
    assert late(desk, prompt) == ()
    before = deadline_of(ask_for_proof(desk, prompt, "KL").request, desk.today()).due
    corner.now += timedelta(days=9)
    desk = corner.desk()
    (told,) = late(desk, tardy)
    assert told.code == "C174"
    assert "9 days" in told.message
    asked = ask_for_proof(desk, tardy, "KL")
    corner.now += timedelta(days=5)
    desk = corner.desk()
    assert deadline_of(desk.read(asked.id).request, desk.today()).due == before
    assert deadline_of(desk.read(prompt.id).request, desk.today()).due > before


def test_whoever_asks_again_is_told_what_the_deadline_counts(corner: Shop, desk: Desk) -> None:
    opened = ask_for_proof(desk, received(desk, BY_NUMBER), "KL")
    corner.now += timedelta(days=20)
    desk = corner.desk()
    assert late(desk, desk.read(opened.id)) == ()  # the first question stands still, and the clock with it
    short = identify(desk, desk.read(opened.id), Shown(Proof.SESSION, "signed in"), "KL")
    corner.now += timedelta(days=7)
    desk = corner.desk()
    assert late(desk, short) == ()
    again = ask_for_proof(desk, short, "KL")
    corner.now += timedelta(days=1)
    assert deadline_of(again.request, corner.desk().today()).standing_still


def test_a_question_that_nothing_could_answer_stops_no_clock(
    corner: Shop, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = received(desk, "email=anna@x.example")
    monkeypatch.setattr("ombud.app.requests.identifying.ON_FILE", {})
    (told,) = late(desk, opened)
    assert (told.code, "nothing on file" in told.message) == ("C174", True)
    asked = ask_for_proof(desk, opened, "KL")
    corner.now += timedelta(days=5)
    assert not deadline_of(asked.request, corner.desk().today()).standing_still


# --- R1: a signed letter, the registered address --------------------------------------------------------------------


@pytest.mark.fact("R1")
def test_what_a_signature_proved_goes_to_the_registered_address_alone(desk: Desk, tmp_path: Path) -> None:
    opened = signed(desk, received(desk, BY_NUMBER, way="post", address=("Anna Lind", "Elsewhere 9", "999 99 FAR")))
    assert opened.request.state is State.CARRIED_OUT
    with pytest.raises(Refused) as refusal:
        deliver(desk, opened, tmp_path / "out", "post", "KL")
    assert codes(refusal) == ["C139"]
    assert "registered address" in refusal.value.findings[0].hint
    opened = work(desk, fetch(desk, opened, "KL").id, by="KL").opened
    assert "Storgatan" not in repr(registered(desk, opened))
    opened, paths = deliver(desk, opened, tmp_path / "out", "post", "KL")
    (pdf,) = (letter(path) for path in paths if path.suffix == ".pdf")
    assert "Storgatan 1 lgh 1102" in pdf
    assert "111 22 STOCKHOLM" in pdf
    assert "Elsewhere" not in pdf
    assert registered(desk, opened) is None


def test_by_an_address_alone_the_number_is_that_of_the_row_and_never_the_askers(desk: Desk) -> None:
    opened = fetch(desk, signed(desk, received(desk, "email=anna@x.example", way="post")), "KL")
    found = registered(desk, opened)
    assert found is not None
    assert found.number == ANNA.number
    without = signed(desk, received(desk, "shop/customer/4", way="post"))
    with pytest.raises(Refused) as refusal:
        fetch(desk, without, "KL")
    assert codes(refusal) == ["C179"]


def test_the_address_is_sealed(corner: Shop, desk: Desk) -> None:
    fetch(desk, signed(desk, received(desk, BY_NUMBER)), "KL")
    kept = b"".join(path.read_bytes() for path in (corner.folder / ".ombud").glob("requests.db*"))
    assert b"Storgatan" not in kept


@pytest.mark.parametrize(("number", "says"), [(DEAD.number, "deceased"), ("199001019802", "nobody")])
def test_who_has_no_registered_address_is_told_of_as_such(desk: Desk, number: str, says: str) -> None:
    opened = known(desk, received(desk, f"personnummer={number}"), Proof.E_IDENTIFICATION).opened
    with pytest.raises(Refused) as refusal:
        fetch(desk, opened, "KL")
    assert codes(refusal) == ["C179"]
    assert says in refusal.value.findings[0].message


def test_a_register_that_does_not_answer_gives_no_address(corner: Shop, desk: Desk) -> None:
    opened = signed(desk, received(desk, BY_NUMBER))
    (corner.folder / "people.csv").unlink()
    with pytest.raises(Refused) as refusal:
        fetch(desk, opened, "KL")
    assert codes(refusal) == ["C179"]
    assert registered(desk, opened) is None


def test_a_stronger_proof_lets_the_answer_go_where_the_person_said(desk: Desk, tmp_path: Path) -> None:
    opened = signed(desk, received(desk, BY_NUMBER, address=("Anna Lind", "Elsewhere 9")))
    opened = known(desk, opened, Proof.E_IDENTIFICATION).opened
    _, paths = deliver(desk, opened, tmp_path / "out", "post", "KL")
    assert "Elsewhere 9" in letter(next(path for path in paths if path.suffix == ".pdf"))


# --- a protected identity -----------------------------------------------------------------------------------------


def flagged(desk: Desk) -> Opened:
    """Elin, of whom a flag stands in the shop: found when her rows were, after less was proven than it needs."""
    return known(desk, received(desk, "email=elin@x.example", address=("Elin Holm", "Hidden 3"))).opened


@pytest.mark.fact("R1")
def test_nobody_who_is_not_named_sees_decides_or_delivers(desk: Desk, tmp_path: Path) -> None:
    opened = flagged(desk)
    assert opened.request.protected
    for by in ("KL", None):
        assert not may(desk, opened, Deed.SHOW_CASE, by)
    tries = (
        lambda: review(desk, opened, "KL"),
        lambda: approve(desk, opened, "KL"),
        lambda: deliver(desk, opened, tmp_path / "out", "post", "KL"),
        lambda: fetch(desk, opened, "KL"),
        lambda: identify(desk, opened, Shown(Proof.STAFF, "", "KL", "AO"), "KL"),
    )
    for each in tries:
        with pytest.raises(Refused) as refusal:
            each()
        assert codes(refusal) == ["C178"]
    opened = protect(desk, opened, "flag in the shop", ("BR",), "KL")
    with pytest.raises(Refused) as refusal:
        protect(desk, opened, "me too", ("KL",), "KL")
    assert codes(refusal) == ["C178"]
    assert review(desk, opened, "br ").request.state is State.DECISION


@pytest.mark.fact("R1")
def test_the_answer_lies_sealed_in_a_letter_to_the_tax_agency(desk: Desk, tmp_path: Path) -> None:
    opened = received(desk, f"personnummer={MARKED.number}", address=("Farid Norrskog", "Hidden 3", "111 11 HERE"))
    opened = known(desk, opened, Proof.E_IDENTIFICATION).opened
    opened = work(desk, fetch(desk, opened, "KL").id).opened  # the flag comes to light: KL looked, and is named
    assert opened.request.protected
    with pytest.raises(Refused) as refusal:
        deliver(desk, opened, tmp_path / "out", "forwarded", "KL")
    assert codes(refusal) == ["C178"]  # a BankID is not enough of whom a flag stands
    opened = known(desk, opened, Proof.STAFF, second="AO").opened
    _, paths = deliver(desk, opened, tmp_path / "out", "forwarded", "KL")
    names = sorted(path.name for path in paths)
    answer = [f"access-{opened.id}.{end}" for end in ("json", "pdf", "zip")]
    assert names == [*answer, f"forwarding-{opened.id}.pdf"]
    said = {path.name.partition("-")[0]: letter(path) for path in paths if path.suffix == ".pdf"}
    assert "Skatteverket" in said["forwarding"]
    assert MARKED.number in said["forwarding"].replace(" ", "")
    assert "Farid Norrskog" in said["access"]
    assert not any("Hidden" in text for text in said.values())


def test_the_persons_own_word_protects_from_the_first_line(desk: Desk) -> None:
    opened = received(desk, "email=anna@x.example", protected=True)
    assert may(desk, opened, Deed.SHOW_CASE, "KL")  # whom the person told
    assert not may(desk, opened, Deed.SHOW_CASE, "AO")
    again = received(desk, "email=ANNA@x.example")
    assert again.request.protected  # whoever asks by the same address, later
    assert judged(desk, again).rung is Proof.STAFF


def test_a_machine_carries_out_nothing_of_a_protected_identity(corner: Shop, desk: Desk) -> None:
    opened = received(desk, "email=anna@x.example", kind=RequestKind.ERASE, protected=True)
    opened = known(desk, opened, Proof.STAFF, second="AO").opened
    opened = approve(desk, review(desk, opened, "KL"), "KL")
    assert work(desk, opened.id).opened.request.state is State.CARRYING_OUT
    assert work(desk, opened.id, by="AO").opened.request.state is State.CARRYING_OUT
    assert work(desk, opened.id, by="KL").opened.request.state is State.CARRIED_OUT


def test_a_protected_identity_is_found_by_nothing_that_somebody_had_before(desk: Desk) -> None:
    plain = look(desk, received(desk, "email=before@x.example"))
    assert {record.key for record in plain.extract.records} == {"2", "11"}
    hidden = look(desk, received(desk, "email=before@x.example", protected=True))
    assert (hidden.extract.records, hidden.doubts) == ((), ())


# --- rows in doubt ------------------------------------------------------------------------------------------------


def test_what_only_may_be_theirs_is_listed_with_why(desk: Desk) -> None:
    opened = known(desk, received(desk, "email=home@x.example")).opened
    assert opened.request.state is State.REVIEW
    doubts = look(desk, opened).doubts
    assert [(written(each.row), each.why) for each in doubts] == [
        ("shop/customer/4", Why.SHARED),
        ("shop/customer/5", Why.SHARED),
    ]
    assert "4" not in repr(doubts[0].row).removeprefix("RowRef")
    with pytest.raises(Refused) as refusal:
        review(desk, opened, "KL", rows=("shop/customer/1",))
    assert codes(refusal) == ["C142"]  # nobody is taken in who is not in question
    opened = review(desk, opened, "KL", rows=("shop/customer/4",))
    assert {record.key for record in look(desk, opened).extract.records} == {"4"}


def test_an_address_that_another_had_before_is_in_doubt_for_both(desk: Desk) -> None:
    doubts = look(desk, received(desk, "email=gosta@x.example")).doubts
    assert {written(each.row): each.why for each in doubts} == {
        "shop/customer/3": Why.SHARED,
        "shop/customer/4": Why.FORMER,
    }
    hidden = look(desk, received(desk, "email=gosta@x.example", protected=True))
    assert ({record.key for record in hidden.extract.records}, hidden.doubts) == ({"3"}, ())
