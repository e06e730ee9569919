"""`ombud request letter`: what is written to a person between receipt and answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ombud.cli.command import Session, options
from ombud.cli.command import day as calendar_day


@click.command()
@options
@click.argument("id", metavar="ID")
@click.argument("which", type=click.Choice(["acknowledgement", "question", "extension", "lifting"]))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The folder for the letter, as a PDF.")
@click.option(
    "--mail", "as_mail", is_flag=True, help="Print the e-mail that says the same, with nothing of the person."
)
@click.option("--way", "ways", multiple=True, metavar="TEXT", help="Question: a way to show who one is; repeat.")
@click.option("--answer-by", callback=calendar_day, metavar="DATE", help="Question: by when an answer is asked for.")
@click.option("--reason", default="", metavar="TEXT", help="Lifting: why. No others' data.")
@click.option("--on", callback=calendar_day, metavar="DATE", help="Lifting: the day it ends; tomorrow otherwise.")
def letter(
    session: Session,
    id: str,
    which: str,
    out: Path | None,
    as_mail: bool,
    ways: tuple[str, ...],
    answer_by: date | None,
    reason: str,
    on: date | None,
) -> int:
    """Write a letter that comes before the answer: to send, for ombud sends and keeps nothing of it.

    \b
    acknowledgement  it came in, and by when it is answered, with both dates where eves make two
    question         who are you? By a house's own ways (--way), or those that every house has
    extension        it takes longer, until when and why: after `ombud request extend`
    lifting          a restriction ends, and when: before `ombud request notice`

    A protected identity gets no more than that there is a message, and no address stands on it. Of anybody else it is
    told where no address is known (`ombud request address --line`), for then the window is empty.

    \b
    Examples:
      ombud request letter 2026-0001-7KQD acknowledgement --out letters
      ombud request letter 2026-0001-7KQD question --mail --answer-by 2026-12-08
      ombud request letter 2026-0001-7KQD lifting --reason "the address was right" --out letters
    """
    from ombud.app.requests.addressing import unaddressed
    from ombud.app.requests.desk import addressee, open_desk
    from ombud.app.requests.letters import Said, Which, letter_of, mail_of, write
    from ombud.terms import Level

    if out is None and not as_mail:
        raise click.UsageError("name a folder with --out, or ask for the e-mail with --mail")
    desk = open_desk(session.loaded())
    opened = desk.read(id)
    told = letter_of(desk, opened, Which(which), Said(ways, answer_by, on, reason))
    say = session.speaker
    said: dict[str, object] = {"id": opened.id, "letter": which, "file": None, "mail": None}
    if as_mail:
        message = mail_of(desk, opened, told)
        said["mail"] = {"subject": message.subject, "text": message.text}
        if not say.json:
            click.echo(f"{message.subject}\n\n{message.text}", nl=False)
    if out is not None:
        path = write(desk, opened, told, Which(which), out)
        said["file"] = str(path)
        say.line("wrote ", path)
        if not addressee(opened).lines and not opened.request.protected:
            said["findings"] = say.told((unaddressed(Level.WARNING),))
            say.findings((unaddressed(Level.WARNING),))
    say.answer(said)
    return 0
