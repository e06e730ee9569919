"""Every name that a draft uses is looked up: tables, subjects, links, and the policy's terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ombud.datamap.model import (
    CompanyColumn,
    CompanyRule,
    CompanyThrough,
    IsCompany,
    Link,
)
from ombud.datamap.parse.draft import DraftBinding, DraftSource, DraftTable
from ombud.datamap.parse.fields import Findings
from ombud.policy.model import TEXT, Policy
from ombud.terms import Place


def look_up(source: DraftSource, policy: Policy, findings: Findings) -> DraftSource:
    """The source with each link's target filled in; names that nothing has are findings, and such links fall away."""
    subjects = {name: each for name, each in source.subjects.items() if _subject(source, name, findings)}
    source = replace(source, subjects=subjects)
    tables = {name: _links(table, source, findings) for name, table in source.tables.items()}
    source = replace(source, tables=tables)
    if source.purposes:
        _purposes(source.purposes, policy, findings)
    _companies(source.conventions.named, policy, findings)
    for table in tables.values():
        _terms(table, policy, findings)
    return source


def plain(source: DraftSource) -> frozenset[str]:
    """The tables' names as the file writes them."""
    return frozenset(source.conventions.plain(name) for name in source.tables)


def _subject(source: DraftSource, name: str, findings: Findings) -> bool:
    subject = source.subjects[name]
    if subject.table in source.tables:
        return True
    findings.unknown("M014", subject.place, "table", source.conventions.plain(subject.table), plain(source))
    return False


def _links(table: DraftTable, source: DraftSource, findings: Findings) -> DraftTable:
    found: dict[str, Link] = {}
    for name, link in table.links.links.items():
        target = source.tables.get(link.to)
        place = table.links.places.get(name, table.place)
        if target is None:
            to = source.conventions.plain(link.to)
            findings.unknown("M014", place, "table", to, plain(source))
            continue
        columns = link.target or target.key
        if len(columns) != len(link.columns):
            theirs = ", ".join(columns) or "nothing"
            message = f"{len(link.columns)} columns point at {len(columns)} ({theirs})"
            findings.add("M065", place, message, "name as many columns in `by` as in `target` or the other table's key")
            continue
        found[name] = replace(link, target=columns)
    matches = {}
    for name, match in table.links.matches.items():
        place = table.links.places.get(name, table.place)
        subject = source.subjects.get(match.to)
        if subject is None:
            findings.unknown("M016", place, "subject", match.to, source.subjects)
        elif all(each.kind != match.kind for each, _ in subject.identifiers):
            message = f"{match.to} has no identifier of the kind {match.kind}"
            findings.add("M019", place, message, f"add it to the subject's identifiers: {match.kind}: column")
        else:
            matches[name] = match
    groups = {name: tuple(each for each in of if each in found) for name, of in table.links.groups.items()}
    return replace(table, links=replace(table.links, links=found, matches=matches, groups=groups))


def _terms(table: DraftTable, policy: Policy, findings: Findings) -> None:
    _companies(table.named, policy, findings)
    if isinstance(table.company, CompanyThrough) and table.company.link not in table.links.links:
        place = table.places.get("company", table.place)
        findings.unknown("M015", place, "link", table.company.link, table.links.links)
    if table.purposes:
        _purposes(table.purposes, policy, findings)
    for mark, place in table.marks:
        _purposes((DraftBinding(mark.purpose, None, place),), policy, findings)
    for kind in table.kinds:
        _purposes(kind.purposes or (), policy, findings)
        for name, moment in kind.moments.items():
            if policy.moments and name not in policy.moments:
                findings.unknown("M013", moment.place, "moment", name, policy.moments)
        for cell in kind.cells.values():
            _category(cell.cell.category, cell.cell.place, policy, findings)


def _purposes(bindings: tuple[DraftBinding, ...], policy: Policy, findings: Findings) -> None:
    known = frozenset(purpose for of in policy.purposes.values() for purpose in of)
    for binding in bindings:
        if binding.purpose not in known:
            findings.unknown("M011", binding.place, "purpose", binding.purpose, known)


def _category(category: str, place: Place, policy: Policy, findings: Findings) -> None:
    if category != TEXT and category not in policy.categories:
        findings.unknown("M012", place, "category", category, frozenset(policy.categories) | {TEXT})


def _companies(named: Mapping[str, Place], policy: Policy, findings: Findings) -> None:
    for name, place in named.items():
        if name not in policy.companies:
            findings.unknown("M010", place, "company", name, policy.companies)


def companies_named(rule: CompanyRule) -> Iterator[str]:
    """The companies that a rule names by itself."""
    if isinstance(rule, IsCompany):
        yield rule.company
    elif isinstance(rule, CompanyColumn):
        yield from rule.values.values()


def with_values(rule: CompanyRule, policy: Policy) -> CompanyRule:
    """A column without values holds the policy's own ids."""
    if isinstance(rule, CompanyColumn) and not rule.values:
        own: Mapping[object, str] = {name: name for name in policy.companies}
        return replace(rule, values=own)
    return rule
