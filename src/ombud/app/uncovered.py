"""Days in the first rows of a database from which fiscal years are counted, and that no fiscal year covers.

What is kept from such a day is kept for ever (spec/policy.md), and nothing else would tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ombud.claims.calendar import moment_of
from ombud.datamap.model import FromColumn, IsCompany, Table
from ombud.policy.model import Clock, Company, EndOf, Policy
from ombud.terms import Finding, Level, OnDay


def uncovered(policy: Policy, table: Table, rows: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """M419 for each clock of a table whose moment falls, in some rows, outside the fiscal years of every company that
    the rows may be of.
    """
    for (purpose, start), companies in _counted(policy, table).items():
        rules = {rule for kind in table.kinds if isinstance(rule := kind.moments.get(start), FromColumn)}
        for rule in rules:
            days = [_day(row, rule, policy.zone) for row in rows]
            outside = [day for day in days if day and not any(_covers(company, day) for company in companies)]
            if outside:
                message = (
                    f"{start} falls in no fiscal year in {len(outside)} of the first {len(rows)} rows of {table.name}"
                )
                hint = "list the years from the first voucher on: fiscal_years, in companies of the policy"
                kept = f"what {purpose} keeps of them stays for ever"
                yield Finding("M419", table.place, f"{message}: {kept}", hint, Level.WARNING)


def _counted(policy: Policy, table: Table) -> dict[tuple[str, str], list[Company]]:
    """By purpose and moment, the companies whose clock counts fiscal years from it."""
    found: dict[tuple[str, str], list[Company]] = {}
    bound = {binding.purpose for kind in table.kinds for binding in kind.bindings}
    for name, own in policy.purposes.items():
        if isinstance(table.company, IsCompany) and table.company.company != name:
            continue
        for purpose in own.values():
            if purpose.id in bound and isinstance(purpose.keep, Clock) and EndOf("fiscal_year") in purpose.keep.steps:
                found.setdefault((purpose.id, purpose.keep.start), []).append(policy.companies[name])
    return found


def _day(row: Mapping[str, Any], rule: FromColumn, zone: str) -> date | None:
    for column in rule.columns:
        said = moment_of(row[column.column], column, zone)
        if isinstance(said, OnDay):
            return said.day
    return None


def _covers(company: Company, day: date) -> bool:
    return any(first <= day <= last for first, last in company.fiscal_years)
