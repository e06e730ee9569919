"""Why, in words first: what a ground or an exception means to the person, and its article as the language writes it.

The words are in `words/`, under `because.SIDE.ARTICLE`; SIDE says what the article does there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from ombud.documents.words import TEXTS, listed, say

_NUMBER = re.compile(r"\d+")
_PARTS = re.compile(r"\((\w+)\)")
_REFERENCE = re.compile(r"(?:\d+)?(?:\(\w+\))*")


class Side(StrEnum):
    """What an article does: ends a use, lets it stay, limits it, or lets a request be refused."""

    ENDS = "ends"
    STAYS = "stays"
    LIMITS = "limits"
    REFUSED = "refused"


OF_REFUSAL: Mapping[str, str] = {
    "excessive": "12(5)(b)",
    "manifestly_unfounded": "12(5)(b)",
    "unidentified": "11(2), 12(2)",
}
"""The article under which a request is refused, by the reason that a register keeps; a law that excepts has its own."""


def because(side: Side, ground: str, language: str) -> str:
    """Why, in words, then the article: du har sagt nej till direktmarknadsföring (artiklarna 17.1 c och 21.2 i GDPR).

    `ground` is written as "Art. 17(1)(c), 21(2)", or is a word of `OF_REFUSAL`. Of one that has no words the article
    stands alone; what is no article stands as it is.
    """
    name = ground.removeprefix("Arts ").removeprefix("Art. ")
    reference = OF_REFUSAL.get(name, name)
    key = f"because.{side}.{name}"
    article = article_in(reference, language)
    if key not in TEXTS[language]:
        return article or ground
    return f"{say(language, key)} ({article})" if article else say(language, key)


def article_in(reference: str, language: str) -> str:
    """Articles of the GDPR as a language writes them; empty where the text is none.

    "17(1)(c), 21(2)" is "artiklarna 17.1 c och 21.2 i GDPR" in Swedish. A part without a number is of the same
    article as the one before it: "21(1), (2)".
    """
    written, number = [], ""
    for part in reference.split(", "):
        if not part or not _REFERENCE.fullmatch(part):
            return ""
        found = _NUMBER.match(part)
        number = found[0] if found else number
        if not number:
            return ""
        written.append(_numbered(number, _PARTS.findall(part), language))
    if len(written) == 1:
        return say(language, "article", article=written[0])
    return say(language, "articles", articles=listed(language, written))


def _numbered(number: str, parts: list[str], language: str) -> str:
    """An article with its paragraph and point: 17.1 c in Swedish, 17(1)(c) in English."""
    told = number
    for part in parts:
        told += say(language, "article.paragraph" if part.isdigit() else "article.point", part=part)
    return told
