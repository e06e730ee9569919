"""The order in which tables are swept: children first, so that nothing goes before what leans on it."""

from __future__ import annotations

from collections.abc import Mapping

from ombud.datamap.model import Gone, Link, SourceMap, Table
from ombud.datamap.schema import Schema


def children_first(source: SourceMap, schema: Schema | None = None, *, lets_go: bool = True) -> tuple[str, ...]:
    """Every personal table with a key. A reference that can be set free does not bind the order, though children are
    rather swept first, so that none is set free that goes next; where the database does not let go of what was set free
    (`lets_go`), none that it holds can be.

    Circles are cut where it costs least: never at a reference that must hold something, least of all one that the
    database itself holds, if it can be helped; and rather elsewhere than between a follower and what it follows, whose
    claims it has. Ties go by name, so that a plan reads the same every day.
    """
    held, fixed, followers, leaning, loose = ({name: set[str]() for name in source.tables} for _ in range(5))
    for name, table in source.tables.items():
        for link in table.links.values():
            if link.to == name or link.to not in source.tables:
                continue
            follows = link.name in (table.follows, table.copy_of)
            declared = schema is not None and any(
                r.table == name and r.to == link.to and set(r.columns) == set(link.columns) for r in schema.references
            )
            bound = not link.nullable or (declared and not lets_go)
            if bound and (follows or link.gone is Gone.SHELL):
                fixed[link.to].add(name)
                if declared:
                    held[link.to].add(name)
            elif follows:
                followers[link.to].add(name)
            elif link.gone is Gone.SHELL:
                leaning[link.to].add(name)
            else:
                loose[link.to].add(name)
    before = {name: fixed[name] | followers[name] | leaning[name] for name in source.tables}
    placed: list[str] = []
    waiting = set(source.tables)
    while waiting:
        free = {name for name in waiting if not before[name] & waiting} or circle(before, waiting)
        kinds = (held, fixed, followers, leaning, loose)
        first = min(free, key=lambda name: (*(len(kind[name] & waiting) for kind in kinds), name))
        waiting.remove(first)
        placed.append(first)
    return tuple(name for name in placed if source.tables[name].personal and source.tables[name].key)


def frees(schema: Schema, child: Table, link: Link) -> bool:
    """The live columns of a reference take NULL or its `absent`: a row that goes anyway can lose it early."""
    columns = schema.tables[child.name].columns
    held = any(columns[c].holds_against(link.lost) for c in link.columns)
    return not held and not set(link.columns) & set(child.key)


def holding_on(
    source: SourceMap, schema: Schema, *, lets_go: bool = True
) -> Mapping[str, tuple[tuple[Table, Link], ...]]:
    """Of each table, the references of others that the database holds and that cannot be let go of early.

    Nothing of any table, unless tables hold on to one another so that neither can be swept first.
    """
    order = children_first(source, schema, lets_go=lets_go)
    turn, found = {name: n for n, name in enumerate(order)}, {name: list[tuple[Table, Link]]() for name in order}
    for reference in schema.references:
        child = source.tables.get(reference.table)
        for link in child.links.values() if child is not None and child.name in turn else ():
            same = link.to == reference.to != reference.table and set(link.columns) == set(reference.columns)
            if child is not None and same and link.to in found and not (lets_go and frees(schema, child, link)):
                found[link.to].append((child, link))
    circle = any(turn[child.name] > turn[name] for name, links in found.items() for child, _ in links)
    return {name: tuple(links) for name, links in found.items()} if circle else {}


def circle(before: Mapping[str, set[str]], waiting: set[str]) -> set[str]:
    """A circle that nothing outside it must go before."""
    circles = {name: _all_before(name, before, waiting) for name in waiting}
    return min((circles[name] for name in waiting), key=lambda circle: (len(circle), sorted(circle)))


def _all_before(name: str, before: Mapping[str, set[str]], waiting: set[str]) -> set[str]:
    found, found_last = set[str](), before[name] & waiting
    while found_last:
        found |= found_last
        found_last = {each for last in found_last for each in before[last] & waiting} - found
    return found
