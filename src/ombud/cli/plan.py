"""`ombud plan`: what is due, frozen inside each source, and how much it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, day, options

if TYPE_CHECKING:
    from ombud.app.loaded import Loaded
    from ombud.engine.plans import Plan


@click.command()
@options
@click.option("--on", callback=day, metavar="DATE", help="For another day: a forecast, to be read and not applied.")
@click.option("--source", "sources", multiple=True, metavar="S", help="Only this source; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Where to write the plan.")
def plan(session: Session, on: date | None, sources: tuple[str, ...], out: Path | None) -> int:
    """Find out what is due, freeze it inside each source, and write a plan with the counts.

    Nothing is changed before `ombud apply`. The file holds counts and hashes, no personal data.

    \b
    Examples:
      ombud plan --out today.json
      ombud plan --source crm
      ombud plan --on 2027-06-30
    """
    from ombud.app.planning import plan as make
    from ombud.engine.plans import written

    say, loaded = session.speaker, session.loaded()
    with say.progress() as bar:
        task = bar.add_task("reading", total=len(sources) or len(loaded.datamap.sources))

        def note(what: str) -> None:
            bar.update(task, description=what, advance=1)

        made = make(loaded, sources, on, note)
    say.findings(made.findings)
    show(session, loaded, made.plan)
    path = out or (session.directory / f"plan-{made.plan.id}.json" if _to_do(made.plan) else None)
    if path is not None:
        path.write_text(written(made.plan), encoding="utf-8")
        _next(session, made.plan, path)
    say.answer({"plan": str(path) if path else None, "findings": say.told(made.findings), **_told(made.plan)})
    return 0 if made.complete else 1


def show(session: Session, loaded: Loaded, plan: Plan) -> None:
    """What is due, by table, and which purposes held it until then."""
    from ombud.app.words import count, purposes_of

    say = session.speaker
    sort = "Forecast for" if plan.forecast else f"Plan {plan.id} for"
    say.line((f"{sort} {plan.day.isoformat()}", "bold"))
    rows, reasons = [], {}
    for name, source in plan.sources.items():
        for table, due in source.tables.items():
            if not (due.touched or due.shells):
                continue
            cells = sum(due.blanked.values())
            rows.append(
                (
                    f"{name}.{table}",
                    f"{due.rows:,}",
                    _or(due.deleted),
                    _or(cells),
                    _or(due.shells),
                    f"{due.share:.0f} %",
                )
            )
            for purpose, how_long in purposes_of(loaded.policy, loaded.datamap.sources[name], table):
                reasons[purpose] = how_long
    if rows:
        heads = ("table", "rows", "rows that go", "cells blanked", "shells", "touched")
        say.table(heads, rows, right=range(1, 6))
        say.line()
        say.table(("purposes that held something there", "for how long"), sorted(reasons.items()))
    due_rows = sum(t.deleted for s in plan.sources.values() for t in s.tables.values())
    cells = sum(sum(t.blanked.values()) for s in plan.sources.values() for t in s.tables.values())
    say.line()
    say.line(*_sum(plan, count(due_rows, "row"), count(cells, "cell"), bool(rows)))


def _sum(plan: Plan, rows: str, cells: str, due: bool) -> tuple[object | tuple[object, str], ...]:
    """What is due, said only of what was looked at."""
    refused = [name for name, source in plan.sources.items() if source.refused]
    looked = [name for name in plan.sources if name not in refused]
    unseen = f"{', '.join(refused)} could not be looked at"
    if due:
        return (f"{rows} and {cells} are due", "bold"), f", and {unseen}" if refused else "", "."
    if not looked:
        return (f"It is not known what is due: {unseen}.", "bold"), ""
    return ("Nothing is due" + (f" in {', '.join(looked)}; {unseen}" if refused else ""), "bold"), "."


def _to_do(plan: Plan) -> bool:
    """Whether there is anything to apply."""
    return not plan.forecast and any(t.touched for source in plan.sources.values() for t in source.tables.values())


def _next(session: Session, plan: Plan, path: Path) -> None:
    say = session.speaker
    if not _to_do(plan):
        say.line((f"Written to {path.name}; there is nothing to apply.", "dim"))
        return
    above = [f"{s}.{t}" for s, source in plan.sources.items() for t, d in source.tables.items() if d.share > plan.share]
    if above:
        some = ", ".join(above[:4]) + (f" and {len(above) - 4} more" if len(above) > 4 else "")
        say.line((f"More than {plan.share} % of {some} is touched: that has to be allowed.", "yellow"))
    say.line("Next: ", (f"ombud apply {path.name}{' --allow' if above else ''}", "bold"))


def _told(plan: Plan) -> dict[str, object]:
    return {
        "id": plan.id,
        "day": plan.day.isoformat(),
        "forecast": plan.forecast,
        "sources": {
            name: {
                "refused": list(source.refused),
                "tables": {
                    table: {
                        "rows": due.rows, "deleted": due.deleted, "shells": due.shells, "blanked": dict(due.blanked),
                        "touched": due.touched,
                    }
                    for table, due in source.tables.items()
                },
            }
            for name, source in plan.sources.items()
        },
    }  # fmt: skip


def _or(number: int) -> str:
    return f"{number:,}" if number else "·"
