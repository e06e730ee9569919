"""What a sweep leaves without judging it: it stays, and whoever reads that nothing is due has to know."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.app import words
from ombud.app.loaded import Loaded, named_here
from ombud.app.sources import Opened
from ombud.engine.documents import unread
from ombud.engine.sweep import Sweep
from ombud.engine.unnamed import unnamed
from ombud.terms import Finding, Level


def unread_documents(loaded: Loaded, source: Opened, sweep: Sweep) -> Iterator[Finding]:
    """Documents that cannot be read: what is in them stays as long as their rows."""
    with source.connection.begin():
        counts = unread(sweep)
    hint = "see what they are: the map's paths lead through objects alone"
    for (table, column), number in counts.items():
        cells = (cell for kind in source.source.tables[table].kinds for cell in kind.cells.values())
        place = next(cell.place for cell in cells if cell.json and cell.column == column)
        keeps = "keeps its cells" if number == 1 else "keep their cells"
        message = f"{source.name}.{table}.{column}: {words.count(number, 'document')} cannot be read and {keeps}"
        finding = Finding("C056", place, message, hint, Level.WARNING)
        yield named_here(loaded.project, finding, loaded.project.datamaps)


def unnamed_rows(loaded: Loaded, source: Opened, sweep: Sweep) -> Iterator[Finding]:
    """Rows whose key is NULL."""
    with source.connection.begin():
        counts = unnamed(sweep)
    for table, number in counts.items():
        key = ", ".join(source.source.tables[table].key)
        rows, they = words.count(number, "row"), "stays" if number == 1 else "stay"
        message = f"{source.name}.{table}: {rows} without a key ({key} is NULL) cannot be judged, and {they}"
        hint = "give each a key, then plan again"
        yield Finding("C067", loaded.project.sources[source.name].place, message, hint, Level.WARNING)
