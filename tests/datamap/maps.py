"""Small maps for stories: a customer, and what the story adds."""

from __future__ import annotations

from ombud.datamap.load import load_text
from ombud.datamap.model import DataMap, Kind, SourceMap, Table
from ombud.terms import Finding
from tests.datamap.policies import POLICY

HEAD = """
source: crm
company: {company}
times: {encoding: date}
grace: 2
subjects:
  customer: {table: customer, identifiers: {email: email}}
tables:
  customer:
    owner: customer
    born: created
    purposes: {delivery: all, bookkeeping: [name]}
    moments: {ended: ended_at, booked: booked_at}
    columns: {name: contact.name, email: contact.email}
"""


def written(more: str = "", company: str = "north", **others: str) -> tuple[DataMap | None, tuple[Finding, ...]]:
    """What is read of the customer's map with more tables, and of other files."""
    files = {"crm.yaml": HEAD.replace("{company}", company) + more, **{f"{k}.yaml": v for k, v in others.items()}}
    return load_text(files, POLICY)


def read(more: str = "", company: str = "north", **others: str) -> SourceMap:
    """The customer's map, which must be one."""
    datamap, findings = written(more, company, **others)
    assert datamap is not None, "\n".join(map(str, findings))
    return datamap.sources["crm"]


def table(more: str, name: str, company: str = "north") -> Table:
    """One table of it."""
    return read(more, company).tables[name]


def only_kind(found: Table) -> Kind:
    """The kind of a table that is not split."""
    (kind,) = found.kinds
    return kind
