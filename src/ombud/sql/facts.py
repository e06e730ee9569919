"""What is known of each row that is looked at, written down before anything is judged (`spec/claims.md` §2).

One fact row a row: birth, kind, company, what its links find, what its columns say of its moments. Each statement reads
the application's tables, or facts written before it; none is deeper than one hop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from ombud.datamap.model import (
    CompanyColumn,
    CompanyThrough,
    Encoding,
    FromColumn,
    IsCompany,
    Link,
    Table,
    Test,
    TimeColumn,
)
from ombud.plan.calendar import ALL_DAYS, Stretch
from ombud.plan.naming import COMPANY
from ombud.plan.sheet import CompanyStep, RootStep
from ombud.sql.dialect import Bool, Expr
from ombud.sql.names import Names
from ombud.sql.read import Reader, count, some, untrue
from ombud.sql.tables import Tbl

NONE, MISSING, DANGLING, SEVERAL, FOUND = "none", "missing", "dangling", "several", "found"
"""How following a link went."""


@dataclass(frozen=True)
class Facts:
    """What facts say, in SQL, through a reader. `scoped` looks only at the rows in the scope tables."""

    read: Reader
    scoped: bool = False

    @property
    def names(self) -> Names:
        return self.read.names

    # --- one row a row -----------------------------------------------------------------------------------------

    def said(self, table: Table, row: Tbl, *, hashed: bool = True) -> dict[str, Expr]:
        """Everything that the row's own columns say, by the fact's column; `hashed`: its identifiers as well."""
        names, sheet = self.names, self.names.sheet(table.name)
        said: dict[str, Expr] = {f"k{n}": row.c[c] for n, c in enumerate(table.key)}
        said["birth"] = names.birth(table, row)
        if sheet.subject is not None:
            said["who"] = names.who(sheet.subject, row)
        if table.born is not None:
            speaks = sa.not_(self.read.is_absent(table.name, row, table.born))
            born = self.read.in_days(table.name, row, table.born, ALL_DAYS)
            said["born"] = sa.case((sa.and_(speaks, born), self.day(table, row, table.born)), else_=sa.null())
            grace = min(table.grace, (self.read.today - date.min).days)
            stretch = Stretch(ALL_DAYS.low, self.read.today - timedelta(days=grace))
            old = self.read.in_days(table.name, row, table.born, stretch)
            said["old"] = sa.case((sa.and_(speaks, old), 1), else_=0)
        else:
            said["old"] = sa.literal(0)
        said["kind"] = self.read.kind_number(table, row)
        if (company := self._company(table, row)) is not None:
            said["company"] = company
        for n, rule in enumerate(sheet.rules):
            if isinstance(rule, FromColumn):
                said[f"s{n}"], said[f"d{n}"] = self._told(table, row, rule)
        for n, where in enumerate(sheet.wheres):
            said[f"w{n}"] = sa.case((self.read.where(table.name, row, where), 1), else_=0)
        for n, (kind_, column) in enumerate(sheet.identifiers if hashed else ()):
            said[f"i{n}"] = self._digest(table, row, kind_, column)
        return said

    def looked_at(self, table: Table, row: Tbl) -> list[Bool]:
        """Which rows have a fact. A row whose key is NULL cannot be named, so it is never judged: it stays."""
        where: list[Bool] = [row.c[c].is_not(None) for c in table.key]
        if self.scoped:
            scope = self.names.scope(table.name).alias()
            where.append(self.names.is_among(table.name, row, self.names.keys_in(scope, table.name)))
        return where

    def _company(self, table: Table, row: Tbl) -> Expr | None:
        match table.company:
            case IsCompany(company):
                return sa.literal(company if company in self.read.companies else None, sa.Text())
            case CompanyColumn(column, values):
                known = {c: tuple(v for v, named in values.items() if named == c) for c in self.read.companies}
                cases = [(self.read.test(table.name, row, Test(column, vs)), c) for c, vs in known.items() if vs]
                return sa.case(*cases, else_=sa.null()) if cases else sa.cast(sa.null(), sa.Text)
            case CompanyThrough():
                return None

    def _told(self, table: Table, row: Tbl, rule: FromColumn) -> tuple[Expr, Expr]:
        states: list[tuple[Bool, Expr]] = []
        days: list[tuple[Bool, Expr]] = []
        for column in rule.columns:
            speaks = sa.not_(self.read.is_absent(table.name, row, column))
            known = self.read.in_days(table.name, row, column, ALL_DAYS)
            states.append((speaks, sa.case((known, "day"), else_="unknown")))
            days.append((speaks, sa.case((known, self.day(table, row, column)), else_=sa.null())))
        return sa.case(*states, else_="not_yet"), sa.case(*days, else_=sa.null())

    def _digest(self, table: Table, row: Tbl, kind: str, column: str) -> Expr:
        """The keyed hash of the identifier; '' if there is none or it is blanked, NULL if it was never hashed."""
        raw = self.names.raw.alias()
        text = self.names.dialect.exact(self.read.as_text(row.c[column]))
        found = sa.select(raw.c.digest).where(raw.c.raw == text, raw.c.kind == kind)
        nothing = sa.or_(row.c[column].is_(None), self.read.is_blanked(table, row, column))
        return sa.case((nothing, ""), else_=found.correlate_except(raw).scalar_subquery())

    def day(self, table: Table, row: Tbl, column: TimeColumn) -> Expr:
        """The ISO day that a readable column says, of those believed: its text, or looked up by comparing instants."""
        calendar, dialect = self.names.calendar.alias(), self.names.dialect
        value, family = row.c[column.column], self.names.family(table.name, column.column)
        text = dialect.text(value)
        if dialect.native_times and family == "date" and column.encoding in (Encoding.DATE, Encoding.TEXT_DATE):
            return text
        if column.encoding is Encoding.YYYYMMDD:
            found = sa.select(calendar.c.day).where(calendar.c.compact == text)
        elif column.encoding in (Encoding.DATE, Encoding.TEXT_DATE):
            found = sa.select(calendar.c.day).where(calendar.c.day == text)
        elif column.encoding in (Encoding.EPOCH_S, Encoding.EPOCH_MS):
            seconds = dialect.seconds(value) if column.encoding is Encoding.EPOCH_MS else value
            return self._day_in_force(seconds, "epoch")
        elif column.encoding is not Encoding.TIMESTAMPTZ and column.zone == self.read.zone:
            found = sa.select(calendar.c.day).where(calendar.c.day == sa.func.substr(text, 1, 10))
        else:
            return self._day_in_force(dialect.ordered(sa.func.replace(text, "T", " ", type_=sa.Text())), "utc")
        return found.correlate_except(calendar).scalar_subquery()

    def _day_in_force(self, instant: Expr, written: str) -> Expr:
        """The last day that has started by an instant: text in UTC, or seconds."""
        calendar, dialect = self.names.calendar.alias(), self.names.dialect
        start = dialect.ordered(calendar.c[written])
        if dialect.ranges:
            last = sa.select(calendar.c.day).where(start <= instant)
            last = last.order_by(start.desc(), calendar.c.day.desc()).limit(1)
            return last.correlate_except(calendar).scalar_subquery()
        # The last of those that start on the same day in UTC, or that which was in force when that began.
        there = self.names.calendar.alias()
        if written == "utc":
            on = there.c.day == sa.func.substr(instant, 1, 10)
        else:
            on = there.c.number == sa.func.floor(instant.op("/")(24 * 60 * 60))
        here = sa.select(sa.func.max(calendar.c.day)).where(calendar.c.starts_on == there.c.day, start <= instant)
        found = sa.func.coalesce(here.correlate_except(calendar).scalar_subquery(), there.c.first)
        return sa.select(found).where(on).correlate_except(there, calendar).scalar_subquery()

    # --- links -------------------------------------------------------------------------------------------------

    def followed_to(self, table: Table, row: Tbl, link: Link) -> dict[str, Expr]:
        """How following a link of the row went, and what it found, by the fact's column; needs the facts there."""
        n = self.names.sheet(table.name).links.index(link.name)
        return {f"q{n}": self._how(table, link, row), f"l{n}": self._found(table, link, row)}

    def follow(self, table: Table, links: Iterable[Link]) -> sa.Update | None:
        """The same of these links, where the fact is there already."""
        fact, values = self.names.fact(table.name), {}
        for link in links:
            row = self.names.row(table.name)
            same = self.names.same_key(fact, table.name, row)
            for column, told in self.followed_to(table, row, link).items():
                values[column] = sa.select(told).select_from(row).where(same).correlate_except(row).scalar_subquery()
        return fact.update().values(values) if values else None

    def _how(self, table: Table, link: Link, row: Tbl) -> Expr:
        target = self.names.row(link.to)
        joins = self.read.joins(link, row, target)
        nothing = [
            (untrue(self.read.where(table.name, row, link.when)), NONE),
            (self.read.is_missing(link, row), MISSING),
        ]
        if self._by_key(link):
            there = self.names.fact(link.to).alias()
            known = (some(there, self._finds(link, row, there)), FOUND)
            return sa.case(*nothing, known, (some(target, joins), FOUND), else_=DANGLING)
        if self.read.one_at_most(link):
            return sa.case(*nothing, (some(target, joins), FOUND), else_=DANGLING)
        many = count(target, joins)
        return sa.case(*nothing, (many == 0, DANGLING), (many == 1, FOUND), else_=SEVERAL)

    def _by_key(self, link: Link) -> bool:
        """The link finds a row by the very key that its fact has."""
        return set(link.target) == set(self.read.mapped(link.to).key)

    def _finds(self, link: Link, row: Tbl, fact: Tbl) -> Bool:
        """The link of `row` finds the row that `fact` is about."""
        key, live = self.read.mapped(link.to).key, self.names.table(link.to)
        typed = {c: sa.type_coerce(fact.c[f"k{n}"], live.c[c].type) for n, c in enumerate(key)}
        return self.read.joined(link, row, typed)

    def _found(self, table: Table, link: Link, row: Tbl) -> Expr:
        there = self.names.fact(link.to).alias()
        if self._by_key(link):
            # Not min(): it would tempt PostgreSQL to read the facts in the order of their numbers.
            by_key = sa.select(there.c.rid).where(self._finds(link, row, there)).limit(1)
            only = by_key.correlate_except(there).scalar_subquery()
        else:
            target = self.names.row(link.to)
            found = sa.select(sa.func.min(there.c.rid)).select_from(target, there)
            found = found.where(self.read.joins(link, row, target), self.names.same_key(there, link.to, target))
            only = found.correlate_except(target, there).scalar_subquery()
        if self.read.one_at_most(link):
            nothing = sa.or_(untrue(self.read.where(table.name, row, link.when)), self.read.is_missing(link, row))
            return sa.case((nothing, sa.null()), else_=only)
        return sa.case((self._how(table, link, row) == FOUND, only), else_=sa.null())

    # --- companies and roots -----------------------------------------------------------------------------------

    def company(self, step: CompanyStep) -> sa.Update:
        """The company that comes through a link, where the fact is there already."""
        fact = self.names.fact(step.table)
        return fact.update().values(company=self.company_through(self.read.mapped(step.table), fact, step.link))

    def company_through(self, table: Table, fact: Tbl, link: str) -> Expr:
        """The company of the row that the link finds; of one that went, what is remembered."""
        there = self.names.fact(table.links[link].to).alias()
        n = self.names.sheet(table.name).links.index(link)
        found = sa.select(there.c.company).where(there.c.rid == fact.c[f"l{n}"]).correlate_except(there)
        memo = self.names.memo(table.name).alias()
        kept = sa.select(sa.func.max(memo.c.state)).where(self.kept(memo, fact, COMPANY)).correlate_except(memo)
        known = sa.case(
            (fact.c[f"q{n}"] == FOUND, found.scalar_subquery()),
            (fact.c[f"q{n}"].in_((MISSING, DANGLING)), sa.func.nullif(kept.scalar_subquery(), "")),
            else_=sa.null(),
        )
        return sa.case((known.in_(self.read.companies), known), else_=sa.null())

    def kept(self, memo: Tbl, fact: Tbl, rule: str) -> Bool:
        """A memo row is about this fact's row, under an equal birth stamp, by this rule."""
        key = [c.key for c in fact.c if c.key.startswith("k") and c.key[1:].isdigit()]
        return sa.and_(*(memo.c[k] == fact.c[k] for k in key), memo.c.birth == fact.c.birth, memo.c.rule == rule)

    def root(self, step: RootStep) -> sa.Update:
        """Whose claims the row has, where the fact is there already."""
        fact = self.names.fact(step.table)
        return fact.update().values(self.rooted(self.read.mapped(step.table), fact))

    def rooted(self, table: Table, fact: Tbl) -> dict[str, Expr]:
        """Whose claims the row has: its own (NULL), or those of the end of what it follows; and whether that is in
        doubt.
        """
        own = sa.or_(fact.c.kind.is_(None), fact.c.company.is_(None))
        follows = table.follows or table.copy_of
        if follows is None:
            return {"doubt": sa.case((own, 1), else_=0)}
        n = self.names.sheet(table.name).links.index(follows)
        above = self.names.fact(table.links[follows].to).alias()
        at = above.c.rid == fact.c[f"l{n}"]
        above_it = self.root_of(self.read.mapped(table.links[follows].to), above)
        root = sa.select(above_it).where(at).correlate_except(above).scalar_subquery()
        sure = some(above, at, above.c.doubt == 0)
        return {"root": root, "doubt": sa.case((sa.or_(own, sa.not_(sure)), 1), else_=0)}

    def root_of(self, table: Table, fact: Tbl) -> Expr:
        """The number of the row whose claims a fact's row has: of one that follows nothing, its own."""
        number: Expr = fact.c.rid if self.followed(table) is None else fact.c.root
        return number

    def followed(self, table: Table) -> str | None:
        """The link by which the table's rows follow others, if they do."""
        return table.follows or table.copy_of

    def root_table(self, table: Table) -> Table:
        """The table at the end of what this one follows."""
        follows = self.followed(table)
        return table if follows is None else self.root_table(self.read.mapped(table.links[follows].to))

    def remove(self, table: Table) -> int:
        """How many tables the root is away."""
        follows = self.followed(table)
        return 0 if follows is None else 1 + self.remove(self.read.mapped(table.links[follows].to))

    def working(self) -> Iterator[sa.Table]:
        """Every fact and owner table, and the scopes."""
        for table in self.names.source.tables.values():
            if table.key:
                yield from (self.names.fact(table.name), self.names.owner(table.name), self.names.scope(table.name))
