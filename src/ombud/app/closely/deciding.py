"""What becomes of some persons' rows in one source: worked out by the oracle, over a closed set of rows.

It serves rows of which nothing is remembered yet, and persons of whom nothing is (`Unclear` says so of others).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.app.closely.closing import Closing, Key
from ombud.claims.read import Reading, Row, birth_stamp
from ombud.claims.sweep import swept
from ombud.claims.theirs import theirs
from ombud.claims.world import Memo, RowId, Values, World
from ombud.datamap.model import DataMap
from ombud.engine.gathering import Unclear
from ombud.engine.lookups import Lookup, Lookups
from ombud.engine.persons import Seeker
from ombud.engine.sidecar import StoredRef, stored
from ombud.engine.sweep import Sweep
from ombud.sql.gather import Slot
from ombud.sql.names import SEPARATOR, Names
from ombud.terms import Act, IdRef, KeyRef, Mark, Outcome, Ref, Verdict

MOST = 2_000
"""Rows that belong together, past which an evaluation by the database is quicker than the oracle."""


@dataclass(frozen=True)
class Outcomes:
    """The rows that were looked at, which of them are the persons', and what becomes of each."""

    look: Reading
    theirs: frozenset[Row]
    verdicts: Mapping[RowId, Verdict]
    memos: Mapping[RowId, Memo]

    def goes(self, row: Row) -> bool:
        return self.verdicts[row.id].outcome is Outcome.DELETE


@dataclass
class Deciding:
    """Of the persons of one sweep, inside an open transaction. Raises Unclear where more has a say than rows tell."""

    sweep: Sweep
    seeker: Seeker
    most: int = MOST

    def __post_init__(self) -> None:
        evaluation = self.seeker.evaluation
        self.statements, self.names = evaluation.statements, evaluation.names
        self.closing = Closing(self.statements, self.sweep.read, self.sweep.digest, self.most)

    def decide(self, *, lock: bool) -> Outcomes:
        """What becomes of their rows today. `lock`: all that was looked at is locked, so that it may be carried out."""
        close = self.closing.locked if lock else self.closing.closed
        rows = close(self._keys(), self.seeker.asked.values)
        self._check_births(rows)
        marks = self._marks(rows)
        source, read = self.names.source, self.sweep.read
        tables = {name: tuple(found.values()) for name, found in rows.items()}
        world = World({source.source: tables}, {source.source: self.names.schema})
        look = Reading(self.sweep.policy, DataMap({source.source: source}), world, marks, read.today, self.sweep.digest)
        refs = self._refs(rows)
        after, judged = swept(look, refs)
        return Outcomes(look, theirs(look, refs), judged, after.memo)

    # --- who is meant ---------------------------------------------------------------------------------------------

    def _keys(self) -> Iterator[tuple[str, Key]]:
        """The rows that the refs name."""
        source = self.names.source
        for ref in self.seeker.asked.refs:
            if isinstance(ref, KeyRef) and ref.source == source.source and ref.subject in source.subjects:
                table = source.tables[source.subjects[ref.subject].table]
                if len(ref.key) == len(table.key):
                    families = (self.names.family(table.name, column) for column in table.key)
                    yield table.name, tuple(map(_typed, ref.key, families))

    def _refs(self, rows: Mapping[str, Mapping[Key, Values]]) -> frozenset[Ref]:
        """The refs, with keys as the driver returns them."""
        there = self._persons(rows)
        refs: set[Ref] = set()
        for each in self.seeker.refs:
            if each.scope.startswith("id/"):
                refs.add(IdRef(each.scope[3:], each.value))
            elif ref := there.get(each):
                refs.add(ref)
        return frozenset(refs)

    def _persons(self, rows: Mapping[str, Mapping[Key, Values]]) -> dict[StoredRef, KeyRef]:
        """Every row of a subject, by how the sidecar writes it."""
        source = self.names.source
        refs = (
            KeyRef(source.source, subject.name, key, self.closing.births[subject.table, key])
            for subject in source.subjects.values()
            for key in rows.get(subject.table, ())
        )
        return {stored(ref): ref for ref in refs}

    # --- what is said of them, and remembered ---------------------------------------------------------------------

    def _check_births(self, rows: Mapping[str, Mapping[Key, Values]]) -> None:
        """A birth is a text: what is remembered by it has to be written as the database writes it."""
        source = self.names.source
        for name, found in rows.items():
            table = source.tables.get(name)
            for key, values in found.items() if table else ():
                assert table is not None
                if birth_stamp(Row(source.source, table, key, values)) != self.closing.births[name, key]:
                    raise Unclear("a birth that is written otherwise than it is read")

    def _marks(self, rows: Mapping[str, Mapping[Key, Values]]) -> list[Mark]:
        """The marks of whoever is among these rows. Raises Unclear where something is remembered of rows or persons."""
        persons = self._persons(rows)
        held = {IdRef(kind, digest) for kind, digest in self.closing.known}
        values = sorted({each.value for each in (*persons, *map(stored, held))})
        named = [f"{ref.subject}|{ref.birth}|{SEPARATOR.join(map(str, ref.key))}" for ref in persons.values()]
        who = sorted(f"{how}|{each}" for each in named for how in ("key", "was"))
        who += sorted(f"id|{ref.kind}|{ref.digest}" for ref in held)
        asked = [
            Lookup(("marks of",), partial(_marks, self.names), [(each,) for each in values]),
            Lookup(("remembered of",), partial(_remembered, self.names), [(each,) for each in values]),
            Lookup(("said of",), partial(_said, self.names), [(each,) for each in who]),
        ]
        for name in sorted(self._remembering()):
            keys = list(rows.get(name, ()))
            asked += [Lookup(("memos of", name), partial(_memos, self.names, name), keys)] if keys else []
            asked.append(Lookup(("memos naming", name), partial(_naming, self.names, name), [(each,) for each in who]))
        marks, *remembered = Lookups(self.statements).together(asked)
        if any(remembered):
            raise Unclear("something is remembered of these rows or persons")
        return list(self._read(marks, persons))

    def _remembering(self) -> set[str]:
        """The tables of which rows remember something."""
        evaluation = self.seeker.evaluation
        evaluation.recall()
        return evaluation.memory or set()

    def _read(self, found: Iterable[tuple[Any, ...]], persons: Mapping[StoredRef, KeyRef]) -> Iterator[Mark]:
        refs: dict[int, set[Ref]] = defaultdict(set)
        said: dict[int, tuple[str, str, str | None, str | None]] = {}
        by_key = {(ref.scope, ref.value): known.key for ref, known in persons.items()}
        for seq, scope, value, birth, *rest in found:
            said[seq] = rest[0], rest[1], rest[2], rest[3]
            if scope.startswith("id/"):
                refs[seq].add(IdRef(scope[3:], value))
            elif (scope, value) in by_key:
                refs[seq].add(KeyRef(self.names.source.source, scope[4:], by_key[scope, value], birth))
        for seq, (day, act, purpose, company) in sorted(said.items()):
            yield Mark(seq, date.fromisoformat(day), Act(act), frozenset(refs[seq]), purpose, company)


