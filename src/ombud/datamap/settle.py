"""What an erased cell will hold, where the map leaves it to the column's type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ombud.datamap.model import Blank, Cell, Kind, SourceMap, Table
from ombud.datamap.schema import ColumnType, Schema
from ombud.datamap.typed import typed
from ombud.terms import Finding

ERASED = "erased-"
"""What stands before the row's key where an erased text must stay unique."""

PLAIN: Mapping[str, Blank] = {
    "text": Blank(""),
    "integer": Blank(0),
    "number": Blank(0),
    "boolean": Blank(False),
    "json": Blank("{}"),
    "binary": Blank(b""),
}
"""By family, what a NOT NULL column takes; days and instants have no harmless value, so the file must say one."""

UNIQUE: Mapping[str, Blank] = {"text": Blank(ERASED, per_key=True)}
"""The same where no two rows may hold equal values. With others, a number may still be 0: the probe tells."""


def settle(source: SourceMap, schema: Schema) -> tuple[SourceMap, tuple[Finding, ...]]:
    """The map with values typed and each `Cell.blank` filled by the live columns, and what cannot be erased.

    A cell whose column is missing or has no harmless value keeps `blank` None, with a finding: nothing may run then.
    """
    findings: list[Finding] = []
    source = typed(source, schema)
    tables = {name: _settle_table(table, schema, findings) for name, table in source.tables.items()}
    return replace(source, tables=tables), tuple(findings)


def _settle_table(table: Table, schema: Schema, findings: list[Finding]) -> Table:
    live = schema.tables.get(table.name)
    columns = live.columns if live else {}

    def settled(kind: Kind) -> Kind:
        cells = {
            name: _settle_cell(table, cell, columns.get(cell.column), findings) for name, cell in kind.cells.items()
        }
        return replace(kind, cells=cells)

    return replace(table, kinds=tuple(settled(kind) for kind in table.kinds))


def _settle_cell(table: Table, cell: Cell, column: ColumnType | None, findings: list[Finding]) -> Cell:
    if column is None:
        return cell  # `compare` tells it
    if column.generated:
        message = f"{table.name}.{cell.column} {column.held}, so nothing can be written over it"
        hint = "map the columns that it is made of, and say that it is not personal: `not_personal: [{}]`"
        findings.append(Finding("M420", cell.place, message, hint.format(cell.column)))
        return cell
    if cell.blank is not None:
        findings.extend(_refused(table, cell, cell.blank, column))
        return cell
    if cell.json or (not column.held or _left_to_the_probe(column)):
        return replace(cell, blank=Blank(None))
    harmless = UNIQUE if column.unique else {**PLAIN, **UNIQUE} if column.in_unique else PLAIN
    blank = harmless.get(column.family)
    if blank is None:
        what = f"{'unique ' if column.unique else ''}{column.family}"
        findings.append(
            Finding(
                "M420",
                cell.place,
                f"{table.name}.{cell.column} {column.held} and {what}: no value says that it was erased",
                "say what to write: `erase: {to: …}`",
            )
        )
        return cell
    return replace(cell, blank=blank)


def _left_to_the_probe(column: ColumnType) -> bool:
    """NULL is one value there together with others, and 0 would be no better."""
    return column.nullable and not column.unique and column.family != "text"


def _refused(table: Table, cell: Cell, blank: Blank, column: ColumnType) -> list[Finding]:
    """What the database would refuse of a blank that the file states."""
    if cell.json:
        return []
    where = f"{table.name}.{cell.column}"
    if blank.value is None and not blank.per_key and not column.nullable:
        return [Finding("M421", cell.place, f"{where} is NOT NULL, so `erase: null` fails", "say `erase: {to: …}`")]
    if column.unique and not blank.per_key and (blank.value is not None or column.null_once):
        return [Finding("M422", cell.place, f"{where} is unique, so one value for all fails", "say `erase: unique`")]
    return []
