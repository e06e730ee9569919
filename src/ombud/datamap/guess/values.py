"""What the values of a column look like, whatever it is called. Shares are of the values that say something."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import phonenumbers
from stdnum import iban

from ombud.datamap.guess.lexicon import Concept
from ombud.datamap.identity import HOME_REGION, is_personnummer

_EMAIL = re.compile(r"[^@\s<>\"',;:]{1,64}@[^@\s<>\"',;:]{1,253}\.[^@\s.]{2,}|.{1,60}<[^@\s]+@[^@\s]+\.[^@\s]+>")
_WITHIN = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,4}")
_HASHED = re.compile(
    r"(pbkdf2_|\$2[aby]\$|\$argon2|\$P\$|\$wp\$|\$pbkdf2|bcrypt|:pbkdf2:|\{SSHA|sha1\$|!|\$[156y]\$).*"
)
_AGENT = re.compile(r"(Mozilla|Opera|curl|okhttp|Dalvik|PostmanRuntime)/\d.*|.*AppleWebKit.*")
_URL = re.compile(r"(https?|ftp)://\S+", re.IGNORECASE)
_CODE = re.compile(
    r"[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[A-Za-z0-9+/_=-]{24,}|[A-Z0-9_.-]+"
)
_PACKED = re.compile(r"(?<![^\W_])([0-9a-fA-F]{8}|[0-9a-fA-F]{32})$")
_DAY = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?|\d{8}(\d{6})?")
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
_STREET = re.compile(
    r"[^\d/:]{2,40}(gatan|vägen|väg|gränd|torget|stigen|allén?| (street|st|road|rd|avenue|lane))\b\.?\s*\d{0,4}.*"
    r"|\d{1,5} [A-Z][a-z]+ .*",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-ZÅÄÖÉÜØÆ][\wåäöéüøæ'’-]+( (von|af|de|van|der))?( [A-ZÅÄÖÉÜØÆ][\wåäöéüøæ'’.-]*){1,3}")
_PHONE = re.compile(r"[+0][0-9\s()./-]{6,20}")


def _email(text: str) -> bool:
    return bool(_EMAIL.fullmatch(text))


def _phone(text: str) -> bool:
    if not _PHONE.fullmatch(text) or _DAY.fullmatch(text):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, HOME_REGION))
    except phonenumbers.NumberParseException:
        return False


def _ip(text: str) -> bool:
    if "." not in text and ":" not in text:
        return False
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


_LOOKS: Mapping[Concept, tuple[Callable[[str], bool], str]] = {
    Concept.EMAIL: (_email, "e-mail addresses"),
    Concept.IDENTITY_NUMBER: (is_personnummer, "personnummer with their check digit"),
    Concept.IP: (_ip, "IP addresses"),
    Concept.PAYMENT: (iban.is_valid, "IBAN with their check digits"),
    Concept.DEVICE: (lambda text: bool(_AGENT.fullmatch(text)), "browsers' names"),
    Concept.CREDENTIAL: (lambda text: bool(_HASHED.fullmatch(text)) and len(text) > 20, "hashed passwords"),
    Concept.PHONE: (_phone, "telephone numbers"),
    Concept.ADDRESS: (lambda text: bool(_STREET.fullmatch(text)), "streets"),
    Concept.NAME: (lambda text: bool(_NAME.fullmatch(text)), "two or three words, each with a capital"),
}

SELDOM = {Concept.NAME: 0.45, Concept.ADDRESS: 0.6, Concept.PHONE: 0.8}
"""How far a look alone is believed, where it is less than certain."""


@dataclass(frozen=True)
class Look:
    """What values look like: concepts with the share that fits; and their shape where no concept says it all."""

    count: int
    shares: Mapping[Concept, float]
    distinct: float
    prose: float
    """The share of several words, or of a line's break."""
    codes: float
    """The share of digests, UUIDs, dates, numbers, or one word in capitals."""
    documents: float
    """The share of JSON objects and arrays, and of PHP's serialized values."""
    packed: float
    """The share of the digits, in hexadecimal, of four or sixteen bytes."""
    mentions: float
    """The share in which an e-mail address stands among other text; 0 where fewer than three different ones do."""


def look(values: Sequence[Any]) -> Look:
    """What these values look like; numbers only count as what their digits may be."""
    texts = [_text(value) for value in values]
    n = len(texts) or 1
    shares = {concept: sum(map(fits, texts)) / n for concept, (fits, _) in _LOOKS.items()}
    return Look(
        len(texts),
        {concept: share for concept, share in shares.items() if share},
        len(set(texts)) / n,
        sum(len(text.split()) > 2 or "\n" in text.strip() for text in texts) / n,
        sum(bool(_CODE.fullmatch(t) or _DAY.fullmatch(t) or _NUMBER.fullmatch(t)) for t in texts) / n,
        sum(map(_is_document, texts)) / n,
        sum(bool(_PACKED.search(text)) for text in texts) / n,
        _mentions(texts) / n,
    )


def _mentions(texts: Sequence[str]) -> int:
    found = [match[0].lower() for text in texts if "@" in text and (match := _WITHIN.search(text)) and match[0] != text]
    return len(found) if len(set(found)) >= 3 else 0


def described(concept: Concept) -> str:
    """What values of a concept look like, in words."""
    return _LOOKS[concept][1]


def _text(value: Any) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace").strip()
    return json.dumps(value, default=str) if isinstance(value, dict | list) else str(value).strip()


_SERIALIZED = re.compile(r'a:\d+:\{.*\}|O:\d+:".*', re.DOTALL)


def _is_document(text: str) -> bool:
    if _SERIALIZED.fullmatch(text):
        return True
    return isinstance(document(text), dict | list)


def document(value: Any) -> Any:
    """A JSON object or array, from its text where it is one; else None."""
    if isinstance(value, dict | list):
        return value
    text = _text(value)
    if text[:1] not in ("{", "["):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None
