"""`ombud request rules`: what whoever handles requests has to know, and that they do."""

from __future__ import annotations

import click

from ombud.cli.command import Session, options
from ombud.cli.request_identity import SIGN, desk_of


@click.command()
@options
@click.option("--confirm", is_flag=True, help="Write down that who does this knows them.")
@click.option("--by", type=SIGN, envvar="OMBUD_BY", metavar="SIGN", help="Who confirms, by their sign; or OMBUD_BY.")
def rules(session: Session, confirm: bool, by: str | None) -> int:
    """The rules by which requests are handled in this house, and who has confirmed that they know them.

    Where the policy says `staff: {confirm: each_version}`, nobody does anything with a request who has not, of the
    version that is in force (C223).

    \b
    Examples:
      ombud request rules
      ombud request rules --confirm --by KL
    """
    from ombud.app.requests import house_rules

    desk, say = desk_of(session), session.speaker
    if confirm:
        if not by:
            raise click.UsageError("Missing option: --by.")
        if not desk.rules.known:
            raise click.UsageError("The policy asks nobody to confirm: organisation.requests.staff.")
        house_rules.confirm(desk, by)
    every, known = house_rules.house_rules(desk), house_rules.confirmed(desk)
    say.table(("about", "rule", "why"), [(each.about, each.says, each.reason or "·") for each in every])
    if desk.rules.known:
        who = ", ".join(each.by for each in known) or "nobody yet"
        say.line(f"Confirmed for version {desk.rules.known}: {who}.")
    say.answer(
        {
            "version": desk.rules.known or None,
            "rules": [{"about": each.about, "says": each.says, "reason": each.reason} for each in every],
            "confirmed": [{"by": each.by, "at": each.at.isoformat()} for each in known],
            "findings": [],
        }
    )
    return 0
