"""Which columns a map speaks of, table by table."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.datamap.model import ByIdentifier, CompanyColumn, FromColumn, RecipientColumn, SourceMap, Table, TimeColumn
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
    found |= set(_recipients(source, name))
    for kind in table.kinds:
        for cell in kind.cells.values():
            found |= {cell.column, *cell.then}
            found |= {rule.column for rule in cell.of if isinstance(rule, ByIdentifier)}
    for subject in source.subjects.values():
        found |= {each.column for each in subject.identifiers if (each.child or subject.table) == name}
        for flag in subject.protected:
            if (flag.child or subject.table) == name:
                found |= {flag.column, *(test.column for test in flag.where if test.link is None)}
    return frozenset(found)


def _recipients(source: SourceMap, name: str) -> Iterator[str]:
    """Columns of a table left alone by which others know a recipient, or its name."""
    for table in source.tables.values():
        if table.disclosed is None or source.tables[name].personal:
            continue
        to = table.disclosed.to
        for at in (to.at if isinstance(to, RecipientColumn) else None, table.disclosed.name):
            link = table.links.get(at.link) if at is not None and at.link is not None else None
            if at is not None and link is not None and link.to == name:
                yield at.column


def told_columns(table: Table) -> tuple[str, ...]:
    """What an answer to its person tells of a row: its cells by name, then when it was, and of which company."""
    cells = dict.fromkeys(name for kind in table.kinds for name in kind.cells)
    return (*cells, *context_columns(table))


def context_columns(table: Table) -> tuple[str, ...]:
    """The columns that hold no datum, and say when a row was, and of which company it is."""
    held = {cell.column for kind in table.kinds for cell in kind.cells.values()}
    columns = [each.column for each in time_columns(table)]
    if isinstance(table.company, CompanyColumn):
        columns.append(table.company.column)
    return tuple(column for column in dict.fromkeys(columns) if column not in held)


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
    if table.disclosed and table.disclosed.day:
        yield table.disclosed.day
    for mark in table.marks:
        yield from (each for each in (mark.consented, mark.withdrawn) if each)
    for kind in table.kinds:
        for moment in kind.moments.values():
            if isinstance(moment, FromColumn):
                yield from moment.columns
