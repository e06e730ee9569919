"""Naming a row's owners, one row a person: what the memo keeps and what consent columns are about.

A person is written as text: `key|SUBJECT|BIRTH|KEY` for a subject's row, `id|KIND|DIGEST` for a hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import assert_never

import sqlalchemy as sa

from ombud.datamap.model import ByIdentifier, EachOwner, IsSubject, OwnerRule, OwnersOf, Table
from ombud.sql.dialect import Bool, Expr
from ombud.sql.names import Tbl
from ombud.sql.owners import ANYBODY, About, Owners


@dataclass(frozen=True)
class Path:
    """One way from a row to its owners: the rows it passes, the conditions, who that is and how certain."""

    who: Expr
    state: Expr
    rows: tuple[Tbl, ...] = ()
    where: tuple[Bool, ...] = field(default=())


@dataclass(frozen=True)
class Relation:
    """Names owners through the same reader as `Owners` asks about them."""

    owners: Owners

    def paths(self, table: Table, row: Tbl, about: About) -> Iterator[Path]:
        """Every path by which a certain person or a candidate is reached."""
        for name, rule in about.named():
            yield from self.by_rule(table, row, name, rule)

    def by_rule(self, table: Table, row: Tbl, name: str, rule: OwnerRule) -> Iterator[Path]:
        read = self.owners.read
        match rule:
            case IsSubject(subject):
                yield Path(read.names.who(subject, row), sa.literal("certain"))
            case OwnersOf(link_name):
                link = table.links[link_name]
                target, parent = read.names.row(link.to), read.mapped(link.to)
                joined = (read.points(table.name, link, row, target), sa.not_(read.several(table.name, link, row)))
                yield from self._then(self.paths(parent, target, About(parent.owners)), target, joined)
                lost = sa.or_(read.missing(table.name, link, row), read.dangling(table.name, link, row))
                yield self._remembered(table, row, name, lost)
            case EachOwner(child, link_name):
                each, bridge = read.names.row(child), read.mapped(child)
                points = read.points(child, bridge.links[link_name], each, row)
                yield from self._then(self.paths(bridge, each, About(bridge.owners)), each, (points,))
                yield self._remembered(table, row, name)
            case ByIdentifier():
                yield self._named(table, row, rule)
                yield self._remembered(table, row, name, read.says_nothing(row, rule.kind, ANYBODY, rule.column))
            case _:
                assert_never(rule)

    def certain(self, table: Table, about: About, row: Tbl, *columns: Expr) -> Iterator[sa.Select[tuple[object, ...]]]:
        """`who` and these columns of the row, once for each certain owner; one statement a path."""
        for path in self.paths(table, row, about):
            yield sa.select(path.who.label("who"), *columns).select_from(row, *path.rows).where(
                *path.where, path.state == "certain"
            )

    def _then(self, paths: Iterator[Path], via: Tbl, joined: tuple[Bool, ...]) -> Iterator[Path]:
        for path in paths:
            yield Path(path.who, path.state, (via, *path.rows), (*joined, *path.where))

    def _remembered(self, table: Table, row: Tbl, name: str, *where: Bool) -> Path:
        names = self.owners.read.names
        memo = names.memo(table.name).alias()
        kept = (names.same_key(memo, table.name, row), memo.c.birth == names.birth(table, row), memo.c.rule == name)
        return Path(memo.c.who, memo.c.state, (memo,), (*kept, memo.c.who.is_not(None), *where))

    def _named(self, table: Table, row: Tbl, rule: ByIdentifier) -> Path:
        read = self.owners.read
        match = read.names.match.alias()
        raw = read.names.dialect.exact(read.as_text(row.c[rule.column]))
        where = (
            match.c.raw == raw,
            match.c.kind == rule.kind,
            match.c.scope == ANYBODY,
            match.c.status != "empty",
            match.c.company == read.company_name(table, row),
        )
        state = sa.case((match.c.status == "many", "candidate"), else_="certain")
        return Path(match.c.who, state, (match,), where)
