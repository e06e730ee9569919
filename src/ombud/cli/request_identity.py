"""Who asks, at the terminal: proof, a code by e-mail, the registered address, and who handles a protected identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from ombud.cli.command import Session, options
from ombud.cli.request_show import show_one, show_worked

if TYPE_CHECKING:
    from ombud.app.requests.desk import Desk, Opened
    from ombud.terms import Finding

    Typed = click.ParamType[str]
else:
    Typed = click.ParamType  # which takes no argument in every version that there is


class Sign(Typed):
    """The sign of one of the staff, which is none of those that stand for who is not."""

    name = "sign"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The sign as it is typed. Raises BadParameter for a reserved one, in any case."""
        from ombud.app.requests.desk import NOBODY

        if "".join(value.split()).casefold() in NOBODY:
            raise click.BadParameter(f"{value!r} is the sign of nobody on the staff; write your own", ctx, param)
        return value


SIGN = Sign()
BY = click.option(
    "--by",
    required=True,
    type=SIGN,
    envvar="OMBUD_BY",
    metavar="SIGN",
    help="Who does this, by their sign; or OMBUD_BY.",
)
ID = click.argument("id", metavar="ID")
SIGNED = "signed"
"""What `--proof` says of a letter in writing and with a signature, which is no rung of the ladder by itself."""


@click.command()
@options
@ID
@click.option(
    "--proof",
    type=click.Choice(["asked", "session", "contact_point", SIGNED, "e_identification", "staff"]),
    help="What proved it; `asked`: the person was asked. `signed`: a letter with a signature.",
)
@click.option("--how", default="", metavar="TEXT", help="In which way. No personal data.")
@click.option("--second", type=SIGN, default="", metavar="SIGN", help="The second of the staff who vouches.")
@click.option("--not-row", "not_rows", multiple=True, metavar="ROW", help="This row is not the person; repeat.")
@BY
def identify(
    session: Session, id: str, proof: str | None, how: str, second: str, not_rows: tuple[str, ...], by: str
) -> int:
    """Say what proved who asks, or that they were asked; then it is taken as far as it goes.

    The clock stands still from a question that is needed and put promptly until it is answered; of any other, it is
    told that it does not. An answer that a signature alone has proved goes to the registered address alone.

    A row that was named, or taken in, wrongly is taken back before anything is decided: what was marked by it at once
    is undone, and whoever is meant is looked for anew.

    \b
    Examples:
      ombud request identify 2026-0001-7KQD --proof asked --by KL
      ombud request identify 2026-0001-7KQD --proof signed --by KL
      ombud request identify 2026-0001-7KQD --proof staff --how "called back" --by KL --second AO
      ombud request identify 2026-0001-7KQD --not-row crm/customer/17 --by KL
    """
    from ombud.app.requests import receiving
    from ombud.app.requests.identifying import late
    from ombud.app.requests.taking_back import take_back

    if not (proof or not_rows):
        raise click.UsageError("Missing option: --proof, or --not-row.")
    desk = desk_of(session)
    opened = desk.read(id)
    found: tuple[Finding, ...] = ()
    if not_rows:
        opened, found = take_back(desk, opened, not_rows, by)
    if proof is None:
        return on(session, desk, opened, by, found)
    if proof == "asked":
        warned = (*found, *late(desk, opened))
        after = receiving.ask_for_proof(desk, opened, by)
        session.speaker.findings(warned)
        return show_one(session, desk, after, history=False, by=by, findings=warned)
    return on(session, desk, receiving.identify(desk, opened, shown(proof, how, by, second), by), by, found)


def shown(proof: str, how: str, by: str, second: str) -> Any:
    """What `--proof` says, as the desk takes it."""
    from ombud.app.requests.receiving import Shown
    from ombud.rights.model import Proof

    signed = proof == SIGNED
    return Shown(Proof.NONE if signed else Proof(proof), how, by, second, signed=signed)


