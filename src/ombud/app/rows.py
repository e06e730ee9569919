"""Rows of the sources as the oracle reads them: loaded whole, with what their sidecars remember, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from ombud.app.loaded import Loaded, Refused
from ombud.app.remembered import copies, memos, people, said
from ombud.app.sources import Opened, opened
from ombud.claims.world import Copied, Memo, Remembered, RowId, SaidConsent, Values, World
from ombud.datamap.model import DataMap, Imported, SourceMap
from ombud.datamap.schema import Schema
from ombud.sql.dialect import DIALECTS
from ombud.sql.names import Names
from ombud.sql.numbered import numbered
from ombud.terms import Finding, Key, KeyRef, Mark

MOST = 50_000
"""Rows of one source that an explanation reads into memory; past it, it refuses instead of taking minutes."""


@dataclass
class Seen:
    """What was read: the settled maps, the world of them, whom each source remembers, and what could not be read.

    `unread` are the sources that were asked for and not looked at; `findings` say why. `numbers` are the engine's row
    numbers of tables without a key, by source and table, in the order of their rows.
    """

    datamap: DataMap
    world: World
    remembered: Mapping[str, tuple[Remembered, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    numbers: Mapping[tuple[str, str], tuple[Key, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def named(self, row: RowId) -> RowId:
        """The row as people name it: where its table has no key, by the number that a plan lists it under."""
        source, table, key = row
        numbers = self.numbers.get((source, table))
        return row if numbers is None else (source, table, numbers[key[0]])


@dataclass
class _Gathered:
    sources: dict[str, SourceMap] = field(default_factory=dict)
    tables: dict[str, dict[str, tuple[Values, ...]]] = field(default_factory=dict)
    schemas: dict[str, Schema] = field(default_factory=dict)
    memo: dict[RowId, Memo] = field(default_factory=dict)
    spoken: set[SaidConsent] = field(default_factory=set)
    copied: dict[tuple[str, str, str, str], Copied] = field(default_factory=dict)
    remembered: dict[str, tuple[Remembered, ...]] = field(default_factory=dict)
    numbers: dict[tuple[str, str], tuple[Key, ...]] = field(default_factory=dict)


def see(loaded: Loaded, sources: Iterable[str]) -> Seen:
    """Read these sources and those they import moments from. One that cannot be read is a finding, no more."""
    asked = tuple(dict.fromkeys(sources))
    wanted = dict.fromkeys(asked)
    for name in asked:
        wanted |= dict.fromkeys(_imported_from(loaded.datamap.sources[name]))
    gathered = _Gathered()
    findings: list[Finding] = []
    for name in wanted:
        try:
            with opened(loaded, name, read_only=True) as source, source.connection.begin():
                _read(loaded, source, gathered)
        except Refused as refusal:
            findings += refusal.findings
    world = World(gathered.tables, gathered.schemas, gathered.memo, frozenset(gathered.spoken), gathered.copied)
    unread = tuple(name for name in asked if name not in gathered.sources)
    return Seen(DataMap(gathered.sources), world, gathered.remembered, tuple(findings), gathered.numbers, unread)


def _imported_from(source: SourceMap) -> set[str]:
    rules = (rule for t in source.tables.values() for kind in t.kinds for rule in kind.moments.values())
    return {rule.source for rule in rules if isinstance(rule, Imported)}


def _read(loaded: Loaded, source: Opened, gathered: _Gathered) -> None:
    names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
    wanted = _wanted(source)
    rows = 0
    for table in wanted:
        counted = sa.select(sa.func.count()).select_from(names.row(table))
        rows += int(source.connection.execute(counted).scalar_one())
    if rows > MOST:
        place = loaded.project.sources[source.name].place
        message = f"{source.name} has {rows:,} rows, and an explanation reads at most {MOST:,} of one source"
        hint = "`ombud plan` and `ombud apply` have no such limit, and say what is due there and why"
        raise Refused(Finding("C060", place, message, f"{hint}; or explain on a smaller copy of it"))
    by_number, _ = numbered(source.source, source.schema, source.connection.dialect.name)
    tables: dict[str, tuple[Values, ...]] = {}
    for table, columns in wanted.items():
        mapped = source.source.tables.get(table)
        if mapped is None or mapped.key:
            tables[table] = _rows(source, table, columns, mapped.key if mapped else ())
            continue
        number = by_number.tables[table].key
        found = _rows(source, table, (*columns, *number), number)
        gathered.numbers[source.name, table] = tuple(tuple(row[c] for c in number) for row in found)
        tables[table] = tuple({c: row[c] for c in columns} for row in found)
    gathered.sources[source.name] = source.source
    gathered.schemas[source.name] = source.schema
    gathered.tables[source.name] = tables
    gathered.memo |= memos(source, names, tables)
    gathered.spoken |= said(source, names)
    gathered.copied |= copies(source, names)
    gathered.remembered[source.name] = tuple(people(source, names).values())


def _wanted(source: Opened) -> Mapping[str, tuple[str, ...]]:
    """The mapped tables whole, and of unmapped ones the columns by which they refer to mapped ones."""
    wanted = {name: tuple(source.schema.tables[name].columns) for name in source.source.tables}
    for reference in source.schema.references:
        if reference.to in wanted and reference.table not in source.source.tables:
            wanted[reference.table] = tuple(dict.fromkeys((*wanted.get(reference.table, ()), *reference.columns)))
    return wanted


def _rows(source: Opened, table: str, columns: tuple[str, ...], key: tuple[str, ...]) -> tuple[Values, ...]:
    """Every row as the driver returns it, documents as their text, in the order of the key."""
    of = sa.table(table, *map(sa.column, columns), schema=source.schema.tables[table].schema or None)
    mapped = source.source.tables.get(table)
    documents = {cell.column for kind in (mapped.kinds if mapped else ()) for cell in kind.cells.values() if cell.json}
    # A document as its text: what a driver makes of it has lost digits, and keys that stand there twice.
    read = [sa.cast(c, sa.Text).label(c.name) if c.name in documents else c for c in of.c]
    chosen = sa.select(*read).order_by(*(of.c[column] for column in key))
    return tuple(dict(row) for row in source.connection.execute(chosen).mappings())


def as_here(marks: Iterable[Mark], seen: Seen) -> tuple[Mark, ...]:
    """The marks with keys as the sources' drivers return them: the register keeps what is not a number as text."""
    keys: dict[tuple[str, str, tuple[str, ...]], tuple[Any, ...]] = {}
    for name, source in seen.datamap.sources.items():
        for subject in source.subjects.values():
            key = source.tables[subject.table].key
            for row in seen.world.tables[name][subject.table]:
                own = tuple(row[column] for column in key)
                keys[name, subject.name, tuple(map(str, own))] = own
    return tuple(
        replace(
            mark,
            refs=frozenset(
                replace(ref, key=keys.get((ref.source, ref.subject, tuple(map(str, ref.key))), ref.key))
                if isinstance(ref, KeyRef)
                else ref
                for ref in mark.refs
            ),
        )
        for mark in marks
    )
