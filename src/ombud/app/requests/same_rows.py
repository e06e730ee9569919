"""Whether a row by which a person was named is that person's still: a key that came free may be given to somebody else.

Each row is noted as `ROW<tab>BIRTH` when it is named, and looked up again before it is read or changed. Where a table
has no `born`, nothing but that the row is gone can be told: whoever has its key by then is taken for who had it. Nor
can it be told of a row whose source could not be read when it was named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ombud.app.loaded import Loaded, Refused
from ombud.app.naming import SUBJECT, only, row_of
from ombud.app.requests.called import began, called
from ombud.app.requests.desk import Desk, Opened
from ombud.app.sources import opened as source_opened
from ombud.app.written_rows import rows_written
from ombud.sql.engines import DIALECTS
from ombud.sql.names import Names
from ombud.terms import Finding

GONE = "-"
"""The birth of a row that is not there."""

SHOWN = 20
"""Requests that are told by their ids."""


def births_of(loaded: Loaded, subjects: Iterable[str]) -> tuple[str, ...]:
    """Of each of these that is a row, and whose source can be read, which it is now. Raises Refused for several."""
    (found,) = births_of_each(loaded, [tuple(subjects)])
    return found


def births_of_each(loaded: Loaded, persons: Sequence[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """The same for several: each source is asked a few statements, however many they are."""
    named = [[text for text in subjects if "=" not in text] for subjects in persons]
    births = _births(loaded, {text for rows in named for text in rows})
    return tuple(tuple(f"{text}\t{births[text]}" for text in rows if text in births) for rows in named)


def check_same(desk: Desk, opened: Opened) -> None:
    """Raises Refused (C146) where a row that was named is gone, or another's."""
    if changed(desk, [opened]):
        raise Refused(_another("the row is another's by now, or gone"))


def changed(desk: Desk, every: Sequence[Opened]) -> frozenset[str]:
    """Those requests of which a row that was named is gone, or another's: they are read no more, nor changed.

    Once one was begun, what it is about is written down, and its own deeds may have taken the row: it goes by that, and
    whoever has the key since is another.
    """
    noted = {
        opened.id: {row: birth for row, birth in by.births if row in (*by.texts, *by.taken)}
        for opened in every
        if not began(opened)
        for by in (called(opened),)
    }
    rows = {row for births in noted.values() for row in births}
    now = _births(desk.loaded, rows) if rows else {}
    return frozenset(
        id for id, births in noted.items() if any(now.get(row, birth) != birth for row, birth in births.items())
    )


def told_of(changed: Sequence[str]) -> tuple[Finding, ...]:
    """C146 of several requests of a batch."""
    if not changed:
        return ()
    ids = ", ".join(changed[:SHOWN]) + (", …" if len(changed) > SHOWN else "")
    return (_another(f"{ids}: the row is another's by now, or gone"),)


def _another(message: str) -> Finding:
    return Finding("C146", SUBJECT, message, "name the person again in a new request")


# --- asking the sources -----------------------------------------------------------------------------------------


def _births(loaded: Loaded, rows: Iterable[str]) -> Mapping[str, str]:
    """The birth stamp of each of these rows whose source can be read. Raises Refused for a name that fits several."""
    by_source: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for text in rows:
        source, table, key = row_of(loaded, text)
        by_source[source][table][key].append(text)
    found: dict[str, str] = {}
    for source, tables in by_source.items():
        try:
            with source_opened(loaded, source, read_only=True) as there, there.connection.begin():
                names = Names(there.source, there.schema, DIALECTS[there.connection.dialect.name])
                for table, keys in tables.items():
                    rows_of = rows_written(there.connection, names, table, list(keys))
                    for key, texts in keys.items():
                        row = only(rows_of.get(key, ()), SUBJECT)
                        found |= dict.fromkeys(texts, str(row.birth) if row else GONE)
        except Refused as refusal:
            if any(each.code == "C062" for each in refusal.findings):
                raise
    return found
