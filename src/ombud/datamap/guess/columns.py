"""What one column holds: by its name, by its values, and by whether its rows belong to a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from ombud.datamap.guess.known import Known, known
from ombud.datamap.guess.lexicon import BESIDE, NEVER, NOTHING, RECORD, SENDER, Concept
from ombud.datamap.guess.meaning import TEXT_FAMILIES, Belonging, fits, of_contact
from ombud.datamap.guess.phrases import Meant, meant, says
from ombud.datamap.guess.place import FEW, Spot, Told, anywhere, of_person
from ombud.datamap.guess.said import SURE, Saying
from ombud.datamap.guess.sampled import Database
from ombud.datamap.guess.values import SELDOM, Look, described, look
from ombud.datamap.guess.words import singular, without_prefix, words

_ONE_FOR_ALL = frozenset({Concept.NAME, Concept.EMAIL, Concept.PHONE, Concept.ADDRESS})
"""What nobody has who shares it with all others: the organisation's own."""
_OF_ONE_ROW = frozenset({Concept.EMAIL, Concept.PHONE, Concept.ADDRESS, Concept.LINK})
"""What the only row of a table has of the organisation."""
_MANY_ROWS = 20
_OF_TIME = frozenset({Concept.BIRTH_DATE, Concept.ACTIVITY, Concept.PAYMENT})
_TELLING_LINKS = frozenset({Concept.EMAIL, Concept.IDENTITY_NUMBER, Concept.USERNAME, Concept.CREDENTIAL})
_BARE = frozenset({("name",), ("namn",), ("title",)})
"""What a row is called that somebody named: no other word says that it is the organisation's name."""
TELLING = 0.85
"""How sure a guess is that tells by itself."""


@dataclass(frozen=True)
class Guess:
    """What a column seems to hold (None: nothing personal), how sure that is (0 to 1), and why."""

    concept: Concept | None
    certainty: float
    reason: str


@dataclass(frozen=True)
class Columns:
    """Guesses about the columns of one database."""

    database: Database
    _names: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    _strong: dict[str, dict[str, Guess]] = field(default_factory=dict)
    _looks: dict[tuple[str, str], Look] = field(default_factory=dict)

    def strong(self, table: str) -> dict[str, Guess]:
        """The columns that are about a person whatever the table is."""
        if table not in self._strong:
            found = self.all(table, frozenset(), Belonging())
            self._strong[table] = {column: guess for column, guess in found.items() if guess.concept is not None}
        return self._strong[table]

    def all(self, table: str, taken: frozenset[str], of: Belonging) -> dict[str, Guess]:
        """A guess for every column that no key, link or moment takes."""
        columns = [c for c in self.database.table(table).columns if c not in taken]
        return {column: self._best(table, column, of) for column in columns}

    def named(self, table: str, column: str) -> tuple[str, ...]:
        """A column's name as words, without what all columns of its table begin with."""
        if table not in self._names:
            self._names[table] = without_prefix({name: words(name) for name in self.database.table(table).columns})
        return self._names[table][column]

    def says(self, table: str, concept: Concept) -> bool:
        """Whether a table has a column that is called what is this concept anywhere."""
        return any(says(self.named(table, column), concept) for column in self.database.table(table).columns)

    def telling(self, table: str, column: str) -> bool:
        """Whether a column tells something itself, although it leads somewhere: a session's key, a personnummer."""
        said = meant(self.named(table, column))
        named = any(m.strong and m.place == 0 and m.concept in _TELLING_LINKS for m in said)
        return named and self.database.family(table, column) == "text"

    def look(self, table: str, column: str) -> Look:
        """What a column's values look like."""
        if (table, column) not in self._looks:
            self._looks[table, column] = look(self.database.values(table, column))
        return self._looks[table, column]

    def tells_time(self, table: str, column: str) -> bool:
        """Whether a time tells of the person, not of the record: a birthday, a last login."""
        said = meant(self.named(table, column))
        return any(m.concept in _OF_TIME and (m.strong or m.concept is Concept.PAYMENT) for m in said)

    def _best(self, table: str, column: str, of: Belonging) -> Guess:
        said = self.database.said.columns.get((table, column))
        if said is None:
            return self._seen(table, column, of)
        whole = said.concept is Concept.OTHER and (table, column) not in self.database.said.paths
        return closer(said, self._seen(table, column, of)) if whole else Guess(said.concept, SURE, said.reason)

    def _seen(self, table: str, column: str, of: Belonging) -> Guess:
        """By the column's name, values and place."""
        family, seen = self.database.family(table, column), self.look(table, column)
        name = self.named(table, column)
        if len(name) == 2 and name[0] in RECORD and name[1] == "uid":
            return Guess(None, TELLING, "it is called who worked on the row")
        found = [*_by_values(name, seen, of), *self._by_name(table, name, family, seen, of)]
        at = self._spot(table, column)
        found += anywhere(at)
        if found and not of.near and self._only(table) and not of_contact(name):
            found = [each for each in found if each[0] not in _OF_ONE_ROW]
        elif not found:
            found += self._by_known(table, column, name, family)
        if of.personal and not of.organisations and not found:
            found += of_person(at, replace(of, alone=of.alone if of.alone == column else ""))
        if not found:
            return Guess(None, _sure_of_nothing(name, family, seen), "neither name nor values say anything")
        best: dict[Concept, float] = {}
        why: dict[Concept, list[str]] = {}
        for concept, weight, reason in found:
            best[concept] = 1 - (1 - best.get(concept, 0.0)) * (1 - weight)
            why.setdefault(concept, []).append(reason)
        most = max(best, key=lambda concept: best[concept])
        return Guess(most, round(min(best[most], 0.99), 2), "; ".join(why[most]))

    def _spot(self, table: str, column: str) -> Spot:
        schema = self.database.table(table)
        return Spot(
            table,
            self.named(table, column),
            self.database.family(table, column),
            self.look(table, column),
            schema.key == (column,),
            schema.columns[column].unique,
            lambda concept: self.says(table, concept),
        )

    def _by_name(self, table: str, name: tuple[str, ...], family: str, seen: Look, of: Belonging) -> Iterator[Told]:
        if not NEVER.isdisjoint(name):
            return
        told = set[Concept]()
        whole = self._with_table(table, name)
        for each in (*meant(name), *(m for m in meant(whole) if _spans(m, name))):
            concept = each.concept
            if concept in told or not (each.strong or of.personal) or _contradicted(concept, seen):
                continue
            alike = _one_for_all(concept, seen) and not _as_called(each, name, of)
            if fits(each, name, table, family, of, lambda concept: self.says(table, concept)) and not alike:
                told.add(concept)
                weight = 0.9 if each.strong else 0.65
                exact = 0.05 * (each.phrase == name)
                yield concept, weight - 0.25 * (each.place > 0) + exact, f"it is called {' '.join(name)}"

    def _only(self, table: str) -> bool:
        """Whether a table has one row, where others have many: the organisation's own settings."""
        return len(self.database.rows.get(table, ())) == 1 and self._most >= _MANY_ROWS

    @cached_property
    def _most(self) -> int:
        return max(map(len, self.database.rows.values()), default=0)

    def _with_table(self, table: str, name: tuple[str, ...]) -> tuple[str, ...]:
        """`number` of the table `bank_card` is a card number."""
        return (*(singular(word) for word in words(table)[-1:]), *name)

    def _by_known(self, table: str, column: str, name: tuple[str, ...], family: str) -> Iterator[Told]:
        """Whom other columns know, and this one names."""
        if family not in TEXT_FAMILIES or not NEVER.isdisjoint(name):
            return
        if share := self._known.spoken_of(self.database.values(table, column)):
            yield Concept.FREE_TEXT, 0.6, f"{share:.0%} of values name a person whom other columns name"

    @cached_property
    def _known(self) -> Known:
        return known(self.database)


