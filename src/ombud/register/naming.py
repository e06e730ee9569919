"""The public name of a request: its year, its number in the year, and four letters that cannot be counted up to."""

from __future__ import annotations

from collections.abc import Callable

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that it can be read out and written down."""

_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})


def name(year: int, number: int, random: Callable[[int], bytes]) -> str:
    """Such as 2026-0042-7KQD. 20 bits are no secret: nothing may be handed out to who knows a name alone."""
    letters = "".join(LETTERS[byte % 32] for byte in random(4))
    return f"{year}-{number:04}-{letters}"


def read_name(written: str) -> str:
    """A name as somebody wrote it down: in any case, O for 0, I or L for 1, spaces around or for the dashes."""
    parts = written.strip().upper().replace("-", " ").split()
    return "-".join(parts).translate(_READ_AS)
