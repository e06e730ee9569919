"""Where a person's data may stand and is not looked for, as the map has it: what "nothing is held" leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ombud.datamap.model import DataMap, Table


@dataclass(frozen=True, slots=True)
class Unsearched:
    """Columns of a table in which nobody is looked for, and why not."""

    source: str
    table: str
    columns: tuple[str, ...]
    why: str


NOBODYS = "the map says that its rows are about nobody, so neither a request nor a mark reaches them"
MENTIONS = "whom they mention does not own them"


def unsearched(datamap: DataMap) -> tuple[Unsearched, ...]:
    """Every such place, of all sources."""
    return tuple(
        each for name, source in datamap.sources.items() for t in source.tables.values() for each in _of(name, t)
    )


def _of(source: str, table: Table) -> Iterator[Unsearched]:
    if not table.personal:
        return
    cells = {cell.name: cell for kind in table.kinds for cell in kind.cells.values()}
    if not table.owners and (alone := tuple(name for name, cell in cells.items() if not cell.of)):
        yield Unsearched(source, table.name, alone, NOBODYS)
    if table.mentions:
        yield Unsearched(source, table.name, tuple(rule.column for rule in table.mentions), MENTIONS)
