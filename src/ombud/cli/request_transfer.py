"""`ombud request transfer`: what a person provided, handed directly to another controller."""

from __future__ import annotations

import click

from ombud.cli.command import Session, options
from ombud.cli.request_identity import BY, ID, desk_of, on


@click.command()
@options
@ID
@click.option(
    "--to", default="", metavar="NAME", help="Which of `controllers` in ombud.yaml; else whom they asked for."
)
@click.option("--not", "reason", default="", metavar="TEXT", help="It cannot be, and why; the person is told.")
@BY
def transfer(session: Session, id: str, to: str, reason: str, by: str) -> int:
    """Hand the data of a request to take it along (`port`) directly to another controller (Art. 20(2)).

    It goes to those that the project file names, whose certificate is the one that was agreed on. It is handed over
    now; where it is not taken now, `ombud request work` tries again, for some four days. The person is told with the
    answer what became of it: with the receipt, or why not.

    \b
    Examples:
      ombud request transfer 2026-0001-7KQD --to grannen --by KL
      ombud request transfer 2026-0001-7KQD --to grannen --not "they take no data over" --by KL
    """
    from ombud.app.requests import transferring

    desk = desk_of(session)
    opened = desk.read(id)
    to = to or opened.asked.to
    if not to:
        raise click.UsageError("Missing option: --to.")
    if reason:
        return on(session, desk, transferring.give_up(desk, opened, to, reason, by), by)
    opened = transferring.transfer(desk, opened, to, by)
    return on(session, desk, opened, by, transferring.findings_of(opened, to))
