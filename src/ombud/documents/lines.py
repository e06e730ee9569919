"""Whether a text certainly fits on one line of a table: a row that does has a known height, and is set once, not twice.

An upper bound from the widths of Libertinus Serif, the letters' own typeface; what it does not know does not fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SHEET, SIZE, INSET = 160.0, 9 * 25.4 / 72, 3.3
"""Of a table in the template, in millimetres: how wide it is, how large its text, how much of a cell is no text."""

WIDE = frozenset("MW@%&mwÆŒæœŴŵ©®¶¬¼½¾…—")
NARROW = frozenset(" .,:;'|!()[]-/ijltfrI\u00a0")


def _width(character: str) -> float:
    """At most, in units of the text's size."""
    if character in WIDE:
        return 1.0
    if character in NARROW:
        return 0.39
    return 0.5 if character.isdigit() else 0.76 if character.isupper() else 0.57


KNOWN = frozenset(map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), 0x2013, 0x2014, 0x2019, 0x201D, 0x2026)))
WIDTHS = {character: _width(character) for character in KNOWN - {"\u00ad"}}  # a soft hyphen is shown as a box


def width(text: str) -> float:
    """At most so many millimetres; infinite where a character is not known."""
    return SIZE * sum(WIDTHS.get(character, float("inf")) for character in text)


def on_one_line(rows: Iterable[Sequence[str]], shares: Sequence[int]) -> list[bool]:
    """For each row of a table, whether every cell fits on one line of its column; columns are shares of the line."""
    each = SHEET / sum(shares)
    room = [share * each - INSET for share in shares]
    return [all(width(text) <= limit for text, limit in zip(row, room, strict=True)) for row in rows]


def cost(rows: Sequence[Sequence[str]], shares: Sequence[int]) -> int:
    """What it takes to set a table, in cells of one line, of some 12 kB each: longer text takes more."""
    short = on_one_line(rows, shares)
    return sum(
        len(row) if one else 2 * len(row) + sum(map(len, row)) // 35 for row, one in zip(rows, short, strict=True)
    )
