"""`ombud mark`: what a person said, or what the law says about them, from a day on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, options
from ombud.cli.command import day as calendar_day
from ombud.terms import Act, KeyRef, Mark

if TYPE_CHECKING:
    from ombud.app.loaded import Loaded
    from ombud.app.marking import Marked


@click.command()
@options
@click.argument("act", required=False, type=click.Choice([act.value for act in Act]), metavar="[ACT]")
@click.option(
    "--subject", "subjects", multiple=True, metavar="WHO", help="email=… or crm/customer/17; may be repeated."
)
@click.option("--purpose", metavar="P", help="Only this purpose; all of them otherwise.")
@click.option("--company", metavar="C", help="Only this company; all of them otherwise.")
@click.option("--day", callback=calendar_day, metavar="DATE", help="From which day it counts; today otherwise.")
@click.option("--ground", default="", metavar="TEXT", help="Why, or the case's number. No personal data.")
@click.option("--dry-run", is_flag=True, help="Say whom it would reach, and write nothing.")
@click.option("--deliver", is_flag=True, help="Only have the sources acknowledge the marks they have not.")
def mark(
    session: Session,
    act: str | None,
    subjects: tuple[str, ...],
    purpose: str | None,
    company: str | None,
    day: date | None,
    ground: str,
    dry_run: bool,
    deliver: bool,
) -> int:
    """Write down a consent, an objection, an end, a restriction or a hold, and have every source acknowledge it.

    ACT is one of consented, withdrawn, objected, overridden, ended, resumed, restricted, lifted, held, released. The
    latest of its kind counts. What follows from it is done by the next plan; a batch that is running respects it too.

    \b
    Examples:
      ombud mark held --subject email=astrid@kviststrand.example --ground "case 2026-17" --dry-run
      ombud mark objected --subject email=bo@lindnas.example --purpose marketing
      ombud mark --deliver
    """
    from ombud.app import marking, naming

    if deliver == (act is not None) or (act is not None and not subjects):
        raise click.UsageError("say an ACT and --subject, such as: held --subject email=…; or --deliver alone")
    say, loaded = session.speaker, session.loaded()
    if act is None:
        acknowledged, findings = marking.deliver(loaded)
        say.findings(findings)
        _acknowledged(session, acknowledged)
        say.answer({"acknowledged": acknowledged, "findings": say.told(findings)})
        return 1 if findings else 0
    wish = marking.Wish(Act(act), subjects, purpose, company, day, ground)
    made = marking.mark(loaded, wish, dry_run=dry_run)
    say.findings(made.findings)
    show(session, loaded, made, dry_run=dry_run)
    named = [naming.said(ref, loaded.datamap) for ref in sorted(made.mark.refs, key=repr)]
    say.answer(
        {
            "mark": made.mark.seq or None,
            "act": made.mark.act.value,
            "day": made.mark.day.isoformat(),
            "names": named,
            "perhaps": [naming.said(ref, loaded.datamap) for ref in made.perhaps],
            "by_row_alone": marking.by_row_alone(loaded, made.mark) is not None,
            "acknowledged": made.acknowledged,
            "findings": say.told(made.findings),
        }
    )
    return 1 if made.findings else 0


def show(session: Session, loaded: Loaded, made: Marked, *, dry_run: bool) -> None:
    """The mark, whom it names and whom not, who has acknowledged it, and what follows from it."""
    from ombud.app import marking, naming
    from ombud.app.words import count
    from ombud.terms import IdRef

    say, mark = session.speaker, made.mark
    stops = marking.stops(loaded, mark)
    head = "Would mark" if dry_run else f"Mark {mark.seq}:"
    about = f" {mark.purpose or 'for all purposes'}, {mark.company or 'in all companies'}, from {mark.day.isoformat()}"
    say.line((f"{head} {mark.act.value}", "bold"), about, f", because of {mark.ground}" if mark.ground else "", ".")
    for ref in sorted(mark.refs, key=lambda ref: (isinstance(ref, IdRef), repr(ref))):
        say.line("it names ", naming.said(ref, loaded.datamap), indent=2)
    for ref in made.perhaps:
        say.line(
            ("perhaps ", "yellow"),
            naming.said(ref, loaded.datamap),
            ": others there have the same identifier",
            indent=2,
        )
    if not any(not isinstance(ref, IdRef) for ref in mark.refs) and not made.perhaps:
        say.line(("No source has a person with this identifier; rows that carry it are reached.", "dim"), indent=2)
    _elsewhere(session, mark, marking.by_row_alone(loaded, mark))
    if not dry_run:
        _acknowledged(session, dict(made.acknowledged))
    if stops is not None:
        purposes, gone = stops
        wait = count((gone - mark.day).days - 1, "day")
        say.line(
            f"For {', '.join(sorted(purposes))}, all use must stop at once. After {wait}, from {gone.isoformat()}, the "
            "data that nothing else holds is due, unless the objection is overridden before.",
        )
    if not dry_run:
        when = f" --on {stops[1].isoformat()}" if stops else ""
        say.line((f"Next: ombud plan{when} shows what follows from it.", "dim"))


def _elsewhere(session: Session, mark: Mark, kinds: tuple[str, ...] | None) -> None:
    """Of a mark by a row's key: whom it does not reach, and how to name them."""
    if kinds is None:
        return
    sources = ", ".join(sorted({ref.source for ref in mark.refs if isinstance(ref, KeyRef)}))
    hint = " ".join(f"--subject {kind}=…" for kind in kinds[:1])
    others = f" (or {', '.join(kinds[1:])})" if len(kinds) > 1 else ""
    way = f"name the person as well: {hint}{others}" if hint else "name each of their rows"
    session.speaker.line(
        ("Only there: ", "yellow"),
        f"what other databases, or other rows of {sources}, keep about the same person is not {mark.act.value}. ",
        f"If it is to be, {way}.",
    )


def _acknowledged(session: Session, acknowledged: object) -> None:
    names = list(acknowledged) if isinstance(acknowledged, dict) else []
    if names:
        session.speaker.line(("Acknowledged by ", "green"), ", ".join(names), ".")
