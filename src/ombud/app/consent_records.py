"""Consent records with the fields of ISO/IEC TS 27560:2023, in terms of DPV, made from the marks of persons.

The fields and which of them must be there are those of the guide of W3C's DPV community group to the specification
(https://w3id.org/dpv/guides/consent-27560). `consent_record_schema` says them as a JSON Schema.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from ombud.app.consent_parties import AUTHORITY, parties
from ombud.app.consenting import Shown, consenting, shown_in, texts
from ombud.app.loaded import Loaded
from ombud.app.meant import refs_of
from ombud.app.naming import written_row
from ombud.policy.consents import Texts
from ombud.policy.model import Add, Clock, EndOf, Inclusive, Keep, Purpose
from ombud.terms import TRACK_OF, Act, IdRef, KeyRef, Mark, Ref, Track

SCHEMA = "ISO/IEC TS 27560:2023"

FORMAT = "ombud-consent-records/1"
"""What `format` says of a file of records; the schema is consent-records.schema.json."""

BASIS = "eu-gdpr:A6-1-a"

RIGHTS = ("A7-3", "A15", "A16", "A17", "A18", "A20", "A77")
"""The rights of whoever consented, by their articles in DPV's terms for the GDPR."""

STATE = {Act.CONSENTED: "dpv:ConsentGiven", Act.WITHDRAWN: "dpv:ConsentWithdrawn"}

WAYS = {
    "form": "dpv:OnlineForm",
    "portal": "dpv:OnlineForm",
}
"""DPV has no term for the other ways: they are told as they are."""


def records(loaded: Loaded, subjects: Iterable[str], purpose: str | None = None) -> list[dict[str, Any]]:
    """A record for each consent of the person that the register has, oldest first, each with all that became of it.

    What a column of a source says is not here: nobody kept which text was shown. Raises Refused.
    """
    digest, _ = loaded.keys()
    refs, *_ = refs_of(loaded, subjects, digest)
    return list(_Teller(loaded).records(purpose, refs))


def every_record(loaded: Loaded, purpose: str | None = None) -> Iterator[dict[str, Any]]:
    """The same of everybody, one after another. Raises Refused."""
    return _Teller(loaded).records(purpose, None)


