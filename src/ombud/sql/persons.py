"""Finding the rows that are, or may be, about some persons: by keys, by what identifiers look like, and along links.

More may be found than is theirs, for owners decide that once facts are known; nothing may be missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import ByIdentifier, EachOwner, Link, OwnerRule, OwnersOf, Subject, Table
from ombud.sql.names import Names
from ombud.sql.near import HAD, WHO, named_near
from ombud.sql.read import Reader
from ombud.sql.scope import Scope

Found = tuple[tuple[object, ...], Table, Callable[[], sa.Insert]]
"""A step's name, a table, and what puts rows of it into scope."""


@dataclass(frozen=True)
class Persons:
    """Statements that fill the scope tables, through a reader. Whom they look for stands in `alike`."""

    read: Reader

    @property
    def names(self) -> Names:
        return self.read.names

    @property
    def scope(self) -> Scope:
        return Scope(self.read)

    def who(self, subject: Subject) -> sa.Select[Any]:
        """The persons of a subject who are in scope."""
        row = self.names.row(subject.table)
        chosen = sa.select(self.names.who(subject.name, row))
        return chosen.where(self.scope.within(self.read.mapped(subject.table), row))

    def written(self, subject: Subject) -> sa.Insert:
        """The rows of a subject whose keys, as the database writes them, are in `alike`: every row is read for it."""
        row = self.names.row(subject.table)
        wanted = sa.select(self.names.alike.c.rough).where(self.names.alike.c.kind == f"{WHO}/{subject.name}")
        text = self.names.key_text(subject.table, row)
        return self.scope.add(self.read.mapped(subject.table), row, text.in_(wanted))

    def once_known(self) -> sa.Select[Any]:
        """The refs of remembered persons that name one of those in `alike`, and maybe more."""
        ref = self.names.ref.c
        said = (ref.who, ref.scope, ref.value, ref.birth, ref.certain)
        return sa.select(*said).where(named_near(self.names, ref.value))

    def remembering(self, table: Table) -> sa.Insert:
        """The rows that remember one of the persons in `alike`."""
        row, memo, alike = self.names.row(table.name), self.names.memo(table.name).alias(), self.names.alike.alias()
        named = sa.select(alike.c.rough).where(alike.c.kind == WHO)
        return self.scope.add(table, row, self.names.same_key(memo, table.name, row), memo.c.who.in_(named))

    def naming(self, table: Table, rule: ByIdentifier) -> sa.Insert:
        """The rows in whose column one of the identifiers stands whose digests are in `alike`; needs `raw`."""
        row, raw, alike = self.names.row(table.name), self.names.raw.alias(), self.names.alike.alias()
        text = self.names.dialect.exact(self.read.as_text(row.c[rule.column]))
        wanted = sa.select(alike.c.rough).where(alike.c.kind == HAD + rule.kind)
        return self.scope.add(table, row, raw.c.raw == text, raw.c.kind == rule.kind, raw.c.digest.in_(wanted))

    # --- along links -------------------------------------------------------------------------------------------

    def named_by(self, *, cells: bool) -> Iterator[tuple[Table, ByIdentifier]]:
        """The rules by which identifiers in rows name whom they are about; or whom their cells are about."""
        for table in self._keyed():
            yield from ((table, rule) for rule in _rules(table, cells) if isinstance(rule, ByIdentifier))

    def owned(self, table: Table, *, cells: bool) -> Iterator[Found]:
        """The rows owned through those of a table that are in scope; or in which a cell is."""
        for other in self._keyed():
            for rule in _rules(other, cells):
                match rule:
                    case OwnersOf(link) if other.links[link].to == table.name:
                        yield ("owned", other.name, link), other, partial(self._pointing, other, other.links[link])
                    case EachOwner(child, link) if child == table.name:
                        step = ("owned", other.name, child, link)
                        yield step, other, partial(self._counting, other, table, table.links[link])

    def following(self, table: Table) -> Iterator[Found]:
        """The rows that follow those of a table that are in scope."""
        for other in self._keyed():
            follows = other.follows or other.copy_of
            if follows and other.links[follows].to == table.name:
                yield ("follow", other.name, follows), other, partial(self._pointing, other, other.links[follows])

    def pointing(self, table: Table, *, owned_too: bool) -> Iterator[Found]:
        """The rows that point at those of a table that are in scope; `owned_too`: by which they own, as well."""
        for other in self._keyed():
            owning = {rule.link for rule in other.owners if isinstance(rule, OwnersOf)} if not owned_too else set()
            for link in other.links.values():
                if link.to == table.name and link.name not in owning:
                    yield ("to", other.name, link.name), other, partial(self._pointing, other, link)

    def _pointing(self, other: Table, link: Link) -> sa.Insert:
        row, target = self.names.row(other.name), self.names.row(link.to)
        within = self.scope.within(self.read.mapped(link.to), target)
        return self.scope.add(other, row, self.read.joins(link, row, target), within)

    def _counting(self, other: Table, child: Table, link: Link) -> sa.Insert:
        each, row = self.names.row(child.name), self.names.row(other.name)
        return self.scope.add(other, row, self.read.joins(link, each, row), self.scope.within(child, each))

    def _keyed(self) -> Iterator[Table]:
        yield from (table for table in self.names.source.tables.values() if table.key)


def _rules(table: Table, cells: bool) -> tuple[OwnerRule, ...]:
    return tuple(rule for rule in table.owner_rules if rule not in table.owners) if cells else table.owners
