"""A value as a person reads it: days in words, decimals as the language writes them, text as it stands."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from decimal import Decimal

from ombud.documents.exact import exact, written
from ombud.documents.words import day_in_words, say

LONGEST = 32
"""Bytes that are printed as they are, in hexadecimal; of more, the letter says how many there are."""


def readable(value: object, language: str) -> str:
    """A value in words. Nothing is rounded."""
    match value:
        case None:
            return say(language, "nothing")
        case "":
            return say(language, "empty")
        case str():
            return value
        case bool():
            return say(language, "yes" if value else "no")
        case datetime():
            return f"{day_in_words(value.date(), language)} {say(language, 'at')} {_time(value.timetz())}"
        case date():
            return day_in_words(value, language)
        case time():
            return _time(value)
        case Decimal() if value.is_finite():
            return f"{value:f}".replace(".", say(language, "decimal"))
        case float() if math.isfinite(value):
            return repr(value).replace(".", say(language, "decimal"))
        case bytes() | bytearray() | memoryview():
            data = bytes(value)
            return data.hex(" ").upper() if 0 < len(data) <= LONGEST else say(language, "bytes", size=len(data))
        case list() | tuple() | dict():
            return written(exact(value)[1])
        case _:
            return str(exact(value)[1])


def _time(moment: time) -> str:
    """Hours and minutes; seconds and their fractions where there are any; the offset from UTC where one is stored."""
    text = moment.replace(tzinfo=None).isoformat("auto" if moment.second or moment.microsecond else "minutes")
    offset = moment.isoformat()[len(moment.replace(tzinfo=None).isoformat()) :]
    return f"{text} (UTC{offset})" if offset else text
