"""`ombud mark`: what a person said, or what the law says about them, from a day on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, options
from ombud.cli.command import day as calendar_day
from ombud.cli.mark_list import list_marks
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
@click.option("--every-purpose", is_flag=True, help="End all, also what stays at a request for erasure.")
@click.option("--company", metavar="C", help="Only this company; all of them otherwise.")
@click.option("--day", callback=calendar_day, metavar="DATE", help="From which day it counts; today otherwise.")
@click.option("--ground", default="", metavar="TEXT", help="Why, or the case's number. No personal data.")
@click.option("--dry-run", is_flag=True, help="Say whom it would reach, and write nothing.")
@click.option("--deliver", is_flag=True, help="Only have the sources acknowledge the marks they have not.")
@click.option("--list", "listing", is_flag=True, help="Only list the marks, and which are undone. Writes nothing.")
def mark(
    session: Session,
    act: str | None,
    subjects: tuple[str, ...],
    purpose: str | None,
    every_purpose: bool,
    company: str | None,
    day: date | None,
    ground: str,
    dry_run: bool,
    deliver: bool,
    listing: bool,
) -> int:
    """Write down a consent, an objection, an end, a restriction or a hold, and have every source acknowledge it.

    Of each pair below, the latest counts for whom, which purpose and which company both name. What follows from it is
    done by the next plan; a batch that is running respects it too.

    \b
    ACT is one of
      consented   said yes; what rests on consent may be kept       undone by withdrawn
      withdrawn   took it back; what only consent held is due       undone by consented
      objected    to direct marketing: due after the policy's undo  undone by overridden
                  days; to other interests: kept until decided
      overridden  the objection was weighed, and does not hold      undone by objected
      ended       claims on rows born until then are over; needs    undone by resumed
                  a --ground, such as 'Art. 17(1)(b)'
      resumed     they are not over after all                       undone by ended
      restricted  stored and not used; nothing of it is deleted     undone by lifted
      lifted      the restriction is over                           undone by restricted
      held        nothing is deleted, whatever else is true         undone by released
      released    the hold is over                                  undone by held

    \b
    Examples:
      ombud mark held --subject email=astrid@kviststrand.example --ground "case 2026-17" --dry-run
      ombud mark objected --subject email=bo@lindnas.example --purpose marketing
      ombud mark --deliver
      ombud mark --list --format json
    """
    from ombud.app import consequences, marking, naming

    alone = deliver + listing
    if alone + (act is not None) != 1 or bool(subjects) != (act is not None):
        raise click.UsageError("say an ACT and --subject, such as: held --subject email=…; or --deliver, or --list")
    say, loaded = session.speaker, session.loaded()
    if listing:
        return list_marks(session, loaded)
    if act is None:
        acknowledged, findings = marking.deliver(loaded)
        say.findings(findings)
        _acknowledged(session, acknowledged)
        say.answer({"acknowledged": acknowledged, "findings": say.told(findings)})
        return 1 if findings else 0
    wish = marking.Wish(Act(act), subjects, purpose, company, day, ground, every_purpose)
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
            "without_effect_on": [naming.said(ref, loaded.datamap) for ref in made.without_effect_on],
            "by_row_alone": consequences.by_row_alone(loaded, made.mark) is not None,
            "reaches_nobody": made.reaches_nobody,
            "undoes": list(made.undoes),
            "ends_what_stays": list(consequences.ends_what_stays(loaded, made.mark)),
            "acknowledged": made.acknowledged,
            "findings": say.told(made.findings),
        }
    )
    return 1 if made.findings else 0


def show(session: Session, loaded: Loaded, made: Marked, *, dry_run: bool) -> None:
    """The mark, whom it names and whom not, who has acknowledged it, and what follows from it."""
    from ombud.app import consequences, naming
    from ombud.app.words import count
    from ombud.terms import IdRef

    say, mark = session.speaker, made.mark
    stops = consequences.stops(loaded, mark)
    head = "Would mark" if dry_run else f"Mark {mark.seq}:"
    about = f" {mark.purpose or 'for all purposes'}, {mark.company or 'in all companies'}, from {mark.day.isoformat()}"
    say.line((f"{head} {mark.act.value}", "bold"), about, f", because of {mark.ground}" if mark.ground else "", ".")
    for ref in sorted(mark.refs, key=lambda ref: (isinstance(ref, IdRef), repr(ref))):
        say.line("it names ", naming.said(ref, loaded.datamap), indent=2)
    for ref in made.perhaps:
        say.line(
            ("not " if ref in made.without_effect_on else "perhaps ", "yellow"),
            naming.said(ref, loaded.datamap),
            ": others there have the same identifier",
            indent=2,
        )
    if made.without_effect_on:
        how = f": {_whoever(made, loaded)}. What ends claims must be certain of whom it ends."
        say.line(("It ends nothing for them", "bold yellow"), how)
    if staying := consequences.ends_what_stays(loaded, mark):
        how = "." if mark.purpose else ". Where not all is meant, say which: --purpose. Where it is: --every-purpose."
        stays = "It ends what stays, or is weighed, at a request for erasure"
        say.line((stays, "bold yellow"), f": {', '.join(staying)}{how}")
    if made.reaches_nobody:
        _nobody(session, loaded, mark)
    elif made.carriers and not any(isinstance(ref, KeyRef) for ref in mark.refs) and not made.perhaps:
        rows = count(made.carriers, "row")
        say.line((f"No source has a person of this identifier; it reaches what carries it: {rows}.", "dim"), indent=2)
    _undoes(session, made)
    _elsewhere(session, mark, consequences.by_row_alone(loaded, mark))
    if not dry_run:
        _acknowledged(session, dict(made.acknowledged))
    if stops is not None:
        purposes, gone = stops
        wait = count((gone - mark.day).days - 1, "day")
        stop = f"For {', '.join(sorted(purposes))}, all use must stop at once."
        if any(isinstance(ref, KeyRef) for ref in mark.refs) or made.apart or not made.perhaps:
            stop += f" After {wait}, from {gone.isoformat()}, the data that nothing else holds is due"
            stop += ", unless the objection is overridden before."
        if made.perhaps:
            whose = "Nothing of theirs" if len(mark.refs) == 1 else "Nothing of those it only may mean"
            stop += f" {whose} is deleted: {_whoever(made, loaded)}."
        say.line(stop)
    if made.acknowledged and not made.ends_nothing:
        counts = stops[1] if stops else mark.day
        when = ("--on", counts.isoformat()) if counts > loaded.today() else ()
        say.line((f"Next: {session.typed('plan', *when)} shows what follows from it.", "dim"))


def _whoever(made: Marked, loaded: Loaded) -> str:
    """How to name one of those who share an identifier."""
    from ombud.app.naming import written_row

    return f"name the row of whoever is meant, --subject {written_row(loaded.datamap, made.perhaps[0])}"


UNDOES = {
    Act.RELEASED: "held",
    Act.LIFTED: "restricted",
    Act.OVERRIDDEN: "objected to",
    Act.RESUMED: "ended",
}
"""What each act undoes that only a mark can have done; consent may also stand in the sources' columns."""


