"""Which columns any rule reads: what is blanked only when its row goes (law 3, `spec/claims.md` §4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from ombud.datamap.model import (
    ByIdentifier,
    CompanyColumn,
    CompanyRule,
    CompanyThrough,
    EachOwner,
    FromChildren,
    FromColumn,
    Imported,
    IsCompany,
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

Read = tuple[str, str, str]
"""A table, one of its columns, and the rule that reads it, in words."""


def rule_columns(source: SourceMap) -> Mapping[str, frozenset[str]]:
    """For each mapped table, the columns that some rule of this source reads, wherever the rule stands.

    The column by which `ByIdentifier` knows an owner is not among them: its blanking leaves a memo. The columns
    of a link that a rule goes through are; losing the row a link found sets them to NULL all the same.
    """
    return {name: frozenset(columns) for name, columns in read_by(source).items()}


def read_by(source: SourceMap) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The same, for each column with the rules that read it: such as `link support_case.person`."""
    found: dict[str, dict[str, dict[str, None]]] = {name: {} for name in source.tables}
    for table in source.tables.values():
        for name, column, rule in _reads(source, table):
            if name in found:
                found[name].setdefault(column, {})[rule] = None
    return {name: {column: tuple(rules) for column, rules in of.items()} for name, of in found.items()}


def _reads(source: SourceMap, table: Table) -> Iterator[Read]:
    yield from ((table.name, column, "the key") for column in table.key)
    if table.born:
        yield table.name, table.born.column, f"born of {table.name}"
    yield from _company(source, table, table.company)
    for link in table.links.values():
        rule = _called(table.name, link.name)
        yield from ((table.name, column, rule) for column in link.columns)
        yield from ((link.to, column, rule) for column in link.target)
        yield from _where(source, table.name, link.when, rule)
    for kind in table.kinds:
        yield from _where(source, table.name, kind.when, f"kind {kind.name}")
        for name, moment in kind.moments.items():
            yield from _moment(source, table, moment, f"moment {table.name}.{name}")
        for cell in kind.cells.values():
            for owner in cell.of:
                yield from _owner(source, table, owner)
    for owner in table.owners:
        yield from _owner(source, table, owner)
    for parent in (table.follows, table.copy_of):
        yield from _link(source, table.name, parent)
    for mark in table.marks:
        rule = f"consent to {mark.purpose} in {table.name}"
        yield table.name, mark.consented.column, rule
        if mark.withdrawn:
            yield table.name, mark.withdrawn.column, rule
    for subject in source.subjects.values():
        for place in subject.identifiers:
            if subject.table == table.name and place.child is not None:
                yield from _link(source, place.child, place.link)
                yield from _where(source, place.child, place.where, f"identifier of {subject.name}")
            elif subject.table == table.name:
                yield from _where(source, table.name, place.where, f"identifier of {subject.name}")


def _moment(source: SourceMap, table: Table, rule: MomentRule, name: str) -> Iterator[Read]:
    match rule:
        case FromColumn():
            yield from ((table.name, each.column, name) for each in rule.columns)
        case Through():
            yield from _link(source, table.name, rule.link)
        case FromChildren():
            yield from _link(source, rule.child, rule.link)
            yield from _where(source, rule.child, rule.where, name)
        case Latest():
            yield from _link(source, rule.child, rule.link)
            yield rule.child, rule.order, name
            yield from _where(source, rule.child, rule.when, name)
        case Imported():
            for subject in source.subjects:
                yield from _identifiers(source, subject, rule.match, name)
        case _:
            assert_never(rule)


def _company(source: SourceMap, table: Table, rule: CompanyRule) -> Iterator[Read]:
    match rule:
        case IsCompany():
            return
        case CompanyColumn():
            yield table.name, rule.column, f"company of {table.name}"
        case CompanyThrough():
            yield from _link(source, table.name, rule.link)
        case _:
            assert_never(rule)


def _owner(source: SourceMap, table: Table, rule: OwnerRule) -> Iterator[Read]:
    match rule:
        case IsSubject():
            return
        case ByIdentifier():
            yield from _where(source, table.name, rule.when, f"owner of {table.name}")
        case OwnersOf():
            yield from _link(source, table.name, rule.link)
        case EachOwner():
            yield from _link(source, rule.child, rule.link)
        case _:
            assert_never(rule)


def _where(source: SourceMap, table: str, where: Where, rule: str) -> Iterator[Read]:
    for test in where:
        if test.link is None:
            yield table, test.column, rule
            continue
        yield from _link(source, table, test.link)
        link = source.tables[table].links.get(test.link) if table in source.tables else None
        if link:
            yield link.to, test.column, rule


def _link(source: SourceMap, name: str, called: str | None) -> Iterator[Read]:
    """What following a link reads: its own columns; for a match, the identifiers on both sides."""
    table = source.tables.get(name)
    if table is None or called is None:
        return
    if link := table.links.get(called):
        yield from ((name, column, _called(name, called)) for column in link.columns)
    elif match := table.matches.get(called):
        yield name, match.column, _called(name, called)
        yield from _identifiers(source, match.to, match.kind, _called(name, called))


def _called(table: str, link: str) -> str:
    return f"link {table}.{link}"


def _identifiers(source: SourceMap, subject: str, kind: str, rule: str) -> Iterator[Read]:
    known = source.subjects.get(subject)
    for place in known.identifiers if known else ():
        if known and place.kind == kind:
            yield place.child or known.table, place.column, rule
