"""What a source still knows of a row that went: which plan had it due, which step and batch did it, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from ombud.app.remembered import is_there
from ombud.app.sources import Opened
from ombud.engine.noted import note
from ombud.sql.engines import DIALECTS
from ombud.sql.names import Names

BEGAN, ENDED = "began/", "ended/"
"""Before a plan's id, in the sidecar's notes: the first and the last day on which it was carried out."""

FEW = 3
"""How many plans are named where it is not known which of them it was."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A plan that was carried out in a source, with the first and the last day of that, where they were noted."""

    plan: str
    began: str = ""
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Went:
    """A row that is not there: by `plan` in its `batch`; or, where a later plan took its place, one of `perhaps`."""

    source: str
    table: str
    key: str
    plan: Carried | None = None
    batch: int = 0
    perhaps: tuple[Carried, ...] = field(default=())


def note_days(source: Opened, names: Names, plan: str, day: str, *, ended: bool) -> None:
    """Note the day on which a plan begins to be carried out, or is; inside an open transaction."""
    if ended:
        note(source.connection, names, f"{ENDED}{plan}", day)
    elif f"{BEGAN}{plan}" not in _notes(source, names):
        note(source.connection, names, f"{BEGAN}{plan}", day)


def carried_out(source: Opened, names: Names, plan: str) -> Carried:
    """On which days a plan was carried out in this source, inside an open transaction."""
    return _carried(plan, _notes(source, names))


def went(source: Opened, table: str, key: tuple[str, ...], *, remembered: bool = False) -> Went | None:
    """How a row that is not there went; None where this source knows nothing of it.

    `key` is text, a part for each column. `remembered`: rows that are left say that it was there.
    """
    names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
    if not is_there(source, names.receipt) or not is_there(source, names.due(table)):
        return None
    notes = _notes(source, names)
    written = ",".join(key)
    due, receipt = names.due(table), names.receipt
    same = [names.dialect.text(due.c[f"k{n}"]) == part for n, part in enumerate(key)]
    chosen = sa.select(due.c.plan, due.c.done).where(
        *same,
        due.c.gone == 1,
        due.c.pinned == 0,
        receipt.c.plan == due.c.plan,
        receipt.c.step == table,
        receipt.c.batch == due.c.done,
        receipt.c.rows > 0,
    )
    for plan, batch in source.connection.execute(chosen):
        return Went(source.name, table, written, _carried(plan, notes), batch)
    if not remembered:
        return None
    return Went(source.name, table, written, perhaps=_changed(source, names, table, notes))


def plans_on(source: Opened, table: str) -> tuple[Carried, ...]:
    """The plans that deleted or blanked rows of a table, as far as receipts tell, the newest first."""
    names = Names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
    return _changed(source, names, table, _notes(source, names)) if is_there(source, names.receipt) else ()


def _changed(source: Opened, names: Names, table: str, notes: Mapping[str, str]) -> tuple[Carried, ...]:
    receipt = names.receipt
    plans = sa.select(receipt.c.plan).where(receipt.c.step == table, receipt.c.rows > 0).distinct()
    found = sorted(source.connection.execute(plans).scalars(), reverse=True)
    return tuple(_carried(plan, notes) for plan in found)


def _carried(plan: str, notes: Mapping[str, str]) -> Carried:
    return Carried(plan, notes.get(f"{BEGAN}{plan}", ""), notes.get(f"{ENDED}{plan}", ""))


def _notes(source: Opened, names: Names) -> Mapping[str, str]:
    chosen = sa.select(names.meta.c.name, names.meta.c.value)
    return {row.name: row.value for row in source.connection.execute(chosen)}


def told(gone: Went) -> Iterator[str]:
    """In words: what is known, without anything that the row held."""
    if gone.plan is not None:
        yield f"It went with plan {gone.plan.plan}{_days(gone.plan)}: step {gone.table}, batch {gone.batch}."
    elif len(gone.perhaps) == 1:
        yield f"It went with the plan {some(gone.perhaps)}: no other deleted or blanked rows of {gone.table}."
    elif gone.perhaps:
        yield f"It went with one of the plans that deleted or blanked rows of {gone.table}: {some(gone.perhaps)}."
        yield "Which of them is not kept: a plan's keys are forgotten when the next one is made."
    else:
        yield "No receipt names a plan that changed this table: another program deleted it."


def some(plans: Sequence[Carried]) -> str:
    """The newest of these plans, with the days on which they were carried out."""
    few = ", ".join(f"{each.plan}{_days(each)}" for each in plans[:FEW])
    return few + (f", or one of {len(plans) - FEW} before" if len(plans) > FEW else "")


def _days(carried: Carried) -> str:
    if not carried.began:
        return ""
    if carried.ended in ("", carried.began):
        return f", carried out on {carried.began}"
    return f", carried out from {carried.began} to {carried.ended}"
