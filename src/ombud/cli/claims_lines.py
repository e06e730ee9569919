"""Claims as lines of a table: cells that are held alike share their lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from rich.text import Text

from ombud.app.held import HeldCell, HeldRow
from ombud.app.naming import whose
from ombud.app.words import held_for
from ombud.claims.live import PAST, Claim
from ombud.cli.say import clean
from ombud.datamap.model import DataMap
from ombud.policy.model import Policy
from ombud.terms import Never, NotYet, OnDay, Unknown

PLAIN = "its time is not over"
"""The reason of a claim that lives by its clock alone."""

Line = tuple[str, str, str, str]
"""Purpose, basis, until, style."""


Groups = dict[tuple[tuple[Line, ...], str], list[str]]
"""Cells by what holds them and what becomes of them."""


def alike(rows: Iterable[HeldRow], policy: Policy) -> Iterator[list[HeldRow]]:
    """Rows of one table that follow one another and are held alike, as keys and values are: one thing to a reader."""

    def look(held: HeldRow) -> object:
        groups = _groups(held, policy, show=False)
        if len(groups) != 1 or held.keepers or held.waiting:
            return held.row
        outcomes = (held.today.outcome, held.tomorrow.outcome, held.protected)
        return (*held.row[:2], held.company, held.certain, held.held.doubt, *outcomes, *groups)

    for _, group in groupby(rows, look):
        yield list(group)


def person_lines(rows: Sequence[HeldRow], policy: Policy, *, show: bool) -> Iterator[tuple[object, ...]]:
    """Cells, held for, basis, until, next: for the cells about the person, or the row where it has none.

    Several rows are such as `alike` puts together.
    """
    groups: Groups = {}
    for held in rows:
        for how, labels in _groups(held, policy, show=show).items():
            groups.setdefault(how, []).extend(labels)
    for (lines, fate), told in groups.items():
        labels = list(dict.fromkeys(told))
        for n, (purpose, basis, until, style) in enumerate(lines):
            first = n == 0
            yield (
                (("\n" if show else ", ").join(labels) if first else ""),
                Text(purpose, style),
                Text(basis, style),
                Text(until, style),
                Text(fate if first else "", "red" if fate == "due" else "yellow"),
            )


def _groups(held: HeldRow, policy: Policy, *, show: bool) -> Groups:
    groups: Groups = {}
    for cell in held.cells:
        if cell.about:
            fate = "due" if cell.due else "tomorrow" if cell.tomorrow else ""
            label = f"{cell.name}  {cell_shown(cell, show=True)}" if show else cell.name
            groups.setdefault((tuple(_cell_lines(cell, held, policy)), fate), []).append(label)
    if not groups:
        fate = "due" if held.due else "tomorrow" if held.goes_tomorrow else ""
        groups[tuple(_claim_lines(held.held.claims, policy)), fate] = ["(the row)"]
    return groups


def _cell_lines(cell: HeldCell, held: HeldRow, policy: Policy) -> Iterator[Line]:
    doubt = cell.held.doubt or held.held.doubt
    if doubt:
        yield ("in doubt, so it stays", "", doubt, "yellow")
    elif cell.held.whole or held.held.whole:
        yield ("all purposes", "", cell.protected or held.protected or "a hold or restriction", "yellow")
    elif cell.held.unreached:
        yield ("unreached, so it stays", "", "no purpose of this company reaches it", "yellow")
    elif cell.with_its_row:
        yield ("(stays with its row)", "", cell.fixed, "yellow")
    else:
        yield from _claim_lines(cell.held.claims, policy)


def _claim_lines(claims: Iterable[Claim], policy: Policy) -> Iterator[Line]:
    """The live claims; where there is none, the dead ones, so that it can be seen when they ended."""
    everything = list(claims)
    live = [claim for claim in everything if claim.live]
    style = "" if live else "dim"
    told = [(claim.purpose, _basis(claim), until(claim, policy), style) for claim in live or everything]
    yield from dict.fromkeys(told)


def about_one(claims: Iterable[Claim]) -> bool:
    """Whether all claims are about the same owner, so that it need not be repeated."""
    return len({claim.owner for claim in claims}) == 1


def row_lines(claims: Sequence[Claim], policy: Policy, datamap: DataMap) -> Iterator[tuple[object, ...]]:
    """Purpose, basis, counted from, until or why not, on what, about whom: one line for all cells alike."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for claim in claims:
        style = "" if claim.live else "dim"
        key = (claim.purpose, _basis(claim), _moment(claim), until(claim, policy), whose(claim, datamap), style)
        groups.setdefault(key, []).append(claim.cell or "the row")
    alone = about_one(claims)
    for (*cells, about, style), on in groups.items():
        told = [*cells, ", ".join(dict.fromkeys(on)), *([] if alone else [about])]
        yield tuple(Text(clean(each), style) for each in told)


def until(claim: Claim, policy: Policy) -> str:
    """The last day of a claim, or what it waits for, or why it is over."""
    if claim.reason != PLAIN:
        return f"{claim.last_day.isoformat()}, past" if claim.reason == PAST and claim.last_day else claim.reason
    if claim.last_day is not None:
        return claim.last_day.isoformat()
    if isinstance(claim.moment, Unknown):
        return "unknown, so it stays"
    if isinstance(claim.moment, OnDay):
        return "in no fiscal year, so it stays"
    purpose = policy.purposes.get(claim.company, {}).get(claim.purpose)
    return held_for(purpose) if purpose else "not yet begun"


def _basis(claim: Claim) -> str:
    return claim.basis.kind.replace("_", " ")


def _moment(claim: Claim) -> str:
    match claim.moment:
        case None:
            return "·"
        case OnDay(day):
            return day.isoformat()
        case NotYet():
            return "not yet"
        case Never():
            return "none"
        case Unknown():
            return "unknown"


def cell_shown(cell: HeldCell, *, show: bool) -> str:
    """What a cell holds, or that nobody can tell."""
    return shown(cell.value, show=show) if cell.readable else "(cannot be read)"


def shown(value: Any, *, show: bool) -> str:
    """A value on one line, or its first letter."""
    text = " ".join(str(value).split())
    if not show:
        return f"{text[:1]}•••" if isinstance(value, str) else "•••"
    return text if len(text) <= 60 else text[:59] + "…"
