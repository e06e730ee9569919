"""`ombud discover --review`: somebody who knows the database goes through the guesses of a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session

if TYPE_CHECKING:
    from ombud.datamap.guess.review import Open, Review

Samples = Callable[[str, str], list[str]]
"""The masked look of some values of a table's column."""

_CATEGORY = re.compile(r"\w+([.-]\w+)*")
HELP = "[y] it holds  [n] not personal  [c] correct it  [s] later  [t] all of this table hold  [q] stop"


def go_through(session: Session, file: Path, database: str | None) -> int:
    """Ask about each guess, the riskiest first; the file is written after each answer, so that nothing is lost."""
    from ombud.app.discovering import looks
    from ombud.datamap.guess.review import Review
    from ombud.datamap.load import LONGEST
    from ombud.policy.tree import text_of

    say = session.speaker
    review = Review(text_of(file, LONGEST))
    waiting = review.waiting()
    if not waiting:
        say.line("No line of it is a guess.")
        return 0
    with looks(session.directory, database, session.around.environ) as samples:
        asked = _asked(session, review, waiting, file, samples)
    left = len(review.waiting())
    say.line(f"{asked} answered, {left} left.", *((" ", (session.typed("check", "--live"), "dim")) if not left else ()))
    return 1 if left else 0


def _asked(session: Session, review: Review, waiting: list[Open], file: Path, samples: Samples) -> int:
    answered, done = 0, set[int]()
    for n, guess in enumerate(waiting):
        if id(guess.line) in done:
            continue
        _show(session, guess, review.listed(guess), f"{n + 1}/{len(waiting)} ", samples)
        answer = click.prompt("", prompt_suffix="> ", default="s", show_default=False, err=True).strip()[:1].lower()
        if answer == "q":
            break
        same = [each for each in waiting[n:] if each.table == guess.table and id(each.line) not in done]
        for each in same if answer == "t" and guess.table else [guess]:
            answered += _answer(review, each, "y" if answer == "t" else answer)
            done.add(id(each.line))
        _write(file, review.text)
    return answered


def _write(file: Path, text: str) -> None:
    """Whole or not at all: whoever is stopped meanwhile keeps every answer but the last."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


def _show(session: Session, guess: Open, listed: list[str], number: str, samples: Samples) -> None:
    say = session.speaker
    say.line("")
    say.line((number, "dim"), (".".join(guess.line.keys[1:]) or guess.said, "bold"))
    if guess.said:
        say.line(guess.said, f" {', '.join(listed)}" if listed else "", indent=4)
    say.line((f"{guess.sure:.0%} sure: {guess.why}", "dim"), indent=4)
    if guess.column and (seen := samples(guess.table, guess.column)):
        say.line("looks like: ", ", ".join(seen), indent=4)
    say.line((HELP, "dim"), indent=4)


def _answer(review: Review, guess: Open, answer: str) -> int:
    if answer == "y":
        review.confirm(guess)
    elif answer == "n" and guess.column:
        review.not_personal(guess)
    elif answer == "c" and (guess.column or review.listed(guess)):
        return _corrected(review, guess)
    else:
        return 0
    return 1


def _corrected(review: Review, guess: Open) -> int:
    """Another category; of a list of what is not personal, which column is, and what it holds."""
    listed, column = review.listed(guess), guess.column
    if listed:
        column = click.prompt("which of them is personal", err=True).strip()
    category = click.prompt("category", err=True).strip()
    if not _CATEGORY.fullmatch(category) or (listed and (column not in listed or not guess.table)):
        return 0
    if not listed:
        review.holds(guess, category)
        return 1
    review.personal(guess, column, category)
    return 0  # the rest of the list still waits
