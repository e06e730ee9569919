"""What keeps a shell: staying rows that need a dead row, and references that the map does not name (claims.md §5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ombud.claims.read import Reading, Row, find
from ombud.claims.world import RowId
from ombud.datamap.model import Gone, Link, Table
from ombud.terms import Key, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Keeper:
    """Rows of one table that keep another row there. `keys` are theirs, none where their table is not mapped.

    `by` is the link, or the columns of a reference that the map does not name; `shells`: they are shells themselves.
    """

    table: str
    by: str
    rows: int
    keys: tuple[Key, ...] = ()
    follows: bool = False
    shells: bool = False
    mapped: bool = True


def keepers(look: Reading, row: Row, judged: Mapping[RowId, Verdict]) -> tuple[Keeper, ...]:
    """Why this dead row stays, one answer for each table and link."""
    return (*_by_links(look, row, judged), *_by_references(look, row))


def _by_links(look: Reading, row: Row, judged: Mapping[RowId, Verdict]) -> Iterator[Keeper]:
    for child in look.map_of(row).tables.values():
        for link in child.links.values():
            if link.to != row.table.name or not _needs(child, link):
                continue
            found = [
                each
                for each in look.rows[row.source, child.name]
                if judged[each.id].outcome is not Outcome.DELETE and find(look, each, link) == row
            ]
            if found:
                shells = all(judged[each.id].outcome is Outcome.SHELL for each in found)
                keys = tuple(each.key for each in found)
                yield Keeper(child.name, link.name, len(found), keys, _follows(child, link), shells)


def _needs(child: Table, link: Link) -> bool:
    return link.gone is Gone.SHELL or not child.personal or _follows(child, link)


def _follows(child: Table, link: Link) -> bool:
    return link.name in (child.follows, child.copy_of)


def _by_references(look: Reading, row: Row) -> Iterator[Keeper]:
    schema, mapped = look.world.schemas.get(row.source), look.map_of(row).tables
    for reference in schema.references if schema else ():
        child = mapped.get(reference.table)
        named = child is not None and any(
            link.to == reference.to and set(link.columns) == set(reference.columns) for link in child.links.values()
        )
        here = tuple(row.values.get(column) for column in reference.target)
        if reference.to != row.table.name or named or None in here:
            continue
        others = look.world.tables[row.source].get(reference.table, ())
        found = sum(tuple(other.get(column) for column in reference.columns) == here for other in others)
        if found:
            yield Keeper(reference.table, ", ".join(reference.columns), found, mapped=child is not None)
