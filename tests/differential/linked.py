"""Maps whose rows name people by links alone, so that a sweep finds no more people than its rows call for."""

from __future__ import annotations

from dataclasses import replace

from ombud.datamap.model import ByIdentifier, Imported, Kind, MomentRule, OwnerRule, SourceMap, Table, Through


def linked(source: SourceMap) -> SourceMap:
    """The same map without owners, moments and mentions that go by an identifier in the row, or by another source."""
    return replace(source, tables={name: _table(table) for name, table in source.tables.items()})


def _table(table: Table) -> Table:
    kinds = tuple(_kind(table, kind) for kind in table.kinds)
    return replace(table, kinds=kinds, owners=_owners(table.owners), mentions=(), matches={})


def _kind(table: Table, kind: Kind) -> Kind:
    def goes_by_link(rule: MomentRule) -> bool:
        return not isinstance(rule, Imported) and not (isinstance(rule, Through) and rule.link in table.matches)

    cells = {name: replace(cell, of=_owners(cell.of)) for name, cell in kind.cells.items()}
    moments = {name: rule for name, rule in kind.moments.items() if goes_by_link(rule)}
    return replace(kind, cells=cells, moments=moments)


def _owners(rules: tuple[OwnerRule, ...]) -> tuple[OwnerRule, ...]:
    return tuple(rule for rule in rules if not isinstance(rule, ByIdentifier))
