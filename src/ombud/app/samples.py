"""What the first rows of a database say about its map: a path that leads to nothing, a time that says nothing.

What is wrong so deletes nothing, and so would be noticed by nobody. Values are looked at, and never told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ombud.app.loaded import Loaded, named_here
from ombud.app.sources import Opened
from ombud.app.uncovered import uncovered
from ombud.claims.calendar import moment_of
from ombud.claims.documents import At, at
from ombud.datamap.model import Cell, FromColumn, Table, TimeColumn
from ombud.terms import Finding, Level, NotYet, Place, Unknown

MOST = 1000
"""Rows of a table that are looked at, as the database gives them."""

FEW = 20
"""Of fewer rows, nothing that they all lack is told: the application may be new."""


def of_rows(loaded: Loaded, source: Opened) -> Iterator[Finding]:
    """What is doubtful in the first rows of each mapped table. Reads only."""
    for table in source.source.tables.values():
        cells = {cell.name: cell for kind in table.kinds for cell in kind.cells.values() if cell.json}
        times = list(dict.fromkeys(_times(table)))
        consents = _consents(table)
        said = [*(cell.column for cell in cells.values()), *(time.column for rule in times for time in rule)]
        said += [time.column for time in consents]
        columns = list(dict.fromkeys(said))
        if not table.personal or not columns:
            continue
        documents = {cell.column for cell in cells.values()}
        rows = _first(source, table.name, columns, documents)
        found = [*_paths(table, list(cells.values()), rows)]
        for rule in times:
            found += _silent(table, rule, rows)
        for time in dict.fromkeys((*consents, *(time for rule in times for time in rule))):
            found += _unreadable(table, time, rows, loaded.policy.zone, consents.get(time, ""))
        found += uncovered(loaded.policy, table, rows)
        yield from (named_here(loaded.project, finding, loaded.project.datamaps) for finding in found)


def of_consents(loaded: Loaded, source: Opened) -> Iterator[Finding]:
    """The same of consent columns alone: an error where nothing in one can be read, for then it is the map."""
    for table in source.source.tables.values():
        consents = _consents(table)
        rows = _first(source, table.name, [time.column for time in consents], set()) if consents else []
        for time, said in consents.items():
            read = [moment_of(row[time.column], time, loaded.policy.zone) for row in rows]
            none = all(isinstance(each, Unknown | NotYet) for each in read)
            for finding in _unreadable(table, time, rows, loaded.policy.zone, said):
                told = replace(finding, level=Level.ERROR) if none else finding
                yield named_here(loaded.project, told, loaded.project.datamaps)


def _times(table: Table) -> Iterator[tuple[TimeColumn, ...]]:
    """The columns of each moment that is read from columns, and of `born`."""
    if table.born is not None:
        yield (table.born,)
    for kind in table.kinds:
        for rule in kind.moments.values():
            if isinstance(rule, FromColumn):
                yield rule.columns


def _consents(table: Table) -> dict[TimeColumn, str]:
    """The columns of consent, each with what follows where it cannot be read (spec/claims.md §3)."""
    given, taken = defaultdict(list), defaultdict(list)
    for mark in table.marks:
        given[mark.consented].append(mark.purpose)
        if mark.withdrawn:
            taken[mark.withdrawn].append(mark.purpose)
    said = {column: f"there nobody has consented to {', '.join(purposes)}" for column, purposes in given.items()}
    return said | {column: f"there {', '.join(purposes)} counts as withdrawn" for column, purposes in taken.items()}


def _first(source: Opened, table: str, columns: Sequence[str], documents: set[str]) -> list[dict[str, Any]]:
    of = sa.table(table, *map(sa.column, columns), schema=source.schema.tables[table].schema or None)
    chosen = [sa.cast(c, sa.Text).label(c.name) if c.name in documents else c for c in of.c]
    with source.connection.begin():
        return [dict(row) for row in source.connection.execute(sa.select(*chosen).limit(MOST)).mappings()]


def _paths(table: Table, cells: Sequence[Cell], rows: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    for cell in cells:
        said = [row[cell.column] for row in rows if row[cell.column] not in (None, "")]
        there = [at(each, cell.json)[0] for each in said]
        if len(said) >= FEW and At.THERE not in there:
            path = ".".join(cell.json)
            message = f"none of the first {len(said)} documents in {table.name}.{cell.column} has anything at {path}"
            yield _warned("M416", cell.place, message, "see how the application spells the path; unsaid keys stay")


def _silent(table: Table, rule: Sequence[TimeColumn], rows: Sequence[dict[str, Any]]) -> list[Finding]:
    if len(rows) < FEW or not all(moment_of(row[t.column], t, "UTC") == NotYet() for row in rows for t in rule):
        return []
    columns = ", ".join(f"{table.name}.{time.column}" for time in rule)
    message = f"{columns} says nothing in any of the first {len(rows)} rows: what is kept from it is kept for ever"
    return [
        _warned("M417", table.place, message, "see whether another column says when; accept it if it is yet to come")
    ]


def _unreadable(
    table: Table, time: TimeColumn, rows: Sequence[dict[str, Any]], zone: str, consent: str
) -> Iterator[Finding]:
    doubtful = sum(isinstance(moment_of(row[time.column], time, zone), Unknown) for row in rows)
    if not doubtful:
        return
    where = f"in {doubtful} of the first {len(rows)} rows"
    message = f"{table.name}.{time.column} cannot be read as {time.encoding.value} {where}"
    hint = "see `times` in the map; a value that means `not yet` is `absent`"
    if consent:  # who cannot show consent has none (Art. 7(1))
        message, hint = f"{message}: {consent}, and what nothing else holds goes", f"before the next apply, {hint}"
    else:
        message = f"{message}: they stay, in doubt"
    yield _warned("M418", table.place, message, hint)


def _warned(code: str, place: Place, message: str, hint: str) -> Finding:
    return Finding(code, place, message, hint, Level.WARNING)
