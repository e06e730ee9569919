"""Names in free text: whole words, told apart by their marks and not by case, with the Swedish genitive.

`Åsa` is not `Asa`; where only the marks differ, it may be a slip, and is found with less confidence. How a letter with
a mark is composed, and what is not seen between letters, makes no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

_WORD = re.compile(
    "[^\\W_][^\\W_\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u200b-\u200f\u2060\ufeff]*"
    "(?:[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u200b-\u200f\u2060\ufeff]+[^\\W_]*)*"
)
_BETWEEN = re.compile(r"[\s.,\-\u00a0\u2010-\u2015]{1,8}")
_SENTENCE = re.compile(r"[.!?:\n]\s*$|^\s*$")

MOST_PHRASES = 5_000
"""Names that one answer is searched for."""

LONGEST_NAME = 8
"""Words of a name; what is longer is no name of a person."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it stands, folded with its marks and without, whether it begins with a capital."""

    start: int
    end: int
    key: str
    bare: str
    capital: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that was found. `exact` False: only its marks differ."""

    start: int
    end: int
    phrase: int
    exact: bool


@lru_cache(maxsize=4096)
def _folded(text: str) -> tuple[str, str]:
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    key = unicodedata.normalize("NFC", unicodedata.normalize("NFD", seen).casefold())
    return key, "".join(c for c in unicodedata.normalize("NFD", key) if unicodedata.category(c) != "Mn")


def words(text: str) -> tuple[Word, ...]:
    """Every word of a text, digits too; an underscore, a hyphen and an apostrophe end a word."""
    return tuple(Word(m.start(), m.end(), *_folded(m[0]), m[0][0].isupper()) for m in _WORD.finditer(text))


def keys(name: str) -> tuple[str, ...]:
    """A name's words, folded with their marks."""
    return tuple(word.key for word in words(name)[: LONGEST_NAME + 1])


def is_genitive(word: str, name: str) -> bool:
    """Whether a folded word is the name, or the name with the Swedish genitive's -s."""
    return word == name or (len(word) == len(name) + 1 and word.endswith("s") and word.startswith(name))


def adjoining(text: str, one: Word, other: Word) -> bool:
    """Whether nothing but blanks and the signs of a name stand between two words."""
    return other.start - one.end <= 8 and _BETWEEN.fullmatch(text, one.end, other.start) is not None


def begins_a_sentence(text: str, word: Word) -> bool:
    """Whether a capital says nothing here."""
    return _SENTENCE.search(text, max(0, word.start - 12), word.start) is not None


@dataclass(frozen=True)
class Phrases:
    """Phrases to look for, each as its folded words. In a name of two words and more the first may stand last."""

    known: Sequence[tuple[str, ...]]

    @cached_property
    def _by_first(self) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
        found: dict[str, list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
        for n, phrase in enumerate(self.known[:MOST_PHRASES]):
            if not 0 < len(phrase) <= LONGEST_NAME:
                continue
            for turned in {phrase, (phrase[-1], *phrase[:-1])}:
                found[_folded(turned[0])[1]].append((n, turned))
        for each in found.values():
            each.sort(key=lambda known: -len(known[1]))
        return found

    def find(self, text: str, there: Sequence[Word]) -> Iterator[Hit]:
        """Where they stand among the words of a text, the longest first where several begin at one word."""
        at = 0
        while at < len(there):
            hit = next(self._starting(text, there, at), None)
            if hit is None:
                at += 1
                continue
            last, found = hit
            yield found
            at = last + 1

    def _starting(self, text: str, there: Sequence[Word], at: int) -> Iterator[tuple[int, Hit]]:
        bare = there[at].bare
        for first in dict.fromkeys((bare, bare.removesuffix("s"))):
            for n, phrase in self._by_first.get(first, ()):
                run = there[at : at + len(phrase)]
                if len(run) == len(phrase) and (exact := _same(text, run, phrase)) is not None:
                    yield at + len(phrase) - 1, Hit(run[0].start, run[-1].end, n, exact)


def _same(text: str, run: Sequence[Word], phrase: tuple[str, ...]) -> bool | None:
    """True where the words are the phrase, False where only marks differ, None where they are not."""
    if not all(adjoining(text, one, other) for one, other in pairwise(run)):
        return None
    *before, last = zip(run, phrase, strict=True)
    exact = all(word.key == part for word, part in before) and is_genitive(last[0].key, last[1])
    bare = [(word.bare, _folded(part)[1]) for word, part in zip(run, phrase, strict=True)]
    alike = all(word == part for word, part in bare[:-1]) and is_genitive(*bare[-1])
    return True if exact else False if alike else None


def own_words(names: Iterable[str]) -> frozenset[str]:
    """Each word of these names, folded without marks: none of them alone is anybody else's."""
    return frozenset(word.bare for name in names for word in words(name))


def pairs(text: str, most: int = 200) -> tuple[str, ...]:
    """Two and three words with capitals that stand together: what may be a name, each as one of the usual spellings."""
    there = words(text)
    found: dict[str, None] = {}
    for n in range(len(there)):
        for length in (2, 3):
            run = there[n : n + length]
            if len(run) < length or not all(each.capital for each in run):
                break
            if any(text[a.end : b.start] not in (" ", "\u00a0") for a, b in pairwise(run)):
                break
            name = unicodedata.normalize("NFC", " ".join(text[each.start : each.end] for each in run))
            found |= dict.fromkeys((name, name.removesuffix("s")))
        if len(found) >= most:
            break
    return tuple(found)
