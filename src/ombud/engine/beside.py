"""What a source's sidecar says of persons whose rows are gathered: marks, consents of rows that are gone, memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.engine.atlas import Atlas
from ombud.engine.consents import named_in
from ombud.engine.lookups import Lookup
from ombud.engine.sidecar import StoredRef
from ombud.engine.states import Told
from ombud.sql.gather import Slot
from ombud.sql.names import Names
from ombud.terms import Act

MARK, REF, SAID, HAD = "mark", "ref", "said", "had"
"""What a line that is read is of."""


@dataclass
class Heard:
    """What is told of them, and who of them is remembered otherwise than by their rows, with why."""

    told: list[Told] = field(default_factory=list)
    remembered: dict[StoredRef, str] = field(default_factory=dict)


def beside(names: Names, atlas: Atlas, refs: Collection[StoredRef]) -> list[Lookup]:
    """The lookups that ask for it, of whoever is known by these."""
    values = [(each,) for each in sorted({ref.value for ref in refs})]
    who = [(each,) for each in sorted(_called(refs))]
    tables = tuple(dict.fromkeys(subject.table for subject in atlas.subjects))
    found = [
        Lookup(("beside",), partial(_beside, names, tables), values),
        Lookup(("said of",), partial(_said, names), who),
    ]
    return [each for each in found if each.keys]


def marks_known(names: Names) -> Lookup:
    """The lookup of the number of the newest mark that the sidecar has."""

    def build(size: int) -> sa.Select[Any]:
        return sa.select(names.meta.c.value).where(names.meta.c.name.in_(_slots(size)))

    return Lookup(("marks known",), build, [("marks",)])


def heard(found: Sequence[Iterable[Sequence[Any]]], refs: Collection[StoredRef]) -> Heard:
    """What these lookups found."""
    result = Heard()
    marks: dict[int, tuple[Any, ...]] = {}
    of: dict[int, set[StoredRef]] = defaultdict(set)
    known = {ref.value: ref for ref in refs if ref.scope.startswith("id/")}
    for what, seq, scope, value, birth, *mark in (line for lines in found for line in lines):
        if what == SAID:
            day, act, purpose, company = mark
            who = frozenset({named_in(value)})
            result.told.append(Told(date.fromisoformat(day), None, Act(act), purpose, company, who))
        elif what == MARK:
            of[seq].add(StoredRef(scope, value, birth))
            marks[seq] = tuple(mark)
        elif what == REF and (ref := StoredRef(scope, value, birth)) in refs:
            result.remembered[ref] = "somebody who is remembered"
        elif what == HAD and value in known:
            result.remembered[known[value]] = "somebody who is remembered"
    for seq, (day, act, purpose, company) in sorted(marks.items()):
        result.told.append(Told(date.fromisoformat(day), seq, Act(act), purpose, company, frozenset(of[seq])))
    return result


def _called(refs: Iterable[StoredRef]) -> Iterator[str]:
    """By what names whoever is known by these stands in the sidecar."""
    for ref in refs:
        sort, _, scope = ref.scope.partition("/")
        own = f"{scope}|{ref.birth}|{ref.value}"
        yield from (f"id|{scope}|{ref.value}",) if sort == "id" else (f"key|{own}", f"was|{own}")


def _beside(names: Names, tables: Iterable[str], size: int) -> sa.CompoundSelect[Any]:
    """Each ref of every mark that has one of these, with its mark; remembered refs; digests that a living row had."""
    ref, mine, mark, once = names.mark_ref.alias(), names.mark_ref.alias(), names.mark.alias(), names.ref.alias()
    nothing = sa.cast(sa.null(), sa.Text)
    of = sa.select(
        sa.literal(MARK, sa.Text()), ref.c.seq, ref.c.scope, ref.c.value, ref.c.birth, mark.c.day, mark.c.act,
        mark.c.purpose, mark.c.company,
    )  # fmt: skip
    of = of.where(mark.c.seq == ref.c.seq, ref.c.seq.in_(sa.select(mine.c.seq).where(mine.c.value.in_(_slots(size)))))
    no = sa.cast(sa.null(), sa.BigInteger)
    remembered = sa.select(
        sa.literal(REF, sa.Text()), no, once.c.scope, once.c.value, once.c.birth, nothing, nothing, nothing, nothing
    ).where(once.c.value.in_(_slots(size)))
    had = []
    for table in tables:
        memo = names.memo(table).alias()
        had.append(
            sa.select(
                sa.literal(HAD, sa.Text()), no, nothing, memo.c.named, nothing, nothing, nothing, nothing, nothing
            ).where(memo.c.named.in_(_slots(size)))
        )
    return sa.union_all(of, remembered, *had)


def _said(names: Names, size: int) -> sa.Select[Any]:
    said = names.said.alias()
    nothing = sa.cast(sa.null(), sa.Text)
    chosen = sa.select(
        sa.literal(SAID, sa.Text()), sa.cast(sa.null(), sa.BigInteger), nothing, said.c.who, nothing, said.c.day,
        said.c.act, said.c.purpose, said.c.company,
    )  # fmt: skip
    return chosen.where(said.c.who.in_(_slots(size)))


def _slots(size: int) -> list[sa.BindParameter[Any]]:
    return [sa.bindparam(None, Slot(n), type_=sa.Text(), unique=True) for n in range(size)]
