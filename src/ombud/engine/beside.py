"""What a source's sidecar says of persons whose rows are gathered: marks, consents of rows that are gone, memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Imported
from ombud.engine.atlas import Atlas
from ombud.engine.consents import named_in
from ombud.engine.lookups import Lookup
from ombud.engine.sidecar import StoredRef
from ombud.engine.states import Told
from ombud.sql.gather import Slot
from ombud.sql.moments import imported_as
from ombud.sql.names import Names
from ombud.terms import Act

MARK, REF, SAID, HAD, FRESH, COPIED = "mark", "ref", "said", "had", "fresh", "copied"
"""What a line that is read is of."""


@dataclass
class Copied:
    """What was copied of moments of other sources, by the identifiers that were asked for; `days` on which it was."""

    days: dict[str, str] = field(default_factory=dict)
    told: dict[tuple[str, ...], dict[str, tuple[str, str | None]]] = field(default_factory=dict)

    def was_made(self, rule: Imported, day: date | None) -> bool:
        """It was copied on that day."""
        return day is not None and self.days.get(imported_as(rule)) == day.isoformat()

    def of(self, rule: Imported, digests: Iterable[str]) -> dict[str, tuple[str, str | None]]:
        """State and day, by whose row there has one of these identifiers."""
        found: dict[str, tuple[str, str | None]] = {}
        for digest in digests:
            found |= self.told.get((rule.source, rule.subject, rule.moment, rule.match, digest), {})
        return found


@dataclass
class Heard:
    """What is told of them, and who of them is remembered otherwise than by their rows, with why."""

    told: list[Told] = field(default_factory=list)
    remembered: dict[StoredRef, str] = field(default_factory=dict)
    copied: Copied = field(default_factory=Copied)


def beside(names: Names, atlas: Atlas, refs: Collection[StoredRef]) -> list[Lookup]:
    """The lookups that ask for it, of whoever is known by these."""
    values = [(each,) for each in sorted({ref.value for ref in refs})]
    who = [(each,) for each in sorted({name for ref in refs for name in names_of(ref)})]
    tables = tuple(dict.fromkeys(subject.table for subject in atlas.subjects))
    found = [
        Lookup(("beside",), partial(_beside, names, tables, atlas.imports), values),
        Lookup(("said of",), partial(_said, names), who),
    ]
    return [each for each in found if each.keys]


def marks_known(names: Names) -> Lookup:
    """The lookup of the number of the newest mark that the sidecar has."""
    return Lookup(("marks known",), lambda _: sa.select(names.meta.c.value).where(names.meta.c.name == "marks"))


def heard(found: Sequence[Iterable[Sequence[Any]]], refs: Collection[StoredRef]) -> Heard:
    """What these lookups found."""
    result = Heard()
    marks: dict[int, tuple[Any, ...]] = {}
    of: dict[int, set[StoredRef]] = defaultdict(set)
    known = {ref.value: ref for ref in refs if ref.scope.startswith("id/")}
    for what, seq, scope, value, birth, *said, whose in (line for lines in found for line in lines):
        day, act, purpose, company = said
        if what == SAID:
            who = frozenset({named_in(value)})
            result.told.append(Told(date.fromisoformat(day), None, Act(act), purpose, company, who))
        elif what == MARK:
            of[seq].add(StoredRef(scope, value, birth))
            marks[seq] = tuple(said)
        elif what == REF and (ref := StoredRef(scope, value, birth)) in refs:
            result.remembered[ref] = "somebody who is remembered"
        elif what == HAD and value in known:
            result.remembered[known[value]] = "somebody who is remembered"
        elif what == FRESH:
            result.copied.days[scope] = value
        elif what == COPIED:
            result.copied.told.setdefault((scope, purpose, company, birth, value), {})[whose] = (act, day)
    for seq, (day, act, purpose, company) in sorted(marks.items()):
        result.told.append(Told(date.fromisoformat(day), seq, Act(act), purpose, company, frozenset(of[seq])))
    return result


def names_of(ref: StoredRef) -> tuple[str, ...]:
    """What whoever has this ref is called where something is said of persons: living or remembered, or by a hash."""
    sort, _, scope = ref.scope.partition("/")
    own = f"{scope}|{ref.birth}|{ref.value}"
    return (f"id|{scope}|{ref.value}",) if sort == "id" else (f"key|{own}", f"was|{own}")


COLUMNS = ("seq", "scope", "value", "birth", "day", "act", "purpose", "company", "whose")


def _line(what: str, **said: Any) -> sa.Select[Any]:
    """A line of which some columns say something."""
    nothing, no = sa.cast(sa.null(), sa.Text), sa.cast(sa.null(), sa.BigInteger)
    columns = (said.get(name, no if name == "seq" else nothing) for name in COLUMNS)
    return sa.select(sa.literal(what, sa.Text()), *columns)


def _beside(names: Names, tables: Iterable[str], imports: Sequence[Imported], size: int) -> sa.CompoundSelect[Any]:
    """Each ref of every mark that has one of these, with its mark; remembered refs; digests that a living row had; and
    what was copied for a digest from other sources, with when that was.
    """
    ref, mine, mark, once = names.mark_ref.alias(), names.mark_ref.alias(), names.mark.alias(), names.ref.alias()
    of = _line(
        MARK, seq=ref.c.seq, scope=ref.c.scope, value=ref.c.value, birth=ref.c.birth, day=mark.c.day, act=mark.c.act,
        purpose=mark.c.purpose, company=mark.c.company,
    )  # fmt: skip
    of = of.where(mark.c.seq == ref.c.seq, ref.c.seq.in_(sa.select(mine.c.seq).where(mine.c.value.in_(_slots(size)))))
    remembered = _line(REF, scope=once.c.scope, value=once.c.value, birth=once.c.birth)
    found = [of, remembered.where(once.c.value.in_(_slots(size)))]
    for table in tables:
        memo = names.memo(table).alias()
        found.append(_line(HAD, value=memo.c.named).where(memo.c.named.in_(_slots(size))))
    if imports:
        meta, copy = names.meta.alias(), names.imported.alias()
        called = [imported_as(rule) for rule in imports]
        found.append(_line(FRESH, scope=meta.c.name, value=meta.c.value).where(meta.c.name.in_(called)))
        copied = _line(
            COPIED, scope=copy.c.source, value=copy.c.digest, birth=copy.c.kind, day=copy.c.day, act=copy.c.state,
            purpose=copy.c.subject, company=copy.c.moment, whose=copy.c.who,
        )  # fmt: skip
        found.append(copied.where(copy.c.digest.in_(_slots(size))))
    return sa.union_all(*found)


def _said(names: Names, size: int) -> sa.Select[Any]:
    said = names.said.alias()
    line = _line(
        SAID, value=said.c.who, day=said.c.day, act=said.c.act, purpose=said.c.purpose, company=said.c.company
    )  # fmt: skip
    return line.where(said.c.who.in_(_slots(size)))


def _slots(size: int) -> list[sa.BindParameter[Any]]:
    return [sa.bindparam(None, Slot(n), type_=sa.Text(), unique=True) for n in range(size)]
