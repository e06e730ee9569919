"""What is kept of people when their rows go: refs of the remembered, identifiers that a living row loses, shared ones.

Identifiers are brought to one form in Python, so these memos are written from here (`spec/claims.md` §6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import Subject, Table
from ombud.engine.consents import Spoken, named_in
from ombud.engine.people import Finder, People, Person
from ombud.plan.naming import IDENTIFIER, SHARED
from ombud.sql.names import Names
from ombud.sql.read import some
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

    def remember(self, connection: sa.Connection) -> bool:
        """Write what this batch calls for; whether anything was written."""
        table = self.rememberer.table
        wrote = False
        for subject in self.names.source.subjects.values():
            if subject.table == table.name:
                wrote |= self._shared(connection, subject)
            wrote |= self._lost(connection, subject)
        return self._spoken(connection, table) or wrote

    def _shared(self, connection: sa.Connection, subject: Subject) -> bool:
        """Whoever had an identifier together with a row that goes keeps knowing that it was not theirs alone."""
        table = self.names.source.tables[subject.table]
        row, person = self.names.row(subject.table), self.names.person_of(subject.name).alias()
        chosen = sa.select(person.c.person).where(
            self.names.same_key(person, table.name, row), self.rememberer.goes(row)
        )
        going = set(connection.execute(chosen).scalars())
        by_number = {p.number: p for p in self.people.rows.values()} if going else {}
        found = {
            (other, held)
            for number in going
            for held in self.people.identifiers.get(number, ())
            for other in self.people.others_with(by_number[number], held)
        }
        for other, (kind, digest) in found:
            self._keep(connection, other, SHARED, kind, digest)
        return bool(found)

    def _lost(self, connection: sa.Connection, subject: Subject) -> bool:
        """A living row of a subject keeps the identifiers that are blanked, or that go with a row of their own."""
        wrote = False
        for place in subject.identifiers:
            standing_in = place.child or subject.table
            if standing_in != self.rememberer.table.name:
                continue
            row = self.names.row(subject.table)
            chosen, value, each = self.finder.standing(subject, place, row)
            changed = [*self.rememberer.blanks(place.column, each)]
            if place.child is not None:
                changed.append(self.rememberer.goes(each))
            else:
                changed = [sa.and_(c, sa.not_(self.rememberer.goes(row))) for c in changed]
            if not changed:
                continue
            key = [row.c[c] for c in self.names.source.tables[subject.table].key]
            company = self.finder.read.company_name(self.names.source.tables[subject.table], row)
            about = (*key, self.names.who(subject.name, row), company, value)
            for *parts, who, whose, raw in connection.execute(
                chosen.with_only_columns(*about).where(sa.or_(*changed))
            ).all():
                digest = self.finder.digest(place.kind, raw)
                if digest:
                    person = self.people.row_of(subject.name, tuple(parts), who, whose)
                    self._keep(connection, person, IDENTIFIER, place.kind, digest)
                    wrote = True
        return wrote

    def _keep(self, connection: sa.Connection, person: Person, rule: str, kind: str, digest: str) -> None:
        memo = self.names.memo(self.names.source.subjects[person.subject].table)
        birth = named_in(person.who).birth
        own: dict[str, Any] = {f"k{n}": part for n, part in enumerate(person.key)}
        own |= {"birth": birth, "rule": rule, "state": kind, "named": digest}
        known = sa.select(sa.literal_column("1")).where(*(memo.c[c] == value for c, value in own.items())).limit(1)
        if connection.execute(known).first() is None:
            connection.execute(memo.insert().values(own))

    def _spoken(self, connection: sa.Connection, table: Table) -> bool:
        """What the consent columns of rows that go have said stays said."""
        rows = [
            {"who": who, "purpose": purpose, "company": company, "act": act.value, "day": day.isoformat()}
            for who, _, purpose, company, act, day in Spoken(self.finder).of(connection, table, self.rememberer.goes)
        ]
        said = self.names.said
        known = {tuple(r) for r in connection.execute(sa.select(said))} if rows else set()
        fresh = {tuple(row.values()): row for row in rows if tuple(row.values()) not in known}
        if fresh:
            connection.execute(said.insert(), list(fresh.values()))
        return bool(fresh)

    # --- refs of the remembered --------------------------------------------------------------------------------

    def name_people(self, connection: sa.Connection) -> bool:
        """Write the refs of newly remembered persons, so that a later mark still finds them."""
        names, ref = self.names, self.names.ref.alias()
        columns = [names.said.c.who]
        columns += [names.memo(t.name).c.who for t in names.source.tables.values() if t.key]
        found: set[str] = set()
        for who in columns:
            new = sa.select(who).where(who.is_not(None), sa.not_(some(ref, ref.c.who == who)))
            found.update(connection.execute(new.distinct()).scalars())
        rows = [row for who in sorted(found) for row in self._refs(who)]
        if rows:
            connection.execute(names.ref.insert(), rows)
        return bool(rows)

    def _refs(self, who: str) -> Iterator[dict[str, Any]]:
        own = named_in(who)
        yield {"who": who, "scope": own.scope, "value": own.value, "birth": own.birth, "certain": 1}
        person = self._by_who.get(who)
        if person is None:
            return
        for held in self.people.identifiers.get(person.number, ()):
            certain = not self.people.is_shared(person, held)
            yield {"who": who, "scope": f"id/{held[0]}", "value": held[1], "birth": "", "certain": int(certain)}

    @property
    def _by_who(self) -> dict[str, Person]:
        return {person.who: person for person in self.people.rows.values()}
