"""A set of rows of one source that is closed: whatever judges one of them, or is judged by it, is among them.

So the oracle judges them as it would among all others (`app/near.py` reads so for explanations, of all sources). Rows
are found by keys and by what identifiers look like, one round trip for all that is wanted; then they are locked, and
looked at again for as long as somebody has written meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.claims.world import Values
from ombud.datamap.identity import normalise
from ombud.datamap.model import EachOwner, FromChildren, IdentifierColumn, Latest, Link, SourceMap, Table
from ombud.datamap.rough import rough
from ombud.datamap.schema import Schema
from ombud.engine.gathering import Unclear
from ombud.engine.lookups import Lookup, Lookups
from ombud.engine.people import Digest, Held
from ombud.engine.program import Statements
from ombud.sql.gather import Slot
from ombud.sql.names import Names
from ombud.sql.near import Near
from ombud.sql.numbered import is_numbered
from ombud.sql.read import Reader
from ombud.sql.tables import Tbl

Key = tuple[Any, ...]

Rows = dict[str, dict[Key, Values]]
"""By table and key; of an unmapped table, by what is read of a row."""

Written = tuple[str, object]
"""An identifier by its kind, and as it is written."""

TRIES = 5
"""How often it is looked again at what was written meanwhile before it is left to an evaluation."""


@dataclass(frozen=True)
class Beside:
    """Where a row of one table leads: columns there, and the columns here that say what stands there."""

    ways: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Chart:
    """What a map and its schema say of closing, worked out once. `columns` are what is read of each table."""

    columns: Mapping[str, tuple[str, ...]]
    beside: Mapping[str, Beside]
    places: Mapping[str, tuple[tuple[str, str], ...]]
    serves: bool


def chart(read: Reader) -> Chart:
    """Of one source. `serves`: keys and identifiers alone find what belongs together, as the oracle compares."""
    names, source, schema = read.names, read.names.source, read.names.schema
    columns = {name: tuple(schema.tables[name].columns) for name in source.tables}
    for reference in schema.references:
        if reference.to in source.tables and reference.table not in source.tables:
            columns[reference.table] = tuple(dict.fromkeys((*columns.get(reference.table, ()), *reference.columns)))
    beside = {
        name: Beside(tuple(_ways(source, schema, table)), _places(source, name))
        for name, table in source.tables.items()
    }
    places: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, of in beside.items():
        for kind, column in of.places:
            places[kind].append((name, column))
    return Chart(columns, beside, {kind: tuple(of) for kind, of in places.items()}, _serves(names, Near(read)))


def _ways(source: SourceMap, schema: Schema, table: Table) -> Iterable[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Tables, columns there, and columns here."""
    for link in table.links.values():
        yield link.to, link.target, link.columns
    rules = [rule for kind in table.kinds for rule in kind.moments.values()]
    judged = {rule.child for rule in rules if isinstance(rule, FromChildren | Latest)}
    judged |= {rule.child for rule in table.owners if isinstance(rule, EachOwner)}
    for child in source.tables.values():
        for link in child.links.values():
            if link.to == table.name and (table.personal or child.name in judged):
                yield child.name, link.columns, link.target
    for reference in schema.references if table.personal else ():
        if reference.to == table.name:
            yield reference.table, tuple(reference.columns), tuple(reference.target)


def _places(source: SourceMap, table: str) -> tuple[tuple[str, str], ...]:
    """The columns of a table in which identifiers stand, each with its kind."""
    found = (
        (p.kind, p.column) for s in source.subjects.values() for p in s.identifiers if (p.child or s.table) == table
    )
    return tuple(dict.fromkeys(found))


def _serves(names: Names, near: Near) -> bool:
    source = names.source
    if not near.serves or any(is_numbered(names.schema, table) for table in source.tables.values()):
        return False
    if any(table.matches or table.mentions for table in source.tables.values()):
        return False
    keys = {names.family(s.table, c) for s in source.subjects.values() for c in source.tables[s.table].key}
    return keys <= {"integer", "text", "uuid"} and all(map(partial(_alike, names), _links(source)))


def _links(source: SourceMap) -> Iterable[tuple[str, Link]]:
    return ((table.name, link) for table in source.tables.values() for link in table.links.values())


def _alike(names: Names, of: tuple[str, Link]) -> bool:
    """Both ends of a link are of one family, so that the database compares them without turning one into another."""
    table, link = of
    return all(
        names.family(table, one) == names.family(link.to, other)
        for one, other in zip(link.columns, link.target, strict=True)
    )


