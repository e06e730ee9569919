"""Rows as they speak for themselves, found by keys or by what an identifier looks like: one statement a table and way.

What `Facts` writes into working tables is read here instead: birth, kind, company, days, and whether a link leads
anywhere, with the values of columns beside. What other rows say of a row is put together outside of the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import (
    ByIdentifier,
    CompanyThrough,
    EachOwner,
    FromChildren,
    FromColumn,
    IdentifierColumn,
    Latest,
    Link,
    OwnersOf,
    Table,
    Through,
    TimeColumn,
)
from ombud.plan.calendar import ALL_DAYS
from ombud.sql.dialect import Expr
from ombud.sql.extracts import Extracts
from ombud.sql.facts import FOUND, MISSING, NONE, Facts
from ombud.sql.near import Near
from ombud.sql.read import some, untrue
from ombud.sql.tables import Tbl
from ombud.terms import FIRST_DAY, Act


@dataclass(frozen=True, slots=True)
class Slot:
    """Stands in a compiled statement for the `part`-th column of the `number`-th key that is looked for."""

    number: int
    part: int = 0


COUNTED = FromChildren | Latest | EachOwner
"""Rules by which a row is judged by those that point at it."""

IDENTIFIER = "id/"
CONSENT = "said/"


@dataclass(frozen=True)
class Gather:
    """Statements that read rows of one table."""

    facts: Facts
    table: Table

    @cached_property
    def extracts(self) -> Extracts:
        return Extracts(self.facts, self.table)

    # --- the map, as far as these rows need it -------------------------------------------------------------------

    @cached_property
    def links(self) -> dict[str, Link]:
        """The links through which a row has owners, company, claims or moments, or says whose identifier it holds."""
        table = self.table
        rules = self.facts.names.sheet(table.name).rules
        wanted = [rule.link for rule in table.owner_rules if isinstance(rule, OwnersOf)]
        wanted += [rule.link for rule in rules if isinstance(rule, Through)]
        wanted += [table.company.link] if isinstance(table.company, CompanyThrough) else []
        wanted += [each for each in (table.follows, table.copy_of) if each]
        wanted += [place.link for place in self.places if place.link]
        for other in self.facts.names.source.tables.values():
            rules = self.facts.names.sheet(other.name).rules
            counted = (rule for rule in (*rules, *other.owner_rules) if isinstance(rule, COUNTED))
            wanted += [rule.link for rule in counted if rule.child == table.name]
        return {name: table.links[name] for name in dict.fromkeys(wanted) if name in table.links}

    @cached_property
    def identifiers(self) -> tuple[ByIdentifier, ...]:
        """The rules by which the row's own identifiers name somebody: its owners, its cells', whom it mentions."""
        rules = (*self.table.owner_rules, *self.table.mentions)
        return tuple(dict.fromkeys(rule for rule in rules if isinstance(rule, ByIdentifier)))

    @cached_property
    def places(self) -> tuple[IdentifierColumn, ...]:
        """Where identifiers of a subject's rows stand in this table."""
        subjects = self.facts.names.source.subjects.values()
        found = (p for s in subjects for p in s.identifiers if (p.child or s.table) == self.table.name)
        return tuple(dict.fromkeys(found))

    @cached_property
    def orders(self) -> tuple[str, ...]:
        """The columns by which rows of this table are the latest of their parent's."""
        sheets = (self.facts.names.sheet(t) for t in self.facts.names.source.tables)
        rules = (rule for sheet in sheets for rule in sheet.rules)
        return tuple(dict.fromkeys(r.order for r in rules if isinstance(r, Latest) and r.child == self.table.name))

    @cached_property
    def ends(self) -> tuple[str, ...]:
        """The key, the columns by which links here or elsewhere hold together, and those that put rows in order."""
        ours = [column for link in self.links.values() for column in link.columns]
        links = (link for t in self.facts.names.source.tables.values() for link in t.links.values())
        theirs = [column for link in links if link.to == self.table.name for column in link.target]
        return tuple(dict.fromkeys((*self.table.key, *ours, *theirs, *self.orders)))

    # --- what is read --------------------------------------------------------------------------------------------

    @cached_property
    def layout(self) -> dict[str, int]:
        """Where each thing stands in a row that is read."""
        return {name: n for n, (name, _) in enumerate(self._said(self.facts.names.row(self.table.name)))}

    def _said(self, row: Tbl) -> Iterator[tuple[str, Expr]]:
        read, names, table = self.facts.read, self.facts.names, self.table
        sheet = names.sheet(table.name)
        said = {
            name: each
            for name, each in self._speaks(row).items()
            if name in ("birth", "who", "born", "old", "kind", "company") or name[0] in "sdw"
        }
        for name in ("birth", "who", "born", "old", "kind", "company"):
            yield name, said.get(name, sa.cast(sa.null(), sa.Text))
        for n, rule in enumerate(sheet.rules):
            if isinstance(rule, FromColumn):
                yield from ((f"{letter}{n}", said[f"{letter}{n}"]) for letter in "sd")
        yield from ((f"w{n}", said[f"w{n}"]) for n, _ in enumerate(sheet.wheres))
        for link in self.links.values():
            nothing = [(untrue(read.where(table.name, row, link.when)), NONE), (read.is_missing(link, row), MISSING)]
            yield f"link/{link.name}", sa.case(*nothing, else_=FOUND)
        memo = names.memo(table.name).alias()
        yield "memo", sa.case((some(memo, names.same_key(memo, table.name, row)), 1), else_=0)
        for named in self.identifiers:
            speaks = [row.c[named.column].is_not(None), sa.not_(read.is_blanked(table, row, named.column))]
            value = self._raw(row, named.column)
            yield f"{IDENTIFIER}{named.kind}/{named.column}", sa.case((sa.and_(*speaks), value), else_=sa.null())
            yield (
                f"when/{self.identifiers.index(named)}",
                sa.case((read.where(table.name, row, named.when), 1), else_=0),
            )
        for n, place in enumerate(self.places):
            speaks = [
                row.c[place.column].is_not(None),
                read.where(table.name, row, place.where),
                sa.not_(read.is_blanked(table, row, place.column)),
            ]
            yield f"place/{n}", sa.case((sa.and_(*speaks), self._raw(row, place.column)), else_=sa.null())
        for n, mark in enumerate(table.marks):
            for act, column in ((Act.CONSENTED, mark.consented), (Act.WITHDRAWN, mark.withdrawn)):
                if column is not None:
                    yield f"{CONSENT}{n}/{act}", self._consent(row, act, column)
        yield from ((f"end/{column}", self._raw(row, column)) for column in self.ends)
        yield from ((f"value/{c}", v) for c, v in zip(self.extracts.columns, self.extracts.values(row), strict=True))

    def _speaks(self, row: Tbl) -> dict[str, Expr]:
        """What `Facts` says of the row, hashes aside: those are made of what stands there."""
        return self.facts.said(self.table, row, hashed=False)

    def _raw(self, row: Tbl, column: str) -> Expr:
        return sa.type_coerce(row.c[column], sa.types.NULLTYPE)

    def _consent(self, row: Tbl, act: Act, column: TimeColumn) -> Expr:
        read, name = self.facts.read, self.table.name
        unreadable = sa.null() if act is Act.CONSENTED else sa.literal(FIRST_DAY.isoformat(), sa.Text())
        return sa.case(
            (read.is_absent(name, row, column), sa.null()),
            (read.in_days(name, row, column, ALL_DAYS), self.facts.day(self.table, row, column)),
            else_=unreadable,
        )

    # --- which rows ----------------------------------------------------------------------------------------------

    def by(self, columns: Sequence[str], keys: int) -> sa.Select[Any]:
        """The rows in whose columns one of so many keys stands, and maybe more."""
        row = self.facts.names.row(self.table.name)
        at = [self._raw(row, column) for column in columns]
        if len(at) == 1:
            same: sa.ColumnElement[bool] = at[0].in_([_slot(Slot(n)) for n in range(keys)])
        else:
            same = sa.or_(*(sa.and_(*(each == _slot(Slot(n, p)) for p, each in enumerate(at))) for n in range(keys)))
        return self._select(row, same)

    def alike(self, kind: str, column: str, keys: int) -> sa.Select[Any]:
        """The rows in whose column an identifier stands that looks like one of so many (`datamap/rough.py`)."""
        row = self.facts.names.row(self.table.name)
        looks = Near(self.facts.read).rough(IdentifierColumn(kind, column), row)
        return self._select(row, looks.in_([_slot(Slot(n), sa.Text()) for n in range(keys)]))

    def _select(self, row: Tbl, which: sa.ColumnElement[bool]) -> sa.Select[Any]:
        said = [each.label(f"f{n}") for n, (_, each) in enumerate(self._said(row))]
        there = [row.c[column].is_not(None) for column in self.table.key]
        return sa.select(*said).select_from(row).where(which, *there)


def _slot(slot: Slot, of: Any = sa.types.NULLTYPE) -> sa.BindParameter[Any]:
    return sa.bindparam(None, slot, type_=of, unique=True)
