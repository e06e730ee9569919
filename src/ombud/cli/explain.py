"""`ombud explain`: why is it still here, and until when?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ombud.cli.command import Session, day, options

if TYPE_CHECKING:
    from ombud.app.explaining import Explained, ExplainedRow, HeldRow
    from ombud.claims.live import Claim
    from ombud.policy.model import Policy


@click.command()
@options
@click.argument("row", required=False, metavar="[ROW]")
@click.option("--subject", "subjects", multiple=True, metavar="KIND=VALUE", help="A person: email=…; may be repeated.")
@click.option("--on", callback=day, metavar="DATE", help="As of another day.")
@click.option("--show", is_flag=True, help="Show values; otherwise they are masked.")
def explain(session: Session, row: str | None, subjects: tuple[str, ...], on: date | None, show: bool) -> int:
    """Say what is held about a person, or on one ROW, why, and until when.

    A person is found in every source by the normalised identifier; a ROW is SOURCE/TABLE/KEY. Databases are only read.

    \b
    Examples:
      ombud explain --subject email=astrid@kviststrand.example
      ombud explain --subject email=bo@lindnas.example --on 2027-06-30 --show
      ombud explain crm/customer/2
    """
    from ombud.app import explaining

    if (row is None) == (not subjects):
        raise click.UsageError("name either a person (--subject email=…) or a row (crm/customer/17)")
    say, loaded = session.speaker, session.loaded()
    if row is not None:
        one = explaining.one_row(loaded, row, on)
        say.findings(one.findings)
        show_row(session, loaded.policy, one, show=show)
        say.answer({"day": one.day.isoformat(), "row": _told(one.row, show), "findings": say.told(one.findings)})
        return 1 if one.findings else 0
    found = explaining.person(loaded, subjects, on)
    say.findings(found.findings)
    show_person(session, loaded.policy, found, show=show)
    rows = [_told(each, show) for each in found.rows]
    say.answer({"day": found.day.isoformat(), "rows": rows, "findings": say.told(found.findings)})
    return 1 if found.findings else 0


def show_person(session: Session, policy: Policy, found: Explained, *, show: bool) -> None:
    """Every row about the person, each cell with what holds it."""
    from ombud.app.words import count
    from ombud.cli.claims_lines import person_lines

    say = session.speaker
    if not found.rows:
        say.line(f"On {found.day.isoformat()}, nothing is held about anybody with this identifier.")
        return
    for held in found.rows:
        _head(session, held)
        heads = ("cells", "held for", "basis", "until", "next")
        lines = list(person_lines(held, policy, show=show))
        longest = max((len(word) for line in lines for word in str(line[3]).split()), default=0)
        say.table(heads, lines, whole=(1, 4), least={0: 30 if show else 14, 2: 10, 3: max(16, longest)})
        say.line()
    cells = [cell for held in found.rows for cell in held.cells if cell.about]
    due, later = sum(cell.due for cell in cells), sum(cell.tomorrow for cell in cells)
    sources = {held.row[0] for held in found.rows}
    what = f"{count(len(cells), 'cell')} in {count(len(found.rows), 'row')} of {count(len(sources), 'source')}. "
    say.line(
        (f"On {found.day.isoformat()}: {what}", "bold"),
        (f"{count(due, 'cell')} due now. " if due else "Nothing is due now. ", "red" if due else "green"),
        f"{count(later, 'cell')} would go tomorrow." if later else "Nothing more would go tomorrow.",
    )


def show_row(session: Session, policy: Policy, found: ExplainedRow, *, show: bool) -> None:
    """Every claim on the row, and on each of its cells."""
    from ombud.app.explaining import whose
    from ombud.cli.claims_lines import about_one, row_lines, shown

    say = session.speaker
    _head(session, found.row)
    heads = ["purpose", "basis", "counted from", "until", "on", *([] if about_one(found.claims) else ["about"])]
    say.table(heads, row_lines(found.claims, policy), whole=(0, 2), least={1: 10, 3: 16})
    say.line()
    if about_one(found.claims):
        say.line(f"About {whose(found.claims[0])}.")
    values = ", ".join(f"{cell.name} {shown(cell.value, show=show)}" for cell in found.row.cells)
    say.line(f"Cells: {values}." if values else "No cell holds anything.")
    say.line(f"On {found.day.isoformat()} the row ", (_outcome(found.row), "bold"), ".")


def _head(session: Session, held: HeldRow) -> None:
    from ombud.app.explaining import written_key

    source, table, key = held.row
    parts: list[object | tuple[object, str]] = [(f"{source}/{table}/{written_key(key)}", "bold")]
    if not held.certain:
        parts.append(("  perhaps theirs: the identifier is not theirs alone", "yellow"))
    if held.held.doubt:
        parts.append((f"  stays, in doubt: {held.held.doubt}", "yellow"))
    elif held.held.unreached:
        parts.append(("  stays: no purpose of its company reaches it", "yellow"))
    elif held.held.whole:
        parts.append(("  stays whole: a hold or restriction", "yellow"))
    elif held.due:
        parts.append(("  the row is due", "red"))
    elif held.goes_tomorrow:
        parts.append(("  the row goes tomorrow", "yellow"))
    session.speaker.line(*parts)


def _outcome(held: HeldRow) -> str:
    words = {"keep": "stays", "blank": "stays, and loses cells", "shell": "stays as a shell", "delete": "goes"}
    now = words[held.today.outcome.value]
    lost = f" ({', '.join(sorted(held.today.blank))})" if held.today.blank else ""
    return f"{now}{lost}" + ("; tomorrow it goes" if held.goes_tomorrow else "")


# --- for programs -----------------------------------------------------------------------------------------------


def _told(held: HeldRow, show: bool) -> dict[str, Any]:
    from ombud.app.explaining import written_key
    from ombud.cli.claims_lines import shown

    source, table, key = held.row
    return {
        "source": source,
        "table": table,
        "key": written_key(key),
        "certain": held.certain,
        "doubt": held.held.doubt,
        "outcome": held.today.outcome.value,
        "tomorrow": held.tomorrow.outcome.value,
        "claims": [_told_claim(claim) for claim in held.held.claims],
        "cells": [
            {
                "cell": cell.name,
                "value": shown(cell.value, show=show),
                "category": cell.category,
                "due": cell.due,
                "tomorrow": cell.tomorrow,
                "claims": [_told_claim(claim) for claim in cell.held.claims],
            }
            for cell in held.cells
            if cell.about
        ],
    }


def _told_claim(claim: Claim) -> dict[str, Any]:
    from ombud.app.explaining import whose

    return {
        "purpose": claim.purpose,
        "basis": claim.basis.kind.value,
        "company": claim.company,
        "about": whose(claim),
        "live": claim.live,
        "reason": claim.reason,
        "last_day": claim.last_day.isoformat() if claim.last_day else None,
    }
