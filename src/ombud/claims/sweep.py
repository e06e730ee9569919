"""A sweep: the world after the verdicts, with what was judged by what went (spec/claims.md §5 and §6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from ombud.claims import documents
from ombud.claims.learning import learned
from ombud.claims.marks import said_in
from ombud.claims.memory import memo_after
from ombud.claims.read import Digest, Reading, Row, blank_of, kind_of
from ombud.claims.theirs import theirs
from ombud.claims.verdict import verdicts
from ombud.claims.world import RowId, Values, World
from ombud.datamap.model import Cell, DataMap
from ombud.policy.model import Policy
from ombud.terms import Mark, Outcome, Ref, Verdict


def sweep(
    policy: Policy, datamap: DataMap, world: World, marks: Iterable[Mark], today: date, digest: Digest
) -> tuple[World, Mapping[RowId, Verdict]]:
    """The world after this day's verdicts are executed, and the verdicts."""
    return swept(Reading(policy, datamap, world, marks, today, digest))


def swept(look: Reading, persons: frozenset[Ref] | None = None) -> tuple[World, Mapping[RowId, Verdict]]:
    """The same, of what is looked at; of the rows of some persons alone, if they are named."""
    look = learned(look)
    world, judged = look.world, verdicts(look, None if persons is None else theirs(look, persons))
    gone = frozenset(row for row in look.every_row() if judged[row.id].outcome is Outcome.DELETE)
    tables = {source: dict(tables) for source, tables in world.tables.items()}
    for (source, name), rows in look.rows.items():
        tables.setdefault(source, {})[name] = tuple(
            _after(look, row, judged[row.id]) for row in rows if row not in gone
        )
    kept = {row.id: memo_after(look, row, judged, gone) for row in look.every_row() if row not in gone}
    said = world.said.union(*(said_in(look, row) for row in gone))
    memo = {row: memo for row, memo in kept.items() if memo is not None}
    return replace(world, tables=tables, memo=memo, said=said), judged


def _after(look: Reading, row: Row, verdict: Verdict) -> Values:
    """The row's values once its verdict is executed."""
    values: dict[str, Any] = dict(row.values)
    kind = kind_of(look, row)
    for name in verdict.blank:
        cell = kind.cells[name] if kind else None
        if cell is not None:
            values[cell.column] = _blanked(cell, values[cell.column], _told_apart(look, row, cell))
            values.update(cell.then)
    for name in verdict.unlink:
        values.update(dict.fromkeys(row.table.links[name].columns, row.table.links[name].lost))
    return values


def _told_apart(look: Reading, row: Row, cell: Cell) -> Any:
    """What the cell is to hold; in a unique column where another row has just that, something longer than all such."""
    blank, schema = blank_of(cell, row), look.world.schemas.get(row.source)
    if schema is None or cell.json or cell.blank is None or not cell.blank.per_key:
        return blank
    column = schema.tables[row.table.name].columns[cell.column]
    if not (column.unique or column.in_unique):
        return blank
    others = [each.values[cell.column] for each in look.rows[row.source, row.table.name] if each is not row]
    alike = [_small(each) for each in others if isinstance(each, str)]
    if _small(blank) not in alike:
        return blank
    dots = [len(each) - len(blank) - 1 for each in alike if each.rstrip(".") == _small(f"{blank}~")]
    return f"{blank}~{'.' * (max(dots, default=0) + 1)}"


def _small(text: str) -> str:
    """A to Z in small letters, for a database may take them for equal; nothing else is changed."""
    return text.translate(_SMALL)


_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)


def _blanked(cell: Cell, value: Any, blank: Any) -> Any:
    """The column's value once the cell is blanked."""
    if not cell.json:
        return blank
    return documents.without(value, cell.json, blank, remove=cell.blank is not None and cell.blank.remove)
