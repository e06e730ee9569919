"""What a dataset in fideslang says of a database: of its columns, of what is inside them, and of which meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ombud.datamap.guess.cells import common
from ombud.datamap.guess.dataset import Field, dataset
from ombud.datamap.guess.lexicon import Concept
from ombud.datamap.guess.said import Said, Saying
from ombud.datamap.guess.taxonomy import concept_of
from ombud.datamap.schema import Reference, Schema

_KNOWN_BY = {"email": Concept.EMAIL, "phone_number": Concept.PHONE}
"""By what people are known, as far as it is an identifier here."""

_Words = tuple[tuple[str, ...], str]
"""Categories, and whose they are where they are not a field's own."""


def read(document: Any, source: str, schema: Schema, key: str | None = None) -> Said:
    """What a document's dataset says of this database. Raises NotFideslang.

    Of several datasets, that of the key, else that whose `fides_key` is the source's name. Collections may be called
    `schema.table`.
    """
    described = dataset(document, source, key)
    found = _Found(schema)
    for collection in described.collections:
        table = found.table(collection.name)
        if table is None:
            continue
        above = ((collection.categories, "its collection"), (described.categories, "its dataset"))
        for each in collection.fields:
            found.field(table, each, above, described.key)
    return found.said()


@dataclass
class _Found:
    schema: Schema
    columns: dict[tuple[str, str], Saying] = field(default_factory=dict)
    paths: dict[tuple[str, str], dict[str, Saying]] = field(default_factory=dict)
    pairs: list[tuple[str, str, str, str]] = field(default_factory=list)
    known_by: dict[tuple[str, str], Concept] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def table(self, name: str) -> str | None:
        found = self._table(name)
        if found is None:
            self.missing.append(name)
        return found

    def _table(self, name: str) -> str | None:
        return next((each for each in (name, name.rpartition(".")[2]) if each in self.schema.tables), None)

    def field(self, table: str, said: Field, above: tuple[_Words, ...], key: str) -> None:
        column = said.name
        if column not in self.schema.tables[table].columns:
            self.missing.append(f"{table}.{column}")
            return
        if (saying := _cell(said, above)) is not None:
            self.columns[table, column] = saying
        if not said.array and any(each.speaks for each in said.fields):
            inner = dict(_inner(said, above))
            self.paths[table, column] = inner
            if any(each.concept for each in inner.values()):
                self.columns[table, column] = Saying(Concept.OTHER, "fideslang has personal fields inside it")
        if said.identity in _KNOWN_BY:
            self.known_by[table, column] = _KNOWN_BY[said.identity]
        for each in said.references:
            to, _, target = each.field.rpartition(".")
            if each.dataset == key and to:
                self.pairs.append((table, column, to, target))
            else:
                self.unused.append(f"{table}.{column} to {each.dataset}.{each.field}")
        self.unused += _inside(said, f"{table}.{column}")

    def said(self) -> Said:
        references = tuple(self._references())
        return Said(self.columns, self.paths, references, self.owners, tuple(self.missing), tuple(self.unused))

    def _references(self) -> Iterator[Reference]:
        """Fideslang says that two columns meet; which of them refers is told by whose is a key."""
        for table, column, other, target in self.pairs:
            to = self._table(other)
            if to is None or target not in self.schema.tables[to].columns:
                self.missing.append(f"{other}.{target}")
            elif self._tells(to, target):
                yield Reference(table, (column,), to, (target,))
            elif self._tells(table, column):
                yield Reference(to, (target,), table, (column,))
            elif not self._names(table, column, to, target) and not self._names(to, target, table, column):
                self.unused.append(f"{table}.{column} to {to}.{target}")

    def _tells(self, table: str, column: str) -> bool:
        known = self.schema.tables[table]
        return known.key == (column,) or known.columns[column].unique

    def _names(self, table: str, column: str, to: str, target: str) -> bool:
        """Whether a column meets one by which people are known, and so says whom its row is about."""
        concept = self.known_by.get((to, target))
        if concept is None or table == to or to in self.owners or self.owners.get(table, column) != column:
            return False
        self.owners[table] = column
        reason = f"fideslang says that it meets {to}.{target}, by which people are known"
        self.columns[table, column] = Saying(concept, reason)
        return True


def _cell(said: Field, above: tuple[_Words, ...]) -> Saying | None:
    """What is said of a field as one cell. Of an array, what covers the fields inside it."""
    own = _saying(said, above)
    inner = [each for _, each in _inner(said, ())] if said.array else []
    if not inner:
        return own
    if said.categories and own and own.concept not in (None, Concept.OTHER):
        inner.append(own)
    reasons = "; ".join(dict.fromkeys(each.reason for each in inner))
    return Saying(common(each.concept for each in inner), f"{reasons}; an array is one cell")


def _inner(said: Field, above: tuple[_Words, ...], path: str = "") -> Iterator[tuple[str, Saying]]:
    """The cells inside a document: fields that have none inside them, and arrays."""
    around = ((said.categories, "the field around it"), *above)
    for each in said.fields:
        name = f"{path}.{each.name}" if path else each.name
        if each.fields and not each.array:
            yield from _inner(each, around, name)
        elif (saying := _cell(each, around)) is not None:
            yield name, saying


def _inside(said: Field, name: str) -> Iterator[str]:
    """The references of fields inside a document: no link begins there."""
    for each in said.fields:
        inner = f"{name}.{each.name}"
        yield from (f"{inner} to {to.dataset}.{to.field}" for to in each.references)
        yield from _inside(each, inner)


def _saying(said: Field, above: Iterable[_Words]) -> Saying | None:
    """By the field's own categories; where it has none, by the nearest above that has."""
    if said.identity in _KNOWN_BY:
        return Saying(_KNOWN_BY[said.identity], "fideslang knows people by it")
    categories, whose = next((each for each in ((said.categories, ""), *above) if each[0]), ((), ""))
    of = f", of {whose}" if whose else ""
    personal = [(concept, each) for each in categories if (concept := concept_of(each)) is not None]
    if personal:
        concept, named = next((each for each in personal if each[0] is not Concept.OTHER), personal[0])
        return Saying(concept, f"fideslang: {named}{of}")
    return Saying(None, f"fideslang: {', '.join(categories)}{of}") if categories else None
