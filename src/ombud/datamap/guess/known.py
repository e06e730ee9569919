"""Persons whom the database itself names, and how often a text elsewhere speaks of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Any

from ombud.datamap.guess.lexicon import Concept
from ombud.datamap.guess.phrases import says
from ombud.datamap.guess.sampled import Database
from ombud.datamap.guess.values import document, look
from ombud.datamap.guess.words import words

_TOKEN = re.compile(r"[^\W_][\w.+'’-]*(?:@[\w.-]+\w)?")
_LONGEST = 3
"""Words of a name that are looked for together."""
_SEVERAL = 3
"""Different persons who stand in a column by no accident."""
_FEW = 10
"""Values that may all be about one or two persons."""


@dataclass(frozen=True)
class Known:
    """Names, user names and addresses as their words in lower case."""

    called: frozenset[tuple[str, ...]]

    def spoken_of(self, values: Sequence[Any]) -> float:
        """The share of values that name a person whom another column names; 0 where it may be an accident.

        An accident is one or two persons in few of many values, or the same in all of them.
        """
        if not self.called or not values:
            return 0.0
        found = [set(self._in(value)) for value in values]
        share = sum(map(bool, found)) / len(values)
        several = len(set[tuple[str, ...]]().union(*found)) >= _SEVERAL
        return share if several or (share >= 0.5 and len(values) <= _FEW) else 0.0

    @cached_property
    def _first(self) -> frozenset[str]:
        return frozenset(person[0] for person in self.called)

    def _in(self, value: Any) -> Iterator[tuple[str, ...]]:
        said = _tokens(value)
        for start in range(len(said)):
            for many in range(1, _LONGEST + 1) if said[start] in self._first else ():
                if said[start : start + many] in self.called:
                    yield said[start : start + many]


def known(database: Database) -> Known:
    """The persons in the columns that are called after what they hold, in the rows that were read."""
    return Known(frozenset(filter(_telling, _all(database))))


def _all(database: Database) -> Iterator[tuple[str, ...]]:
    for table, schema in database.schema.tables.items():
        called = {c: words(c) for c in schema.columns if database.family(table, c) == "text"}
        names = [c for c, name in called.items() if says(name, Concept.NAME)]
        others = [c for c, name in called.items() if says(name, Concept.USERNAME)]
        others += [c for c, name in called.items() if says(name, Concept.EMAIL)]
        for column in (*names, *others):
            if look(database.values(table, column)).prose < 0.5:
                yield from map(_tokens, database.values(table, column))
        for row in database.rows.get(table, ()) if len(names) > 1 else ():
            yield from _joined(row[c] for c in names)


def _joined(parts: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    """`Ada` and `Alm` of one row, as one may write them."""
    single = dict.fromkeys(said for part in parts if part and len(said := _tokens(part)) == 1)
    for first, last in permutations(single, 2):
        yield (*first, *last)


def _telling(person: tuple[str, ...]) -> bool:
    """Whether nobody else and nothing else is called so: two words, an address, a name with a number."""
    if len(person) == 1:
        return len(person[0]) > 5 and any(c in "@._0123456789" for c in person[0]) and not person[0].isdigit()
    return 0 < len(person) <= _LONGEST and all(any(c.isalpha() for c in word) for word in person)


def _tokens(value: Any) -> tuple[str, ...]:
    found = document(value)
    text = json.dumps(found, ensure_ascii=False) if found is not None else str(value)
    return tuple(word.rstrip(".-'’") for word in _TOKEN.findall(text.lower()))
