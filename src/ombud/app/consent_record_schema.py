"""A consent record's form as a JSON Schema (2020-12): `python -m ombud.app.consent_record_schema` writes the file.

Each field has the name that it has in ISO/IEC TS 27560:2023; what must be there is what must be there in it (6.3.3 to
6.3.7, by the guide of W3C's DPV community group). `effective_from`, `indication_method`, `consent_text` and the like
are ours: the specification lets a schema have more.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from ombud.app.consent_parties import ROLES
from ombud.app.consent_records import FORMAT, RIGHTS, SCHEMA, STATE

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
MAYBE: Json = {"type": ["string", "null"]}
SOME: Json = {"type": "string", "minLength": 1}
DAY: Json = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
BY_NAME: Json = {"type": "object", "additionalProperties": TEXT}


def _said(says: str, shape: Json) -> Json:
    return {"description": says, **shape}


def _list(of: Json) -> Json:
    return {"type": "array", "items": of}


def _object(says: str, properties: Mapping[str, Json], *optional: str) -> Json:
    return {
        "description": says,
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in properties if name not in optional],
        "properties": dict(properties),
    }


DATA = _object(
    "a kind of personal data (6.3.5)",
    {
        "pii_type": _said("the category, by the policy", SOME),
        "pii_attribute_id": _said("the same in DPV's terms", _list(TEXT)),
        "special_pii_category": _said("Art. 9 GDPR", {"type": "boolean"}),
    },
)
SHOWN = _object(
    "the text that was shown",
    {
        "version": SOME,
        "language": SOME,
        "sha256": _said("of its bytes", {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
        "text": _said("what it says; null where the file of this version is gone, or says something else", MAYBE),
    },
)
PURPOSE = _object(
    "what was consented to (6.3.4)",
    {
        "purpose": _said("its id in the policy", SOME),
        "purpose_description": _said("in words, by language", BY_NAME),
        "purpose_type": _said("in DPV's terms", _list(TEXT)),
        "lawful_basis": {"const": "eu-gdpr:A6-1-a"},
        "pii_information": _list(DATA),
        "pii_controllers": _said("party_id of each", _list(SOME)),
        "collection_method": MAYBE,
        "storage_locations": _said("countries of the controllers, regions of the recipients", _list(SOME)),
        "retention_period": _said("by controller, as the policy states it", BY_NAME),
        "geographic_restrictions": _said("what lets data be in a region (Chapter V), by region", BY_NAME),
        "jurisdiction": _list({"type": "string", "pattern": "^[A-Z]{2}$"}),
        "recipient_third_parties": _said("party_id of each", _list(SOME)),
        "withdrawal_method": _said("the ways in which people can ask", _list(SOME)),
        "privacy_rights": _list({"enum": [f"eu-gdpr:{article}" for article in RIGHTS]}),
        "authority_party": _said("its party_id", MAYBE),
        "consent_text": {"oneOf": [SHOWN, {"type": "null"}]},
    },
)
PARTY = _object(
    "somebody that the record names (6.3.6)",
    {
        "party_id": SOME,
        "party_name": TEXT,
        "party_role": {"enum": list(ROLES.values())},
        "party_type": {"enum": ["dpv:LegalEntity", "dpv:Recipient", "dpv:Authority"]},
        "party_address": MAYBE,
        "party_contact": BY_NAME,
        "party_identifier": _said("its number in the register of companies", TEXT),
        "party_jurisdiction": {"type": "string", "pattern": "^[A-Z]{2}$"},
        "data_protection_officer": BY_NAME,
    },
    *("party_identifier", "party_jurisdiction", "data_protection_officer"),
)
EVENT = _object(
    "what happened to the consent (6.3.7), oldest first",
    {
        "event_time": _said("when it was recorded; null where that is not known", {"type": ["string", "null"]}),
        "effective_from": _said("the day on which it was said", DAY),
        "validity_duration": {"enum": ["until withdrawn", "none"]},
        "entity_id": _said("who said it: pii_principal_id", SOME),
        "event_type": {"const": "dpv:ExpressedConsent"},
        "event_state": {"enum": list(STATE.values())},
        "indication_method": _said("by which way", MAYBE),
    },
)
RECORD = _object(
    "one consent, and all that became of it",
    {
        "schema_version": {"const": SCHEMA},
        "record_id": {"type": "string", "format": "uuid"},
        "pii_principal_id": _said("a keyed hash: who has no key cannot tell who it is", SOME),
        "pii_processing": _object(
            "what is done with the data (6.3.4)",
            {
                "privacy_notice": _object("by which policy", {"group": TEXT, "version": TEXT, "dated": MAYBE}),
                "language": _said("in which the text was shown", MAYBE),
                "purposes": {**_list(PURPOSE), "minItems": 1},
            },
        ),
        "party_identification": _list(PARTY),
        "events": {**_list(EVENT), "minItems": 1},
    },
)


def schema() -> Json:
    """The schema of a file of records."""
    properties = {"format": {"const": FORMAT}, "records": _list({"$ref": "#/$defs/record"})}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ombud consent records",
        **_object("Consents with the fields of ISO/IEC TS 27560:2023", properties),
        "$defs": {"record": RECORD},
    }


def text() -> str:
    """The schema as its file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
