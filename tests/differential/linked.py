"""Maps of which rows alone tell more: whose rows name people by links alone, or are judged by rows of theirs alone."""

from __future__ import annotations

from dataclasses import replace

from ombud.datamap.model import ByIdentifier, Imported, Kind, MomentRule, OwnerRule, SourceMap, Table, Through


def linked(source: SourceMap) -> SourceMap:
    """The same map without owners, moments and mentions that go by an identifier in the row, or by another source."""
    return replace(source, tables={name: _table(table) for name, table in source.tables.items()})


def judged_by_rows(source: SourceMap) -> SourceMap:
    """The same map without moments that go by an identifier in the row."""
    return replace(source, tables={name: _by_rows(table, Through) for name, table in source.tables.items()})


def _table(table: Table) -> Table:
    kinds = tuple(_kind(kind) for kind in _by_rows(table, Through, Imported).kinds)
    return replace(table, kinds=kinds, owners=_owners(table.owners), mentions=(), matches={})


def _by_rows(table: Table, *left_out: type[Through] | type[Imported]) -> Table:
    def is_left_out(rule: MomentRule) -> bool:
        return isinstance(rule, left_out) and not (isinstance(rule, Through) and rule.link in table.links)

    def judged(kind: Kind) -> Kind:
        return replace(kind, moments={name: rule for name, rule in kind.moments.items() if not is_left_out(rule)})

    return replace(table, kinds=tuple(map(judged, table.kinds)), matches={})


def _kind(kind: Kind) -> Kind:
    return replace(kind, cells={name: replace(cell, of=_owners(cell.of)) for name, cell in kind.cells.items()})


def _owners(rules: tuple[OwnerRule, ...]) -> tuple[OwnerRule, ...]:
    return tuple(rule for rule in rules if not isinstance(rule, ByIdentifier))
