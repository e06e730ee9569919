"""Which tables are of persons: by what they are called, what they tell, and whether they belong to somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ombud.datamap.guess.columns import Columns, Guess
from ombud.datamap.guess.lexicon import (
    ASIDE,
    BELONGS,
    KEEPERS,
    LATEST,
    MACHINES,
    MAKERS,
    RECORD,
    REGISTERS,
    SENDER,
    SUBJECTS,
    Concept,
)
from ombud.datamap.guess.links import Found, Links
from ombud.datamap.guess.sampled import Database
from ombud.datamap.guess.things import content, sent
from ombud.datamap.guess.words import singular, words

_PERSONS = frozenset(map(singular, SUBJECTS))
_CONTACT = frozenset({Concept.EMAIL, Concept.PHONE, Concept.IDENTITY_NUMBER, Concept.USERNAME})
_TELLING = frozenset({Concept.NAME, Concept.CREDENTIAL, Concept.BIRTH_DATE, Concept.ADDRESS})
_SHOWING = _CONTACT | {Concept.NAME, Concept.BIRTH_DATE, Concept.IP, Concept.CREDENTIAL, Concept.FREE_TEXT}
_SEVERAL = (("emails",), ("mails",), ("recipients",))
_BESIDE_THINGS = SENDER | MAKERS | {"contact", "kontakt", "sender", "from"}
"""What stands before the name or address of somebody whom a row, about something else, names."""
_REACHED = (_CONTACT | {Concept.CREDENTIAL}) - {Concept.USERNAME}
"""What an account has that is a person's; a name, a ledger's has too."""
_OF_TWO = frozenset({("account",), ("agent",)})
"""What persons are called, and things are too: a ledger's account, a program."""
_NAMED = frozenset({("name",), ("namn",), ("full", "name")})
_MANY_ROWS, _MEANT = 20, 3
"""Rows, and tables that belong to them, by which somebody can tell that a bare name is a person's."""
_PLACES = frozenset({"address", "adress"})


