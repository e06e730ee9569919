"""The order in which tables are swept: children first, so that nothing goes before what leans on it."""

from __future__ import annotations

from ombud.datamap.model import Gone, SourceMap


def children_first(source: SourceMap) -> tuple[str, ...]:
    """Every personal table with a key. A reference that can be set free does not bind the order; cycles are cut there.

    Ties go by name, so that a plan reads the same every day.
    """
    parents = {
        name: sorted(
            {
                link.to
                for link in table.links.values()
                if link.to != name and (link.gone is Gone.SHELL or link.name in (table.follows, table.copy_of))
            }
        )
        for name, table in source.tables.items()
    }
    placed: list[str] = []
    for name in sorted(parents):
        _place(name, parents, placed, ())
    placed.reverse()
    return tuple(name for name in placed if source.tables[name].personal and source.tables[name].key)


def _place(name: str, parents: dict[str, list[str]], placed: list[str], above: tuple[str, ...]) -> None:
    if name in placed or name in above:
        return
    for parent in parents[name]:
        if parent in parents:
            _place(parent, parents, placed, (*above, name))
    placed.append(name)
