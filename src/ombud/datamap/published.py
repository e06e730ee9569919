"""The language as a JSON Schema (2020-12), for completion in editors: `python -m ombud.datamap.published` writes it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from ombud.datamap.model import Encoding, Gone, Otherwise, Provenance
from ombud.datamap.parse import words
from ombud.datamap.parse.links import Carries, Rest
from ombud.terms import IfNone

Json = dict[str, Any]

TEXT: Json = {"type": "string", "minLength": 1}
TEXTS: Json = {"oneOf": [TEXT, {"type": "array", "items": TEXT}]}
VALUE: Json = {"type": ["string", "number", "boolean", "null"]}
VALUES: Json = {"oneOf": [VALUE, {"type": "array", "items": VALUE, "minItems": 1}]}
PARAMETER: Json = {"type": "string", "pattern": "^<[A-Za-z0-9_]+>$"}
"""What `for_each` fills in can stand wherever one value can."""
DAYS: Json = {"oneOf": [{"type": "integer", "minimum": 0, "maximum": 36_500}, PARAMETER]}
WHERE: Json = {"type": "object", "additionalProperties": VALUES, "minProperties": 1}
BINDINGS: Json = {
    "oneOf": [
        TEXT,
        {"type": "array", "items": TEXT, "minItems": 1},
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"oneOf": [{"const": "all"}, {"type": "array", "items": TEXT}]},
        },
    ]
}


def _one_of(known: type[StrEnum]) -> Json:
    return {"oneOf": [{"enum": [str(each) for each in known]}, PARAMETER]}


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def _named(shape: Json) -> Json:
    return {"type": "object", "additionalProperties": shape}


def _keys(known: words.Keys, shapes: Mapping[str, Json], *required: str) -> Json:
    """A mapping with the language's keys, each with its shape and what it says."""
    properties = {key: {"description": says, **shapes.get(key, TEXT)} for key, says in known.items()}
    found: Json = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**found, "required": list(required)} if required else found


COMMON: Mapping[str, Json] = {
    "if_none": _one_of(IfNone),
    "encoding": _one_of(Encoding),
    "provenance": _one_of(Provenance),
    "gone": _one_of(Gone),
    "absent": VALUES,
    "grace": DAYS,
    "purposes": BINDINGS,
    "where": WHERE,
    "when": WHERE,
    "key": TEXTS,
    "not_personal": TEXTS,
    "times": _ref("times"),
    "company": _ref("company"),
    "moments": _named(_ref("moment")),
    "columns": _named(_ref("column")),
    "links": _named(_ref("link")),
    "titles": _named({**_named(TEXT), "minProperties": 1}),
}

