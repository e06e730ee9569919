"""Whether a day's sweep may look at what days alone have brought about, or must look at everything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from ombud.datamap.model import SourceMap
from ombud.engine.noted import note, said
from ombud.plan.window import unfit
from ombud.policy.model import Policy
from ombud.sql.names import Names
from ombud.terms import Act, Mark

SWEPT = "swept"
"""On which day nothing due was left, when that was last seen by a full look, which marks counted, and by what rules."""

UNCLEAN = "due"
"""Noted instead where a look found something due that no day since a clean sweep has brought about."""

SINCE = "plan_since"
"""The day from which the frozen plan looked; '' if it looked at everything."""


@dataclass(frozen=True, slots=True)
class Swept:
    """On `day` nothing that was due was left, by the rules that `of` is a hash of, with marks up to `marks`.

    The last full look was on `full`.
    """

    day: date
    full: date
    marks: int
    of: str


def rules_hash(*hashes: Mapping[str, str]) -> str:
    """One hash of the hashes of everything that a plan is made from."""
    return hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()


def last_swept(connection: sa.Connection, names: Names) -> Swept | None:
    """What the sidecar says of it, inside an open transaction."""
    written = said(connection, names, SWEPT).split()
    if len(written) != 4:
        return None
    return Swept(date.fromisoformat(written[0]), date.fromisoformat(written[1]), int(written[2]), written[3])


def found_due(connection: sa.Connection, names: Names) -> bool:
    """Something was found due, and is not known to be gone."""
    return said(connection, names, SWEPT) == UNCLEAN


def note_swept(connection: sa.Connection, names: Names, swept: Swept) -> None:
    """Write it down, inside an open transaction."""
    note(connection, names, SWEPT, f"{swept.day} {swept.full} {swept.marks} {swept.of}")


def why_everything(
    swept: Swept | None, of: str, marks: Iterable[Mark], policy: Policy, source: SourceMap, today: date
) -> str:
    """Why everything must be looked at, in words; '' where the days since the last sweep are enough."""
    marks = tuple(marks)
    if swept is None:
        return "nothing was swept here yet"
    if swept.of != of:
        return "policy, map or schema are others than at the last sweep"
    if not swept.full <= swept.day <= today:
        return f"the last sweep says that it was on {swept.day}"
    if reconciles(swept, policy, today):
        return f"the last full look was on {swept.full}"
    if max((mark.seq for mark in marks), default=0) != swept.marks:
        return "marks were set since the last sweep"
    if any(_stirs(mark, swept.day, today, policy.undo) for mark in marks):
        return "a mark began, or an objection took effect, since the last sweep"
    return unfit(source)


def reconciles(swept: Swept | None, policy: Policy, today: date) -> bool:
    """It is time to look at every row, whatever can be due."""
    return swept is not None and today - swept.full >= timedelta(days=policy.reconcile)


def _stirs(mark: Mark, since: date, today: date, undo: int) -> bool:
    """Days alone make a mark say something else than it did: it begins, or what it objects to waits no longer."""
    effect = mark.day + timedelta(days=undo)
    return since < mark.day <= today or (mark.act is Act.OBJECTED and since <= effect < today)
