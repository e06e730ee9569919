"""What a file may look like: shapes of keys and values, of which the reader and the JSON Schema are made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from ombud.terms import Period, parse_period

LONGEST_PERIOD = 200
"""Years: no storage period is longer, so that a last day always exists."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text that fits a pattern. `what` names it in messages; `code` is the finding's when it does not fit."""

    what: str
    pattern: str = r"\S"
    hint: str = ""
    code: str = "P009"


@dataclass(frozen=True, slots=True)
class Word:
    """One of these words."""

    what: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, YYYY-MM-DD."""


@dataclass(frozen=True, slots=True)
class Span:
    """An ISO 8601 period such as P12M."""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number in these bounds."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Many:
    """A list, each of one shape."""

    of: Shape
    least: int = 0


@dataclass(frozen=True, slots=True)
class Steps:
    """A list whose first element has one shape, the others another."""

    first: Shape
    rest: Shape
    most: int = 8


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record: its value's shape, what it says, whether it must be there."""

    shape: Shape
    says: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys. `forms`: exactly one of these sets of keys is there, where any are given.

    A wrong value under a key of `apart` leaves a hole (an empty scalar), so that the rest can still be judged.
    `elsewhere` says of keys that are none of this record's where they belong.
    """

    what: str
    keys: Mapping[str, Key]
    forms: tuple[frozenset[str], ...] = ()
    least: int = 0
    apart: frozenset[str] = frozenset()
    elsewhere: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping from names the user chooses to values of one shape."""

    what: str
    of: Shape
    pattern: str = r"^[A-Za-z][A-Za-z0-9_]*$"
    least: int = 0


@dataclass(frozen=True, slots=True)
class ByForm:
    """A different shape for a single value, a list, a mapping; `empty`: nothing may be written at all."""

    scalar: Shape | None = None
    items: Shape | None = None
    entries: Shape | None = None
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """The shape of that name, for what contains itself; looked up in `NAMED`."""

    name: str


Shape = Text | Word | Day | Span | Number | Flag | Many | Steps | Record | Named | ByForm | Again

NAMED: dict[str, Shape] = {}
"""Shapes that contain themselves, by name."""


def wrong_period(text: str) -> tuple[str, str, str] | None:
    """What is wrong with a period's text, as code, message and hint; None if it can be read."""
    try:
        period = parse_period(text)
    except ValueError:
        return (
            "P010",
            f"{text!r} is not a period",
            "write an ISO 8601 period of days, weeks, months or years, such as P12M",
        )
    if period == Period():
        return "P010", f"{text!r} is no time at all", "write {until: …} for what ends on the day itself"
    if period.years + period.months / 12 + period.days / 365 > LONGEST_PERIOD:
        return "P010", f"{text!r} is longer than {LONGEST_PERIOD} years", "say the period that is meant"
    return None


def day(text: str) -> date | None:
    """A day written YYYY-MM-DD, or None."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def say(shape: Shape) -> str:
    """A shape in a few words, for hints."""
    match shape:
        case Text() | Word():
            words = f" ({', '.join(shape.words)})" if isinstance(shape, Word) else ""
            return shape.what + words
        case Day():
            return "a day such as 2026-11-02"
        case Span():
            return "a period such as P12M"
        case Number(least, most):
            return f"a whole number from {least} to {most}"
        case Flag():
            return "true or false"
        case Many(of):
            return f"a list of {say(of)}"
        case Steps(first):
            return f"a list that begins with {say(first)}"
        case Record():
            return f"{{{', '.join(list(shape.keys)[:6])}{', …' if len(shape.keys) > 6 else ''}}}"
        case Named():
            return f"names of {shape.what} with what each says"
        case ByForm():
            return " or ".join(say(s) for s in (shape.scalar, shape.items, shape.entries) if s is not None)
        case Again(name):
            return say(NAMED[name])
        case _:
            assert_never(shape)
