"""Telling what a row's moment is, as text that a memo can keep: `day`, `not_yet`, `never` or `unknown`, and the ISO day.

A day is looked up in the calendar table by comparing instants; nothing is computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from ombud.datamap.model import Encoding, FromChildren, FromColumn, Latest, Match, MomentRule, Pick, Table, Through, TimeColumn
from ombud.plan.ends import ANY_DAY, NEVER, NOT_YET
from ombud.plan.naming import rule_name
from ombud.sql.dialect import Bool, Expr
from ombud.sql.names import Tbl
from ombud.sql.read import Reader

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Teller:
    """Tells moments through a reader of the same source and day."""

    read: Reader

    def state(self, table: Table, row: Tbl, name: str) -> Expr:
        """Which of the four sorts the moment is."""
        return sa.case(
            (self.read.moment(table, row, name, ANY_DAY), "day"),
            (self.read.moment(table, row, name, NOT_YET), "not_yet"),
            (self.read.moment(table, row, name, NEVER), "never"),
            else_=UNKNOWN,
        )

    def day(self, table: Table, row: Tbl, name: str) -> Expr:
        """The ISO day of a moment whose state is `day`; of others it means nothing."""
        cases = [
            (self.read.is_kind(table, row, kind), self.day_by(table, row, kind.moments[name]))
            for kind in table.kinds
            if name in kind.moments
        ]
        return sa.case(*cases, else_=sa.null()) if cases else sa.null()

    def state_by(self, table: Table, row: Tbl, rule: MomentRule) -> Expr:
        """The same by one rule, whatever the row's kind."""
        return sa.case(
            (self.read.moment_by(table, row, rule, ANY_DAY), "day"),
            (self.read.moment_by(table, row, rule, NOT_YET), "not_yet"),
            (self.read.moment_by(table, row, rule, NEVER), "never"),
            else_=UNKNOWN,
        )

    def day_by(self, table: Table, row: Tbl, rule: MomentRule) -> Expr:
        """The same by one rule, whatever the row's kind."""
        match rule:
            case FromColumn(columns):
                return sa.case(
                    *((sa.not_(self.read.is_absent(row, c)), self.column_day(table, row, c)) for c in columns),
                    else_=sa.null(),
                )
            case Through(link, moment):
                return sa.func.coalesce(self._through(table, row, link, moment), self._remembered(table, row, rule))
            case FromChildren():
                return self._children(table, row, rule)
            case Latest():
                return self._latest(table, row, rule)
            case _:
                return sa.null()

    def column_day(self, table: Table, row: Tbl, column: TimeColumn) -> Expr:
        names = self.read.names
        calendar = names.calendar.alias()
        text = names.dialect.text(row.c[column.column])
        if column.encoding is Encoding.YYYYMMDD:
            found = sa.select(calendar.c.day).where(calendar.c.compact == text)
        elif column.encoding in (Encoding.DATE, Encoding.TEXT_DATE):
            found = sa.select(calendar.c.day).where(calendar.c.day == text)
        elif column.encoding in (Encoding.EPOCH_S, Encoding.EPOCH_MS):
            value = row.c[column.column]
            start = calendar.c.epoch * 1000 if column.encoding is Encoding.EPOCH_MS else calendar.c.epoch
            found = sa.select(calendar.c.day).where(start <= value).order_by(calendar.c.epoch.desc()).limit(1)
        elif column.encoding is not Encoding.TIMESTAMPTZ and column.zone == self.read.zone:
            found = sa.select(calendar.c.day).where(calendar.c.day == sa.func.substr(text, 1, 10))
        else:
            instant = names.dialect.ordered(sa.func.replace(text, "T", " ", type_=sa.Text()))
            start = names.dialect.ordered(calendar.c.utc)
            found = sa.select(calendar.c.day).where(start <= instant).order_by(start.desc()).limit(1)
        return found.correlate_except(calendar).scalar_subquery()

    def _through(self, table: Table, row: Tbl, link_name: str, moment: str) -> Expr:
        names = self.read.names
        if link_name in table.matches:
            return self._through_match(table, row, table.matches[link_name], moment)
        link = table.links[link_name]
        target = names.row(link.to)
        found = sa.select(self.day(self.read.mapped(link.to), target, moment)).where(self.read.joins(link, row, target))
        return found.limit(1).correlate_except(target).scalar_subquery()

    def _through_match(self, table: Table, row: Tbl, link: Match, moment: str) -> Expr:
        names = self.read.names
        subject = names.source.subjects[link.to]
        target, person, match = names.row(subject.table), names.person_of(link.to).alias(), names.match.alias()
        company = self.read.company_or_any(table, row)
        raw = names.dialect.exact(self.read.as_text(row.c[link.column]))
        found = (
            sa.select(self.day(self.read.mapped(subject.table), target, moment))
            .where(match.c.raw == raw, match.c.kind == link.kind, match.c.scope == link.to, match.c.company == company)
            .where(match.c.status == "one", person.c.person == match.c.person)
            .where(names.same_key(person, subject.table, target))
        )
        return found.limit(1).correlate_except(target, person, match).scalar_subquery()

    def _remembered(self, table: Table, row: Tbl, rule: MomentRule, *, most: bool = True) -> Expr:
        names = self.read.names
        memo = names.memo(table.name).alias()
        day = names.dialect.ordered(memo.c.day)
        found = sa.select(sa.func.max(day) if most else sa.func.min(day)).where(
            names.same_key(memo, table.name, row),
            memo.c.birth == names.birth(table, row),
            memo.c.rule == rule_name(rule),
            memo.c.state == "day",
        )
        return found.correlate_except(memo).scalar_subquery()

    def _children(self, table: Table, row: Tbl, rule: FromChildren) -> Expr:
        child = self.read.mapped(rule.child)
        each = self.read.names.row(rule.child)
        last = rule.pick is Pick.LAST_OF
        day = self.day(child, each, rule.moment)
        counted = self.read.counted(rule, child.links[rule.link], each, row)
        is_day = self.read.moment(child, each, rule.moment, ANY_DAY)
        found = sa.select(sa.func.max(day) if last else sa.func.min(day)).where(counted, is_day)
        here = found.correlate_except(each).scalar_subquery()
        kept = self._remembered(table, row, rule, most=last)
        wins = (lambda a, b: a >= b) if last else (lambda a, b: a <= b)
        ordered = self.read.names.dialect.ordered
        return sa.case((here.is_(None), kept), (kept.is_(None), here), (wins(ordered(here), kept), here), else_=kept)

    def _latest(self, table: Table, row: Tbl, rule: Latest) -> Expr:
        child = self.read.mapped(rule.child)
        each = self.read.names.row(rule.child)
        found = (
            sa.select(self.day(child, each, rule.moment))
            .where(self.read.points(rule.child, child.links[rule.link], each, row))
            .order_by(self.read.names.dialect.ordered(each.c[rule.order]).desc())
            .limit(1)
        )
        here = found.correlate_except(each).scalar_subquery()
        memo_newer = self.newer_memo(table, row, rule)
        kept = self._remembered(table, row, rule)
        return sa.case((memo_newer, kept), else_=here)

    def newer_memo(self, table: Table, row: Tbl, rule: Latest) -> Bool:
        """What is remembered of the latest is later than every child row that is left."""
        child = self.read.mapped(rule.child)

        def newest(memo: Tbl) -> Bool:
            each = self.read.names.row(rule.child)
            points = self.read.points(rule.child, child.links[rule.link], each, row)
            later = sa.select(sa.literal_column("1")).select_from(each)
            later = later.where(points, self.read.rank(rule, each) >= self.read.rank_of(rule, memo))
            return sa.not_(later.limit(1).correlate_except(each).scalar_subquery().is_not(None))

        return self.read.memo(table.name, row, rule_name(rule), newest)


