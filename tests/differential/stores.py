"""Files that go after a sweep: the engine empties its outbox into a store that writes down what it is told."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.claims.files import File
from ombud.datamap.model import SourceMap
from ombud.engine.files import Fate, clear_outbox
from ombud.engine.sweep import Sweep


class Written:
    """A store in which every file is, and which keeps the names of those it is told to remove."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def identity(self) -> str:
        return "here"

    def remove(self, path: str, begun_in: str) -> Fate:
        self.paths.append(path)
        return Fate.REMOVED


def cleared(sweep: Sweep) -> frozenset[File]:
    """What the engine removes once its outbox is cleared. Commits."""
    stores = {name: Written() for name in stores_of(sweep.source)}
    clear_outbox(sweep, stores, lambda _: None)
    return frozenset((sweep.source.source, name, path) for name, store in stores.items() for path in store.paths)


def has_files(source: SourceMap) -> bool:
    return any(stores_of(source))


def stores_of(source: SourceMap) -> Iterator[str]:
    cells = (cell for table in source.tables.values() for kind in table.kinds for cell in kind.cells.values())
    return (cell.file for cell in cells if cell.file is not None)
