"""What stands in columns that no rule of time reads: identifiers, codes, text, keys, and what is like them."""

from __future__ import annotations

from random import Random
from typing import Any

EMAILS = (
    "åsa@x.example",
    "ÅSA@x.example",
    "asa@x.example",
    "ASA@x.example ",
    "a\u030asa@x.example",
    "straße@x.example",
    "strasse@x.example",
    "eva@åre.example",
    "Eva@xn--re-yia.example",
    "bo@x.example",
    "Bo@X.example",
    "b'o@x.example",
    "ida@x.example",
    "per@x.example",
)
"""A few persons' addresses; several are one after normalisation, several only to a database's collation."""

PHONES = ("0701740605", "+46 70 174 06 05", "070-1740606", "0701740607")
PERSONAL_NUMBERS = ("850709-9805", "19850709-9805", "198507099805", "850709+9805", "121212-1212", "20121212-1212")
MEMBERS = ("M-1", "m-1", " M-1", "M-10", "ﬀ1", "FF1", "m_1", "M%1")
IDENTIFIERS = {"phone": PHONES, "personnummer": PERSONAL_NUMBERS, "member": MEMBERS}

TEXTS = (
    *("note", "Note", "other") * 8,
    *("", "", "gone", "gone ", "Gone", "erased-1", " ", "  ", "NULL", "0", "long " * 4000),
    *("'; --", 'a "quoted" word', "a\nb\tc", "%s :x ?", "back\\slash", 'raderad – "x"'),
    *("å", "a\u030a", "Å", "\N{WASTEBASKET}", "\u200b", "\u00a0", "\N{WOMAN}\u200d\N{PERSONAL COMPUTER}", "𝔘"),
)

FILES = ("1.jpg", "1.jpg", "2.jpg", "below/1.jpg", "1.JPG", "1.jpg ", "å.jpg", "a\u030a.jpg", "gone", "", "%s", "../1")
"""Names of files, so few that rows share them; some are one to a collation, or to a folder."""

KEY_TEXTS = ("a", "A", "a ", "å", "a\u030a", "", "0", "01", "'", "%", "🙂", "a\x1fb", "a|b", "x", "zz", "\\", "ä", "z")
"""Keys, several of them one to some collation."""

ORDERS = ("1", "9", "10", "a", "B", "b", "å", "", " ", "z")
META_KEYS = ("theme", "locale", "Email", "email ", "unlisted", None)


def text(random: Random) -> str:
    return random.choice(TEXTS)


def code(random: Random, serial: int) -> str:
    """One value in a column whose values differ, if only in case, width or accents."""
    return (
        f"{random.choice(('k', 'K'))}{serial}"
        if random.random() < 0.8
        else random.choice((f"k{serial} ", f"ķ{serial}"))
    )


def order(random: Random, family: str) -> Any:
    if random.random() < 0.04:
        return None
    if family == "text":
        return random.choice(ORDERS)
    return random.randint(1, 9) if random.random() < 0.9 else random.choice((-5, 0, 2**40))
