"""Reading a row in SQL: its kind, its links, its days, each as *known to be so* (`spec/claims.md` §2).

Every expression is true only where the thing is known; unknown is false or NULL, and neither deletes.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from ombud.datamap.model import Cell, Encoding, Kind, Link, Table, Test, TimeColumn, Where
from ombud.plan.calendar import Stretch
from ombud.sql.dialect import Bool, Expr, written
from ombud.sql.documents import Documents, Edit, Postgresql, Sqlite, unreadable
from ombud.sql.equal import equal
from ombud.sql.mariadb_documents import Mariadb
from ombud.sql.names import SEPARATOR, Names
from ombud.sql.tables import Tbl

DOCUMENTS: dict[str, Documents] = {"sqlite": Sqlite(), "postgresql": Postgresql(), "mariadb": Mariadb()}

NO = sa.false()
YES = sa.true()


def some(row: Tbl, *where: Bool) -> Bool:
    """A row of `row` for which all this is true. Not EXISTS: inside an OR it can become a hashed full scan."""
    one: sa.Select[Any] = (
        sa.select(sa.literal_column("1")).select_from(row).where(*where).limit(1).correlate_except(row)
    )
    return one.scalar_subquery().is_not(None)


def count(row: Tbl, *where: Bool) -> Expr:
    """How many such rows there are."""
    rows = sa.select(sa.func.count()).select_from(row).where(*where).correlate_except(row)
    return rows.scalar_subquery()


Each = TypeVar("Each")

TOGETHER = 40
"""Tables of which one statement asks: SQLite puts 500 queries together at most, and no planner likes many."""


def parts(every: Iterable[Each]) -> Iterator[list[Each]]:
    """So many of them at a time."""
    found = list(every)
    for start in range(0, len(found), TOGETHER):
        yield found[start : start + TOGETHER]


def untrue(known: Bool) -> Bool:
    """Not known to be so: false or NULL."""
    return sa.case((known, 0), else_=1) == 1


def any_of(known: Iterable[Bool]) -> Bool:
    return sa.or_(NO, *known)


def all_of(known: Iterable[Bool]) -> Bool:
    return sa.and_(YES, *known)


@dataclass(frozen=True)
class Reader:
    """Reads the rows of one source on one day. `companies` are the policy's, in order.

    What was copied from another source is fresh if it was copied since `copied_since` (None: since this very day).
    """

    names: Names
    zone: str
    today: date
    companies: tuple[str, ...]
    copied_since: date | None = None

    def mapped(self, table: str) -> Table:
        return self.names.source.tables[table]

    # --- tests, kinds, links -----------------------------------------------------------------------------------

    def test(self, table: str, row: Tbl, test: Test) -> Bool:
        if test.link is not None:
            link = self.mapped(table).links[test.link]
            return self.found(table, link, row, lambda p: self.test(link.to, p, Test(test.column, test.values)))
        column: Expr = row.c[test.column]
        values = [v for v in test.values if v is not None]
        if self.names.dialect.native_times and isinstance(column.type, sa.types.NullType):
            # An enumeration, or another type that compares with its own kind only.
            column, values = self.names.dialect.text(column), [str(v) for v in values]
        known: list[Bool] = [column.is_(None)] if None in test.values else []
        if values:
            known.append(sa.and_(column.is_not(None), self.names.dialect.exact(column).in_(values)))
        return any_of(known)

    def where(self, table: str, row: Tbl, where: Where) -> Bool:
        return all_of(self.test(table, row, test) for test in where)

    def is_kind(self, table: Table, row: Tbl, kind: Kind) -> Bool:
        """This kind fits and no other does."""
        others = (untrue(self.where(table.name, row, k.when)) for k in table.kinds if k is not kind)
        return sa.and_(self.where(table.name, row, kind.when), *others)

    def kind_in_doubt(self, table: Table, row: Tbl) -> Bool:
        """No kind fits, or several do. Two-valued."""
        fitting: Expr = functools.reduce(operator.add, (self._fits(table, row, kind) for kind in table.kinds))
        return fitting != 1

    def may_be(self, table: Table, row: Tbl, *kinds: Kind) -> Bool:
        """The row is of one of these kinds, or of none that is known. Two-valued."""
        if {kind.name for kind in kinds} == {kind.name for kind in table.kinds}:
            return YES
        return sa.or_(self.kind_in_doubt(table, row), *(self._fits(table, row, kind) == 1 for kind in kinds))

    def kind_number(self, table: Table, row: Tbl) -> Expr:
        """Which of the table's kinds the row is of, as text from '0'; NULL while that is in doubt."""
        numbered = [(self.where(table.name, row, kind.when), str(n)) for n, kind in enumerate(table.kinds)]
        doubt = [(self.kind_in_doubt(table, row), sa.null())] if len(numbered) > 1 else []
        return sa.case(*doubt, *numbered, else_=sa.null())

    def _fits(self, table: Table, row: Tbl, kind: Kind) -> Expr:
        return sa.case((self.where(table.name, row, kind.when), 1), else_=0)

    def joins(self, link: Link, row: Tbl, target: Tbl) -> Bool:
        """`link` of `row` finds `target`, its own `when` aside."""
        return self.joined(link, row, {column: target.c[column] for column in link.target})

    def joined(self, link: Link, row: Tbl, target: Mapping[str, Expr]) -> Bool:
        """The same of the columns by which it finds, by their names."""
        exact = self.names.dialect.exact
        ends = zip(link.columns, link.target, strict=True)
        same = (equal(self.names.dialect, row.c[c], target[t]) for c, t in ends)
        return sa.and_(*same, *(sa.not_(exact(row.c[c]).in_(link.absent)) for c in link.columns if link.absent))

    def points(self, table: str, link: Link, row: Tbl, target: Tbl) -> Bool:
        """`link` of `row` finds `target`, and `row` has such a link."""
        return sa.and_(self.joins(link, row, target), self.where(table, row, link.when))

    def link_text(self, link: Link, row: Tbl) -> Expr:
        """What the link's columns hold, as one text; NULL where they hold no reference."""
        parts = [self.names.dialect.text(row.c[c]) for c in link.columns]
        whole: Expr = parts[0]
        for part in parts[1:]:
            whole = whole.concat(sa.literal(SEPARATOR)).concat(part)
        return sa.case((self.is_missing(link, row), sa.null()), else_=whole) if link.absent else whole

    def is_missing(self, link: Link, row: Tbl) -> Bool:
        """There is no reference: NULL, or a value that says so."""
        absent = (self.names.dialect.exact(row.c[c]).in_(link.absent) for c in link.columns if link.absent)
        return any_of((*(row.c[c].is_(None) for c in link.columns), *absent))

    def found(self, table: str, link: Link, row: Tbl, then: Callable[[Tbl], Bool]) -> Bool:
        """The link finds exactly one row, for which `then` is known."""
        target = self.names.row(link.to)
        known = some(target, self.joins(link, row, target), then(target))
        guards = [self.where(table, row, link.when), known]
        if not self.one_at_most(link):
            guards.append(self._how_many(link, row) == 1)
        return all_of(guards)

    def one_at_most(self, link: Link) -> bool:
        live = self.names.schema.tables[link.to]
        unique = len(link.target) == 1 and live.columns[link.target[0]].unique
        return unique or set(link.target) >= set(live.key or ("",))

    def _how_many(self, link: Link, row: Tbl) -> Expr:
        target = self.names.row(link.to)
        return count(target, self.joins(link, row, target))

    # --- days --------------------------------------------------------------------------------------------------

    def readable(self, table: str, row: Tbl, column: TimeColumn) -> Bool:
        """The column holds something in its declared encoding; whether the day is believed is `in_days`' affair."""
        value, dialect = row.c[column.column], self.names.dialect
        if column.encoding is Encoding.YYYYMMDD:
            return self._in_calendar("compact", dialect.text(value))
        if column.encoding in (Encoding.EPOCH_S, Encoding.EPOCH_MS):
            return dialect.whole(value)
        family = self.names.family(table, column.column)
        if dialect.native_times and family in ("date", "timestamp", "timestamptz"):
            return value.is_not(None)
        if column.encoding in (Encoding.DATE, Encoding.TEXT_DATE):
            return self._in_calendar("day", value)
        return sa.and_(dialect.clock(value), self._in_calendar("day", sa.func.substr(value, 1, 10)))

    def _in_calendar(self, form: str, value: Expr) -> Bool:
        day = self.names.calendar.alias()
        return some(day, day.c[form] == self.names.dialect.text(value))

    def in_days(self, table: str, row: Tbl, column: TimeColumn, days: Stretch) -> Bool:
        """The column is readable and its day lies in this stretch."""
        if days.empty:
            return NO
        value = self.comparable(row.c[column.column], column)
        family = self.names.family(table, column.column)
        low, high = (written(self.names.dialect, column, family, self.zone, d) for d in (days.low, days.high))
        return sa.and_(self.readable(table, row, column), value >= low, value < high)

    def comparable(self, value: Expr, column: TimeColumn) -> Expr:
        dialect = self.names.dialect
        if column.encoding is Encoding.YYYYMMDD:
            return dialect.ordered(dialect.text(value))
        if isinstance(value.type, sa.Text):
            instant = column.encoding in (Encoding.TIMESTAMP, Encoding.TIMESTAMPTZ, Encoding.TEXT_TIMESTAMP)
            return dialect.ordered(sa.func.replace(value, "T", " ", type_=sa.Text()) if instant else value)
        return value

    def is_absent(self, table: str, row: Tbl, column: TimeColumn) -> Bool:
        """NULL, or one of the values that say: has not happened. Of another type than the column's, none is it."""
        value, dialect = row.c[column.column], self.names.dialect
        family, said = self.names.family(table, column.column), column.absent
        if dialect.native_times and family in _NATIVE:
            days = [day for each in said if (day := _NATIVE[family](each)) is not None]
            none = [each for each in said if isinstance(each, str) and each.startswith("0000-00-00")]
            known = ((value, days), (dialect.text(value), none))
            return sa.or_(value.is_(None), *(each.in_(values) for each, values in known if values))
        texts, others = ([each for each in said if isinstance(each, str) is text] for text in (True, False))
        if dialect.is_text is None:
            fitting = texts if family == "text" else others
            return sa.or_(value.is_(None), dialect.exact(value).in_(fitting)) if fitting else value.is_(None)
        # A row may hold what its column is not declared for; and `=` would make a text of a number, or a number of it.
        text = dialect.is_text(value)
        those = (sa.and_(text, dialect.exact(value).in_(texts)), sa.and_(sa.not_(text), value.in_(others)))
        return sa.or_(value.is_(None), *(each for each, said in zip(those, (texts, others), strict=True) if said))

    # --- cells -------------------------------------------------------------------------------------------------

    def empty(self, table: Table, row: Tbl, cell: Cell) -> Bool:
        """NULL, the empty string, or what blanking would write. Two-valued."""
        assert not cell.json, "what is inside a document is read by `empty_inside`"
        value = row.c[cell.column]
        known: list[Bool] = [value.is_(None)]
        if isinstance(value.type, sa.Text):
            known.append(self.names.dialect.exact(value) == "")
        if cell.blank is not None and cell.blank.value is not None:
            # A column of JSON is compared as text: PostgreSQL's `json` has no equality.
            same = sa.cast(value, sa.Text) if self.names.family(table.name, cell.column) == "json" else value
            blank = self.blank_value(table, row, cell)
            known.append(self.names.dialect.exact(same) == blank)
            if cell.blank.per_key:
                known.append(self.names.dialect.bare(self.names.dialect.exact(same)) == blank.concat("~"))
        return sa.case((any_of(known), 1), else_=0) == 1

    def empty_inside(self, row: Tbl, document: Expr, cell: Cell) -> Bool:
        """The same for a value inside a document. Two-valued."""
        there = self.documents.type(document, cell.json)
        known = [self.documents.holds(document, cell.json, "")]
        known.append(sa.and_(sa.func.coalesce(there, "null") == "null", sa.not_(self.unreadable(row, document, cell))))
        if cell.blank is not None and cell.blank.value is not None:
            known.append(self.documents.holds(document, cell.json, cell.blank.value))
        return sa.case((any_of(known), 1), else_=0) == 1

    def unreadable(self, row: Tbl, document: Expr, cell: Cell) -> Bool:
        """What a cell inside a document holds cannot be told. Two-valued."""
        return unreadable(self.documents, row.c[cell.column], document, cell.json)

    @property
    def documents(self) -> Documents:
        return DOCUMENTS[self.names.dialect.name]

    def document(self, table: Table, row: Tbl, column: str) -> Expr:
        """The document in a column, as the readers of what is inside take it."""
        return self.documents.document(row.c[column], self._declared(table, column))

    def edited(self, table: Table, row: Tbl, column: str, edits: Iterable[Edit]) -> Expr:
        """The column with these edits made in its document."""
        return self.documents.edited(row.c[column], self._declared(table, column), edits)

    def _declared(self, table: Table, column: str) -> str:
        return self.names.schema.tables[table.name].columns[column].declared

    def blank_value(self, table: Table, row: Tbl, cell: Cell) -> Expr:
        """What the cell holds once it is erased."""
        assert cell.blank is not None, "settle() fills every cell's blank"
        if cell.blank.value is None:
            return sa.null()
        if not cell.blank.per_key:
            return sa.literal(cell.blank.value, row.c[cell.column].type)
        whole: Expr = sa.literal(str(cell.blank.value), sa.Text())
        for n, column in enumerate(table.key):
            part = self.names.dialect.text(row.c[column])
            if len(table.key) > 1:
                part = sa.func.replace(sa.func.replace(part, "~", "~~"), "-", "~-", type_=sa.Text())
            whole = whole.concat(part) if n == 0 else whole.concat("-").concat(part)
        return whole

    def is_blanked(self, table: Table, row: Tbl, column: str) -> Bool:
        """A cell in this column is empty, for the row's kind, or for any kind while that is in doubt."""
        alike: dict[tuple[object, ...], tuple[Cell, list[Kind]]] = {}
        for kind, cell in ((k, c) for k in table.kinds for c in k.cells.values() if c.column == column and not c.json):
            blank = cell.blank and (type(cell.blank.value), cell.blank.value, cell.blank.per_key)
            alike.setdefault((blank,), (cell, []))[1].append(kind)
        return any_of(
            all_of([self.empty(table, row, cell), self.may_be(table, row, *kinds)]) for cell, kinds in alike.values()
        )

    def as_text(self, value: Expr) -> Expr:
        return value if isinstance(value.type, sa.Text) else self.names.dialect.text(value)


def _as_day(said: object) -> date | None:
    try:
        return date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None


def _as_clock(said: object) -> datetime | None:
    try:
        return datetime.fromisoformat(said).replace(tzinfo=None) if isinstance(said, str) else None
    except ValueError:
        return None


def _as_instant(said: object) -> datetime | None:
    clock = _as_clock(said)
    return clock and clock.replace(tzinfo=UTC)


_NATIVE: Mapping[str, Callable[[object], date | None]] = {
    "date": _as_day,
    "timestamp": _as_clock,
    "timestamptz": _as_instant,
}
"""How a value that a map writes is a native one, by the family of the column."""
