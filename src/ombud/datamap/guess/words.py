"""Names of tables and columns as words: `billingEmailAddr`, `fakt_epostadress` and `E-POST` alike, å as a."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from ombud.datamap.guess.lexicon import SUBJECTS, VOCABULARY, WHOLE

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+|[0-9]+")
_LONGEST = max(map(len, VOCABULARY))


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case; what is written together is taken apart where all of it is known."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    found: list[str] = []
    for part in _PARTS.findall(plain):
        found += _apart(part.lower())
    return tuple(found)


@cache
def _apart(word: str) -> tuple[str, ...]:
    """`epostadress` is `epost adress`; a word that is not wholly made of known ones stays as it is."""
    if word in WHOLE or len(word) < 5:
        return (word,)
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST), end):
            part = _bound(word[start:end], end == len(word))
            if start in best and part:
                found = (*best[start], part)
                if end not in best or len(found) < len(best[end]):
                    best[end] = found
    return best.get(len(word), (word,))


def _bound(part: str, last: bool) -> str:
    """A known word, without the s that binds it to the next, as in `kontaktsnummer`; "" where it is none."""
    if len(part) > 1 and part in VOCABULARY:
        return part
    bound = not last and len(part) > 4 and part[-1] == "s" and part[:-1] in VOCABULARY
    return part[:-1] if bound else ""


@cache
def singular(word: str) -> str:
    """`customers` and `customer` name one thing, and so do `companies` and `company`."""
    if word[-2:] in ("er", "ar", "or") and word[:-2] in SUBJECTS:  # `kunder`
        return word[:-2]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def has(name: Sequence[str], phrase: Sequence[str]) -> int:
    """Where in a name a phrase ends, counted from the name's end: 0 is its head; -1 where it is not in it."""
    for start in range(len(name) - len(phrase), -1, -1):
        if tuple(name[start : start + len(phrase)]) == tuple(phrase):
            return len(name) - start - len(phrase)
    return -1


def without_prefix(names: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Names as words, without the first that nearly all share: the `rev` of `rev_id`, `rev_page` says the table."""
    first = Counter(name[0] for name in names.values() if len(name) > 1).most_common(1)
    if len(names) < 3 or not first or first[0][1] < 0.7 * len(names):
        return dict(names)
    word = first[0][0]
    # `user_id` of `user_newtalk` would be left as `id`.
    return {
        each: name[1:] if name[:1] == (word,) and name[1:] not in ((), ("id",)) else name
        for each, name in names.items()
    }