TIME: Json = _keys(words.TIME, {**COMMON, "column": TEXTS, "else": TEXTS}, "column")
THEIRS: Mapping[str, Json] = {**COMMON, "column": {"oneOf": [TEXT, TIME]}}
NEEDED = {"latest": ("order", "when"), "from": ("match",)}
LINKS = {**COMMON, "by": TEXTS, "target": TEXTS}
LINK_BY_TYPE: Json = _keys(
    words.LINK_BY_TYPE, {**LINKS, "to": _named(TEXT), "rest": _one_of(Rest)}, "by", "type", "to", "rest"
)
LINK_BY_IDENTIFIER: Json = _keys(
    words.LINK_BY_IDENTIFIER, {**COMMON, "carries": _one_of(Carries)}, "match", "in", "carries"
)
LINK: Json = _keys(words.LINK, {**LINKS, "rest": {"const": "nobody"}}, "by")
JSON_COLUMN: Json = _keys({"json": words.COLUMN["json"]}, {"json": _named(_ref("column"))}, "json")
COLUMN: Json = _keys(
    {key: says for key, says in words.COLUMN.items() if key != "json"},
    {
        **COMMON,
        "of": _ref("owner"),
        "else": _one_of(Otherwise),
        "then": _named(VALUE),
        "erase": {
            "oneOf": [
                {"type": ["number", "boolean", "null"]},
                {"enum": ["", "unique", "remove"]},
                _keys(words.ERASE, {"to": VALUE}),
            ]
        },
    },
    "holds",
)
KEY_VALUES: Json = _keys(
    words.KEY_VALUES,
    {"key": TEXT, "keys": _named(_ref("column")), "not_personal": VALUES},
    *("key", "value", "keys"),
)
IDENTIFIER: Json = _keys(words.IDENTIFIER, {**COMMON, "former": {"type": "boolean"}}, "in")
PROTECTED: Json = _keys(words.PROTECTED, {**COMMON, "unless": VALUES}, "in", "unless")
TABLE: Json = _keys(
    words.TABLE,
    {
        **COMMON,
        "owner": _ref("owner"),
        "born": {"oneOf": [TEXT, TIME]},
        "kinds": _named(_keys(words.KIND, COMMON, "when")),
        "key_values": KEY_VALUES,
        "marks": _named(_keys(words.MARK, {key: {"oneOf": [TEXT, TIME]} for key in words.MARK}, "consented")),
        "mentions": _named(TEXTS),
        "disclosed": _keys(
            words.DISCLOSED,
            {
                "to": {"oneOf": [TEXT, _keys(words.RECIPIENT, {"values": _named(TEXT)}, "column")]},
                "day": {"oneOf": [TEXT, TIME]},
            },
            "to",
        ),
        "personal": {"const": "none"},
    },
)
SUBJECT: Json = _keys(
    words.SUBJECT,
    {
        **COMMON,
        "identifiers": _named(
            {
                "oneOf": [
                    TEXT,
                    IDENTIFIER,
                    {"type": "array", "items": {"oneOf": [TEXT, IDENTIFIER]}},
                ]
            }
        ),
        "protected": {"oneOf": [PROTECTED, {"type": "array", "items": PROTECTED, "minItems": 1}]},
    },
)
DEFS: Mapping[str, Json] = {
    "times": _keys(
        words.TIMES,
        {
            **COMMON,
            "columns": _named(
                {
                    "oneOf": [
                        _one_of(Encoding),
                        _keys({key: words.TIMES[key] for key in ("encoding", "zone")}, COMMON),
                    ]
                }
            ),
        },
    ),
    "company": {"oneOf": [TEXT, _keys(words.COMPANY, {"values": _named(TEXT)})]},
    "moment": {
        "oneOf": [
            TEXT,
            TIME,
            *(
                _keys(known, THEIRS, form, *NEEDED.get(form, ()))
                for form, known in words.MOMENTS.items()
                if form != "column"
            ),
        ]
    },
    "link": {"oneOf": [TEXTS, {"anyOf": [LINK, LINK_BY_TYPE, LINK_BY_IDENTIFIER]}]},
    "owner": {
        "oneOf": [
            TEXT,
            _ref("one_owner"),
            {"type": "array", "items": {"oneOf": [TEXT, _ref("one_owner")]}, "minItems": 1},
        ]
    },
    "one_owner": {
        "oneOf": [
            _keys(words.OWNERS["each"], COMMON, "each"),
            _keys(words.OWNERS["identifier"], COMMON, "identifier", "in"),
        ]
    },
    "column": {"oneOf": [TEXT, COLUMN, JSON_COLUMN]},
    "table": TABLE,
    "subject": SUBJECT,
}


def schema() -> Json:
    """The schema of a data map's file."""
    file = _keys(
        words.SOURCE,
        {
            **COMMON,
            "subjects": _named(_ref("subject")),
            "tables": _named(_ref("table")),
            "for_each": {"type": "array", "items": _named(VALUE), "minItems": 1},
        },
        *("source", "tables"),
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ombud data map",
        "description": "Which rows and columns of one database hold what about whom",
        **file,
        "$defs": dict(DEFS),
    }


def text() -> str:
    """The schema as its file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
