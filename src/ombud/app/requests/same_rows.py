"""Whether a row by which a person was named is that person's still: a key that came free may be given to somebody else.

Each row is noted as `ROW<tab>BIRTH` when it is named, and looked up again before it is read or changed. Where a table
has no `born`, nothing but that the row is gone can be told: whoever has its key by then is taken for who had it. Nor
can it be told of a row whose source could not be read when it was named.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from ombud.app.answers import keys_of
from ombud.app.loaded import Loaded, Refused
from ombud.app.naming import SUBJECT, row_of
from ombud.app.requests.desk import Desk, Opened
from ombud.app.sources import opened as source_opened
from ombud.rights.events import Reviewed
from ombud.rights.model import Part
from ombud.rights.rules import CHANGES
from ombud.sql.engines import DIALECTS
from ombud.sql.names import Names
from ombud.terms import Finding

GONE = "-"
"""The birth of a row that is not there."""


def births_of(loaded: Loaded, subjects: Iterable[str]) -> tuple[str, ...]:
    """Of each of these that is a row, and whose source can be read, which it is now. Raises Refused for several."""
    found: list[str] = []
    for text in subjects:
        birth = None if "=" in text else _birth(loaded, text)
        if birth is not None:
            found.append(f"{text}\t{birth}")
    return tuple(found)


def check_same(desk: Desk, opened: Opened) -> None:
    """Raises Refused (C146) where a row that was named is gone, or another's; not for what this request itself took."""
    for noted in (*opened.asked.births, *opened.note(Reviewed).get("births", ())):
        row, _, birth = noted.rpartition("\t")
        now = _birth(desk.loaded, row)
        if now in (None, birth):
            continue
        done = opened.request.kind in CHANGES and opened.request.parts.get(row.partition("/")[0]) is Part.DONE
        if now != GONE or not done:
            hint = "name the person again in a new request"
            raise Refused(Finding("C146", SUBJECT, "the row is another's by now, or gone", hint))


def _birth(loaded: Loaded, text: str) -> str | None:
    """The birth stamp of a row; None where its source cannot be read."""
    source, table, key = row_of(loaded, text)
    try:
        with source_opened(loaded, source, read_only=True) as there, there.connection.begin():
            names = Names(there.source, there.schema, DIALECTS[there.connection.dialect.name])
            mapped, row = there.source.tables[table], names.row(table)
            for parts in keys_of(there.connection, names, table, key):
                same = (row.c[column] == part for column, part in zip(mapped.key, parts, strict=True))
                return str(there.connection.execute(sa.select(names.birth(mapped, row)).where(*same)).scalar_one())
            return GONE
    except Refused as refusal:
        if any(each.code == "C062" for each in refusal.findings):
            raise
        return None
