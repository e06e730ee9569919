"""A table that does not fit is folded, or wider: nothing of it is cut away."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from ombud.cli.say import Speaker

HEADS = ("cells", "held for", "next")
ROW = ("name, street, postcode, city", "newsletter_statistics_of_the_year", "tomorrow")


def told(width: int, *, terminal: bool) -> list[str]:
    """The lines of a table whose last column must not be broken."""
    speaker, out = Speaker(json=False, here=Path()), io.StringIO()
    speaker.out = Console(file=out, width=width, force_terminal=terminal, color_system=None)
    speaker.table(HEADS, [ROW], whole=(1, 2), least={0: 14})
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [20, 40, 60, 80])
def test_on_a_narrow_terminal_every_letter_is_there(width: int) -> None:
    lines = told(width, terminal=True)
    assert max(map(len, lines)) <= width
    letters = sorted(c for line in lines for c in line if c.isalpha())
    assert letters == sorted(c for c in "".join((*HEADS, *ROW)) if c.isalpha())


@pytest.mark.parametrize("width", [20, 40, 60, 80])
def test_in_a_pipe_every_word_is_whole(width: int) -> None:
    text = "\n".join(told(width, terminal=False))
    assert all(word in text for cell in (*HEADS, *ROW) for word in cell.split())
