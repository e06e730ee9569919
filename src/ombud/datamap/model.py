"""What a checked data map is, once inheritance and shorthand are spelled out: the one form oracle and plan read.

Everything is one hop: a row's moment, company or owner comes from its own columns, from the row a link points at,
or from the rows that point at it. Longer paths are made of these, so that a judgement can be kept per row.
What it all means is `spec/claims.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ombud.terms import IfNone, Place

# --- tests on columns -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Test:
    """The column holds one of these values, compared exactly; None among them matches NULL.

    `link` reads the column of the row that link points at (polymorphic types); a missing row matches nothing.
    """

    column: str
    values: tuple[Any, ...]
    link: str | None = None


Where = tuple[Test, ...]
"""All tests hold; the empty tuple always does."""


# --- links ------------------------------------------------------------------------------------------------------


class Gone(StrEnum):
    """What a row that stays does when the row it points at goes: lose the reference, or keep an empty shell of it."""

    UNLINK = "unlink"
    SHELL = "shell"


@dataclass(frozen=True, slots=True)
class Link:
    """`columns` of this row name the row of `to` whose `target` columns (its key, or unique) hold the same values.

    NULL in any column is no reference, read as `if_none`, and so is a value of `absent`, of a link of one column, whose
    first is written where the link is lost. `when` makes the link polymorphic: unless it holds,
    the row has no such link, which is certain and judged by nothing. `nullable` False: the file says that its columns
    are never NULL, and the live check holds it to that.
    """

    name: str
    to: str
    columns: tuple[str, ...]
    target: tuple[str, ...]
    if_none: IfNone = IfNone.UNKNOWN
    gone: Gone = Gone.SHELL
    when: Where = ()
    nullable: bool = True
    absent: tuple[Any, ...] = ()

    @property
    def lost(self) -> Any:
        """What its columns hold once it is lost."""
        return self.absent[0] if self.absent else None


@dataclass(frozen=True, slots=True)
class Match:
    """A link by identifier alone: this row's identifier names the one row of a subject, in the same company.

    `clocks` lets moments pass through it; without, it carries rights only.
    """

    name: str
    to: str  # the subject
    kind: str
    column: str
    if_none: IfNone = IfNone.UNKNOWN
    clocks: bool = False


# --- moments ----------------------------------------------------------------------------------------------------


class Encoding(StrEnum):
    """How a column writes a day or an instant. On SQLite `date` and `timestamp` are ISO text."""

    DATE = "date"
    TIMESTAMP = "timestamp"
    TIMESTAMPTZ = "timestamptz"
    TEXT_DATE = "text_date"
    TEXT_TIMESTAMP = "text_timestamp"
    YYYYMMDD = "yyyymmdd"
    EPOCH_S = "epoch_s"
    EPOCH_MS = "epoch_ms"


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """A column that says when. `zone` (IANA; UTC or the policy's) is for instants written without one.

    NULL and the values in `absent` say that it has not happened.
    """

    column: str
    encoding: Encoding
    zone: str = "UTC"
    absent: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class FromColumn:
    """The first of these columns that says anything; if none does, not yet."""

    columns: tuple[TimeColumn, ...]


@dataclass(frozen=True, slots=True)
class Through:
    """The moment of that name, of the row that a link (or a match that carries clocks) points at."""

    link: str
    moment: str


class Pick(StrEnum):
    """Which of several days: the earliest (unknown if any is), or the last (unknown over not yet over day)."""

    FIRST_OF = "first_of"
    LAST_OF = "last_of"


@dataclass(frozen=True, slots=True)
class FromChildren:
    """The first or last of a moment over the rows of `child` whose `link` points here and that `where` lets through."""

    pick: Pick
    child: str
    link: str
    moment: str
    where: Where = ()
    if_none: IfNone = IfNone.UNKNOWN


@dataclass(frozen=True, slots=True)
class Latest:
    """For logs: the `moment` of the child row with the greatest `order`, if `when` holds for it; else not yet."""

    child: str
    link: str
    order: str
    when: Where
    moment: str
    if_none: IfNone = IfNone.NOT_YET


@dataclass(frozen=True, slots=True)
class Imported:
    """A day copied from another source's subject, matched by this kind of identifier of this table's owner."""

    source: str
    subject: str
    moment: str
    match: str
    if_none: IfNone = IfNone.UNKNOWN


MomentRule = FromColumn | Through | FromChildren | Latest | Imported


# --- companies --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IsCompany:
    """Every row is this company's."""

    company: str


@dataclass(frozen=True, slots=True)
class CompanyColumn:
    """A column says whose the row is; a value that `values` does not name is unknown."""

    column: str
    values: Mapping[Any, str]


@dataclass(frozen=True, slots=True)
class CompanyThrough:
    """The company of the row that a link points at."""

    link: str


CompanyRule = IsCompany | CompanyColumn | CompanyThrough


# --- owners -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IsSubject:
    """The row itself is the person."""

    subject: str


@dataclass(frozen=True, slots=True)
class OwnersOf:
    """The owners of the row that a link points at."""

    link: str


@dataclass(frozen=True, slots=True)
class EachOwner:
    """The owners of every row of `child` whose `link` points here (a bridge)."""

    child: str
    link: str
    if_none: IfNone = IfNone.UNKNOWN


@dataclass(frozen=True, slots=True)
class ByIdentifier:
    """The person with this identifier, in the same company: one subject row, or nobody's, then the hash itself.

    Unless `when` holds, the column holds no such identifier: that is nobody, with certainty.
    """

    kind: str
    column: str
    if_none: IfNone = IfNone.NONE
    when: Where = ()


OwnerRule = IsSubject | OwnersOf | EachOwner | ByIdentifier


class Otherwise(StrEnum):
    """Who a cell is about when its `of` names nobody: the table's owners, nobody, or a person decides."""

    OWNER = "owner"
    NOBODY = "nobody"
    REVIEW = "review"


# --- cells ------------------------------------------------------------------------------------------------------


class Provenance(StrEnum):
    """Whether the person provided the datum or it was observed (Art. 20 covers what was provided)."""

    PROVIDED = "provided"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class Blank:
    """What an erased cell holds. `per_key` appends the row's key, where the column must stay unique.

    `remove` drops the key from its JSON object instead of writing a value.
    """

    value: Any = None
    per_key: bool = False
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A personal value in a row: a column, or the value at `json` (object keys) in it, or the file it names.

    `of` is empty for what is about the table's owners. `blank` None means: by type, from the live schema.
    `then` sets further columns of the row in the same statement when the cell is blanked.
    """

    name: str
    column: str
    category: str
    of: tuple[OwnerRule, ...] = ()
    otherwise: Otherwise = Otherwise.OWNER
    provenance: Provenance | None = None
    blank: Blank | None = None
    then: Mapping[str, Any] = field(default_factory=dict)
    json: tuple[str, ...] = ()
    file: str | None = None
    place: Place = Place("")


# --- tables -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Binding:
    """A purpose's hold on the rows of a table; `reach` names the cells, None is all of them."""

    purpose: str
    reach: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row in a table. A table that is not split has a single kind whose `when` is empty.

    A key–value table has one kind a key, and the value is its only cell.
    """

    name: str
    when: Where
    bindings: tuple[Binding, ...]
    moments: Mapping[str, MomentRule]
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class ColumnMark:
    """Consent read from the row: for this purpose, given on one column's day, withdrawn on the other's."""

    purpose: str
    consented: TimeColumn
    withdrawn: TimeColumn | None = None


@dataclass(frozen=True, slots=True)
class At:
    """A column of the row, or of the row that `link` points at."""

    column: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class RecipientColumn:
    """A column says to whom; a value that `values` does not name is nobody known. No `values`: the policy's own ids."""

    at: At
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """A row of this table says that data of its owners was handed to a recipient of the policy (Art. 4(9)).

    `day` is when; where it says nothing, it was not handed over yet. `name` is the recipient's own, `known_as` the
    column by which it knows the person. It changes nothing of what is deleted.
    """

    to: str | RecipientColumn
    day: TimeColumn | None = None
    name: At | None = None
    known_as: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A mapped table. `follows` names the link to the parent whose claims it has; then kinds bind nothing.

    `personal` False leaves the table alone: its rows are never changed, and are read only where a link leads in.
    `grace` is in days: how old (by `born`) a row must be before `if_none: none` is believed.
    `key` empty: a table without a key. `mentions` are columns that give access, not ownership. `titles`: what columns
    that an answer tells (`columns.told_columns`) are called in letters, by language.
    """

    name: str
    key: tuple[str, ...]
    company: CompanyRule
    kinds: tuple[Kind, ...]
    links: Mapping[str, Link] = field(default_factory=dict)
    matches: Mapping[str, Match] = field(default_factory=dict)
    owners: tuple[OwnerRule, ...] = ()
    born: TimeColumn | None = None
    grace: int = 0
    follows: str | None = None
    copy_of: str | None = None
    marks: tuple[ColumnMark, ...] = ()
    mentions: tuple[ByIdentifier, ...] = ()
    not_personal: frozenset[str] = frozenset()
    personal: bool = True
    place: Place = Place("")
    disclosed: Disclosed | None = None
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def owner_rules(self) -> tuple[OwnerRule, ...]:
        """Every rule by which a row or a cell has owners, once; the table's own come first."""
        of = [rule for kind in self.kinds for cell in kind.cells.values() for rule in cell.of]
        return tuple(dict.fromkeys((*self.owners, *of)))


@dataclass(frozen=True, slots=True)
class IdentifierColumn:
    """Where a subject's identifier stands: a column of its row, or of `child` rows whose `link` points at it.

    `former` values match and are never written.
    """

    kind: str
    column: str
    child: str | None = None
    link: str | None = None
    where: Where = ()
    former: bool = False


@dataclass(frozen=True, slots=True)
class ProtectedColumn:
    """Where the flag of a protected identity stands: a column of the subject's row, or of those rows of `child`
    whose `link` points at it and that `where` lets through. Any value that `unless` does not name is a flag, also NULL.
    """

    column: str
    unless: tuple[Any, ...]
    child: str | None = None
    link: str | None = None
    where: Where = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """A sort of person with a row of their own. `protected`: where flags stand; a flag in any of them is one."""

    name: str
    table: str
    identifiers: tuple[IdentifierColumn, ...] = ()
    protected: tuple[ProtectedColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceMap:
    """One database, as the policy sees it. `not_personal`: patterns of unmapped tables and, with a dot, of columns.

    `called`: tables that the file calls otherwise than the database does, by the file's name.
    """

    source: str
    tables: Mapping[str, Table]
    subjects: Mapping[str, Subject]
    not_personal: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DataMap:
    """All mapped databases of the group."""

    sources: Mapping[str, SourceMap]
