"""Tables that are more than rows of columns: a value under a key in each row, a history of another table, a copy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ombud.datamap.guess.columns import Guess
from ombud.datamap.guess.lexicon import BORN, ENDS, HISTORY, TIMES, VALUE_KEYS, VALUES, WORDS, Concept
from ombud.datamap.guess.links import Links
from ombud.datamap.guess.sampled import Database
from ombud.datamap.guess.values import document, look
from ombud.datamap.guess.words import has, without_prefix, words
from ombud.datamap.model import Encoding

_VALUES = frozenset({"text", "json", "binary", "other"})
MOST_KEYS = 200
"""Different keys that a table of keys and values may have; more are values themselves."""


@dataclass(frozen=True)
class KeyValues:
    """A table whose rows each hold one value under a key. `keys`: those seen, each with what its values hold."""

    key: str
    value: str
    keys: dict[str, Guess]


@dataclass(frozen=True)
class Shapes:
    """What the tables of one database are like."""

    database: Database
    links: Links

    def key_values(self, table: str) -> KeyValues | None:
        """How a table keeps keys and values, if it does: few columns, and the same keys again and again."""
        schema = self.database.table(table)
        names = without_prefix({c: words(c) for c in schema.columns})
        keys = [c for phrase in VALUE_KEYS for c, name in names.items() if name == phrase]
        values = [c for phrase in VALUES for c, name in names.items() if name == phrase]
        if not keys or not values or len(schema.columns) > 6 or not self.links.of(table):
            return None
        if self.database.family(table, keys[0]) != "text" or self.database.family(table, values[0]) not in _VALUES:
            return None
        said = [str(v) for v in self.database.values(table, keys[0])]
        different = sorted(set(said))
        if len(different) > MOST_KEYS or (len(said) > 20 and len(different) > 0.7 * len(said)):
            return None
        return KeyValues(keys[0], values[0], {key: self._held(table, keys[0], values[0], key) for key in different})

    def _held(self, table: str, column: str, value: str, key: str) -> Guess:
        rows = (row for row in self.database.rows.get(table, ()) if str(row.get(column)) == key)
        return of_named(words(key), [v for row in rows if (v := row.get(value)) not in (None, "")])

    def paths(self, table: str, column: str) -> dict[str, Guess]:
        """The paths of a column's JSON objects, each with what stands there."""
        found: dict[tuple[str, ...], list[Any]] = {}
        for value in self.database.values(table, column):
            for path, inner in _leaves(document(value)):
                found.setdefault(path, []).append(inner)
        return {".".join(path): of_named(words(path[-1]), values) for path, values in sorted(found.items())}

    def arrays(self, table: str, column: str) -> frozenset[str]:
        """The paths of a column's documents where an array stands, "" for the whole."""
        found = (path for value in self.database.values(table, column) for path in _arrays(document(value)))
        return frozenset(map(".".join, found))

    def history_of(self, table: str) -> str | None:
        """The table that this one keeps earlier or other states of, by its name and its columns."""
        name = words(table)
        if not any(word in HISTORY for word in name):
            return None
        bare = tuple(word for word in name if word not in HISTORY)
        own = set(self.database.table(table).columns)
        for other in self._called.get(bare, ()):
            schema = self.database.table(other)
            shared = own & set(schema.columns)
            if other != table and len(shared) >= 0.5 * len(schema.columns):
                return other
        return None

    @cached_property
    def _called(self) -> dict[tuple[str, ...], list[str]]:
        found: dict[tuple[str, ...], list[str]] = {}
        for table in self.database.schema.tables:
            found.setdefault(words(table), []).append(table)
        return found

    def born(self, table: str, times: Iterable[str]) -> str | None:
        """The column, among those of times, that says when a row of a table was made."""
        for phrase in BORN:
            for column in times:
                if has(words(column), phrase) >= 0 and ENDS.isdisjoint(words(column)):
                    return column
        return None

    def encoding(self, table: str, column: str) -> Encoding | None:
        """How a column writes a day or an instant; None if it is none."""
        family = self.database.family(table, column)
        if family in ("date", "timestamp", "timestamptz"):
            return Encoding(family)
        said = self.database.values(table, column)
        if len(said) < 3:
            return None
        if family in ("integer", "number") and any(w in TIMES for w in words(column)):
            return _numbered(said)
        if family in ("text", "binary", "other"):
            texts = [v.decode("ascii", "replace") if isinstance(v, bytes) else str(v) for v in said]
            for pattern, encoding in _WRITTEN:
                if all(pattern.fullmatch(text) for text in texts):
                    return encoding
        return None


_WRITTEN = (
    (re.compile(r"\d{4}-\d\d-\d\d"), Encoding.TEXT_DATE),
    (re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?"), Encoding.TEXT_TIMESTAMP),
    (re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])"), Encoding.YYYYMMDD),
)


def _numbered(values: list[Any]) -> Encoding | None:
    numbers = [int(v) for v in values if isinstance(v, int | float)]
    if numbers and all(10**8 < n < 4 * 10**9 for n in numbers):
        return Encoding.EPOCH_S
    if numbers and all(10**11 < n < 4 * 10**12 for n in numbers):
        return Encoding.EPOCH_MS
    return None


def _leaves(found: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every path of object keys to what is no object; nothing inside an array."""
    if not isinstance(found, dict) or len(before) > 4:
        if before and found not in (None, "", [], {}):
            yield before, found
        return
    for key, inner in found.items():
        if isinstance(key, str) and key and "." not in key:
            yield from _leaves(inner, (*before, key))


def _arrays(found: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(found, list):
        yield before
    elif isinstance(found, dict) and len(before) <= 4:
        for key, inner in found.items():
            if isinstance(key, str) and key and "." not in key:
                yield from _arrays(inner, (*before, key))


def of_named(name: tuple[str, ...], values: list[Any]) -> Guess:
    """What stands under a name in a row that belongs to a person."""
    seen = look(values)
    for concept, share in sorted(seen.shares.items(), key=lambda each: -each[1]):
        if share >= 0.5 and concept is not Concept.NAME:
            return Guess(concept, min(0.95, 0.4 + share / 2), f"{share:.0%} of values look like it")
    for concept, said in WORDS.items():
        for phrases, weight in ((said.strong, 0.85), (said.weak, 0.6)):
            if any(0 <= has(name, phrase) <= (1 if phrases is said.strong else 0) for phrase in phrases):
                return Guess(concept, weight, f"it is called {' '.join(name)}")
    if seen.shares.get(Concept.NAME, 0) > 0.6:
        return Guess(Concept.NAME, 0.5, "values look like names")
    if seen.prose > 0.3 and seen.distinct > 0.2:
        return Guess(Concept.FREE_TEXT, 0.5, "values are several words")
    return Guess(None, 0.6, "neither name nor values say anything")
