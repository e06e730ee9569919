"""Who somebody is: what they are named by, the rows that have it alone, what these rows have, until nothing is new.

The one place where it is worked out whom a name means (spec/identity.md §3), however the sources are asked: by reading
them whole, by an evaluation, or by an index. An identifier that several rows of a source have, which may be of one
company, links nobody: it and they are only perhaps the person's. Of rows that a reviewer has taken in nothing else is
learned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ombud.app.held import is_one_of
from ombud.app.loaded import Digest, Loaded, Refused
from ombud.app.naming import SUBJECT, by_identifier, identifier_of, row_of, written_key
from ombud.claims.world import Owners, Remembered
from ombud.documents.extract import About
from ombud.engine.answering import Bearer
from ombud.engine.people import Held
from ombud.engine.saying import Meant
from ombud.terms import Finding, IdRef, KeyRef, Ref

Named = tuple[str, str, str]
"""A row by its source, table and key as it is written."""


@dataclass(frozen=True, slots=True)
class Called:
    """By what somebody is called, as it is written: `texts` are KIND=VALUE or SOURCE/TABLE/KEY, `taken` rows that
    a reviewer has taken in.

    `births` say of a row, by its text, which one it was when it was named: whoever has its key since is another. `refs`
    are known to be theirs whatever can still be read.
    """

    texts: tuple[str, ...]
    taken: tuple[str, ...] = ()
    births: tuple[tuple[str, str], ...] = ()
    refs: frozenset[Ref] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The same, read: identifiers as hashes, each as it is written; rows, each with its birth where that is known."""

    held: Mapping[Held, object] = field(repr=False)
    rows: Mapping[Named, str | None] = field(default_factory=dict)
    taken: Mapping[Named, str | None] = field(default_factory=dict)
    refs: frozenset[Ref] = frozenset()

    @property
    def asked(self) -> frozenset[IdRef]:
        return frozenset(IdRef(*each) for each in self.held)

    @property
    def decided(self) -> Mapping[Named, str | None]:
        """Every row of which it is said that it is the person's."""
        return {**self.taken, **self.rows}


@dataclass(frozen=True, slots=True)
class Known:
    """By which refs somebody is certainly known, and by which they may be meant, for others have them too.

    `values` are the identifiers among the first, as they are written, where that is known.
    """

    refs: frozenset[Ref]
    maybe: frozenset[Ref] = frozenset()
    values: Mapping[Held, object] = field(default_factory=dict, repr=False)

    @property
    def known(self) -> frozenset[Ref]:
        return self.refs | self.maybe

    def certainly(self, owners: Owners) -> bool:
        """Whether one of these owners is certainly the person."""
        return any(is_one_of(each, self.refs) for each in owners.certain)

    def perhaps(self, owners: Owners) -> bool:
        """Whether one of them may be."""
        uncertain = (each for each in owners.certain if isinstance(each, Remembered) and each.maybe & self.known)
        either = (each for each in owners.candidates | owners.certain if is_one_of(each, self.known))
        return any(True for _ in (*either, *uncertain))


class Sources(Protocol):
    """Every source that can be asked. Raises Refused where a row's name fits several."""

    def rows(self, rows: Collection[Named]) -> Mapping[Named, Sequence[Bearer]]:
        """The persons whose rows these are, of those that are there."""

    def bearers(self, held: Mapping[Held, object]) -> Iterable[Mapping[Held, Sequence[Bearer]]]:
        """Whoever has one of these identifiers, source by source."""


def wanted(loaded: Loaded, called: Called) -> Wanted:
    """What is written, read. Raises Refused; the message never repeats a value."""
    digest: Digest = loaded.keys()[0]
    held = dict[Held, object]()
    rows: list[str] = []
    for text in called.texts:
        if "=" in text:
            kind, value = identifier_of(loaded, text)
            held[kind, digest(kind, value)] = value
        else:
            rows.append(text)
    if any(not found for _, found in held):
        raise Refused(Finding("C061", SUBJECT, "this names nobody", by_identifier(loaded)))
    births = dict(called.births)
    return Wanted(
        held,
        {row_of(loaded, text): births.get(text) for text in rows},
        {row_of(loaded, text): births.get(text) for text in called.taken},
        called.refs,
    )


