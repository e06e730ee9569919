"""`ombud demo`: a group with six databases, from what is overdue to nothing due is left."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, day, options

if TYPE_CHECKING:
    from ombud.app.planning import Planned

PERSON = "email=astrid@kviststrand.example"


@click.command()
@options
@click.option(
    "--dir", "target", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Where to make it."
)
@click.option("--on", callback=day, metavar="DATE", help="Build and sweep as if it were this day.")
@click.option("--no-apply", is_flag=True, help="Only show what is overdue, and leave deleting it to you.")
@click.option(
    "--no-serve",
    is_flag=True,
    hidden=True,
    expose_value=False,
    help="Only what is said here; there is nothing to serve yet.",
)
def demo(session: Session, target: Path | None, on: date | None, *, no_apply: bool) -> int:
    """Build an example group with six databases of invented people, and make it keep its policy.

    Shows what is overdue and why, deletes it, explains what is left of one person, and that nothing due is left. The
    directory is then a project of its own, in which every command runs.

    \b
    Examples:
      ombud demo --dir tryout
      ombud demo --dir tryout --no-apply
    """
    from ombud.app.applying import apply as carry_out
    from ombud.app.example import lay_out
    from ombud.app.explaining import person
    from ombud.app.loaded import Refused, load
    from ombud.app.planning import plan as make
    from ombud.app.words import count
    from ombud.cli.apply import show as show_applied
    from ombud.cli.explain import show_person
    from ombud.cli.plan import show as show_plan
    from ombud.engine.plans import written

    say = session.speaker
    around = session.around
    if on is not None:
        noon = datetime.combine(on, time(12), UTC)
        around = replace(around, now=lambda: noon)
    directory = target or Path(tempfile.mkdtemp(prefix="ombud-demo-"))
    today = on or around.now().date()
    session = Session(directory, say, around)
    say.project = directory

    _step(session, f"An invented group, in {shown(directory)}")
    lay_out(directory, today)
    loaded, findings = load(directory, around)
    if loaded is None:
        raise Refused(*findings)
    tables = sum(len(source.tables) for source in loaded.datamap.sources.values())
    say.line(
        f"{loaded.policy.group}: {count(len(loaded.policy.companies), 'company', 'companies')}, one privacy policy, "
        f"{count(len(loaded.datamap.sources), 'database')} with {count(tables, 'table')} of invented people."
    )

    _step(session, "What is overdue, and what held it until then", "ombud plan")
    made = make(loaded, (), None, lambda _: None)
    path = directory / f"plan-{made.plan.id}.json"
    path.write_text(written(made.plan), encoding="utf-8")
    say.findings(made.findings)
    show_plan(session, loaded, made)
    program = itself(directory, Path(sys.argv[0]).absolute(), around.environ.get("PATH", ""))
    if no_apply:
        say.line()
        do = f"cd {shown(directory)} && {program} apply {path.name} --allow"
        say.line("Nothing was deleted. Do it: ", (do, "bold"))
        due = _touched(made)
        say.answer(
            {"directory": str(directory), "plan": made.plan.id, "left": due, "findings": say.told(made.findings)}
        )
        return 0 if made.complete else 1

    _step(session, "Doing it", f"ombud apply {path.name} --allow")
    say.line("A plan that touches more than 20 % of a table has to be allowed. On a first day, that is so.")
    done = carry_out(loaded, path, allow=True, progress=lambda *_: None)
    say.findings(done.findings)
    show_applied(session, loaded, done)

    _step(session, "What is left of one person, and why", f"ombud explain --subject {PERSON}")
    say.line("Astrid left a year ago yesterday: her invoice must stay, and she still wants the newsletter.")
    say.line()
    found = person(loaded, [PERSON], None)
    show_person(session, loaded.policy, found, show=False)

    _step(session, "Looking again", "ombud plan")
    again = make(loaded, (), None, lambda _: None)
    show_plan(session, loaded, again)
    left = _touched(again)
    say.line()
    say.line("Yours now: ", (f"cd {shown(directory)} && {program} check --live", "bold"))
    say.answer({"directory": str(directory), "plan": made.plan.id, "left": left, "findings": say.told(done.findings)})
    return 0 if made.complete and done.complete and again.complete and not left else 1


def _step(session: Session, title: str, command: str = "") -> None:
    say = session.speaker
    say.line()
    say.line(("━━ ", "dim"), (title, "bold"), (f"   $ {command}" if command else "", "dim"))
    say.line()


def _touched(made: Planned) -> int:
    return sum(table.touched for source in made.plan.sources.values() for table in source.tables.values())


def itself(directory: Path, running: Path, path: str) -> str:
    """The running program as a shell in that directory finds it: its name if on the path, else where it is."""
    named = shutil.which("ombud", path=path)
    if running.name != "ombud" or (named is not None and Path(named).resolve() == running.resolve()):
        return "ombud"
    near = os.path.relpath(running, directory)
    return shlex.quote(str(running) if near.startswith("../../..") else near)


def shown(directory: Path) -> str:
    """The directory as a shell takes it, from here if it is below."""
    near = os.path.relpath(directory)
    return shlex.quote(str(directory) if near.startswith("..") else near)
