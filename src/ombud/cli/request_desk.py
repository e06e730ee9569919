"""What a handler does with a request: see it, say who asks, review, decide, refuse, extend, deliver."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ombud.cli.command import Session, options
from ombud.cli.request_identity import BY, SIGN, address, identify, protect, verify
from ombud.cli.request_identity import ID as _ID
from ombud.cli.request_identity import desk_of as _desk
from ombud.cli.request_identity import on as _on
from ombud.cli.request_show import show_list, show_one
from ombud.cli.request_work import remind, work

SEEN_BY = click.option(
    "--by",
    type=SIGN,
    envvar="OMBUD_BY",
    metavar="SIGN",
    help="Who looks: of a protected identity, only who is named sees more.",
)
REASON = click.option("--reason", required=True, metavar="TEXT", help="Why; the person is told. No others' data.")


@click.command("list")
@options
@click.option("--all", "every", is_flag=True, help="Also those that are closed.")
@click.option("--overdue", is_flag=True, help="Only those whose day is past.")
def list_requests(session: Session, every: bool, overdue: bool) -> int:
    """The requests on the desk, by the day on which they are due.

    \b
    Example:
      ombud request list --overdue
    """
    return show_list(session, _desk(session), every=every, overdue=overdue)


@click.command()
@options
@_ID
@click.option("--history", is_flag=True, help="Also everything that happened, with who did it.")
@SEEN_BY
def show(session: Session, id: str, history: bool, by: str | None) -> int:
    """Where a request stands, by when it is due and why then, what it waits for, and what has to be looked at.

    \b
    Example:
      ombud request show 2026-0001-7KQD
    """
    desk = _desk(session)
    return show_one(session, desk, desk.read(id), history=history, by=by)


@click.command()
@options
@_ID
@click.option("--keep", "stays", type=int, multiple=True, metavar="N", help="Proposal N stays in the answer; repeat.")
@click.option("--row", "rows", multiple=True, metavar="ROW", help="This row is the person too; repeat.")
@BY
def review(session: Session, id: str, stays: tuple[int, ...], rows: tuple[str, ...], by: str) -> int:
    """What was found has been looked at: whose it is, and what of others' is left out.

    All that is proposed is left out, but for what is kept by its number. A row that only may be the person's is theirs
    once a reviewer says so, until one takes it back (ombud request identify --not-row).

    \b
    Example:
      ombud request review 2026-0001-7KQD --keep 2 --row crm/customer/18 --by KL
    """
    from ombud.app.requests import deciding

    desk = _desk(session)
    return _on(session, desk, deciding.review(desk, desk.read(id), by, stays=stays, rows=rows), by)


@click.command()
@options
@_ID
@click.option("--choose", "choices", multiple=True, metavar="P=ends:WHY", help="Purpose P ends, or stays; repeat.")
@click.option("--tell", multiple=True, metavar="RECIPIENT", help="A recipient that must be told besides; repeat.")
@BY
def approve(session: Session, id: str, choices: tuple[str, ...], tell: tuple[str, ...], by: str) -> int:
    """It is to be done. Where the rules leave a choice, it is made here; then it is carried out in every source.

    \b
    Examples:
      ombud request approve 2026-0001-7KQD --by KL
      ombud request approve 2026-0001-7KQD --choose "development=stays:needed to mend faults" --by KL
    """
    from ombud.app.requests import deciding

    desk = _desk(session)
    return _on(session, desk, deciding.approve(desk, desk.read(id), by, tuple(map(choice_of, choices)), tell), by)


@click.command()
@options
@_ID
@click.option(
    "--why",
    required=True,
    type=click.Choice(["excessive", "manifestly_unfounded", "unidentified", "exempt"]),
    help="Art. 12(5), 11(2), or a law that excepts it.",
)
@REASON
@click.option(
    "--second",
    type=SIGN,
    default="",
    metavar="SIGN",
    help="Who approves it too: excess and no foundation take two.",
)
@BY
def refuse(session: Session, id: str, why: str, reason: str, second: str, by: str) -> int:
    """Nothing is done, and the person is told why, and where to complain.

    \b
    Example:
      ombud request refuse 2026-0001-7KQD --why excessive --reason "the fifth this week" --by KL --second AO
    """
    from ombud.app.requests import deciding
    from ombud.rights.events import Refusal

    desk = _desk(session)
    signs = tuple(sign for sign in (by, second) if sign)
    return _on(session, desk, deciding.refuse(desk, desk.read(id), Refusal(why), reason, signs), by)


@click.command()
@options
@_ID
@REASON
@BY
def extend(session: Session, id: str, reason: str, by: str) -> int:
    """It takes up to two months more, told with reasons inside the first (Art. 12(3)).

    \b
    Example:
      ombud request extend 2026-0001-7KQD --reason "three systems have to be searched by hand" --by KL
    """
    from ombud.app.requests import receiving

    desk = _desk(session)
    return _on(session, desk, receiving.extend(desk, desk.read(id), reason, by), by)


@click.command()
@options
@_ID
@click.option(
    "--as",
    "verdict",
    required=True,
    type=click.Choice(["upheld", "in_part", "rejected", "withdrawn"]),
    help="What comes of it; withdrawn: the person took it back.",
)
@click.option("--reason", default="", metavar="TEXT", help="Why; the person is told, and it is kept sealed.")
@click.option("--measures", default="", metavar="TEXT", help="What is done because of it; the person is told.")
@BY
def conclude(session: Session, id: str, verdict: str, reason: str, measures: str, by: str) -> int:
    """What comes of a complaint or a claim, and why. A letter says it: with the answer, or after it.

    What is held because of it stays held: they may go to the authority, or to court. `ombud mark released` lets it go.

    \b
    Examples:
      ombud request conclude 2026-0001-7KQD --as upheld --reason "nobody answered in time" --by KL
      ombud request conclude 2026-0001-7KQD --as withdrawn --by KL
    """
    from ombud.app.requests import deciding
    from ombud.rights.model import Verdict

    desk = _desk(session)
    after = deciding.conclude(desk, desk.read(id), Verdict(verdict), reason, measures, by)
    return _on(session, desk, after, by)


@click.command()
@options
@_ID
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder for its files."
)
@click.option("--how", required=True, metavar="TEXT", help="In which way it goes: post to the registered address, …")
@click.option("--in-part", is_flag=True, help="Some sources are missing still, and the answer says which.")
@click.option("--without-address", is_flag=True, help="It goes in no envelope: a letter without an address will do.")
@BY
def deliver(session: Session, id: str, out: Path, how: str, in_part: bool, without_address: bool, by: str) -> int:
    """Write the answer's files to hand over, note that it was, and wipe ombud's own copy.

    A letter whose window would be empty is not delivered, unless it goes another way.

    \b
    Examples:
      ombud request deliver 2026-0001-7KQD --out letters --how "post to the registered address" --by KL
      ombud request deliver 2026-0001-7KQD --out letters --how "handed over at the office" --without-address --by KL
    """
    from ombud.app.requests.answering import deliver as whole
    from ombud.app.requests.in_part import deliver_in_part

    desk = _desk(session)
    hand_over = deliver_in_part if in_part else whole
    opened, paths = hand_over(desk, desk.read(id), out, how, by, addressed=not without_address)
    for path in paths:
        session.speaker.line("wrote ", path)
    return _on(session, desk, opened, by)


@click.command()
@options
@_ID
@click.option("--how", required=True, metavar="TEXT", help="In which way the person was told.")
@BY
def notice(session: Session, id: str, how: str, by: str) -> int:
    """The person was told that their restriction ends; it is lifted from the day after (Art. 18(3)).

    What was noted is told, what is to be used again, from when, and what is left to do.

    \b
    Example:
      ombud request notice 2026-0001-7KQD --how post --by KL
    """
    from ombud.app.requests import deciding
    from ombud.cli.request_notice import say_notice

    desk = _desk(session)
    opened = deciding.give_notice(desk, desk.read(id), how, by)
    said = say_notice(session, desk, opened, how, by)
    return _on(session, desk, opened, by, said=said)


@click.command()
@options
@_ID
@BY
def drop(session: Session, id: str, by: str) -> int:
    """The person wants it no more.

    \b
    Example:
      ombud request drop 2026-0001-7KQD --by KL
    """
    from ombud.app.requests import receiving

    desk = _desk(session)
    return _on(session, desk, receiving.drop(desk, desk.read(id), by), by)


COMMANDS = (
    list_requests, show, identify, verify, review, approve, refuse, extend, conclude, address, deliver, notice, protect,
    drop, work, remind,
)  # fmt: skip


def choice_of(text: str) -> Any:
    """What a handler chooses, as it is typed."""
    from ombud.app.requests.deciding import Choice
    from ombud.policy.model import OnErasure

    named, equals, rest = text.partition("=")
    outcome, colon, reason = rest.partition(":")
    company, slash, purpose = named.rpartition("/")
    if not equals or not colon or outcome not in ("ends", "stays"):
        raise click.BadParameter("write PURPOSE=ends:REASON or COMPANY/PURPOSE=stays:REASON", param_hint="--choose")
    return Choice(purpose, OnErasure(outcome), reason.strip(), company if slash else None)
