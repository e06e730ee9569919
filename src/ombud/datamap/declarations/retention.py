"""For how long, as far as a text says it without doubt: a number of days, a number with its unit, or ISO 8601."""

from __future__ import annotations

import re

from ombud.policy.shape import wrong_period

_WORDS = re.compile(r"0*([1-9]\d{0,4})\s*(day|week|month|year)s?", re.ASCII | re.IGNORECASE)
_BARE = re.compile(r"0*([1-9]\d{0,4})", re.ASCII)


def period(said: str) -> str:
    """The period as a policy writes it; "" where the text says something else, or more. A bare number is days."""
    bare = said.strip()
    if match := _BARE.fullmatch(bare):
        found = f"P{match[1]}D"
    elif match := _WORDS.fullmatch(bare):
        found = f"P{match[1]}{match[2][0].upper()}"
    else:
        found = bare
    return found if wrong_period(found) is None else ""


def counted_in_days(said: str) -> bool:
    """Whether a text is a bare number, of which only fideslang's forms say that it counts days."""
    return _BARE.fullmatch(said.strip()) is not None
