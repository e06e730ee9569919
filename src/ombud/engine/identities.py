"""What is kept of people when their rows go: refs of the remembered, identifiers that a living row loses, shared ones.

Identifiers are brought to one form in Python, so these memos are written from here (`spec/claims.md` §6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import IdentifierColumn, Subject, Table
from ombud.engine.consents import Spoken, named_in
from ombud.engine.evaluation import Evaluation
from ombud.engine.people import Held, living
from ombud.engine.program import Statements
from ombud.plan.naming import ADDED, IDENTIFIER, SHARED, SURE, UNSURE
from ombud.sql.dialect import Bool
from ombud.sql.names import Names
from ombud.sql.read import any_of, some
from ombud.sql.remember import Rememberer
from ombud.sql.tables import Tbl

Kept = tuple[str, tuple[Any, ...], Held]
"""Who, the key of their row, an identifier."""


class NobodyKnown(Exception):
    """A batch names persons, and nobody was looked for: it seemed that every row went that they own."""


@dataclass(frozen=True)
class Identities:
    """Remembers the people that a batch of `rememberer.table` touches, as they were when people were last found."""

    rememberer: Rememberer
    evaluation: Evaluation

    @property
    def names(self) -> Names:
        return self.evaluation.names

    @property
    def _batch(self) -> str:
        return self.rememberer.table.name

    def remember(self, statements: Statements, written: Iterable[Table]) -> None:
        """Write what this batch calls for; `written`: the tables whose rows have new memos by now."""
        for subject in self.names.source.subjects.values():
            if subject.table == self._batch:
                self._shared(statements, subject)
            for n, place in enumerate(subject.identifiers):
                if (place.child or subject.table) == self._batch:
                    self._lost(statements, subject, n, place)
        self._spoken(statements, self.rememberer.table)
        for table in written:
            self._name_people(statements, table)

    def _shared(self, statements: Statements, subject: Subject) -> None:
        """Whoever had an identifier together with a row that goes keeps knowing that it was not theirs alone."""
        people, found = self.evaluation.people, dict[str, set[Kept]]()
        for (who,) in statements.rows(("going", subject.name), lambda: self._going(subject)):
            person = people.persons.get(who)
            for held in people.identifiers.get(who, ()) if person else ():
                for other in people.others_with(person, held) if person else ():
                    found.setdefault(other.subject, set()).add((other.who, other.key, held))
        for name, kept in found.items():
            self._keep(statements, self.names.source.subjects[name], SHARED, kept)

    def _going(self, subject: Subject) -> sa.Select[Any]:
        fact = self.names.fact(subject.table).alias()
        return sa.select(fact.c.who).where(self.rememberer.fact_goes(fact))

    def _lost(self, statements: Statements, subject: Subject, n: int, place: IdentifierColumn) -> None:
        """A living row of a subject keeps the identifiers that are blanked, or that go with a row of their own."""
        finder = self.evaluation.finder

        def changes(row: Tbl, each: Tbl) -> Bool:
            blanked = any_of(self.rememberer.blanks(place.column, each))
            return blanked if place.child is None else sa.or_(blanked, self.rememberer.goes(each))

        step = ("lost", self._batch, subject.name, n)
        lost = {
            (who, tuple(key), (place.kind, digest))
            for who, _, value, *key in statements.rows(step, lambda: finder.standing(subject, place, changes))
            if (digest := finder.digest(place.kind, value))
        }
        self._keep(statements, subject, IDENTIFIER, lost)

    def _keep(self, statements: Statements, subject: Subject, rule: str, kept: set[Kept]) -> None:
        """Write memos of a subject's rows, which may be none of those looked at; those already there are left."""
        rows = [
            {
                **{f"k{n}": part for n, part in enumerate(key)},
                "birth": named_in(who).birth,
                "kind": kind,
                "digest": digest,
            }
            for who, key, (kind, digest) in kept
        ]
        if rows:
            self.evaluation.space.keep(subject.table, rows)
            self.evaluation.note_memory(subject.table)
            statements.run(("keep", subject.name, rule), lambda: [self._new(subject, rule)])

    def _new(self, subject: Subject, rule: str) -> sa.Insert:
        kept, memo = self.names.kept(subject.table), self.names.memo(subject.table)
        key = [f"k{n}" for n in range(len(self.names.source.tables[subject.table].key))]
        there = memo.alias()
        known = some(
            there, *(there.c[k] == kept.c[k] for k in key), there.c.birth == kept.c.birth, there.c.rule == rule,
            there.c.state == kept.c.kind, there.c.named == kept.c.digest,
        )  # fmt: skip
        name = ADDED + rule if self.rememberer.for_later else rule
        new = (*(kept.c[k] for k in key), kept.c.birth, sa.literal(name, sa.Text()), kept.c.kind, kept.c.digest)
        table = self.names.source.tables[subject.table]
        row = self.names.row(table.name)  # an earlier batch may have deleted whom people still know
        here = some(row, self.names.same_key(kept, table.name, row), self.names.birth(table, row) == kept.c.birth)
        told = sa.select(*new).where(sa.not_(known), here)
        return memo.insert().from_select([*key, "birth", "rule", "state", "named"], told)

    def _spoken(self, statements: Statements, table: Table) -> None:
        """What the consent columns of rows that go have said stays said."""
        spoken = Spoken(self.rememberer.judge.facts).of(statements, table, self.rememberer.goes)
        rows = {(who, purpose, company, act.value, day.isoformat()) for who, purpose, company, act, day in spoken}
        if rows:
            rows -= set(statements.rows(("said",), lambda: sa.select(self.names.said)))
        columns = ("who", "purpose", "company", "act", "day")
        said = [dict(zip(columns, row, strict=True)) for row in sorted(rows)]
        statements.fill("said", lambda: self.names.said, said)

    # --- refs of the remembered --------------------------------------------------------------------------------

    def _name_people(self, statements: Statements, table: Table) -> None:
        """Write the refs of newly remembered persons, so that a later mark still finds them."""
        step = ("unnamed", table.name)
        unnamed = [who for (who,) in sorted(statements.rows(step, lambda: self._unnamed(table)))]
        if unnamed and not self.evaluation.knows_people and not self.evaluation.trying:
            raise NobodyKnown(f"a batch of {self._batch} names persons, and nobody was looked for")
        rows = [row for who in unnamed for row in self._refs(who)]
        statements.fill("ref", lambda: self.names.ref, rows)

    def _unnamed(self, table: Table) -> sa.Select[Any]:
        """Whom the memos of its rows that are looked at name, for of others none was written."""
        memo, fact = self.names.memo(table.name).alias(), self.names.fact(table.name).alias()
        same = (memo.c[f"k{n}"] == fact.c[f"k{n}"] for n in range(len(table.key)))
        found = sa.select(memo.c.who).distinct().where(memo.c.who.is_not(None), *same).subquery()
        ref = self.names.ref.alias()
        return sa.select(found.c.who).where(sa.not_(some(ref, ref.c.who == found.c.who)))

    def _refs(self, who: str) -> Iterator[dict[str, Any]]:
        own = named_in(who)
        yield {"who": who, "scope": own.scope, "value": own.value, "birth": own.birth, "certain": SURE}
        people = self.evaluation.people
        person = people.persons.get(living(who))
        for kind, digest in people.identifiers.get(living(who), ()) if person else ():
            sure = person is not None and not people.is_shared(person, (kind, digest))
            yield {"who": who, "scope": f"id/{kind}", "value": digest, "birth": "", "certain": SURE if sure else UNSURE}
