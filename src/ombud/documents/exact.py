"""A value in JSON without loss: its kind, and its value in a form from which exactly it can be read back."""

from __future__ import annotations

import base64
import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any
from uuid import UUID

LARGEST = 2**53 - 1
"""The largest integer that every reader of JSON keeps exactly (RFC 8259, section 6); larger ones are texts."""

KINDS = {
    "null": "no value",
    "boolean": "true or false",
    "integer": "a whole number; a text where it is beyond 2^53-1 in size",
    "float": "a binary floating-point number; NaN, Infinity and -Infinity are texts",
    "decimal": "a decimal number, as a text with every digit that is stored",
    "text": "text",
    "binary": "bytes, in base64 (RFC 4648, section 4)",
    "date": "a day, ISO 8601",
    "timestamp": "a day and a time, ISO 8601, with the offset from UTC where one is stored, fractions of seconds kept",
    "time": "a time of day, ISO 8601, with the offset from UTC where one is stored",
    "duration": "a length of time, ISO 8601 in days and seconds",
    "uuid": "an identifier of 128 bits",
    "json": "a JSON document; in it, what JSON does not have is a text, as above",
}

Plain = None | bool | int | float | str | list[Any] | dict[str, Any]


def exact(value: object) -> tuple[str, Plain]:
    """A value's kind, one of `KINDS`, and what stands for it in JSON."""
    match value:
        case None:
            return "null", None
        case bool():
            return "boolean", value
        case int():
            return "integer", value if -LARGEST <= value <= LARGEST else str(value)
        case float():
            return "float", value if math.isfinite(value) else _name(value)
        case Decimal():
            return "decimal", str(value)
        case str():
            return "text", value
        case bytes() | bytearray() | memoryview():
            return "binary", base64.b64encode(value).decode("ascii")
        case datetime():
            return "timestamp", value.isoformat()
        case date():
            return "date", value.isoformat()
        case time():
            return "time", value.isoformat()
        case timedelta():
            return "duration", duration(value)
        case UUID():
            return "uuid", str(value)
        case list() | tuple() | dict():
            return "json", _within(value)
        case _:
            return "text", str(value)


def duration(length: timedelta) -> str:
    """A length of time in ISO 8601, such as P1DT3.5S; the sign stands before the P."""
    sign, length = ("-", -length) if length < timedelta(0) else ("", length)
    days = f"{length.days}D" if length.days else ""
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    seconds = f"T{length.seconds}{fraction}S" if length.seconds or fraction or not days else ""
    return f"{sign}P{days}{seconds}"


def _name(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


def _within(value: object) -> Plain:
    match value:
        case dict():
            return {str(key): _within(each) for key, each in value.items()}
        case list() | tuple():
            return [_within(each) for each in value]
        case _:
            return exact(value)[1]


def written(value: object) -> str:
    """JSON as text: letters as they are, and escapes only where a lone surrogate could not be written in UTF-8."""
    found = _LETTERS.encode(value)
    return found if _is_whole(found) else _ESCAPES.encode(value)


def text(value: str) -> str:
    """A text in JSON, likewise."""
    return encode_basestring(value) if value.isascii() or _is_whole(value) else encode_basestring_ascii(value)


_LETTERS = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_ESCAPES = json.JSONEncoder(allow_nan=False, separators=(",", ":"))


def _is_whole(found: str) -> bool:
    """Whether UTF-8 can write it: there is no lone surrogate."""
    if found.isascii():
        return True
    try:
        found.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
