"""Reading a row: its kind, what its links find, its company, its birth (spec/claims.md §2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar, assert_never

from ombud.claims import documents
from ombud.claims.calendar import moment_of
from ombud.claims.documents import At
from ombud.claims.world import Memo, RowId, Values, World, as_linked, as_text
from ombud.datamap.model import (
    Blank,
    Cell,
    CompanyColumn,
    CompanyThrough,
    DataMap,
    IsCompany,
    Kind,
    Link,
    SourceMap,
    Table,
    Where,
)
from ombud.datamap.rules import rule_columns
from ombud.policy.model import Policy
from ombud.terms import IfNone, Key, Mark, Moment, Never, NotYet, OnDay, Unknown

Digest = Callable[[str, object], str]
"""Kind and raw value of an identifier to the keyed hash of its normalised form, '' when it is empty."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row of a mapped table, and its place. Two rows are equal only if they are one."""

    source: str
    table: Table
    key: Key
    values: Values

    @property
    def id(self) -> RowId:
        return (self.source, self.table.name, self.key)


MISSING = "something is missing"
"""Why a moment is unknown that is read from what is not there."""


class NotFound(StrEnum):
    """Why a link finds no row."""

    NO_SUCH_LINK = "no such link"
    MISSING = "missing reference"
    DANGLING = "dangling reference"
    SEVERAL = "several rows fit a reference"


class Reading:
    """One look at a world on one day. It remembers what it worked out, and changes nothing."""

    def __init__(
        self, policy: Policy, datamap: DataMap, world: World, marks: Iterable[Mark], today: date, digest: Digest
    ) -> None:
        self.policy, self.datamap, self.world, self.today, self.digest = policy, datamap, world, today, digest
        self.marks = tuple(mark for mark in marks if mark.day <= today)
        self.rows = {
            (source, name): tuple(
                Row(source, table, tuple(values[c] for c in table.key) or (n,), values)
                for n, values in enumerate(world.tables.get(source, {}).get(name, ()))
            )
            for source, mapped in datamap.sources.items()
            for name, table in mapped.tables.items()
        }
        self.rule_columns = {source: rule_columns(mapped) for source, mapped in datamap.sources.items()}
        self._known: dict[Any, Any] = {}
        self._asking: set[Any] = set()

    def map_of(self, row: Row) -> SourceMap:
        return self.datamap.sources[row.source]

    def every_row(self) -> Iterator[Row]:
        return (row for rows in self.rows.values() for row in rows)

    def once(self, question: Any, answer: Callable[[], Answer], in_a_circle: Answer) -> Answer:
        """The answer, worked out once; `in_a_circle` is what a question gets that is asked while it is answered."""
        if question in self._known:
            known: Answer = self._known[question]
            return known
        if question in self._asking:
            return in_a_circle
        self._asking.add(question)
        result = self._known[question] = answer()
        self._asking.remove(question)
        return result


# --- columns and cells ------------------------------------------------------------------------------------------


def value_of(cell: Cell, row: Row) -> Any:
    """What the cell holds; a JSON path that leads nowhere, or cannot be followed, holds nothing that can be told."""
    value = row.values.get(cell.column)
    return documents.at(value, cell.json)[1] if cell.json else value


def is_readable(cell: Cell, row: Row) -> bool:
    """Whether what the cell holds can be told, and so blanked."""
    return not cell.json or documents.at(row.values.get(cell.column), cell.json)[0] is not At.UNREADABLE


def blank_of(cell: Cell, row: Row) -> Any:
    """What the cell holds once it is blanked."""
    blank = cell.blank or Blank()
    if not blank.per_key:
        return blank.value
    parts = [as_text(part) for part in row.key]
    if len(parts) > 1:
        parts = [part.replace("~", "~~").replace("-", "~-") for part in parts]
    return f"{as_text(blank.value)}{'-'.join(parts)}"


def is_empty(cell: Cell, row: Row) -> bool:
    if not is_readable(cell, row):
        return False
    value, blank = value_of(cell, row), blank_of(cell, row)
    if value is None or value == "":
        return True
    if cell.json:
        return documents.is_same(value, blank)
    if cell.blank is not None and cell.blank.per_key and isinstance(value, str) and value.rstrip(".") == f"{blank}~":
        return True  # the text was somebody else's
    return bool(value == blank) or (value == {} and blank == "{}")  # as a driver reads what was written