@click.command()
@options
@ID
@click.option("--code", metavar="CODE", help="The code that the person has said; without it, one is sent.")
@BY
def verify(session: Session, id: str, code: str | None, by: str) -> int:
    """Send a code to the e-mail address by which the request names the person, or take the code that they say.

    It leaves by the server that `mail` in ombud.yaml names, is good once, for half an hour and five attempts; three an
    hour go to one address. What it says is the same for everybody, and says nothing of the request.

    \b
    Examples:
      ombud request verify 2026-0001-7KQD --by KL
      ombud request verify 2026-0001-7KQD --code 04711742 --by KL
    """
    from ombud.app.requests import contact, messages
    from ombud.app.requests.identifying import late

    desk = desk_of(session)
    opened = desk.read(id)
    if code is not None:
        return on(session, desk, contact.verified(desk, opened, code, by), by)
    messages.server_of(desk)
    warned = late(desk, opened)
    after = contact.verify(desk, opened, by)
    sent = messages.send(desk)
    session.speaker.findings(warned)
    if sent.later:
        session.speaker.line("The mail server did not take it now; it is tried again: ombud request work.")
    return show_one(session, desk, after, history=False, by=by, findings=warned)


@click.command()
@options
@ID
@click.option(
    "--line", "lines", multiple=True, metavar="LINE", help="Where letters go, as they say, name first; repeat."
)
@BY
def address(session: Session, id: str, lines: tuple[str, ...], by: str) -> int:
    """Look up where the person is registered, for an answer that goes there; or write down where they say it goes.

    It is looked up by the personnummer that the request names, or that stands on a row that is certainly theirs, and
    kept sealed until the answer is delivered. No address is shown here: it stands on the letter. Where the register
    has a flag, the identity is protected from now on. What a signature alone proved goes to the registered address.

    \b
    Examples:
      ombud request address 2026-0001-7KQD --by KL
      ombud request address 2026-0001-7KQD --line "Bo Lindnäs" --line "Provgatan 2" --line "990 10 Bärnvik" --by KL
    """
    from ombud.app.requests.addressing import say_address
    from ombud.app.requests.registered import fetch

    desk = desk_of(session)
    opened = desk.read(id)
    after = say_address(desk, opened, lines, by) if lines else fetch(desk, opened, by)
    return on(session, desk, after, by)


@click.command()
@options
@ID
@click.option("--why", required=True, metavar="TEXT", help="Who said so: a register, a source, the person.")
@click.option(
    "--seen-by",
    multiple=True,
    required=True,
    type=SIGN,
    metavar="SIGN",
    help="A handler who may see who it is; repeat.",
)
@BY
def protect(session: Session, id: str, why: str, seen_by: tuple[str, ...], by: str) -> int:
    """The person's identity is protected: from now on nothing is done without a named handler.

    While nobody is named, anybody names the first; after that, those who are named do.

    \b
    Example:
      ombud request protect 2026-0001-7KQD --why "their own word" --seen-by KL --by KL
    """
    from ombud.app.requests import deciding

    desk = desk_of(session)
    return on(session, desk, deciding.protect(desk, desk.read(id), why, seen_by, by), by)


def desk_of(session: Session) -> Desk:
    """The desk of the session's project."""
    from ombud.app.requests.desk import open_desk

    return open_desk(session.loaded())


def on(
    session: Session,
    desk: Desk,
    opened: Opened,
    by: str,
    findings: tuple[Finding, ...] = (),
    said: Mapping[str, Any] = MappingProxyType({}),
) -> int:
    """Take a request on for a handler, and show it, with what else was found, and what else is `said` as data."""
    from ombud.app.requests.working import work

    with session.speaker.progress() as bar:
        task = bar.add_task("", total=None)
        worked = work(desk, opened.id, lambda doing: bar.update(task, description=doing), by=by)
    worked = replace(worked, findings=(*worked.findings, *findings))
    return show_worked(session, desk, worked, by=by, said=said)
