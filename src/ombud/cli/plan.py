"""`ombud plan`: what is due, frozen inside each source, and how much it is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, day, options

if TYPE_CHECKING:
    from ombud.app.listing import DueRow, Listed
    from ombud.app.loaded import Loaded
    from ombud.app.planning import Planned
    from ombud.engine.plans import Plan


@click.command()
@options
@click.option("--on", callback=day, metavar="DATE", help="For another day: a forecast, to be read and not applied.")
@click.option("--source", "sources", multiple=True, metavar="S", help="Only this source; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Where to write the plan.")
@click.option("--daily", is_flag=True, help="Only what days have brought about since each source was last swept clean.")
@click.option(
    "--rows", "tables", multiple=True, metavar="TABLE", help="List the keys that are due in it; may be repeated."
)
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="How many keys of a table."
)
def plan(
    session: Session,
    on: date | None,
    sources: tuple[str, ...],
    out: Path | None,
    tables: tuple[str, ...],
    limit: int,
    *,
    daily: bool,
) -> int:
    """Find out what is due, freeze it inside each source, and write a plan with the counts.

    Nothing is changed before `ombud apply`. The file holds counts and hashes, no personal data; keys that --rows lists
    are shown here alone.

    --daily looks at rows whose days crossed what the policy asks since nothing due was left, and at what these judge.
    What was written or deleted meanwhile it does not see; it looks at everything again after the policy's `reconcile`
    days, and whenever policy, map, schema or marks are others.

    \b
    Examples:
      ombud plan --out today.json
      ombud plan --daily
      ombud plan --source crm --rows crm.customer --limit 100
      ombud plan --on 2027-06-30
    """
    from ombud.app.listing import wanted
    from ombud.app.planning import plan as make
    from ombud.engine.plans import written

    if daily and on is not None:
        raise click.UsageError("--daily is about today; a forecast (--on) looks at everything")
    say, loaded = session.speaker, session.loaded()
    rows = wanted(loaded, sources, tables, limit)
    with say.progress() as bar:
        task = bar.add_task("reading", total=len(sources) or len(loaded.datamap.sources))

        def note(what: str) -> None:
            bar.update(task, description=what, advance=1)

        made = make(loaded, sources, on, note, rows, daily=daily)
    path = out or (session.directory / f"plan-{made.plan.id}.json" if _to_do(made.plan) else None)
    if path is not None:  # before anything is said: what is frozen has its file, though nobody listens any more
        path.write_text(written(made.plan), encoding="utf-8")
    say.findings(made.findings)
    show(session, loaded, made)
    show_rows(session, made)
    if path is not None:
        _next(session, made.plan, path)
    say.answer({"plan": str(path) if path else None, "findings": say.told(made.findings), **_told(made)})
    return 0 if made.complete else 1


def show(session: Session, loaded: Loaded, made: Planned) -> None:
    """What is due, by table, and why; and what stays because something is not known."""
    from ombud.app.words import count

    say, plan = session.speaker, made.plan
    sort = "Forecast for" if plan.forecast else f"Plan {plan.id} for"
    say.line((f"{sort} {plan.day.isoformat()}", "bold"))
    rows = [
        (f"{name}.{table}", f"{due.rows:,}", _or(due.deleted), _or(sum(due.blanked.values())), _or(due.shells),
         f"{due.share:.0f} %")
        for name, source in plan.sources.items()
        for table, due in source.tables.items()
        if due.touched
    ]  # fmt: skip
    if rows:
        heads = ("table", "rows", "rows that go", "cells blanked", "shells", "touched")
        say.table(heads, rows, right=range(1, 6))
        say.line()
        _why(session, made)
        _periods(session, loaded, made)
    _since(session, loaded, made)
    _shells(session, made)
    _doubt(session, made)
    deleted = sum(t.deleted for s in plan.sources.values() for t in s.tables.values())
    cells = sum(sum(t.blanked.values()) for s in plan.sources.values() for t in s.tables.values())
    say.line()
    everything = plan.sources.keys() == loaded.datamap.sources.keys()
    if made.replaced:
        say.line(f"It takes the place of {', '.join(made.replaced)}, which can be applied no more.")
    say.line(
        *_sum(
            plan,
            count(deleted, "row"),
            count(cells, "cell"),
            due=bool(rows),
            everything=everything,
            days=any(since for since, _ in made.since.values()),
        )
    )


def _since(session: Session, loaded: Loaded, made: Planned) -> None:
    """From which day a daily plan looked at each source, or why at everything."""
    for name, (since, why) in made.since.items():
        said = (
            f"what days have brought about since {since}, when nothing due was left" if since else f"everything: {why}"
        )
        session.speaker.line(f"{name}: looked at {said}.")
    if any(since for since, _ in made.since.values()):
        days, plan = loaded.policy.reconcile, session.typed("plan")
        session.speaker.line(f"What was written since is looked at every {days} days; {plan} does it now.")


def _why(session: Session, made: Planned) -> None:
    """By table: which purposes' claims are over, by what, in how many of the rows that are due."""
    from rich.text import Text

    lines: list[tuple[object, ...]] = []
    for (source, table), found in made.reasons.items():
        if found.ended:
            lines.append((Text(f"{source}.{table}", "bold"), "", ""))
        before = ""
        for reason in found.ended:
            lines.append(("  " + ("" if reason.purpose == before else reason.purpose), f"{reason.rows:,}", reason.why))
            before = reason.purpose
    session.speaker.table(("due, and no longer held for", "rows", "because"), lines, right=(1,), whole=(0,))
    session.speaker.line()


