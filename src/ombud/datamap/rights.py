"""What ombud's user of a database may not do there: told from the catalogue, before a plan or an apply meets it."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.datamap.columns import known_columns
from ombud.datamap.model import Gone, SourceMap, Table
from ombud.datamap.schema import Schema, TableSchema
from ombud.terms import Finding, Level, Place

FEW = 5
"""How many tables are named of those that the user may not change."""

LIST = "docs/reference/cli.md lists all that is needed"


def lacking(source: SourceMap, schema: Schema) -> Iterator[Finding]:
    """M424: what has to be read and may not be. M423: what an apply would have to change, in one line."""
    there = {name: schema.tables[name] for name in source.tables if name in schema.tables}
    for name, live in there.items():
        known = known_columns(source, name)
        yield from _unread(live, tuple(c for c in live.unread if c in known), source.tables[name].place, "")
    for reference in schema.references:
        to, other = source.tables.get(reference.to), schema.tables.get(reference.table)
        if to is not None and to.personal and other is not None and other.name not in source.tables:
            columns = tuple(c for c in reference.columns if c in other.unread)
            yield from _unread(other, columns, to.place, f", which refers to {to.name}")
    lack = {
        right: [name for name, live in there.items() if right in _rights(source, source.tables[name], live)]
        for right in ("UPDATE", "DELETE")
    }
    if any(lack.values()):
        what = "; ".join(f"{right} on {_some(names)}" for right, names in lack.items() if names)
        message = f"the user may plan and not apply: it lacks {what}"
        place = Place(next(iter(source.tables.values())).place.file)
        yield Finding("M423", place, message, f"grant it to the user that applies: {LIST}", Level.WARNING)


def _unread(live: TableSchema, columns: tuple[str, ...], place: Place, why: str) -> Iterator[Finding]:
    if columns:
        what = f"{live.name}" if len(live.unread) == len(live.columns) else f"{live.name}.{', '.join(columns)}"
        hint = f"GRANT SELECT ON {live.name} TO role; {LIST}"
        yield Finding("M424", place, f"the user may not read {what}{why}", hint)


def _rights(source: SourceMap, table: Table, live: TableSchema) -> Iterator[str]:
    """Of the rights that an apply needs on a table, those that are lacking."""
    cells = {cell.column for kind in table.kinds for cell in kind.cells.values()}
    cells |= {column for link in table.links.values() if link.gone is Gone.UNLINK for column in link.columns}
    # A row that others are judged by is locked, and for that one column is enough.
    pointed_at = any(link.to == table.name for other in source.tables.values() for link in other.links.values())
    none = bool(live.unchanged) and len(live.unchanged) == len(live.columns)
    if cells & set(live.unchanged) if table.personal else none and pointed_at:
        yield "UPDATE"
    if table.personal and live.undeleted:
        yield "DELETE"


def _some(names: list[str]) -> str:
    return ", ".join(names[:FEW]) + (f" and {len(names) - FEW} more" if len(names) > FEW else "")
