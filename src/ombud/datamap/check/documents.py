"""JSON documents: every cell has a place of its own, and nobody is looked for in one."""

from __future__ import annotations

from itertools import combinations

from ombud.datamap.check.checked import Checked
from ombud.datamap.model import ByIdentifier, Cell, Table


def check_documents(table: Table, checked: Checked) -> None:
    """Findings: a cell inside another, a `then` over a document that has cells, and an identifier inside one."""
    inside = {cell.name for kind in table.kinds for cell in kind.cells.values() if cell.json}
    read = [rule.column for rule in (*table.owner_rules, *table.mentions) if isinstance(rule, ByIdentifier)]
    read += [match.column for match in table.matches.values()]
    for subject in checked.source.subjects.values():
        read += [each.column for each in subject.identifiers if (each.child or subject.table) == table.name]
    for column in dict.fromkeys(each for each in read if each in inside):
        message = f"{table.name} is to say by {column} whom it is about, and that stands inside a document"
        checked.findings.add("M094", table.place, message, "name a column of its own; ombud finds nobody in a document")
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
