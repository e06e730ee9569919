"""How wide the columns of a table are, so that nothing is cut: words stay whole where there is room."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from rich.cells import cell_len

BETWEEN = 3
"""Characters between two columns."""


def widths(
    rows: Sequence[Sequence[str]],
    room: int | None,
    unbroken: Collection[int] = (),
    least: Mapping[int, int] | None = None,
) -> list[int]:
    """Characters of each column in `room` characters (None: as many as whole words need, and at least 80).

    A column in `unbroken` gets its longest line, every other its longest word, or what `least` says; what is left over
    goes to the narrowest first. Where it is too little, the widest give, and what may not be broken gives last.
    """
    columns = list(zip(*rows, strict=True))
    most = [max((cell_len(line) for cell in column for line in cell.split("\n")), default=0) for column in columns]
    words = [max((cell_len(word) for cell in column for word in cell.split()), default=0) for column in columns]
    found = [
        most[n] if n in unbroken else max(words[n], min((least or {}).get(n, 0), most[n])) for n in range(len(columns))
    ]
    needed = BETWEEN * (len(found) - 1) + sum(found)
    left = (max(80, needed) if room is None else room) - needed
    while left > 0 and found != most:
        found[min((n for n in range(len(found)) if found[n] < most[n]), key=found.__getitem__)] += 1
        left -= 1
    while left < 0 and max(found, default=0) > 1:
        found[max(range(len(found)), key=lambda n: found[n] / (2 if n in unbroken else 1))] -= 1
        left += 1
    return found
