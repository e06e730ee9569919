"""`ombud explain`: why is it still here, and until when?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ombud.cli.command import Session, day, options
from ombud.terms import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ombud.app.explaining import Explained, ExplainedRow
    from ombud.app.gone import Went
    from ombud.app.held import HeldRow
    from ombud.app.leaning import Keeper
    from ombud.app.loaded import Loaded
    from ombud.app.unsearched import Unsearched
    from ombud.claims.live import Claim
    from ombud.datamap.model import DataMap
    from ombud.policy.model import Policy


KEYS = 4
"""Of rows that are alike, so many are named beside the first."""


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
    from ombud.app.unsearched import unsearched

    if (row is None) == (not subjects):
        raise click.UsageError("name either a person (--subject email=…) or a row (crm/customer/17)")
    say, loaded = session.speaker, session.loaded()
    if row is not None:
        one = explaining.one_row(loaded, row, on)
        if not isinstance(one, explaining.ExplainedRow):
            show_gone(session, one)
            say.answer({"gone": [_told_gone(one)], "findings": []})
            return 0
        say.findings(one.findings)
        show_row(session, loaded, one, show=show)
        told = _told(one.row, loaded.datamap, show)
        say.answer({"day": one.day.isoformat(), "row": told, "findings": say.told(one.findings)})
        return 1 if one.findings else 0
    found = explaining.person(loaded, subjects, on)
    say.findings(found.findings)
    show_person(session, loaded.policy, found, show=show)
    nowhere = unsearched(loaded.datamap)
    show_unsearched(session, nowhere)
    rows = [_told(each, loaded.datamap, show) for each in found.rows]
    gone = [_told_gone(each) for each in found.gone]
    say.answer(
        {
            "day": found.day.isoformat(),
            "rows": rows,
            "gone": gone,
            "not_looked_at": found.unread,
            "not_searched": [asdict(each) for each in nowhere],
            "findings": say.told(found.findings),
        }
    )
    return 1 if found.findings else 0


def show_person(session: Session, policy: Policy, found: Explained, *, show: bool) -> None:
    """Every row about the person, each cell with what holds it."""
    from ombud.app.words import count
    from ombud.cli.claims_lines import alike, person_lines

    say = session.speaker
    for gone in found.gone:
        show_gone(session, gone)
    if not found.rows:
        if found.read:
            where = f" in {', '.join(found.read)}" if found.unread else ""
            say.line(f"On {found.day.isoformat()}, nothing is found of anybody with this identifier{where}.")
        _unread(session, found)
        return
    for rows in alike(found.rows, policy):
        _head(session, policy, *rows)
        heads = ("cells", "held for", "basis", "until", "next")
        lines = list(person_lines(rows, policy, show=show))
        longest = max((len(word) for line in lines for word in str(line[3]).split()), default=0)
        say.table(heads, lines, whole=(1, 4), least={0: 30 if show else 14, 2: 10, 3: max(16, longest)})
        say.line()
    cells = [cell for held in found.rows for cell in held.cells if cell.about]
    due, later = sum(cell.due for cell in cells), sum(cell.tomorrow for cell in cells)
    sources = {held.row[0] for held in found.rows}
    what = f"{count(len(cells), 'cell')} in {count(len(found.rows), 'row')} of {count(len(sources), 'source')}. "
    say.line(
        (f"On {found.day.isoformat()}: {what}", "bold"),
        (f"{count(due, 'cell')} due now. " if due else "Nothing of it is due now. ", "red" if due else "green"),
        f"{count(later, 'cell')} would go tomorrow." if later else "Nothing more of it would go tomorrow.",
    )
    _unread(session, found)


def _unread(session: Session, found: Explained) -> None:
    """Which sources were not looked at: it is not known what they hold."""
    if found.unread:
        names = ", ".join(found.unread)
        session.speaker.line((f"Not looked at: {names}", "bold yellow"), ". What is held there is not known.")


def show_unsearched(session: Session, nowhere: Sequence[Unsearched]) -> None:
    """Where nobody was looked for, and why not: there may be something of the person in it."""
    say = session.speaker
    if nowhere:
        say.line(("Not searched, so something of the person may be there:", "yellow"))
    for each in nowhere:
        say.line(f"{each.source}.{each.table} ({', '.join(each.columns)}): {each.why}", indent=2)


def show_gone(session: Session, gone: Went) -> None:
    """That a row is not there, and what its source still knows of how it went."""
    from ombud.app.gone import told

    session.speaker.line((f"{gone.source}/{gone.table}/{gone.key}", "bold"), ("  is not there any more", "yellow"))
    for line in told(gone):
        session.speaker.line(line, indent=2)
    session.speaker.line()


def show_row(session: Session, loaded: Loaded, found: ExplainedRow, *, show: bool) -> None:
    """Every claim on the row, and on each of its cells."""
    from ombud.app.naming import whose
    from ombud.cli.claims_lines import about_one, cell_shown, row_lines

    say = session.speaker
    _head(session, loaded.policy, found.row)
    heads = ["purpose", "basis", "counted from", "until", "on", *([] if about_one(found.claims) else ["about"])]
    say.table(heads, row_lines(found.claims, loaded.policy, loaded.datamap), whole=(0, 2), least={1: 10, 3: 16})
    say.line()
    if about_one(found.claims):
        say.line(f"About {whose(found.claims[0], loaded.datamap)}.")
    values = ", ".join(f"{cell.name} {cell_shown(cell, show=show)}" for cell in found.row.cells)
    say.line(f"Cells: {values}." if values else "No cell holds anything.")
    for cell in found.row.cells:
        if cell.with_its_row:
            say.line((cell.name, "yellow"), f" stays as long as its row, though nothing holds it: {cell.fixed}.")
        elif not cell.readable and not cell.due:
            say.line((cell.name, "yellow"), f" will never be blanked, and go with its row: {cell.fixed}.")
    say.line(f"On {found.day.isoformat()} the row ", (_outcome(found.row), "bold"), ".")
    if found.numbered:
        say.line(("Its table has no key: this is the row that lies here now, and its number may change.", "dim"))


def _head(session: Session, policy: Policy, held: HeldRow, *more: HeldRow) -> None:
    from ombud.app.naming import written_key
    from ombud.app.words import count

    source, table, key = held.row
    parts: list[object | tuple[object, str]] = [(f"{source}/{table}/{written_key(key)}", "bold")]
    if more:
        named, rest = more[:KEYS], len(more[KEYS:])
        keys = ", ".join(written_key(each.row[2]) for each in named)
        parts.append(f", {keys}" + (f" and {count(rest, 'more row', 'more rows')}" if rest else ""))
    if held.company:
        parts.append(f"  {policy.companies[held.company].name}")
    if not held.certain:
        parts.append(("  perhaps theirs: the identifier is not theirs alone", "yellow"))
    if held.held.doubt:
        parts.append((f"  stays, in doubt: {held.held.doubt}", "yellow"))
    elif held.held.unreached:
        parts.append(("  stays: no purpose of its company reaches it", "yellow"))
    elif held.held.whole:
        parts.append((f"  stays whole: {held.protected or 'a hold or restriction'}", "yellow"))
    elif held.due:
        parts.append(("  the row is due", "red"))
    elif held.goes_tomorrow:
        parts.append(("  the row goes tomorrow", "yellow"))
    elif held.today.outcome is Outcome.SHELL:
        parts.append(("  a shell: nothing holds it, and other rows need it", "yellow"))
    session.speaker.line(*parts)
    if held.waiting:
        session.speaker.line(("kept by its grace: ", "yellow"), held.waiting, indent=2)
    for keeper in held.keepers:
        session.speaker.line("kept by ", keeper_in_words(source, keeper), indent=2)


def keeper_in_words(source: str, keeper: Keeper) -> str:
    """Such as `crm/order_line/12 and 3 more rows of order_line, by their link order`."""
    from ombud.app.naming import written_key
    from ombud.app.words import count

    if not keeper.keys:
        which = count(keeper.rows, "row")
        said = f"{which} of {source}.{keeper.table}, by {keeper.by}"
        return f"{said}: the map does not name this reference" + ("" if keeper.mapped else ", nor the table")
    first = f"{source}/{keeper.table}/{written_key(keeper.keys[0])}"
    more = f" and {count(keeper.rows - 1, 'more row', 'more rows')} of {keeper.table}" if keeper.rows > 1 else ""
    how = "which follow it" if keeper.follows and more else "which follows it" if keeper.follows else "by the link"
    shells = ("; they are shells too" if more else "; it is a shell too") if keeper.shells else ""
    return f"{first}{more}, {how} {keeper.by}{shells}"


def _outcome(held: HeldRow) -> str:
    words = {"keep": "stays", "blank": "stays, and loses cells", "shell": "stays as a shell", "delete": "goes"}
    now = words[held.today.outcome.value]
    lost = f" ({', '.join(sorted(held.today.blank))})" if held.today.blank else ""
    return f"{now}{lost}" + ("; tomorrow it goes" if held.goes_tomorrow else "")


# --- for programs -----------------------------------------------------------------------------------------------


def _told(held: HeldRow, datamap: DataMap, show: bool) -> dict[str, Any]:
    from ombud.app.naming import written_key
    from ombud.cli.claims_lines import cell_shown

    source, table, key = held.row
    return {
        "source": source,
        "table": table,
        "key": written_key(key),
        "company": held.company or None,
        "certain": held.certain,
        "doubt": held.held.doubt,
        "protected": held.protected,
        "kept_by_grace": held.waiting or None,
        "outcome": held.today.outcome.value,
        "tomorrow": held.tomorrow.outcome.value,
        "kept_by": [_told_keeper(each) for each in held.keepers],
        "claims": [_told_claim(claim, datamap) for claim in held.held.claims],
        "cells": [
            {
                "cell": cell.name,
                "value": cell_shown(cell, show=show),
                "category": cell.category or None,
                "due": cell.due,
                "tomorrow": cell.tomorrow,
                "stays_with_row": cell.fixed if cell.with_its_row else None,
                "readable": cell.readable,
                "claims": [_told_claim(claim, datamap) for claim in cell.held.claims],
            }
            for cell in held.cells
            if cell.about
        ],
    }


def _told_keeper(keeper: Keeper) -> dict[str, Any]:
    from ombud.app.naming import written_key

    return {
        "table": keeper.table,
        "by": keeper.by,
        "mapped": keeper.mapped,
        "rows": keeper.rows,
        "keys": [written_key(key) for key in keeper.keys],
    }


def _told_gone(gone: Went) -> dict[str, Any]:
    return {
        "source": gone.source,
        "table": gone.table,
        "key": gone.key,
        "plan": asdict(gone.plan) if gone.plan else None,
        "step": gone.table if gone.plan else None,
        "batch": gone.batch or None,
        "perhaps": [asdict(each) for each in gone.perhaps],
    }


def _told_claim(claim: Claim, datamap: DataMap) -> dict[str, Any]:
    from ombud.app.naming import whose

    return {
        "purpose": claim.purpose,
        "basis": claim.basis.kind.value,
        "company": claim.company,
        "about": whose(claim, datamap),
        "live": claim.live,
        "reason": claim.reason,
        "last_day": claim.last_day.isoformat() if claim.last_day else None,
    }
