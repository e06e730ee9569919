"""What is remembered goes with the row that is judged by it, also where the application took it (spec/claims.md §6)."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from ombud.sql.dialect import Bool
from ombud.sql.names import Names
from ombud.sql.read import some


def forget_gone(names: Names) -> Iterator[sa.Delete]:
    """Drop the memos of rows that are not there, or were born otherwise, then the refs that nobody needs any more."""
    for table in names.source.tables.values():
        if table.key:
            memo, row = names.memo(table.name), names.row(table.name)
            same = some(row, names.same_key(memo, table.name, row), names.birth(table, row) == memo.c.birth)
            yield memo.delete().where(sa.not_(same))
    yield forget_unneeded(names)


def forget_unneeded(names: Names) -> sa.Delete:
    """Drop the refs of persons whom no memo names."""
    return names.ref.delete().where(*_unneeded(names))


def forget_asked(names: Names) -> sa.Delete:
    """The same of the persons whom a sweep was of."""
    return names.ref.delete().where(names.ref.c.who.in_(sa.select(names.asked.c.who)), *_unneeded(names))


def _unneeded(names: Names) -> Iterator[Bool]:
    memos = (names.memo(t.name).alias() for t in names.source.tables.values() if t.key)
    yield from (sa.not_(some(memo, memo.c.who == names.ref.c.who)) for memo in memos)