def exported(every: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Records as one JSON document by consent-records.schema.json, a record a line."""
    yield f'{{"format": {json.dumps(FORMAT)}, "records": ['
    for number, each in enumerate(every):
        yield (",\n" if number else "\n") + json.dumps(each, ensure_ascii=False)
    yield "\n]}\n"


@dataclass
class _Teller:
    """What all records of a project share, worked out once."""

    loaded: Loaded

    def records(self, purpose: str | None, refs: frozenset[Ref] | None) -> Iterator[dict[str, Any]]:
        marks = [
            each
            for each in self.loaded.keys()[1].marks()
            if TRACK_OF[each.act] is Track.CONSENT
            and (refs is None or each.refs & refs)
            and (purpose is None or each.purpose in (None, purpose))
        ]
        by: dict[Ref, list[Mark]] = defaultdict(list)
        for each in marks:
            for ref in each.refs:
                by[ref].append(each)
        for each in marks:
            if each.act is Act.CONSENTED and each.purpose is not None:
                theirs = {mark.seq: mark for ref in each.refs for mark in by[ref]}
                yield self._record(each, list(_about(each, theirs.values())))

    def _record(self, given: Mark, about: list[Mark]) -> dict[str, Any]:
        loaded, policy, shown = self.loaded, self.loaded.policy, shown_in(given)
        digest, _ = loaded.keys()
        own = consenting(loaded, given.purpose or "", given.company)
        principal = _principal(loaded, given.refs)
        return {
            "schema_version": SCHEMA,
            "record_id": str(UUID(digest("consent record", str(given.seq))[:32], version=5)),
            "pii_principal_id": principal,
            "pii_processing": {
                "privacy_notice": {
                    "group": policy.group,
                    "version": policy.version,
                    "dated": policy.dated.isoformat() if policy.dated else None,
                },
                "language": shown.language if shown else None,
                "purposes": [self._purpose(given.purpose or "", own, shown)],
            },
            "party_identification": parties(policy, own),
            "events": [self._event(each, principal) for each in about],
        }

    def _event(self, each: Mark, principal: str) -> dict[str, Any]:
        return {
            "event_time": self._made.get(each.seq),
            "effective_from": each.day.isoformat(),
            "validity_duration": "until withdrawn" if each.act is Act.CONSENTED else "none",
            "entity_id": principal,
            "event_type": "dpv:ExpressedConsent",
            "event_state": STATE[each.act],
            "indication_method": _how(each),
        }

    def _purpose(self, id: str, own: Mapping[str, Purpose], shown: Shown | None) -> dict[str, Any]:
        policy, one = self.loaded.policy, next(iter(own.values()), None)
        organisation, categories = policy.organisation, policy.categories
        recipients = sorted({r for each in own.values() for r in each.recipients})
        regions = {name for r in recipients if r in policy.recipients for name in policy.recipients[r].regions}
        countries = sorted({policy.companies[name].country for name in own})
        safeguards = {r: policy.regions[r].safeguard.value for r in sorted(regions) if r in policy.regions}
        return {
            "purpose": id,
            "purpose_description": dict(one.title) if one else {},
            "purpose_type": list(one.dpv) if one else [],
            "lawful_basis": BASIS,
            "pii_information": [
                {
                    "pii_type": path,
                    "pii_attribute_id": list(categories[path].dpv) if path in categories else [],
                    "special_pii_category": bool(path in categories and categories[path].special),
                }
                for path in sorted({path for each in own.values() for path in each.data})
            ],
            "pii_controllers": list(own),
            "collection_method": WAYS.get(shown.how, shown.how) if shown else None,
            "storage_locations": [*countries, *sorted(regions)],
            "retention_period": {name: _kept(each.keep) for name, each in own.items()},
            "geographic_restrictions": safeguards,
            "jurisdiction": countries,
            "recipient_third_parties": recipients,
            "withdrawal_method": [way.value for way in organisation.requests.ways]
            if organisation and organisation.requests
            else [],
            "privacy_rights": [f"eu-gdpr:{article}" for article in RIGHTS],
            "authority_party": AUTHORITY if organisation and organisation.authority else None,
            "consent_text": self._text(id, shown) if shown else None,
        }

    def _text(self, purpose: str, shown: Shown) -> dict[str, Any]:
        """Which text was shown, and what it says, where the file of this version says the same still."""
        there = self._texts.get((purpose, shown.version, shown.language))
        text = there.text if there is not None and there.sha256 == shown.sha256 else None
        return {"version": shown.version, "language": shown.language, "sha256": shown.sha256, "text": text}

    @cached_property
    def _texts(self) -> Texts:
        return texts(self.loaded)[0]

    @cached_property
    def _made(self) -> Mapping[int, str]:
        return self.loaded.keys()[1].made()


def _about(given: Mark, marks: Iterable[Mark]) -> Iterator[Mark]:
    """The consent and what took it back, until the next was given."""
    yield given
    for each in sorted(marks, key=lambda mark: (mark.day, mark.seq)):
        same = each.purpose in (None, given.purpose) and each.company in (None, given.company)
        if not same or (each.day, each.seq) <= (given.day, given.seq):
            continue
        if each.act is Act.CONSENTED:
            return
        yield each


def _how(mark: Mark) -> str | None:
    shown = shown_in(mark)
    how = shown.how if shown else mark.text_version or None
    return WAYS.get(how, how) if how else None


def _principal(loaded: Loaded, refs: frozenset[Ref]) -> str:
    """The keyed hash by which the person is known; of a row alone, the keyed hash of its name."""
    for ref in sorted(refs, key=repr):
        if isinstance(ref, IdRef):
            return f"{ref.kind}:{ref.digest}"
    digest, _ = loaded.keys()
    rows = sorted(written_row(loaded.datamap, ref) for ref in refs if isinstance(ref, KeyRef))
    return f"row:{digest('row', rows[0])}" if rows else ""


def _kept(keep: Keep) -> str:
    """The clock as it is written in a policy: `P12M after relationship_ended`, `until opted_out`, `while customer`."""
    if not isinstance(keep, Clock):
        return f"while {keep.state}"
    steps = []
    for step in keep.steps:
        match step:
            case Add(period):
                steps.append(str(period))
            case EndOf(unit):
                steps.append(f"end of {unit}")
            case Inclusive():
                steps.append("the day included")
    return f"{', '.join(steps)} after {keep.start}" if steps else f"until {keep.start}"
