"""The answer's form as a JSON Schema (2020-12): `python -m ombud.documents.published` writes extract.schema.json."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from ombud.documents.as_json import FORMAT
from ombud.documents.exact import KINDS
from ombud.documents.extract import NotCarried
from ombud.documents.rights import ARTICLES
from ombud.policy.model import Safeguard

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
DAY: Json = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
COUNT: Json = {"type": "integer", "minimum": 0}
NAMED: Json = {"type": "object", "additionalProperties": TEXT}

SHAPES: Mapping[str, Json] = {
    "null": {"type": "null"},
    "boolean": {"type": "boolean"},
    "integer": {"oneOf": [{"type": "integer"}, {"type": "string", "pattern": r"^-?\d{16,}$"}]},
    "float": {"oneOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]},
    "decimal": {"type": "string", "pattern": r"^(-?\d+(\.\d+)?(E[+-]\d+)?|-?Infinity|-?s?NaN\d*)$"},
    "text": TEXT,
    "binary": {"type": "string", "pattern": "^[A-Za-z0-9+/]*={0,2}$"},
    "date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
    "timestamp": {
        "type": "string",
        "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?([+-]\d\d:\d\d(:\d\d(\.\d+)?)?)?$",
    },
    "time": {"type": "string", "pattern": r"^\d\d:\d\d:\d\d(\.\d{6})?([+-]\d\d:\d\d(:\d\d(\.\d+)?)?)?$"},
    "duration": {"type": "string", "pattern": r"^-?P(\d+D)?(T\d+(\.\d{1,6})?S)?$"},
    "uuid": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    "json": {"type": ["object", "array"]},
}
"""What the value of each kind looks like."""


def _object(says: str, properties: Mapping[str, Json], *optional: str) -> Json:
    return {
        "description": says,
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in properties if name not in optional],
        "properties": dict(properties),
    }


def _list(of: Json) -> Json:
    return {"type": "array", "items": of}


def _said(says: str, shape: Json) -> Json:
    return {"description": says, **shape}


COMPANY = _object(
    "a company of the group",
    {"id": TEXT, "name": TEXT, "registration_number": TEXT, "seat": TEXT, "contact": NAMED},
)
CONTROLLER: Json = {
    "oneOf": [
        {"$ref": "#/$defs/company"},
        _object("no single company answers", {"is": _said("`each` or `joint`; empty where nothing is said", TEXT)}),
    ]
}
HOLD = _object(
    "a claim: why the datum is held",
    {
        "purpose": TEXT,
        "title": TEXT,
        "basis": _said("the legal basis, a word of Art. 6(1) GDPR, or `unstated`", TEXT),
        "article": TEXT,
        "statutes": _list(TEXT),
        "until": _said("the last day, inclusive; null where there is none yet", {"oneOf": [DAY, {"type": "null"}]}),
        "why": _said("what it waits for without a last day, or what keeps it beyond one", TEXT),
        "moment": _said("the policy's moment or state that is waited for", TEXT),
        "kept": _said("until when, in words", TEXT),
    },
)
LEFT_OUT = _object(
    "something about another person was here; characters of the value as it stands",
    {"start": COUNT, "end": COUNT, "why": TEXT},
)
DATUM: Json = {
    **_object(
        "a cell",
        {
            "name": TEXT,
            "category": _said("a dotted path; empty where the cell only says when, or of which company", TEXT),
            "title": TEXT,
            "provenance": {"enum": ["provided", "observed", "unknown"]},
            "type": {"oneOf": [{"const": kind, "description": says} for kind, says in KINDS.items()]},
            "value": {},
            "file": _said("the attached file that the cell names", TEXT),
            "left_out": _list(LEFT_OUT),
            "holds": _list(HOLD),
        },
        "file",
        "left_out",
    ),
    "allOf": [
        {"if": {"properties": {"type": {"const": kind}}}, "then": {"properties": {"value": shape}}}
        for kind, shape in SHAPES.items()
    ],
}
RECORD = _object(
    "a row about the person",
    {
        "source": TEXT,
        "table": TEXT,
        "key": TEXT,
        "company": _said("an id of `companies`; empty where it is not known", TEXT),
        "data": _list({"$ref": "#/$defs/datum"}),
    },
)
PURPOSE = _object(
    "a purpose that holds something in this answer, as a company has it",
    {
        "company": TEXT,
        "purpose": TEXT,
        "title": TEXT,
        "keep": _said("how long, as the policy states it", TEXT),
        "recipients": _list(TEXT),
        "special": _said("the condition of Art. 9(2) for sensitive data", TEXT),
    },
)
RECIPIENT = _object(
    "who was handed data of this person",
    {
        "recipient": TEXT,
        "name": TEXT,
        "title": _said("what the policy calls it", TEXT),
        "purpose": TEXT,
        "day": {"oneOf": [DAY, {"type": "null"}]},
        "how": _said("`received`, or `may receive` where no single handing-over is recorded", TEXT),
        "agreement": TEXT,
        "regions": _list(_object("where", {"region": TEXT, "safeguard": {"enum": [*map(str, Safeguard), None]}})),
    },
)
PROPERTIES: Mapping[str, Json] = {
    "format": {"const": FORMAT},
    "kind": _said("access: Art. 15; port: Art. 20", {"enum": ["access", "port"]}),
    "request": _said("the case", TEXT),
    "day": _said("the day on which this was so", DAY),
    "language": _said("of the titles", TEXT),
    "policy": _object("by which policy", {"group": TEXT, "version": TEXT}),
    "complete": _said("every source was read, and no row is left to decide", {"type": "boolean"}),
    "sources": _object("what was read, and what could not be", {"read": _list(TEXT), "unread": _list(TEXT)}),
    "rows": COUNT,
    "rows_left_to_decide": _said("rows that may be about the person, and are not in the answer yet", COUNT),
    "not_carried": _said(
        "port: how many data are held and not covered by Art. 20, by reason",
        {"type": "object", "additionalProperties": COUNT, "propertyNames": {"enum": [*map(str, NotCarried)]}},
    ),
    "controller": CONTROLLER,
    "companies": _list({"$ref": "#/$defs/company"}),
    "officer": _said("the data protection officer", NAMED),
    "complaint": _said("the supervisory authority (Art. 77)", NAMED),
    "automated_decisions": _said("Art. 22; null where the policy does not say", {"type": ["boolean", "null"]}),
    "rights": _list(_object("a right", {"right": {"enum": list(ARTICLES)}, "article": TEXT, "text": TEXT})),
    "purposes": _list(PURPOSE),
    "recipients": _list(RECIPIENT),
    "columns": _list(
        _object(
            "what a column is called, where the map says it; in the records it has its own name",
            {"source": TEXT, "table": TEXT, "name": TEXT, "title": TEXT},
        )
    ),
    "attached": _list(
        _object("a file beside the answer", {"name": TEXT, "size": COUNT, "sha256": {"pattern": "^[0-9a-f]{64}$"}})
    ),
    "records": _list({"$ref": "#/$defs/record"}),
}


def schema() -> Json:
    """The schema of an answer."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ombud extract",
        **_object("What is held about one person, why, and until when", PROPERTIES),
        "$defs": {"company": COMPANY, "datum": DATUM, "record": RECORD},
    }


def text() -> str:
    """The schema as its file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
