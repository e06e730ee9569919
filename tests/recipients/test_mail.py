"""Mail: TLS or nothing, one plain address, no line that breaks out of its header."""

from __future__ import annotations

import logging
import ssl
from dataclasses import replace

import pytest

from ombud.adapters.mail import Mail, Server, is_address, server_of
from ombud.engine.messenger import Message, Passing
from tests.recipients.servers import NOW, Inbox, Post, Trust, serve_mail

MESSAGE = Message("n-17", "Rättelse av personuppgifter", "Plats 17 har rättats.\nHälsningar\n")


def mail(post: Post, trust: Trust, **other: object) -> Mail:
    server = Server("localhost", post.port, "ombud@tallvik.example", "starttls", "ombud", "sesam")
    return Mail(replace(server, **other), "koket@smorgas.example", trust.client)  # type: ignore[arg-type]


def test_the_mail_says_who_it_is_from_and_that_no_person_wrote_it(post: Post, trust: Trust) -> None:
    mail(post, trust).send(MESSAGE, NOW)
    (got,) = post.inbox.mails
    assert got["From"] == "ombud@tallvik.example"
    assert got["Message-ID"] == "<n-17@tallvik.example>"
    assert got["Date"] == "Mon, 30 Nov 2026 09:00:00 +0000"
    assert got["Auto-Submitted"] == "auto-generated"
    body = got.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().splitlines() == ["Plats 17 har rättats.", "Hälsningar"]


def test_a_server_without_tls_gets_nothing(trust: Trust) -> None:
    served = serve_mail(inbox := Inbox())
    server = Server("localhost", served.port, "ombud@tallvik.example")
    with pytest.raises(Passing, match="offers no TLS"):
        Mail(server, "koket@smorgas.example", trust.client).send(MESSAGE, NOW)
    served.stop()
    assert inbox.mails == []


def test_a_certificate_that_nobody_vouches_for_is_not_believed(post: Post, trust: Trust) -> None:
    with pytest.raises(Passing, match="certificate"):
        replace(mail(post, trust), context=ssl.create_default_context()).send(MESSAGE, NOW)
    assert post.inbox.mails == []


def test_a_wrong_password_is_our_trouble_and_passes(post: Post, trust: Trust) -> None:
    with pytest.raises(Passing, match="user and password") as refused:
        mail(post, trust, password="fel").send(MESSAGE, NOW)
    assert "fel" not in str(refused.value)


def test_a_server_that_is_not_there_is_a_passing_trouble(trust: Trust) -> None:
    server = Server("127.0.0.1", 1, "ombud@tallvik.example")
    with pytest.raises(Passing, match="does not answer"):
        Mail(server, "koket@smorgas.example", trust.client).send(MESSAGE, NOW)


def test_loopback_alone_may_go_without_tls_and_only_if_that_is_said() -> None:
    served = serve_mail(inbox := Inbox())
    open_ = server_of(f"smtp://127.0.0.1:{served.port}", "ombud@tallvik.example", unencrypted=True)
    Mail(open_, "koket@smorgas.example").send(MESSAGE, NOW)
    served.stop()
    assert len(inbox.mails) == 1
    with pytest.raises(ValueError, match="loopback alone"):
        server_of("smtp://mail.tallvik.example", "ombud@tallvik.example", unencrypted=True)


@pytest.mark.parametrize(
    ("title", "to", "key"),
    [
        ("Rättelse\r\nBcc: alla@smorgas.example", "koket@smorgas.example", "n-17"),
        ("Rättelse", "koket@smorgas.example\nBcc: alla@smorgas.example", "n-17"),
        ("Rättelse", "Köket <koket@smorgas.example>", "n-17"),
        ("Rättelse", "a@smorgas.example,b@smorgas.example", "n-17"),
        ("Rättelse", "koket@smorgas.example", "n-17>\r\nBcc: alla@smorgas.example"),
    ],
)
def test_nothing_breaks_out_of_its_header(post: Post, trust: Trust, title: str, to: str, key: str) -> None:
    with pytest.raises(ValueError, match=r"plain address|is one line|a key is") as refused:
        replace(mail(post, trust), to=to).send(Message(key, title, "text"), NOW)
    assert "alla" not in str(refused.value)
    assert post.inbox.mails == []


def test_nothing_of_a_mail_is_logged(post: Post, trust: Trust, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        mail(post, trust).send(MESSAGE, NOW)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.log")]
    assert not any("Plats" in said or "sesam" in said for said in ours)


@pytest.mark.parametrize(
    ("url", "way", "port"),
    [("smtp://u:p%40ss@mail.tallvik.example", "starttls", 587), ("smtps://mail.tallvik.example", "tls", 465)],
)
def test_an_address_of_a_server_says_how_tls_begins(url: str, way: str, port: int) -> None:
    server = server_of(url, "ombud@tallvik.example")
    assert (server.way, server.port) == (way, port)
    assert server.password in ("p@ss", "")


@pytest.mark.parametrize("url", ["http://mail.tallvik.example", "smtp://", "mail.tallvik.example", "smtp://m/x?y"])
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://host:587"):
        server_of(url, "ombud@tallvik.example")


def test_an_address_is_one_plain_address() -> None:
    assert is_address("koket@smorgas.example")
    assert not is_address("koket@smorgas")
    assert not is_address("koket@smorgas.example ")
