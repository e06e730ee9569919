"""Which rows a sweep of some persons is of: what is, or may be, about them, and what follows it (spec/claims.md §5)."""

from __future__ import annotations

from ombud.claims.marks import reaches
from ombud.claims.owners import owners_by
from ombud.claims.read import Reading, Row, find
from ombud.claims.world import Person
from ombud.terms import Ref


def theirs(look: Reading, refs: frozenset[Ref]) -> frozenset[Row]:
    """The rows of those whom these refs certainly reach."""
    known: dict[Person, bool] = {}

    def is_one(person: Person) -> bool:
        if person not in known:
            known[person] = reaches(look, person)(refs) is True
        return known[person]

    found: set[Row] = set()
    for row in look.every_row():
        owners = (owners_by(look, row, rule) for rule in row.table.owner_rules)
        if row.table.personal and any(map(is_one, (p for each in owners for p in each.certain | each.candidates))):
            found.add(row)
    while fresh := {row for row in look.every_row() if row not in found and _parent(look, row) in found}:
        found |= fresh
    return frozenset(found)


def _parent(look: Reading, row: Row) -> object:
    follows = row.table.follows or row.table.copy_of
    return find(look, row, row.table.links[follows]) if follows else None
