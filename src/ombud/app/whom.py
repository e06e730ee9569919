"""Whom requests are about: every ref by which each person is certainly known, for marks, corrections and sweeps alike.

What an answer tells of and what a request then does are about the same rows (spec/requests.md §4). A mark that somebody
sets by hand names no more than what was said (`meant.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ombud.app.extracting import known_each
from ombud.app.known import Called, Known, Named, wanted
from ombud.app.loaded import Loaded, Refused
from ombud.app.naming import ANOTHER, SUBJECT, no_row, not_persons, written_key
from ombud.terms import Finding, KeyRef

TOGETHER = 500
"""Persons who are looked for at once."""


def whom(loaded: Loaded, every: Sequence[Called], *, former: bool = True) -> tuple[Known, ...]:
    """Who each of these is, in their order: what was named, whoever may have it, is among their refs.

    Raises Refused where a row that is named is not there, or its source cannot be read, and nothing was known of it
    before; nobody else's row is guessed. Unless `former`, what somebody had before leads nowhere.
    """
    found: list[Known] = []
    for start in range(0, len(every), TOGETHER):
        some = every[start : start + TOGETHER]
        for called, (person, unread) in zip(some, known_each(loaded, some, former=former), strict=True):
            asked, known = wanted(loaded, called), person.known
            for row in asked.decided:
                if not _has(loaded, known, row):
                    raise Refused(*unread.get(row[0], (_none(loaded, row),)))
            refs = known.refs | asked.asked
            found.append(replace(known, refs=refs, maybe=known.maybe - refs, values={**known.values, **asked.held}))
    return tuple(found)


def _has(loaded: Loaded, person: Known, row: Named) -> bool:
    """Whether one of the person's refs is this row."""
    source, table, key = row
    subjects = loaded.datamap.sources[source].subjects
    return any(
        isinstance(ref, KeyRef)
        and ref.source == source
        and ref.subject in subjects
        and subjects[ref.subject].table == table
        and written_key(ref.key) == key
        for ref in person.refs
    )


def _none(loaded: Loaded, row: Named) -> Finding:
    """C062 where the rows of that table are nobody's own; C063 where there is no such row."""
    source, table, key = row
    mapped = loaded.datamap.sources[source]
    if not any(subject.table == table for subject in mapped.subjects.values()):
        return not_persons(loaded, source, table)
    return no_row(source, mapped.tables[table], key, SUBJECT, ANOTHER)