def _typed(part: object, family: str) -> object:
    """A part of a key as the driver takes it: the register keeps what is not a number as text."""
    if isinstance(part, str) and family == "integer":
        return int(part) if part.lstrip("-").isdecimal() else None
    return part


def _slots(size: int) -> list[sa.BindParameter[Any]]:
    return [sa.bindparam(None, Slot(n), type_=sa.Text(), unique=True) for n in range(size)]


def _marks(names: Names, size: int) -> sa.Select[Any]:
    """Each ref of every mark that has one of these, with its mark."""
    ref, mine, mark = names.mark_ref.alias(), names.mark_ref.alias(), names.mark.alias()
    chosen = sa.select(ref.c.seq, ref.c.scope, ref.c.value, ref.c.birth, mark.c.day, mark.c.act, mark.c.purpose)
    chosen = chosen.add_columns(mark.c.company).where(mark.c.seq == ref.c.seq)
    return chosen.where(ref.c.seq.in_(sa.select(mine.c.seq).where(mine.c.value.in_(_slots(size)))))


def _remembered(names: Names, size: int) -> sa.Select[Any]:
    ref = names.ref.alias()
    return sa.select(ref.c.who).where(ref.c.value.in_(_slots(size))).limit(1)


def _said(names: Names, size: int) -> sa.Select[Any]:
    said = names.said.alias()
    return sa.select(said.c.who).where(said.c.who.in_(_slots(size))).limit(1)


def _naming(names: Names, table: str, size: int) -> sa.Select[Any]:
    memo = names.memo(table).alias()
    return sa.select(memo.c.rule).where(memo.c.who.in_(_slots(size))).limit(1)


def _memos(names: Names, table: str, size: int) -> sa.Select[Any]:
    memo = names.memo(table).alias()
    parts = [memo.c[f"k{n}"] for n, _ in enumerate(names.source.tables[table].key)]

    def slot(number: int, part: int) -> sa.BindParameter[Any]:
        return sa.bindparam(None, Slot(number, part), type_=sa.types.NULLTYPE, unique=True)

    if len(parts) == 1:
        same: Any = sa.type_coerce(parts[0], sa.types.NULLTYPE).in_([slot(n, 0) for n in range(size)])
    else:
        keys = (
            sa.and_(*(sa.type_coerce(k, sa.types.NULLTYPE) == slot(n, p) for p, k in enumerate(parts)))
            for n in range(size)
        )
        same = sa.or_(*keys)
    return sa.select(memo.c.rule).where(same).limit(1)