def known(every: Sequence[Wanted], sources: Sources, *, former: bool = True) -> list[Person]:
    """Each of these persons, as far as the sources tell; every source is asked about all of them at once.

    Unless `former`, nothing is learned from what a row is remembered to have had.
    """
    looking = [Person(dict(each.held), former, refs=set(each.refs)) for each in every]
    decided = {row: None for each in every for row in each.decided}
    bearing = sources.rows(decided) if decided else {}
    for each, person in zip(every, looking, strict=True):
        for row, birth in each.decided.items():
            for bearer in bearing.get(row, ()):
                if birth is None or bearer.ref.birth == birth:
                    person.is_theirs(bearer, learning=row in each.rows)
    while fresh := {held: value for each in looking for held, value in each.waiting.items()}:
        answers = list(sources.bearers(fresh))
        for person in looking:
            person.heard(answers)
    return looking


@dataclass
class Person:
    """One person, as far as they are known; `waiting` are identifiers of theirs that were not asked about yet.

    `own` are those that stand on a row certainly theirs, each with its source; `others` those of who else may be meant.
    """

    waiting: dict[Held, object]
    former: bool = True
    done: dict[Held, object] = field(default_factory=dict)
    refs: set[Ref] = field(default_factory=set)
    maybe: set[Ref] = field(default_factory=set)
    own: dict[Held, str] = field(default_factory=dict)
    others: set[Held] = field(default_factory=set)

    @property
    def known(self) -> Known:
        """By which refs they are known."""
        refs = frozenset(self.refs)
        values = {each: value for each, value in self.done.items() if IdRef(*each) in refs}
        return Known(refs, frozenset(self.maybe - refs), values)

    @property
    def meant(self) -> Meant:
        """The same, as a source is asked."""
        return Meant(frozenset(self.refs), frozenset(self.maybe - self.refs))

    @property
    def about(self) -> About:
        """Whom it is about, for whoever asks further."""
        bearing = (ref for ref in self.refs | self.maybe if isinstance(ref, KeyRef))
        persons = sorted(bearing, key=lambda ref: (ref.source, ref.subject, written_key(ref.key)))
        ever = frozenset(IdRef(*held) for held in {*self.done, *self.others})
        return About(tuple(persons), {IdRef(*held): source for held, source in self.own.items()}, ever)

    def is_theirs(self, bearer: Bearer, *, learning: bool = True) -> None:
        """The row is the person, and, where anything is learned from it, what it has leads on."""
        self.refs.add(bearer.ref)
        if not learning:
            self.others.update(_held(bearer))
            return
        for kind, digest, value in bearer.identifiers:
            if (kind, digest) not in bearer.former:
                self.own.setdefault((kind, digest), bearer.ref.source)
            elif not self.former:
                self.others.add((kind, digest))
                continue
            if (kind, digest) not in self.done:
                self.waiting[kind, digest] = value

    def heard(self, answers: Iterable[Mapping[Held, Sequence[Bearer]]]) -> None:
        """What every source has said of who has the identifiers that were waiting."""
        fresh, self.waiting = self.waiting, {}
        self.done |= fresh
        found = [(held, answer.get(held, ())) for answer in answers for held in fresh]
        shared = {held for held, bearing in found if any(bearer.shared for bearer in bearing)}
        self.maybe |= {IdRef(*held) for held in shared}
        self.maybe |= {bearer.ref for held, bearing in found if held in shared for bearer in bearing}
        self.refs |= {IdRef(*held) for held in fresh if held not in shared}
        for held, bearing in found:
            for bearer in bearing:
                if held in shared:
                    self.others.update(_held(bearer))
                else:
                    self.is_theirs(bearer)


def _held(bearer: Bearer) -> Iterator[Held]:
    yield from ((kind, digest) for kind, digest, _ in bearer.identifiers)
