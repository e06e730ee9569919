"""Guesses in a map's text that nobody has confirmed: they decide nothing until somebody who knows takes them over."""

from __future__ import annotations

import re

from ombud.terms import Finding, Place

GUESS = "# guess:"
"""What a line that is only guessed ends in."""

_GUESS = re.compile(rf"(?:^|\s){GUESS}")


def guessed(file: str, text: str) -> Finding | None:
    """M008: some lines are guesses."""
    lines = [n for n, line in enumerate(text.splitlines(), 1) if _GUESS.search(line)]
    if not lines:
        return None
    many = f"{len(lines)} lines are guesses" if len(lines) > 1 else "this line is a guess"
    hint = "ombud discover --review goes through them; or correct the line and take its comment away"
    return Finding("M008", Place(file, lines[0], 1), f"{many} that nobody has confirmed", hint)
