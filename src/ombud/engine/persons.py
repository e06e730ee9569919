"""The rows of some persons: found from their keys and identifiers, worked out with all that judges them, and chosen.

A person is reached as by a mark (`spec/claims.md` §3), certainly. What is found first may be more than theirs; whom the
rows are about, once that is known, chooses.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from ombud.datamap.identity import normalise
from ombud.datamap.model import Subject
from ombud.datamap.rough import rough
from ombud.engine.consents import named_in
from ombud.engine.evaluation import Evaluation
from ombud.engine.near import Neighbours
from ombud.engine.people import Held, living
from ombud.engine.sidecar import StoredMark, StoredRef, stored
from ombud.plan.naming import SURE
from ombud.sql.names import SEPARATOR, Names
from ombud.sql.near import HAD, WHO
from ombud.sql.persons import Persons
from ombud.sql.theirs import Theirs
from ombud.terms import Act, IdRef, KeyRef, Ref


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is meant: refs, and the identifiers among them as they are written, kind and value, where the caller knows.

    By a value an index finds who has it; by a hash alone, everybody's identifiers are read.
    """

    refs: frozenset[Ref]
    values: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Seeker:
    """Looks for the rows of some persons in one source, inside the open transaction of an evaluation."""

    evaluation: Evaluation
    asked: Asked
    _owning: Counter[str] = field(default_factory=Counter, init=False, repr=False, compare=False)
    """The rows found as owners are, by table: whatever they own was found."""

    @property
    def names(self) -> Names:
        return self.evaluation.names

    @property
    def persons(self) -> Persons:
        return Persons(self.evaluation.read)

    @cached_property
    def refs(self) -> frozenset[StoredRef]:
        """Those that mean somebody in this source, as its sidecar writes them."""
        digest = self.evaluation.digest
        held = {IdRef(kind, found) for kind, value in self.asked.values if (found := digest(kind, value))}
        own = (r for r in self.asked.refs if not isinstance(r, KeyRef) or r.source == self.names.source.source)
        return frozenset(map(stored, {*held, *own}))

    @cached_property
    def forms(self) -> dict[Held, str] | None:
        """What the identifiers look like that persons here can have; None where that is not known of one of them."""
        kinds = {place.kind for s in self._subjects() for place in s.identifiers}
        digest, found = self.evaluation.digest, dict[Held, str]()
        for kind, value in self.asked.values:
            looks = rough(kind).of_form(normalise(kind, value)) if kind in kinds else None
            if looks is not None:
                found[kind, digest(kind, value)] = looks
        wanted = {held for held in self._held() if held[0] in kinds}
        return found if wanted <= found.keys() else None

    # --- looking -----------------------------------------------------------------------------------------------

    def look(self, lock: Callable[[], None] | None = None) -> None:
        """Work out the facts of every row that is, or may be, about them, and of all that these are judged by.

        `lock`: of what they judge, too, once all is locked, so that it may be changed.
        """
        as_mark = StoredMark(0, self.evaluation.read.today, Act.RESUMED, None, None, self.refs)
        seek, looked = self.seek_all if lock else self.seek, frozenset(self.forms or ())
        self.evaluation.look_at_persons(seek, as_mark, searchable=self.forms is not None, lock=lock, looked=looked)

    def seek_all(self) -> None:
        """Put into scope what is, or may be, about them, and whatever points at it."""
        scoping, found = self.evaluation.scoping, self.seek()
        for table in [t for t in self.names.source.tables.values() if found[t.name]]:
            new = found[table.name] != self._owning[table.name]
            for step, other, pointing in self.persons.pointing(table, owned_too=new):
                scoping.add(other.name, ("pointing", *step), pointing)

    def seek(self) -> Counter[str]:
        """Put into scope what is, or may be, about them; how many rows, by table. Needs the people, if all are found.

        The scope tables hold their keys, until they are widened.
        """
        scoping = self.evaluation.scoping
        self._seed()
        named = any(self.persons.named_by(cells=False)) or any(self.persons.named_by(cells=True))
        if named or self.evaluation.memory:
            known = {who for s in self._subjects() for (who,) in self._rows("persons", s, self.persons.who)}
            once = self._once_known()
            self._look_for({*self._was(known), *once}, self._digests(known))
        for name in sorted(self.evaluation.memory or ()):
            found = partial(self.persons.remembering, self.names.source.tables[name])
            scoping.add(name, ("remembering", name), found)
        self._name(cells=False)
        scoping.along("owned", lambda table: self.persons.owned(table, cells=False))
        self._owning.clear()
        self._owning.update(scoping.rows)
        self._name(cells=True)
        for table in [t for t in self.names.source.tables.values() if scoping.rows[t.name]]:
            for step, other, owned in self.persons.owned(table, cells=True):
                scoping.add(other.name, ("cells", *step), owned)
        scoping.along("follow", self.persons.following)
        return scoping.rows.copy()

    def _seed(self) -> None:
        """The rows of subjects that are named by key, or have one of the identifiers."""
        neighbours, people = self._neighbours, self.evaluation.people
        if self.evaluation.everybody:
            keys: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
            for held in self._held():
                for person in people.holders.get(held, ()):
                    keys[person.subject].add(person.key)
            for subject in self._subjects():
                neighbours.keyed(subject, keys[subject.name])
        by_key = {(ref.scope.removeprefix("key/"), ref.value) for ref in self.refs if ref.scope.startswith("key/")}
        if not self.evaluation.everybody and self.forms:
            for name, key in neighbours.alike(self.forms):
                by_key.discard((name, SEPARATOR.join(map(str, key))))
        self._called(by_key)

    def _called(self, rows: Iterable[tuple[str, str]]) -> None:
        """The rows of these subjects and keys, which are texts."""
        by_subject: dict[str, set[str]] = defaultdict(set)
        for name, text in rows:
            by_subject[name].add(text)
        for subject in self._subjects():
            self._neighbours.written(subject, by_subject[subject.name])

    def _once_known(self) -> set[str]:
        """Who is remembered of whom the refs are, and were; those still there are looked at, to learn of them."""
        if not self.evaluation.memory:
            return set()
        self._look_for((), {(ref.scope, ref.value) for ref in self.refs})
        once = {who for who, *_ in self._answers("once known", self.persons.once_known)}
        there = [named_in(living(who)) for who in once if who.startswith("was|")]
        self._called((own.scope.removeprefix("key/"), own.value) for own in there)
        return once

    def _digests(self, known: set[str]) -> set[Held]:
        """Of every identifier by which rows may name them, where rows do."""
        people = self.evaluation.people
        return {*self._held(), *(held for who in known for held in people.identifiers.get(who, ()))}

    def _name(self, *, cells: bool) -> None:
        for table, rule in self.persons.named_by(cells=cells):
            step = ("naming", table.name, rule.kind, rule.column)
            self.evaluation.scoping.add(table.name, step, partial(self.persons.naming, table, rule))

    # --- choosing ----------------------------------------------------------------------------------------------

    def choose(self) -> Counter[str]:
        """Write down which of the rows worked out are theirs, or follow one that is; how many, by table."""
        space, theirs, facts = self.evaluation.space, Theirs(self.evaluation.facts), self.evaluation.facts
        space.clear_all((name, partial(getattr, self.names, name), 1) for name in ("asked", "chosen"))
        for name in ("asked", "chosen"):
            space.filled(name)
        statements, rows = self.evaluation.statements, Counter[str]()
        reached = [{"who": who} for who in sorted({*self._reached()})]
        statements.fill("asked", lambda: self.names.asked, reached)
        tables = [t for t in self.names.source.tables.values() if t.personal and t.key]
        statements.run(("theirs",), lambda: theirs.about(tables))
        for name, found in statements.rows(("rows of theirs",), theirs.rows):
            rows[name] = int(found)
        for table in sorted(tables, key=facts.remove):
            follows = facts.followed(table)
            if follows and self.evaluation.rows[table.name] and rows[table.links[follows].to]:
                following = ("theirs following", table.name)
                rows[table.name] += statements.run(following, lambda t=table: [theirs.following(t)])  # type: ignore[misc]
        return rows

    def _reached(self) -> Iterator[str]:
        """Whom the refs certainly reach: living, remembered, or known by a hash alone."""
        people = self.evaluation.people
        for ref in self.refs:
            sort, _, scope = ref.scope.partition("/")
            if sort == "key":
                yield from (f"{how}|{scope}|{ref.birth}|{ref.value}" for how in ("key", "was"))
                continue
            yield f"id|{scope}|{ref.value}"
            for person in people.holders.get((scope, ref.value), ()):
                if not people.is_shared(person, (scope, ref.value)):
                    yield from (person.who, *self._was((person.who,)))
        if not self.evaluation.memory:
            return
        self._look_for((), {(ref.scope, ref.value) for ref in self.refs})
        for who, scope, value, birth, certain in self._answers("once known", self.persons.once_known):
            if certain == SURE and StoredRef(scope, value, birth) in self.refs:
                yield who

    # --- pieces ------------------------------------------------------------------------------------------------

    @property
    def _neighbours(self) -> Neighbours:
        evaluation = self.evaluation
        return Neighbours(evaluation.statements, evaluation.finder, evaluation.scoping, memory=evaluation.memory)

    def _subjects(self) -> Iterable[Subject]:
        return self.names.source.subjects.values()

    def _held(self) -> Iterator[Held]:
        yield from ((ref.scope[3:], ref.value) for ref in self.refs if ref.scope.startswith("id/"))

    def _was(self, living: Iterable[str]) -> Iterator[str]:
        yield from (f"was|{who[4:]}" for who in living)

    def _look_for(self, who: Iterable[str], had: Iterable[tuple[str, str]]) -> None:
        self._neighbours.look_for({*((WHO, each) for each in who), *((HAD + kind, digest) for kind, digest in had)})

    def _rows(self, what: str, subject: Subject, build: Any) -> list[tuple[Any, ...]]:
        return self.evaluation.statements.rows((what, subject.name), lambda: build(subject))

    def _answers(self, what: str, build: Any) -> list[tuple[Any, ...]]:
        return self.evaluation.statements.rows((what,), build)
