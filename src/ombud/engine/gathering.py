"""The rows of a person and all that judge them, gathered outward from the person by keys, into memory.

One round asks each table once, by all keys that are known by then. Nothing is written, and nobody else is looked at. It
serves maps and rows of which rows alone tell; where more has a say (`Unclear`), an evaluation is for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ombud.datamap.identity import normalise
from ombud.datamap.model import (
    EachOwner,
    FromChildren,
    IdentifierColumn,
    Imported,
    Latest,
    Link,
    OwnersOf,
    SourceMap,
    Subject,
    Table,
    Through,
)
from ombud.datamap.rough import rough
from ombud.engine.lookups import Lookup, Lookups
from ombud.engine.people import Digest, Held
from ombud.engine.program import Statements
from ombud.sql.facts import FOUND
from ombud.sql.gather import IDENTIFIER, Gather
from ombud.sql.judge import Judge

MOST = 200_000
"""Rows of one answer past which it is left to an evaluation: they would all be in memory at once."""

Key = tuple[Any, ...]


class Unclear(Exception):
    """The rows themselves do not tell all that has a say: memory of rows that are gone, or identifiers others have."""


@dataclass(slots=True, eq=False)
class Row:
    """One row. `mine`: it is, or may be, about the person, and so are those that have their owners through it."""

    number: int
    gather: Gather
    said: tuple[Any, ...]
    key: Key
    mine: bool = False

    @property
    def table(self) -> Table:
        return self.gather.table

    def __getitem__(self, name: str) -> Any:
        return self.said[self.gather.layout[name]]

    def ends(self, columns: Iterable[str]) -> Key:
        """What stands in columns by which links hold together."""
        return tuple(self.said[self.gather.layout[f"end/{column}"]] for column in columns)


@dataclass(frozen=True)
class Ways:
    """Where a row of one table leads: links up, the children that judge it, and whose owners it passes on."""

    up: tuple[Link, ...]
    children: tuple[tuple[str, Link], ...]
    down: tuple[tuple[str, Link, bool], ...]
    places: tuple[tuple[Subject, IdentifierColumn], ...]


@dataclass(frozen=True)
class Atlas:
    """What the map says of gathering, worked out once. `serves`: rows of this map tell all that has a say."""

    gathers: Mapping[str, Gather]
    ways: Mapping[str, Ways]
    serves: bool


def atlas(judge: Judge) -> Atlas:
    """For one source on one day."""
    source = judge.read.names.source
    gathers = {table.name: Gather(judge.facts, table) for table in source.tables.values() if table.key}
    ways = {name: _ways(source, gather) for name, gather in gathers.items()}
    return Atlas(gathers, ways, _serves(judge, gathers))


def _serves(judge: Judge, gathers: Mapping[str, Gather]) -> bool:
    names, source = judge.read.names, judge.read.names.source
    if names.dialect.made_of is None or len(gathers) < len(source.tables):
        return False
    for name, gather in gathers.items():
        rules = names.sheet(name).rules
        if any(
            isinstance(rule, Imported) or (isinstance(rule, Through) and rule.link not in gather.links)
            for rule in rules
        ):
            return False
        if any(isinstance(rule, EachOwner) for rule in gather.table.owner_rules):
            return False
        columns = {(name, rule.column) for rule in gather.identifiers} | {(name, p.column) for p in gather.places}
        if any(names.family(*column) != "text" for column in columns):
            return False
        for link in (*gather.links.values(), *(link for _, link in _pointing(source, name))):
            holder = name if link in gather.links.values() else next(t for t, x in _pointing(source, name) if x is link)
            ends = zip(link.columns, link.target, strict=True)
            if any(names.family(holder, one) != names.family(link.to, other) for one, other in ends):
                return False
    return True


def _pointing(source: SourceMap, name: str) -> Iterator[tuple[str, Link]]:
    for other in source.tables.values():
        yield from ((other.name, link) for link in other.links.values() if link.to == name)


def _ways(source: SourceMap, gather: Gather) -> Ways:
    table, sheet = gather.table, gather.facts.names.sheet(gather.table.name)
    children = [
        (rule.child, source.tables[rule.child].links[rule.link])
        for rule in sheet.rules
        if isinstance(rule, FromChildren | Latest)
    ]
    down = [
        (other.name, other.links[rule.link], rule in other.owners)
        for other in source.tables.values()
        for rule in other.owner_rules
        if isinstance(rule, OwnersOf) and other.links[rule.link].to == table.name and other.key
    ]
    places = [(s, p) for s in source.subjects.values() if s.table == table.name for p in s.identifiers]
    return Ways(tuple(gather.links.values()), tuple(dict.fromkeys(children)), tuple(dict.fromkeys(down)), tuple(places))


@dataclass
class Gathering:
    """What was gathered so far, of one source, inside an open transaction."""

    statements: Statements
    judge: Judge
    digest: Digest
    atlas: Atlas
    rows: dict[str, dict[Key, Row]] = field(default_factory=lambda: defaultdict(dict))
    digests: dict[Held, str] = field(default_factory=dict)
    _wanted: dict[tuple[str, tuple[str, ...]], dict[Key, bool]] = field(default_factory=lambda: defaultdict(dict))
    _asked: dict[tuple[str, tuple[str, ...]], dict[Key, bool]] = field(default_factory=lambda: defaultdict(dict))
    _looks: dict[tuple[str, str, str], dict[Key, None]] = field(default_factory=lambda: defaultdict(dict))
    _index: dict[tuple[str, tuple[str, ...]], dict[Key, list[Row]]] = field(default_factory=dict)
    _count: int = 0

    # --- what is looked for --------------------------------------------------------------------------------------

    def look_for(self, values: Iterable[tuple[str, object]]) -> None:
        """Whoever has one of these identifiers (kind, value), and rows that name somebody by one. Raises Unclear."""
        for kind, value in values:
            held = (kind, self.digest(kind, value))
            if not held[1] or held in self.digests:
                continue
            self.digests[held] = held[1]
            looks = rough(kind).of_form(normalise(kind, value))
            for name, gather in self.atlas.gathers.items():
                columns = {r.column for r in gather.identifiers if r.kind == kind}
                columns |= {p.column for p in gather.places if p.kind == kind}
                for column in columns:
                    if looks is None:
                        raise Unclear("an identifier of which too little is left to look for it")
                    self._looks[name, kind, column] |= {(looks,): None, ("",): None}

    def run(self, beside: Sequence[Lookup] = ()) -> list[list[tuple[Any, ...]]]:
        """Gather until nothing more is wanted; what is asked `beside`, along with the first round. Raises Unclear."""
        heard = self._round(beside) if beside or self._looks or any(self._wanted.values()) else []
        while self._looks or any(self._wanted.values()):
            self._round()
        return heard

    def _round(self, beside: Sequence[Lookup] = ()) -> list[list[tuple[Any, ...]]]:
        looks, wanted = self._looks, {at: keys for at, keys in self._wanted.items() if keys}
        self._looks, self._wanted = defaultdict(dict), defaultdict(dict)
        asked: list[Lookup] = []
        for (name, kind, column), keys in looks.items():
            gather = self.atlas.gathers[name]
            asked.append(Lookup(("alike", name, kind, column), partial(gather.alike, kind, column), list(keys)))
        for (name, columns), of in wanted.items():
            gather = self.atlas.gathers[name]
            asked.append(Lookup(("by", name, columns), partial(gather.by, columns), list(of)))
        found = Lookups(self.statements).together([*asked, *beside])
        for (name, kind, column), rows in zip(looks, found, strict=False):
            for said in rows:
                self._alike(name, kind, column, said)
        for ((name, columns), of), rows in zip(wanted.items(), found[len(looks) : len(asked)], strict=True):
            for said in rows:
                row = self._row(name, said)
                ends = row.ends(columns)
                if ends in of:
                    self._keep(row, mine=of[ends])
        return found[len(asked) :]

    def _alike(self, name: str, kind: str, column: str, said: tuple[Any, ...]) -> None:
        """A row in which something stands that looks like what is looked for."""
        row = self._row(name, said)
        for n, place in enumerate(row.gather.places):
            value = row[f"place/{n}"]
            if (place.kind, place.column) != (kind, column) or value is None:
                continue
            if (kind, self.digest(kind, value)) in self.digests:
                self._keep(row)
                if place.child is not None and place.link is not None:
                    self._want_up(row, row.table.links[place.link])
        if any((r.kind, r.column) == (kind, column) for r in row.gather.identifiers):
            value = row[f"{IDENTIFIER}{kind}/{column}"]
            if value is not None and (kind, self.digest(kind, value)) in self.digests:
                self._keep(row, mine=True)

    # --- rows -----------------------------------------------------------------------------------------------------

    def _row(self, name: str, said: tuple[Any, ...]) -> Row:
        gather = self.atlas.gathers[name]
        key = tuple(said[gather.layout[f"value/{column}"]] for column in gather.table.key)
        known = self.rows[name].get(key)
        return known or Row(-1, gather, said, key)

    def _keep(self, row: Row, *, mine: bool = False) -> None:
        """A row counts; `mine`: so do those that have their owners through it."""
        if row.number < 0:
            self._count += 1
            if self._count > MOST:
                raise Unclear("too many rows")
            row.number = self._count
            self.rows[row.table.name][row.key] = row
            self._index.clear()
            ways = self.atlas.ways[row.table.name]
            for link in ways.up:
                self._want_up(row, link)
            for child, link in ways.children:
                self._want(child, link.columns, row.ends(link.target))
        if mine and not row.mine:
            row.mine = True
            for other, link, passes_on in self.atlas.ways[row.table.name].down:
                self._want(other, link.columns, row.ends(link.target), mine=passes_on)

    def mine(self, row: Row) -> None:
        """The row is the person's."""
        self._keep(row, mine=True)

    def with_identifiers(self, row: Row) -> None:
        """Gather what a subject's row has in rows of its own."""
        for _, place in self.atlas.ways[row.table.name].places:
            if place.child is not None and place.link is not None:
                link = self.atlas.gathers[place.child].table.links[place.link]
                self._want(place.child, link.columns, row.ends(link.target))

    def key(self, table: str, key: Key) -> None:
        """Gather the row of this key."""
        self._want(table, self.atlas.gathers[table].table.key, key)

    def _want_up(self, row: Row, link: Link) -> None:
        if row.gather.links.get(link.name) is None or row[f"link/{link.name}"] == FOUND:
            self._want(link.to, link.target, row.ends(link.columns))

    def _want(self, table: str, columns: tuple[str, ...], key: Key, *, mine: bool = False) -> None:
        at = (table, columns)
        if None in key:
            return
        before = self._asked[at].get(key)
        if before is None or (mine and not before):
            self._asked[at][key] = mine
            self._wanted[at][key] = mine

    # --- reading what is there ------------------------------------------------------------------------------------

    def having(self, table: str, columns: tuple[str, ...], key: Key) -> list[Row]:
        """The gathered rows in whose columns these values stand."""
        at = (table, columns)
        if at not in self._index:
            found: dict[Key, list[Row]] = defaultdict(list)
            for row in self.rows[table].values():
                found[row.ends(columns)].append(row)
            self._index[at] = found
        return self._index[at].get(key, [])

    def identifiers(self, row: Row, subject: Subject) -> Iterator[tuple[str, object]]:
        """What a subject's row has: kind and value, its own and its children's."""
        for place in subject.identifiers:
            each = [row]
            if place.child is not None and place.link is not None:
                link = self.atlas.gathers[place.child].table.links[place.link]
                each = [r for r in self.having(place.child, link.columns, row.ends(link.target)) if self._has(r, link)]
            for one in each:
                value = one[f"place/{one.gather.places.index(place)}"]
                if value is not None:
                    yield place.kind, value

    def _has(self, row: Row, link: Link) -> bool:
        return link.name not in row.gather.links or row[f"link/{link.name}"] == FOUND

    def bearers(self, held: Held) -> list[tuple[Subject, Row]]:
        """The subjects' rows that have this identifier, of those gathered."""
        return [
            (subject, row)
            for subject in self.judge.read.names.source.subjects.values()
            for row in self.rows[subject.table].values()
            if any(
                kind == held[0] and self.digest(kind, value) == held[1]
                for kind, value in self.identifiers(row, subject)
            )
        ]
