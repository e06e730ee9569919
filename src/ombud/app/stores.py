"""Stores of files: which the maps name, where the project puts them, and that no two of them share a file.

A file goes once no cell of its own store names it. Were it in another store too, whoever names it there would lose it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from ombud.adapters.files import Within, within
from ombud.app.project import Project, folders_of
from ombud.datamap.model import SourceMap
from ombud.terms import Finding


@dataclass(frozen=True, slots=True)
class Placed:
    """A store of a source and its folder."""

    source: str
    store: str
    folder: Path

    def __str__(self) -> str:
        return f"{self.store} of {self.source}"


def stores(source: SourceMap) -> frozenset[str]:
    """The stores of files that cells of this source name."""
    kinds = (kind for table in source.tables.values() for kind in table.kinds)
    return frozenset(cell.file for kind in kinds for cell in kind.cells.values() if cell.file is not None)


def placed(project: Project, environ: Mapping[str, str]) -> tuple[tuple[Placed, ...], tuple[Finding, ...]]:
    """Every store of every source whose folder is known, and why another's is not (C021)."""
    known: list[Placed] = []
    findings: list[Finding] = []
    for name, address in project.sources.items():
        folders, wrong = folders_of(project, address, environ)
        known += [Placed(name, store, folder) for store, folder in folders.items()]
        findings += wrong
    return tuple(known), tuple(findings)


def shared(project: Project, known: tuple[Placed, ...]) -> Iterator[Finding]:
    """C058: a store is another one, or lies inside it, by whatever path."""
    chains = {each: within(each.folder) for each in known}
    for one, other in combinations(known, 2):
        how = _how(chains[one], chains[other])
        if how:
            message = f"{one} and {other} share files: {how}"
            hint = "give each store a folder of its own, outside of every other's"
            yield Finding("C058", project.sources[other.source].place, message, hint)


def _how(one: Within, other: Within) -> str:
    if one[0] == other[0]:
        return "they are one folder"
    if one[0] in other:
        return "the second lies inside the first"
    return "the first lies inside the second" if other[0] in one else ""
