"""Which columns lead to which tables: by declared keys, and by names whose values are found there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile

from ombud.datamap.guess.lexicon import BELONGS, NOTHING, RECORD, SUBJECTS
from ombud.datamap.guess.said import SURE
from ombud.datamap.guess.sampled import Database
from ombud.datamap.guess.words import singular, without_prefix, words

_KEYS = frozenset({"id", "ids", "key", "nr", "no", "number", "kod", "code", "ref", "fk", "uuid", "pk"})
_WAYS = frozenset({"from", "to", "fran", "till"})
"""What stands after a link's name where there are two of a kind."""
BARE = 0
"""How near a table is whose name only ends as a column's does: where no key is declared, and values say the same."""
_TRIED = 12
"""Tables that a column is compared with, at most."""
_FITTING = {"integer": "number", "number": "number", "text": "text", "other": "text"}
_TYPES = (
    (("content", "type", "id"), ("object", "id")), (("content", "type"), ("object", "id")),
    (("type",), ("id",)),
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A link from a table's columns to another's, and how sure it is. `absent`: what was seen that is no reference."""

    table: str
    columns: tuple[str, ...]
    to: str
    target: tuple[str, ...]
    certainty: float
    reason: str
    nullable: bool
    absent: tuple[object, ...] = ()


@dataclass(frozen=True)
class ByType:
    """Columns of which one says in which table the other's value is a key."""

    table: str
    type: str
    id: str


@dataclass(frozen=True)
class Links:
    """All links of a database."""

    database: Database
    _by_table: dict[str, list[Found]] = field(default_factory=dict)

    def of(self, table: str) -> list[Found]:
        """The links out of a table, declared ones first."""
        if table not in self._by_table:
            declared = list(self._declared(table))
            said = {column for each in declared for column in each.columns}
            self._by_table[table] = [*declared, *self._inferred(table, said)]
        return self._by_table[table]

    def by_type(self, table: str) -> list[ByType]:
        """The polymorphic links of a table."""
        columns = {words(name): name for name in self.database.table(table).columns}
        found = []
        for name, column in columns.items():
            for kind, key in _TYPES:
                before = name[: len(name) - len(kind)]
                other = columns.get((*before, *key))
                linked = {c for each in self.of(table) for c in each.columns} if kind == ("type",) else set()
                linked |= set(self.database.table(table).key)
                apart = other is not None and not linked & {column, other}
                if name[-len(kind) :] == kind and other and apart and (before or len(kind) > 1):
                    found.append(ByType(table, column, other))
                    break
        return found

    def into(self, table: str) -> list[Found]:
        """The links that lead to a table."""
        return self._into.get(table, [])

    @cached_property
    def _into(self) -> dict[str, list[Found]]:
        found: dict[str, list[Found]] = {}
        for table in self.database.schema.tables:
            for link in self.of(table):
                found.setdefault(link.to, []).append(link)
        return found

    def _declared(self, table: str) -> Iterator[Found]:
        for each in self.database.referring.get(table, ()):
            if each.to in self.database.schema.tables:
                nullable = any(self.database.column(table, c).nullable for c in each.columns)
                yield Found(table, each.columns, each.to, each.target, 1.0, "the database declares it", nullable)
        declared = {each.columns for each in self.database.referring.get(table, ())}
        for each in self.database.said.references:
            if each.table == table and each.columns not in declared:
                nullable = any(self.database.column(table, c).nullable for c in each.columns)
                yield Found(table, each.columns, each.to, each.target, SURE, "fideslang says that they meet", nullable)

    def _inferred(self, table: str, said: set[str]) -> Iterator[Found]:
        own = self.database.table(table)
        for column, short in without_prefix({name: words(name) for name in own.columns}).items():
            if own.key == (column,):
                short = self._shared(table, column, short)
            if column in said or not short or (short[-1] in NOTHING and short[-1] not in _KEYS):
                continue
            if short[-1] not in _KEYS and short[-1] != singular(short[-1]):  # how many
                continue
            if short[-1] in _KEYS and short[:-1] == self._tables[table] and own.key != (column,):  # a number of its own
                continue
            meant = [each for each in self._candidates(short) if each[0] > 1 or own.key != (column,)]
            nearest = sorted(meant, key=lambda each: (-each[0], self._apart(table, each[1]), len(each[1])))[:_TRIED]
            found = [(near, c) for near, to in nearest if (c := self._tried(table, column, to, short, near))]
            if found:
                yield max(found, key=lambda each: (each[0], each[1].certainty))[1]

    def _apart(self, table: str, other: str) -> int:
        """How far two tables' names are apart: `shop_order` is nearer to `shop_customer` than to `crm_customer`."""
        pairs = zip(words(table), words(other), strict=False)
        return -sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    def _shared(self, table: str, column: str, name: tuple[str, ...]) -> tuple[str, ...]:
        """What a key that may be another table's too is called; () where it is the table's own.

        Another's if it is called so, or if its numbers have gaps that counting would not leave.
        """
        plain = self._tables[table]
        prefixed = sum(words(c)[:1] == name[:1] for c in self.database.table(table).columns) > 1
        if len(name) > 1:
            return () if prefixed or name[:-1] == plain[-len(name) + 1 :] else name
        values = [v for v in self.database.values(table, column) if isinstance(v, int)]
        gaps = len(values) >= 5 and max(values) > 3 * len(values)
        return (*plain[-1:], "id") if gaps and name == ("id",) else ()

    def _candidates(self, name: tuple[str, ...]) -> Iterator[tuple[int, str]]:
        """Tables that a column's name may mean and how near that is: by name, or because it means persons."""
        if len(name) > 1 and name[-1] in _WAYS:
            name = name[:-1]
        keyed = name[-1:] and name[-1] in _KEYS
        bare = tuple(singular(w) for w in (name[:-1] if keyed else name) if w not in ("fk",))
        if not bare:
            return
        for target in self._ending.get(bare[-1], ()):
            said = self._tables[target]
            if said == bare:
                yield 4, target
            elif {*said} == {*bare} or said == bare[-len(said) :]:  # a module's main table is `company_company`
                yield 3, target
            elif bare == said[-len(bare) :] and (keyed or bare[-1] in BELONGS):
                yield 2, target
            elif not self.database.schema.references:
                yield BARE, target
        yield from ((3, target) for target in self._keyed.get(name, ()))
        if bare[-1] in BELONGS or bare[-1] in RECORD or bare[-1] == "by":
            yield from ((1, t) for t in self._persons)

    @cached_property
    def _ending(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for target, said in self._tables.items():
            found.setdefault(said[-1] if said else "", []).append(target)
        return found

    @cached_property
    def _persons(self) -> list[str]:
        """Tables that are called what persons are; in a large database only those that most refers to."""
        many = Counter(reference.to for reference in self.database.schema.references)
        found = [t for t, said in self._tables.items() if said and said[-1] in _PEOPLE]
        return sorted(found, key=lambda table: -many[table])[:_TRIED]

    @cached_property
    def _keyed(self) -> dict[tuple[str, ...], list[str]]:
        """Tables by their key's whole name, where it says more than `id`: `rev_id` is a revision's."""
        found: dict[tuple[str, ...], list[str]] = {}
        for target, schema in self.database.schema.tables.items():
            name = words(schema.key[0]) if len(schema.key) == 1 else ()
            if name and name not in {(word,) for word in _KEYS}:
                found.setdefault(name, []).append(target)
        return found

    def _tried(self, table: str, column: str, target: str, name: tuple[str, ...], near: int) -> Found | None:
        to = self.database.table(target)
        if len(to.key) != 1 or (target == table and to.key == (column,)):
            return None
        key = to.columns[to.key[0]]
        own, kind = self.database.column(table, column), self.database.family(table, column)
        if _FITTING.get(kind) is None or _FITTING.get(kind) != _FITTING.get(self.database.family(target, key.name)):
            return None
        seen = dict.fromkeys(self.database.values(table, column))
        nothing = tuple(v for v in seen if v in (0, "0", ""))
        values = [v for v in seen if v not in nothing][:200]
        held = self.database.lookup.found(target, key.name, values) if values else -1
        keyed = bool(name) and name[-1] in _KEYS
        if not values and self.database.referring.get(table):  # who declares keys would have declared this one
            return None
        if held < 0 and near == BARE:
            return None
        if held < 0:  # nothing to look for
            last = name[-2:-1] if keyed and len(name) > 1 else name[-1:]
            persons = last != () and last[0] in BELONGS and self._tables[target][-1:] == last
            keyed = keyed and (kind != "text" or name[-1] in ("id", "uuid"))
            sure = (keyed and (near > 2 or persons)) or (kind != "text" and (keyed or persons))
            return Found(table, (column,), target, to.key, 0.6, "by its name", own.nullable) if sure else None
        share = held / len(values)
        if near == BARE and (kind == "text" or share < 1 or len(values) < 3):
            return None
        if share < 0.8 or (not keyed and kind == "text" and share < 1):
            return None
        certainty = round((0.75 if len(values) < 3 else 0.9) * share, 2)
        return Found(
            table,
            (column,),
            target,
            to.key,
            certainty,
            f"by its name; {share:.0%} of values are found there",
            own.nullable,
            nothing,
        )

    @cached_property
    def _tables(self) -> dict[str, tuple[str, ...]]:
        """Every table's name as words in the singular, without what all begin with."""
        names = {name: words(name) for name in self.database.schema.tables}
        first = Counter(found[0] for found in names.values() if len(found) > 1)
        common = {word for word, many in first.items() if many > max(3, len(names) // 3)}
        short = {name: found[1:] if len(found) > 1 and found[0] in common else found for name, found in names.items()}
        return {name: tuple(map(singular, found)) for name, found in short.items()}

    def plain(self, table: str) -> tuple[str, ...]:
        """A table's name as words in the singular."""
        return self._tables[table]


_PEOPLE = frozenset(map(singular, SUBJECTS))
