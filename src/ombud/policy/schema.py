"""The grammar as a JSON Schema (2020-12), for completion in editors: `python -m ombud.policy.schema` writes it."""

from __future__ import annotations

import json
import sys
from typing import Any, assert_never

from ombud.policy.grammar import COMPANY_FILE, GROUP
from ombud.policy.shape import (
    NAMED,
    Again,
    ByForm,
    Day,
    Flag,
    Many,
    Named,
    Number,
    Record,
    Shape,
    Span,
    Steps,
    Text,
    Word,
)

Json = dict[str, Any]

PERIOD = r"^P(?=[0-9])([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,4}W)?([0-9]{1,5}D)?$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def schema() -> Json:
    """The schema of a policy file: a company's where it names one, else the group's."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ombud policy",
        "description": "A group's privacy policy (group.yaml), or what one of its companies adds to it",
        "type": "object",
        "if": {"required": ["company"]},
        "then": {"$ref": "#/$defs/company_file"},
        "else": {"$ref": "#/$defs/group_file"},
        "$defs": {
            "group_file": of(GROUP),
            "company_file": of(COMPANY_FILE),
            **{name: of(shape) for name, shape in NAMED.items()},
        },
    }


def of(shape: Shape) -> Json:
    """One shape as a schema."""
    match shape:
        case Text(_, pattern):
            return {"type": "string", "pattern": pattern}
        case Word(_, words):
            return {"enum": list(words)}
        case Day():
            return {"type": "string", "pattern": DAY}
        case Span():
            return {"type": "string", "pattern": PERIOD}
        case Number(least, most):
            return {"type": "integer", "minimum": least, "maximum": most}
        case Flag():
            return {"type": "boolean"}
        case Many(each, least):
            return {"type": "array", "items": of(each), "minItems": least}
        case Steps(first, rest, most):
            return {"type": "array", "prefixItems": [of(first)], "items": of(rest), "minItems": 1, "maxItems": most}
        case Record():
            return _record(shape)
        case Named(_, each, pattern, least):
            names = {"pattern": pattern}
            return {"type": "object", "propertyNames": names, "additionalProperties": of(each), "minProperties": least}
        case ByForm(scalar, items, entries, empty):
            options = [of(option) for option in (scalar, items, entries) if option is not None]
            return _any([*options, {"type": "null"}] if empty else options)
        case Again(name):
            return {"$ref": f"#/$defs/{name}"}
        case _:
            assert_never(shape)


def _any(options: list[Json]) -> Json:
    return options[0] if len(options) == 1 else {"anyOf": options}


def _record(shape: Record) -> Json:
    said: Json = {
        "type": "object",
        "properties": {name: {"description": key.says, **of(key.shape)} for name, key in shape.keys.items()},
        "additionalProperties": False,
    }
    required = [name for name, key in shape.keys.items() if key.required]
    if required:
        said["required"] = required
    if shape.least:
        said["minProperties"] = shape.least
    if shape.forms:
        said["oneOf"] = [{"required": sorted(form), "maxProperties": len(form)} for form in shape.forms]
    return said


def text() -> str:
    """The schema as it is published."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
