"""The form that all engines are translated from: PostgreSQL's grammar, values written out, and words of ombud's own
where engines differ (`ombud_exact`), which each engine's table says in its own way.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa

from ombud.sql.dialect import Bool, Dialect, Expr, is_whole

EXACT, DAY_TEXT, CLOCK_TEXT, INSTANT_TEXT = "ombud_exact", "ombud_day_text", "ombud_clock_text", "ombud_instant_text"
DAY, CLOCK, INSTANT = "ombud_day", "ombud_clock", "ombud_instant"
BARE, LENGTH = "ombud_bare", "ombud_length"
WORDS = frozenset({EXACT, DAY_TEXT, CLOCK_TEXT, INSTANT_TEXT, DAY, CLOCK, INSTANT, BARE, LENGTH})
"""What ombud compares by code point; a day, a time of day and an instant (in UTC) as text, and out of text; a text
without the dots at its end; how many characters it has.
"""

NUMBER = sa.Numeric(38, 9)
"""Holds every number of at most 29 digits before the point and 9 after it, on all seven."""


def _word(name: str, *values: Any, type_: sa.types.TypeEngine[Any] | None = None) -> Expr:
    return getattr(sa.func, name)(*values, type_=type_ or sa.Text())  # type: ignore[no-any-return]


def _exact(value: Expr) -> Expr:
    return _word(EXACT, value) if isinstance(value.type, sa.Text) else value


def _text(value: Expr) -> Expr:
    """A time has no text that is the same everywhere: sessions, regions and languages write it differently."""
    if isinstance(value.type, sa.DateTime):
        return _word(INSTANT_TEXT if value.type.timezone else CLOCK_TEXT, value)
    return _word(DAY_TEXT, value) if isinstance(value.type, sa.Date) else sa.cast(value, sa.Text)


def _clock(value: Expr) -> Bool:
    """Without a regular expression: which characters are digits is asked by making each a zero."""

    def zeros(text: Expr) -> Expr:
        return sa.func.translate(text, "123456789", "000000000", type_=sa.Text())

    def part(start: int, length: int) -> Expr:
        return sa.func.substring(value, start, length, type_=sa.Text())

    fraction = sa.func.replace(sa.literal("x", sa.Text()).concat(zeros(part(21, 4000))), "0", "", type_=sa.Text())
    length = _word(LENGTH, value, type_=sa.Integer())
    return sa.and_(
        zeros(part(1, 10)) == "0000-00-00",
        part(11, 1).in_((" ", "T")),
        zeros(part(12, 8)) == "00:00:00",
        _exact(part(12, 2)) <= "23",
        _exact(part(15, 1)) <= "5",
        _exact(part(18, 1)) <= "5",
        sa.or_(length == 19, sa.and_(length > 20, part(20, 1) == ".", fraction == "x")),
    )


def _seconds(value: Expr) -> Expr:
    """Rounded down before it is divided: engines differ in how many decimals a quotient keeps, and which way."""
    down = sa.case((value < 0, value - 999), else_=value)
    whole = sa.func.mod(down, 1000, type_=sa.BigInteger())
    return sa.cast((down - whole).op("/")(1000), sa.BigInteger)


def counts(declared: str) -> bool:
    """Whether NUMBER holds every number of a column so declared."""
    if found := re.fullmatch(r"(?:DECIMAL|NUMERIC)\((\d+)(?:, ?(\d+))?\)", declared, re.IGNORECASE):
        digits, after = int(found[1]), int(found[2] or 0)
        return digits - after <= 29 and after <= 9
    return re.fullmatch(r"(TINY|SMALL|MEDIUM|BIG)?INT(EGER)?", declared, re.IGNORECASE) is not None


def neutral(name: str, title: str) -> Dialect:
    """How statements are built that are to be said to an engine, called `name`, with words where engines differ."""
    return Dialect(
        name=name,
        title=title,
        sidecar=None,
        native_times=True,
        locks=False,
        snapshot="",
        quotes_in_paths=False,
        temporaries="",
        defer="",
        settle="",
        leans=lambda error: False,
        refuses=lambda error: False,
        exact=_exact,
        ordered=_exact,
        text=_text,
        clock=_clock,
        whole=is_whole,
        seconds=_seconds,
        bare=lambda value: _word(BARE, value),
        length=lambda value: _word(LENGTH, value, type_=sa.Integer()),
        once="",
        number=NUMBER,
        counts=counts,
        documents=False,
        numbers_rows=False,
        in_query=False,
    )
