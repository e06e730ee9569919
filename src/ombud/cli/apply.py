"""`ombud apply`: what a plan froze, and nothing else."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, options

if TYPE_CHECKING:
    from ombud.app.applying import Applied
    from ombud.app.loaded import Loaded


@click.command()
@options
@click.argument("plan", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--allow", is_flag=True, help="Also where a plan touches more of a table than `share` in ombud.yaml.")
def apply(session: Session, plan: Path, allow: bool) -> int:
    """Do what a plan froze and nothing else, then look whether anything due is left.

    Each row is judged again under its locks: a hold that was acknowledged first wins. If it is stopped, run it again:
    it goes on where it was, and what a batch had not finished was undone.

    \b
    Example:
      ombud apply today.json --allow
    """
    from ombud.app.applying import apply as carry_out

    say, loaded = session.speaker, session.loaded()
    with say.progress() as bar:
        tasks: dict[tuple[str, str], object] = {}

        def progress(source: str, table: str, done: int, due: int) -> None:
            known = tasks.get((source, table))
            if known is None:
                known = tasks[source, table] = bar.add_task(f"{source}.{table}", total=due)
            bar.update(known, completed=done)  # type: ignore[arg-type]

        done = carry_out(loaded, plan, allow=allow, progress=progress)
    say.findings(done.findings)
    show(session, loaded, done)
    say.answer(
        {
            "plan": done.plan.id,
            "complete": done.complete,
            "sources": {
                name: {
                    "applied_before": each.before,
                    "resumed": each.resumed,
                    "done_beside": each.beside,
                    "deleted": {t: c.deleted for t, c in each.tables.items() if c.deleted},
                    "blanked": {
                        t: {n: k for n, k in c.blanked.items() if k}
                        for t, c in each.tables.items()
                        if any(c.blanked.values())
                    },
                    "files": {store: asdict(count) for store, count in each.files.items()},
                    "stay": {t: {"deleted": c.deleted, "blanked": dict(c.blanked)} for t, c in each.stay.items()},
                    "stayed_before": dict(each.stayed_before),
                    "refused": {t: refusal.rows for t, refusal in each.refused.items()},
                    "left": {t: {"deleted": c.deleted, "blanked": dict(c.blanked)} for t, c in each.left.items()},
                }
                for name, each in done.sources.items()
            },
            "findings": say.told(done.findings),
        }
    )
    return 0 if done.complete else 1


def show(session: Session, loaded: Loaded, done: Applied) -> None:
    """What was done, by table, and whether anything due is left."""
    from ombud.app.words import count

    say = session.speaker
    rows = [
        (f"{name}.{table}", f"{c.deleted:,}" if c.deleted else "·", f"{cells:,}" if cells else "·")
        for name, each in done.sources.items()
        for table, c in each.tables.items()
        for cells in (sum(c.blanked.values()),)
        if c.deleted or cells
    ]
    if rows:
        say.table(("table", "rows deleted", "cells blanked"), rows, right=(1, 2))
        say.line()
    before = [name for name, each in done.sources.items() if each.before]
    if before:
        say.line(f"Applied already, and nothing done now: {', '.join(before)}.")
    for name, each in done.sources.items():
        if each.beside:
            what = count(each.beside, "row or cell", "rows and cells")
            say.line(f"{name}: another apply of this plan, at the same time, did {what} of it.")
    resumed = sum(each.resumed for each in done.sources.values() if not each.before)
    if resumed:
        what = count(resumed, "row or cell", "rows and cells")
        say.line(f"Resumed: another run of this plan had changed {what} before this one began.")
    _stay(session, loaded, done)
    files = sum(found.removed for each in done.sources.values() for found in each.files.values())
    if files:
        say.line(f"{count(files, 'file')} removed.")
    fresh = [each for each in done.sources.values() if not each.before]
    if not fresh:
        return
    deleted = sum(c.deleted for each in fresh for c in each.tables.values())
    cells = sum(n for each in fresh for c in each.tables.values() for n in c.blanked.values())
    left = any(each.left or each.unasked for each in fresh)
    everything = done.complete and done.sources.keys() == loaded.datamap.sources.keys()
    where = "" if everything else f" in {', '.join(done.sources)}"
    days = "" if all(each.since is None for each in fresh) else " of what days have brought about"
    say.line(
        (f"{count(deleted, 'row')} deleted, {count(cells, 'cell')} blanked.", "bold"),
        *([] if left else [" ", (f"Nothing due is left{where}{days}.", "green")]),
    )


def _stay(session: Session, loaded: Loaded, done: Applied) -> None:
    """What the plan froze and this apply did not do, and why, as far as it is known."""
    from ombud.app.words import count

    for name, each in done.sources.items():
        for table, number in each.stayed_before.items():
            stay = f"{count(number, 'row or cell', 'rows and cells')} {'stays' if number == 1 else 'stay'}"
            why = f"an earlier run of this plan found {'it' if number == 1 else 'them'} not due any more"
            session.speaker.line(f"{name}.{table}: {stay}: {why}.")
        for table, kept in each.stay.items():
            cells = sum(kept.blanked.values())
            what = [count(kept.deleted, "row")] if kept.deleted else []
            what += [count(cells, "cell")] if cells else []
            verb = "stays" if kept.deleted + cells == 1 else "stay"
            why = "held by a mark set since the plan, or changed" if each.marked else "changed since the plan"
            if each.unasked:
                why += ", or not known, as another source could not be asked"
            if each.refused:
                why += ", or rows that the database refused lean on it"
            if not loaded.datamap.sources[name].tables[table].key and done.plan.day != loaded.today():
                why = "rows without a key go only on the day of their plan"
            session.speaker.line(f"{name}.{table}: {', '.join(what)} {verb}: {why}.")
