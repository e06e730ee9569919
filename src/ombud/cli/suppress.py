"""`ombud suppress`: whom nobody may write to any more, asked before importing and before sending."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from ombud.cli.command import Session, options

if TYPE_CHECKING:
    from ombud.app.suppressing import Answer


@click.group()
def suppress() -> None:
    """Ask who has opted out, from the register alone, and keep what opt-out columns say before their rows go.

    An opt-out outlives the data it was about as a keyed hash: whoever imports a list, or sends to one, asks here first.

    \b
    Examples:
      ombud suppress keep
      ombud suppress check --purpose newsletter addresses.txt
      ombud suppress check --purpose newsletter --column email --write may-not people.csv
    """


@suppress.command()
@options
@click.argument("file", type=click.Path(allow_dash=True), metavar="FILE|-")
@click.option("--purpose", required=True, metavar="P", help="What the identifiers are to be used for.")
@click.option("--company", metavar="C", help="Which company wants to; else what any of them was told counts.")
@click.option("--kind", default="email", show_default=True, metavar="KIND", help="Which kind of identifier they are.")
@click.option("--column", metavar="NAME", help="FILE is a CSV with a first line of names; this column has them.")
@click.option(
    "--write",
    type=click.Choice(["may", "may-not"]),
    default="may",
    show_default=True,
    help="Which lines to write to standard output: those that may be used, or those that may not.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 where any may not be used.")
def check(
    session: Session,
    file: str,
    purpose: str,
    company: str | None,
    kind: str,
    column: str | None,
    write: str,
    strict: bool,
) -> int:
    """Say which identifiers may be used for a purpose: one a line, or a column of a CSV.

    Reads FILE (or standard input, -) line by line, and writes the lines that may be used as they are; of a CSV also its
    first line. Lines without an identifier are in neither. Counts go to standard error; no database is asked. As JSON
    the numbers of the lines that may not be used are told, and no line.

    \b
    Examples:
      ombud suppress check --purpose newsletter addresses.txt
      ombud suppress check --purpose newsletter --company koncern --column email --strict people.csv
    """
    from ombud.app.suppressing import Answer, checked, suppression
    from ombud.terms import Place

    wanted = Answer(write)
    there = suppression(session.loaded(), purpose, kind=kind, company=company)
    counts: Counter[Answer] = Counter()
    numbers: list[int] = []
    with _read(file) as lines:
        for line in checked(there, lines, column, Place(file)):
            if line.answer is not None:
                counts[line.answer] += 1
            if line.answer is Answer.MAY_NOT:
                numbers.append(line.number)
            if not session.speaker.json and line.answer in (None, wanted):
                sys.stdout.write(line.text + "\n")
    _told(session, counts)
    session.speaker.answer(
        {
            "purpose": purpose,
            "company": company,
            "may": counts[Answer.MAY],
            "may_not": counts[Answer.MAY_NOT],
            "without_identifier": counts[Answer.NONE],
            "lines_that_may_not": numbers,
            "findings": [],
        }
    )
    return 1 if strict and numbers else 0


@contextmanager
def _read(file: str) -> Iterator[TextIO]:
    """The file as text. What is no text is read as characters that are nobody's."""
    if file == "-":
        with open(
            sys.stdin.fileno(), encoding="utf-8-sig", errors="surrogateescape", newline="", closefd=False
        ) as lines:
            yield lines
        return
    with open(file, encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        yield lines


def _told(session: Session, counts: Counter[Answer]) -> None:
    from ombud.app.suppressing import Answer

    if session.speaker.json:
        return
    without = f", {counts[Answer.NONE]:,} without an identifier" if counts[Answer.NONE] else ""
    session.speaker.err.print(f"{counts[Answer.MAY]:,} may be used, {counts[Answer.MAY_NOT]:,} may not{without}.")


@suppress.command()
@options
@click.option("--source", "sources", multiple=True, metavar="S", help="Only this source; may be repeated.")
def keep(session: Session, sources: tuple[str, ...]) -> int:
    """Write what opt-out columns say into the register, as keyed hashes, before their rows go. Twice is once.

    An apply does this by itself for rows that it deletes. Run it where something else deletes rows too, once when a
    source is first connected, and daily where people may opt in again: a later consent takes back what was kept.

    \b
    Example:
      ombud suppress keep
    """
    from ombud.app import opting_out
    from ombud.app.planning import known
    from ombud.app.words import count
    from ombud.terms import Act

    loaded = session.loaded()
    for name in sources:
        known(loaded, name)
    made = opting_out.keep(loaded, sources or loaded.datamap.sources)
    session.speaker.findings(made.findings)
    for act, words in (
        (Act.WITHDRAWN, "opt-out"),
        (Act.OBJECTED, "opt-out of a row that is gone"),
        (Act.OVERRIDDEN, "opt-out taken back by a later consent"),
    ):
        if n := made.written.get(act, 0):
            session.speaker.line((f"{n:,} ", "bold"), f"{words.replace('opt-out', 'opt-outs', 1) if n > 1 else words}.")
    if not made.written:
        session.speaker.line(f"Nothing new: {count(len(loaded.marks()), 'mark')} in the register.")
    session.speaker.answer(
        {
            "written": {act.value: n for act, n in made.written.items()},
            "findings": session.speaker.told(made.findings),
        }
    )
    return 1 if made.findings else 0
