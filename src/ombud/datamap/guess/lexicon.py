"""What columns and tables are called, in English and Swedish: `lexicon.yaml`, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML


class Concept(StrEnum):
    """What a personal column holds."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    IDENTITY_NUMBER = "identity_number"
    BIRTH_DATE = "birth_date"
    GENDER = "gender"
    USERNAME = "username"
    CREDENTIAL = "credential"
    IP = "ip"
    DEVICE = "device"
    LOCATION = "location"
    LANGUAGE = "language"
    PHOTO = "photo"
    FILE = "file"
    FREE_TEXT = "free_text"
    HEALTH = "health"
    BELIEF = "belief"
    PAYMENT = "payment"
    PURCHASE = "purchase"
    PREFERENCE = "preference"
    ACTIVITY = "activity"
    EMPLOYMENT = "employment"
    ORGANISATION = "organisation"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True)
class Words:
    """Phrases of a concept: `strong` mean it anywhere, `weak` in rows that belong to a person."""

    strong: frozenset[tuple[str, ...]]
    weak: frozenset[tuple[str, ...]]


def _ordered(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in text.split(",") if phrase.strip())


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(_ordered(text))


_FILE: Mapping[str, Any] = YAML(typ="safe").load((files(__package__) / "lexicon.yaml").read_text(encoding="utf-8"))

WORDS: Mapping[Concept, Words] = {
    Concept(name): Words(_phrases(said.get("strong", "")), _phrases(said.get("weak", "")))
    for name, said in _FILE["concepts"].items()
}

SUBJECTS = frozenset(_FILE["subjects"].split())
"""What tables of persons are called."""

BELONGS = frozenset(_FILE["belongs"].split())
"""What columns are called that lead to the person a row is about."""

RECORD = frozenset(_FILE["record"].split())
"""What columns are called that lead to whoever worked on a row, not to whom it is about."""

NOTHING = frozenset(_FILE["nothing"].split())
"""Heads that say that a column is of the record, not of the person."""

VALUE_KEYS, VALUES = _ordered(_FILE["value_keys"]), _ordered(_FILE["values"])
"""What the columns of a table of keys and values are called."""

HISTORY = frozenset(_FILE["history"].split())
"""What tables of earlier states, and copies, are called."""

BORN = _ordered(_FILE["born"])
"""What the column is called that says when a row was made, the likeliest first."""

ENDS = frozenset(_FILE["ends"].split())
"""What such a column is never called."""

TIMES = frozenset(_FILE["times"].split())
"""What numbers are called that may be seconds since 1970."""

SENDER = frozenset(_FILE["sender"].split())
"""Words of columns that are about whoever sends, or sells."""

BESIDE = frozenset(_FILE["beside"].split())
"""What is an address only where more of one stands beside it."""

THINGS = frozenset(_FILE["things"].split())
"""A name after one of these is a thing's."""

MAKERS = frozenset(_FILE["makers"].split())
"""What columns are called that lead to who made or keeps a thing."""

NEVER = frozenset(_FILE["never"].split())
"""With these a column is never a person's."""

MACHINES = frozenset(_FILE["machines"].split())
"""What machines and programs are called that have keys of their own."""

RATINGS = frozenset(_FILE["ratings"].split())
"""Numbers that say what a person thinks."""

TABLES_OF_SECRETS = tuple(_FILE["secrets"].split())
"""Tables whose rows let somebody in."""

SESSIONS = frozenset(_FILE["sessions"].split())
"""Tables whose text key is what a browser, or a program, shows to be let in."""

PROVING = tuple(_FILE["proving"].split())
"""What stands in the names of tables of means by which a person proves who they are."""

PASSING = frozenset(_FILE["passing"].split())
"""Tables of what is sent, asked, answered, or handed to a program."""

CARRIED = frozenset(_FILE["carried"].split())
"""Columns of what these carry."""

LATEST = frozenset(_FILE["latest"].split())
"""What columns are called that lead to one of many: a forum is not about whoever wrote last."""

LETTERS = frozenset(_FILE["letters"].split())
"""Tables of what is sent to somebody."""

CONSENTS = frozenset(_FILE["consents"].split())
"""Words of what a person agreed to, or did not."""

DIGESTS = frozenset(_FILE["digests"].split())
"""What is reckoned from the rest of a row."""

DEEDS = frozenset(_FILE["deeds"].split())
"""Tables of letters and of what was done or tried: a row is about somebody and is not them."""

TRIES = frozenset(_FILE["tries"].split())
"""How often somebody tried to get in, in a table that says who."""

LOOKUPS = frozenset(_FILE["lookups"].split())
"""What stands before a `key` that is no secret."""

STORED = frozenset(_FILE["stored"].split())
"""What lies in files: a path elsewhere leads to a page."""

MEASURES = frozenset(_FILE["measures"].split())
"""Tables that measure, grade or pay a person."""

REGISTERS = frozenset(_FILE["registers"].split())
"""What stands after what persons are called and leaves the meaning."""

STATES = frozenset(_FILE["states"].split())
"""What is so of an account, not of who has it."""

SPOKEN = frozenset(_FILE["spoken"].split())
"""What somebody said, also of an organisation's thing."""

PUBLISHED = _ordered(_FILE["published"])
"""What columns are called beside the text of what an organisation publishes."""

CONTENT = frozenset(_FILE["content"].split())
"""Tables of what an organisation publishes, arranges or is divided into."""

KEEPERS = MAKERS - BELONGS
"""Those of them who are staff, and never whom a row is about."""

ASIDE = frozenset(_FILE["aside"].split())
"""With these an e-mail address says not whose a row is."""

KINDRED = frozenset(_FILE["kindred"].split())
"""What stands after a word and leaves its meaning."""

VOCABULARY: frozenset[str] = (
    frozenset(word for own in WORDS.values() for phrase in (*own.strong, *own.weak) for word in phrase)
    | SUBJECTS
    | BELONGS
    | NOTHING
    | frozenset(_FILE["together"].split())
)
"""Every word that a name written together may be made of."""

WHOLE: frozenset[str] = VOCABULARY | RECORD | MAKERS | CONTENT | THINGS | STATES | frozenset(_FILE["whole"].split())
"""Every word that is not taken apart."""
