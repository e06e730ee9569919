"""JSON documents: every cell has a place of its own."""

from __future__ import annotations

from itertools import combinations

from ombud.datamap.check.checked import Checked
from ombud.datamap.model import Cell, Table


def check_documents(table: Table, checked: Checked) -> None:
    """Findings: a cell inside another, and a `then` that writes over a document that has cells."""
    for kind in table.kinds:
        cells = tuple(kind.cells.values())
        for one, other in combinations(cells, 2):
            outer, inner = sorted((one, other), key=lambda cell: len(cell.json))
            if _is_inside(inner, outer):
                message = f"{inner.name} lies inside {outer.name}, and both are cells"
                checked.findings.add("M090", inner.place, message, "map the outer one, or the values in it")
        documents = {cell.column for cell in cells if cell.json}
        for cell in cells:
            for column in sorted(documents & cell.then.keys()):
                message = f"`then` would write over {column}, whose values are cells"
                checked.findings.add("M090", cell.place, message, "set another column")


def _is_inside(inner: Cell, outer: Cell) -> bool:
    """Of two cells of one kind, whose names differ."""
    return inner.column == outer.column and bool(inner.json) and inner.json[: len(outer.json)] == outer.json
