"""Does the flag of a protected identity stand about a person, and in which source? What cannot be read is one too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def flags_in_sources(loaded: Loaded, refs: Iterable[KeyRef]) -> tuple[Flag, ...]:
    """The flags that stand about any of these rows of persons; give those that only may be meant too: doubt protects.

    Every source whose map says where a flag stands is asked, also where the person has no row that is known: the
    row may be what could not be read. A source whose map says nothing of flags says nothing.
    """
    asked = frozenset(refs)
    found: set[Flag] = set()
    for name, mapped in loaded.datamap.sources.items():
        if not any(subject.protected for subject in mapped.subjects.values()):
            continue
        try:
            with opened(loaded, name, read_only=True) as source, source.connection.begin():
                found.update(_standing(source, [ref for ref in asked if ref.source == name]))
        except Refused:
            found.add(Flag(Ground.DOUBT, name))
    return tuple(sorted(found))


def silent_sources(loaded: Loaded) -> tuple[str, ...]:
    """The sources with persons whose maps do not say where a flag would stand: who decides should know."""
    sources = loaded.datamap.sources.items()
    return tuple(
        name
        for name, mapped in sources
        if mapped.subjects and not any(subject.protected for subject in mapped.subjects.values())
    )


def _standing(source: Opened, refs: list[KeyRef]) -> Iterator[Flag]:
    names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
    for subject in source.source.subjects.values():
        keys = sorted({ref.key for ref in refs if ref.subject == subject.name}, key=str)
        for flag in subject.protected if keys else ():
            values = (value for key in keys for value in _values(source, names, subject, flag, key))
            if any(_is_flag(value, flag) for value in values):
                yield Flag(Ground.SOURCE, f"{source.name}.{flag.child or subject.table}.{flag.column}")


def _values(
    source: Opened, names: Names, subject: Subject, flag: ProtectedColumn, key: tuple[Any, ...]
) -> Iterator[object]:
    """What the column holds for the person with this key."""
    row = each = names.row(subject.table)
    where = [row.c[c] == part for c, part in zip(source.source.tables[subject.table].key, key, strict=True)]
    if flag.child is not None and flag.link is not None:
        each, link = names.row(flag.child), source.source.tables[flag.child].links[flag.link]
        where += [equal(names.dialect, each.c[c], row.c[t]) for c, t in zip(link.columns, link.target, strict=True)]
    for test in flag.where:
        if test.link is None:  # a test through a link is left out: more rows are read, and more of them protect
            own = each.c[test.column]
            where.append(sa.or_(*(own.is_(None) if value is None else own == value for value in test.values)))
    yield from source.connection.execute(sa.select(each.c[flag.column]).where(*where)).scalars()


def _is_flag(value: object, flag: ProtectedColumn) -> bool:
    """Compared as it stands: `no` with a space after it is not the `no` that the map names."""
    return not any(value is each if each is None or value is None else value == each for each in flag.unless)
