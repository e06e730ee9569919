"""Holds that name a row by its key alone, where the row says that it was born after them: somebody else's, by spec §3.

Where the application wrote the birth anew, or the map reads it from another column, it is the same person after all,
and is not protected: whoever set the mark has to see it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from ombud.app import words
from ombud.app.loaded import Loaded
from ombud.app.sources import Opened
from ombud.app.standing_marks import standing_marks
from ombud.engine.states import born_after
from ombud.engine.sweep import Sweep
from ombud.terms import TRACK_OF, Finding, IdRef, Level, Mark, Track


def reborn(loaded: Loaded, source: Opened, sweep: Sweep, marks: Iterable[Mark]) -> Iterator[Finding]:
    """C077, once a table; in the sweep's connection, once people were convened."""
    alone = {
        each.mark.seq: each.mark.day
        for each in standing_marks(marks, loaded.today())
        if each.undone is None and not each.ahead and TRACK_OF[each.mark.act] in (Track.HOLD, Track.RESTRICTION)
        and not any(isinstance(ref, IdRef) for ref in each.mark.refs)
    }  # fmt: skip
    for subject in source.source.subjects.values() if alone else ():
        passed: dict[int, int] = defaultdict(int)
        with source.connection.begin():
            for row in source.connection.execute(_named(sweep, subject.name, subject.table)):
                seq, stamp = int(row[0]), str(row[1])
                if seq in alone and born_after(alone[seq], stamp):
                    passed[seq] += 1
        if passed:
            which, rows = words.numbered("mark", sorted(passed)), words.count(sum(passed.values()), "row")
            message = f"{source.name}.{subject.table}: the key that {which} names has {rows} born after that: not held"
            hint = "right, if somebody else has the key now; if not, mark the row as it is: ombud mark held"
            yield Finding("C077", loaded.project.sources[source.name].place, message, hint, Level.WARNING)


def _named(sweep: Sweep, subject: str, table: str) -> sa.Select[Any]:
    """The marks that name a key with another birth than its row has, and that birth."""
    names = sweep.names
    fact, ref, row = names.fact(table).alias(), names.mark_ref.alias(), names.row(table)
    same = (
        names.same_key(fact, table, row),
        ref.c.scope == f"key/{subject}",
        ref.c.value == names.key_text(table, row),
    )
    return sa.select(ref.c.seq, fact.c.birth).where(*same, ref.c.birth != fact.c.birth)
