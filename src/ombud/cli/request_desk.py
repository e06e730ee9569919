"""What a handler does with a request: see it, say who asks, review, decide, refuse, extend, deliver."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ombud.cli.command import Session, options
from ombud.cli.request_show import show_list, show_one, show_worked

if TYPE_CHECKING:
    from ombud.app.requests.desk import Desk, Opened
    from ombud.app.requests.working import Worked
    from ombud.terms import Finding

BY = click.option(
    "--by", required=True, envvar="OMBUD_BY", metavar="SIGN", help="Who does this, by their sign; or OMBUD_BY."
)
REASON = click.option("--reason", required=True, metavar="TEXT", help="Why; the person is told. No others' data.")
_ID = click.argument("id", metavar="ID")


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
def show(session: Session, id: str, history: bool) -> int:
    """Where a request stands, by when it is due and why then, what it waits for, and what has to be looked at.

    \b
    Example:
      ombud request show 2026-0001-7KQD
    """
    desk = _desk(session)
    return show_one(session, desk, desk.read(id), history=history)


@click.command()
@options
@_ID
@click.option(
    "--proof",
    required=True,
    type=click.Choice(["asked", "session", "contact_point", "e_identification", "staff"]),
    help="What proved it; `asked`: the person was asked, and the clock stands still.",
)
@click.option("--how", default="", metavar="TEXT", help="In which way. No personal data.")
@click.option("--second", default="", metavar="SIGN", help="The second of the staff who vouches.")
@BY
def identify(session: Session, id: str, proof: str, how: str, second: str, by: str) -> int:
    """Say what proved who asks, or that they were asked; then it is taken as far as it goes.

    \b
    Examples:
      ombud request identify 2026-0001-7KQD --proof asked --by KL
      ombud request identify 2026-0001-7KQD --proof staff --how "called back" --by KL --second AO
    """
    from ombud.app.requests import receiving
    from ombud.rights.model import Proof

    desk = _desk(session)
    opened = desk.read(id)
    if proof == "asked":
        return _shown(session, desk, receiving.ask_for_proof(desk, opened, by))
    return _on(session, desk, receiving.identify(desk, opened, receiving.Shown(Proof(proof), how, by, second), by))


@click.command()
@options
@_ID
@click.option("--keep", "stays", type=int, multiple=True, metavar="N", help="Proposal N stays in the answer; repeat.")
@click.option("--row", "rows", multiple=True, metavar="ROW", help="This row is the person too; repeat.")
@BY
def review(session: Session, id: str, stays: tuple[int, ...], rows: tuple[str, ...], by: str) -> int:
    """What was found has been looked at: whose it is, and what of others' is left out.

    All that is proposed is left out, but for what is kept by its number. A row that only may be the person's is theirs
    once a reviewer says so.

    \b
    Example:
      ombud request review 2026-0001-7KQD --keep 2 --row crm/customer/18 --by KL
    """
    from ombud.app.requests import deciding

    desk = _desk(session)
    return _on(session, desk, deciding.review(desk, desk.read(id), by, stays=stays, rows=rows))


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
    return _on(session, desk, deciding.approve(desk, desk.read(id), by, tuple(map(_choice, choices)), tell))


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
@click.option("--second", default="", metavar="SIGN", help="Who approves it too: excess and no foundation take two.")
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
    return _on(session, desk, deciding.refuse(desk, desk.read(id), Refusal(why), reason, signs))


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
    return _on(session, desk, receiving.extend(desk, desk.read(id), reason, by))


@click.command()
@options
@_ID
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder for its files."
)
@click.option("--how", required=True, metavar="TEXT", help="In which way it goes: post to the registered address, …")
@click.option("--in-part", is_flag=True, help="Some sources are missing still, and the answer says which.")
@BY
def deliver(session: Session, id: str, out: Path, how: str, in_part: bool, by: str) -> int:
    """Write the answer's files to hand over, note that it was, and wipe ombud's own copy.

    \b
    Example:
      ombud request deliver 2026-0001-7KQD --out letters --how "post to the registered address" --by KL
    """
    from ombud.app.requests.answering import deliver as hand_over

    desk = _desk(session)
    opened, paths = hand_over(desk, desk.read(id), out, how, by, in_part=in_part)
    for path in paths:
        session.speaker.line("wrote ", path)
    return _on(session, desk, opened)


@click.command()
@options
@_ID
@click.option("--how", required=True, metavar="TEXT", help="In which way the person was told.")
@BY
def notice(session: Session, id: str, how: str, by: str) -> int:
    """The person was told that their restriction ends; it is lifted from the day after (Art. 18(3)).

    \b
    Example:
      ombud request notice 2026-0001-7KQD --how post --by KL
    """
    from ombud.app.requests import deciding

    desk = _desk(session)
    return _on(session, desk, deciding.give_notice(desk, desk.read(id), how, by))


@click.command()
@options
@_ID
@click.option("--why", required=True, metavar="TEXT", help="Who said so: a register, a source, the person.")
@click.option(
    "--seen-by", multiple=True, required=True, metavar="SIGN", help="A handler who may see who it is; repeat."
)
@BY
def protect(session: Session, id: str, why: str, seen_by: tuple[str, ...], by: str) -> int:
    """The person's identity is protected: from now on nothing is done without a named handler.

    \b
    Example:
      ombud request protect 2026-0001-7KQD --why "their own word" --seen-by KL --by KL
    """
    from ombud.app.requests import deciding

    desk = _desk(session)
    return _on(session, desk, deciding.protect(desk, desk.read(id), why, seen_by, by))


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
    return _on(session, desk, receiving.drop(desk, desk.read(id), by))


@click.command()
@options
@click.argument("ids", nargs=-1, metavar="[ID]…")
def work(session: Session, ids: tuple[str, ...]) -> int:
    """Take every request as far as it goes without a person: sources that were down are tried again.

    Then what was kept of requests for a time that is over is wiped. Run it every day, as the daily sweep is run.

    \b
    Examples:
      ombud request work
      ombud request work 2026-0001-7KQD
    """
    from ombud.app.loaded import Refused
    from ombud.app.requests.working import work as take_on
    from ombud.cli.request_show import show_works

    desk = _desk(session)
    chosen = ids or tuple(case.request.id for case in desk.cases())
    worked: list[Worked] = []
    refused: list[Finding] = []
    with session.speaker.progress() as bar:
        task = bar.add_task("requests", total=len(chosen))
        for each in chosen:
            try:
                worked.append(take_on(desk, each))
            except Refused as refusal:  # the others go on
                refused += refusal.findings
            bar.advance(task)
    return show_works(session, desk, worked, refused, desk.wipe())


COMMANDS = (list_requests, show, identify, review, approve, refuse, extend, deliver, notice, protect, drop, work)


def _desk(session: Session) -> Desk:
    from ombud.app.requests.desk import open_desk

    return open_desk(session.loaded())


def _choice(text: str) -> Any:
    from ombud.app.requests.deciding import Choice
    from ombud.policy.model import OnErasure

    named, equals, rest = text.partition("=")
    outcome, colon, reason = rest.partition(":")
    company, slash, purpose = named.rpartition("/")
    if not equals or not colon or outcome not in ("ends", "stays"):
        raise click.BadParameter("write PURPOSE=ends:REASON or COMPANY/PURPOSE=stays:REASON", param_hint="--choose")
    return Choice(purpose, OnErasure(outcome), reason.strip(), company if slash else None)


def _on(session: Session, desk: Desk, opened: Opened) -> int:
    from ombud.app.requests.working import work as take_on

    with session.speaker.progress() as bar:
        task = bar.add_task("", total=None)
        worked = take_on(desk, opened.id, lambda doing: bar.update(task, description=doing))
    return show_worked(session, desk, worked)


def _shown(session: Session, desk: Desk, opened: Opened) -> int:
    return show_one(session, desk, opened, history=False)
