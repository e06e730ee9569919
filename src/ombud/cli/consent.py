"""`ombud consent`: recorded with the text that was shown, taken back with less, and shown as a record."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, options
from ombud.cli.command import day as calendar_day
from ombud.cli.mark import show as show_mark

if TYPE_CHECKING:
    from ombud.app.marking import Marked

WAYS = ("form", "paper", "phone", "email", "in_person", "portal")

subject = click.option(
    "--subject", "subjects", multiple=True, required=True, metavar="WHO", help="email=…, or a row; may be repeated."
)
purpose = click.option("--purpose", required=True, metavar="P", help="The purpose; it rests on consent.")
company = click.option("--company", metavar="C", help="Only this company; all that rest it on consent otherwise.")
how = click.option("--how", type=click.Choice(WAYS), default="form", show_default=True, help="By which way.")
when = click.option("--day", callback=calendar_day, metavar="DATE", help="The day it was said; today otherwise.")
dry = click.option("--dry-run", is_flag=True, help="Say whom it would reach, and write nothing.")


@click.group()
def consent() -> None:
    """Record consents with the text that was shown, before their first use; withdrawing asks for no more than giving.

    The texts are files of the policy: policy/consents/PURPOSE.VERSION.LANGUAGE.md.

    \b
    Examples:
      ombud consent give --purpose newsletter --text 1 --subject email=mona@ekanger.example
      ombud consent withdraw --purpose newsletter --subject email=mona@ekanger.example
      ombud consent show --subject email=mona@ekanger.example --format json
      ombud consent export --purpose newsletter --out -
    """


@consent.command()
@options
@purpose
@subject
@click.option("--text", "version", required=True, metavar="VERSION", help="The version of the text that was shown.")
@click.option("--language", default="sv", show_default=True, metavar="LANG", help="In which language it was shown.")
@how
@company
@when
@dry
def give(
    session: Session,
    purpose: str,
    subjects: tuple[str, ...],
    version: str,
    language: str,
    how: str,
    company: str | None,
    day: date | None,
    dry_run: bool,
) -> int:
    """Record that somebody said yes, and have every source acknowledge it; only then may it be used.

    An objection of theirs to the same purpose is overridden: they asked for it since.

    \b
    Example:
      ombud consent give --purpose newsletter --text 1 --language sv --how paper --subject email=mona@ekanger.example
    """
    from ombud.app.consenting import Giving, How
    from ombud.app.consenting import give as record

    giving = Giving(purpose, subjects, version, language, How(how), company, day)
    return _marked(session, record(session.loaded(), giving, dry_run=dry_run), dry_run=dry_run)


@consent.command()
@options
@purpose
@subject
@how
@company
@when
@dry
def withdraw(
    session: Session,
    purpose: str,
    subjects: tuple[str, ...],
    how: str,
    company: str | None,
    day: date | None,
    dry_run: bool,
) -> int:
    """Record that somebody took their consent back. What only consent held is due at the next plan.

    \b
    Example:
      ombud consent withdraw --purpose newsletter --subject email=mona@ekanger.example
    """
    from ombud.app.consenting import How, Taking
    from ombud.app.consenting import withdraw as record

    taking = Taking(purpose, subjects, How(how), company, day)
    return _marked(session, record(session.loaded(), taking, dry_run=dry_run), dry_run=dry_run)


@consent.command()
@options
@subject
@click.option("--purpose", metavar="P", help="Only this purpose.")
def show(session: Session, subjects: tuple[str, ...], purpose: str | None) -> int:
    """Show the consents that the register has of a person; as JSON, records with the fields of ISO/IEC TS 27560.

    \b
    Example:
      ombud consent show --subject email=mona@ekanger.example --format json
    """
    from ombud.app.consent_records import records
    from ombud.app.words import count

    found = records(session.loaded(), subjects, purpose)
    rows = [
        (
            each["pii_processing"]["purposes"][0]["purpose"],
            event["effective_from"],
            event["event_state"].removeprefix("dpv:Consent").lower(),
            event["indication_method"] or "",
            (each["pii_processing"]["purposes"][0]["consent_text"] or {}).get("version", "no text kept"),
        )
        for each in found
        for event in each["events"]
    ]
    if rows:
        session.speaker.table(("purpose", "from", "was", "by", "text"), rows)
    session.speaker.line(f"{count(len(found), 'consent')} in the register.")
    session.speaker.answer({"records": found, "findings": []})
    return 0


@consent.command()
@options
@click.option("--subject", "subjects", multiple=True, metavar="WHO", help="Only theirs: email=…, or a row; repeat.")
@click.option("--purpose", metavar="P", help="Only this purpose.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="The file; - to print.",
)
def export(session: Session, subjects: tuple[str, ...], purpose: str | None, out: Path) -> int:
    """Write consents as records by ISO/IEC TS 27560: for whoever else has to know, or to check, what was consented to.

    Each with the version and the wording of the text that was shown, and all that became of it. People are known by
    keyed hashes; no address stands there. The form is consent-records.schema.json.

    \b
    Examples:
      ombud consent export --out consents.json
      ombud consent export --subject email=mona@ekanger.example --purpose newsletter --out -
    """
    from ombud.app.consent_records import every_record, exported, records
    from ombud.app.requests.answering import put

    loaded = session.loaded()
    found = exported(records(loaded, subjects, purpose) if subjects else every_record(loaded, purpose))
    if str(out) == "-":
        for piece in found:
            click.echo(piece, nl=False)
        return 0
    path = put(out.parent, out.name, "".join(found).encode())
    session.speaker.line("wrote ", path)
    session.speaker.answer({"file": str(path), "findings": []})
    return 0


def _marked(session: Session, made: Marked, *, dry_run: bool) -> int:
    say = session.speaker
    say.findings(made.findings)
    show_mark(session, session.loaded(), made, dry_run=dry_run)
    say.answer(
        {
            "mark": made.mark.seq or None,
            "act": made.mark.act.value,
            "day": made.mark.day.isoformat(),
            "text_version": made.mark.text_version,
            "reaches_nobody": made.reaches_nobody,
            "acknowledged": made.acknowledged,
            "findings": say.told(made.findings),
        }
    )
    return 1 if made.findings else 0
