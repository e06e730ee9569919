"""Whose rows each table holds, and which companies that can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ombud.datamap.model import CompanyColumn, CompanyRule, CompanyThrough, IsCompany
from ombud.datamap.parse.draft import DraftSource, DraftTable
from ombud.datamap.parse.fields import Findings
from ombud.datamap.resolve.names import companies_named, with_values
from ombud.datamap.resolve.owners import Family
from ombud.policy.model import Policy

NO_COMPANY = IsCompany("")
"""Of a table left alone that says nothing: a company no policy lists, which reads as unknown."""


@dataclass(slots=True)
class _Search:
    source: DraftSource
    families: Mapping[str, Family]
    policy: Policy
    findings: Findings
    rules: dict[str, CompanyRule] = field(default_factory=dict)
    possible: dict[str, frozenset[str]] = field(default_factory=dict)


def companies(
    source: DraftSource, families: Mapping[str, Family], policy: Policy, findings: Findings
) -> tuple[Mapping[str, CompanyRule], Mapping[str, frozenset[str]]]:
    """Each table's company rule, and the companies that its rows can be of."""
    search = _Search(source, families, policy, findings)
    for name, table in source.tables.items():
        search.rules[name] = _rule(table, search)
    for name in source.tables:
        search.possible[name] = _possible(name, search, frozenset())
    return search.rules, search.possible


def _rule(table: DraftTable, search: _Search) -> CompanyRule:
    if table.company:
        return with_values(table.company, search.policy)
    common = search.source.conventions.company
    if isinstance(common, IsCompany):
        return common
    parent = search.families[table.name].parent
    if parent in table.links.links:
        return CompanyThrough(parent)
    if isinstance(common, CompanyColumn) and table.personal:
        return with_values(common, search.policy)
    if not table.personal:
        return NO_COMPANY
    search.findings.add(
        "M033", table.place, f"whose the rows of {table.name} are is not said", "add `company: …` here or for the file"
    )
    return NO_COMPANY


def _possible(name: str, search: _Search, seen: frozenset[str]) -> frozenset[str]:
    if name in search.possible:
        return search.possible[name]
    rule = search.rules[name]
    if not isinstance(rule, CompanyThrough):
        return frozenset(companies_named(rule)) & frozenset(search.policy.companies)
    table = search.source.tables[name]
    link = table.links.links.get(rule.link)
    if link is None:
        return frozenset()
    if link.to in seen or link.to == name:
        message = f"the company of {name} runs in a loop"
        search.findings.add("M034", table.places.get("company", table.place), message, "name a column or a company")
        return frozenset()
    return _possible(link.to, search, seen | {name})
