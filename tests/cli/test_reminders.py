"""The desk is reminded by mail of requests that are due soon: once, with nothing of anybody in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

import pytest

from tests.cli.conftest import Place
from tests.cli.test_request import BEA, KNOWN, asked
from tests.recipients.servers import Inbox, serve_mail

OFFICER = """\
organisation:
  controller: north
  officer: {title: {sv: Dataskyddsombud}, email: dataskydd@tallvik.example}
  authority: {name: Integritetsskyddsmyndigheten, link: "https://www.imy.se/"}
"""


@pytest.fixture
def desk(project: Place) -> Place:
    """The shop, whose policy names its officer."""
    policy = project.directory / "policy/group.yaml"
    policy.write_text(policy.read_text("utf-8") + OFFICER, "utf-8")
    return project


@pytest.fixture
def inbox(desk: Place) -> Iterator[Inbox]:
    """A mail server that the project sends by."""
    kept = Inbox()
    served = serve_mail(kept)
    says(desk, 'mail: {url: "${SMTP_URL}", from: ombud@tallvik.example, unencrypted: true}\n')
    desk.environ["SMTP_URL"] = f"smtp://127.0.0.1:{served.port}"
    yield kept
    served.stop()


def says(place: Place, more: str) -> None:
    with (place.directory / "ombud.yaml").open("a", encoding="utf-8") as file:
        file.write(more)


def text_of(mail: Message) -> str:
    return bytes(mail.get_payload(decode=True)).decode()


def codes(told: dict[str, Any]) -> list[str]:
    return [each["code"] for each in told["findings"]]


def test_the_desk_is_told_once_for_each_number_of_days_and_the_history_says_so(desk: Place, inbox: Inbox) -> None:
    first = asked(desk, "access", *BEA, *KNOWN)["id"]
    second = asked(desk, "erase", *BEA, "--language", "en", "--by", "KL")["id"]
    assert asked(desk, "remind")["requests"] == []
    desk.now += timedelta(days=23)  # seven days before the first of July
    dry = asked(desk, "remind", "--dry-run")
    assert [(each["id"], each["days_left"], each["threshold"]) for each in dry["requests"]] == [
        (first, 7, 7),
        (second, 7, 7),
    ]
    assert inbox.mails == []
    assert asked(desk, "remind")["sent"] == 1, "one mail for all"
    assert asked(desk, "remind")["requests"] == []
    (mail,) = inbox.mails
    assert mail["To"] == "dataskydd@tallvik.example"
    assert str(make_header(decode_header(mail["Subject"]))) == "2 begäranden ska snart vara besvarade"
    text = text_of(mail)
    assert f"{first}  Tillgång till dina personuppgifter (artikel 15 i GDPR)" in text
    assert "Svar senast 1 juli 2026: 7 dagar kvar. Svaret väntar på att skickas." in text
    assert "Väntar på att det blir klart vem som frågar." in text
    for word in ("bea", "Bea", "x.example", "KL"):
        assert word not in text
    (said,) = [each for each in asked(desk, "show", first, "--history")["history"] if each["what"] == "Reminded"]
    assert said["by"] == "ombud"
    desk.now += timedelta(days=5)
    assert [each["threshold"] for each in asked(desk, "remind")["requests"]] == [2, 2]
    assert len(inbox.mails) == 2


def test_the_daily_work_reminds_too_and_says_whom_it_was_late_for(desk: Place, inbox: Inbox) -> None:
    says(desk, "reminders: {to: desk@tallvik.example, days: [3], language: en}\n")
    id = asked(desk, "access", *BEA, "--by", "KL")["id"]
    desk.now += timedelta(days=31)
    assert desk.run("request", "work").exit_code == 0
    (mail,) = inbox.mails
    assert mail["To"] == "desk@tallvik.example"
    assert mail["Subject"] == "1 request is due soon"
    assert f"{id}  Access to your personal data" in text_of(mail)
    assert "1 day late" in text_of(mail)
    desk.run("request", "work")
    assert len(inbox.mails) == 1


def test_a_server_that_does_not_answer_is_tried_again_and_the_desk_is_told_once(desk: Place, inbox: Inbox) -> None:
    asked(desk, "access", *BEA, "--by", "KL")
    desk.now += timedelta(days=25)
    there = desk.environ["SMTP_URL"]
    desk.environ["SMTP_URL"] = "smtp://127.0.0.1:1"
    assert asked(desk, "remind")["later"] == 1
    assert desk.run("recipients", "--tell").exit_code == 0, "no recipient is told what is the desk's"
    assert desk.json("recipients", "--waiting")["waiting"] == []
    desk.environ["SMTP_URL"] = there
    desk.now += timedelta(minutes=5)
    assert asked(desk, "remind")["sent"] == 1
    assert len(inbox.mails) == 1


def test_nothing_is_written_where_it_cannot_be_told(desk: Place) -> None:
    id = asked(desk, "access", *BEA, "--by", "KL")["id"]
    desk.now += timedelta(days=25)
    assert codes(asked(desk, "remind")) == ["C163"]
    assert desk.run("request", "work").exit_code == 0, "a house without mail looks at its list"
    says(desk, 'mail: {url: "smtps://mail.tallvik.example", from: ombud@tallvik.example}\n')
    desk.replace("policy/group.yaml", ", email: dataskydd@tallvik.example", "")
    assert codes(asked(desk, "remind")) == ["C208"]
    assert "Reminded" not in {each["what"] for each in asked(desk, "show", id, "--history")["history"]}
    says(desk, "reminders: none\n")
    assert asked(desk, "remind")["requests"] == []
    desk.replace("ombud.yaml", "reminders: none", "reminders: {to: nobody}")
    assert codes(asked(desk, "remind")) == ["C162"]
