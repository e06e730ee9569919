"""The order in which tables are swept: children first, so that nothing goes before what leans on it."""

from __future__ import annotations

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
    placed: list[str] = []
    waiting = set(source.tables)
    while waiting:
        free = [name for name in waiting if not followers[name] & waiting] or list(waiting)
        first = min(free, key=lambda name: (len(leaning[name] & waiting), name))
        waiting.remove(first)
        placed.append(first)
    return tuple(name for name in placed if source.tables[name].personal and source.tables[name].key)
