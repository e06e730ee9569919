"""What an organisation publishes or arranges: its texts are nobody's, whoever wrote or owns them."""

from __future__ import annotations

from collections.abc import Iterable

from ombud.datamap.guess.lexicon import CONTENT, DEEDS, PUBLISHED
from ombud.datamap.guess.words import has, singular, words

_ENOUGH = 2
"""Columns that say so: one may be a coincidence."""


def published(columns: Iterable[str]) -> bool:
    """Whether a table's columns say that it is published: an address of its own, a draft, a day when it goes live."""
    names = [words(column) for column in columns]
    return sum(any(has(name, phrase) >= 0 for phrase in PUBLISHED) for name in names) >= _ENOUGH


def content(table: str) -> bool:
    """Whether a table is called what an organisation publishes, arranges or is divided into."""
    return any(singular(word) in CONTENT for word in words(table)[-1:])


def sent(table: str) -> bool:
    """Whether a table is of letters, or of what was done or tried: no row of it is a person."""
    return any(singular(word) in DEEDS for word in words(table)[-1:])
