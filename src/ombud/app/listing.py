"""Which rows of a table are due: their keys, for a person at the terminal. They stand in no plan file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from ombud.app.loaded import Loaded, Refused
from ombud.datamap.model import Table
from ombud.engine.sweep import Sweep
from ombud.policy.tree import guess
from ombud.sql.tables import cell_names
from ombud.terms import Finding, Place


@dataclass(frozen=True, slots=True)
class Wanted:
    """The tables, by source, whose due rows somebody wants to see, and how many of each at most."""

    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limit: int = 0


def wanted(loaded: Loaded, sources: Collection[str], names: Iterable[str], limit: int) -> Wanted:
    """The tables of these sources (none named: all) with these names: `crm.customer`, or `customer` where one has it.

    Raises Refused where a name fits no table, or several.
    """
    tables: dict[str, tuple[str, ...]] = {}
    chosen = {name: each for name, each in loaded.datamap.sources.items() if not sources or name in sources}
    known = {
        (source, name): table
        for source, each in chosen.items()
        for name, table in (*((table, table) for table in each.tables), *each.called.items())
    }
    for name in names:
        at, _, plain = name.replace("/", ".", 1).partition(".")
        found = {(s, table) for (s, t), table in known.items() if name == t or (s, t) == (at, plain)}
        if len(found) != 1:
            every = sorted(f"{source}.{table}" for source, table in known)
            some = (
                f"write one of {', '.join(f'{s}.{t}' for s, t in sorted(found))}"
                if found
                else guess(name, tuple(every))
            )
            message = "several tables have this name" if found else "there is no mapped table of this name"
            raise Refused(Finding("C062", Place("--rows"), message, some))
        ((source, table),) = found
        tables[source] = (*tables.get(source, ()), table)
    return Wanted(tables, limit)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A row's key, its parts as text joined by commas; whether it goes, or stays as a shell; which cells it loses."""

    key: str
    goes: bool
    shell: bool
    blanked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """The first rows in the order of their keys, and how many there are in all."""

    rows: tuple[DueRow, ...]
    total: int


def due_rows(sweep: Sweep, table: Table, limit: int) -> Listed:
    """What a sweep has just frozen of one table, inside the open transaction."""
    if not table.personal or not table.key:
        return Listed((), 0)
    due = sweep.freezer.due(table)
    keys = [due.c[f"k{n}"] for n in range(len(table.key))]
    names = cell_names(table)
    mine = due.c.plan == sweep.plan
    total = sweep.connection.execute(sa.select(sa.func.count()).select_from(due).where(mine)).scalar_one()
    chosen = sa.select(*keys, due.c.gone, due.c.pinned, *(due.c[f"c{n}"] for n, _ in enumerate(names)))
    rows = []
    for row in sweep.connection.execute(chosen.where(mine).order_by(*keys).limit(limit)):
        key, (gone, pinned, *flags) = row[: len(keys)], row[len(keys) :]
        goes = bool(gone) and not pinned
        blanked = () if goes else tuple(name for name, flag in zip(names, flags, strict=True) if flag)
        rows.append(DueRow(",".join(map(str, key)), goes, bool(pinned), blanked))
    return Listed(tuple(rows), int(total))
