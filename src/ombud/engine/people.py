"""Who is meant: identifiers as they stand in rows, brought to one form in Python, and the persons that have them.

Fills the working tables `match` and `is_SUBJECT` of one evaluation (`spec/claims.md` §2, owners).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import ByIdentifier, IdentifierColumn, Subject
from ombud.plan.naming import IDENTIFIER, SHARED
from ombud.sql.names import Names
from ombud.sql.owners import ANYBODY
from ombud.sql.read import ANY_COMPANY, Reader

Digest = Callable[[str, object], str]
"""The keyed hash of a normalised identifier: kind, raw value; '' when there is none."""


@dataclass(frozen=True, slots=True)
class Person:
    """A subject's row: the number it has in this evaluation, its key, how it is remembered, its company if known."""

    number: int
    subject: str
    key: tuple[Any, ...]
    who: str
    company: str | None


@dataclass
class People:
    """Everybody whom an identifier in a row, or a mark, may mean. Numbers are dense and hold for one evaluation."""

    rows: dict[tuple[str, tuple[Any, ...]], Person] = field(default_factory=dict)
    holders: dict[tuple[str, str], set[Person]] = field(default_factory=lambda: defaultdict(set))
    identifiers: dict[int, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    hashes: dict[tuple[str, str], int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)
    shared: dict[int, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    count: int = 0

    def number(self) -> int:
        self.count += 1
        return self.count

    def hash_of(self, kind: str, digest: str) -> int:
        known = self.hashes.get((kind, digest))
        if known is None:
            known = self.hashes[kind, digest] = self.number()
        return known

    def bears(self, person: Person, held: tuple[str, str]) -> None:
        """The person has this identifier, (kind, digest)."""
        self.holders[held].add(person)
        self.identifiers[person.number].add(held)

    def is_shared(self, person: Person, held: tuple[str, str]) -> bool:
        """Another row that may be of the same company has, or had, this identifier."""
        return held in self.shared.get(person.number, ()) or any(self.others_with(person, held))

    def others_with(self, person: Person, held: tuple[str, str]) -> Iterator[Person]:
        """The other rows that have this identifier and may be of the same company."""
        for other in self.holders.get(held, ()):
            one_company = person.company is None or other.company is None or other.company == person.company
            if other.number != person.number and one_company:
                yield other

    def row_of(self, subject: str, key: tuple[Any, ...], who: str, company: str | None) -> Person:
        known = self.rows.get((subject, key))
        if known is None:
            known = self.rows[subject, key] = Person(self.number(), subject, key, who, company)
        return known


@dataclass(frozen=True)
class Finder:
    """Finds people in one source, through a reader, with the secret already inside `digest`."""

    read: Reader
    digest: Digest

    @property
    def names(self) -> Names:
        return self.read.names

    def people(self, connection: sa.Connection) -> People:
        """Find everybody who has an identifier, and write down whom each identifier in a row names."""
        people = People()
        raws = self._raws(connection)
        for subject in self.names.source.subjects.values():
            for place in subject.identifiers:
                for key, who, company, value in self._held(connection, subject, place):
                    held = (place.kind, self.digest(place.kind, value))
                    if held[1]:
                        people.bears(people.row_of(subject.name, key, who, company), held)
            for key, who, company, rule, kind_digest in self._kept(connection, subject):
                kind, _, digest = kind_digest.partition("|")
                person = people.row_of(subject.name, key, who, company)
                if rule == IDENTIFIER:
                    people.bears(person, (kind, digest))
                else:
                    people.shared[person.number].add((kind, digest))
        self._write(connection, people, raws)
        return people

    def _uses(self) -> Iterator[tuple[str, str, str, str]]:
        """Table, column, kind and scope of every identifier that a rule follows."""
        for table in self.names.source.tables.values():
            for match in table.matches.values():
                yield table.name, match.column, match.kind, match.to
            rules = list(table.owners)
            for kind in table.kinds:
                for cell in kind.cells.values():
                    rules += cell.of
            for rule in rules:
                if isinstance(rule, ByIdentifier):
                    yield table.name, rule.column, rule.kind, ANYBODY

    def _raws(self, connection: sa.Connection) -> dict[tuple[str, str], dict[str, str]]:
        """By kind and scope: every distinct text that stands in such a column, with its digest."""
        found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for table, column, kind, scope in dict.fromkeys(self._uses()):
            row = self.names.row(table)
            text = self.names.dialect.exact(self.read.as_text(row.c[column]))
            chosen = sa.select(text).where(row.c[column].is_not(None)).distinct()
            for raw in connection.execute(chosen).scalars():
                found[kind, scope][raw] = self.digest(kind, raw)
        return found

    def _held(
        self, connection: sa.Connection, subject: Subject, place: IdentifierColumn
    ) -> Iterator[tuple[tuple[Any, ...], str, str | None, object]]:
        """Key, who, company and value for each row of a subject that has this identifier."""
        table = self.read.mapped(subject.table)
        row = self.names.row(subject.table)
        key = [row.c[c] for c in table.key]
        about = [*key, self.names.who(subject.name, row), self.read.company_name(table, row)]
        chosen, standing, _ = self.standing(subject, place, row)
        chosen = chosen.with_only_columns(*about, standing)
        for *parts, who, company, value in connection.execute(chosen):
            yield tuple(parts), who, company, value

    def _kept(
        self, connection: sa.Connection, subject: Subject
    ) -> Iterator[tuple[tuple[Any, ...], str, str | None, str, str]]:
        """What is remembered of a subject's living rows: key, who, company, whether kept or shared, KIND|DIGEST."""
        table = self.read.mapped(subject.table)
        row, memo = self.names.row(subject.table), self.names.memo(subject.table).alias()
        about = [row.c[c] for c in table.key]
        about += [self.names.who(subject.name, row), self.read.company_name(table, row), memo.c.rule, memo.c.state]
        chosen = sa.select(*about, memo.c.named).select_from(row, memo)
        chosen = chosen.where(self.names.same_key(memo, subject.table, row), memo.c.birth == self.names.birth(table, row))
        for *key, who, company, rule, kind, digest in connection.execute(chosen.where(memo.c.rule.in_((IDENTIFIER, SHARED)))):
            yield tuple(key), who, company, rule, f"{kind}|{digest}"

    def standing(self, subject: Subject, place: IdentifierColumn, row: Any) -> tuple[Any, Any, Any]:
        """The rows of a subject that have this identifier, the column it stands in, and the row that column is of."""
        if place.child is None:
            blanked = self.read.is_blanked(self.read.mapped(subject.table), row, place.column)
            where = sa.and_(self.read.where(subject.table, row, place.where), sa.not_(blanked))
            value = row.c[place.column]
            return sa.select(value).where(value.is_not(None), where), value, row
        child = self.read.mapped(place.child)
        each = self.names.row(place.child)
        assert place.link is not None
        points = self.read.points(place.child, child.links[place.link], each, row)
        blanked = self.read.is_blanked(child, each, place.column)
        where = sa.and_(self.read.where(place.child, each, place.where), sa.not_(blanked))
        value = each.c[place.column]
        return sa.select(value).select_from(row, each).where(points, where, value.is_not(None)), value, each

    def _write(
        self, connection: sa.Connection, people: People, raws: dict[tuple[str, str], dict[str, str]]
    ) -> None:
        rows: list[dict[str, object]] = []
        for (kind, scope), values in raws.items():
            for raw, digest in values.items():
                base = {"raw": raw, "kind": kind, "scope": scope, "digest": digest}
                if not digest:
                    rows.append({**base, "company": "", "person": 0, "status": "empty", "who": ""})
                    continue
                holders = [p for p in people.holders.get((kind, digest), ()) if scope in (ANYBODY, p.subject)]
                for company in (*self.read.companies, ANY_COMPANY):
                    maybe = holders
                    if company != ANY_COMPANY:
                        maybe = [p for p in holders if p.company in (company, None)]
                    if not maybe:
                        number = people.hash_of(kind, digest)
                        rows.append({**base, "company": company, "person": number, "status": "none",
                                     "who": f"id|{kind}|{digest}"})  # fmt: skip
                        continue
                    sure = len(maybe) == 1 and maybe[0].company == company
                    rows += [
                        {**base, "company": company, "person": p.number, "status": "one" if sure else "many", "who": p.who}
                        for p in maybe
                    ]
        if rows:
            connection.execute(self.names.match.insert(), rows)

    def write_rows(self, connection: sa.Connection, people: People) -> None:
        """Write which row of which subject has which number, once everybody is known."""
        by_subject: dict[str, list[dict[str, object]]] = defaultdict(list)
        for person in people.rows.values():
            key = {f"k{n}": part for n, part in enumerate(person.key)}
            by_subject[person.subject].append({**key, "person": person.number})
        for subject, rows in by_subject.items():
            connection.execute(self.names.person_of(subject).insert(), rows)

    def by_key(
        self, connection: sa.Connection, subject: Subject, keys: Sequence[tuple[str, str]]
    ) -> Iterator[tuple[str, str, tuple[Any, ...], str, str | None]]:
        """Rows of a subject by (key text, birth stamp): these two, key, who and company of those that are there."""
        table = self.read.mapped(subject.table)
        row = self.names.row(subject.table)
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            text = self.names.key_text(subject.table, row)
            chosen = sa.select(
                text, self.names.birth(table, row), *(row.c[c] for c in table.key), self.names.who(subject.name, row),
                self.read.company_name(table, row),
            ).where(self._typed_in(subject.table, row, [k for k, _ in part], text))  # fmt: skip
            wanted = set(part)
            for key_text, birth, *rest in connection.execute(chosen):
                if (key_text, birth) in wanted:
                    yield key_text, birth, tuple(rest[:-2]), rest[-2], rest[-1]

    def _typed_in(self, table: str, row: Any, texts: Sequence[str], text: Any) -> sa.ColumnElement[bool]:
        key = self.read.mapped(table).key
        family = self.names.family(table, key[0])
        if len(key) == 1 and family == "integer":
            return row.c[key[0]].in_([int(t) for t in texts if t.lstrip("-").isdigit()])  # type: ignore[no-any-return]
        return text.in_(list(texts))  # type: ignore[no-any-return]


