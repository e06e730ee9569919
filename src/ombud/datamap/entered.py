"""A value as somebody enters it, read as the column that is to hold it takes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from ombud.policy.shape import day

WAYS: Mapping[str, str] = {
    "integer": "a whole number",
    "number": "a number with a decimal point",
    "boolean": "true or false",
    "date": "a day, YYYY-MM-DD",
    "timestamp": "a day and a time, YYYY-MM-DD HH:MM:SS",
    "timestamptz": "a day, a time and its distance from UTC, YYYY-MM-DD HH:MM:SS+01:00",
}
"""How a value of each family of columns is written."""

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
"""Of the spellings of ISO 8601 those that applications read: where a database keeps times as text, it is kept so."""


def entered(text: str, family: str, *, native: bool) -> Any:
    """The value for a column of a family. `native`: its database has days and times, and keeps them not as text.

    Raises ValueError where it is not one, or nothing can be entered into such a column.
    """
    if family == "text":
        return text
    if family not in WAYS:
        raise ValueError(f"nothing can be entered into a column of this type ({family})")
    try:
        value = _READ[family](text.strip())
    except (ValueError, InvalidOperation):
        raise ValueError(f"write {WAYS[family]}") from None
    return text.strip() if family in ("date", "timestamp", "timestamptz") and not native else value


def entered_inside(text: str, before: Any) -> Any:
    """The value for a place in a JSON document, of the sort that stands there. Raises ValueError likewise."""
    match before:
        case bool():
            return entered(text, "boolean", native=True)
        case int():
            return entered(text, "integer", native=True)
        case Decimal() | float():
            return float(entered(text, "number", native=True))
        case dict() | list():
            raise ValueError("a whole object or array stands there: name a place inside it")
    return text


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text.lower()] if text.lower() in ("true", "false") else _refuse()


def _refuse() -> bool:
    raise ValueError


def _number(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise ValueError
    return value


def whole(text: str) -> int | None:
    """The whole number that a text is and a column of integers can hold (64 bits); None for every other text."""
    if len(text) > LONGEST_WHOLE or not (text.isascii() and text.removeprefix("-").isdecimal()):
        return None
    number = int(text)
    return number if -(1 << 63) <= number < 1 << 63 else None


LONGEST_WHOLE = 20
"""Characters of a whole number of 64 bits, with its sign."""


def _integer(text: str) -> int:
    number = whole(text.removeprefix("+"))
    if number is None:
        raise ValueError
    return number


def _day(text: str) -> date:
    found = day(text)
    if found is None:
        raise ValueError
    return found


def _moment(text: str, *, zoned: bool) -> datetime:
    value = datetime.fromisoformat(text)
    if not _MOMENT.fullmatch(text) or (value.tzinfo is not None) is not zoned:
        raise ValueError
    return value


_READ: Mapping[str, Callable[[str], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _day,
    "timestamp": partial(_moment, zoned=False),
    "timestamptz": partial(_moment, zoned=True),
}
