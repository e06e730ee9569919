"""What happens to each row: it stays, loses cells, stays as a shell, or goes (spec/claims.md §5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import date

from ombud.claims.circles import in_circles
from ombud.claims.learning import learned
from ombud.claims.live import OnRow, on_row
from ombud.claims.read import Digest, Reading, Row, find, is_readable, kind_of
from ombud.claims.world import RowId, World
from ombud.datamap.model import DataMap, Gone, Table
from ombud.datamap.schema import Reference
from ombud.policy.model import Policy
from ombud.terms import Mark, Outcome, Verdict


def judge(
    policy: Policy, datamap: DataMap, world: World, marks: Iterable[Mark], today: date, digest: Digest
) -> Mapping[RowId, Verdict]:
    """The verdict on every row of every mapped table. `unlink` names links; a row that only loses a link is kept."""
    return verdicts(learned(Reading(policy, datamap, world, marks, today, digest)))


def held(look: Reading) -> Mapping[RowId, OnRow]:
    """What holds each row of the tables that hold personal data: claims, doubt, protection."""
    return {row.id: on_row(look, row) for row in look.every_row() if row.table.personal}


def verdicts(look: Reading, only: Set[Row] | None = None) -> Mapping[RowId, Verdict]:
    """The verdict on every row. `only`: of a sweep of these rows, in which all others stay."""
    live = {
        row
        for row in look.every_row()
        if not row.table.personal or (only is not None and row not in only) or on_row(look, row).live
    }
    staying = _with_shells(look, live | {row for row in look.every_row() if _is_referred_to(look, row)})
    staying = _with_shells(look, staying | in_circles(look, staying))
    return {row.id: _verdict(look, row, live, staying, judged=only is None or row in only) for row in look.every_row()}


def _with_shells(look: Reading, found_to_stay: set[Row]) -> set[Row]:
    """The rows that stay: these, and the dead ones that something staying needs."""
    staying = set(found_to_stay)
    fresh = list(staying)
    while fresh:
        row = fresh.pop()
        for name, link in row.table.links.items():
            needed = link.gone is Gone.SHELL or not row.table.personal or name in (row.table.follows, row.table.copy_of)
            found = find(look, row, link) if needed else None
            if isinstance(found, Row) and found not in staying:
                staying.add(found)
                fresh.append(found)
    return staying


def _is_referred_to(look: Reading, row: Row) -> bool:
    """Whether a row of an unmapped table refers to this one by a declared foreign key."""
    schema, mapped = look.world.schemas.get(row.source), look.map_of(row).tables
    for reference in schema.references if schema else ():
        if reference.to != row.table.name or _is_named(mapped.get(reference.table), reference):
            continue
        here = tuple(row.values.get(column) for column in reference.target)
        if any(
            tuple(other.get(column) for column in reference.columns) == here and None not in here
            for other in look.world.tables[row.source].get(reference.table, ())
        ):
            return True
    return False


def _is_named(table: Table | None, reference: Reference) -> bool:
    """Whether the map names this reference as a link."""
    links = table.links.values() if table else ()
    return any(link.to == reference.to and set(link.columns) == set(reference.columns) for link in links)


def _verdict(look: Reading, row: Row, live: set[Row], staying: set[Row], *, judged: bool) -> Verdict:
    if row not in staying:
        return Verdict(Outcome.DELETE)
    if not row.table.personal:
        return Verdict(Outcome.KEEP)
    blank = _blanked(look, row) if judged else frozenset()
    unlink = frozenset(name for name in row.table.links if _loses(look, row, name, staying))
    kept = Outcome.BLANK if blank else Outcome.KEEP
    return Verdict(kept if row in live else Outcome.SHELL, blank, unlink)


def _blanked(look: Reading, row: Row) -> frozenset[str]:
    kind, held = kind_of(look, row), on_row(look, row)
    fixed = look.rule_columns[row.source][row.table.name]
    if kind is None or held.doubt or not row.table.key:
        return frozenset()
    return frozenset(
        name
        for name, cell in kind.cells.items()
        if not held.cells[name].empty
        and not held.cells[name].kept
        and cell.column not in fixed
        and is_readable(cell, row)
    )


def _loses(look: Reading, row: Row, name: str, staying: set[Row]) -> bool:
    """Whether the link finds a row that goes."""
    found = find(look, row, row.table.links[name])
    return isinstance(found, Row) and found not in staying
