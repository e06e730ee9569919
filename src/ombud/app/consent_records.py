"""Consent records with the field names of ISO/IEC TS 27560:2023, in terms of DPV, made from the marks of a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from ombud.app.consenting import Shown, consenting, shown_in
from ombud.app.loaded import Loaded
from ombud.app.meant import refs_of
from ombud.app.naming import written_row
from ombud.policy.model import Add, Clock, EndOf, Inclusive, Keep, Purpose
from ombud.terms import TRACK_OF, Act, IdRef, KeyRef, Mark, Ref, Track

SCHEMA = "ISO/IEC TS 27560:2023"

BASIS = "eu-gdpr:A6-1-a"

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
    digest, register = loaded.keys()
    refs, *_ = refs_of(loaded, subjects, digest)
    marks = [
        each
        for each in register.marks()
        if TRACK_OF[each.act] is Track.CONSENT
        and each.refs & refs
        and (purpose is None or each.purpose in (None, purpose))
    ]
    made = register.made()
    return [
        _record(loaded, each, list(_about(each, marks)), made)
        for each in marks
        if each.act is Act.CONSENTED and each.purpose is not None
    ]


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


def _record(loaded: Loaded, given: Mark, about: list[Mark], made: Mapping[int, str]) -> dict[str, Any]:
    digest, _ = loaded.keys()
    policy, shown = loaded.policy, shown_in(given)
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
            "purposes": [_purpose(loaded, given.purpose or "", own, shown)],
        },
        "party_identification": [_party(loaded, name) for name in own],
        "events": [
            {
                "event_time": made.get(each.seq),
                "effective_from": each.day.isoformat(),
                "validity_duration": "until withdrawn" if each.act is Act.CONSENTED else None,
                "entity_id": principal,
                "event_type": "dpv:ExpressedConsent",
                "event_state": STATE[each.act],
                "indication_method": _how(each),
            }
            for each in about
        ],
    }


def _purpose(loaded: Loaded, id: str, own: Mapping[str, Purpose], shown: Shown | None) -> dict[str, Any]:
    one = next(iter(own.values()), None)
    categories = loaded.policy.categories
    return {
        "purpose": id,
        "purpose_description": dict(one.title) if one else {},
        "purpose_type": list(one.dpv) if one else [],
        "lawful_basis": BASIS,
        "pii_information": [
            {
                "pii_type": path,
                "pii_attribute": list(categories[path].dpv) if path in categories else [],
                "special_pii_category": bool(path in categories and categories[path].special),
            }
            for path in sorted({path for each in own.values() for path in each.data})
        ],
        "pii_controllers": list(own),
        "collection_method": WAYS.get(shown.how, shown.how) if shown else None,
        "retention_period": {name: _kept(each.keep) for name, each in own.items()},
        "recipient_third_parties": sorted({r for each in own.values() for r in each.recipients}),
        "jurisdictions": sorted({loaded.policy.companies[name].country for name in own}),
        "withdrawal_method": _way(loaded),
        "consent_text": {"version": shown.version, "language": shown.language, "sha256": shown.sha256}
        if shown
        else None,
    }


def _party(loaded: Loaded, name: str) -> dict[str, Any]:
    company, organisation = loaded.policy.companies[name], loaded.policy.organisation
    return {
        "party_id": name,
        "party_role": "dpv:DataController",
        "party_name": company.name,
        "party_identifier": company.registration_number,
        "party_contact": dict(company.contact),
        "party_jurisdiction": company.country,
        "data_protection_officer": dict(organisation.officer) if organisation else {},
    }


def _way(loaded: Loaded) -> list[str]:
    requests = loaded.policy.organisation.requests if loaded.policy.organisation else None
    return [way.value for way in requests.ways] if requests else []


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
