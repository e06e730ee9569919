"""What is worked out about the rows of a table, in which order: its links, moments, tests and identifiers, numbered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from ombud.datamap.model import (
    ByIdentifier,
    CompanyThrough,
    EachOwner,
    FromChildren,
    FromColumn,
    Imported,
    IsSubject,
    Latest,
    MomentRule,
    OwnerRule,
    OwnersOf,
    SourceMap,
    Table,
    Through,
    Where,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The n-th link stands in the columns `ln` (row found) and `qn` (how it went), the n-th moment rule in `sn` and
    `dn` (state and ISO day), the n-th match in `mn` and `xn`, the n-th test in `wn`, the n-th identifier in `in`.
    """

    links: tuple[str, ...]
    matches: tuple[str, ...]
    rules: tuple[MomentRule, ...]
    wheres: tuple[Where, ...]
    identifiers: tuple[tuple[str, str], ...]
    subject: str | None

    @classmethod
    def of(cls, source: SourceMap, name: str) -> Sheet:
        table = source.tables[name]
        rules = dict.fromkeys(rule for kind in table.kinds for rule in kind.moments.values())
        identifiers = [(m.kind, m.column) for m in table.matches.values()]
        identifiers += [(r.kind, r.column) for r in table.owner_rules if isinstance(r, ByIdentifier)]
        return cls(
            links=tuple(table.links),
            matches=tuple(table.matches),
            rules=tuple(rules),
            wheres=tuple(dict.fromkeys(_asked_of(source, name))),
            identifiers=tuple(dict.fromkeys(identifiers)),
            subject=next((s.name for s in source.subjects.values() if s.table == name), None),
        )


def _asked_of(source: SourceMap, name: str) -> Iterator[Where]:
    yield from (rule.when for rule in source.tables[name].owner_rules if isinstance(rule, ByIdentifier) and rule.when)
    for other in source.tables.values():
        for kind in other.kinds:
            for rule in kind.moments.values():
                if isinstance(rule, FromChildren) and rule.child == name:
                    yield rule.where
                elif isinstance(rule, Latest) and rule.child == name:
                    yield rule.when


@dataclass(frozen=True, slots=True)
class CompanyStep:
    """Work out the companies that come through a link."""

    table: str
    link: str


@dataclass(frozen=True, slots=True)
class RootStep:
    """Work out whose claims the rows of a table have, and whether that is in doubt."""

    table: str


@dataclass(frozen=True, slots=True)
class OwnerStep:
    """Work out the owners by one rule."""

    table: str
    rule: OwnerRule


@dataclass(frozen=True, slots=True)
class MomentStep:
    """Work out one moment rule that reads other rows."""

    table: str
    rule: MomentRule


Step = CompanyStep | RootStep | OwnerStep | MomentStep


class Circle(Exception):
    """A rule that depends on itself. `check` refuses such maps."""


def steps(source: SourceMap) -> tuple[Step, ...]:
    """Every step, after those it needs. Companies come before owners, owners before moments."""
    needs: dict[Step, set[Step]] = {}
    for table in source.tables.values():
        if not table.key:
            continue
        if isinstance(table.company, CompanyThrough):
            link = table.links[table.company.link]
            needs[CompanyStep(table.name, link.name)] = set(_companies(source, link.to))
        root = table.follows or table.copy_of
        above = {RootStep(table.links[root].to)} if root else set()
        needs[RootStep(table.name)] = {*above, *_companies(source, table.name)}
        for owner in table.owner_rules:
            needs[OwnerStep(table.name, owner)] = set(_owners(source, table, owner))
        for rule in dict.fromkeys(r for kind in table.kinds for r in kind.moments.values()):
            if not isinstance(rule, FromColumn):
                needs[MomentStep(table.name, rule)] = set(_moments(source, table, rule))
    try:
        return tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise Circle(f"these depend on themselves: {error.args[1]}") from error


def _companies(source: SourceMap, name: str) -> Iterator[Step]:
    rule = source.tables[name].company
    if isinstance(rule, CompanyThrough):
        yield CompanyStep(name, rule.link)


def _owners(source: SourceMap, table: Table, rule: OwnerRule) -> Iterator[Step]:
    match rule:
        case IsSubject():
            return
        case OwnersOf(link):
            to = source.tables[table.links[link].to]
        case EachOwner(child, _):
            to = source.tables[child]
        case ByIdentifier():
            yield from _companies(source, table.name)
            return
    yield from (OwnerStep(to.name, each) for each in to.owners)


def _moments(source: SourceMap, table: Table, rule: MomentRule) -> Iterator[Step]:
    match rule:
        case FromColumn():
            return
        case Through(link) if link in table.matches:
            to = source.tables[source.subjects[table.matches[link].to].table]
            yield from _companies(source, table.name)
            yield from _companies(source, to.name)
        case Through(link):
            to = source.tables[table.links[link].to]
        case FromChildren(child=child) | Latest(child=child):
            to = source.tables[child]
        case Imported():
            yield from (OwnerStep(table.name, each) for each in table.owners)
            return
    for kind in to.kinds:
        found = kind.moments.get(rule.moment)
        if found is not None and not isinstance(found, FromColumn):
            yield MomentStep(to.name, found)
