"""What the words of a column's name mean, nearest to its end first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ombud.datamap.guess.lexicon import WORDS, Concept
from ombud.datamap.guess.words import singular


@dataclass(frozen=True)
class Meant:
    """A concept that a name's words mean; `strong` whatever the table is. `place`: 0 at the name's end, else 1."""

    concept: Concept
    strong: bool
    place: int
    phrase: tuple[str, ...]


@cache
def meant(name: tuple[str, ...]) -> tuple[Meant, ...]:
    """All that a name may mean, the best first for each concept: strong before weak, at the end, the longest phrase."""
    found = sorted(_all(name), key=lambda m: (not m.strong, m.place, -len("".join(m.phrase))))
    return tuple({(m.concept, m.strong): m for m in reversed(found)}.values())[::-1]


def says(name: tuple[str, ...], concept: Concept) -> bool:
    """Whether a name ends in what means this concept anywhere."""
    return any(m.concept is concept and m.strong and m.place == 0 for m in meant(name))


def _all(name: tuple[str, ...]) -> Iterator[Meant]:
    for place in (0, 1):
        end = len(name) - place
        for length in range(1, min(_LONGEST, end) + 1):
            said = "".join(name[end - length : end])
            one = "".join((*name[end - length : end - 1], singular(name[end - 1])))
            for each in dict.fromkeys((said, one)):
                for concept, strong, phrase in _JOINED.get(each, ()):
                    yield Meant(concept, strong, place, phrase)
    yield from _ending(name[-1]) if name else ()


def _ending(word: str) -> Iterator[Meant]:
    """What a word that is not wholly known may mean by how it ends: `framedipaddress` is an address of its kind."""
    for start in range(2, len(word) - _TELLING + 1):
        for concept, strong, phrase in _JOINED.get(word[start:], ()):
            if strong:
                yield Meant(concept, strong, 0, phrase)


_TELLING = 8
"""Letters that no other word ends in by chance."""
_JOINED: dict[str, list[tuple[Concept, bool, tuple[str, ...]]]] = {}
"""Phrases by their words written together: `org_nr` and `orgnr` are one, and so are `skill` and `skills`."""
for _concept, _words in WORDS.items():
    for _strong, _phrases in ((True, _words.strong), (False, _words.weak)):
        for _phrase in sorted(_phrases):
            for _each in dict.fromkeys((_phrase, (*_phrase[:-1], singular(_phrase[-1])))):
                _JOINED.setdefault("".join(_each), []).append((_concept, _strong, _phrase))
_LONGEST = max(len(phrase) for own in WORDS.values() for phrase in (*own.strong, *own.weak)) + 1
