"""The order in which tables are swept: children first, so that nothing goes before what leans on it."""

from __future__ import annotations

from collections.abc import Mapping

from ombud.datamap.model import Gone, SourceMap


def children_first(source: SourceMap) -> tuple[str, ...]:
    """Every personal table with a key. A reference that can be set free does not bind the order.

    Followers go before what they follow, always: without it nobody could tell any more whose claims they have. Circles
    are cut at other links. Ties go by name, so that a plan reads the same every day.
    """
    followers: dict[str, set[str]] = {name: set() for name in source.tables}
    leaning: dict[str, set[str]] = {name: set() for name in source.tables}
    for name, table in source.tables.items():
        for link in table.links.values():
            if link.to == name or link.to not in source.tables:
                continue
            if link.name in (table.follows, table.copy_of):
                followers[link.to].add(name)
            elif link.gone is Gone.SHELL:
                leaning[link.to].add(name)
    before = {name: followers[name] | leaning[name] for name in source.tables}
    placed: list[str] = []
    waiting = set(source.tables)
    while waiting:
        free = {name for name in waiting if not before[name] & waiting} or _circle(before, waiting)
        uncut = {name for name in free if not followers[name] & waiting} or free
        first = min(uncut, key=lambda name: (len(leaning[name] & waiting), name))
        waiting.remove(first)
        placed.append(first)
    return tuple(name for name in placed if source.tables[name].personal and source.tables[name].key)


def _circle(before: Mapping[str, set[str]], waiting: set[str]) -> set[str]:
    """A circle that nothing outside it must go before."""
    circles = {name: _all_before(name, before, waiting) for name in waiting}
    return min((circles[name] for name in waiting), key=lambda circle: (len(circle), sorted(circle)))


def _all_before(name: str, before: Mapping[str, set[str]], waiting: set[str]) -> set[str]:
    found, found_last = set[str](), before[name] & waiting
    while found_last:
        found |= found_last
        found_last = {each for last in found_last for each in before[last] & waiting} - found
    return found
