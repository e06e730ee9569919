"""The rows of persons and all that judge them, gathered outward from the persons by keys, into memory.

One round asks each table once, by all keys that are known by then, for however many persons. Nothing is written, and
nobody else is looked at. It serves maps and rows of which rows alone tell; where more has a say (`Unclear`), an
evaluation is for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ombud.datamap.identity import normalise
from ombud.datamap.model import IdentifierColumn, Link, Subject, Table
from ombud.datamap.rough import rough
from ombud.engine.atlas import Atlas, Key, Leaf, Way
from ombud.engine.lookups import Lookup, Lookups
from ombud.engine.people import Digest, Held
from ombud.engine.program import Statements
from ombud.sql.facts import FOUND
from ombud.sql.odd_text import is_odd

MOST = 100_000
"""Rows in memory at once, past which it is left to fewer persons, or to an evaluation."""


class Unclear(Exception):
    """The rows themselves do not tell all that has a say: memory of rows that are gone, or identifiers others have."""


class TooMany(Unclear):
    """More rows than are held in memory at once."""


Persons = frozenset[int]
"""By their numbers, in the order in which they were asked for."""

NOBODY: Persons = frozenset()


@dataclass(slots=True, eq=False)
class Row:
    """One row. `near`: whose it, or a cell of it, is or may be. `mine`: of those, whose it is as a whole, so that rows
    which have their owners through it are, too.
    """

    number: int
    leaf: Leaf
    said: tuple[Any, ...]
    key: Key
    near: Persons = NOBODY
    mine: Persons = NOBODY

    @property
    def table(self) -> Table:
        return self.leaf.table

    def __getitem__(self, name: str) -> Any:
        """What is said of the row under a name of `Gather.layout`."""
        return self.said[self.leaf.layout[name]]


@dataclass(slots=True)
class Wanted:
    """Rows that were asked for, in whose columns a key stands, and for whom."""

    near: Persons
    mine: Persons
    rows: list[Row] = field(default_factory=list)


At = tuple[str, tuple[str, ...]]
"""A table, and the columns in which keys are looked for."""


@dataclass
class Gathering:
    """What was gathered so far, of one source, inside an open transaction."""

    statements: Statements
    digest: Digest
    atlas: Atlas
    odd: bool = False
    """Texts may be none that the driver takes (`sql/odd_text.py`)."""
    rows: dict[str, dict[Key, Row]] = field(default_factory=lambda: defaultdict(dict))
    bearing: dict[Held, dict[int, tuple[Subject, Row]]] = field(default_factory=dict)
    """By identifier looked for: whoever has it, by the number of their row."""
    naming: dict[Held, list[Row]] = field(default_factory=dict)
    """By identifier looked for: the rows that name somebody by it."""
    _asked: dict[At, dict[Key, Wanted]] = field(default_factory=lambda: defaultdict(dict))
    _new: dict[At, list[Key]] = field(default_factory=lambda: defaultdict(list))
    _looks: dict[tuple[str, str, str], dict[Key, None]] = field(default_factory=lambda: defaultdict(dict))
    _index: dict[At, dict[Key, list[Row]]] = field(default_factory=dict)
    _digests: dict[tuple[str, object], str] = field(default_factory=dict)
    _count: int = 0

    # --- what is looked for --------------------------------------------------------------------------------------

    def look_for(self, kind: str, value: object) -> None:
        """Whoever has this identifier, and rows that name somebody by it. Raises Unclear."""
        held = (kind, self.digest_of(kind, value))
        if not held[1] or held in self.naming:
            return
        columns = self.atlas.columns.get(kind, ())
        looks = rough(kind).of_form(normalise(kind, value)) if columns else ""
        if looks is None:
            raise Unclear("an identifier of which too little is left to look for it")
        self.naming[held], self.bearing[held] = [], {}
        for name, column in columns:
            self._looks[name, kind, column] |= {(looks,): None, ("",): None}

    def digest_of(self, kind: str, value: object) -> str:
        """The keyed hash of what stands somewhere, worked out once."""
        at = (kind, value)
        if at not in self._digests:
            self._digests[at] = self.digest(kind, value)
        return self._digests[at]

    def run(self, beside: Sequence[Lookup] = ()) -> list[list[tuple[Any, ...]]]:
        """Gather until nothing more is wanted; what is asked `beside`, along with the first round. Raises TooMany."""
        heard = self._round(beside) if beside or self._looks or self._new else []
        while self._looks or self._new:
            self._round()
        return heard

    def _round(self, beside: Sequence[Lookup] = ()) -> list[list[tuple[Any, ...]]]:
        looks, new = self._looks, self._new
        self._looks, self._new = defaultdict(dict), defaultdict(list)
        leaves, asked = self.atlas.leaves, list[Lookup]()
        for (name, kind, column), keys in looks.items():
            asked.append(Lookup(("alike", name, kind, column), partial(leaves[name].alike, kind, column), list(keys)))
        for (name, columns), some in new.items():
            asked.append(Lookup(("by", name, columns), partial(leaves[name].by, columns), some))
        found = Lookups(self.statements).together([*asked, *beside])
        for look, rows in zip(looks, found, strict=False):
            for said in rows:
                self._alike(*look, said)
        for at, rows in zip(new, found[len(looks) : len(asked)], strict=True):
            self._by(at, rows)
        return found[len(asked) :]

    def _by(self, at: At, rows: Iterable[tuple[Any, ...]]) -> None:
        leaf = self.atlas.leaves[at[0]]
        ends, asked = leaf.picking(at[1]), self._asked[at]
        for said in rows:
            wanted = asked.get(ends(said))
            if wanted is not None:  # a database may take one key for another
                row = self._row(leaf, said)
                wanted.rows.append(row)
                self._keep(row, wanted.near, wanted.mine)

    def _alike(self, name: str, kind: str, column: str, said: tuple[Any, ...]) -> None:
        """A row in which something stands that looks like what is looked for."""
        leaf = self.atlas.leaves[name]
        for place, at in leaf.places:
            value = said[at]
            if value is None or (place.kind, place.column) != (kind, column):
                continue
            if (kind, self.digest_of(kind, value)) in self.bearing:
                row = self._row(leaf, said)
                self._keep(row, NOBODY, NOBODY)
                if place.child is not None and place.link is not None:
                    self._want_up(row, leaf.up_by[place.link])
        named = leaf.naming.get((kind, column))
        if named is not None and said[named] is not None:
            held = (kind, self.digest_of(kind, said[named]))
            if held in self.naming:
                row = self._row(leaf, said)
                self._keep(row, NOBODY, NOBODY)
                self.naming[held].append(row)

    # --- rows -----------------------------------------------------------------------------------------------------

    def _row(self, leaf: Leaf, said: tuple[Any, ...]) -> Row:
        key = leaf.key(said)
        return self.rows[leaf.name].get(key) or Row(0, leaf, said, key)

    def _keep(self, row: Row, near: Persons, mine: Persons) -> None:
        """A row counts for these; of whom it is `mine`, so do those that have their owners through it."""
        leaf = row.leaf
        if not row.number:
            self._count += 1
            if self._count > MOST:
                raise TooMany("too many rows")
            row.number = self._count
            self._index.clear()
            self.rows[leaf.name][row.key] = row
            for way in leaf.up:
                self._want_up(row, way)
            for way in leaf.children:
                self._want(way, way.ends(row.said))
        if not near <= row.near:
            row.near |= near
        if not mine <= row.mine:
            row.mine |= mine
            for way in leaf.down:
                if way.state is None or row.said[way.state] == FOUND:
                    self._want(way, way.ends(row.said), row.mine, row.mine if way.passes else NOBODY)

    def is_of(self, row: Row, person: int) -> None:
        """The row is, or may be, this person's."""
        of = frozenset((person,))
        self._keep(row, of, of)

    def with_identifiers(self, row: Row) -> None:
        """Gather what a subject's row has in rows of its own."""
        for way in row.leaf.bearing:
            self._want(way, way.ends(row.said))

    def key(self, table: str, key: Key) -> None:
        """Gather the row of this key."""
        self._want(self.atlas.leaves[table].by_key, key)

    def _want_up(self, row: Row, way: Way) -> None:
        if way.state is None or row.said[way.state] == FOUND:
            self._want(way, way.ends(row.said))

    def _want(self, way: Way, key: Key, near: Persons = NOBODY, mine: Persons = NOBODY) -> None:
        asked = self._asked[way.at]
        known = asked.get(key)
        if known is None:
            if None in key:
                return
            if self.odd and any(map(is_odd, key)):
                raise Unclear("a key that no driver takes")
            there = self.rows[way.table].get(key) if way.by_key else None
            asked[key] = Wanted(near, mine, [there] if there else [])
            if there is None:
                self._new[way.at].append(key)
            else:
                self._keep(there, near, mine)
        elif not (near <= known.near and mine <= known.mine):
            known.near, known.mine = known.near | near, known.mine | mine
            for row in known.rows:
                self._keep(row, known.near, known.mine)

    # --- reading what is there ------------------------------------------------------------------------------------

    def having(self, at: At, key: Key) -> Sequence[Row]:
        """The gathered rows in whose columns these values stand."""
        if at not in self._index:
            found: dict[Key, list[Row]] = defaultdict(list)
            ends = self.atlas.leaves[at[0]].picking(at[1])
            for row in self.rows[at[0]].values():
                found[ends(row.said)].append(row)
            self._index[at] = found
        return self._index[at].get(key, ())

    def pointing(self, row: Row, child: str, link: Link) -> Iterator[Row]:
        """The rows of a table whose link may lead to this row."""
        down, at = row.leaf.down_by(child, link), self.atlas.leaves[child].up_by[link.name].state
        for each in self.having(down.at, down.ends(row.said)):
            if at is None or each.said[at] == FOUND:
                yield each

    def identifiers(self, row: Row, subject: Subject) -> Iterator[tuple[IdentifierColumn, object]]:
        """What a subject's row has: where it stands and the value, its own and its children's."""
        for place in subject.identifiers:
            for one in self._holding(row, place):
                value = one.said[one.leaf.place_at[place]]
                if value is not None:
                    yield place, value

    def _holding(self, row: Row, place: IdentifierColumn) -> Iterable[Row]:
        if place.child is None or place.link is None:
            return (row,)
        return self.pointing(row, place.child, self.atlas.leaves[place.child].table.links[place.link])

    def find_bearers(self) -> None:
        """Note who has the identifiers that were looked for, of the rows gathered since."""
        for subject in self.atlas.subjects:
            for row in self.rows[subject.table].values():
                for place, value in self.identifiers(row, subject):
                    bearing = self.bearing.get((place.kind, self.digest_of(place.kind, value)))
                    if bearing is not None:
                        bearing[row.number] = (subject, row)
