"""Invented applications of the kinds that companies run, each column labelled: what a draft should find in them.

In `applications/*.sql`, `--!` stands after a personal column, `--?` after one in doubt; after the table's opening line,
`-- self`, or the way to the person: columns parted by `>`, further ways by `|`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ombud.datamap.guess.draft import Draft, TableDraft
from tests.datamap.guess.small import guessed, way

FOLDER = Path(__file__).with_name("applications")
NAMES = sorted(path.stem for path in FOLDER.glob("*.sql"))
_TABLE = re.compile(r"CREATE TABLE (\w+) \(.*?(?:-- ([^~\n]+))?$")
_COLUMN = re.compile(r"\s+(\w+) .*--([!?])")


@dataclass(frozen=True)
class Labels:
    """Of one application: the personal columns, those in doubt, and the ways by table."""

    personal: frozenset[str]
    either: frozenset[str]
    ways: dict[str, frozenset[str]]


def labels(name: str) -> Labels:
    """What its script says."""
    marked: dict[str, set[str]] = {"!": set(), "?": set()}
    ways, table = {}, ""
    for line in (FOLDER / f"{name}.sql").read_text(encoding="utf-8").splitlines():
        if opened := _TABLE.match(line):
            table = opened[1]
            if opened[2]:
                ways[table] = frozenset(map(str.strip, opened[2].split("|")))
        elif column := _COLUMN.match(line):
            marked[column[2]].add(f"{table}.{column[1]}")
    return Labels(frozenset(marked["!"]), frozenset(marked["?"]), ways)


@cache
def draft(name: str) -> Draft:
    """Its draft, without a row."""
    script = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    return guessed(re.sub(r"--.*", "", script))


def found(name: str) -> frozenset[str]:
    """The columns that the draft names."""
    held = frozenset(f"{table}.{c}" for table, made in draft(name).tables.items() for c in made.holds)
    pairs = {t: made.key_values for t, made in draft(name).tables.items() if made.key_values}
    return held | {f"{table}.{pair.value}" for table, pair in pairs.items()}


def astray(name: str) -> dict[str, list[str]]:
    """The tables whose way is none of the right ones, and where it leads."""
    said = {table: _said(draft(name).tables.get(table)) for table in labels(name).ways}
    return {table: ways for table, ways in said.items() if labels(name).ways[table].isdisjoint(ways)}


def _said(made: TableDraft | None) -> list[str]:
    if made is None:
        return []
    ways = ["self"] if made.subject else []
    if made.leads:
        first, *others = way(made)
        ways.append(" > ".join([first.partition(".")[2], *others]))
    return [*ways, *(made.by_identifier or ())[1:], *filter(None, [made.inside])]
