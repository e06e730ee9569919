"""Proof of a contact point: a single code or link, sent to the address that somebody typed.

Who knows an e-mail address gets nothing and learns nothing. So nobody is looked up before the proof: the message
goes to the address as typed, whether anybody has it or not, and what the asker is told is the same words every time.
Where the address is ours to know (a request names a person by number), `point` is "" for a person whom nobody knows:
the same work is done, and the message is written for nobody. Who calls this writes both kinds of message to the same
outbox and answers before either is sent.

What is stored is keyed and says nothing: no code, no address. It is stored before the answer is told, and an attempt
is counted before it is compared.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

Random = Callable[[int], bytes]
"""Fresh random bytes, this many."""

LASTS = timedelta(minutes=30)
"""How long a code or a link is good."""

TRIES = 5
"""Attempts at one challenge, right ones included: after these it is spent (NIST SP 800-63B, 5.2.2)."""

DIGITS = 8
"""Digits of a code that is typed."""


class Form(StrEnum):
    """How the secret is written: digits to type, or a token in a link."""

    CODE = "code"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Secret:
    """What is sent. It does not print; `text` is for the message alone."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What is kept of a question. `point` is the keyed digest of the address, `digest` of the secret (hexadecimal)."""

    id: str
    request: str
    point: str
    digest: str
    until: datetime
    tried: int = 0
    spent: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """What follows from asking: what to keep, and the secret to send. `deliver` is False for a message to nobody."""

    challenge: Challenge
    secret: Secret
    deliver: bool


TOLD = {
    "sv": "Om adressen kan användas har ett meddelande skickats till den. Följ det som står där.",
    "en": "If the address can be used, a message has been sent to it. Do what it says.",
}
"""What whoever asks is told, every time: known or not, limited or not."""


def begin(key: bytes, request: str, point: str, form: Form, now: datetime, random: Random) -> Begun:
    """Make a question of an address, given as its keyed digest ("" where there is none)."""
    name = random(16).hex()
    text = _written(form, random(32))
    return Begun(Challenge(name, request, point, _digest(key, name, text), now + LASTS), Secret(text), point != "")


def answer(key: bytes, challenge: Challenge | None, said: str, now: datetime) -> tuple[bool, Challenge | None]:
    """Whether this is the secret, and what to keep from now on; the caller keeps it whatever the answer is.

    A challenge that there is not, one that is spent, late or sent to nobody, and a wrong secret take the same work
    and give the same answer.
    """
    held = challenge if challenge is not None else _NONE
    fits = hmac.compare_digest(_digest(key, held.id, _plain(said)), held.digest)
    is_open = not held.spent and held.tried < TRIES and now <= held.until and held.point != ""
    right = fits & is_open & (challenge is not None)
    kept = replace(held, tried=held.tried + 1, spent=held.spent | right)
    return right, None if challenge is None else kept


_NONE = Challenge("0" * 32, "", "", "0" * 64, datetime.min.replace(tzinfo=UTC))


def _written(form: Form, fresh: bytes) -> str:
    match form:
        case Form.CODE:  # 256 bits modulo 10^8: the bias is below 2^-229
            return f"{int.from_bytes(fresh) % 10**DIGITS:0{DIGITS}}"
        case Form.LINK:
            return base64.urlsafe_b64encode(fresh).decode("ascii").rstrip("=")


def _plain(said: str) -> str:
    """Codes are read aloud and typed in groups: spaces do not count."""
    return "".join(said.split())[:64]


def _digest(key: bytes, name: str, text: str) -> str:
    """HMAC-SHA256 (RFC 2104) of the challenge's name and the secret, so that one digest fits one challenge alone."""
    return hmac.new(key, f"{name}\0{text}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
