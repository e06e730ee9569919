"""Links to several tables: one column says which, the other holds a key of it. What stands there tells the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ombud.datamap.guess.links import ByType, Links
from ombud.datamap.guess.sampled import Database
from ombud.datamap.guess.words import singular, words

_PARTS = re.compile(r"[\\\\./:]+")
"""Between a module and what is in it."""
_TRIED = 5
"""Tables that one value may mean, at most."""
_MOST = 40
"""Values of a type that are looked at; a column with more says something else."""
_CERTAIN = {True: 0.85, False: 0.6}
"""How sure a table is whose keys were found there, and one by its name alone."""


@dataclass(frozen=True)
class Generic:
    """A link to several tables. `to` gives the table of each value, `open` are the values of which none was found.

    `meant`: what a value stands for, where it is a key of a table of types. `nullable`: whether there may be no key.
    """

    by_type: ByType
    to: Mapping[object, str]
    open: tuple[object, ...]
    meant: Mapping[object, str]
    certainty: float
    nullable: bool


@dataclass(frozen=True)
class Generics:
    """The links to several tables of a database."""

    database: Database
    links: Links

    def of(self, table: str) -> tuple[Generic, ...]:
        """Each of a table; one of which no value means a table has none in `to`."""
        return tuple(self._resolved(each) for each in self.links.by_type(table))

    def _resolved(self, each: ByType) -> Generic:
        ids: dict[object, list[object]] = {}
        for row in self.database.rows.get(each.table, ()):
            if (value := row.get(each.type)) not in (None, ""):
                ids.setdefault(value, []).append(row.get(each.id))
        meant, nullable = self._meant(each, ids), self.database.column(each.table, each.id).nullable
        if len(ids) > _MOST:
            return Generic(each, {}, (), meant, 0, nullable)
        found = {value: self._table(meant.get(value, value), keys) for value, keys in ids.items()}
        to = {value: best for value, best in found.items() if best is not None}
        return Generic(
            each,
            {value: table for value, (_, table) in to.items()},
            tuple(value for value in found if value not in to),
            meant,
            min((sure for sure, _ in to.values()), default=0),
            nullable,
        )

    def _meant(self, each: ByType, ids: Mapping[object, object]) -> dict[object, str]:
        """What the table of types that a link leads to says of each value: its short texts, in their order."""
        leading = next((link for link in self.links.of(each.table) if link.columns == (each.type,)), None)
        if leading is None:
            return {}
        texts = [c for c in self.database.table(leading.to).columns if self.database.family(leading.to, c) == "text"]
        return {
            row[leading.target[0]]: ".".join(str(row[c]) for c in texts if row.get(c))
            for row in self.database.rows.get(leading.to, ())
            if row.get(leading.target[0]) in ids
        }

    def _table(self, value: object, keys: list[object]) -> tuple[float, str] | None:
        """The table that a value means and how sure that is: by its name, and whether the keys are found there."""
        tried = [(self._held(table, keys), near, table) for near, table in sorted(self._called(value))[-_TRIED:]]
        right = [each for each in tried if each[0] is None or each[0] >= 0.8]
        if not right:
            return None
        held, _, table = max(right, key=lambda each: (each[0] is not None, each[1], each[0] or 0))
        return _CERTAIN[held is not None] * (held or 1), table

    def _called(self, value: object) -> Iterator[tuple[int, str]]:
        """Tables whose name ends in what a value ends in, and in how many letters: `shop.Order` is `shop_orders`."""
        said = _endings(map(_joined, _PARTS.split(value))) if isinstance(value, str) else frozenset()
        for table, schema in self.database.schema.tables.items():
            alike = said & _endings(map(singular, words(table)))
            if alike and len(schema.key) == 1:
                yield max(map(len, alike)), table

    def _held(self, table: str, keys: list[object]) -> float | None:
        """Which share of the keys stands in the table; None where there is nothing to look for, or nobody to ask."""
        column = self.database.table(table).key[0]
        whole = self.database.family(table, column) in ("integer", "number")
        said = dict.fromkeys(_whole(key) if whole else str(key) for key in keys if key not in (None, ""))
        values = [key for key in said if key is not None][:200]
        held = self.database.lookup.found(table, column, values) if values else -1
        return None if held < 0 else held / len(said)


def _whole(key: object) -> int | None:
    text = str(key)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _joined(part: str) -> str:
    return "".join(map(singular, words(part)))


def _endings(parts: Iterable[str]) -> frozenset[str]:
    said = [part for part in parts if part]
    return frozenset("".join(said[n:]) for n in range(len(said)))
