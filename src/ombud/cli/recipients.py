"""`ombud recipients`: who gets data, on what terms, who has had a person's, and what recipients are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ombud.cli import recipients_notices as notices
from ombud.cli.command import Session, options
from ombud.cli.request_identity import SIGN

if TYPE_CHECKING:
    from ombud.app.loaded import Loaded
    from ombud.app.recipients import Listed


@click.command()
@options
@click.option("--subject", "subjects", multiple=True, metavar="WHO", help="Who has had this person's data: email=…")
@click.option("--sync", is_flag=True, help="Write down what the databases say was handed over since, and what is gone.")
@click.option("--tell", is_flag=True, help="Send the notices that are due.")
@click.option("--waiting", is_flag=True, help="List the notices that wait.")
@click.option("--letter", type=int, metavar="N", help="Show what notice N says, to be sent by hand.")
@click.option("--told", type=int, metavar="N", help="Notice N was sent by hand; say how with --because.")
@click.option("--excuse", type=int, metavar="N", help="Notice N cannot be sent; say why with --because.")
@click.option("--because", default="", metavar="TEXT", help="The proof of a letter, or why nobody is told.")
@click.option("--by", type=SIGN, default="", envvar="OMBUD_BY", metavar="SIGN", help="Who says so; or OMBUD_BY.")
def recipients(
    session: Session,
    subjects: tuple[str, ...],
    sync: bool,
    tell: bool,
    waiting: bool,
    letter: int | None,
    told: int | None,
    excuse: int | None,
    because: str,
    by: str,
) -> int:
    """List the recipients of the policy: agreement, allowed uses, region, purposes, and what they were told.

    Run --sync before each sweep and after it, and --tell as often as you like: every notice is sent once, tried again
    where nobody answers, and given up with its reason in the end.

    \b
    Examples:
      ombud recipients
      ombud recipients --subject email=ingrid@dalgarde.example
      ombud recipients --sync
      ombud recipients --tell
      ombud recipients --waiting --format json
    """
    settled = [each for each in (letter, told, excuse) if each is not None]
    if bool(subjects) + sync + tell + waiting + len(settled) > 1:
        raise click.UsageError("ask one thing at a time")
    if (told is not None or excuse is not None) and not (because.strip() and by.strip()):
        raise click.UsageError("say --because, how or why, and --by whom")
    loaded = session.loaded()
    if subjects:
        return _of_person(session, loaded, subjects)
    if sync:
        return _sync(session, loaded)
    if tell:
        return notices.send(session, loaded)
    if waiting:
        return notices.list_waiting(session, loaded)
    if letter is not None:
        return notices.letter(session, loaded, letter)
    if told is not None or excuse is not None:
        return notices.settle(session, loaded, told, excuse, because, by)
    return _list(session, loaded)


def _list(session: Session, loaded: Loaded) -> int:
    from ombud.app.recipients import has_register
    from ombud.app.recipients import recipients as every
    from ombud.app.requests.desk import open_desk
    from ombud.app.requests.desk import told as as_refused

    counts = None
    if has_register(loaded):
        store = open_desk(loaded).store
        with as_refused():
            counts = store.notices_by_recipient()
    found = every(loaded, counts)
    for each in found:
        _show(session, each)
    session.speaker.answer(
        {
            "recipients": [
                {
                    "id": each.id,
                    "title": dict(each.title),
                    "role": each.role,
                    "agreement": each.agreement or None,
                    "dated": each.dated.isoformat() if each.dated else None,
                    "allows": dict(each.allows),
                    "regions": [{"region": name, "safeguard": safeguard} for name, safeguard in each.regions],
                    "own_marketing": each.own_marketing,
                    "purposes": list(each.purposes),
                    "told_by": each.by,
                    "told": dict(zip(("sent", "waiting", "given_up"), each.told, strict=True)) if each.told else None,
                }
                for each in found
            ]
        }
    )
    return 0


def _show(session: Session, each: Listed) -> None:
    """One recipient, in a few lines."""
    say = session.speaker
    title = each.title.get("en") or next(iter(each.title.values()), "")
    say.line((each.id, "bold"), f": {title}, {each.role}" if title else f": {each.role}")
    allows = each.allows.get("en") or next(iter(each.allows.values()), "")
    terms = f"under {each.agreement} of {each.dated}: {allows}" if each.agreement else "under no agreement"
    own = ["; it may use the data for marketing of its own"] if each.own_marketing else []
    say.line(terms, *own, indent=2)
    regions = ", ".join(f"{name} ({safeguard})" if safeguard else name for name, safeguard in each.regions)
    say.line(f"in {regions or 'no region that is said'}, for {', '.join(each.purposes) or 'nothing'}", indent=2)
    counts = ": {} sent, {} waiting, {} given up".format(*each.told) if each.told else ""
    say.line(f"told {each.by if each.by == 'by hand' else f'by {each.by}'}{counts}", indent=2)


def _of_person(session: Session, loaded: Loaded, subjects: tuple[str, ...]) -> int:
    from ombud.app.disclosed import disclosed
    from ombud.app.extracting import extract
    from ombud.app.naming import identifier_of
    from ombud.app.recipients import has_register
    from ombud.app.requests.desk import open_desk
    from ombud.app.requests.desk import told as as_refused
    from ombud.terms import Finding, Place

    digest, _ = loaded.keys()
    held = extract(loaded, subjects, "")
    digests = [digest(*identifier_of(loaded, text)) for text in subjects if "=" in text]
    with as_refused():
        ledger = open_desk(loaded).store if has_register(loaded) else None
        found, findings = disclosed(loaded, held.records, digests, ledger)
    unread = tuple(
        Finding("C169", Place(name), f"{name} cannot be read: what it says is missing here", "mend it, and ask again")
        for name in held.unread
    )
    session.speaker.findings((*findings, *unread))
    rows = [
        (each.day or each.how, each.title.get("en") or each.name or each.recipient, each.purpose, each.agreement)
        for each in found
    ]
    session.speaker.table(("when", "who", "for", "under"), rows)
    session.speaker.answer(
        {
            "recipients": [
                {
                    "recipient": each.recipient,
                    "name": each.name,
                    "purpose": each.purpose,
                    "day": each.day.isoformat() if each.day else None,
                    "how": each.how,
                    "agreement": each.agreement,
                    "regions": list(each.regions),
                }
                for each in found
            ],
            "findings": session.speaker.told((*findings, *unread)),
        }
    )
    return 1 if findings or unread else 0


def _sync(session: Session, loaded: Loaded) -> int:
    from ombud.app.handed_over import sync
    from ombud.app.requests.desk import open_desk
    from ombud.app.requests.desk import told as as_refused

    store = open_desk(loaded).store
    with as_refused():
        done = sync(loaded, store)
    session.speaker.findings(done.findings)
    session.speaker.line(f"Handed over and not written down until now: {done.new}. Gone: {done.gone}.")
    session.speaker.line(f"New notices: {done.notices}.")
    session.speaker.answer(
        {"new": done.new, "gone": done.gone, "notices": done.notices, "findings": session.speaker.told(done.findings)}
    )
    return 1 if done.findings else 0
