"""Dead rows of several tables that hold on to one another, so that none can go before another (spec/claims.md §5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Set

from ombud.claims.read import Reading, Row, find
from ombud.datamap.model import Link, Table
from ombud.datamap.schema import Schema


def in_circles(look: Reading, staying: Set[Row]) -> set[Row]:
    """Of the rows that would go, those that are left when whatever nobody leans on has gone, again and again."""
    left = {row for row in look.every_row() if row not in staying}
    leaning: dict[Row, set[Row]] = defaultdict(set)
    for row in left:
        for other in _held_by(look, row):
            leaning[other].add(row)
    while free := {row for row in left if not leaning[row] & left}:
        left -= free
    return left


def _held_by(look: Reading, row: Row) -> Iterator[Row]:
    """The rows of other tables to which this one holds on until it goes."""
    schema = look.world.schemas.get(row.source)
    for link in row.table.links.values() if schema is not None and row.table.key else ():
        if link.to != row.table.name and schema is not None and _holds_on(schema, row.table, link):
            found = find(look, row, link)
            if isinstance(found, Row):
                yield found


def _holds_on(schema: Schema, table: Table, link: Link) -> bool:
    """The database itself holds this reference, and it can be set to nothing neither by NULL nor by `absent`."""
    declared = any(
        each.table == table.name and each.to == link.to and set(each.columns) == set(link.columns)
        for each in schema.references
    )
    columns = [schema.tables[table.name].columns[name] for name in link.columns]
    return declared and (bool(set(link.columns) & set(table.key)) or any(c.holds_against(link.lost) for c in columns))
