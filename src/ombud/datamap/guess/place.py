"""What only a column's place tells: whose row it stands in, beside what, and in which kind of table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ombud.datamap.guess.lexicon import (
    CARRIED,
    CONSENTS,
    DEEDS,
    DIGESTS,
    LETTERS,
    MEASURES,
    NEVER,
    NOTHING,
    PASSING,
    PROVING,
    RECORD,
    SESSIONS,
    STATES,
    TABLES_OF_SECRETS,
    TRIES,
    Concept,
)
from ombud.datamap.guess.meaning import NUMBER_FAMILIES, TEXT_FAMILIES, TIME_FAMILIES, Belonging, Says
from ombud.datamap.guess.phrases import says
from ombud.datamap.guess.values import Look
from ombud.datamap.guess.words import singular, words

_TIMELY = re.compile(r"^time|(date|time|count)$")
"""How words end, or begin, that say when, or how many."""
_MEASURED = frozenset({"height", "weight", "length", "width", "level", "percent", "rate", "value"})
"""What is measured of a person, and of a thing is no more than its size."""
_WHO_TRIED = (Concept.USERNAME, Concept.IP, Concept.CREDENTIAL)
FEW = 5
"""Values that say something: fewer decide nothing."""
Told = tuple[Concept, float, str]
"""A concept, how sure, and why."""


@dataclass(frozen=True)
class Spot:
    """A column where it stands. `name`: its words; `key`: whether it is the table's key; `says`: what others are."""

    table: str
    name: tuple[str, ...]
    family: str
    seen: Look
    key: bool
    unique: bool
    says: Says

    @property
    def head(self) -> str:
        """What a name says that it is: its last word."""
        return self.name[-1] if self.name else ""

    @property
    def plain(self) -> bool:
        """Whether it is a text that nothing says to be of the record."""
        return self.family == "text" and bool(self.head) and self.head not in NOTHING


def anywhere(at: Spot) -> Iterator[Told]:
    """What the table's kind tells, whomever its rows belong to."""
    called = tuple(map(singular, words(at.table)))
    if not NEVER.isdisjoint((*at.name, *called)):
        return
    if at.key and at.family == "text" and called[-1:] and called[-1] in SESSIONS:
        yield Concept.CREDENTIAL, 0.6, "who knows the key of a session is let in"
    if "ip" in called and at.family == "text" and at.seen.packed > 0.9:
        yield Concept.IP, 0.6, "numbers as long as an IP address, in a table of them"
    if at.name == ("to",) and at.family in TEXT_FAMILIES and not LETTERS.isdisjoint(called):
        yield Concept.EMAIL, 0.6, "whom a letter goes to"
    if at.family in NUMBER_FAMILIES and not TRIES.isdisjoint(at.name) and any(map(at.says, _WHO_TRIED)):
        yield Concept.ACTIVITY, 0.5, "how often somebody tried to get in"
    carries = not PASSING.isdisjoint(called) and at.head in CARRIED and at.family in TEXT_FAMILIES
    if carries and _may_carry(at.seen):
        yield Concept.OTHER, 0.5, f"what a {called[-1]} carries is about whoever it is for"


def of_person(at: Spot, of: Belonging) -> Iterator[Told]:
    """What a row that belongs to a person tells of them, although neither name nor values say anything."""
    if not NEVER.isdisjoint(at.name):
        return
    yield from _of_one_row(at, of)
    yield from _secret(at, of)
    yield from _standing_for(at, of)
    yield from _of_kind(at)
    agreed = {*at.name, *map("".join, pairwise(at.name))}  # `opt_in` is `optin`
    if of.near and not CONSENTS.isdisjoint(agreed) and at.family not in TIME_FAMILIES:
        yield Concept.PREFERENCE, 0.5, "what somebody agreed to"
    if at.family == "json":
        yield Concept.OTHER, 0.5, "a document in a row that belongs to a person"
    elif at.plain:
        yield from _text(at, of)


