"""Which columns a map speaks of, table by table."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.datamap.model import ByIdentifier, FromColumn, SourceMap, Table, TimeColumn
from ombud.datamap.rules import rule_columns


def known_columns(source: SourceMap, name: str) -> frozenset[str]:
    """Every column of a mapped table that the map names, patterns of `not_personal` aside."""
    table = source.tables[name]
    found = set(rule_columns(source)[name]) | set(table.key)
    found |= {column for link in table.links.values() for column in link.columns}
    found |= {match.column for match in table.matches.values()}
    found |= {column.column for column in time_columns(table)}
    found |= {rule.column for rule in (*table.owners, *table.mentions) if isinstance(rule, ByIdentifier)}
    found |= {each for each in table.not_personal if not set(each) & set("*?[")}
    for kind in table.kinds:
        for cell in kind.cells.values():
            found |= {cell.column, *cell.then}
            found |= {rule.column for rule in cell.of if isinstance(rule, ByIdentifier)}
    for subject in source.subjects.values():
        found |= {each.column for each in subject.identifiers if (each.child or subject.table) == name}
    return frozenset(found)


def key_values(table: Table) -> tuple[str, str] | None:
    """The columns of the key and of the value, where a table is one of keys and values."""
    for kind in table.kinds:
        cell, tests = kind.cells.get(kind.name), kind.when
        if cell is not None and tests and tests[0].link is None and tests[0].values == (kind.name,):
            return tests[0].column, cell.column
    return None


def time_columns(table: Table) -> Iterator[TimeColumn]:
    """Every column of a table that is read as a day."""
    if table.born:
        yield table.born
    for mark in table.marks:
        yield from (each for each in (mark.consented, mark.withdrawn) if each)
    for kind in table.kinds:
        for moment in kind.moments.values():
            if isinstance(moment, FromColumn):
                yield from moment.columns