@dataclass(frozen=True)
class Subjects:
    """The tables of one database whose row is a person."""

    database: Database
    links: Links
    columns: Columns

    @cached_property
    def strong(self) -> Mapping[str, Mapping[str, Guess]]:
        """By table, the columns that are about a person whatever the table is."""
        found = {}
        for table in self.database.schema.tables:
            leading = {c for link in self.links.of(table) for c in link.columns}
            found[table] = {c: g for c, g in self.columns.strong(table).items() if c not in leading}
        return found

    def addressed(self, table: str) -> bool:
        """Whether each row has the address of whom it is about: one, and not of who is to be told."""
        emails = [c for c, g in self.strong[table].items() if g.concept is Concept.EMAIL]
        return any(ASIDE.isdisjoint(name := words(c)) and name[-1:] not in _SEVERAL for c in emails)

    def owned(self, table: str) -> bool:
        """Whether a table's own columns show that each row is about somebody."""
        others = self.concepts(table) & (_SHOWING - {Concept.EMAIL})
        return bool(others) or self.addressed(table)

    def tells(self, table: str) -> bool:
        """Whether a table's own columns show that its rows are about persons."""
        return not self.concepts(table).isdisjoint(_SHOWING)

    def shows(self, table: str) -> bool:
        """Whether they show more than a text that may mention somebody."""
        return not self.concepts(table).isdisjoint(_SHOWING - {Concept.FREE_TEXT})

    def concepts(self, table: str) -> frozenset[Concept]:
        """What a table's columns hold, whatever the table is."""
        return frozenset(g.concept for g in self.strong[table].values() if g.concept is not None)

    def speaks(self, table: str) -> bool:
        """Whether a row tells how to reach somebody, and who that is."""
        concepts = self.concepts(table) - (frozenset() if self.addressed(table) else {Concept.EMAIL})
        return bool(concepts & _CONTACT) and bool(concepts & _TELLING)

    def _full(self, table: str) -> bool:
        """Whether a row says so much of somebody that it is their card, whoever of the staff it is tied to."""
        return {Concept.NAME, Concept.EMAIL, Concept.PHONE, Concept.ADDRESS} <= self.concepts(table)

    def of_somebody(self, table: str) -> bool:
        """Whether a row is a thing or a letter that names its sender or a contact, and no person itself."""
        if content(table) or sent(table):
            return True
        named = [words(c) for c, g in self.strong[table].items() if g.concept in (Concept.NAME, Concept.EMAIL)]
        return bool(named) and all(name[0] in _BESIDE_THINGS for name in named)

    @cached_property
    def found(self) -> Mapping[str, tuple[float, str]]:
        """Tables whose row is a person: how sure, and why."""
        called = {t: s for t in self.database.schema.tables if (s := self._called(t))}
        speaking = {t: s for t in self.database.schema.tables if t not in called and (s := self._speaking(t))}
        candidates = {**called, **speaking}
        return {t: s for t, s in candidates.items() if not self._is_part(t, candidates, called)}

    def _called(self, table: str) -> tuple[float, str] | None:
        """By its name, and because it tells something."""
        name, schema = self.links.plain(table), self.database.table(table)
        concepts = self.concepts(table)
        alone = not MACHINES.isdisjoint(name[-1:]) or name[-1:] in _OF_TWO
        telling = _REACHED if name[-1:] in _OF_TWO else _CONTACT if alone else _CONTACT | _TELLING
        enough = concepts & telling
        person = name[-2:-1] if name[-1:] and name[-1] in REGISTERS else name[-1:]
        if not person or person[0] not in _PERSONS or not schema.key:
            return None
        if enough:
            return 0.9, f"it is called {' '.join(name)}; it has {_listed(enough)}"
        if not alone and self._names_each(table) and self._means(table) >= _MEANT:
            return 0.7, f"it is called {' '.join(name)}, names each row, and others belong to it"
        return None

    def _names_each(self, table: str) -> bool:
        """Whether a row is called something, hardly ever the same as another."""
        for column in self.database.table(table).columns:
            values = self.database.values(table, column) if words(column) in _NAMED else ()
            if len(values) >= _MANY_ROWS and len(set(values)) > 0.8 * len(values):
                return True
        return False

    def _means(self, table: str) -> int:
        """How many tables lead here by a link that is called as what a row is about."""
        return len({link.table for link in self.links.into(table) if leads(link)})

    def _speaking(self, table: str) -> tuple[float, str] | None:
        """By what it tells alone."""
        concepts, schema = self.concepts(table), self.database.table(table)
        if len(schema.key) != 1 or not _PLACES.isdisjoint(self.links.plain(table)[-1:]):
            return None
        if self.speaks(table) and not self.of_somebody(table):
            return 0.6, f"it has {_listed(concepts & (_CONTACT | _TELLING))}, and belongs to nobody else"
        return None

    def _is_part(self, table: str, candidates: Mapping[str, object], called: Mapping[str, object]) -> bool:
        """Its own link that means its person: an address of a user is no person, however much it tells."""
        if table in self.database.said.owners:
            return True
        schema = self.database.table(table)
        for link in self.links.of(table):
            if link.to not in candidates or link.to == table:
                continue
            column = schema.columns[link.columns[0]]
            if column.unique or link.columns == schema.key:
                return True
            if leads(link) and not (column.nullable and (table in called or self._full(table))):
                return True
        return False


def is_person(word: str) -> bool:
    """Whether a word is what tables of persons are called."""
    return singular(word) in _PERSONS


def leads(link: Found) -> bool:
    """Whether a link's name says that it leads to whom a row is about."""
    name = words(link.columns[0])
    return any(singular(word) in BELONGS for word in name) and not worked(link)


def worked(link: Found) -> bool:
    """Whether a link's name says that it leads to who worked on a row."""
    return any(word in RECORD for word in words(link.columns[0]))


def keeps(link: Found) -> bool:
    """Whether a link's name says that it leads to staff who look after a row."""
    name = words(link.columns[0])
    return not KEEPERS.isdisjoint(name) or name[0] in ("default", "primary")


def made(link: Found) -> bool:
    """Whether a link's name says that it leads to who made, wrote, owns or keeps a thing."""
    return worked(link) or keeps(link) or not MAKERS.isdisjoint(words(link.columns[0]))


def latest(link: Found) -> bool:
    """Whether a link leads to one of many rows, and not to what its own row belongs to."""
    return not LATEST.isdisjoint(words(link.columns[0])[:-1])


def _listed(concepts: frozenset[Concept]) -> str:
    return ", ".join(sorted(c.value.replace("_", " ") for c in concepts))