@dataclass
class Closing:
    """Closes sets of rows of one source, inside an open transaction, up to `most` rows. Raises Unclear past them."""

    statements: Statements
    read: Reader
    digest: Digest
    most: int
    births: dict[tuple[str, Key], str] = field(default_factory=dict)
    """What each row's birth is as the database writes it."""
    known: set[Held] = field(default_factory=set)
    """Every identifier that stands in a row, or was asked for."""
    _rows: Rows = field(default_factory=lambda: defaultdict(dict))
    _wanted: dict[tuple[str, tuple[str, ...]], dict[Key, None]] = field(default_factory=lambda: defaultdict(dict))
    _asked: set[tuple[str, tuple[str, ...], Key]] = field(default_factory=set)
    _looks: dict[tuple[str, str, str], dict[Key, None]] = field(default_factory=lambda: defaultdict(dict))
    _count: int = 0
    _before: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def names(self) -> Names:
        return self.read.names

    @property
    def chart(self) -> Chart:
        found = self.statements.program.kept(("chart", self.names.source.source), partial(chart, self.read))
        assert isinstance(found, Chart)
        return found

    def closed(
        self, keys: Iterable[tuple[str, Key]], values: Iterable[tuple[str, object]]
    ) -> dict[str, dict[Key, Values]]:
        """The rows of these tables and keys, whoever has one of these identifiers (kind, value), and all beside."""
        self.known.clear()
        self._rows.clear()
        self._asked.clear()
        self._count = 0
        for table, key in keys:
            self._want(table, self.names.source.tables[table].key, key)
        for kind, value in values:
            self._look_for(kind, value)
        self._before = self._round([self._snapshot])[0]
        while self._looks or self._wanted:
            self._round()
        return {name: dict(rows) for name, rows in self._rows.items()}

    def locked(
        self, keys: Iterable[tuple[str, Key]], values: Iterable[tuple[str, object]]
    ) -> dict[str, dict[Key, Values]]:
        """The same, all of them locked, and none among them that was written since. Raises Unclear."""
        keys, values = tuple(keys), tuple(values)
        if not self.names.dialect.locks:
            return self.closed(keys, values)
        held: Rows = {}
        for _ in range(TRIES):
            found = self.closed(keys, values)
            if found == held:
                return found
            held, quiet = self._lock(found)
            if quiet and held == found:
                return found
        raise Unclear("rows that are written again and again")

    # --- a round --------------------------------------------------------------------------------------------------

    def _round(self, beside: Sequence[Lookup] = ()) -> list[list[tuple[Any, ...]]]:
        """What is asked `beside` is asked first."""
        looks, wanted = self._looks, self._wanted
        self._looks, self._wanted = defaultdict(dict), defaultdict(dict)
        asked = [Lookup(("alike", *at), partial(self._looking_like, *at), list(of)) for at, of in looks.items()]
        asked += [Lookup(("close", *at), partial(self._by, *at), list(of)) for at, of in wanted.items()]
        told, found = _parted(Lookups(self.statements).together([*beside, *asked]), len(beside))
        for (name, kind, column), rows in zip(looks, found, strict=False):
            at = self.chart.columns[name].index(column)
            for row in rows:
                if (kind, self.digest(kind, row[at])) in self.known:
                    self._found(name, row)
        for ((name, columns), of), rows in zip(wanted.items(), found[len(looks) :], strict=True):
            at_each = [self.chart.columns[name].index(column) for column in columns]
            for row in rows:
                if tuple(row[n] for n in at_each) in of:
                    self._found(name, row)
        return told

    def _found(self, name: str, row: tuple[Any, ...]) -> None:
        columns = self.chart.columns[name]
        values = dict(zip(columns, row, strict=False))
        mapped = self.names.source.tables.get(name)
        if mapped is None:
            self._rows[name][row] = values
            return
        key = tuple(values[column] for column in mapped.key)
        if key in self._rows[name] or None in key:
            return
        self._rows[name][key] = values
        self.births[name, key] = row[-1]
        self._count += 1
        if self._count > self.most:
            raise Unclear("more rows belong together than are decided one by one")
        beside = self.chart.beside[name]
        for other, there, here in beside.ways:
            self._want(other, there, tuple(values[column] for column in here))
        for kind, column in beside.places:
            if values[column] is not None:
                self._look_for(kind, values[column])

    def _want(self, table: str, columns: tuple[str, ...], key: Key) -> None:
        if None not in key and (table, columns, key) not in self._asked:
            self._asked.add((table, columns, key))
            self._wanted[table, columns][key] = None

    def _look_for(self, kind: str, value: object) -> None:
        held = (kind, self.digest(kind, value))
        if not held[1] or held in self.known:
            return
        self.known.add(held)
        looks = rough(kind).of_form(normalise(kind, value))
        for name, column in self.chart.places.get(kind, ()):
            if looks is None:
                raise Unclear("an identifier of which too little is left to look for it")
            self._looks[name, kind, column] |= {(looks,): None, ("",): None}

    # --- statements -----------------------------------------------------------------------------------------------

    @property
    def _snapshot(self) -> Lookup:
        """A text that is another once somebody has committed."""
        asked = self.names.dialect.snapshot.removeprefix("SELECT ") or "''"
        return Lookup(("snapshot",), lambda _: sa.select(sa.literal_column(asked, sa.Text())))

    def _lock(self, found: Rows) -> tuple[Rows, bool]:
        """These rows as they are once locked, parents first, as applications do; and whether nobody has committed since
        the first of them was read.
        """
        order = [name for name in reversed(self.names.order) if found.get(name)]
        asked = [Lookup(("close lock", name), partial(self._locking, name), list(found[name])) for name in order]
        locked: Rows = {n: dict(rows) for n, rows in found.items() if n not in order}
        *every_row, after = Lookups(self.statements).together([*asked, self._snapshot])
        for name, rows in zip(order, every_row, strict=True):
            columns, key = self.chart.columns[name], self.names.source.tables[name].key
            every = (dict(zip(columns, row, strict=False)) for row in rows)
            locked[name] = {tuple(values[c] for c in key): values for values in every}
        return locked, after == self._before

    def _locking(self, name: str, size: int) -> sa.Select[Any]:
        row = self._row(name)
        return self._at(name, row, self.names.source.tables[name].key, size).with_for_update(of=row)

    def _by(self, name: str, columns: Sequence[str], size: int) -> sa.Select[Any]:
        """The rows in whose columns one of so many keys stands."""
        return self._at(name, self._row(name), columns, size)

    def _at(self, name: str, row: Tbl, columns: Sequence[str], size: int) -> sa.Select[Any]:
        at = [_raw(row.c[column]) for column in columns]
        if len(at) == 1:
            same: Any = at[0].in_([_slot(n) for n in range(size)])
        else:
            same = sa.or_(*(sa.and_(*(each == _slot(n, p) for p, each in enumerate(at))) for n in range(size)))
        return self._select(name, row).where(same)

    def _looking_like(self, name: str, kind: str, column: str, size: int) -> sa.Select[Any]:
        """The rows in whose column an identifier stands that looks like one of so many (`datamap/rough.py`)."""
        row = self._row(name)
        looks = Near(self.read).rough(IdentifierColumn(kind, column), row)
        return self._select(name, row).where(looks.in_([_slot(n, of=sa.Text()) for n in range(size)]))

    def _select(self, name: str, row: Tbl) -> sa.Select[Any]:
        """Every column as the driver returns it, documents as their text; then the birth."""
        mapped = self.names.source.tables.get(name)
        cells = (cell for kind in (mapped.kinds if mapped else ()) for cell in kind.cells.values())
        documents = {cell.column for cell in cells if cell.json}
        read = [
            sa.cast(row.c[c], sa.Text).label(c) if c in documents else _raw(row.c[c]).label(c)
            for c in self.chart.columns[name]
        ]
        birth = [self.names.birth(mapped, row).label("its birth")] if mapped else []
        return sa.select(*read, *birth).select_from(row)

    def _row(self, name: str) -> Tbl:
        if name in self.names.source.tables:
            return self.names.row(name)
        schema = self.names.schema.tables[name].schema
        return sa.table(name, *map(sa.column, self.chart.columns[name]), schema=schema or None).alias()


def _parted(found: list[Any], first: int) -> tuple[list[Any], list[Any]]:
    return found[:first], found[first:]


def _raw(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.type_coerce(column, sa.types.NULLTYPE)


def _slot(number: int, part: int = 0, of: Any = sa.types.NULLTYPE) -> sa.BindParameter[Any]:
    return sa.bindparam(None, Slot(number, part), type_=of, unique=True)
