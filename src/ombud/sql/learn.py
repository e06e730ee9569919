"""Remembered persons who are still there are known by what they are known by now (spec/claims.md §6)."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from ombud.plan.naming import SURE, UNSURE
from ombud.sql.dialect import Bool, Expr
from ombud.sql.names import Names
from ombud.sql.read import some


def learn(names: Names) -> Iterator[sa.Delete | sa.Update | sa.Insert]:
    """What `ref` has that is theirs no more, or lacks, or has as surer or less sure; needs the facts and `bearer`."""
    ref, bearer = names.ref, names.bearer.alias()
    scope = _text("id/").concat(bearer.c.kind)

    def bears(*what: Bool) -> Bool:
        mine = (_was(bearer.c.who) == ref.c.who, scope == ref.c.scope, bearer.c.digest == ref.c.value)
        return some(bearer, *mine, *what)

    facts = [names.fact(table).alias() for table in sorted({s.table for s in names.source.subjects.values()})]
    if not facts:
        return
    living = sa.or_(*(some(fact, fact.c.who == _living(ref.c.who)) for fact in facts))
    held = sa.func.substr(ref.c.scope, 1, 3) == "id/"
    yield ref.delete().where(held, living, sa.not_(bears()))
    for certain, shared in ((SURE, 0), (UNSURE, 1)):
        yield ref.update().where(ref.c.certain != certain, bears(bearer.c.shared == shared)).values(certain=certain)
    known, there = ref.alias(), ref.alias()
    remembered = some(known, known.c.who == _was(bearer.c.who))
    same = some(there, there.c.who == _was(bearer.c.who), there.c.scope == scope, there.c.value == bearer.c.digest)
    surely = sa.case((bearer.c.shared == 1, UNSURE), else_=SURE)
    new = sa.select(_was(bearer.c.who), scope, bearer.c.digest, _text(""), surely)
    columns = ["who", "scope", "value", "birth", "certain"]
    yield ref.insert().from_select(columns, new.where(remembered, sa.not_(same)))


def _was(who: Expr) -> Expr:
    """A living row's person as they are called once remembered."""
    return _text("was|").concat(sa.func.substr(who, 5))


def _living(who: Expr) -> Expr:
    """The other way about."""
    return _text("key|").concat(sa.func.substr(who, 5, type_=sa.Text()))


def _text(said: str) -> Expr:
    return sa.literal(said, sa.Text())
