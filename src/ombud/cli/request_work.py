"""What needs no person, for a job that runs every day: requests taken on, and the desk reminded of what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, options
from ombud.cli.request_identity import SIGN, desk_of

if TYPE_CHECKING:
    from ombud.app.requests.working import Worked
    from ombud.terms import Finding


@click.command()
@options
@click.argument("ids", nargs=-1, metavar="[ID]…")
@click.option(
    "--by",
    type=SIGN,
    envvar="OMBUD_BY",
    metavar="SIGN",
    help="Who has it done: of a protected identity, only who is named.",
)
def work(session: Session, ids: tuple[str, ...], by: str | None) -> int:
    """Take every request as far as it goes without a person: sources that were down are tried again.

    Codes that wait for a mail server are sent, data that waits for another controller is handed over, and the desk is
    reminded of what is due soon (`ombud request remind`). Then what was kept of requests for a time that is over is
    wiped. Run it every day, as the daily sweep is run.

    \b
    Examples:
      ombud request work
      ombud request work 2026-0001-7KQD
    """
    from ombud.app.loaded import Refused
    from ombud.app.population import forget_by_hand
    from ombud.app.requests.messages import send_waiting
    from ombud.app.requests.reminding import is_set_up
    from ombud.app.requests.reminding import remind as tell_the_desk
    from ombud.app.requests.transferring import send_waiting as hand_over_waiting
    from ombud.app.requests.working import work as take_on
    from ombud.cli.request_show import show_works

    desk = desk_of(session)
    chosen = ids or tuple(case.request.id for case in desk.cases())
    worked: list[Worked] = []
    refused: list[Finding] = []
    try:
        hand_over_waiting(desk)
    except Refused as refusal:
        refused += refusal.findings
    with session.speaker.progress() as bar:
        task = bar.add_task("requests", total=len(chosen))
        for each in chosen:
            try:
                worked.append(take_on(desk, each, by=by))
            except Refused as refusal:  # the others go on
                refused += refusal.findings
            bar.advance(task)
        try:
            send_waiting(desk)
            if not ids and is_set_up(desk):
                tell_the_desk(desk)
        except Refused as refusal:
            refused += refusal.findings
    forget_by_hand(desk.loaded)
    return show_works(session, desk, worked, refused, desk.wipe())


@click.command()
@options
@click.option("--dry-run", is_flag=True, help="Only say of which requests; nothing is sent or written.")
def remind(session: Session, dry_run: bool) -> int:
    """Remind the desk by mail of requests that are due soon, or late: of each once for each number of days.

    To whom, and how many days before, `reminders` in ombud.yaml says; else the officer of the policy, 7, 2 and 0 days
    before. Whoever is late is told of once more. It says numbers, kinds and days, and nothing of any person; that the
    desk was told stands in each request's history. `ombud request work` does it too.

    \b
    Examples:
      ombud request remind --dry-run
      ombud request remind
    """
    from ombud.app.requests import reminding
    from ombud.app.words import count

    desk = desk_of(session)
    found = reminding.Reminding(reminding.near(desk)) if dry_run else reminding.remind(desk)
    say = session.speaker
    rows = [(each.case.request.id, each.case.request.kind.value, each.due.act_by.isoformat(), str(each.due.days_left))
            for each in found.near]  # fmt: skip
    if rows:
        say.table(("request", "asks", "answer by", "days"), rows, right=(3,), whole=range(4))
    else:
        say.line("There is nothing to remind of.")
    if found.sent.sent:
        say.line(f"{count(found.sent.sent, 'message')} sent.")
    if found.sent.later:
        say.line("The mail server did not take it now; it is tried again: ombud request work.")
    say.answer(
        {
            "requests": [
                {
                    "id": each.case.request.id,
                    "answer_by": each.due.act_by.isoformat(),
                    "days_left": each.due.days_left,
                    "threshold": each.event.left,
                }
                for each in found.near
            ],
            "sent": found.sent.sent,
            "later": found.sent.later,
            "given_up": found.sent.given_up,
        }
    )
    return 1 if found.sent.later or found.sent.given_up else 0
