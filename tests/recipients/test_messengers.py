"""The laws of a messenger, on the fake, on mail and on webhooks: real servers on loopback."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from ombud.adapters.https import Endpoint
from ombud.adapters.mail import Mail, Server
from ombud.adapters.webhook import Webhook
from ombud.engine.messenger import Message, Messenger, Passing, Permanent
from tests.recipients.fake import Fake
from tests.recipients.servers import NOW, Post, Site, Trust

SECRETS = (b"0123456789abcdef0123456789abcdef",)
SECRET = f"whsec_{base64.b64encode(SECRETS[0]).decode()}"
MESSAGE = Message("n-17", "Rättelse av personuppgifter", "Plats 17 har rättats.\n", {"known_as": ["Plats 17"]})


@dataclass
class Way:
    """A messenger with what its other end got, and how that end is made to refuse."""

    messenger: Messenger
    keys: Callable[[], list[str]]
    refuse: Callable[[], object]
    put_off: Callable[[], object]


@pytest.fixture(params=["fake", "mail", "webhook"])
def way(request: pytest.FixtureRequest, trust: Trust) -> Way:
    if request.param == "mail":
        post: Post = request.getfixturevalue("post")
        server = Server("localhost", post.port, "ombud@tallvik.example", "starttls", "ombud", "sesam")
        inbox = post.inbox
        return Way(
            Mail(server, "koket@smorgas.example", trust.client),
            lambda: [str(mail["Message-ID"])[1:].partition("@")[0] for mail in inbox.mails],
            lambda: setattr(inbox, "says", "550 no such person koket@smorgas.example"),
            lambda: setattr(inbox, "says", "451 greylisted"),
        )
    if request.param == "webhook":
        site: Site = request.getfixturevalue("site")
        return Way(
            Webhook(Endpoint(site.url, trust.client, plain=True), SECRETS),
            lambda: [headers["webhook-id"] for _, _, headers, _ in site.requests],
            lambda: site.answers.append((410, {})),
            lambda: site.answers.append((503, {"Retry-After": "120"})),
        )
    fake = Fake()
    return Way(
        fake,
        lambda: [message.key for message in fake.sent],
        lambda: fake.troubles.append(Permanent("gone")),
        lambda: fake.troubles.append(Passing("later")),
    )


def test_what_is_sent_arrives_under_its_key_and_is_receipted(way: Way) -> None:
    receipt = way.messenger.send(MESSAGE, NOW)
    assert way.keys() == ["n-17"]
    assert "n-17" in receipt.reference
    assert receipt.at == NOW


def test_a_repeat_has_the_same_key(way: Way) -> None:
    way.messenger.send(MESSAGE, NOW)
    way.messenger.send(MESSAGE, NOW + timedelta(hours=1))
    assert way.keys() == ["n-17", "n-17"]


def test_what_may_be_taken_later_is_a_passing_trouble(way: Way) -> None:
    way.put_off()
    with pytest.raises(Passing):
        way.messenger.send(MESSAGE, NOW)


def test_a_refusal_for_good_is_one_and_repeats_no_personal_data(way: Way) -> None:
    way.refuse()
    with pytest.raises(Permanent) as refused:
        way.messenger.send(MESSAGE, NOW)
    assert "smorgas" not in str(refused.value)
    assert "Plats" not in str(refused.value)


def test_nothing_of_a_message_is_printed(way: Way) -> None:
    assert "Plats" not in repr(MESSAGE)
    assert "Rättelse" not in repr(MESSAGE)
    assert "smorgas" not in repr(way.messenger)
    assert "sesam" not in repr(way.messenger)
    assert "0123456789" not in repr(way.messenger)
