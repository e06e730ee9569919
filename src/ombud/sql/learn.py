"""Remembered persons who are still there are known by what they are known by now too (spec/claims.md §6)."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from ombud.sql.dialect import Expr
from ombud.sql.names import Names
from ombud.sql.read import some


def learn(names: Names) -> Iterator[sa.Update | sa.Insert]:
    """What `ref` lacks of who bears what, and what is no more certain in it; needs `bearer`."""
    ref, bearer = names.ref, names.bearer.alias()
    scope = _text("id/").concat(bearer.c.kind)
    shared = some(
        bearer, _was(bearer.c.who) == ref.c.who, scope == ref.c.scope, bearer.c.digest == ref.c.value,
        bearer.c.shared == 1,
    )  # fmt: skip
    yield ref.update().where(ref.c.certain == 1, shared).values(certain=0)
    known, there = ref.alias(), ref.alias()
    remembered = some(known, known.c.who == _was(bearer.c.who))
    same = some(there, there.c.who == _was(bearer.c.who), there.c.scope == scope, there.c.value == bearer.c.digest)
    new = sa.select(_was(bearer.c.who), scope, bearer.c.digest, _text(""), 1 - bearer.c.shared)
    columns = ["who", "scope", "value", "birth", "certain"]
    yield ref.insert().from_select(columns, new.where(remembered, sa.not_(same)))


def _was(who: Expr) -> Expr:
    """A living row's person as they are called once remembered."""
    return _text("was|").concat(sa.func.substr(who, 5))


def _text(said: str) -> Expr:
    return sa.literal(said, sa.Text())
