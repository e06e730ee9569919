"""Identifiers in free text, whoever's they are: e-mail addresses, telephone numbers, personnummer, network addresses.

Every search is one pass: a pattern is one class of characters repeated, or is bounded, so no text takes more than its
length times a constant. Past `MOST` finds, or in a row of digits longer than `LONGEST_ROW`, what is left of it is one
find of its own, for a person to read.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatcher

from ombud.datamap.identity import HOME_REGION, is_personnummer, normalise

MOST = 2_000
"""Finds of one sort in one text."""

LONGEST_ROW = 2_000
"""Characters of a row of digits and what stands between them that is read as telephone numbers."""

SHORT_ROW, MOST_TRIES = 80, 500
"""Characters of a row that is read again part by part where it is no number as a whole; how many in one text."""

_LOCAL, _DOMAIN = 64, 255
"""Octets of an e-mail address before and after the at sign (RFC 5321, 4.5.3.1)."""

_AT = re.compile("[@\uff20\ufe6b]")
_NUMBER = re.compile(r"(?<!\d)(?:\d{2})?\d{6}[-+\u2010-\u2015]?\d{4}(?!\d)", re.ASCII)
_ROW = re.compile("[+(0-9][0-9 ()./\u00a0\u2010-\u2015-]{5,}")
_PART = re.compile(r"[^\s]+")
_DOTTED = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)", re.ASCII)
_COLONS = re.compile(r"(?<![\w:])[0-9a-fA-F:]{2,39}(?![\w:])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """Where in a text an identifier stands, of which kind, in its one form (`datamap.identity`); '' is not readable."""

    start: int
    end: int
    kind: str
    form: str


def found_in(text: str) -> tuple[Found, ...]:
    """Every identifier in a text, in order, none inside another."""
    apart: list[Found] = []
    searches = [search for search, may_be in _SEARCHES if may_be(text)]
    taken = bytearray(len(text)) if searches else bytearray()
    for search in searches:
        for each in _at_most(search(_without(text, apart)), len(text)):
            if not any(taken[each.start : each.end]):
                taken[each.start : each.end] = b"\x01" * (each.end - each.start)
                apart.append(each)
    return tuple(sorted(apart, key=lambda each: each.start))


def _without(text: str, found: list[Found]) -> str:
    """The text with signs of nothing where something was found: digits beside it are no part of it."""
    if not found:
        return text
    parts, at = [], 0
    for each in sorted(found, key=lambda each: each.start):
        parts += [text[at : each.start], "\N{FULL BLOCK}" * (each.end - each.start)]
        at = each.end
    return "".join((*parts, text[at:]))


def _at_most(found: Iterable[Found], length: int) -> Iterator[Found]:
    for n, each in enumerate(found):
        if n == MOST:
            yield Found(each.start, length, each.kind, "")
            return
        yield each


# --- e-mail -----------------------------------------------------------------------------------------------------


def _emails(text: str) -> Iterator[Found]:
    last = 0
    for sign in _AT.finditer(text):
        start, end = sign.start(), sign.end()
        while start > last and sign.start() - start < _LOCAL and _is_local(text[start - 1]):
            start -= 1
        while end < len(text) and end - sign.end() < _DOMAIN and _is_domain(text[end]):
            end += 1
        while start < sign.start() and text[start] in ".'&~-":
            start += 1
        while end > sign.end() and text[end - 1] in ".-":
            end -= 1
        host = _plain(text[sign.end() : end])
        if start < sign.start() and "." in host.strip("."):
            last = end
            yield Found(start, end, "email", normalise("email", f"{_plain(text[start : sign.start()])}@{host}"))


def _is_local(c: str) -> bool:
    return c.isalnum() or c in "._%+-'&~" or unicodedata.category(c) in ("Mn", "Mc", "Cf")


def _is_domain(c: str) -> bool:
    return c.isalnum() or c in ".-\uff0e\u3002\uff61" or unicodedata.category(c) in ("Mn", "Mc", "Cf")


def _plain(text: str) -> str:
    """Without what is not seen, in the widths of a keyboard."""
    return unicodedata.normalize("NFKC", "".join(c for c in text if unicodedata.category(c) != "Cf"))


# --- numbers ----------------------------------------------------------------------------------------------------


def _numbers(text: str) -> Iterator[Found]:
    for match in _NUMBER.finditer(text):
        written = re.sub("[\u2010-\u2015]", "-", match[0])
        if is_personnummer(written):
            yield Found(match.start(), match.end(), "personnummer", normalise("personnummer", written))


def _phones(text: str) -> Iterator[Found]:
    tries = MOST_TRIES
    for row in _ROW.finditer(text):
        if len(row[0]) > LONGEST_ROW:
            yield Found(row.start(), row.end(), "phone", "")
            continue
        waiting = [(row[0], row.start())]
        while waiting:  # what is left beside a number may hold another
            part, at = waiting.pop()
            if sum(c.isdigit() for c in part) < 7:
                continue
            found = [*PhoneNumberMatcher(part, HOME_REGION, leniency=Leniency.VALID, max_tries=LONGEST_ROW)]
            for match in found:
                form = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
                yield Found(at + match.start, at + match.end, "phone", form)
            if found:
                ends = [0, *(match.end for match in found)]
                starts = [*(match.start for match in found), len(part)]
                waiting += [(part[a:b], at + a) for a, b in zip(ends, starts, strict=True)]
            elif len(part) <= SHORT_ROW and tries:
                tries -= 1
                yield from _among(part, at)


def _among(row: str, at: int) -> Iterator[Found]:
    """Telephone numbers among other digits, which begin with a zero or a plus, and of which the whole row is none."""
    parts = [*_PART.finditer(row)]
    n = 0
    while n < len(parts):
        start, step = parts[n].start(), 1
        if row[start] in "+0(":
            for more in range(min(5, len(parts) - n), 0, -1):
                end = parts[n + more - 1].end()
                form = _valid(row[start:end])
                if form:
                    yield Found(at + start, at + end, "phone", form)
                    step = more
                    break
        n += step


def _valid(written: str) -> str:
    try:
        number = phonenumbers.parse(written, HOME_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _addresses(text: str) -> Iterator[Found]:
    for pattern in (_DOTTED, _COLONS):
        for match in pattern.finditer(text):
            if pattern is _COLONS and match[0].count(":") < 3:
                continue
            try:
                form = str(ipaddress.ip_address(match[0]))
            except ValueError:
                continue
            yield Found(match.start(), match.end(), "ip", form)


# --- what may be there ------------------------------------------------------------------------------------------


def _digits(text: str) -> int:
    return len(_DIGIT.findall(text))


_DIGIT = re.compile("[0-9]")

_SEARCHES = (
    (_emails, lambda text: _AT.search(text) is not None),
    (_numbers, lambda text: _digits(text) >= 10),
    (_addresses, lambda text: text.count(".") >= 3 or text.count(":") >= 3),
    (_phones, lambda text: _digits(text) >= 7),
)
"""Each search, and whether a text holds signs enough for it to find anything."""
