"""Who may share an identifier with persons whose rows are looked at: found by its rough form (`datamap/rough.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import ByIdentifier, EachOwner, IdentifierColumn, OwnersOf, Subject, Table
from ombud.datamap.rough import rough
from ombud.plan.naming import ADDED, IDENTIFIER
from ombud.sql.dialect import Bool, Expr
from ombud.sql.names import Names
from ombud.sql.read import Reader, some
from ombud.sql.scope import Scope
from ombud.sql.tables import Tbl, short

WHO = "|who"
"""Stands for a kind where whole persons are looked for; no kind has such a sign."""

HAD = "|had|"
"""Before a kind of which digests are looked for."""


@dataclass(frozen=True)
class Near:
    """Statements that read and widen the scope of what is looked at, through a reader, before any fact is known."""

    read: Reader

    @property
    def names(self) -> Names:
        return self.read.names

    @property
    def scope(self) -> Scope:
        return Scope(self.read)

    @property
    def serves(self) -> bool:
        """Every identifier stands in a text that the engine can take apart."""
        places = [(s, place) for s in self.names.source.subjects.values() for place in s.identifiers]
        texts = (self.names.family(place.child or s.table, place.column) == "text" for s, place in places)
        return self.names.dialect.made_of is not None and all(texts)

    # --- of the rows in scope ----------------------------------------------------------------------------------

    def held(self, subject: Subject, place: IdentifierColumn) -> sa.Select[Any]:
        """The identifiers that persons in scope have in this place."""
        row, each, where = self._standing(subject, place)
        # Not DISTINCT: a collation takes one address for another.
        return sa.select(each.c[place.column]).where(*where, self._within(subject, row))

    def remembered(self, subject: Subject) -> sa.Select[Any]:
        """The identifiers that rows in scope had: kind and digest."""
        memo, scope = self.names.memo(subject.table).alias(), self.names.scope(subject.table).alias()
        had = memo.c.rule.in_((IDENTIFIER, ADDED + IDENTIFIER))
        return sa.select(memo.c.state, memo.c.named).distinct().where(*self._same(subject.table, memo, scope), had)

    def recalled(self, subject: Subject) -> sa.Select[Any]:
        """A row for each person in scope whom a memo somewhere names."""
        row, ref = self.names.row(subject.table), self.names.ref.alias()
        known = some(ref, ref.c.who == _was(self.names.who(subject.name, row)))
        return sa.select(sa.literal_column("1")).select_from(row).where(self._within(subject, row), known).limit(1)

    def named(self, table: Table) -> sa.Select[Any]:
        """The persons whom memos of rows in scope name, of one table."""
        memo, scope = self.names.memo(table.name).alias(), self.names.scope(table.name).alias()
        return sa.select(memo.c.who).distinct().where(memo.c.who.is_not(None), *self._same(table.name, memo, scope))

    def owned_through(self, table: Table) -> Iterator[Table]:
        """The tables whose rows have their owners through rows of this one."""
        for other in self.names.source.tables.values():
            through = any(isinstance(r, OwnersOf) and other.links[r.link].to == table.name for r in other.owner_rules)
            counted = any(isinstance(r, EachOwner) and r.child == table.name for r in other.owner_rules)
            if other.key and (through or counted):
                yield other

    # --- of all ------------------------------------------------------------------------------------------------

    def alike(self, subject: Subject, place: IdentifierColumn) -> sa.Select[Any]:
        """Identifiers in this place that look like one of those in `alike`, each with the key of its subject's row."""
        row, each, where = self._standing(subject, place)
        key = [sa.type_coerce(row.c[c], sa.types.NULLTYPE) for c in self.read.mapped(subject.table).key]
        looked_for = sa.select(self.names.alike.c.rough).where(self.names.alike.c.kind == place.kind)
        return sa.select(each.c[place.column], *key).where(*where, self.rough(place, each).in_(looked_for))

    def rough(self, place: IdentifierColumn | ByIdentifier, each: Tbl) -> Expr:
        """The rough form of what stands in this place; constants written out, so that an index on it serves."""
        made_of, looks = self.names.dialect.made_of, rough(place.kind)
        assert made_of is not None
        value = self.read.as_text(each.c[place.column])
        bare: Expr = sa.func.lower(self.names.dialect.ordered(value), type_=sa.Text())
        for character in looks.dropped:
            bare = sa.func.replace(bare, _said(f"'{character}'"), _said("''"), type_=sa.Text())
        if looks.last:
            start = sa.func.length(bare) - _said(str(looks.last - 1))
            last = sa.case((start > _said("0"), start), else_=_said("1"))
            bare = sa.func.substr(bare, last, type_=sa.Text())
        known: Expr = sa.case((made_of(value, looks.plain), bare), else_=_said("''"))
        # SQLite lets an index serve whose affinity is that of what it is compared with.
        return self.names.dialect.text(known) if self.names.dialect.indexes else known

    def indexes(self, dialect: sa.Dialect) -> dict[tuple[str, str], str]:
        """By table and name, the statements that make the indexes by which `alike` finds people."""
        subjects = self.names.source.subjects.values()
        places = [(place.child or s.table, place) for s in subjects for place in s.identifiers]
        return dict(self._index(dialect, table, place) for table, place in places)

    def naming_indexes(self, dialect: sa.Dialect) -> dict[tuple[str, str], str]:
        """The same of those by which rows are found that name people by what stands in texts of theirs."""
        rules = [
            (table.name, rule)
            for table in self.names.source.tables.values()
            for rule in (*table.owner_rules, *table.mentions)
            if isinstance(rule, ByIdentifier) and self.names.family(table.name, rule.column) == "text"
        ]
        return dict(self._index(dialect, table, rule) for table, rule in rules)

    def _index(
        self, dialect: sa.Dialect, name: str, place: IdentifierColumn | ByIdentifier
    ) -> tuple[tuple[str, str], str]:
        table, quote = self.names.table(name), dialect.identifier_preparer
        called = short(f"ombud_near_{name}_{place.column}")
        as_written = {"literal_binds": True, "include_table": False}
        on = self.rough(place, table).compile(dialect=dialect, compile_kwargs=as_written)
        return (name, called), f"CREATE INDEX {quote.quote(called)} ON {quote.format_table(table)} (({on}))"

    def had(self, subject: Subject) -> sa.Insert:
        """Put into scope whoever had one of the identifiers whose digests are in `alike`."""
        row, memo = self.names.row(subject.table), self.names.memo(subject.table).alias()
        alike = self.names.alike.alias()
        wanted = some(
            alike, alike.c.kind == sa.literal(HAD, sa.Text()).concat(memo.c.state), alike.c.rough == memo.c.named
        )
        had = memo.c.rule.in_((IDENTIFIER, ADDED + IDENTIFIER))
        same = self.names.same_key(memo, subject.table, row)
        return self.scope.add(self.read.mapped(subject.table), row, had, wanted, same)

    def found(self, subject: Subject) -> sa.Insert:
        """Put into scope the rows whose keys are in `kept`."""
        row, kept = self.names.row(subject.table), self.names.kept(subject.table).alias()
        return self.scope.add(self.read.mapped(subject.table), row, self.names.same_key(kept, subject.table, row))

    def marked(self) -> sa.Select[Any]:
        """Of the refs that are looked for in `alike`, those that some mark names, and maybe more: scope and value."""
        ref = self.names.mark_ref.c
        return sa.select(ref.scope, ref.value).distinct().where(named_near(self.names, ref.value))

    # --- pieces ------------------------------------------------------------------------------------------------

    def _standing(self, subject: Subject, place: IdentifierColumn) -> tuple[Tbl, Tbl, list[Bool]]:
        """The subject's row, the row that has the identifier, and when it does."""
        row = self.names.row(subject.table)
        each = row if place.child is None else self.names.row(place.child)
        holder = self.read.mapped(place.child or subject.table)
        where = [
            each.c[place.column].is_not(None),
            self.read.where(holder.name, each, place.where),
            sa.not_(self.read.is_blanked(holder, each, place.column)),
        ]
        if place.child is not None and place.link is not None:
            where.append(self.read.points(place.child, holder.links[place.link], each, row))
        return row, each, where

    def _within(self, subject: Subject, row: Tbl) -> Bool:
        return self.scope.within(self.read.mapped(subject.table), row)

    def _same(self, table: str, memo: Tbl, scope: Tbl) -> Iterator[Bool]:
        yield from (memo.c[f"k{n}"] == scope.c[f"k{n}"] for n in range(len(self.read.mapped(table).key)))


def named_near(names: Names, value: Expr) -> Bool:
    """The value of a ref is looked for in `alike`, be it in this scope or another: so its index serves."""
    alike = names.alike.alias()
    return value.in_(sa.select(alike.c.rough).where(alike.c.kind != WHO))


def _said(constant: str) -> Expr:
    return sa.literal_column(constant)


def _was(who: Expr) -> Expr:
    """A living row's person as they are called once remembered."""
    return sa.literal("was|", sa.Text()).concat(sa.func.substr(who, 5, type_=sa.Text()))
