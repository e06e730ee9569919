"""What a map may say and an engine cannot do: it refuses, for half of it would be a wrong deletion."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.datamap.keyless import needs_key
from ombud.datamap.model import Gone, Latest, SourceMap, Table
from ombud.datamap.schema import ColumnType, Schema
from ombud.sql.dialect import Dialect


def unserved(source: SourceMap, schema: Schema, dialect: Dialect) -> Iterator[str]:
    """Each thing of the map, in words, that cannot be done with this schema on this engine."""
    for table in source.tables.values():
        yield from (what for what, _ in needs_key(source, table))
        if not table.key and table.personal and not dialect.numbers_rows:
            yield f"{table.name}: {dialect.title} names no row of a table without a key"
        live = schema.tables.get(table.name)
        if live and not live.atomic and live.triggers and table.personal:
            yield f"{table.name}: a trigger may stop half a batch, and the other half cannot be undone"
        yield from _cells(table, dialect)
        yield from _let_go(table, schema, dialect)
        yield from _compared(table, schema, dialect)
        yield from _ordered(table, schema, dialect)


def _cells(table: Table, dialect: Dialect) -> Iterator[str]:
    cells = (cell for kind in table.kinds for cell in kind.cells.values())
    for cell in cells:
        if cell.json and not dialect.documents:
            yield f"{table.name}.{cell.column}: what is inside JSON is not read on {dialect.title} yet"
        elif not dialect.quotes_in_paths and any('"' in name for name in cell.json):
            yield f"{table.name}.{cell.column}: SQLite cannot name a JSON key that has a quotation mark"


def _let_go(table: Table, schema: Schema, dialect: Dialect) -> Iterator[str]:
    """A declared reference that a row which stays is to lose, in the transaction that deletes what it refers to."""
    for link in table.links.values() if table.personal and not dialect.lets_go else ():
        if link.gone is Gone.UNLINK and any(
            (r.table, r.to) == (table.name, link.to) and set(r.columns) == set(link.columns) for r in schema.references
        ):
            yield (
                f"{table.name}.{link.name}: {dialect.title} keeps a row to which a FOREIGN KEY led as the transaction "
                "began, also once it is unlinked; say `gone: shell`, or make the table without the FOREIGN KEY"
            )


def _compared(table: Table, schema: Schema, dialect: Dialect) -> Iterator[str]:
    """A link between two types: each text would be read as the other, and the first that is none fail."""
    own = schema.tables.get(table.name)
    for link in table.links.values() if own else ():
        to = schema.tables.get(link.to)
        for one, other in zip(link.columns, link.target, strict=False):
            mine, theirs = own and own.columns.get(one), to and to.columns.get(other)
            if mine and theirs and not _compares(mine, theirs, dialect):
                yield (
                    f"{table.name}.{link.name}: {one} is {mine.declared} and {link.to}.{other} is {theirs.declared}, "
                    f"which {dialect.title} does not compare"
                )


def _compares(mine: ColumnType, theirs: ColumnType, dialect: Dialect) -> bool:
    if (mine.family == "text") == (theirs.family == "text"):
        return True
    families = {mine.family, theirs.family}
    if dialect.typed is None and not dialect.native_times:  # where a column may hold anything, dates are texts
        return "number" not in families
    if "other" in families and dialect.name != "duckdb":  # a domain may be a text; what is none fails as a whole
        return True
    return "integer" in families or "UUID" in (mine.declared.upper(), theirs.declared.upper())


def _ordered(table: Table, schema: Schema, dialect: Dialect) -> Iterator[str]:
    """A `latest` by what is in another order, or cannot be told apart, once it is written down."""
    for rule in dict.fromkeys(r for kind in table.kinds for r in kind.moments.values() if isinstance(r, Latest)):
        child = schema.tables.get(rule.child)
        order = child and child.columns.get(rule.order)
        if order and order.family in ("integer", "number", "other") and not dialect.counts(order.declared):
            yield f"{rule.child}.{rule.order}: {dialect.title} cannot put every {order.declared} in order exactly"
