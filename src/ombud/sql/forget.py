"""What is remembered goes with the row that is judged by it, also where the application took it (spec/claims.md §6)."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

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
    memos = (names.memo(t.name).alias() for t in names.source.tables.values() if t.key)
    return names.ref.delete().where(*(sa.not_(some(memo, memo.c.who == names.ref.c.who)) for memo in memos))
