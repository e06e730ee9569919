"""Values that a file writes take the type of the column they are compared with: `1` is a text in a text column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ombud.datamap.model import (
    ByIdentifier,
    Cell,
    CompanyColumn,
    FromChildren,
    IdentifierColumn,
    Kind,
    Latest,
    Link,
    MomentRule,
    OwnerRule,
    ProtectedColumn,
    SourceMap,
    Subject,
    Table,
    Test,
    Where,
)
from ombud.datamap.schema import Schema


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _as_integer(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() and value.isascii() else value


TAKES: Mapping[str, Callable[[Any], Any]] = {"text": _as_text, "integer": _as_integer, "number": _as_integer}
"""How a value is read for a family of columns; others take it as it is."""


def typed(source: SourceMap, schema: Schema) -> SourceMap:
    """The same map, its tests' and companies' values typed by the live columns."""
    tables = {name: _table(table, source, schema) for name, table in source.tables.items()}
    subjects = {name: _subject(each, source, schema) for name, each in source.subjects.items()}
    return replace(source, tables=tables, subjects=subjects)


def _table(table: Table, source: SourceMap, schema: Schema) -> Table:
    company = table.company
    if isinstance(company, CompanyColumn):
        take = _taking(table.name, company.column, schema)
        company = replace(company, values={take(value): name for value, name in company.values.items()})
    links = {name: _link(link, table, schema) for name, link in table.links.items()}
    owners = tuple(_owner(rule, table, schema) for rule in table.owners)
    kinds = tuple(_kind(kind, table, source, schema) for kind in table.kinds)
    return replace(table, company=company, links=links, owners=owners, kinds=kinds)


def _link(link: Link, table: Table, schema: Schema) -> Link:
    take = _taking(table.name, link.columns[0], schema) if link.absent else _same
    return replace(link, when=_where(link.when, table, schema), absent=tuple(map(take, link.absent)))


def _owner(rule: OwnerRule, table: Table, schema: Schema) -> OwnerRule:
    return replace(rule, when=_where(rule.when, table, schema)) if isinstance(rule, ByIdentifier) else rule


def _kind(kind: Kind, table: Table, source: SourceMap, schema: Schema) -> Kind:
    moments = {name: _moment(rule, source, schema) for name, rule in kind.moments.items()}
    cells = {name: _cell(cell, table, schema) for name, cell in kind.cells.items()}
    return replace(kind, when=_where(kind.when, table, schema), moments=moments, cells=cells)


def _cell(cell: Cell, table: Table, schema: Schema) -> Cell:
    return replace(cell, of=tuple(_owner(rule, table, schema) for rule in cell.of)) if cell.of else cell


def _moment(rule: MomentRule, source: SourceMap, schema: Schema) -> MomentRule:
    match rule:
        case FromChildren():
            return replace(rule, where=_where(rule.where, source.tables[rule.child], schema))
        case Latest():
            return replace(rule, when=_where(rule.when, source.tables[rule.child], schema))
        case _:
            return rule


def _subject(subject: Subject, source: SourceMap, schema: Schema) -> Subject:
    def column(each: IdentifierColumn) -> IdentifierColumn:
        return replace(each, where=_where(each.where, source.tables[each.child or subject.table], schema))

    def flag(each: ProtectedColumn) -> ProtectedColumn:
        table = source.tables[each.child or subject.table]
        take = _taking(table.name, each.column, schema)
        return replace(each, where=_where(each.where, table, schema), unless=tuple(map(take, each.unless)))

    identifiers = tuple(column(each) for each in subject.identifiers)
    return replace(subject, identifiers=identifiers, protected=tuple(flag(each) for each in subject.protected))


def _where(where: Where, table: Table, schema: Schema) -> Where:
    return tuple(_test(test, table, schema) for test in where)


def _test(test: Test, table: Table, schema: Schema) -> Test:
    name = table.links[test.link].to if test.link is not None else table.name
    take = _taking(name, test.column, schema)
    return replace(test, values=tuple(take(value) for value in test.values))


def _taking(table: str, column: str, schema: Schema) -> Callable[[Any], Any]:
    live = schema.tables.get(table)
    there = live.columns.get(column) if live else None
    return TAKES.get(there.family, _same) if there else _same


def _same(value: Any) -> Any:
    return value
