"""What a letter says, before it is set: blocks of text, closed and plain, with no markup in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; levels 1 to 3, none skipped (PDF/UA-1)."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `quiet` is small and grey."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of each thing: its name, and one or more lines."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading of columns; `widths` are shares."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """What must not be overlooked."""

    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own."""


Block = Heading | Paragraph | Facts | Table | Items | Notice | NewPage


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who a letter is for: the lines in the window, the name first. They do not print."""

    lines: tuple[str, ...] = field(repr=False)

    @classmethod
    def protected(cls, name: str) -> Addressee:
        """Somebody whose address nobody may see: the name alone, for a sealed inner envelope."""
        return cls((name,))


@dataclass(frozen=True, slots=True)
class Body:
    """A letter. `sender`: the name, then how to reach it. `case`: names and values under the sender. `to` may be empty.

    `language` is "sv" or "en". `reference` and `footer` stand on every page.
    """

    language: str
    title: str
    subject: str
    sender: tuple[str, ...]
    to: Addressee
    day: date
    case: tuple[tuple[str, str], ...]
    lead: str
    blocks: tuple[Block, ...]
    closing: tuple[str, ...] = ()
    reference: str = ""
    footer: str = ""


def widths(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> tuple[int, ...]:
    """A share of the line for each column, by how long its texts are: none is squeezed, none takes all."""
    sample = rows[:200]
    longest = [
        max(len(text) for text in (column, *(row[place] for row in sample))) for place, column in enumerate(columns)
    ]
    most = 40 if len(columns) < 4 else 30
    return tuple(min(max(length, 7), most) + 3 for length in longest)
