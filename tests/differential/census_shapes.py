"""Which constructs stand in what has no plain row and column: tables without a key, JSON documents, names of files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ombud.claims.documents import At, at
from ombud.claims.world import Values
from ombud.datamap.model import Blank, Cell, EachOwner, FromChildren, Latest, SourceMap, Table
from ombud.datamap.schema import Schema
from tests.differential.compared import weighed


def shapes_of_rules(source: SourceMap, table: Table, schema: Schema) -> Iterator[str]:
    """Of a table's rules: its cells in documents, what of it is told by rows without a key, and what such rows have."""
    columns = schema.tables[table.name].columns
    rules = [*table.owners, *(rule for kind in table.kinds for rule in kind.moments.values())]
    for rule in rules:
        if isinstance(rule, EachOwner | FromChildren | Latest) and not source.tables[rule.child].key:
            yield f"{type(rule).__name__}: of rows without a key"
    cells = [cell for kind in table.kinds for cell in kind.cells.values()]
    if not table.key:
        yield from ("without a key: owners" for _ in table.owners)
        yield from ("without a key: two kinds" for _ in table.kinds[1:])
        yield from ("without a key: a file" for cell in cells if cell.file)
        yield from ("without a key: a document" for cell in cells if cell.json)
    for cell in cells:
        if cell.json:
            yield f"document: {'JSON' if columns[cell.column].family == 'json' else 'text'}"
            yield f"document: {'a path in an object' if len(cell.json) > 1 else 'a key'}"
            yield f"document: {_becomes(cell)}"
            yield from ("document: of somebody else" for _ in cell.of)


def _becomes(cell: Cell) -> str:
    blank = cell.blank or Blank()
    if blank.remove:
        return "loses the key"
    return f"becomes {'null' if blank.value is None else type(blank.value).__name__}"


def shapes_of_rows(table: Table, rows: tuple[Values, ...]) -> Iterator[str]:
    """Of a table's rows: equal ones, what stands in documents, and files that several name."""
    if not table.key:
        many = Counter(tuple(sorted((c, repr(v)) for c, v in row.items())) for row in rows)
        yield from ("without a key: equal rows" for n in many.values() if n > 1)
    named: Counter[str] = Counter()
    for cell in (cell for kind in table.kinds for cell in kind.cells.values()):
        if cell.json:
            yield from (f"document: {_stands(cell, row[cell.column])}" for row in rows)
        if cell.file:
            named.update(row[cell.column] for row in rows if row[cell.column])
    yield from ("file: named by several rows" for n in named.values() if n > 1)


def _stands(cell: Cell, said: str | None) -> str:
    how, value = at(said, cell.json)
    if how is not At.THERE:
        return str(how)
    blank = (cell.blank or Blank()).value
    if isinstance(value, dict | list):
        return "a whole object or array"
    if blank is not None and weighed(value) == weighed(blank):
        return "the blank already"
    return "like the blank, of another type" if blank is not None and value == blank else "a value"
