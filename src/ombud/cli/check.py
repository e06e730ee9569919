"""`ombud check`: what is wrong or doubtful in a project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, day, options

if TYPE_CHECKING:
    from ombud.app.checking import Live
    from ombud.app.indexing import Advice
    from ombud.app.loaded import Loaded
    from ombud.app.untitled import Untitled
    from ombud.terms import Finding


@click.command()
@options
@click.option("--live", is_flag=True, help="Also compare the maps with the databases, which are only read.")
@click.option("--indexes", is_flag=True, help="With --live: which indexes would help a sweep, and what each costs.")
@click.option("--on", callback=day, metavar="DATE", help="As of another day.")
@click.option("--company", metavar="C", help="Only what concerns this company: its own file, and the group's.")
@click.option("--all", "everything", is_flag=True, help="Also list what the policy accepts, and what patterns swallow.")
@click.option("--draw", type=click.Path(path_type=Path, file_okay=False), help="Draw each map, as SVG and Mermaid.")
@click.option(
    "--sarif", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Also write SARIF 2.1.0."
)
@click.option(
    "--comment",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write Markdown, for a comment.",
)
@click.option("--strict", is_flag=True, help="Warnings count as findings: exit 1.")
def check(
    session: Session,
    live: bool,
    indexes: bool,
    on: date | None,
    company: str | None,
    everything: bool,
    draw: Path | None,
    sarif: Path | None,
    comment: Path | None,
    strict: bool,
) -> int:
    """Read the policy and the data maps, and say what is wrong or doubtful.

    Needs no database unless asked to compare with them.

    \b
    Examples:
      ombud check
      ombud check --live
      ombud check --live --indexes
      ombud check --live --draw pictures
      ombud check --live --sarif ombud.sarif --comment ombud.md
      ombud check --on 2027-06-30 --company konsult --format json
    """
    from ombud.app import consenting, drawing, indexing
    from ombud.app.checking import Live, concerning, look, overdue_reviews
    from ombud.app.loaded import Refused
    from ombud.app.untitled import untitled
    from ombud.cli.check_files import compared, refuse_others, write
    from ombud.terms import Level

    say = session.speaker
    refuse_others(sarif, comment)
    if indexes and not live:
        raise click.UsageError("--indexes looks at the databases: say --live as well")
    try:
        loaded = session.loaded(all_findings=True)
    except Refused as refusal:
        written = write(session, refusal.findings, sarif, comment, "No database was looked at.")
        return _unread(session, refusal.findings, live, everything, written)
    seen, sources = look(loaded) if live else Live(), loaded.datamap.sources
    late = overdue_reviews(loaded, on or loaded.today())
    found = concerning(loaded, company, (*loaded.findings, *consenting.texts(loaded)[1], *late, *seen.findings))
    shown = [f for f in found if everything or f.level is not Level.ACCEPTED]
    say.findings(shown)
    counts = {level: sum(f.level is level for f in found) for level in Level}
    if everything:
        _swallowed(session, seen)
    lacking = untitled(loaded.policy, ((name, t) for name, of in sources.items() for t in of.tables.values()))
    _call_them(session, lacking, everything=everything)
    _sum_up(
        session,
        loaded,
        company,
        seen if live else None,
        counts[Level.ERROR],
        counts[Level.WARNING],
        counts[Level.ACCEPTED],
    )
    advised = [*indexing.advised(loaded)] if indexes else []
    _advise(session, advised, asked=indexes)
    drawn = [] if draw is None else drawing.draw(loaded, found, seen.unmapped, draw)
    if drawn:
        say.line(f"Drawn: {', '.join(path.name for path in drawn)} in {draw}; in red what is wrong or doubtful.")
    written = write(session, found, sarif, comment, compared(loaded, seen if live else None))
    say.answer(
        {
            "findings": say.told(found),
            "drawn": [str(path) for path in drawn],
            "written": written,
            "errors": counts[Level.ERROR],
            "warnings": counts[Level.WARNING],
            "accepted": counts[Level.ACCEPTED],
            "untitled": lacking,
            "swallowed": seen.swallowed,
            "unseen": seen.unseen,
            **({"indexes": [asdict(each) for each in advised]} if indexes else {}),
        }
    )
    return 1 if counts[Level.ERROR] or (strict and counts[Level.WARNING]) else 0


def _unread(session: Session, found: Sequence[Finding], live: bool, everything: bool, written: Sequence[str]) -> int:
    """What to say of files that cannot be used: what is wrong in them, and that nothing else was looked at."""
    from ombud.terms import Level

    say = session.speaker
    say.findings(f for f in found if everything or f.level is not Level.ACCEPTED)
    errors, warnings = (sum(f.level is level for f in found) for level in (Level.ERROR, Level.WARNING))
    say.line(
        (_n(errors, "error"), "bold red"), ", ", _n(warnings, "warning"), ".",
        " No database was looked at: first mend the files." if live else "",
    )  # fmt: skip
    say.answer({"findings": say.told(found), "written": written, "errors": errors, "warnings": warnings})
    return 1


def _advise(session: Session, advised: Sequence[Advice], *, asked: bool) -> None:
    say = session.speaker
    if asked and not advised:
        say.line("No index is missing.")
    if advised:
        say.line("Indexes that would help. None is made; each takes room, and some time whenever a row is written:")
    for each in advised:
        size = f"up to {each.bytes / 1e6:,.1f} MB" if each.bytes >= 50_000 else "less than 0.1 MB"
        say.line(f"  {each.statement};")
        say.line((f"    {each.source}.{each.table}, {_n(each.rows, 'row')}, {size}: {each.why}", "dim"))


def _call_them(session: Session, lacking: Untitled, *, everything: bool) -> None:
    """Advice: which columns letters call by the name that the database has for them."""
    names = [f"{source}.{table}.{each}" for source, of in lacking.items() for table, own in of.items() for each in own]
    if names:
        some = names if everything else names[:6]
        more = "" if len(some) == len(names) else f", and {len(names) - len(some)} more (--all)"
        said = f"{_n(len(names), 'column')} of persons' data without a title, called by its name in letters: "
        session.speaker.line((f"Advice: {said}{', '.join(some)}{more}. Say `titles` in the map.", "dim"))


def _swallowed(session: Session, seen: Live) -> None:
    for source, patterns in seen.swallowed.items():
        for pattern, names in patterns.items():
            some = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
            session.speaker.line(f"{source}: not_personal {pattern} takes out {len(names)}: {some or 'nothing'}")


def _sum_up(
    session: Session, loaded: Loaded, company: str | None, seen: Live | None, errors: int, warnings: int, accepted: int
) -> None:
    policy = loaded.policy
    purposes = {p for c, own in policy.purposes.items() if company in (None, c) for p in own}
    tables = sum(len(source.tables) for source in loaded.datamap.sources.values())
    companies = 1 if company else len(policy.companies)
    say = session.speaker
    say.line(
        _n(companies, "company", "companies"), ", ", _n(len(purposes), "purpose"), ", ",
        _n(len(loaded.datamap.sources), "source"), ", ", _n(tables, "table"),
        _databases(loaded, seen), ": ",
        (_n(errors, "error"), "bold red") if errors else ("no errors", "green"),
        ", ", _n(warnings, "warning"), f", {accepted} accepted" if accepted else "", ".",
    )  # fmt: skip
    for name, schemas in (seen.schemas if seen else {}).items():
        if schemas not in ((), ("public",)):
            say.line(f"{name}: looked at the tables of {', '.join(schemas)}.")
    if seen is not None and seen.unseen:
        say.line((f"Not looked at: {', '.join(seen.unseen)}.", "bold red"))
    if seen is None and not errors:
        live, plan = session.typed("check", "--live"), session.typed("plan")
        say.line((f"Next: {live} compares with the databases; {plan} shows what is due.", "dim"))


def _databases(loaded: Loaded, seen: Live | None) -> str:
    """That the databases were looked at, as far as they were."""
    if seen is None or len(seen.unseen) == len(loaded.datamap.sources):
        return ""
    looked = [name for name in loaded.datamap.sources if name not in seen.unseen]
    return (
        f" and the {'database' if len(looked) == 1 else 'databases'} of {', '.join(looked)}"
        if seen.unseen
        else " and their databases"
    )


def _n(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
