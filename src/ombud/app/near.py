"""The rows that judge a person or a row, at whatever remove, where a source is too large to be read whole.

The oracle judges a row by what its links find, by what finds it, and by whoever has its identifiers. So a set of rows
that is closed under all of these is judged in itself as it is among all others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from ombud.claims.world import Memo, Person, Remembered, RowId, Values, as_linked
from ombud.datamap.model import ByIdentifier, DataMap, EachOwner, FromChildren, Latest, SourceMap, Table
from ombud.datamap.schema import Schema
from ombud.terms import IdRef, Key, KeyRef, Ref

Where = tuple[str, str, tuple[str, ...]]
"""A source, a table, and columns by which rows of it are looked for; no columns: by what names a row."""


class TooMany(Exception):
    """More rows belong together than may be read."""


class Shelf(Protocol):
    """Where rows are fetched from. A row is named by its key, by where it lies, or, unmapped, by what is read of it."""

    def fetch(self, where: Where, wanted: Iterable[Key]) -> Iterator[tuple[Key, Values]]:
        """The rows whose columns equal one of these tuples, none of them with a NULL. More may come, fewer may not."""
        ...

    def standing(self, source: str, table: str, column: str) -> Iterator[tuple[Key, object]]:
        """What stands in a column of every row."""
        ...


@dataclass
class Near:
    """What was found so far. `most` rows may be read."""

    datamap: DataMap
    schemas: Mapping[str, Schema]
    memos: Mapping[RowId, Memo]
    people: Mapping[str, tuple[Remembered, ...]]
    shelf: Shelf
    digest: Callable[[str, object], str]
    most: int
    rows: dict[tuple[str, str], dict[Key, Values]] = field(default_factory=lambda: defaultdict(dict))
    _count: int = 0
    _refs: set[Ref] = field(default_factory=set)
    _asked: dict[Where, set[Key]] = field(default_factory=lambda: defaultdict(set))
    _wanted: dict[Where, set[Key]] = field(default_factory=lambda: defaultdict(set))
    _indexes: dict[str, dict[str, list[tuple[Where, Key]]]] = field(default_factory=dict)
    _tied: dict[Ref, set[Ref]] = field(default_factory=lambda: defaultdict(set))
    _remembering: dict[Ref, list[RowId]] = field(default_factory=lambda: defaultdict(list))
    _keys: dict[tuple[str, str, tuple[str, ...]], set[Ref]] = field(default_factory=lambda: defaultdict(set))
    _memo_of: dict[tuple[str, str, tuple[str, ...]], list[Memo]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for people in self.people.values():
            for person in people:
                refs = person.known
                for ref in refs:
                    self._tied[ref] |= refs
        for row, memo in self.memos.items():
            self._memo_of[row[0], row[1], tuple(map(str, row[2]))].append(memo)
            for ref in _refs_of(memo):
                self._remembering[ref].append(row)
        for ref in (*self._tied, *self._remembering):
            if isinstance(ref, KeyRef):
                self._keys[ref.source, ref.subject, tuple(map(str, ref.key))].add(ref)

    def close(self, rows: Iterable[tuple[Where, Key]], refs: Iterable[Ref]) -> None:
        """Read these rows, whatever these refs name, and all that belongs to them. Raises TooMany."""
        for where, key in rows:
            self._look(where, key)
        self._know(refs)
        while wanted := {where: keys for where, keys in self._wanted.items() if keys}:
            self._wanted.clear()
            for where, keys in wanted.items():
                for key, values in self.shelf.fetch(where, keys):
                    self._found(where, key, values)

    def _look(self, where: Where, key: Key) -> None:
        key = self._as_there(where, key)
        if None not in key and key not in self._asked[where]:
            self._asked[where].add(key)
            self._wanted[where].add(key)

    def _as_there(self, where: Where, key: Key) -> Key:
        """Texts and numbers that a link compares, as the column looked in has them; None for what it cannot hold."""
        source, table, columns = where
        there = self.schemas[source].tables.get(table) if source in self.schemas else None
        return tuple(
            _as_family(value, there.columns[column].family) if there and column in there.columns else value
            for value, column in zip(key, columns, strict=True)
        ) if columns else key  # fmt: skip

    def _found(self, where: Where, key: Key, values: Values) -> None:
        source, name, _ = where
        if key in self.rows[source, name]:
            return
        self.rows[source, name][key] = values
        self._count += 1
        if self._count > self.most:
            raise TooMany
        mapped = self.datamap.sources[source]
        table = mapped.tables.get(name)
        if table is not None:
            self._beside(mapped, table, values)
            self._know(_named_in(mapped, table, values, self.digest))
            for memo in self._memo_of.get((source, name, tuple(map(str, key))), ()):
                self._know(_refs_of(memo))
            for subject in mapped.subjects.values():
                if subject.table == name:
                    self._know(self._keys.get((source, subject.name, tuple(map(str, key))), ()))

    # --- what belongs to a row ----------------------------------------------------------------------------------

    def _beside(self, mapped: SourceMap, table: Table, values: Values) -> None:
        source = mapped.source
        for link in table.links.values():
            self._look((source, link.to, link.target), _of(values, link.columns))
        judged = {child for child, _ in _children(table)}
        for child in mapped.tables.values():
            for link in child.links.values():
                if link.to == table.name and (table.personal or child.name in judged):
                    self._look((source, child.name, link.columns), _of(values, link.target))
        schema = self.schemas.get(source)
        for reference in schema.references if schema and table.personal else ():
            if reference.to == table.name:
                self._look((source, reference.table, reference.columns), _of(values, reference.target))

    # --- who is meant -------------------------------------------------------------------------------------------

    def _know(self, refs: Iterable[Ref]) -> None:
        fresh = set(refs) - self._refs
        while fresh:
            self._refs |= fresh
            for ref in fresh:
                self._named(ref)
            fresh = {tied for ref in fresh for tied in self._tied.get(ref, ())} - self._refs

    def _named(self, ref: Ref) -> None:
        for source, table, key in self._remembering.get(ref, ()):
            self._look((source, table, ()), key)
        if isinstance(ref, IdRef):
            for where, key in self._index(ref.kind).get(ref.digest, ()):
                self._look(where, key)
            return
        mapped_source = self.datamap.sources.get(ref.source)
        subject = mapped_source.subjects.get(ref.subject) if mapped_source else None
        if mapped_source and subject:
            self._look((ref.source, subject.table, ()), ref.key)

    def _index(self, kind: str) -> Mapping[str, list[tuple[Where, Key]]]:
        """Where each identifier of a kind stands, in every source: read once."""
        if kind not in self._indexes:
            found: dict[str, list[tuple[Where, Key]]] = defaultdict(list)
            for source, mapped in self.datamap.sources.items():
                for name, column in dict.fromkeys((n, c) for n, c, of in _places(mapped) if of == kind):
                    for key, value in self.shelf.standing(source, name, column):
                        if digest := self.digest(kind, value):
                            found[digest].append(((source, name, ()), key))
            self._indexes[kind] = found
        return self._indexes[kind]


def _of(values: Values, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(values.get(column) for column in columns)


def _as_family(value: Any, family: str) -> Any:
    if isinstance(value, str) and family == "integer":
        meant = as_linked(value)
        return meant if isinstance(meant, int) else None
    return str(value) if family == "text" and isinstance(value, int | UUID) else value


def _children(table: Table) -> Iterator[tuple[str, str]]:
    """The child tables by which rows of a table are judged, with their links."""
    for kind in table.kinds:
        for rule in kind.moments.values():
            if isinstance(rule, FromChildren | Latest):
                yield rule.child, rule.link
    yield from ((rule.child, rule.link) for rule in table.owners if isinstance(rule, EachOwner))


def _places(mapped: SourceMap) -> Iterator[tuple[str, str, str]]:
    """Every table and column in which an identifier stands, and of which kind."""
    for subject in mapped.subjects.values():
        yield from ((each.child or subject.table, each.column, each.kind) for each in subject.identifiers)
    for table in mapped.tables.values():
        yield from ((table.name, match.column, match.kind) for match in table.matches.values())
        rules = (*table.owners, *(rule for kind in table.kinds for cell in kind.cells.values() for rule in cell.of))
        yield from ((table.name, rule.column, rule.kind) for rule in rules if isinstance(rule, ByIdentifier))


def _named_in(mapped: SourceMap, table: Table, values: Values, digest: Callable[[str, object], str]) -> Iterator[IdRef]:
    """Whom the identifiers in a row name."""
    for name, column, kind in _places(mapped):
        if name == table.name and (found := digest(kind, values.get(column))):
            yield IdRef(kind, found)


def _refs_of(memo: Memo) -> set[Ref]:
    """Everybody whom a memo names."""
    refs: set[Ref] = {*memo.identifiers, *memo.shared, *memo.named.values(), *(ref for _, ref in memo.several)}
    for owners in memo.owners.values():
        for person in owners.certain | owners.candidates:
            refs |= _refs_of_person(person)
    return refs


def _refs_of_person(person: Person) -> frozenset[Ref]:
    return person.known if isinstance(person, Remembered) else frozenset({person})
