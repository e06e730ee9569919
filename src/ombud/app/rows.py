"""Rows of the sources as the oracle reads them: loaded whole, with what their sidecars remember, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from ombud.adapters.register import kept_part
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.near import Near, TooMany
from ombud.app.remembered import copies, look_into, memos, people, said
from ombud.app.shelves import Shelves
from ombud.app.sources import Opened, opened
from ombud.claims.world import Copied, Memo, Remembered, RowId, SaidConsent, Values, World
from ombud.datamap.model import DataMap, Imported, SourceMap
from ombud.datamap.schema import Schema
from ombud.sql.engines import DIALECTS
from ombud.sql.names import Names
from ombud.sql.numbered import numbered
from ombud.terms import Finding, Key, KeyRef, Mark, Ref

MOST = 50_000
"""Rows of one source that an explanation reads into memory; past it, it reads what belongs together alone."""

TOGETHER = 50_000
"""Rows of all sources that may belong together; past it, it refuses instead of taking minutes."""

MOST_SEARCHED = 3_000_000
"""Rows of sources too large to be read whole whose identifiers are looked through."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom or what an explanation is about: all else can be left out where there is too much of it."""

    refs: frozenset[Ref] = frozenset()
    row: tuple[str, str, str] | None = None
    rows: tuple[tuple[str, str, str], ...] = ()


@dataclass
class Seen:
    """What was read: the settled maps, the world of them, whom each source remembers, and what could not be read.

    `unread` are the sources that were asked for and not looked at; `findings` say why. `numbers` are the engine's row
    numbers of tables without a key, by source and table, in the order of their rows. `near`: no more was read than
    belongs to what was asked.
    """

    datamap: DataMap
    world: World
    remembered: Mapping[str, tuple[Remembered, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    numbers: Mapping[tuple[str, str], tuple[Key, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    near: bool = False

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


def see(loaded: Loaded, sources: Iterable[str], about: Asked) -> Seen:
    """Read these sources and those they import moments from. One that cannot be read is a finding, no more.

    Where one is too large, only what belongs to `about` is read of all of them; where that is too much, the others are.
    """
    asked = tuple(dict.fromkeys(sources))
    wanted = dict.fromkeys(asked)
    for name in asked:
        wanted |= dict.fromkeys(_imported_from(loaded.datamap.sources[name]))
    gathered = _Gathered()
    refused: dict[str, tuple[Finding, ...]] = {}
    for name in wanted:
        try:
            with opened(loaded, name, read_only=True) as source, source.connection.begin():
                _read(loaded, source, gathered)
        except Refused as refusal:
            refused[name] = refusal.findings
    large = {name for name, found in refused.items() if any(finding.code == "C060" for finding in found)}
    if large and (near := _near(loaded, [name for name in wanted if name in large or name not in refused], about)):
        gathered = near
        refused = {name: found for name, found in refused.items() if name not in large}
    findings = [finding for found in refused.values() for finding in found]
    world = World(gathered.tables, gathered.schemas, gathered.memo, frozenset(gathered.spoken), gathered.copied)
    unread = tuple(name for name in asked if name not in gathered.sources)
    remembered, numbers = gathered.remembered, gathered.numbers
    return Seen(DataMap(gathered.sources), world, remembered, tuple(findings), numbers, unread, bool(large))


def _imported_from(source: SourceMap) -> set[str]:
    rules = (rule for t in source.tables.values() for kind in t.kinds for rule in kind.moments.values())
    return {rule.source for rule in rules if isinstance(rule, Imported)}


def _read(loaded: Loaded, source: Opened, gathered: _Gathered) -> None:
    names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
    look_into(source, names)
    wanted = _wanted(source)
    rows = _count(source, names, wanted)
    if rows > MOST:
        place = loaded.project.sources[source.name].place
        message = f"{source.name} has {rows:,} rows, and too many belong together with what is asked"
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
    _keep(source, names, tables, gathered)


def _count(source: Opened, names: Names, tables: Iterable[str]) -> int:
    counted = (sa.select(sa.func.count()).select_from(names.row(table)) for table in tables)
    return sum(int(source.connection.execute(each).scalar_one()) for each in counted)


def _near(loaded: Loaded, sources: Iterable[str], about: Asked) -> _Gathered | None:
    """What belongs to what is asked, of all of these sources; None where that is too much, or cannot be read."""
    digest, _ = loaded.keys()
    gathered = _Gathered()
    try:
        with ExitStack() as stack:
            there: dict[str, Opened] = {}
            for name in sources:
                there[name] = stack.enter_context(opened(loaded, name, read_only=True))
                stack.enter_context(there[name].connection.begin())
            columns = {name: _wanted(source) for name, source in there.items()}
            shelves = Shelves(there, columns, loaded.project.sources)
            if sum(_count(there[name], shelves.names[name], columns[name]) for name in there) > MOST_SEARCHED:
                return None
            near = _closed(shelves, digest, about)
            for name, source in there.items():
                tables: dict[str, tuple[Values, ...]] = {}
                for table in columns[name]:
                    found = near.rows[name, table]
                    tables[table] = tuple(found.values())
                    if table in source.source.tables and not source.source.tables[table].key:
                        gathered.numbers[name, table] = tuple(found)
                _keep(source, shelves.names[name], tables, gathered)
    except (Refused, TooMany):
        return None
    return gathered


def _closed(shelves: Shelves, digest: Digest, about: Asked) -> Near:
    """The rows that belong together with what is asked. Raises TooMany, Refused."""
    memo: dict[RowId, Memo] = {}
    known: dict[str, tuple[Remembered, ...]] = {}
    for name, source in shelves.sources.items():
        memo |= memos(source, shelves.names[name], dict.fromkeys(source.source.tables, ()))
        known[name] = tuple(people(source, shelves.names[name]).values())
    datamap = DataMap({name: source.source for name, source in shelves.sources.items()})
    schemas = {name: source.schema for name, source in shelves.sources.items()}
    near = Near(datamap, schemas, memo, known, shelves, digest, TOGETHER)
    rows = (*about.rows, *([about.row] if about.row else []))
    near.close((each for row in rows if row[0] in shelves.sources for each in shelves.named(*row)), about.refs)
    return near


def _keep(source: Opened, names: Names, tables: dict[str, tuple[Values, ...]], gathered: _Gathered) -> None:
    """These rows, and what the source remembers."""
    gathered.memo |= memos(source, names, tables)
    gathered.spoken |= said(source, names)
    gathered.copied |= copies(source, names)
    gathered.remembered[source.name] = tuple(people(source, names).values())
    # Not before all of it was read: rows without what is remembered of them would be judged wrongly.
    gathered.sources[source.name] = source.source
    gathered.schemas[source.name] = source.schema
    gathered.tables[source.name] = tables


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
                keys[name, subject.name, tuple(map(kept_part, own))] = own
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
