"""What SPAR answers, by the elements' names: its published description of XML version 2023.1 says what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ombud.rights.population import Address, Entry, NotFound, Passing, Permanent, Status

CURRENT = "9999-12-31"
"""`DatumTill` of what holds now."""

STATUSES: Mapping[str, Status] = {
    "A": Status.DECEASED,
    "AV": Status.DECEASED,
    "UV": Status.EMIGRATED,
    "G": Status.REPLACED,
    "GN": Status.REPLACED,
    "GS": Status.REPLACED,
}
"""By `AvregistreringsorsakKod`; any other code is `other`."""

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,20}")
"""What a code looks like: whatever else stands in its place is not told."""


def read(root: Any, number: str, now: datetime) -> Entry | NotFound:
    """The entry of the number that was asked for, from an envelope (an lxml element). Raises RegisterTrouble."""
    for fault in _deep(root, "Fault"):
        code = _text(fault, "faultcode").rpartition(":")[2]
        kind = Permanent if code in ("Client", "Sender", "VersionMismatch", "MustUnderstand") else Passing
        raise kind(f"SPAR answered with a fault ({code if _CODE.fullmatch(code) else 'without a code'})")
    answers = _deep(root, "SPARPersonsokningSvar")
    if not answers:
        raise Permanent("SPAR's answer is of another form than ombud knows")
    for exception in _deep(answers[0], "Undantag"):
        code = _text(exception, "Kod")
        raise Permanent(f"SPAR made an exception ({code if _CODE.fullmatch(code) else 'without a code'})")
    if _deep(answers[0], "OverstigerMaxAntalSvarsposter"):
        raise Permanent("SPAR found more persons than it answers with")
    posts = _all(answers[0], "PersonsokningSvarspost")
    if not posts:
        return NotFound(now)
    if len(posts) > 1 or any(_text(each, "IdNummer") != number for each in _all(posts[0], "PersonId")):
        raise Permanent("SPAR answered about somebody else than was asked for")
    return _entry(posts[0], number, now)


def _entry(post: Any, number: str, now: datetime) -> Entry:
    details = _current(_all(post, "Persondetaljer"), now)
    names = _current(_all(post, "Namn"), now)
    name = " ".join(filter(None, (_text(each, part) for each in names[:1] for part in _NAME)))
    code = next((found for each in details if (found := _text(each, "AvregistreringsorsakKod"))), "")
    return Entry(
        number,
        name,
        _address(post, now),
        _flag([post, *details], "Sekretessmarkering"),
        _flag([post, *details], "SkyddadFolkbokforing"),
        STATUSES.get(code, Status.OTHER) if code else Status.REGISTERED,
        now,
    )


_NAME = ("Fornamn", "Mellannamn", "Efternamn")


def _address(post: Any, now: datetime) -> Address | None:
    """The registered address alone: neither a special postal address nor one abroad is what was promised."""
    swedish = [each for home in _all(post, "Folkbokforingsadress") for each in _all(home, "SvenskAdress")]
    for each in _current(swedish, now):
        lines = tuple(filter(None, (_text(each, "Utdelningsadress1"), _text(each, "Utdelningsadress2"))))
        return Address(lines, _text(each, "PostNr"), _text(each, "Postort"), _text(each, "CareOf"))
    return None


def _flag(places: list[Any], name: str) -> bool:
    """Whether it stands anywhere. Only NEJ says that it does not: nothing said is not known, and protects."""
    said = [(each.text or "").strip() for place in places for each in _all(place, name)]
    return not said or any(each != "NEJ" for each in said)


def _current(each: list[Any], now: datetime) -> list[Any]:
    """Those that hold now; history comes with the same names."""
    return [one for one in each if (until := _text(one, "DatumTill")) == CURRENT or until > now.date().isoformat()]


def _named(node: Any, name: str) -> bool:
    return isinstance(node.tag, str) and node.tag.rpartition("}")[2] == name


def _all(node: Any, name: str) -> list[Any]:
    return [each for each in node if _named(each, name)]


def _deep(node: Any, name: str) -> list[Any]:
    return [each for each in node.iter() if _named(each, name)]


def _text(node: Any, name: str) -> str:
    """The text of the first element of that name inside, '' where there is none."""
    return next(((each.text or "").strip() for each in _all(node, name)), "")
