"""Which files go: those that a cell names that goes, and no cell that stays (spec/claims.md §5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ombud.claims.read import Reading, Row, is_empty, kind_of, value_of
from ombud.claims.world import RowId, as_text
from ombud.datamap.model import Cell
from ombud.terms import Outcome, Verdict

File = tuple[str, str, str]
"""Source, store, path."""


def removed(look: Reading, judged: Mapping[RowId, Verdict]) -> frozenset[File]:
    """The files that a sweep removes which carries out these verdicts."""
    goes: set[File] = set()
    stays: set[File] = set()
    for row in look.every_row():
        for cell, file in _named(look, row):
            (goes if _goes(judged, row, cell) else stays).add(file)
    return frozenset(goes - stays)


def _named(look: Reading, row: Row) -> Iterator[tuple[Cell, File]]:
    """Every file that a cell of the row names; where its kind is in doubt, that any kind's cell would."""
    kind = kind_of(look, row)
    for each in row.table.kinds if kind is None else (kind,):
        for cell in each.cells.values():
            if cell.file is not None and not is_empty(cell, row):
                yield cell, (row.source, cell.file, as_text(value_of(cell, row)))


def _goes(judged: Mapping[RowId, Verdict], row: Row, cell: Cell) -> bool:
    verdict = judged[row.id]
    return verdict.outcome is Outcome.DELETE or cell.name in verdict.blank