def _periods(session: Session, loaded: Loaded, made: Planned) -> None:
    """How long the policy lets each of these purposes hold."""
    from ombud.app.words import periods

    purposes = dict.fromkeys(reason.purpose for found in made.reasons.values() for reason in found.ended)
    lines = []
    for purpose in sorted(purposes):
        said = periods(loaded.policy, purpose)
        for n, (period, companies) in enumerate(said.items()):
            of = f" ({', '.join(companies)})" if len(said) > 1 else ""
            lines.append((purpose if n == 0 else "", f"{period}{of}"))
    session.speaker.table(("purpose", "held for how long"), lines)


def _shells(session: Session, made: Planned) -> None:
    """Dead rows that stay because other rows need them, and have nothing more to lose: nothing of them is due."""
    from ombud.app.words import count

    for (source, table), found in made.shells.items():
        for number, what in ((found.empty, "empty shell"), (found.holding, "shell")):
            if number:
                one = number == 1
                stay = f"{source}.{table}: {count(number, what)} {'stays' if one else 'stay'}"
                held = f", and still {'holds' if one else 'hold'} {', '.join(found.held)} until the row goes"
                kept = f", kept by {', '.join(found.kept_by) or 'other rows'}"
                session.speaker.line(f"{stay}{kept}{held if what == 'shell' else ''}.")


def _doubt(session: Session, made: Planned) -> None:
    """What stays although it may be due: first mend the data, or the map."""
    lines = [
        (f"{source}.{table}", f"{doubt.rows:,}", doubt.why)
        for (source, table), found in made.reasons.items()
        for doubt in found.doubt
    ]
    if lines:
        session.speaker.line()
        session.speaker.table(("stay in doubt", "rows", "because"), lines, right=(1,), whole=(0,))


def show_rows(session: Session, made: Planned) -> None:
    """The keys that were asked for, as `ombud explain` takes them."""
    for (source, table), listed in made.listed.items():
        session.speaker.line()
        if not listed.total:
            session.speaker.line(f"No row of {source}.{table} is due.")
            continue
        lines = [(f"{source}/{table}/{row.key}", _fate(row)) for row in listed.rows]
        session.speaker.table(("row", "what happens to it"), lines)
        if listed.total > len(listed.rows):
            more = listed.total - len(listed.rows)
            session.speaker.line((f"and {more:,} more: --limit {listed.total} lists them all", "dim"))


def _fate(row: DueRow) -> str:
    lost = f"loses {', '.join(row.blanked)}" if row.blanked else ""
    if row.goes:
        return "goes"
    return f"stays as a shell{', and ' if lost else ''}{lost}" if row.shell else lost


def _sum(
    plan: Plan, rows: str, cells: str, *, due: bool, everything: bool, days: bool
) -> tuple[object | tuple[object, str], ...]:
    """What is due, said only of what was looked at."""
    refused = [name for name, source in plan.sources.items() if source.refused]
    looked = [name for name in plan.sources if name not in refused]
    unseen = f"{', '.join(refused)} could not be looked at"
    where = f" in {', '.join(looked)}" if refused or not everything else ""
    rest = f"; {unseen}" if refused else ""
    if due:
        return (f"{rows} and {cells} are due{where}", "bold"), f"{rest}."
    if not looked:
        return (f"It is not known what is due: {unseen}.", "bold"), ""
    by = " of what days have brought about" if days else ""
    return (f"Nothing{by} is due{where}", "bold"), f"{rest}."


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
    say.line("Next: ", (session.typed("apply", path, *(["--allow"] if above else [])), "bold"))


def _told(made: Planned) -> dict[str, object]:
    from ombud.app.shells import Shells

    plan = made.plan
    return {
        "id": plan.id,
        "since": {name: {"day": str(day) if day else None, "because": why} for name, (day, why) in made.since.items()},
        "day": plan.day.isoformat(),
        "forecast": plan.forecast,
        "replaced": list(made.replaced),
        "sources": {
            name: {
                "refused": list(source.refused),
                "tables": {
                    table: {
                        "rows": due.rows, "deleted": due.deleted, "shells": due.shells, "blanked": dict(due.blanked),
                        "touched": due.touched,
                        "empty_shells": asdict(made.shells.get((name, table), Shells(0, ()))),
                        "because": [asdict(each) for each in made.reasons[name, table].ended],
                        "doubt": [asdict(each) for each in made.reasons[name, table].doubt],
                        **_told_rows(made.listed.get((name, table))),
                    }
                    for table, due in source.tables.items()
                },
            }
            for name, source in plan.sources.items()
        },
    }  # fmt: skip


def _told_rows(listed: Listed | None) -> dict[str, object]:
    if listed is None:
        return {}
    return {
        "due": [{"key": row.key, "goes": row.goes, "shell": row.shell, "blanked": row.blanked} for row in listed.rows]
    }


def _or(number: int) -> str:
    return f"{number:,}" if number else "·"