def _nobody(session: Session, loaded: Loaded, mark: Mark) -> None:
    """That a mark finds nobody, which may be a slip; what to look at."""
    from ombud.app.unsearched import unsearched
    from ombud.cli.explain import show_unsearched

    session.speaker.line(
        ("Nobody is found: ", "bold yellow"),
        "no row of any source is reached by this mark today. It counts for whoever appears with this "
        "identifier later. Check how the identifier is written, and whether another of theirs is known: "
        "ombud explain --subject shows what is found.",
    )
    show_unsearched(session, unsearched(loaded.datamap))


def _undoes(session: Session, made: Marked) -> None:
    """Which marks this one undoes, or that there is none of them."""
    done = UNDOES.get(made.mark.act)
    if made.undoes:
        numbers = ", ".join(map(str, made.undoes))
        session.speaker.line(f"It undoes mark {numbers}, wholly or in part: ombud mark --list", indent=2)
    elif done is not None:
        session.speaker.line(
            (f"Nothing was {done}: ", "bold yellow"),
            "no mark in force names whom this one names, for this purpose and company. See: ombud mark --list",
        )


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
        f"what other databases, or other rows of {sources}, keep about the same person is not reached by it. ",
        f"If it is to be, {way}.",
    )


def _acknowledged(session: Session, acknowledged: object) -> None:
    names = list(acknowledged) if isinstance(acknowledged, dict) else []
    if names:
        session.speaker.line(("Acknowledged by ", "green"), ", ".join(names), ".")
