"""An answer as JSON: every value exact, every datum with why it is held and until when, a piece at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ombud.documents.exact import exact, text, written
from ombud.documents.extract import Datum, Disclosed, Extract, Hold, Record
from ombud.documents.masked import shown
from ombud.documents.rights import rights
from ombud.documents.stated import Stated
from ombud.policy.model import Company, Policy, Purpose

FORMAT = "ombud-extract/1"
"""What `format` says; the schema is documents/extract.schema.json."""

PIECE = 64 * 1024
"""Characters gathered before a piece is handed on."""

Json = dict[str, Any]


def json_chunks(extract: Extract, policy: Policy, language: str = "sv") -> Iterator[bytes]:
    """An answer as JSON in UTF-8, in pieces of about 64 KiB, by extract.schema.json.

    Titles are in `language` ("sv" or "en"); values are never. What is masked is left out; what could not be read is
    named, and `complete` is then false.
    """
    teller = _teller(policy, language)
    head = written(teller.head(extract))
    pieces, size = [head[:-1], ',"records":['], len(head)
    for number, record in enumerate(extract.records):
        row = teller.record(record)
        pieces += [",\n" if number else "\n", row]
        size += len(row)
        if size > PIECE:
            yield "".join(pieces).encode("utf-8")
            pieces, size = [], 0
    yield "".join((*pieces, "\n]}\n")).encode("utf-8")


def complete(extract: Extract) -> bool:
    """Whether every source was read and nothing is left to decide: an answer never says so falsely."""
    return not extract.unread and not extract.perhaps


@dataclass
class _Teller:
    """Writes records; what repeats from datum to datum is written once and reused."""

    stated: Stated
    holds: dict[tuple[str, Hold], str] = field(default_factory=dict)
    labels: dict[tuple[str, str, str], str] = field(default_factory=dict)
    rows: dict[tuple[str, str], str] = field(default_factory=dict)
    lists: dict[tuple[str, int], tuple[tuple[Hold, ...], str]] = field(default_factory=dict)

    def head(self, extract: Extract) -> Json:
        """All that is said of the answer as a whole."""
        stated, policy = self.stated, self.stated.policy
        organisation = policy.organisation
        controller = stated.controller()
        purposes = dict.fromkeys(
            (record.company, hold.purpose)
            for record in extract.records
            for datum in record.data
            for hold in datum.holds
        )
        files = sorted(extract.attached.items())
        return {
            "format": FORMAT,
            "kind": extract.kind,
            "request": extract.request,
            "day": extract.day.isoformat(),
            "language": stated.language,
            "policy": {"group": policy.group, "version": policy.version},
            "complete": complete(extract),
            "sources": {"read": list(extract.read), "unread": list(extract.unread)},
            "rows": len(extract.records),
            "rows_left_to_decide": extract.perhaps,
            "not_carried": {why.value: number for why, number in sorted(extract.not_carried.items())},
            "controller": _company(controller)
            if controller
            else {"is": organisation.controller if organisation else ""},
            "companies": [_company(each) for each in policy.companies.values()],
            "officer": {**organisation.officer, "title": stated.titled(organisation.officer_title, "")}
            if organisation
            else {},
            "complaint": dict(organisation.authority) if organisation else {},
            "automated_decisions": organisation.automated_decisions if organisation else None,
            "rights": [
                {"right": each.id, "article": each.article, "text": each.text} for each in rights(extract, stated)
            ],
            "purposes": [self.purpose(company, purpose) for company, purpose in purposes],
            "recipients": [self.recipient(each) for each in extract.recipients],
            "columns": [self.column(*each) for each in _columns(extract)],
            "attached": [
                {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files
            ],
        }

    def purpose(self, company: str, purpose: str) -> Json:
        """A purpose that holds something in this answer."""
        stated = self.stated
        found: Purpose | None = stated.purpose(company, purpose)
        return {
            "company": company,
            "purpose": purpose,
            "title": stated.purpose_title(company, purpose),
            "keep": stated.rule(found.keep) if found else "",
            "recipients": list(found.recipients) if found else [],
            "special": stated.special(found),
        }

    def recipient(self, disclosed: Disclosed) -> Json:
        """Who was handed, or may have been handed, data of this person (C-154/21: by name)."""
        stated = self.stated
        known = stated.policy.recipients.get(disclosed.recipient)
        regions = stated.where(disclosed.regions or (known.regions if known else ()))
        return {
            "recipient": disclosed.recipient,
            "name": disclosed.name or stated.recipient_title(disclosed),
            "title": stated.recipient_title(disclosed),
            "purpose": disclosed.purpose,
            "day": disclosed.day.isoformat() if disclosed.day else None,
            "how": disclosed.how,
            "agreement": disclosed.agreement,
            "regions": [{"region": name, "safeguard": safeguard} for name, safeguard, _ in regions],
        }

    def column(self, source: str, table: str, name: str, title: Mapping[str, str]) -> Json:
        """What a column is called, where the map gives it a title; in the records it has its own name."""
        return {"source": source, "table": table, "name": name, "title": self.stated.titled(title, name)}

    def record(self, record: Record) -> str:
        """One row."""
        data = ",".join([self.datum(record, datum) for datum in record.data])
        where = self.rows.get((record.source, record.table))
        if where is None:
            where = self.rows[record.source, record.table] = written({"source": record.source, "table": record.table})[
                :-1
            ]
        return f'{where},"key":{text(record.key)},"company":{text(record.company)},"data":[{data}]}}'

    def datum(self, record: Record, datum: Datum) -> str:
        """One cell."""
        label = self.labels.get((datum.name, datum.category, datum.provenance))
        if label is None:
            label = self._label(datum)
        value, holds = datum.value, self.of_holds(record.company, datum.holds)
        if not datum.masked and not datum.file:
            if type(value) is str:
                return f'{label},"type":"text","value":{text(value)},"holds":{holds}}}'
            if type(value) is date:
                return f'{label},"type":"date","value":"{value.isoformat()}","holds":{holds}}}'
        allowed = shown(datum)
        kind, value = exact(allowed.value)
        rest: Json = {"type": kind, "value": value}
        if datum.file:
            rest["file"] = datum.file
        if datum.masked:
            rest["left_out"] = [{"start": each.start, "end": each.end, "why": each.why} for each in allowed.left_out]
        return f'{label},{written(rest)[1:-1]},"holds":{holds}}}'

    def _label(self, datum: Datum) -> str:
        label = self.labels[datum.name, datum.category, datum.provenance] = written(
            {
                "name": datum.name,
                "category": datum.category,
                "title": self.stated.category(datum.category) if datum.category else "",
                "provenance": datum.provenance or "unknown",
            }
        )[:-1]
        return label

    def of_holds(self, company: str, holds: tuple[Hold, ...]) -> str:
        """Every claim on a cell. Cells that are held alike have the very same."""
        known = self.lists.get((company, id(holds)))
        if known is None:
            known = (holds, f"[{','.join([self.hold(company, hold) for hold in holds])}]")
            self.lists[company, id(holds)] = known
        return known[1]

    def hold(self, company: str, hold: Hold) -> str:
        """One claim on a cell."""
        found = self.holds.get((company, hold))
        if found is None:
            found = written(
                {
                    "purpose": hold.purpose,
                    "title": self.stated.purpose_title(company, hold.purpose),
                    "basis": hold.basis,
                    "article": self.stated.article(hold.basis),
                    "statutes": list(hold.statutes),
                    "until": hold.until.isoformat() if hold.until else None,
                    "why": hold.why,
                    "moment": hold.moment,
                    "kept": self.stated.kept(company, hold),
                }
            )
            self.holds[company, hold] = found
        return found


def _teller(policy: Policy, language: str) -> _Teller:
    """One who has told of this policy before, if there is one: most of what is told is the same again."""
    for known in _TELLERS:
        if known.stated.policy is policy and known.stated.language == language and len(known.lists) < MOST_KEPT:
            return known
    _TELLERS.insert(0, _Teller(Stated(policy, language)))
    del _TELLERS[MOST_TELLERS:]
    return _TELLERS[0]


_TELLERS: list[_Teller] = []
MOST_TELLERS, MOST_KEPT = 4, 20_000
"""Policies and languages, and ways in which cells are held, that are kept from answer to answer."""


def _columns(extract: Extract) -> Iterator[tuple[str, str, str, Mapping[str, str]]]:
    """The columns of this answer that have a title."""
    told: dict[tuple[str, str], dict[str, None]] = {}
    for record in extract.records:
        told.setdefault((record.source, record.table), {}).update(dict.fromkeys(datum.name for datum in record.data))
    for at, names in told.items():
        titles = extract.titles.get(at, {})
        yield from ((*at, name, titles[name]) for name in names if name in titles)


def _company(company: Company) -> Json:
    return {
        "id": company.id,
        "name": company.name,
        "registration_number": company.registration_number,
        "seat": company.seat,
        "contact": dict(company.contact),
    }
