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
    remembered: bool = False


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
                yield from self._named(table, row, name, rule)
                silent = read.says_nothing(table, row, rule.kind, ANYBODY, rule.column)
                yield self._remembered(table, row, name, silent)
            case _:
                assert_never(rule)

    def _then(self, paths: Iterator[Path], via: Tbl, joined: tuple[Bool, ...]) -> Iterator[Path]:
        for path in paths:
            yield Path(path.who, path.state, (via, *path.rows), (*joined, *path.where), path.remembered)

    def _remembered(self, table: Table, row: Tbl, name: str, *where: Bool) -> Path:
        names = self.owners.read.names
        memo = names.memo(table.name).alias()
        kept = (names.same_key(memo, table.name, row), memo.c.birth == names.birth(table, row), memo.c.rule == name)
        return Path(memo.c.who, memo.c.state, (memo,), (*kept, memo.c.who.is_not(None), *where), remembered=True)

    def _named(self, table: Table, row: Tbl, name: str, rule: ByIdentifier) -> Iterator[Path]:
        read = self.owners.read
        match = read.names.match.alias()
        raw = read.names.dialect.exact(read.as_text(row.c[rule.column]))
        named = (
            match.c.raw == raw,
            match.c.kind == rule.kind,
            match.c.scope == ANYBODY,
            match.c.status != "empty",
            match.c.company == read.company_or_any(table, row),
            sa.not_(read.is_blanked(table, row, rule.column)),
        )
        several = read.memo(table.name, row, name, lambda m: m.c.named == match.c.digest, lambda m: m.c.state == "candidate")
        state = sa.case((sa.or_(match.c.status == "many", several), "candidate"), else_="certain")
        nobody_kept = sa.not_(read.memo(table.name, row, name, lambda m: m.c.named == match.c.digest))
        yield Path(match.c.who, state, (match,), (*named, sa.or_(match.c.status != "none", nobody_kept)))
        memo = read.names.memo(table.name).alias()
        kept = (
            read.names.same_key(memo, table.name, row),
            memo.c.birth == read.names.birth(table, row),
            memo.c.rule == name,
            memo.c.named == match.c.digest,
            memo.c.who.is_not(None),
            sa.or_(match.c.status == "none", memo.c.state == "candidate"),
        )
        yield Path(memo.c.who, memo.c.state, (match, memo), (*named, *kept), remembered=True)
