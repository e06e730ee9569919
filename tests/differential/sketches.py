"""Tables while they are drawn: what stands in which column, what depends on what, and what things are called."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from ombud.datamap.model import Link, Match, TimeColumn
from ombud.datamap.schema import ColumnType, TableSchema

CODES = {"A": "alfa", "B": "beta", "C": "gamma", "X": "elsewhere"}
"""What a company column holds; `X` is a company that no policy has, and `?` is no code at all."""

NUMBERS = {1: "alfa", 2: "beta", -3: "gamma", 0: "elsewhere"}
"""The same, where the column holds numbers."""

TABLE_NAMES = (
    "order", "group", "Person", "två ord", "o'neil", "a.b", "table", "user", "x-y", "𝔘nicode", "100% sure",
    "a_table_with_a_name_almost_as_long_as_postgresql_allows_1",
    "a_table_with_a_name_almost_as_long_as_postgresql_allows_2",
)  # fmt: skip
COLUMN_NAMES = (
    "select", "from", "Date", "ett två", "it's", "c.d", "index", "naïve", "2nd", "rid", "who", "s0", "state", "kind",
    "day", "rowid", "oid", "rowid_", "a-b", "værdi", "value", "gone", "k0", "birth", "rule",
)  # fmt: skip
"""Reserved words, blanks, quotes, other scripts, and the names that working tables give their own columns."""


@dataclass(frozen=True)
class Column:
    """A column and what fills it: `key`, `link`, `time`, `text`, an identifier's kind, `company`, `document`, `file`...

    `declared` is its type as the database says it, where the family does not say which.
    """

    name: str
    fill: str
    family: str = "text"
    nullable: bool = True
    unique: bool = False
    time: TimeColumn | None = None
    declared: str = ""


@dataclass
class Sketch:
    """A table while it is drawn, without a key where `key` is empty. `keys` are the keys of a key–value table; `loose`
    refers to a table unbeknown to the map."""

    name: str
    personal: bool = True
    columns: dict[str, Column] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    links: dict[str, Link] = field(default_factory=dict)
    matches: dict[str, Match] = field(default_factory=dict)
    born: TimeColumn | None = None
    follows: str | None = None
    copy_of: str | None = None
    keys: tuple[str, ...] = ()
    loose: tuple[str, str] | None = None

    def add(self, column: Column) -> Column:
        return self.columns.setdefault(column.name, column)

    def type(self) -> TableSchema:
        types = {c.name: ColumnType(c.name, c.family, c.nullable, c.unique, c.declared) for c in self.columns.values()}
        return TableSchema(self.name, types, self.key)

    @property
    def whole_key(self) -> bool:
        """Whether one whole number tells its rows apart."""
        return len(self.key) == 1 and self.columns[self.key[0]].family == "integer"


class Names:
    """What tables and columns are called in one source: plainly, or as an application should not have."""

    def __init__(self, random: Random, engine: str = "sqlite") -> None:
        self._odds = random.choice((0.0, 0.0, 0.3))
        self._random = random
        self._tables = random.sample(TABLE_NAMES, len(TABLE_NAMES))
        if engine == "mariadb":  # whose names are of the basic plane
            self._tables = [name for name in self._tables if max(name) < "\U00010000"]
        self._columns = random.sample(COLUMN_NAMES, len(COLUMN_NAMES))
        self._called: dict[str, str] = {}

    def table(self, plain: str) -> str:
        return self._tables.pop() if self._tables and self._random.random() < self._odds else plain

    def column(self, plain: str) -> str:
        """The same word for the same thing, in every table."""
        if plain not in self._called:
            odd = self._columns and self._random.random() < self._odds
            self._called[plain] = self._columns.pop() if odd else plain
        return self._called[plain]


class Circles:
    """What depends on what, so that no rule is drawn that would depend on itself."""

    def __init__(self) -> None:
        self._needs: dict[Any, set[Any]] = {}

    def allows(self, one: Any, other: Any) -> bool:
        """Whether `one` may need `other`; if so, it does from now on."""
        if one == other or one in self._reached(other, set()):
            return False
        self._needs.setdefault(one, set()).add(other)
        return True

    def _reached(self, start: Any, seen: set[Any]) -> set[Any]:
        for each in self._needs.get(start, ()):
            if each not in seen:
                seen.add(each)
                self._reached(each, seen)
        return seen
