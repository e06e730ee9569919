"""Reading a row in SQL: its kind, links, company and moments, each as *known to be so* (`spec/claims.md` §2).

Every expression is true only where the thing is known; unknown is false or NULL, and neither deletes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

import sqlalchemy as sa

from ombud.datamap.model import (
    Cell,
    CompanyColumn,
    CompanyThrough,
    Encoding,
    FromChildren,
    FromColumn,
    Imported,
    IsCompany,
    Kind,
    Latest,
    Link,
    Match,
    MomentRule,
    Pick,
    Table,
    Test,
    Through,
    TimeColumn,
    Where,
)
from ombud.plan.calendar import ALL_DAYS, Stretch
from ombud.plan.ends import KNOWN, NEVER, NOT_YET, Ask
from ombud.plan.naming import COMPANY, SHARED, rule_name
from ombud.sql.dialect import Bool, Expr, written
from ombud.sql.names import Names, Tbl
from ombud.terms import IfNone

ANY_COMPANY = "?"
"""Under which the match table keeps what an identifier names for a row whose company is unknown."""

NO = sa.false()
YES = sa.true()


def some(row: Tbl, *where: Bool) -> Bool:
    """A row of `row` for which all this is true. Not EXISTS: inside an OR it can become a hashed full scan."""
    one = sa.select(sa.literal_column("1")).select_from(row).where(*where).limit(1).correlate_except(row)
    return one.scalar_subquery().is_not(None)


def count(row: Tbl, *where: Bool) -> Expr:
    """How many such rows there are."""
    rows = sa.select(sa.func.count()).select_from(row).where(*where).correlate_except(row)
    return rows.scalar_subquery()


def untrue(known: Bool) -> Bool:
    """Not known to be so: false or NULL."""
    return sa.case((known, 0), else_=1) == 1


def any_of(known: Iterable[Bool]) -> Bool:
    return sa.or_(NO, *known)


def all_of(known: Iterable[Bool]) -> Bool:
    return sa.and_(YES, *known)


@dataclass(frozen=True)
class Reader:
    """Reads the rows of one source on one day. `companies` are the policy's, in order."""

    names: Names
    zone: str
    today: date
    companies: tuple[str, ...]

    def mapped(self, table: str) -> Table:
        return self.names.source.tables[table]

    # --- tests, kinds, links -----------------------------------------------------------------------------------

    def test(self, table: str, row: Tbl, test: Test) -> Bool:
        if test.link is not None:
            link = self.mapped(table).links[test.link]
            return self.found(table, link, row, lambda p: self.test(link.to, p, Test(test.column, test.values)))
        column = row.c[test.column]
        values = [v for v in test.values if v is not None]
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

    def joins(self, link: Link, row: Tbl, target: Tbl) -> Bool:
        """`link` of `row` finds `target`, its own `when` aside."""
        exact = self.names.dialect.exact
        return sa.and_(*(exact(target.c[t]) == row.c[c] for c, t in zip(link.columns, link.target, strict=True)))

    def points(self, table: str, link: Link, row: Tbl, target: Tbl) -> Bool:
        """`link` of `row` finds `target`, and `row` has such a link."""
        return sa.and_(self.joins(link, row, target), self.where(table, row, link.when))

    def is_null(self, link: Link, row: Tbl) -> Bool:
        return any_of(row.c[c].is_(None) for c in link.columns)

    def found(self, table: str, link: Link, row: Tbl, then: Callable[[Tbl], Bool]) -> Bool:
        """The link finds exactly one row, for which `then` is known."""
        target = self.names.row(link.to)
        known = some(target, self.joins(link, row, target), then(target))
        guards = [self.where(table, row, link.when), known]
        if not self.one_at_most(link):
            guards.append(self._how_many(link, row) == 1)
        return all_of(guards)

    def several(self, table: str, link: Link, row: Tbl) -> Bool:
        """The link finds more than one row: nobody can tell which."""
        if self.one_at_most(link):
            return NO
        return sa.and_(self.where(table, row, link.when), self._how_many(link, row) > 1)

    def missing(self, table: str, link: Link, row: Tbl) -> Bool:
        """The row has such a link, and it is NULL."""
        return sa.and_(self.where(table, row, link.when), self.is_null(link, row))

    def dangling(self, table: str, link: Link, row: Tbl) -> Bool:
        """The row has such a link, and it names a row that is not there."""
        target = self.names.row(link.to)
        there = some(target, self.joins(link, row, target))
        return sa.and_(self.where(table, row, link.when), sa.not_(self.is_null(link, row)), sa.not_(there))

    def one_at_most(self, link: Link) -> bool:
        live = self.names.schema.tables[link.to]
        unique = len(link.target) == 1 and live.columns[link.target[0]].unique
        return unique or set(link.target) >= set(live.key or ("",))

    def _how_many(self, link: Link, row: Tbl) -> Expr:
        target = self.names.row(link.to)
        return count(target, self.joins(link, row, target))

    # --- the memo ----------------------------------------------------------------------------------------------

    def memo(self, table: str, row: Tbl, rule: str, *also: Callable[[Tbl], Bool]) -> Bool:
        """Something is remembered of the row by this rule, for which all this is true."""
        memo = self.names.memo(table).alias()
        mapped = self.mapped(table)
        if not mapped.key:
            return NO
        return some(
            memo,
            self.names.same_key(memo, table, row),
            memo.c.birth == self.names.birth(mapped, row),
            memo.c.rule == rule,
            *(known(memo) for known in also),
        )

    def believes_none(self, table: Table, row: Tbl, if_none: IfNone) -> Bool:
        """`if_none: none`, and the row is older than the table's grace."""
        if if_none is not IfNone.NONE or table.born is None:
            return NO
        last = self.today - timedelta(days=table.grace)
        return self.in_days(table.name, row, table.born, Stretch(ALL_DAYS.low, last))

    # --- companies ---------------------------------------------------------------------------------------------

    def is_company(self, table: Table, row: Tbl, company: str) -> Bool:
        match table.company:
            case IsCompany(known):
                return YES if known == company else NO
            case CompanyColumn(column, values):
                return self.test(table.name, row, Test(column, tuple(v for v, c in values.items() if c == company)))
            case CompanyThrough(name):
                link = table.links[name]
                parent = self.mapped(link.to)
                gone = sa.or_(self.missing(table.name, link, row), self.dangling(table.name, link, row))
                return sa.or_(
                    self.found(table.name, link, row, lambda p: self.is_company(parent, p, company)),
                    sa.and_(gone, self.memo(table.name, row, COMPANY, lambda m: m.c.state == company)),
                )
            case _:
                assert_never(table.company)

    def company_name(self, table: Table, row: Tbl) -> Expr:
        """The company's id, or NULL where it is unknown."""
        cases = [(self.is_company(table, row, c), sa.literal(c)) for c in self.companies]
        return sa.case(*cases, else_=sa.null())

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
        return some(day, day.c[form] == sa.type_coerce(value, sa.Text))

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

    def is_absent(self, row: Tbl, column: TimeColumn) -> Bool:
        """NULL, or one of the values that say: has not happened."""
        value = row.c[column.column]
        if not column.absent:
            return value.is_(None)
        return sa.or_(value.is_(None), self.names.dialect.exact(value).in_(column.absent))

    # --- moments -----------------------------------------------------------------------------------------------

    def moment(self, table: Table, row: Tbl, name: str, ask: Ask) -> Bool:
        """The row's kind is known, and its moment of this name is known to lie in the set asked for."""
        return any_of(
            sa.and_(self.is_kind(table, row, kind), self.moment_in(table, kind, row, name, ask))
            for kind in table.kinds
            if name in kind.moments
        )

    def moment_in(self, table: Table, kind: Kind, row: Tbl, name: str, ask: Ask) -> Bool:
        """The same, for a row already known to be of this kind."""
        rule = kind.moments.get(name)
        return NO if rule is None else self.moment_by(table, row, rule, ask)

    def moment_by(self, table: Table, row: Tbl, rule: MomentRule, ask: Ask) -> Bool:
        """The moment by one rule, whatever the row's kind."""
        return _MOMENTS[type(rule)](self, table, row, rule, ask)

    def _from_column(self, table: Table, row: Tbl, rule: FromColumn, ask: Ask) -> Bool:
        known: list[Bool] = []
        silent: list[Bool] = []
        for column in rule.columns:
            absent = self.is_absent(row, column)
            if ask.days is not None:
                known.append(all_of([*silent, untrue(absent), self.in_days(table.name, row, column, ask.days)]))
            silent.append(absent)
        if ask.not_yet:
            known.append(all_of(silent))
        return any_of(known)

    def _through(self, table: Table, row: Tbl, rule: Through, ask: Ask) -> Bool:
        if rule.link in table.matches:
            return self._through_match(table, row, table.matches[rule.link], rule, ask)
        link = table.links[rule.link]
        target = self.mapped(link.to)
        missing, dangling = self.missing(table.name, link, row), self.dangling(table.name, link, row)
        return sa.or_(
            self.found(table.name, link, row, lambda p: self.moment(target, p, rule.moment, ask)),
            sa.and_(sa.or_(missing, dangling), self._remembered(table.name, row, rule, ask)),
            sa.and_(missing, self._if_none(table, row, rule, link.if_none, ask)),
        )

    def _through_match(self, table: Table, row: Tbl, link: Match, rule: Through, ask: Ask) -> Bool:
        subject = self.names.source.subjects[link.to]
        target = self.mapped(subject.table)

        def one(match: Tbl) -> Bool:
            person, there = self.names.person_of(link.to).alias(), self.names.row(subject.table)
            known = some(
                there, self.names.same_key(person, subject.table, there), self.moment(target, there, rule.moment, ask)
            )
            shared = self.memo(table.name, row, SHARED, lambda m: m.c.named == match.c.digest)
            one = some(person, person.c.person == match.c.person, known)
            return sa.and_(match.c.status == "one", sa.not_(shared), one)

        def none(match: Tbl) -> Bool:
            shared = self.memo(table.name, row, SHARED, lambda m: m.c.named == match.c.digest)
            return sa.and_(match.c.status == "none", sa.not_(shared))

        nobody = sa.or_(
            self.says_nothing(table, row, link.kind, link.to, link.column),
            self.names_person(table, row, link.kind, link.to, link.column, none),
        )
        return sa.or_(
            self.names_person(table, row, link.kind, link.to, link.column, one),
            sa.and_(nobody, self._remembered(table.name, row, rule, ask)),
            sa.and_(nobody, self._if_none(table, row, rule, link.if_none, ask)),
        )

    def _from_children(self, table: Table, row: Tbl, rule: FromChildren, ask: Ask) -> Bool:
        child = self.mapped(rule.child)
        link = child.links[rule.link]

        def one(wanted: Ask) -> Bool:
            each = self.names.row(rule.child)
            counted = self.counted(rule, link, each, row)
            return sa.or_(
                some(each, counted, self.moment(child, each, rule.moment, wanted)),
                self._remembered(table.name, row, rule, wanted),
            )

        def every(wanted: Ask) -> Bool:
            each = self.names.row(rule.child)
            odd = some(each, self.counted(rule, link, each, row), untrue(self.moment(child, each, rule.moment, wanted)))
            return sa.and_(sa.not_(odd), sa.not_(self._remembered_odd(table.name, row, rule, wanted)))

        known: list[Bool] = [self._if_none_left(table, row, rule, link, ask)]
        low_high = ask.days
        if low_high is not None and not low_high.empty:
            if rule.pick is Pick.LAST_OF:
                known.append(sa.and_(one(Ask(low_high)), every(Ask(Stretch(ALL_DAYS.low, low_high.high), never=True))))
            else:
                later = Ask(Stretch(low_high.low, ALL_DAYS.high), not_yet=True, never=True)
                known.append(sa.and_(one(Ask(low_high)), every(later)))
        if ask.not_yet:
            rest = KNOWN if rule.pick is Pick.LAST_OF else Ask(not_yet=True, never=True)
            known.append(sa.and_(one(NOT_YET), every(rest)))
        if ask.never:
            known.append(sa.and_(one(NEVER), every(NEVER)))
        return any_of(known)

    def counted(self, rule: FromChildren, link: Link, each: Tbl, row: Tbl) -> Bool:
        return sa.and_(self.points(rule.child, link, each, row), self.where(rule.child, each, rule.where))

    def _if_none_left(self, table: Table, row: Tbl, rule: FromChildren, link: Link, ask: Ask) -> Bool:
        each = self.names.row(rule.child)
        nothing = sa.not_(some(each, self.counted(rule, link, each, row)))
        return sa.and_(nothing, self._if_none(table, row, rule, rule.if_none, ask))

    def _latest(self, table: Table, row: Tbl, rule: Latest, ask: Ask) -> Bool:
        child = self.mapped(rule.child)
        link = child.links[rule.link]
        dialect = self.names.dialect

        def rest(each: Tbl, *which: Callable[[Tbl], Bool]) -> Bool:
            other = self.names.row(rule.child)
            return some(other, self.points(rule.child, link, other, row), *(w(other) for w in which))

        def order(each: Tbl) -> Expr:
            return dialect.ordered(each.c[rule.order])

        each = self.names.row(rule.child)
        is_key = sa.and_(YES, *(each.c[c].is_not(None) for c in child.key))
        other_key = lambda o: sa.not_(sa.and_(*(o.c[c] == each.c[c] for c in child.key)))  # noqa: E731
        top = sa.and_(
            self.points(rule.child, link, each, row),
            is_key,
            each.c[rule.order].is_not(None),
            sa.not_(rest(each, lambda o: sa.and_(other_key(o), sa.or_(o.c[rule.order].is_(None), order(o) >= order(each))))),
        )
        rank = self.rank(rule, each)
        older_memo = untrue(self.memo(table.name, row, rule_name(rule), lambda m: self.rank_of(rule, m) >= rank))
        when = self.where(rule.child, each, rule.when)
        known = [sa.and_(when, self.moment(child, each, rule.moment, ask))]
        if ask.not_yet:
            known.append(untrue(when))
        here = some(each, top, older_memo, any_of(known))
        nothing = sa.not_(rest(each))
        doubtful = rest(each, lambda o: o.c[rule.order].is_(None))
        newer: Callable[[Tbl], Bool] = lambda m: sa.not_(  # noqa: E731
            rest(each, lambda o: self.rank(rule, o) >= self.rank_of(rule, m))
        )
        remembered = sa.and_(sa.not_(doubtful), self._remembered(table.name, row, rule, ask, newer))
        return sa.or_(here, remembered, sa.and_(nothing, self._if_none(table, row, rule, rule.if_none, ask)))

    def rank(self, rule: Latest, each: Tbl) -> Expr:
        value = each.c[rule.order]
        if isinstance(value.type, sa.BigInteger | sa.Numeric):
            return value
        return self.names.dialect.ordered(sa.type_coerce(self.names.dialect.text(value), sa.Text))

    def rank_of(self, rule: Latest, memo: Tbl) -> Expr:
        family = self.names.family(rule.child, rule.order)
        if family in ("integer", "number"):
            return sa.cast(memo.c.rank, sa.Numeric if family == "number" else sa.BigInteger)
        return self.names.dialect.ordered(memo.c.rank)

    def _imported(self, table: Table, row: Tbl, rule: Imported, ask: Ask) -> Bool:
        raise NotImplementedError("moments imported from another source are not compiled yet")

    def _if_none(self, table: Table, row: Tbl, rule: MomentRule, if_none: IfNone, ask: Ask) -> Bool:
        """The missing thing's declared meaning lies in the set, and nothing is remembered."""
        known: Bool = NO
        if if_none is IfNone.NOT_YET and ask.not_yet:
            known = YES
        elif if_none is IfNone.NONE and ask.never:
            known = self.believes_none(table, row, if_none)
        return sa.and_(known, sa.not_(self._is_remembered(table.name, row, rule)))

    def _is_remembered(self, table: str, row: Tbl, rule: MomentRule) -> Bool:
        return self.memo(table, row, rule_name(rule))

    def _remembered(self, table: str, row: Tbl, rule: MomentRule, ask: Ask, *also: Callable[[Tbl], Bool]) -> Bool:
        return self.memo(table, row, rule_name(rule), lambda m: self._lies(m, ask), *also)

    def _remembered_odd(self, table: str, row: Tbl, rule: MomentRule, ask: Ask) -> Bool:
        """Something remembered lies outside the set."""
        return self.memo(table, row, rule_name(rule), lambda m: untrue(self._lies(m, ask)))

    def _lies(self, memo: Tbl, ask: Ask) -> Bool:
        known: list[Bool] = []
        if ask.days is not None and not ask.days.empty:
            day = self.names.dialect.ordered(memo.c.day)
            low, high = ask.days.low.isoformat(), ask.days.high.isoformat()
            known.append(sa.and_(memo.c.state == "day", day >= low, day < high))
        if ask.not_yet:
            known.append(memo.c.state == "not_yet")
        if ask.never:
            known.append(memo.c.state == "never")
        return any_of(known)

    # --- cells -------------------------------------------------------------------------------------------------

    def empty(self, table: Table, row: Tbl, cell: Cell) -> Bool:
        """NULL, the empty string, or what blanking would write. Two-valued."""
        value = row.c[cell.column]
        known: list[Bool] = [value.is_(None)]
        if isinstance(value.type, sa.Text):
            known.append(self.names.dialect.exact(value) == "")
        if cell.blank is not None and cell.blank.value is not None:
            known.append(self.names.dialect.exact(value) == self.blank_value(table, row, cell))
        return sa.case((any_of(known), 1), else_=0) == 1

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
            whole = whole.concat(part) if n == 0 else whole.concat("-").concat(part)
        return whole

    def is_blanked(self, table: Table, row: Tbl, column: str) -> Bool:
        """A cell in this column is empty, for the row's kind, or for any kind while that is in doubt."""
        known = []
        for kind in table.kinds:
            others = [untrue(self.is_kind(table, row, k)) for k in table.kinds if k is not kind]
            cells = [c for c in kind.cells.values() if c.column == column and not c.json]
            known += [all_of([self.empty(table, row, cell), *others]) for cell in cells]
        return any_of(known)

    # --- identifiers -------------------------------------------------------------------------------------------

    def says_nothing(self, table: Table, row: Tbl, kind: str, scope: str, column: str) -> Bool:
        """The identifier is NULL, blanked, or empty once normalised. Two-valued."""
        match = self.names.match.alias()
        empty = some(match, *self._raw(match, row, kind, scope, column), match.c.status == "empty")
        return sa.or_(row.c[column].is_(None), empty, self.is_blanked(table, row, column))

    def names_person(
        self, table: Table, row: Tbl, kind: str, scope: str, column: str, then: Callable[[Tbl], Bool]
    ) -> Bool:
        """The identifier as it stands names somebody, for a row of this company, and `then` holds of the match."""
        match = self.names.match.alias()
        mine = match.c.company == self.company_or_any(table, row)
        there = some(match, *self._raw(match, row, kind, scope, column), mine, match.c.status != "empty", then(match))
        return sa.and_(there, sa.not_(self.is_blanked(table, row, column)))

    def company_or_any(self, table: Table, row: Tbl) -> Expr:
        """The company's id, or the sign under which matches are kept for rows whose company is unknown."""
        if isinstance(table.company, IsCompany) and table.company.company in self.companies:
            return sa.literal(table.company.company)
        return sa.func.coalesce(self.company_name(table, row), ANY_COMPANY)

    def _raw(self, match: Tbl, row: Tbl, kind: str, scope: str, column: str) -> tuple[Bool, ...]:
        exact = self.names.dialect.exact
        return (match.c.raw == exact(self.as_text(row.c[column])), match.c.kind == kind, match.c.scope == scope)

    def as_text(self, value: Expr) -> Expr:
        return value if isinstance(value.type, sa.Text) else self.names.dialect.text(value)


_MOMENTS: dict[type[MomentRule], Callable[..., Bool]] = {
    FromColumn: Reader._from_column,
    Through: Reader._through,
    FromChildren: Reader._from_children,
    Latest: Reader._latest,
    Imported: Reader._imported,
}
