"""`ombud share`: data is handed to a recipient, if agreement, purpose and person allow it, and it is written down."""

from __future__ import annotations

from datetime import date

import click

from ombud.cli.command import Session, options
from ombud.cli.command import day as calendar_day


@click.command()
@options
@click.argument("recipient")
@click.option("--subject", "subjects", multiple=True, required=True, metavar="WHO", help="email=… or crm/customer/17.")
@click.option("--purpose", required=True, metavar="P", help="What for; the policy says who may get data for it.")
@click.option("--company", metavar="C", help="Only this company's data; every company's otherwise.")
@click.option("--day", callback=calendar_day, metavar="DATE", help="When it is handed over; today otherwise.")
@click.option("--until", callback=calendar_day, metavar="DATE", help="The last day on which they may hold it.")
@click.option("--name", default="", metavar="TEXT", help="The recipient's own name; the person is told it.")
@click.option("--known-as", default="", metavar="TEXT", help="How they know the person; kept sealed, for notices.")
@click.option("--dry-run", is_flag=True, help="Only say whether it may be; write nothing.")
def share(
    session: Session,
    recipient: str,
    subjects: tuple[str, ...],
    purpose: str,
    company: str | None,
    day: date | None,
    until: date | None,
    name: str,
    known_as: str,
    dry_run: bool,
) -> int:
    """Write down that a person's data is handed to a recipient; refuse where that may not be.

    Refused without a written agreement, for a purpose that is not handed to this recipient, or to nobody; for a
    recipient's own marketing without consent; and where the person objected, restricted, or withdrew. No data is
    sent: that is yours to do, once it is written down.

    \b
    Examples:
      ombud share supplier --subject email=cecilia@ronnbrink.example --purpose customer_delivery --dry-run
      ombud share supplier --subject email=cecilia@ronnbrink.example --purpose customer_delivery --known-as "Kund 4711"
    """
    from ombud.app.requests.desk import open_desk, told
    from ombud.app.sharing import Wish
    from ombud.app.sharing import share as hand_over

    say, loaded = session.speaker, session.loaded()
    wish = Wish(recipient, subjects, purpose, company, day, until, name, known_as)
    if dry_run:
        made = hand_over(loaded, wish, None)
    else:
        store = open_desk(loaded).store
        with told():
            made = hand_over(loaded, wish, store)
    head = "Would be handed" if dry_run else "Handed"
    for each in made.disclosures:
        until_day = f", until {each.until.isoformat()}" if each.until else ""
        number = f"{each.id}: " if each.id else ""
        say.line(
            (f"{number}{head} to {each.recipient}", "bold"),
            f" for {each.purpose} of {each.company}, on {each.day.isoformat()}{until_day}",
            f", under {each.agreement}." if each.agreement else ".",
        )
        say.line(f"It is about {', '.join(each.categories) or 'the person'}.", indent=2)
    say.answer(
        {
            "written": not dry_run,
            "disclosures": [
                {
                    "id": each.id or None,
                    "recipient": each.recipient,
                    "purpose": each.purpose,
                    "company": each.company,
                    "day": each.day.isoformat(),
                    "until": each.until.isoformat() if each.until else None,
                    "agreement": each.agreement,
                    "categories": list(each.categories),
                }
                for each in made.disclosures
            ],
        }
    )
    return 0
