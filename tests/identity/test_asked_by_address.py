"""Who knows an e-mail address gets nothing, learns nothing, and can start nothing but a message to it."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import Message as Mail

import pytest

from ombud.app.loaded import Refused
from ombud.app.notifying import Told
from ombud.app.requests.contact import LONGEST, answer, ask, verified, verify
from ombud.app.requests.desk import Desk
from ombud.app.requests.messages import send, send_waiting
from ombud.app.requests.working import work
from ombud.register.model import Why
from ombud.rights.contact_point import TOLD
from ombud.rights.model import Proof, RequestKind, State
from tests.identity.answering import at_once
from tests.identity.shop import Shop, received, statements
from tests.recipients.servers import Inbox

HERE = "192.0.2.7"


@pytest.fixture(params=["sqlite", "postgresql"])
def corner(request: pytest.FixtureRequest, corner: Shop) -> Shop:
    """The shop, with its register in each kind of database that can hold one."""
    if request.param == "postgresql":
        corner.environ["DATABASE_URL"] = request.getfixturevalue("postgresql_url")
    return corner


def text_of(mail: Mail) -> str:
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode().replace("\r", "")


def code_in(mail: Mail) -> str:
    found = re.search(r"^ +([0-9]{8})$", text_of(mail), re.MULTILINE)
    assert found is not None
    return found[1]


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [finding.code for finding in refusal.value.findings]


# --- a stranger learns nothing ------------------------------------------------------------------------------------


def test_known_or_not_the_answer_and_the_work_are_the_same(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise AssertionError("a source was opened before the proof")

    monkeypatch.setattr("ombud.app.rows.opened", nobody)
    monkeypatch.setattr("ombud.app.meant.opened", nobody)
    monkeypatch.setattr("ombud.app.protecting.opened", nobody)
    told, done, waiting = [], [], []
    for email in ("anna@x.example", "none@x.example"):
        with statements(desk) as said:
            begun = ask(desk, RequestKind.ACCESS, email, HERE)
        told.append((begun.words, len(begun.question)))
        done.append(said)
        waiting.append(desk.store.notices_due(desk.now(), only=Why.PROOF))
    assert told[0] == told[1] == (TOLD["sv"], 32)
    assert done[0] == done[1]
    assert Counter(waiting) == {1: 1, 2: 1}


def test_nothing_begins_before_the_code_has_come_back(corner: Shop, inbox: Inbox) -> None:
    desk = corner.desk()
    begun = ask(desk, RequestKind.ACCESS, "anna@x.example", HERE)
    assert desk.cases(every=True) == ()
    assert send(desk) == Told(sent=1)
    assert [mail["To"] for mail in inbox.mails] == ["anna@x.example"]
    corner.now += timedelta(minutes=20)
    opened = answer(desk, begun.question, code_in(inbox.mails[0]))
    assert opened is not None
    assert (opened.request.state, opened.request.proof) == (State.COLLECTING, Proof.CONTACT_POINT)
    assert [each.rung for each in desk.store.proofs(opened.id)] == [Proof.CONTACT_POINT]
    assert work(desk, opened.id).opened.request.state is State.CARRIED_OUT


def test_a_request_counts_from_the_day_on_which_it_was_asked(corner: Shop, inbox: Inbox) -> None:
    corner.now = corner.now.replace(hour=22, minute=50)  # ten to midnight in Stockholm
    desk = corner.desk()
    begun = ask(desk, RequestKind.ACCESS, "anna@x.example", HERE)
    send(desk)
    corner.now += timedelta(minutes=20)
    opened = answer(desk, begun.question, code_in(inbox.mails[0]))
    assert opened is not None
    assert opened.request.received.isoformat() == "2027-01-11"
    assert desk.today().isoformat() == "2027-01-12"


def test_the_message_says_nothing_of_whom_or_of_what(corner: Shop, inbox: Inbox) -> None:
    desk = corner.desk()
    for kind, email in ((RequestKind.ACCESS, "anna@x.example"), (RequestKind.ERASE, "none@x.example")):
        ask(desk, kind, email, HERE, language="en")
    send(desk)
    texts = [re.sub(r"[0-9]{8}", "CODE", text_of(mail)) for mail in inbox.mails]
    assert texts[0] == texts[1]
    assert {mail["Subject"] for mail in inbox.mails} == {"Your code"}
    assert "request" not in texts[0].lower()


def test_the_code_goes_to_the_one_form_of_the_address_by_which_the_person_is_found(corner: Shop, inbox: Inbox) -> None:
    desk = corner.desk()
    ask(desk, RequestKind.ACCESS, " Anna@X.Example ", HERE)
    ask(desk, RequestKind.ACCESS, "ma\u017fter@x.example", HERE)  # a long s folds to s: another's mailbox elsewhere
    send(desk)
    assert [mail["To"] for mail in inbox.mails] == ["anna@x.example", "master@x.example"]


@pytest.mark.parametrize("email", ["", "anna", "anna@x.example\nBcc: bo@x.example", "Anna <anna@x.example>"])
def test_what_is_no_address_is_refused_by_how_it_is_written_alone(desk: Desk, email: str) -> None:
    with pytest.raises(Refused) as refusal:
        ask(desk, RequestKind.ACCESS, email, HERE)
    assert codes(refusal) == ["C061"]


def test_a_stranger_cannot_fill_the_register(desk: Desk) -> None:
    with pytest.raises(Refused) as refusal:
        ask(desk, RequestKind.COMPLAIN, "anna@x.example", HERE, words="x" * (LONGEST + 1))
    assert codes(refusal) == ["C136"]


def test_nothing_kept_says_the_code_the_address_or_what_was_asked(corner: Shop, inbox: Inbox) -> None:
    desk = corner.desk()
    ask(desk, RequestKind.COMPLAIN, "anna@x.example", HERE, words="about the lamp")
    files = list((corner.folder / ".ombud").glob("requests.db*"))
    kept = b"".join(path.read_bytes() for path in files)
    send(desk)
    for text in ("anna@x.example", "about the lamp", HERE, code_in(inbox.mails[0])):
        assert text.encode() not in kept


# --- how often ----------------------------------------------------------------------------------------------------


def test_a_fourth_message_to_one_address_is_told_alike_and_not_sent(corner: Shop, inbox: Inbox) -> None:
    desk = corner.desk()
    told = [ask(desk, RequestKind.ACCESS, "anna@x.example", f"192.0.2.{n}") for n in range(4)]
    assert {begun.words for begun in told} == {TOLD["sv"]}
    assert len({begun.question for begun in told}) == 4
    assert send(desk).sent == 3
    assert answer(desk, told[3].question, code_in(inbox.mails[2])) is None
    corner.now += timedelta(hours=1)
    ask(desk, RequestKind.ACCESS, "anna@x.example", HERE)
    assert send(desk).sent == 1


def test_one_origin_starts_twenty_messages_an_hour_whatever_it_calls_itself(desk: Desk) -> None:
    for n in range(25):
        ask(desk, RequestKind.ACCESS, f"somebody{n}@x.example", f"2001:db8::{n + 1:x}")
    assert desk.store.notices_due(desk.now(), only=Why.PROOF) == 20


def test_two_who_ask_at_once_are_counted_one_by_one(desk: Desk) -> None:
    def once(n: int) -> None:
        try:
            ask(desk, RequestKind.ACCESS, "anna@x.example", f"192.0.2.{n}")
        finally:
            desk.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(once, range(6)))
    assert desk.store.notices_due(desk.now(), only=Why.PROOF) == 3


def test_what_was_counted_is_forgotten(corner: Shop) -> None:
    from ombud.register import models

    desk = corner.desk()
    ask(desk, RequestKind.ACCESS, "anna@x.example", HERE)
    corner.now += timedelta(days=3)
    desk.wipe()
    for model in (models.Started, models.Challenge, models.Notice):
        assert not model.objects.using(desk.store.alias).exists()


# --- the code -----------------------------------------------------------------------------------------------------


def test_a_code_is_good_once(corner: Shop, inbox: Inbox) -> None:
    desk = corner.desk()
    begun = ask(desk, RequestKind.ACCESS, "anna@x.example", HERE)
    send(desk)
    assert answer(desk, begun.question, code_in(inbox.mails[0])) is not None
    assert answer(desk, begun.question, code_in(inbox.mails[0])) is None
    assert len(desk.cases()) == 1


def test_of_two_processes_that_bring_a_code_at_once_one_succeeds(corner: Shop, inbox: Inbox) -> None:
    desk = corner.desk()
    begun = ask(desk, RequestKind.ACCESS, "anna@x.example", HERE)
    send(desk)
    opened = at_once(corner, begun.question, [code_in(inbox.mails[0])] * 2)
    assert sorted(opened) == [False, True]
    (case,) = desk.cases(every=True)
    assert len(desk.store.proofs(case.request.id)) == 1


def test_five_attempts_are_all_there_are(corner: Shop, inbox: Inbox) -> None:
    desk = corner.desk()
    begun = ask(desk, RequestKind.ACCESS, "anna@x.example", HERE)
    send(desk)
    code = code_in(inbox.mails[0])
    for n in range(5):
        assert answer(desk, begun.question, f"{(int(code) + n + 1) % 10**8:08}") is None
    assert answer(desk, begun.question, code) is None


def test_a_code_that_two_say_at_once_opens_one_request(corner: Shop, inbox: Inbox) -> None:
    desk = corner.desk()
    begun = ask(desk, RequestKind.ACCESS, "anna@x.example", HERE)
    send(desk)
    code = code_in(inbox.mails[0])

    def once(_: int) -> bool:
        try:
            return answer(desk, begun.question, code) is not None
        finally:
            desk.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(once, range(4))) == [False, False, False, True]


def test_a_message_is_not_sent_once_its_code_is_good_no_more(corner: Shop, inbox: Inbox) -> None:
    desk = corner.desk()
    ask(desk, RequestKind.ACCESS, "anna@x.example", HERE)
    corner.now += timedelta(minutes=31)
    assert send(desk) == Told(given_up=1)
    assert inbox.mails == []


def test_who_tells_recipients_takes_no_code(desk: Desk) -> None:
    ask(desk, RequestKind.ACCESS, "anna@x.example", HERE)
    assert desk.store.claim(10, desk.now(), 60) == ()
    assert desk.store.waiting() == ()


def test_a_server_that_is_down_is_tried_again(corner: Shop, inbox: Inbox) -> None:
    there = corner.environ["SMTP_URL"]
    corner.environ["SMTP_URL"] = "smtp://127.0.0.1:1"
    desk = corner.desk()
    ask(desk, RequestKind.ACCESS, "anna@x.example", HERE)
    assert send(desk) == Told(later=1)
    corner.environ["SMTP_URL"] = there
    corner.now += timedelta(minutes=2)
    assert send_waiting(desk) == Told(sent=1)
    assert send_waiting(desk) == Told()


# --- for a handler ------------------------------------------------------------------------------------------------


def test_a_handler_has_a_code_sent_and_takes_it(corner: Shop, inbox: Inbox) -> None:
    desk = corner.desk()
    opened = verify(desk, received(desk, "email=anna@x.example"), "KL")
    assert opened.request.state is State.IDENTITY
    assert opened.request.pauses
    send(desk)
    with pytest.raises(Refused) as refusal:
        verified(desk, opened, "00000000", "KL")
    assert codes(refusal) == ["C177"]
    opened = verified(desk, opened, code_in(inbox.mails[0]), "KL")
    assert opened.request.state is State.COLLECTING


def test_a_code_proves_one_address_and_no_row_beside_it(desk: Desk) -> None:
    for subjects in (("email=anna@x.example", "shop/customer/2"), ("shop/customer/2",)):
        with pytest.raises(Refused) as refusal:
            verify(desk, received(desk, *subjects), "KL")
        assert codes(refusal) == ["C175"]


def test_a_handler_is_told_when_too_many_were_sent(desk: Desk) -> None:
    for _ in range(3):
        verify(desk, received(desk, "email=anna@x.example"), "KL")
    opened = received(desk, "email=anna@x.example")
    with pytest.raises(Refused) as refusal:
        verify(desk, opened, "KL")
    assert codes(refusal) == ["C176"]
    assert desk.read(opened.id).request.state is State.RECEIVED
