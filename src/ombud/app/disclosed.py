"""Who has had a person's data, by name: what is written down of each handing-over, and who else may have got it.

Art. 15(1)(c); C-154/21: each recipient by name, unless it cannot be known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from ombud.app.handings import Handing, handings, tables
from ombud.app.loaded import Loaded, Refused
from ombud.app.sources import opened
from ombud.datamap.handed import handed_for
from ombud.documents.extract import Disclosed, Record
from ombud.policy.model import Policy
from ombud.register.model import Disclosure, Particulars
from ombud.terms import Finding

MAY = "may receive"
"""How somebody is told of a recipient of whom no single handing-over is written down."""


class Ledger(Protocol):
    """What is remembered of handings-over."""

    def disclosures_of(self, digests: Iterable[str]) -> tuple[Disclosure, ...]:
        """What was handed over of whoever has one of these keyed hashes, by day."""
        ...

    def particulars_of(self, disclosures: Iterable[int]) -> Mapping[int, Particulars]:
        """What is known of these beside that, by id."""
        ...


def disclosed(
    loaded: Loaded, records: Iterable[Record], digests: Iterable[str] = (), ledger: Ledger | None = None
) -> tuple[tuple[Disclosed, ...], tuple[Finding, ...]]:
    """Every recipient of the data in these records, and of what the ledger has of these keyed hashes.

    First those written down, by day: in the databases, as the map says, and in the ledger; then those to whom a
    purpose that holds some of the data lets it be handed, where nothing is written down. A source that cannot be read
    is a finding, and then the answer is not whole.
    """
    every = tuple(records)
    known = tuple(_in_ledger(loaded.policy, ledger, digests)) if ledger is not None else ()
    found, findings = _in_databases(loaded, every)
    written = {_same(each): each for each in (*known, *found)}
    told = {(each.recipient, each.purpose) for each in written.values()}
    by_day = sorted(written.values(), key=lambda each: (each.day is None, each.day, each.recipient, each.name))
    may = [each for each in may_receive(loaded.policy, every) if (each.recipient, each.purpose) not in told]
    return (*by_day, *may), findings


def may_receive(policy: Policy, records: Iterable[Record]) -> Iterator[Disclosed]:
    """To whom the purposes that hold these data let them be handed, each recipient once for each purpose."""
    holds = {(each.company, hold.purpose): None for each in records for datum in each.data for hold in datum.holds}
    made: dict[tuple[str, str], Disclosed] = {}
    for company, name in holds:
        purpose = policy.purposes.get(company, {}).get(name)
        for recipient in purpose.recipients if purpose else ():
            made[recipient, name] = _of(policy, recipient, name, how=MAY)
    yield from (made[key] for key in sorted(made))


def _in_databases(loaded: Loaded, records: Iterable[Record]) -> tuple[list[Disclosed], tuple[Finding, ...]]:
    """What the person's own rows say of being handed over."""
    rows: dict[str, dict[str, dict[str, str]]] = {}
    for record in records:
        table = loaded.datamap.sources[record.source].tables.get(record.table)
        if table is not None and table.disclosed is not None:
            rows.setdefault(record.source, {}).setdefault(record.table, {})[record.key] = record.company
    found: list[Disclosed] = []
    findings: list[Finding] = []
    for name, by_table in rows.items():
        try:
            with opened(loaded, name, read_only=True) as source, source.connection.begin():
                for table in tables(source):
                    companies = by_table.get(table.name, {})
                    for each in handings(source, loaded.policy, table, companies):
                        found += _told(loaded, each, companies)
        except Refused as refusal:
            findings += refusal.findings
    return found, tuple(findings)


def _told(loaded: Loaded, handing: Handing, companies: Mapping[str, str]) -> Iterator[Disclosed]:
    """One row, once for each purpose; under the recipient's own name alone where the policy does not know it."""
    policy, source = loaded.policy, loaded.datamap.sources[handing.source]
    company = companies.get(handing.key, "")
    purposes = handed_for(source, source.tables[handing.table], policy, company, handing.recipient)
    for purpose in [each.id for each in purposes] or [""]:
        yield _of(policy, handing.recipient, purpose, day=handing.day, name=handing.name)


def _in_ledger(policy: Policy, ledger: Ledger, digests: Iterable[str]) -> Iterator[Disclosed]:
    known = ledger.disclosures_of(digests)
    beside = ledger.particulars_of(each.id for each in known)
    for each in known:
        name = beside[each.id].name if each.id in beside else ""
        yield _of(policy, each.recipient, each.purpose, day=each.day, name=name, agreement=each.agreement)


def _of(policy: Policy, recipient: str, purpose: str, **said: object) -> Disclosed:
    known = policy.recipients.get(recipient)
    title = dict(known.title) if known else {}
    name = str(said.get("name", ""))
    if name:
        title = {language: f"{name} ({text})" for language, text in title.items()} or {"en": name, "sv": name}
    told: dict[str, object] = {"agreement": (known.agreement if known else None) or "", **said}
    return Disclosed(recipient, title, purpose, regions=known.regions if known else (), **told)  # type: ignore[arg-type]


def _same(each: Disclosed) -> tuple[object, ...]:
    return each.recipient, each.purpose, each.day, each.name
