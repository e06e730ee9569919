"""Files that cells name, read to go along with an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ombud.adapters.files import Directory
from ombud.app.loaded import Loaded
from ombud.app.stores import placed
from ombud.datamap.model import Table
from ombud.documents.extract import Datum


@dataclass
class Attached:
    """What was read so far, by the name it goes under: `SOURCE/STORE/PATH`. `unread`: stores that cannot be read."""

    loaded: Loaded
    found: dict[str, bytes] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    _folders: Mapping[tuple[str, str], Path] | None = None

    def attached(self, source: str, table: Table, data: tuple[Datum, ...]) -> tuple[Datum, ...]:
        """Each datum of a row with the name of its file, where it names one that is there."""
        if not any(cell.file for kind in table.kinds for cell in kind.cells.values()):
            return data
        return tuple(self._attach(source, table, datum) for datum in data)

    def _attach(self, source: str, table: Table, datum: Datum) -> Datum:
        stores = {each.file for kind in table.kinds if (each := kind.cells.get(datum.name)) and each.file}
        if not stores or not isinstance(datum.value, str) or not datum.value:
            return datum
        for store in sorted(stores):
            name = f"{source}/{store}/{datum.value}"
            if name in self.found or self._read(source, store, datum.value, name):
                return replace(datum, file=name)
        return datum

    def _read(self, source: str, store: str, path: str, name: str) -> bool:
        if self._folders is None:
            known, _ = placed(self.loaded.project, self.loaded.around.environ)
            self._folders = {(each.source, each.store): each.folder for each in known}
        folder = self._folders.get((source, store))
        try:
            data = Directory(folder).read(path) if folder else None
        except OSError:
            folder = data = None
        if folder is None:
            self.unread.add(f"{source}/{store}")
        if data is not None:
            self.found[name] = data
        return data is not None
