"""The words of what is handed to people: one table per language, with the same keys and the same blanks to fill."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ombud.documents.words import (
    english,
    english_letters,
    english_outcomes,
    english_reasons,
    swedish,
    swedish_letters,
    swedish_outcomes,
    swedish_reasons,
)

TEXTS: Mapping[str, Mapping[str, str]] = {
    "sv": {**swedish.TEXTS, **swedish_letters.TEXTS, **swedish_outcomes.TEXTS, **swedish_reasons.TEXTS},
    "en": {**english.TEXTS, **english_letters.TEXTS, **english_outcomes.TEXTS, **english_reasons.TEXTS},
}

LANGUAGES = tuple(TEXTS)


def say(language: str, key: str, **values: object) -> str:
    """A text in a language ("sv" or "en"), its blanks filled with values as they are. Raises KeyError."""
    return TEXTS[language][key].format(**values)


def counted(language: str, key: str, number: int) -> str:
    """A number of things: `key` has the word for one, `key.many` for any other number."""
    return say(language, key if number == 1 else f"{key}.many", number=number)


def day_in_words(day: date, language: str) -> str:
    """A day as a person writes it: 3 mars 2027, 3 March 2027."""
    return f"{day.day} {TEXTS[language]['months'].split()[day.month - 1]} {day.year}"


def title(titles: Mapping[str, str], language: str, otherwise: str) -> str:
    """A title in a language, else in any other, else `otherwise`."""
    return titles.get(language) or next((each for each in titles.values() if each), otherwise)


def listed(language: str, texts: list[str]) -> str:
    """Texts in a row: a, b och c."""
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {TEXTS[language]['and']} {texts[-1]}"
