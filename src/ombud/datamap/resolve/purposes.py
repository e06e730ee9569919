"""Which purposes hold each kind of row: stated, the parent's, or the file's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ombud.datamap.model import Binding
from ombud.datamap.parse.draft import DraftBinding, DraftKind, DraftSource, DraftTable
from ombud.datamap.parse.fields import Findings
from ombud.datamap.resolve.owners import Family

Bindings = Mapping[tuple[str, str], tuple[Binding, ...]]
"""By table and kind."""


@dataclass(slots=True)
class _Search:
    source: DraftSource
    families: Mapping[str, Family]
    findings: Findings
    found: dict[tuple[str, str], tuple[Binding, ...]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)


def bindings(source: DraftSource, families: Mapping[str, Family], findings: Findings) -> Bindings:
    """The bindings of every kind of every table; a table left alone, or one that follows, has none."""
    search = _Search(source, families, findings)
    for name in source.tables:
        _table(name, search)
    return search.found


def _table(name: str, search: _Search) -> None:
    table = search.source.tables[name]
    if name in search.open or any((name, kind.name) in search.found for kind in table.kinds):
        return
    search.open.add(name)
    for kind in table.kinds:
        search.found[name, kind.name] = _kind(table, kind, search)
    search.open.discard(name)


def _kind(table: DraftTable, kind: DraftKind, search: _Search) -> tuple[Binding, ...]:
    follower = table.follows or table.copy_of
    if follower and kind.purposes:
        message = f"{table.name} follows {follower[0]} and binds purposes of its own"
        search.findings.add("M035", kind.purposes[0].place, message, "leave `purposes` out, or do not follow")
    if follower or not table.personal:
        return ()
    if kind.purposes is not None:
        return tuple(_stated(each, table, kind, search) for each in kind.purposes)
    inherited = _from_parent(table, kind, search)
    if inherited:
        return inherited
    common = search.source.purposes
    if common:
        return tuple(Binding(each.purpose, _reach_all(each)) for each in common)
    search.findings.add(
        "M043",
        kind.place,
        f"no purpose holds the rows of {table.name}",
        "add `purposes: …`, `via: parent`, or `personal: none`",
    )
    return ()


def _reach_all(each: DraftBinding) -> frozenset[str] | None:
    return None if each.reach is None else frozenset(name for name, _ in each.reach)


def _stated(each: DraftBinding, table: DraftTable, kind: DraftKind, search: _Search) -> Binding:
    if each.reach is None:
        return Binding(each.purpose, None)
    reach: set[str] = set()
    elsewhere = {cell.cell.column for other in table.kinds for cell in other.cells.values()}
    elsewhere |= {name for other in table.kinds for name in other.cells}
    for name, place in each.reach:
        fits = {cell for cell, draft in kind.cells.items() if name in (cell, draft.cell.column)}
        reach |= fits
        if not fits and (kind.purposes is not table.purposes or name not in elsewhere):
            search.findings.unknown("M017", place, "personal column", name, set(kind.cells))
    return Binding(each.purpose, frozenset(reach))


def _from_parent(table: DraftTable, kind: DraftKind, search: _Search) -> tuple[Binding, ...]:
    parent = search.families[table.name].parent
    target = _target(table, parent, search)
    if target is None:
        return ()
    _table(target, search)
    found: dict[str, frozenset[str] | None] = {}
    for theirs in search.source.tables[target].kinds:
        for binding in search.found.get((target, theirs.name), ()):
            reach = _same_categories(binding, theirs, kind)
            known = found.get(binding.purpose, frozenset())
            found[binding.purpose] = None if reach is None or known is None else known | reach
    return tuple(Binding(purpose, reach) for purpose, reach in found.items())


def _target(table: DraftTable, parent: str, search: _Search) -> str | None:
    if parent in table.links.links:
        return table.links.links[parent].to
    if parent in table.links.matches:
        return search.source.subjects[table.links.matches[parent].to].table
    return None


def _same_categories(binding: Binding, theirs: DraftKind, kind: DraftKind) -> frozenset[str] | None:
    """What named cells of the parent reaches the cells here whose category is the same or below."""
    if binding.reach is None:
        return None
    above = {draft.cell.category for name, draft in theirs.cells.items() if name in binding.reach}
    return frozenset(
        name for name, draft in kind.cells.items() if any(is_within(draft.cell.category, each) for each in above)
    )


def is_within(category: str, other: str) -> bool:
    """Whether a category is another, or lies below it; free text is only itself."""
    return category == other or category.startswith(f"{other}.")
