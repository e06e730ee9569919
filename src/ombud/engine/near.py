"""Finding as many people as the rows that are looked at call for, instead of everybody.

Whoever may share an identifier with a person in scope, and whoever a memo in scope names, is put into scope as well:
then all that facts and marks say of those in scope is what they would say if everybody were known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ombud.datamap.identity import normalise
from ombud.datamap.model import IdentifierColumn, Subject
from ombud.datamap.rough import rough
from ombud.engine.consents import named_in
from ombud.engine.people import Finder, Held, living
from ombud.engine.program import Statements
from ombud.engine.scoping import Scoping
from ombud.engine.sidecar import StoredMark
from ombud.engine.states import refs
from ombud.sql.names import SEPARATOR, Names
from ombud.sql.near import HAD, WHO, Near
from ombud.sql.persons import Persons


@dataclass(frozen=True)
class Drawn:
    """What was put into scope for people's sake.

    `everybody`: it was not enough, so all people must be found. `learning`: persons are in scope whom memos name.
    """

    rows: int = 0
    everybody: bool = False
    learning: bool = False


@dataclass(frozen=True)
class Neighbours:
    """Draws into scope who must be known to judge, and to remember, the rows in it.

    `looked`: all who have one of these identifiers are. `memory`: the tables of which rows remember something, if that
    is known. `named`: whom memos of rows in scope name.
    """

    statements: Statements
    finder: Finder
    scoping: Scoping
    looked: frozenset[Held] = frozenset()
    memory: Collection[str] | None = None
    named: set[str] = field(default_factory=set)

    @property
    def names(self) -> Names:
        return self.finder.names

    @property
    def near(self) -> Near:
        return Near(self.finder.read)

    def remembered(self) -> int:
        """Draw in the persons still there whom memos of rows in scope name; how many rows are new."""
        who = set[str]()
        for table in self.names.source.tables.values():
            if self.scoping.rows[table.name] and self._remembers(table.name):
                named = self.statements.rows(("named in scope", table.name), partial(self.near.named, table))
                who |= {name for (name,) in named}
        fresh = who - self.named
        self.named.update(fresh)
        by_subject: dict[str, set[str]] = defaultdict(set)
        for own in map(named_in, map(living, fresh)):
            by_subject[own.scope].add(own.value)
        return sum(self.written(s, by_subject[f"key/{s.name}"]) for s in self._subjects())

    def refs_of_named(self) -> set[tuple[str, str]]:
        """By what those are known whom memos of rows in scope name: scope and value."""
        if not self.named:
            return set()
        self.look_for({(WHO, each) for each in self.named})
        known = self.statements.rows(("refs", True), lambda: refs(self.names, near=True))
        return {(scope, value) for _, scope, value, *_ in known}

    def draw(self, also: Iterable[StoredMark], *, all_of_them: bool) -> Drawn:
        """Draw in whoever may share an identifier with persons in scope: any, or one that a mark, or `also`, names."""
        learning = any(self._recalled(subject) for subject in self._subjects())
        every, held, had = all_of_them or learning, dict[Held, object](), set[Held]()
        for subject in self._subjects():
            asked = partial(self.near.remembered, subject)
            if self._remembers(subject.table):
                had |= {(kind, digest) for kind, digest in self.statements.rows(("had", subject.name), asked)}
            for n, place in enumerate(subject.identifiers):
                step = ("held in scope", subject.name, n)
                for (value,) in self.statements.rows(step, lambda s=subject, p=place: self.near.held(s, p)):  # type: ignore[misc]
                    if (digest := self.finder.digest(place.kind, value)) and (place.kind, digest) not in self.looked:
                        held[place.kind, digest] = value
        wanted = {*held, *had} if every else self._named({*held, *had}, also)
        if had & wanted:
            return Drawn(everybody=True, learning=learning)  # by a digest alone nobody can be looked for
        forms: dict[Held, str] = {}
        for (kind, digest), value in held.items():
            if (kind, digest) in wanted:
                looks = rough(kind).of_form(normalise(kind, value))
                if looks is None:
                    return Drawn(everybody=True, learning=learning)
                forms[kind, digest] = looks
        before = self.scoping.rows.total()
        if forms:
            self.alike(forms)
        return Drawn(self.scoping.rows.total() - before, learning=learning)

    def _named(self, held: set[Held], also: Iterable[StoredMark]) -> set[Held]:
        """Those of these identifiers that a mark names."""
        found = {(ref.scope[3:], ref.value) for mark in also for ref in mark.refs if ref.scope.startswith("id/")} & held
        if not held - found:
            return found
        self.look_for({(f"{HAD}id/{kind}", digest) for kind, digest in held})
        named = self.statements.rows(("marked", "digests"), self.near.marked)
        return found | {(scope.removeprefix("id/"), value) for scope, value in named}

    def keyed(self, subject: Subject, keys: Iterable[tuple[Any, ...]]) -> int:
        """Draw in the rows of a subject that have these keys, as its driver gives them; how many rows are new."""
        if not (keys := dict.fromkeys(keys)):
            return 0
        self._keep(subject, keys)
        return self.scoping.add(subject.table, ("found", subject.name), partial(self.near.found, subject))

    def written(self, subject: Subject, texts: Iterable[str]) -> int:
        """Draw in the rows of a subject whose keys are written so; how many rows are new.

        Whole numbers and texts are found by the key; of any other type what the database writes is read of every row.
        """
        table = self.names.source.tables[subject.table]
        read = [_FOUND.get(self.names.family(table.name, column)) for column in table.key]
        keys, others = list[tuple[Any, ...]](), set[tuple[str, str]]()
        for text in texts:
            parts = text.split(SEPARATOR) if len(read) > 1 else [text]
            key = tuple(how and how(part) for how, part in zip(read, parts, strict=False))
            if len(parts) == len(read) and None not in key:
                keys.append(key)
            else:
                others.add((f"{WHO}/{subject.name}", text))
        found = self.keyed(subject, keys)
        if others:
            self.look_for(others)
            each = Persons(self.finder.read)
            found += self.scoping.add(subject.table, ("written", subject.name), lambda: each.written(subject))
        return found

    # --- pieces ------------------------------------------------------------------------------------------------

    def _subjects(self) -> Iterable[Subject]:
        return self.names.source.subjects.values()

    def _recalled(self, subject: Subject) -> bool:
        asked = partial(self.near.recalled, subject)
        return self.memory != set() and bool(self.statements.rows(("recalled", subject.name), asked))

    def _remembers(self, table: str) -> bool:
        return self.memory is None or table in self.memory

    def alike(self, forms: dict[Held, str]) -> set[tuple[str, tuple[Any, ...]]]:
        """Draw in those who have, or had, one of these digests, of a form that looks so: subject and key of those who
        have.
        """
        kinds = {kind for kind, _ in forms}
        digests = {(HAD + kind, digest) for kind, digest in forms}
        self.look_for({(kind, looks) for (kind, _), looks in forms.items()} | {(kind, "") for kind in kinds} | digests)
        found: set[tuple[str, tuple[Any, ...]]] = set()
        for subject in self._subjects():
            if self._remembers(subject.table):
                self.scoping.add(subject.table, ("had by", subject.name), partial(self.near.had, subject))
            keys: dict[tuple[Any, ...], None] = {}
            for n, place in enumerate(subject.identifiers):
                if place.kind in kinds:
                    keys |= dict.fromkeys(self._alike(subject, n, place, forms))
            self.keyed(subject, keys)
            found |= {(subject.name, key) for key in keys}
        return found

    def _alike(
        self, subject: Subject, n: int, place: IdentifierColumn, forms: dict[Held, str]
    ) -> Iterable[tuple[Any, ...]]:
        step = ("alike", subject.name, n)
        for value, *key in self.statements.rows(step, lambda: self.near.alike(subject, place)):
            if (place.kind, self.finder.digest(place.kind, value)) in forms:
                yield tuple(key)

    def look_for(self, what: set[tuple[str, str]]) -> None:
        """Write into `alike` what is looked for."""
        self.scoping.space.clear("alike", lambda: self.names.alike)
        self.scoping.space.filled("alike")
        rows = [{"kind": kind, "rough": looks} for kind, looks in sorted(what)]
        self.statements.fill("alike", lambda: self.names.alike, rows)

    def _keep(self, subject: Subject, keys: Iterable[tuple[Any, ...]]) -> None:
        """Write keys of a subject's rows where statements find them."""
        said = {"birth": "", "kind": "", "digest": ""}
        rows = [{**{f"k{n}": part for n, part in enumerate(key)}, **said} for key in keys]
        self.scoping.space.keep(subject.table, rows)


def _whole(text: str) -> int | None:
    """A whole number as a database writes it, if it fits into one."""
    found = int(text) if re.fullmatch("-?[0-9]{1,18}", text, re.ASCII) else None
    return found if str(found) == text else None


_FOUND: Mapping[str, Callable[[str], Any]] = {"integer": _whole, "text": str}
"""How a key that is written as text is looked for, by its family."""
