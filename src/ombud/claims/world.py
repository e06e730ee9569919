"""The world a policy is applied to: rows, live schemas, and what was remembered of what went (spec/claims.md §6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from ombud.datamap.model import Latest, MomentRule, OwnerRule
from ombud.datamap.schema import Schema
from ombud.terms import Act, IdRef, Key, KeyRef, Moment, Ref

RowId = tuple[str, str, Key]
"""Source, table, key."""

Values = Mapping[str, Any]
"""A row as a database driver returns it."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A person by the key of their row, and by identifiers as of the day that row was last seen.

    `refs` are certainly theirs; others had `maybe` too.
    """

    refs: frozenset[Ref]
    maybe: frozenset[IdRef] = frozenset()

    @property
    def known(self) -> frozenset[Ref]:
        """All of them."""
        return self.refs | self.maybe


Person = KeyRef | IdRef | Remembered
"""A living row, the keyed hash of an identifier, or somebody remembered."""


def is_same(one: Person, other: Person) -> bool:
    """Who is remembered is the living row's person, as long as that row is there."""
    return one == other or not _keys(one).isdisjoint(_keys(other))


def _keys(person: Person) -> frozenset[Ref]:
    refs = person.refs if isinstance(person, Remembered) else frozenset({person})
    return frozenset(ref for ref in refs if isinstance(ref, KeyRef))


@dataclass(frozen=True, slots=True)
class Owners:
    """Who a row or cell is about: certain persons, candidates, and whether it might be anybody."""

    certain: frozenset[Person] = frozenset()
    candidates: frozenset[Person] = frozenset()
    open: bool = False

    def __or__(self, other: Owners) -> Owners:
        return Owners(self.certain | other.certain, self.candidates | other.candidates, self.open or other.open)

    def __bool__(self) -> bool:
        return bool(self.certain or self.candidates or self.open)


@dataclass(frozen=True, slots=True)
class Memo:
    """What a staying row was judged by and is there no more. Each judgement is kept under the rule that made it.

    `order` of a `Latest` None is the NULL that cannot be ordered. `identifiers` are a subject's own that went,
    `shared` those of its own that somebody had who went; `several` are a match and an identifier that found several
    rows of which one went.
    """

    birth: str
    company: str | None = None
    moments: Mapping[MomentRule, Moment] = field(default_factory=dict)
    latest: Mapping[Latest, tuple[Any, Moment]] = field(default_factory=dict)
    owners: Mapping[OwnerRule, Owners] = field(default_factory=dict)
    named: Mapping[OwnerRule, IdRef] = field(default_factory=dict)
    identifiers: frozenset[IdRef] = frozenset()
    shared: frozenset[IdRef] = frozenset()
    several: frozenset[tuple[str, IdRef]] = frozenset()


@dataclass(frozen=True, slots=True)
class SaidConsent:
    """What a consent column of a deleted row said of one person; without a place in the register's sequence."""

    source: str
    refs: frozenset[Ref]
    purpose: str
    company: str
    act: Act
    day: Any


@dataclass(frozen=True, slots=True)
class Told:
    """What was copied of one row of another source's subject."""

    row: KeyRef
    moment: Moment


@dataclass(frozen=True, slots=True)
class Copied:
    """What is told of another source's subject, by the digest of an identifier; `fresh` is the watermark's word."""

    fresh: bool
    told: Mapping[str, frozenset[Told]]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is judged. Rows of unmapped tables are in `tables` too.

    `imports` are by (source they come from, its subject, its moment, kind of identifier).
    """

    tables: Mapping[str, Mapping[str, tuple[Values, ...]]]
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    memo: Mapping[RowId, Memo] = field(default_factory=dict)
    said: frozenset[SaidConsent] = frozenset()
    imports: Mapping[tuple[str, str, str, str], Copied] = field(default_factory=dict)


def as_linked(value: object) -> object:
    """A value as a link compares it: a text is the whole number that it is written as, a UUID its text."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    return str(value) if isinstance(value, UUID) else value


_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,60}", re.ASCII)


def as_text(value: object) -> str:
    """A value as the database writes it as text; an instant with a zone is written in UTC. '' for NULL."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return f"{value.astimezone(UTC).replace(tzinfo=None)}+00"
    return str(value)
