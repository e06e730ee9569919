"""Whether an engine remembers of the rows that stay what the oracle does: else it decides wrongly, if only later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import sqlalchemy as sa

from ombud.app.remembered import memos, people, said
from ombud.app.sources import Opened
from ombud.claims.world import Memo, Owners, Person, Remembered, RowId, SaidConsent, Values, World
from ombud.datamap.model import SourceMap
from ombud.datamap.schema import Schema
from ombud.sql.names import SEPARATOR, Names
from ombud.terms import KeyRef, Ref


def remembered_apart(
    connection: sa.Connection, names: Names, source: SourceMap, schema: Schema, world: World
) -> tuple[tuple[Values, ...], tuple[Values, ...]] | None:
    """What only the oracle remembers in a source, and what only the engine does; None where it is the same."""
    there = Opened(source.source, connection, source, schema, ())
    memo = {row: each for row, each in world.memo.items() if row[0] == source.source}
    consents = {each for each in world.said if each.source == source.source}
    mine = _told(memo, consents, (person for each in memo.values() for person in _persons(each)))
    theirs = _told(memos(there, names, world.tables[source.source]), said(there, names), people(there, names).values())
    odd = sorted((k for k in {*mine, *theirs} if mine.get(k) != theirs.get(k)), key=str)
    if not odd:
        return None
    told = ([{"row": k, "remembered": of[k]} for k in odd if k in of] for of in (mine, theirs))
    one, other = map(tuple, told)
    return one, other


def _told(
    memo: Mapping[RowId, Memo], consents: Iterable[SaidConsent], persons: Iterable[Person]
) -> dict[object, object]:
    """Memos by row, what consent columns of deleted rows said, and by what each remembered person is known."""
    known = {_key(person) for person in persons}
    return {
        **{row: _by_key(each) for row, each in memo.items()},
        "said": {replace(each, refs=frozenset(map(_joined, each.refs))) for each in consents},
        "known": {
            each for each in known if isinstance(each, Remembered) and any(isinstance(r, KeyRef) for r in each.refs)
        },
    }


def _persons(memo: Memo) -> Iterator[Person]:
    for owners in memo.owners.values():
        yield from owners.certain | owners.candidates


def _by_key(memo: Memo) -> Memo:
    """With each key as one text, as a sidecar writes it: a part of it may hold the separator too."""
    owners = {
        rule: Owners(frozenset(map(_key, of.certain)), frozenset(map(_key, of.candidates)), of.open)
        for rule, of in memo.owners.items()
    }
    return replace(memo, owners=owners)


def _key(person: Person) -> Person:
    if not isinstance(person, Remembered):
        return person
    return replace(person, refs=frozenset(map(_joined, person.refs)))


def _joined(ref: Ref) -> Ref:
    return replace(ref, key=(SEPARATOR.join(map(str, ref.key)),)) if isinstance(ref, KeyRef) else ref
