"""What a picture of a map shows: tables in rings around the people whom they are about, and what leads to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ombud.datamap.model import ByIdentifier, EachOwner, IsSubject, OwnersOf, SourceMap, Table


@dataclass(frozen=True)
class Node:
    """A table. `ring` counts the steps to a person, who is in ring 0; None: about nobody, or left alone."""

    name: str
    ring: int | None
    purposes: tuple[str, ...] = ()
    holes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edge:
    """`of` belongs to who is at `to`: by a link, or by an identifier alone. `owns` False: it only refers to it."""

    of: str
    to: str
    owns: bool = True
    by_identifier: bool = False


@dataclass(frozen=True)
class Picture:
    """One source's map."""

    source: str
    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    purposes: tuple[str, ...] = field(default=())

    def rings(self) -> list[list[Node]]:
        """The tables by ring; the last has those about nobody."""
        farthest = max((node.ring for node in self.nodes.values() if node.ring is not None), default=0)
        found: list[list[Node]] = [[] for _ in range(farthest + 2)]
        for node in self.nodes.values():
            found[farthest + 1 if node.ring is None else node.ring].append(node)
        return found


def seen(source: SourceMap, holes: Mapping[str, tuple[str, ...]]) -> Picture:
    """The picture of one source; `holes` says by table what is wrong or doubtful, in words."""
    edges = tuple(dict.fromkeys(edge for table in source.tables.values() for edge in _edges(source, table)))
    rings = _rings(source, edges)
    nodes = {
        name: Node(name, rings.get(name), _purposes(source, table), holes.get(name, ()))
        for name, table in source.tables.items()
    }
    # What only the database has is nobody's yet.
    nodes |= {name: Node(name, None, (), said) for name, said in holes.items() if name not in nodes}
    purposes = tuple(dict.fromkeys(p for node in nodes.values() for p in node.purposes))
    return Picture(source.source, nodes, edges, purposes)


def _edges(source: SourceMap, table: Table) -> Iterator[Edge]:
    owning = {rule.link for rule in table.owners if isinstance(rule, OwnersOf)} | {table.follows, table.copy_of}
    for name, link in table.links.items():
        yield Edge(table.name, link.to, name in owning)
    for rule in table.owners:
        if isinstance(rule, EachOwner):
            yield Edge(table.name, rule.child)
        elif isinstance(rule, ByIdentifier):
            for subject in source.subjects.values():
                if any(each.kind == rule.kind for each in subject.identifiers) and subject.table != table.name:
                    yield Edge(table.name, subject.table, by_identifier=True)
    for match in table.matches.values():
        yield Edge(table.name, source.subjects[match.to].table, by_identifier=True)


def _rings(source: SourceMap, edges: tuple[Edge, ...]) -> dict[str, int]:
    """By table, how many steps lead from it to a person."""
    people = {t.name for t in source.tables.values() if any(isinstance(rule, IsSubject) for rule in t.owners)}
    rings = dict.fromkeys(people, 0)
    # Known by an identifier that nobody here has a row for: one step from whoever it is.
    alone = {t.name for t in source.tables.values() if any(isinstance(rule, ByIdentifier) for rule in t.owners)}
    rings |= dict.fromkeys(alone - people, 1)
    fresh = list(rings)
    while fresh:
        last, fresh = fresh, []
        for edge in edges:
            if edge.owns and edge.to in last and rings[edge.to] + 1 < rings.get(edge.of, len(source.tables) + 2):
                rings[edge.of] = rings[edge.to] + 1
                fresh.append(edge.of)
    return rings


def _purposes(source: SourceMap, table: Table) -> tuple[str, ...]:
    above = table.follows or table.copy_of
    if above is not None:
        return _purposes(source, source.tables[table.links[above].to])
    return tuple(dict.fromkeys(binding.purpose for kind in table.kinds for binding in kind.bindings))
