"""What DuckDB's references allow: no circles, no action, no change of an indexed column of a row that is referred to.

What it refuses it refuses to an application too, so neither rows nor edits are drawn that need it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ombud.datamap.model import Gone, SourceMap, Table
from ombud.datamap.schema import Reference, Schema
from tests.differential.edits import Edit, Update
from tests.differential.references import AUDIT


def held(schema: Schema, source: SourceMap) -> Schema:
    """The schema with the references that can be declared, and that stand in no way of what the map asks for."""
    kept: list[Reference] = []
    for reference in schema.references:
        child = source.tables.get(reference.table)
        lets_go = child is not None and any(
            link.gone is Gone.UNLINK and set(link.columns) & set(reference.columns) for link in child.links.values()
        )
        if not lets_go and reference.to not in (reference.table, *_above(reference.table, reference.to, kept)):
            kept.append(replace(reference, on_delete="NO ACTION"))

    def blocks(r: Reference) -> bool:
        return r.to in source.tables and bool(_writes(source.tables[r.to]) & _indexed(schema, r.to, kept))

    while blocking := next(filter(blocks, kept), None):
        kept.remove(blocking)
    told = {name: t for name, t in schema.tables.items() if name != AUDIT or any(r.table == AUDIT for r in kept)}
    return replace(schema, tables=told, references=tuple(kept))


def _above(table: str, start: str, kept: Iterable[Reference]) -> Iterator[str]:
    """`start` again, if it leads back to `table`."""
    reached, last = {start}, {start}
    while last:
        last = {r.to for r in kept if r.table in last} - reached
        reached |= last
    if table in reached:
        yield start


def _writes(table: Table) -> set[str]:
    """The columns that a sweep may change in a row that stays."""
    cells = [cell for kind in table.kinds for cell in kind.cells.values()]
    let_go = [link for link in table.links.values() if link.gone is Gone.UNLINK]
    return {c.column for c in cells} | {t for c in cells for t in c.then} | {c for x in let_go for c in x.columns}


def _indexed(schema: Schema, table: str, kept: Iterable[Reference]) -> set[str]:
    live = schema.tables[table]
    unique = {column.name for column in live.columns.values() if column.unique}
    return {*unique, *live.key} | {c for r in kept if r.table == table for c in r.columns}


def let_through(edits: Iterable[Edit], schemas: Mapping[str, Schema]) -> Iterator[Edit]:
    """Those that DuckDB does not refuse, whatever refers to the row."""
    for edit in edits:
        schema = schemas[edit.source]
        referred = any(r.to == edit.table for r in schema.references)
        indexed = _indexed(schema, edit.table, schema.references)
        if not isinstance(edit, Update) or not (referred and edit.values.keys() & indexed):
            yield edit
