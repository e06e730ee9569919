"""Who has which identifier: values as they stand in rows, brought to one form in Python, hashed, for SQL to join.

Fills the working tables `raw` and `bearer` of one evaluation (`spec/claims.md` §2, owners). A person is a text:
`key|SUBJECT|BIRTH|KEY` for a subject's row, `id|KIND|DIGEST` for a hash, `was|SUBJECT|BIRTH|KEY` for one remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import IdentifierColumn, Subject
from ombud.engine.program import Statements
from ombud.plan.naming import IDENTIFIER, SHARED
from ombud.sql.dialect import Bool
from ombud.sql.names import Names
from ombud.sql.read import Reader
from ombud.sql.tables import Tbl

Digest = Callable[[str, object], str]
"""The keyed hash of a normalised identifier: kind, raw value; '' when there is none."""

Held = tuple[str, str]
"""A kind of identifier, and a digest."""


def living(who: str) -> str:
    """A remembered person's text as it is while their row is there."""
    return who.replace("was|", "key|", 1)


@dataclass(frozen=True, slots=True)
class Person:
    """A subject's row: who, of which subject, its company if that is known, and its key."""

    who: str
    subject: str
    company: str | None
    key: tuple[Any, ...] = field(compare=False)


@dataclass
class People:
    """Everybody who has an identifier in this source, and which of them they share, or shared, with others."""

    holders: dict[Held, set[Person]] = field(default_factory=lambda: defaultdict(set))
    identifiers: dict[str, set[Held]] = field(default_factory=lambda: defaultdict(set))
    current: dict[str, set[Held]] = field(default_factory=lambda: defaultdict(set))
    """Of these, what stands where the map says that the person has it now."""
    shared: dict[str, set[Held]] = field(default_factory=lambda: defaultdict(set))
    persons: dict[str, Person] = field(default_factory=dict)

    def bears(self, person: Person, held: Held, *, former: bool = False) -> None:
        """The person has this identifier; `former`: had it, and it finds them still."""
        self.persons[person.who] = person
        self.holders[held].add(person)
        self.identifiers[person.who].add(held)
        if not former:
            self.current[person.who].add(held)

    def is_shared(self, person: Person, held: Held) -> bool:
        """Another row that may be of the same company has, or had, this identifier."""
        return held in self.shared.get(person.who, ()) or any(self.others_with(person, held))

    def others_with(self, person: Person, held: Held) -> Iterator[Person]:
        """The other rows that have this identifier and may be of the same company."""
        for other in self.holders.get(held, ()):
            one_company = person.company is None or other.company is None or other.company == person.company
            if other.who != person.who and one_company:
                yield other


@dataclass(frozen=True)
class Finder:
    """Finds people in one source, through a reader, with the secret already inside `digest`."""

    read: Reader
    digest: Digest

    @property
    def names(self) -> Names:
        return self.read.names

    def hash_raws(self, statements: Statements) -> None:
        """Every distinct identifier that stands in a row and that a rule follows, with its digest."""
        found: dict[tuple[str, str], str] = {}
        for table in self.names.source.tables.values():
            if not table.key:
                continue
            for kind, column in self.names.sheet(table.name).identifiers:
                step = ("raws", table.name, column)
                for (raw,) in statements.rows(step, lambda t=table, c=column: self._raws(t.name, c)):  # type: ignore[misc]
                    if (raw, kind) not in found:
                        found[raw, kind] = self.digest(kind, raw)
        rows = [{"raw": raw, "kind": kind, "digest": digest} for (raw, kind), digest in found.items()]
        statements.fill("raw", lambda: self.names.raw, rows)

    def _raws(self, table: str, column: str) -> sa.Select[Any]:
        row = self.names.row(table)
        text = self.names.dialect.exact(self.read.as_text(row.c[column]))
        return sa.select(text).where(row.c[column].is_not(None)).distinct()

    def people(self, statements: Statements) -> People:
        """Everybody who has an identifier; needs the facts of every subject's row up to its company."""
        people = People()
        for subject in self.names.source.subjects.values():
            for n, place in enumerate(subject.identifiers):
                step = ("standing", subject.name, n)
                found = statements.rows(step, lambda s=subject, p=place: self.standing(s, p))  # type: ignore[misc]
                for who, company, value, *key in found:
                    if digest := self.digest(place.kind, value):
                        bearer = Person(who, subject.name, company, tuple(key))
                        people.bears(bearer, (place.kind, digest), former=place.former)
            kept = statements.rows(("kept", subject.name), lambda s=subject: self._kept(s))  # type: ignore[misc]
            for who, company, rule, kind, digest, *key in kept:
                if rule == IDENTIFIER:
                    people.bears(Person(who, subject.name, company, tuple(key)), (kind, digest), former=True)
                else:
                    people.shared[who].add((kind, digest))
        return people

    def write_down(self, statements: Statements, people: People) -> None:
        """Write who has what into the working table `bearer`."""
        rows = [
            {"kind": kind, "digest": digest, "who": p.who, "subject": p.subject, "company": p.company,
             "shared": int(people.is_shared(p, (kind, digest)))}
            for (kind, digest), persons in people.holders.items()
            for p in persons
        ]  # fmt: skip
        statements.fill("bearer", lambda: self.names.bearer, rows)

    def standing(
        self, subject: Subject, place: IdentifierColumn, only: Callable[[Tbl, Tbl], Bool] | None = None
    ) -> sa.Select[Any]:
        """Who, company, value and the subject's key, of each identifier in this place; `only(row, its row)` narrows."""
        row, fact = self.names.row(subject.table), self.names.fact(subject.table).alias()
        each = row if place.child is None else self.names.row(place.child)
        holder = self.read.mapped(place.child or subject.table)
        where = [
            self.names.same_key(fact, subject.table, row),
            each.c[place.column].is_not(None),
            self.read.where(holder.name, each, place.where),
            sa.not_(self.read.is_blanked(holder, each, place.column)),
        ]
        if place.child is not None and place.link is not None:
            where.append(self.read.points(place.child, holder.links[place.link], each, row))
        if only is not None:
            where.append(only(row, each))
        return sa.select(fact.c.who, fact.c.company, each.c[place.column], *self._key(subject, row)).where(*where)

    def _key(self, subject: Subject, row: Tbl) -> list[sa.ColumnElement[Any]]:
        """The key as the driver gives it, to be given back to it."""
        return [sa.type_coerce(row.c[c], sa.types.NULLTYPE) for c in self.read.mapped(subject.table).key]

    def _kept(self, subject: Subject) -> sa.Select[Any]:
        """What is remembered of a subject's living rows: who, company, kept or shared, kind, digest, key."""
        fact, memo = self.names.fact(subject.table).alias(), self.names.memo(subject.table).alias()
        row, key = self.names.row(subject.table), self.names.source.tables[subject.table].key
        same = [memo.c[f"k{n}"] == fact.c[f"k{n}"] for n in range(len(key))]
        said = (fact.c.who, fact.c.company, memo.c.rule, memo.c.state, memo.c.named, *self._key(subject, row))
        return sa.select(*said).where(
            *same, memo.c.birth == fact.c.birth, memo.c.rule.in_((IDENTIFIER, SHARED)),
            self.names.same_key(fact, subject.table, row),
        )  # fmt: skip