def passes(look: Reading, row: Row, where: Where) -> bool:
    """Whether all tests hold, compared exactly."""
    for test in where:
        at: Row | NotFound = row if test.link is None else find(look, row, row.table.links[test.link])
        if isinstance(at, NotFound) or not any(_same(at.values.get(test.column), value) for value in test.values):
            return False
    return True


def _same(value: Any, other: Any) -> bool:
    return value is other if value is None or other is None else bool(value == other)


# --- kind -------------------------------------------------------------------------------------------------------


def kind_of(look: Reading, row: Row) -> Kind | None:
    """The one kind that fits; None is doubt."""

    def fitting() -> Kind | None:
        fit = [kind for kind in row.table.kinds if passes(look, row, kind.when)]
        return fit[0] if len(fit) == 1 else None

    return look.once((row, "kind"), fitting, None)


# --- links ------------------------------------------------------------------------------------------------------


def find(look: Reading, row: Row, link: Link) -> Row | NotFound:
    """The row that a link finds."""

    def search() -> Row | NotFound:
        if not passes(look, row, link.when):
            return NotFound.NO_SUCH_LINK
        wanted = tuple(row.values.get(column) for column in link.columns)
        if any(value is None or any(_same(value, none) for none in link.absent) for value in wanted):
            return NotFound.MISSING
        found = _by_columns(look, row.source, link.to, link.target).get(tuple(map(as_linked, wanted)), [])
        return found[0] if len(found) == 1 else NotFound.SEVERAL if found else NotFound.DANGLING

    in_a_circle: Row | NotFound = NotFound.SEVERAL
    return look.once((row, "find", link.name), search, in_a_circle)


def children(look: Reading, row: Row, child: str, link: str) -> list[Row]:
    """The rows of `child` whose link finds this row."""

    def pointing() -> dict[Row, list[Row]]:
        finders: dict[Row, list[Row]] = defaultdict(list)
        for each in look.rows.get((row.source, child), ()):
            found = find(look, each, each.table.links[link])
            if isinstance(found, Row):
                finders[found].append(each)
        return finders

    index: dict[Row, list[Row]] = look.once((row.source, child, link, "pointing"), pointing, {})
    return index.get(row, [])


def _by_columns(look: Reading, source: str, table: str, columns: tuple[str, ...]) -> dict[Key, list[Row]]:
    def index() -> dict[Key, list[Row]]:
        rows: dict[Key, list[Row]] = defaultdict(list)
        for row in look.rows.get((source, table), ()):
            rows[tuple(as_linked(row.values.get(column)) for column in columns)].append(row)
        return rows

    return look.once((source, table, columns, "index"), index, {})


# --- birth, and what is remembered ------------------------------------------------------------------------------


def birth_stamp(row: Row) -> str:
    return as_text(row.values.get(row.table.born.column)) if row.table.born else ""


def born(look: Reading, row: Row) -> Moment:
    column = row.table.born
    return moment_of(row.values.get(column.column), column, look.policy.zone) if column else Unknown("no birth")


def memo_of(look: Reading, row: Row) -> Memo:
    """What is remembered for this row; nothing if its key was born again."""
    memo, birth = look.world.memo.get(row.id), birth_stamp(row)
    return memo if memo is not None and memo.birth == birth else Memo(birth)


def believes_none(look: Reading, row: Row) -> bool:
    """Whether the row is old enough that what is missing is not merely late."""
    match born(look, row):
        case OnDay(day):
            return day + timedelta(days=row.table.grace) < look.today
        case _:
            return False


def missing(look: Reading, row: Row, if_none: IfNone) -> Moment:
    """The moment of a missing thing."""
    match if_none:
        case IfNone.NOT_YET:
            return NotYet()
        case IfNone.NONE if believes_none(look, row):
            return Never()
        case IfNone.NONE | IfNone.UNKNOWN:
            return Unknown(MISSING)
        case _:
            assert_never(if_none)


# --- company ----------------------------------------------------------------------------------------------------


def company_of(look: Reading, row: Row) -> str | None:
    """The company whose row it is; None is unknown."""

    def company() -> str | None:
        rule = row.table.company
        match rule:
            case IsCompany(named):
                named_company: str | None = named
            case CompanyColumn(column, values):
                named_company = values.get(row.values.get(column))
            case CompanyThrough(link):
                found = find(look, row, row.table.links[link])
                if isinstance(found, Row):
                    named_company = company_of(look, found)
                elif found in (NotFound.MISSING, NotFound.DANGLING):
                    named_company = memo_of(look, row).company
                else:
                    named_company = None
            case _:
                assert_never(rule)
        return named_company if named_company in look.policy.companies else None

    return look.once((row, "company"), company, None)
