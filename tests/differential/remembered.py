"""Whether an engine remembers of the rows that stay what the oracle does: else it decides wrongly, if only later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from ombud.app.remembered import memos
from ombud.app.sources import Opened
from ombud.claims.world import Memo, Owners, Person, Remembered, RowId, Values, World, as_text
from ombud.datamap.model import SourceMap, Table
from ombud.datamap.schema import Schema
from ombud.sql.names import SEPARATOR, Names
from ombud.terms import KeyRef, Ref


def remembered_apart(
    connection: sa.Connection, names: Names, source: SourceMap, schema: Schema, world: World
) -> tuple[tuple[Values, ...], tuple[Values, ...]] | None:
    """What only the oracle remembers of a source's rows, and what only the engine does; None where it is the same."""
    tables = world.tables[source.source]
    there = Opened(source.source, connection, source, schema, ())
    mine = _of_who_is_there({k: m for k, m in world.memo.items() if k[0] == source.source}, source, tables)
    theirs = _of_who_is_there(memos(there, names, tables), source, tables)
    odd = sorted((k for k in {*mine, *theirs} if mine.get(k) != theirs.get(k)), key=str)
    if not odd:
        return None
    told = ([{"row": k, "remembered": of[k]} for k in odd if k in of] for of in (mine, theirs))
    one, other = map(tuple, told)
    return one, other


def _of_who_is_there(
    found: Mapping[RowId, Memo], source: SourceMap, tables: Mapping[str, tuple[Values, ...]]
) -> dict[RowId, Memo]:
    """Without the memos of rows that are gone, or whose key another row has now."""
    births: dict[tuple[str, tuple[object, ...]], str | None] = {}
    for name in {name for _, name, _ in found}:
        table = source.tables[name]
        births |= {(name, tuple(row[c] for c in table.key)): _born(table, row) for row in tables[name]}
    missing = object()
    return {
        (of, name, key): _by_key(memo)
        for (of, name, key), memo in found.items()
        if births.get((name, key), missing) in (None, memo.birth)
    }


def _born(table: Table, row: Values) -> str | None:
    return as_text(row[table.born.column]) if table.born else None


def _by_key(memo: Memo) -> Memo:
    """With each key as one text, as a sidecar writes it: a part of it may hold the separator too."""
    owners = {
        rule: Owners(frozenset(map(_key, of.certain)), frozenset(map(_key, of.candidates)), of.open)
        for rule, of in memo.owners.items()
    }
    return replace(memo, owners=owners)


def _key(person: Person) -> Person:
    if not isinstance(person, Remembered):
        return person
    return replace(person, refs=frozenset(map(_joined, person.refs)))


def _joined(ref: Ref) -> Ref:
    return replace(ref, key=(SEPARATOR.join(map(str, ref.key)),)) if isinstance(ref, KeyRef) else ref
