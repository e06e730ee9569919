"""What is kept of people when their rows go: refs of the remembered, identifiers that a living row loses, shared ones.

Identifiers are brought to one form in Python, so these memos are written from here (`spec/claims.md` §6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import IdentifierColumn, Subject, Table
from ombud.engine.consents import Spoken, named_in
from ombud.engine.people import Finder, Held, People
from ombud.plan.naming import IDENTIFIER, SHARED
from ombud.sql.dialect import Bool
from ombud.sql.names import Names, Tbl
from ombud.sql.read import any_of, some
from ombud.sql.remember import Rememberer


@dataclass(frozen=True)
class Identities:
    """Remembers the people that a batch of `rememberer.table` touches, as they were when `people` were found."""

    rememberer: Rememberer
    finder: Finder
    people: People

    @property
    def names(self) -> Names:
        return self.finder.names

    def remember(self, connection: sa.Connection) -> None:
        """Write what this batch calls for."""
        for subject in self.names.source.subjects.values():
            if subject.table == self.rememberer.table.name:
                self._shared(connection, subject)
            for place in subject.identifiers:
                if (place.child or subject.table) == self.rememberer.table.name:
                    self._lost(connection, subject, place)
        self._spoken(connection, self.rememberer.table)
        self._name_people(connection)

    def _shared(self, connection: sa.Connection, subject: Subject) -> None:
        """Whoever had an identifier together with a row that goes keeps knowing that it was not theirs alone."""
        fact = self.names.fact(subject.table).alias()
        going = connection.execute(sa.select(fact.c.who).where(self.rememberer.fact_goes(fact))).scalars().all()
        found: dict[str, set[tuple[str, Held]]] = {}
        for who in going:
            person = self.people.persons.get(who)
            for held in self.people.identifiers.get(who, ()) if person else ():
                for other in self.people.others_with(person, held) if person else ():
                    found.setdefault(other.subject, set()).add((other.who, held))
        for name, kept in found.items():
            self._keep(connection, self.names.source.subjects[name], SHARED, kept)

    def _lost(self, connection: sa.Connection, subject: Subject, place: IdentifierColumn) -> None:
        """A living row of a subject keeps the identifiers that are blanked, or that go with a row of their own."""

        def changes(row: Tbl, each: Tbl) -> Bool:
            blanked = any_of(self.rememberer.blanks(place.column, each))
            return blanked if place.child is None else sa.or_(blanked, self.rememberer.goes(each))

        lost = {
            (who, (place.kind, digest))
            for who, _, value in self.finder.standing(connection, subject, place, changes)
            if (digest := self.finder.digest(place.kind, value))
        }
        self._keep(connection, subject, IDENTIFIER, lost)

    def _keep(self, connection: sa.Connection, subject: Subject, rule: str, kept: set[tuple[str, Held]]) -> None:
        """Write memos of a subject's rows, found by who they are; those already there are left."""
        fact, memo = self.names.fact(subject.table).alias(), self.names.memo(subject.table)
        key = [f"k{n}" for n in range(len(self.names.source.tables[subject.table].key))]
        for who, (kind, digest) in sorted(kept):
            there = memo.alias()
            same = [there.c[k] == fact.c[k] for k in key]
            known = some(
                there, *same, there.c.birth == fact.c.birth, there.c.rule == rule, there.c.state == kind,
                there.c.named == digest,
            )  # fmt: skip
            texts = [sa.literal(t, sa.Text()) for t in (rule, kind, digest)]
            told = sa.select(*(fact.c[k] for k in key), fact.c.birth, *texts).where(fact.c.who == who, sa.not_(known))
            connection.execute(memo.insert().from_select([*key, "birth", "rule", "state", "named"], told))

    def _spoken(self, connection: sa.Connection, table: Table) -> None:
        """What the consent columns of rows that go have said stays said."""
        spoken = Spoken(self.rememberer.judge.facts).of(connection, table, self.rememberer.goes)
        rows = {(who, purpose, company, act.value, day.isoformat()) for who, purpose, company, act, day in spoken}
        if not rows:
            return
        said = self.names.said
        rows -= {tuple(row) for row in connection.execute(sa.select(said))}
        if rows:
            connection.execute(said.insert(), [dict(zip(said.c.keys(), row, strict=True)) for row in sorted(rows)])

    # --- refs of the remembered --------------------------------------------------------------------------------

    def _name_people(self, connection: sa.Connection) -> None:
        """Write the refs of newly remembered persons, so that a later mark still finds them."""
        names, ref = self.names, self.names.ref.alias()
        columns = [names.memo(t.name).c.who for t in names.source.tables.values() if t.key]
        found: set[str] = set()
        for who in columns:
            new = sa.select(who).where(who.is_not(None), sa.not_(some(ref, ref.c.who == who)))
            found.update(connection.execute(new.distinct()).scalars())
        rows = [row for who in sorted(found) for row in self._refs(who)]
        if rows:
            connection.execute(names.ref.insert(), rows)

    def _refs(self, who: str) -> Iterator[dict[str, Any]]:
        own = named_in(who)
        yield {"who": who, "scope": own.scope, "value": own.value, "birth": own.birth, "certain": 1}
        living = who.replace("was|", "key|", 1)
        person = self.people.persons.get(living)
        for kind, digest in self.people.identifiers.get(living, ()) if person else ():
            certain = person is not None and not self.people.is_shared(person, (kind, digest))
            yield {"who": who, "scope": f"id/{kind}", "value": digest, "birth": "", "certain": int(certain)}
