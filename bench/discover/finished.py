"""`python -m bench.discover.finished APP PROJECT`: what of the truth a map says that somebody went through by hand.

PROJECT is a folder with an `ombud.yaml` that has one source.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from bench.discover.check import truth
from bench.discover.measure import Score
from ombud.app import project
from ombud.datamap import load as datamaps
from ombud.datamap.model import ByIdentifier, EachOwner, IsSubject, OwnerRule, OwnersOf, SourceMap, Table
from ombud.policy import load as policies
from ombud.terms import Finding

LONGEST = 6


def finished(directory: Path) -> tuple[SourceMap | None, tuple[Finding, ...]]:
    """The one source's map, or what stops it."""
    found, findings = project.load(directory)
    if found is None:
        return None, findings
    rules, findings = policies.load(found.policy)
    if rules is None:
        return None, findings
    maps, findings = datamaps.load(found.datamaps, rules)
    return (None, findings) if maps is None else (next(iter(maps.sources.values())), ())


def scored(labelled: dict[str, Any], made: SourceMap) -> Score:
    """A map against the truth: its columns, and of each table with personal columns one of its ways."""
    named = {f"{name}.{cell}" for name, table in made.tables.items() for cell in _cells(table)}
    personal = set(labelled["personal"])
    score = Score(len(personal), len(personal & named))
    score.missed = sorted(personal - named)
    score.extra = sorted(named - personal - set(labelled["either"]))
    for table, ways in labelled["owners"].items():
        if ways:
            score.tables += 1
            said = [list(way) for way in _ways(made, table, 0)] if table in made.tables else []
            if not any(way in ways for way in said):
                score.astray.append(f"{table}: {said} for {ways}")
    return score


def _cells(table: Table) -> Iterator[str]:
    for kind in table.kinds:
        for cell in kind.cells.values():
            yield cell.column


def _ways(made: SourceMap, name: str, depth: int) -> Iterator[tuple[str, ...]]:
    """Every way from a table to its persons, the cells' own as well, each the columns to go along."""
    table = made.tables.get(name)
    if table is None or depth > LONGEST:
        return
    for rule in table.owner_rules:
        yield from _along(made, table, rule, depth)


def _along(made: SourceMap, table: Table, rule: OwnerRule, depth: int) -> Iterator[tuple[str, ...]]:
    match rule:
        case IsSubject():
            yield ("self",) if depth == 0 else ()
        case ByIdentifier(column=column):
            yield (f"{table.name}.{column}",)
        case OwnersOf(link=link):
            hops = [(f"{table.name}.{column}",) for column in table.links[link].columns]
            rest = list(_ways(made, table.links[link].to, depth + 1))
            yield from (hop + way for hop, way in product(hops, rest))
        case EachOwner(child=child, link=link):
            hops = [(f"{child}.{column}",) for column in made.tables[child].links[link].columns]
            rest = list(_ways(made, child, depth + 1))
            yield from (hop + way for hop, way in product(hops, rest))


def main() -> int:
    """Measure, and name what is otherwise than the truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("app")
    parser.add_argument("project", type=Path)
    asked = parser.parse_args()
    made, findings = finished(asked.project)
    if made is None:
        for finding in findings:
            print(finding, file=sys.stderr)
        return 1
    score = scored(truth(asked.app), made)
    print(f"{asked.app}: {score.line()}")
    for what in ("missed", "extra", "astray"):
        print(f"{what}:", *getattr(score, what), sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