def closer(said: Saying, seen: Guess) -> Guess:
    """What is said of a column; but a sure guess, where what is said is only that it is personal."""
    if said.concept is Concept.OTHER and seen.concept not in (None, Concept.OTHER) and seen.certainty >= TELLING:
        return Guess(seen.concept, seen.certainty, f"{seen.reason}; {said.reason}")
    return Guess(said.concept, SURE, said.reason)


def _by_values(name: tuple[str, ...], seen: Look, of: Belonging) -> Iterator[Told]:
    if seen.count < FEW or not NEVER.isdisjoint(name):
        return
    if seen.mentions >= 0.05 and name[-1:] != ("id",) and seen.shares.get(Concept.EMAIL, 0.0) < 0.3:
        yield Concept.FREE_TEXT, 0.8, f"{seen.mentions:.0%} of values mention an e-mail address"
    for concept, share in seen.shares.items():
        if _one_for_all(concept, seen):
            continue
        if concept not in SELDOM and share >= 0.3:
            yield concept, min(0.97, 0.5 + share / 2), f"{share:.0%} of values are {described(concept)}"
        elif concept in SELDOM and share >= 0.6 and of.personal and SENDER.isdisjoint(name):
            yield concept, SELDOM[concept] * share, f"{share:.0%} of values are {described(concept)}"


def _spans(said: Meant, name: tuple[str, ...]) -> bool:
    """Whether a phrase begins in the table's name and ends in the column's."""
    return len(name) == 1 and len(said.phrase) > 1 and said.place == 0 and said.concept is not Concept.EMPLOYMENT


def _as_called(each: Meant, name: tuple[str, ...], of: Belonging) -> bool:
    """Whether a word that many rows share may be of each all the same: a town, or what someone called their thing."""
    return (name in _BARE and of.near and not of.kept) or each.phrase[-1] in BESIDE


def _contradicted(concept: Concept, seen: Look) -> bool:
    """Values that cannot be what the name says: `mail_sent` is yes and no."""
    if seen.count < FEW:
        return False
    if concept is Concept.EMAIL:
        return seen.shares.get(concept, 0.0) < 0.05
    if concept is Concept.PHONE:
        return seen.codes > 0.95 and seen.distinct < 0.05
    return False


def _one_for_all(concept: Concept, seen: Look) -> bool:
    """Many rows that say one or two things: the organisation's own name, mailbox, account."""
    return concept in _ONE_FOR_ALL and seen.count >= 20 and seen.distinct * seen.count <= 2


def _sure_of_nothing(name: tuple[str, ...], family: str, seen: Look) -> float:
    """How sure it is that a column holds nothing about a person."""
    if family not in TEXT_FAMILIES or (name and name[-1] in NOTHING):
        return 0.95
    if seen.count < FEW:
        return 0.6
    return 0.9 if seen.distinct < 0.1 or seen.codes > 0.9 else 0.7
