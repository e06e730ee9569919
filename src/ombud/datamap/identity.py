"""One form per kind of identifier, made in Python: a database's collation never decides who somebody is."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import lru_cache

import idna
import phonenumbers
from stdnum import luhn

HOME_REGION = "SE"
"""Whose national form a telephone number without a country code is in."""

WINDOW_START = 1926
"""A ten-digit personnummer without `+` is of somebody born in the hundred years from this one, with `+` in the
hundred before. Fixed, not counted from today: the same text must give the same digest in every year."""

COORDINATION = 60
"""A samordningsnummer writes the day of birth plus 60 (3 kap. 1 § lagen (2022:1697))."""

_PERSONNUMMER = re.compile(r"(\d{2})?(\d{2})(\d{2})(\d{2})([-+]?)(\d{4})", re.ASCII)

_NUMBER = re.compile(r"([+0-9\s()./-]+?)(?:\s*(?:;ext=|,|ext\.?|x|ankn\.?|anknytning)\s*([0-9]{1,7}))?", re.IGNORECASE)


def normalise(kind: str, value: object) -> str:
    """The one form of an identifier of this kind: `email`, `personnummer`, `phone`, or trimmed text in one case.

    '' says that there is none. Total: whatever cannot be read stays as comparable text, so that it equals only itself.
    """
    text = _text(value)
    return _FORMS.get(kind, _folded)(text) if text else ""


def digest(secret: bytes, kind: str, value: object) -> str:
    """HMAC-SHA256 (RFC 2104) of the kind and the normalised value, in hexadecimal; '' where there is no value."""
    form = normalise(kind, value)
    if not form:
        return ""
    message = kind.encode() + b"\0" + form.encode("utf-8", "surrogatepass")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "backslashreplace").strip()
    try:
        return str(value).strip()
    except ValueError:  # an int past sys.get_int_max_str_digits()
        return hex(value) if isinstance(value, int) else ""


def _folded(text: str) -> str:
    """Canonical caseless form (Unicode 3.13, D145), composed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold()).strip()


def _email(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not at:
        return _folded(text)
    return f"{_folded(local)}@{_domain(domain.strip())}"


@lru_cache(maxsize=10_000)
def _domain(domain: str) -> str:
    """The A-labels of UTS 46: `åre.se` and `XN--RE-XIA.SE` are one domain."""
    try:
        return idna.encode(domain, uts46=True).decode("ascii").removesuffix(".").lower()
    except (idna.IDNAError, UnicodeError):
        return _folded(domain)


def is_personnummer(text: str) -> bool:
    """Whether it is a personnummer or a samordningsnummer: a day that there was, and a check digit that fits."""
    return bool(_twelve_digits(text))


def _personnummer(text: str) -> str:
    return _twelve_digits(text) or _unread(_personnummer, text)


def _twelve_digits(text: str) -> str:
    bare = re.sub(r"\s", "", text)
    match = _PERSONNUMMER.fullmatch(bare)
    if match is None:
        return ""
    century, year, month, day, sign, serial = match.groups()
    if not luhn.is_valid(year + month + day + serial):
        return ""
    full = int((century or "00") + year) if century else _year(int(year), over_a_hundred=sign == "+")
    return f"{full:04}{month}{day}{serial}" if _is_day(full, int(month), int(day)) else ""


def _year(two_digits: int, *, over_a_hundred: bool) -> int:
    start = WINDOW_START - 100 if over_a_hundred else WINDOW_START
    return start + (two_digits - start) % 100


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day - COORDINATION if day > COORDINATION else day)
    except ValueError:
        return False
    return True


def _phone(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    if match is None:  # words on a telephone's keys are no number here: two texts would be one person
        return _unread(_phone, text)
    form = _e164(match[1])
    while (again := _e164(form)) != form:  # a zero too many is a trunk prefix once more
        form = again
    if not form:
        return _unread(_phone, text)
    # RFC 3966: two people behind one switchboard are two people.
    return f"{form};ext={match[2]}" if match[2] else form


def _e164(text: str) -> str:
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _unread(form: Callable[[str], str], text: str) -> str:
    """The letters and digits alone, which may be readable where the text was not."""
    bare = _characters(text)
    return bare if bare == text else form(bare)


def _characters(text: str) -> str:
    return "".join(c for c in _folded(text) if c.isalnum())


_FORMS: dict[str, Callable[[str], str]] = {"email": _email, "personnummer": _personnummer, "phone": _phone}

KINDS = frozenset(_FORMS)
"""The kinds of identifier that have a form of their own."""
