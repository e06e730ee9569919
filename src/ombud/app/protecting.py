"""Does the flag of a protected identity stand about a person, and in which source? What cannot be read is one too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from ombud.app.loaded import Loaded, Refused
from ombud.app.sources import Opened, opened
from ombud.datamap.model import ProtectedColumn, Subject
from ombud.rights.protected import Flag, Ground
from ombud.sql.engines import DIALECTS
from ombud.sql.equal import equal
from ombud.sql.names import Names
from ombud.terms import KeyRef

AT_ONCE = 2_000
"""Keys that one statement looks for."""


def flags_of_each(loaded: Loaded, persons: Sequence[Iterable[KeyRef]]) -> tuple[tuple[Flag, ...], ...]:
    """The flags that stand about any of each one's rows; give rows that only may be meant too: doubt protects.

    Every source whose map says where a flag stands is asked, a few statements however many they are, also where
    somebody has no row that is known: the row may be what could not be read. A source whose map says nothing of flags
    says nothing.
    """
    asked = [frozenset(refs) for refs in persons]
    every = frozenset(ref for refs in asked for ref in refs)
    doubt: set[Flag] = set()
    standing: dict[KeyRef, set[Flag]] = defaultdict(set)
    for name, mapped in loaded.datamap.sources.items():
        if not any(subject.protected for subject in mapped.subjects.values()):
            continue
        try:
            with opened(loaded, name, read_only=True) as source, source.connection.begin():
                for ref, flag in list(_standing(source, [ref for ref in every if ref.source == name])):
                    standing[ref].add(flag)
        except Refused:
            doubt.add(Flag(Ground.DOUBT, name))
    return tuple(tuple(sorted(doubt.union(*(standing.get(ref, ()) for ref in refs)))) for refs in asked)


def silent_sources(loaded: Loaded) -> tuple[str, ...]:
    """The sources with persons whose maps do not say where a flag would stand: who decides should know."""
    sources = loaded.datamap.sources.items()
    return tuple(
        name
        for name, mapped in sources
        if mapped.subjects and not any(subject.protected for subject in mapped.subjects.values())
    )


def _standing(source: Opened, refs: list[KeyRef]) -> Iterator[tuple[KeyRef, Flag]]:
    names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
    for subject in source.source.subjects.values():
        of: dict[tuple[Any, ...], list[KeyRef]] = defaultdict(list)
        for ref in refs:
            if ref.subject == subject.name:
                of[ref.key].append(ref)
        keys = sorted(of, key=str)
        for flag in subject.protected:
            said = Flag(Ground.SOURCE, f"{source.name}.{flag.child or subject.table}.{flag.column}")
            for start in range(0, len(keys), AT_ONCE):
                some = keys[start : start + AT_ONCE]
                for key, value in _values(source, names, subject, flag, some):
                    if _is_flag(value, flag):
                        # A collation takes one key for another: whose it may be of all that were asked is protected.
                        whose = of.get(key) or [ref for other in some for ref in of[other]]
                        yield from ((ref, said) for ref in whose)


def _values(
    source: Opened, names: Names, subject: Subject, flag: ProtectedColumn, keys: list[tuple[Any, ...]]
) -> Iterator[tuple[tuple[Any, ...], object]]:
    """What the column holds for the persons with these keys, each with the key."""
    row = each = names.row(subject.table)
    own = [row.c[c] for c in source.source.tables[subject.table].key]
    where: list[sa.ColumnElement[bool]] = [
        own[0].in_([key[0] for key in keys]) if len(own) == 1 else sa.tuple_(*own).in_(keys)
    ]
    if flag.child is not None and flag.link is not None:
        each, link = names.row(flag.child), source.source.tables[flag.child].links[flag.link]
        where += [equal(names.dialect, each.c[c], row.c[t]) for c, t in zip(link.columns, link.target, strict=True)]
    for test in flag.where:
        if test.link is None:  # a test through a link is left out: more rows are read, and more of them protect
            tested = each.c[test.column]
            where.append(sa.or_(*(tested.is_(None) if value is None else tested == value for value in test.values)))
    for *key, value in source.connection.execute(sa.select(*own, each.c[flag.column]).where(*where)):
        yield tuple(key), value


def _is_flag(value: object, flag: ProtectedColumn) -> bool:
    """Compared as it stands: `no` with a space after it is not the `no` that the map names."""
    return not any(value is each if each is None or value is None else value == each for each in flag.unless)
