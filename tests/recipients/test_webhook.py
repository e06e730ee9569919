"""Webhooks: signed so that the other side can tell, to addresses outside alone, never redirected."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network

import pytest

from ombud.adapters.https import Endpoint
from ombud.adapters.webhook import NoSecret, Transfer, Webhook, secrets_of, signed
from ombud.engine.messenger import Message, Passing, Permanent
from tests.recipients.servers import NOW, Site, Trust

KEYS = (b"0123456789abcdef0123456789abcdef", b"fedcba9876543210fedcba9876543210")
MESSAGE = Message("n-17", "", "", {"type": "personal_data.erased", "known_as": ["Plats 17"]})


def hook(site: Site, trust: Trust) -> Webhook:
    return Webhook(Endpoint(site.url, trust.client, plain=True), KEYS[:1])


def test_the_signature_is_the_one_of_the_specification() -> None:
    secrets = secrets_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    then = datetime.fromtimestamp(1614265330, UTC)
    headers = signed(secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", then, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_who_has_the_secret_can_tell_that_it_is_ours(site: Site, trust: Trust) -> None:
    hook(site, trust).send(MESSAGE, NOW)
    ((method, path, headers, body),) = site.requests
    assert (method, path) == ("POST", "/hook")
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    own = base64.b64encode(hmac.new(KEYS[0], content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{own}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))


def test_while_a_secret_is_replaced_both_sign() -> None:
    said = " ".join(f"whsec_{base64.b64encode(key).decode()}" for key in KEYS)
    assert secrets_of(said) == KEYS
    assert signed(KEYS, "n-17", NOW, b"{}")["webhook-signature"].count("v1,") == 2


@pytest.mark.parametrize(
    "said", ["", "whsec_", "whsec_c2hvcnQ=", "sesam öppna dig", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"]
)
def test_a_secret_that_signs_nothing_is_refused_and_not_repeated(said: str) -> None:
    with pytest.raises(NoSecret) as refused:
        secrets_of(said)
    assert len(said) < 8 or said not in str(refused.value)


@pytest.mark.parametrize(
    ("answer", "raised", "after"),
    [
        ((410, {}), Permanent, None),
        ((422, {}), Permanent, None),
        ((302, {"Location": "http://127.0.0.1:1/"}), Permanent, None),
        ((503, {"Retry-After": "120"}), Passing, timedelta(seconds=120)),
        ((429, {"Retry-After": "Mon, 30 Nov 2026 10:00:00 GMT"}), Passing, timedelta(hours=1)),
        ((500, {}), Passing, None),
        ((401, {}), Passing, None),
        ((503, {"Retry-After": "soon"}), Passing, None),
    ],
)
def test_an_answer_says_whether_to_come_again(
    site: Site, trust: Trust, answer: tuple[int, dict[str, str]], raised: type[Exception], after: timedelta | None
) -> None:
    site.answers.append(answer)
    with pytest.raises((Passing, Permanent)) as refused:
        hook(site, trust).send(MESSAGE, NOW)
    assert type(refused.value) is raised
    assert getattr(refused.value, "after", None) == after
    assert len(site.requests) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_believed(site: Site) -> None:
    with pytest.raises(Passing, match="certificate"):
        Webhook(Endpoint(site.url, ssl.create_default_context(), plain=True), KEYS).send(MESSAGE, NOW)
    assert site.requests == []


@pytest.mark.parametrize("number", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "::ffff:10.0.0.7", "fe80::1%lo"])
def test_an_address_that_leads_inside_gets_nothing(site: Site, trust: Trust, number: str) -> None:
    outside = Endpoint("https://koket.smorgas.example/hook", trust.client)
    with pytest.raises(Permanent, match="inside"):
        Webhook(outside, KEYS, lambda host, port: ("93.184.216.34", number)).send(MESSAGE, NOW)
    assert site.requests == []


CARRIED = {
    "translated": "64:ff9b::a00:7",
    "translated in a house's own way": "64:ff9b:1::a00:7",
    "6to4": "2002:a00:7::1",
    "Teredo, its server": "2001:0:a00:7:8000:63bf:3fff:fdd2",
    "Teredo, its client": "2001:0:4136:e378:8000:63bf:f5ff:fff8",
    "compatible": "::10.0.0.7",
    "mapped and translated": "::ffff:0:10.0.0.7",
    "of a site": "fec0::7",
    "of many": "ff0e::7",
    "of many, in IPv4": "239.1.2.3",
    "6to4 of this machine": "2002:7f00:1::1",
}


@pytest.mark.parametrize("number", CARRIED.values(), ids=CARRIED)
def test_an_address_that_carries_another_is_judged_by_where_it_leads(number: str) -> None:
    with pytest.raises(Permanent, match="inside"):
        Webhook(Endpoint("https://hook.example"), KEYS, lambda host, port: (number,)).send(MESSAGE, NOW)


@pytest.mark.parametrize("number", ["64:ff9b::a00:7", "2002:a00:7::1", "2001:0:a00:7:8000:63bf:f5ff:fff8"])
def test_where_it_leads_may_be_let_in(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _reached(number, monkeypatch, (ip_network("10.0.0.0/24"),)) == number


@pytest.mark.parametrize("number", ["64:ff9b::808:808", "2002:808:808::1", "2a00:1450::1", "8.8.8.8"])
def test_the_internet_is_reached_also_through_a_translation(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _reached(number, monkeypatch, ()) == number


def _reached(number: str, monkeypatch: pytest.MonkeyPatch, inside: tuple[IPv4Network | IPv6Network, ...]) -> str:
    """To which number a connection is made; nobody answers there."""
    reached: list[str] = []

    def connect(to: tuple[str, int], timeout: float) -> None:
        reached.append(to[0])
        raise OSError

    monkeypatch.setattr("socket.create_connection", connect)
    with pytest.raises(Passing):
        Webhook(Endpoint("https://hook.example", None, inside), KEYS, lambda host, port: (number,)).send(MESSAGE, NOW)
    return reached[0]


def test_a_network_inside_may_be_let_in(site: Site, trust: Trust) -> None:
    inside = Endpoint(site.url, trust.client, (ip_network("127.0.0.0/8"),))
    Webhook(inside, KEYS, lambda host, port: ("127.0.0.1",)).send(MESSAGE, NOW)
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "url", ["http://koket.smorgas.example/", "ftp://smorgas.example/", "https://u:p@smorgas.example/", "https://"]
)
def test_only_https_is_used_and_no_password_in_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"https://|password|host") as refused:
        Endpoint(url, plain=True)
    assert "smorgas" not in str(refused.value)


def test_loopback_may_go_without_tls_if_that_is_said(open_site: Site) -> None:
    url = f"http://127.0.0.1:{open_site.port}/hook"
    Webhook(Endpoint(url, plain=True), KEYS).send(MESSAGE, NOW)
    assert len(open_site.requests) == 1
    with pytest.raises(ValueError, match="only https"):
        Endpoint(url)


def test_nobody_there_is_a_passing_trouble() -> None:
    with pytest.raises(Passing, match="does not answer"):
        Webhook(Endpoint("http://127.0.0.1:1/", plain=True), KEYS).send(MESSAGE, NOW)


@pytest.mark.fact("R5")
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_persons_data_is_handed_to_another_controller_with_its_digest(site: Site, trust: Trust, method: str) -> None:
    body = '{"name": "Åsa"}'.encode()
    transfer = Transfer(Endpoint(site.url, trust.client, plain=True), method)  # type: ignore[arg-type]
    receipt = transfer.hand_over("r-5", body, "application/json", NOW)
    ((used, _, headers, got),) = site.requests
    assert (used, got) == (method, body)
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    assert headers["content-digest"] == receipt.reference == digest
    assert headers["idempotency-key"] == '"r-5"'


def test_a_transfer_that_arrived_otherwise_is_no_transfer(site: Site, trust: Trust) -> None:
    site.answers.append((201, {"Repr-Digest": "sha-256=:AAAA:"}))
    with pytest.raises(Passing, match="something else"):
        Transfer(Endpoint(site.url, trust.client, plain=True)).hand_over("r-5", b"{}", "application/json", NOW)