def _of_one_row(at: Spot, of: Belonging) -> Iterator[Told]:
    """Of a row that is the only one of its person, or says only one thing."""
    if of.called and _more_than_record(at) and at.family not in TIME_FAMILIES and STATES.isdisjoint(at.name):
        yield Concept.OTHER, 0.4, "a number or an answer in the row of a person"
    measured = not MEASURES.isdisjoint(map(singular, words(at.table)[-2:])) and not of.kept
    if measured and at.family in {"text"} | NUMBER_FAMILIES and _more_than_record(at, measured):
        yield Concept.OTHER, 0.5, "what was measured, or paid, of a person"
    if of.profile and (at.plain or _more_than_record(at)):
        yield Concept.ACTIVITY, 0.5, "each person has one such row"
    if of.alone and at.name and at.head not in NOTHING and at.family != "boolean":
        yield Concept.ACTIVITY, 0.5, "it is all that the row says of its person"


def _secret(at: Spot, of: Belonging) -> Iterator[Told]:
    """By which a person is let in."""
    called = "".join(words(at.table))
    if at.head == "code" and called.rstrip("s").endswith(TABLES_OF_SECRETS):
        yield Concept.CREDENTIAL, 0.6, "a code by which a person is let in"
    elif at.head == "code" and of.called and at.seen.count >= FEW and at.seen.distinct > 0.9:
        yield Concept.CREDENTIAL, 0.4, "a code that each person has one of"
    elif at.head == "uuid" and of.near and not at.key and (at.seen.count or DEEDS.isdisjoint(words(at.table)[-1:])):
        yield Concept.CREDENTIAL, 0.4, "a number that nobody guesses, in a row near a person"
    elif at.plain and of.near and any(word in called for word in PROVING):
        yield Concept.CREDENTIAL, 0.5, "a text by which a device proves who uses it"


def _standing_for(at: Spot, of: Belonging) -> Iterator[Told]:
    """A text that stands for the person, or for what is said of them."""
    if at.family != "text" or not of.near or at.key or at.name[-2:] == ("message", "id"):
        return
    numbered = at.head == "id" or at.head not in NOTHING
    if of.subject and at.unique and numbered and at.seen.count >= FEW:
        yield Concept.USERNAME, 0.5, "no two persons have the same"
    elif at.head == "id" and at.seen.count >= FEW and at.seen.codes < 0.3 and at.seen.distinct > 0.5:
        yield Concept.USERNAME, 0.4, "somebody chose it: it is no number"
    elif at.head in DIGESTS and at.seen.distinct > 0.5 and (at.says(Concept.NAME) or at.says(Concept.ADDRESS)):
        yield Concept.OTHER, 0.4, "it is reckoned from what the row says of a person"


def _of_kind(at: Spot) -> Iterator[Told]:
    """A code in a table of diagnoses is as much about a person's health as the word for it."""
    called = tuple(map(singular, words(at.table)))
    for concept in (Concept.HEALTH, Concept.BELIEF):
        if at.plain and says(called, concept):
            yield concept, 0.5, f"it stands in a table of {' '.join(called)}"


def _text(at: Spot, of: Belonging) -> Iterator[Told]:
    seen = at.seen
    if of.called and at.head != "code" and (seen.count < FEW or seen.codes < 0.9):
        yield Concept.OTHER, 0.4, "a text in the row of a person"
    elif seen.count < FEW:
        return
    elif seen.documents > 0.5 and seen.distinct > 0.1:
        yield Concept.OTHER, 0.5, "documents in a row that belongs to a person"
    elif seen.prose > 0.3 and seen.distinct > 0.2:
        yield Concept.FREE_TEXT, 0.55, f"{seen.prose:.0%} of values are several words"
    elif of.near and seen.distinct > 0.5 and seen.codes < 0.5:
        yield Concept.OTHER, 0.4, "nearly each row of a person says something else"


def _more_than_record(at: Spot, measured: bool = False) -> bool:
    """Whether a number, an answer or a time tells more than of the row, which is of a person, or measures one."""
    if at.family in TIME_FAMILIES:
        return RECORD.isdisjoint(at.name)
    if not at.head or _TIMELY.search(at.head) or at.head in words(at.table):
        return False
    if at.head in NOTHING:
        return measured and at.head in _MEASURED
    return measured or at.family in NUMBER_FAMILIES | {"boolean"}


def _may_carry(seen: Look) -> bool:
    """Whether values may be what was sent: few tell nothing, one for all is no letter."""
    return seen.count < FEW or (seen.distinct > 0.3 and seen.codes < 0.5)
