"""`ombud request`: what people ask about their data, from receipt to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from ombud.cli.command import Session, options
from ombud.cli.command import day as calendar_day
from ombud.cli.request_desk import COMMANDS
from ombud.cli.request_identity import BY, SIGN, SIGNED, on, shown
from ombud.cli.request_letter import letter
from ombud.cli.request_many import FILING, batch, take_file
from ombud.cli.request_rules import rules
from ombud.cli.request_transfer import transfer

Option = Callable[[Callable[..., int]], Callable[..., int]]

KINDS = {
    "access": "Everything held about a person, why, and until when (Art. 15).",
    "rectify": "Set right or remove what is wrong (Art. 16).",
    "erase": "End what the law lets end, and delete what nothing else holds (Art. 17).",
    "restrict": "Store and do not use, while something is examined (Art. 18).",
    "port": "What the person provided, in a form usable elsewhere (Art. 20).",
    "object": "Say no to direct marketing, or to legitimate interests (Art. 21).",
    "withdraw": "Take back a consent (Art. 7(3)).",
    "complain": "A complaint: what it is about is held meanwhile (Art. 77).",
    "claim": "A claim for damages: what it is about is held meanwhile (Art. 82).",
}
"""What a person may ask, and in which article of the GDPR."""

ASKING: tuple[Option, ...] = (
    click.option("--subject", "subjects", multiple=True, metavar="WHO",
                 help="email=… or crm/customer/17; may be repeated."),
    click.option("--received", callback=calendar_day, metavar="DATE", help="The day it came in; today otherwise."),
    click.option("--company", metavar="C", help="Only this company; the whole group otherwise."),
    click.option("--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True,
                 help="The language of the answer."),
    click.option("--way", default="", metavar="TEXT", help="How they asked: post, email, phone, portal, office."),
    click.option("--address", multiple=True, metavar="LINE", help="Where the answer goes, the name first; repeat."),
    click.option("--protected", is_flag=True, help="The person says that their identity is protected."),
    click.option("--proof", type=click.Choice(["session", "contact_point", SIGNED, "e_identification", "staff"]),
                 help="It is known already who asks, and this proved it."),
    click.option("--how", default="", metavar="TEXT", help="In which way it was proved. No personal data."),
    click.option("--second", type=SIGN, default="", metavar="SIGN", help="The second of the staff who vouches."),
    BY,
)  # fmt: skip
"""What is said of every request as it comes in."""

_PURPOSES = click.option("--purpose", "purposes", multiple=True, metavar="P", help="Only this purpose; repeat.")
_WORDS = click.option("--words", default="", metavar="TEXT", help="What it is about, in their words; kept sealed.")

BESIDE: Mapping[str, tuple[Option, ...]] = {
    "rectify": (
        click.option("--set", "settings", multiple=True, required=True, metavar="CELL=VALUE",
                     help="crm/customer/17.phone=…; without `=` it is removed. May be repeated."),
    ),
    "erase": (
        _PURPOSES,
        click.option("--ground", default="", metavar="G",
                     help="What they say: not_needed, consent_withdrawn, objects_to_marketing, objects, unlawful, "
                     "legal_duty."),
    ),
    "restrict": (
        _PURPOSES,
        click.option("--ground", default="", metavar="G", help="accuracy, unlawful, legal_claims or objection."),
    ),
    "port": (
        click.option("--to", default="", metavar="NAME",
                     help="They want it handed directly to this one of `controllers` in ombud.yaml, too."),
    ),
    "object": (_PURPOSES,),
    "withdraw": (_PURPOSES,),
    "complain": (_WORDS,),
    "claim": (_WORDS,),
}  # fmt: skip
"""What is said of some kinds besides."""


ONE_BY_ONE = frozenset({"rectify", "complain", "claim"})
"""Kinds that say something of each person, which no file of many says."""


@click.group()
def request() -> None:
    """Take in what people ask about their data, and see it through to its end.

    A request goes from receipt to identity, is collected from every source, looked at and decided by a person where
    the law wants one, carried out in every source, delivered and closed. Nothing is said to be done before it is: a
    source that is down keeps its part open, and `ombud request work` goes on.

    \b
    Examples:
      ombud request access --subject email=astrid@kviststrand.example --received 2026-11-24 --by KL
      ombud request list
      ombud request show 2026-0001-7KQD
      ombud request identify 2026-0001-7KQD --proof contact_point --how "code sent to the address" --by KL
      ombud request deliver 2026-0001-7KQD --out letters --how post --by KL
    """


def _asking(kind: str) -> click.Command:
    """The command by which a request of a kind comes in."""

    def run(session: Session, **said: Any) -> int:
        return _take(session, kind, said)

    example = {"rectify": " --set crm/customer/17.phone=…", "complain": " --words '…'", "claim": " --words '…'"}
    run.__doc__ = (
        f"{KINDS[kind]}\n\n"
        "The request is written down, and taken as far as it goes without a person.\n\n"
        "\b\nExample:\n"
        f"  ombud request {kind} --subject email=bo@lindnas.example{example.get(kind, '')} --by KL\n"
    )
    asked: Callable[..., int] = run
    filing = () if kind in ONE_BY_ONE else FILING
    for option in reversed((*ASKING, *BESIDE.get(kind, ()), *filing)):
        asked = option(asked)
    return click.command(kind, short_help=KINDS[kind])(options(asked))


_OF_A_FILE = ("skip_wrong", "approve", "choices", "allow", "out", "sent", "forms")
"""Options that say nothing of one person's request."""


def _take(session: Session, kind: str, said: Mapping[str, Any]) -> int:
    if bool(said["subjects"]) == bool(said.get("file")):
        one = "--subject" if kind in ONE_BY_ONE else "--subject, or --file for many"
        raise click.UsageError(f"Missing option: {one}.")
    if said.get("file"):
        if said.get("to"):
            raise click.UsageError("--to does not go with --file.")
        return take_file(session, kind, said)
    if given := [name for name in _OF_A_FILE if said.get(name)]:
        raise click.UsageError(f"--{given[0].replace('_', '-')} goes with --file.")
    from ombud.app.requests.desk import Asked, open_desk
    from ombud.app.requests.receiving import Incoming, identify, receive
    from ombud.rights.model import RequestKind

    desk = open_desk(session.loaded())
    settings, words, to = said.get("settings", ()), said.get("words", ""), said.get("to", "")
    asked = Asked(said["subjects"], settings, words, said["address"], said["way"], to=to)
    incoming = Incoming(
        RequestKind(kind),
        asked,
        said["received"],
        said["company"],
        said.get("purposes", ()),
        said["language"],
        said.get("ground", ""),
        said["protected"],
    )
    opened = receive(desk, incoming, said["by"])
    if said["proof"]:
        identify(desk, opened, shown(said["proof"], said["how"], said["by"], said["second"]), said["by"])
    return on(session, desk, opened, said["by"])


for _kind in KINDS:
    request.add_command(_asking(_kind))
for _command in (*COMMANDS, letter, transfer, rules, batch):
    request.add_command(_command)
