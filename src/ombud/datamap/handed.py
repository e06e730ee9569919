"""For what a row is handed to a recipient: the purposes that hold it, and of these those that the policy hands over."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.datamap.model import SourceMap, Table
from ombud.policy.model import Policy, Purpose


def bound(source: SourceMap, table: Table, policy: Policy, company: str) -> Iterator[Purpose]:
    """The purposes of a company that hold rows of a table, or of what it follows."""
    purposes, at = policy.purposes.get(company, {}), table
    while at.follows is not None:
        at = source.tables[at.links[at.follows].to]
    names = dict.fromkeys(binding.purpose for kind in at.kinds for binding in kind.bindings)
    yield from (purposes[name] for name in names if name in purposes)


def handed_for(source: SourceMap, table: Table, policy: Policy, company: str, recipient: str) -> tuple[Purpose, ...]:
    """The purposes for which a row of this company was handed to a recipient; () where the policy knows of none."""
    return tuple(each for each in bound(source, table, policy, company) if recipient in each.recipients)
