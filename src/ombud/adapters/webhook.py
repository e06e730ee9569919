"""Signed webhooks (Standard Webhooks), and the transfer of a person's data by the same way (Art. 20(2))."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from ombud.adapters.https import Answer, Endpoint, Resolve, ask, resolved
from ombud.engine.messenger import Message, Passing, Permanent, Receipt

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, by the specification."""

AGENT = "ombud"

FOR_GOOD: Mapping[int, str] = {
    400: "it cannot read the message",
    405: "it takes no such request",
    410: "it asks to be told no more",
    413: "the message is too large for it",
    415: "it takes no such form",
    422: "it cannot use the message",
}
"""Answers after which the same message is not sent again; every other one may be otherwise later."""


class NoSecret(ValueError):
    """A secret that cannot sign. The message does not repeat it."""


def secrets_of(text: str) -> tuple[bytes, ...]:
    """The secrets in `whsec_…`, several with spaces between while one is replaced by another. Raises NoSecret."""
    found = []
    for each in text.split():
        try:
            secret = base64.b64decode(each.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            raise NoSecret("a secret is whsec_ and base64") from None
        if not each.startswith(PREFIX) or not SHORTEST <= len(secret) <= LONGEST:
            raise NoSecret(f"a secret is whsec_ and {SHORTEST} to {LONGEST} bytes in base64")
        found.append(secret)
    if not found:
        raise NoSecret("there is no secret")
    return tuple(found)


def signed(secrets: tuple[bytes, ...], key: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers: id, second of sending, and one signature for each secret."""
    second = str(int(now.timestamp()))
    content = b".".join((key.encode("ascii"), second.encode("ascii"), body))
    made = (hmac.new(secret, content, hashlib.sha256).digest() for secret in secrets)
    signature = " ".join(f"v1,{base64.b64encode(each).decode('ascii')}" for each in made)
    return {"webhook-id": key, "webhook-timestamp": second, "webhook-signature": signature}


@dataclass(frozen=True, slots=True)
class Webhook:
    """The way to one address, signed with the secrets that are shared with it."""

    endpoint: Endpoint
    secrets: tuple[bytes, ...] = field(repr=False)
    resolve: Resolve = field(default=resolved, repr=False)

    def send(self, message: Message, now: datetime) -> Receipt:
        """POST the message's data. Raises Passing or Permanent."""
        body = json.dumps(message.data, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "User-Agent": AGENT}
        headers |= signed(self.secrets, message.key, now, body)
        answer = ask(self.endpoint, "POST", headers, body, self.resolve)
        _judged(answer, now)
        return Receipt("webhook", f"{message.key} {answer.status}", now)


@dataclass(frozen=True, slots=True)
class Transfer:
    """Where another controller takes over a person's data: whole, once, with the digest by which both can tell it."""

    endpoint: Endpoint
    method: Literal["PUT", "POST"] = "PUT"
    secrets: tuple[bytes, ...] = field(default=(), repr=False)
    resolve: Resolve = field(default=resolved, repr=False)

    def hand_over(self, key: str, body: bytes, media: str, now: datetime) -> Receipt:
        """Send the bytes. `key` is the same for a repeat. Raises Passing or Permanent.

        The receipt's reference is the digest (RFC 9530). Where the other side says which digest it got, it is compared.
        """
        digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode('ascii')}:"
        headers = {"Content-Type": media, "User-Agent": AGENT, "Content-Digest": digest, "Idempotency-Key": f'"{key}"'}
        headers |= signed(self.secrets, key, now, body) if self.secrets else {}
        answer = ask(self.endpoint, self.method, headers, body, self.resolve)
        _judged(answer, now)
        got = answer.headers.get("repr-digest", digest)
        if digest not in (each.strip() for each in got.split(",")):
            raise Passing("it says that it got something else")
        return Receipt("transfer", digest, now)


def _judged(answer: Answer, now: datetime) -> None:
    status = answer.status
    if 200 <= status < 300:
        return
    if status in FOR_GOOD:
        raise Permanent(f"{FOR_GOOD[status]} ({status})")
    if 300 <= status < 400:
        raise Permanent(f"it is elsewhere, and no redirect is followed ({status}): correct its address")
    raise Passing(f"it does not take the message now ({status})", _after(answer.headers.get("retry-after", ""), now))


def _after(text: str, now: datetime) -> timedelta | None:
    """`Retry-After`: seconds, or an instant (RFC 9110, 10.2.3)."""
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=min(int(text), 10**8))
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(then - now, timedelta())
