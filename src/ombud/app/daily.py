"""Which day a source was last swept clean on, and whether a plan may begin from there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version

from ombud.adapters.register import Register
from ombud.app.loaded import Loaded
from ombud.app.sources import Opened
from ombud.engine.daily import (
    SINCE,
    SWEPT,
    UNCLEAN,
    Swept,
    found_due,
    last_swept,
    note_swept,
    reconciles,
    rules_hash,
    why_everything,
)
from ombud.engine.noted import note, said
from ombud.engine.plans import schema_hashes
from ombud.engine.sweep import Sweep


@dataclass(frozen=True, slots=True)
class Look:
    """How a plan looks at a source: since a day, or at all that can be due, and why; `thorough`: at every row."""

    since: date | None = None
    why: str = ""
    thorough: bool = True


def begins(loaded: Loaded, register: Register, source: Opened, sweep: Sweep) -> Look:
    """How a daily plan looks."""
    with source.connection.begin():
        before, due = last_swept(source.connection, sweep.names), found_due(source.connection, sweep.names)
    today = loaded.today()
    why = why_everything(before, rules(loaded, source), register.marks(), loaded.policy, sweep.source, today)
    why = "what was found due is not gone yet" if due else why
    since = before.day if before is not None and not why else None
    return Look(since, why, thorough=reconciles(before, loaded.policy, today))


def note_since(source: Opened, sweep: Sweep, since: date | None) -> None:
    """Write down from which day the frozen plan looked, inside an open transaction."""
    note(source.connection, sweep.names, SINCE, since.isoformat() if since else "")


def looked_since(source: Opened, sweep: Sweep) -> date | None:
    """From which day the frozen plan looked; None if it looked at everything."""
    with source.connection.begin():
        written = said(source.connection, sweep.names, SINCE)
    return date.fromisoformat(written) if written else None


def note_clean(loaded: Loaded, source: Opened, sweep: Sweep, since: date | None, newest: int) -> None:
    """Nothing due is left today: the next daily plan may begin from here.

    `newest` is the last mark as of before it was looked: one that is set meanwhile makes the next look at everything.
    """
    today = loaded.today()
    with source.connection.begin():
        before = last_swept(source.connection, sweep.names)
        swept = Swept(today, today, newest, rules(loaded, source))
        if since is not None:
            if before is None:
                return
            swept = replace(swept, full=before.full)
        note_swept(source.connection, sweep.names, swept)


def note_unclean(source: Opened, sweep: Sweep) -> None:
    """Something is due that no day since a clean sweep has brought about: until it is gone, daily plans look at all."""
    with source.connection.begin():
        note(source.connection, sweep.names, SWEPT, UNCLEAN)


def rules(loaded: Loaded, source: Opened) -> str:
    """A hash of everything that a plan of a source is made from."""
    project = loaded.project
    files = (loaded.files(project.policy), loaded.files(project.datamaps))
    return rules_hash(*files, schema_hashes(source.source, source.schema), {"ombud": version("ombud")})
