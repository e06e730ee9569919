"""What a file says before anything is inherited or looked up: names are names, and each knows its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ombud.datamap.model import (
    ByIdentifier,
    Cell,
    ColumnMark,
    CompanyRule,
    Disclosed,
    EachOwner,
    Encoding,
    IdentifierColumn,
    Link,
    Match,
    MomentRule,
    ProtectedColumn,
    Provenance,
    TimeColumn,
    Where,
)
from ombud.terms import IfNone, Place


@dataclass(frozen=True, slots=True)
class ByName:
    """A subject's or a link's name where an owner is said."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Nobody:
    """The file says that the row is about nobody."""

    place: Place


Titles = Mapping[str, tuple[Mapping[str, str], Place]]
"""What columns are called in letters: by column, its title by language, and where that stands."""

OwnerWord = ByName | Nobody | EachOwner | ByIdentifier


@dataclass(frozen=True, slots=True)
class DraftCell:
    """A cell, the words of its `of`, and whether its provenance is its own word or the table's."""

    cell: Cell
    of: tuple[OwnerWord, ...] = ()
    provenance_said: bool = False


@dataclass(frozen=True, slots=True)
class DraftBinding:
    """A purpose and the names of what it reaches; None is all."""

    purpose: str
    reach: tuple[tuple[str, Place], ...] | None
    place: Place


@dataclass(frozen=True, slots=True)
class DraftMoment:
    """A moment's rule and where it stands."""

    rule: MomentRule
    place: Place


@dataclass(frozen=True, slots=True)
class DraftKind:
    """A kind of row; `purposes` None: the table's."""

    name: str
    when: Where
    purposes: tuple[DraftBinding, ...] | None
    moments: Mapping[str, DraftMoment]
    cells: Mapping[str, DraftCell]
    place: Place


@dataclass(frozen=True, slots=True)
class Links:
    """A table's links. `groups`: links by type under the name they share. `doubt`: tests that some type must pass."""

    links: Mapping[str, Link] = field(default_factory=dict)
    matches: Mapping[str, Match] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    doubt: Where = ()
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftTable:
    """A table as it is written. None is unsaid. `named`: the companies that its `company` names, and where."""

    name: str
    place: Place
    key: tuple[str, ...]
    links: Links
    owners: tuple[OwnerWord, ...] | None
    via: tuple[str, Place] | None
    company: CompanyRule | None
    purposes: tuple[DraftBinding, ...] | None
    moments: Mapping[str, DraftMoment]
    cells: Mapping[str, DraftCell]
    kinds: tuple[DraftKind, ...]
    not_personal: frozenset[str]
    born: TimeColumn | None
    born_said: bool
    grace: int
    follows: tuple[str, Place] | None
    copy_of: tuple[str, Place] | None
    marks: tuple[tuple[ColumnMark, Place], ...]
    mentions: tuple[ByIdentifier, ...]
    personal: bool
    named: Mapping[str, Place] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    disclosed: Disclosed | None = None
    titles: Titles = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftSubject:
    """A sort of person as it is written."""

    name: str
    table: str
    identifiers: tuple[tuple[IdentifierColumn, Place], ...]
    place: Place
    protected: tuple[ProtectedColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a file says for all of its tables. `names`: tables whose name in the database is another.

    `named`: the companies that `company` names, and where.
    """

    zone: str
    prefix: str = ""
    key: tuple[str, ...] = ("id",)
    encoding: Encoding | None = None
    written_in: str | None = None
    times: tuple[tuple[str, Encoding | None, str | None], ...] = ()
    absent: tuple[object, ...] = ()
    grace: int = 0
    if_none: IfNone | None = None
    provenance: Provenance | None = None
    company: CompanyRule | None = None
    values: Mapping[object, str] = field(default_factory=dict)
    named: Mapping[str, Place] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    titles: Titles = field(default_factory=dict)

    def physical(self, name: str) -> str:
        """A table's name as the database has it."""
        return self.names.get(name, self.prefix + name)

    def plain(self, name: str) -> str:
        """A table's name as the file writes it."""
        return next((ours for ours, theirs in self.names.items() if theirs == name), name.removeprefix(self.prefix))


@dataclass(frozen=True, slots=True)
class DraftSource:
    """One file's map. `children` are moments that a parent reads from a child's column: (child, name) to rule."""

    source: str
    place: Place
    conventions: Conventions
    tables: Mapping[str, DraftTable]
    subjects: Mapping[str, DraftSubject]
    purposes: tuple[DraftBinding, ...] | None
    not_personal: tuple[str, ...]
    children: Mapping[tuple[str, str], DraftMoment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the words of one table are read against: the file's conventions and every table's link names."""

    said: Conventions
    table: str
    links: Mapping[str, frozenset[str]]

    def physical(self, name: str) -> str:
        """A table's name as the database has it."""
        return self.said.physical(name)
