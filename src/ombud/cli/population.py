"""`ombud population`: the population register, asked by a number that is read and never typed on the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, options
from ombud.cli.request_identity import BY

if TYPE_CHECKING:
    from ombud.adapters.population_by_hand import ByHand
    from ombud.rights.population import Entry


@click.group()
def population() -> None:
    """Ask the population register that `population` in ombud.yaml names, or type in what the tax agency said.

    A number is read from standard input, so that it stands in no history and in no list of processes. No name and no
    address is shown: for a delivery, `ombud request address` looks them up and puts them on the letter.

    \b
    Examples:
      ombud population look-up --by KL
      ombud population type --by KL
      ombud population confirm --by AO
    """


@population.command("look-up")
@options
@BY
def look_up(session: Session, by: str) -> int:
    """Whether a number is in the register, how it stands there, and whether the identity is protected.

    \b
    Example:
      ombud population look-up --by KL
    """
    from ombud.app.population import look_up as look
    from ombud.app.population import troubled
    from ombud.rights.population import Entry

    say = session.speaker
    found = look(session.loaded(), _line("personnummer"), by)
    if found.entry is None:
        findings = (troubled(found.trouble),)
        say.findings(findings)
        say.answer({"found": None, "findings": say.told(findings)})
        return 1
    entry = found.entry if isinstance(found.entry, Entry) else None
    if entry is None:
        say.line("The register has nobody of that number.")
    else:
        say.line(entry.status.value, f", as of {entry.as_of.date().isoformat()}; ", _flags(entry))
        say.line("an address is there" if entry.address else "no address is there", indent=2)
    say.answer(
        {
            "found": entry is not None,
            "status": entry.status.value if entry else None,
            "confidential": entry.confidential if entry else None,
            "protected_registration": entry.protected_registration if entry else None,
            "address": entry.address is not None if entry else None,
            "as_of": found.entry.as_of.isoformat(),
            "findings": [],
        }
    )
    return 0


@population.command("type")
@options
@BY
def type_in(session: Session, by: str) -> int:
    """Type what the tax agency said of one person: a line of fields parted by `;`, as in the register's file.

    personnummer;name;care_of;address_1;address_2;postcode;city;country;confidential;protected_registration;status;as_of.
    A flag holds at once, name and address once somebody else has typed the same.

    \b
    Example:
      ombud population type --by KL
    """
    register, entry = _by_hand(session)
    register.type_in(entry, by)
    session.speaker.line("Kept. Somebody else types the same: ombud population confirm --by SIGN")
    session.speaker.answer({"typed": True, "findings": []})
    return 0


@population.command()
@options
@BY
def confirm(session: Session, by: str) -> int:
    """Type the same again, as somebody else: from then on, for thirty days, it is believed.

    \b
    Example:
      ombud population confirm --by AO
    """
    from ombud.adapters.population_by_hand import NotConfirmed
    from ombud.app.loaded import Refused
    from ombud.terms import Finding, Place

    register, entry = _by_hand(session)
    try:
        register.confirm(entry, by)
    except NotConfirmed as error:
        hint = "type what the tax agency says, each by themselves"
        raise Refused(Finding("C179", Place("population"), str(error), hint)) from None
    session.speaker.line("Confirmed.")
    session.speaker.answer({"confirmed": True, "findings": []})
    return 0


def _by_hand(session: Session) -> tuple[ByHand, Entry]:
    from ombud.adapters.population_file import COLUMNS, line_of
    from ombud.app.loaded import Refused
    from ombud.app.population import by_hand
    from ombud.app.project import Population
    from ombud.rights.population import Entry
    from ombud.terms import Finding, Place

    loaded = session.loaded()
    if loaded.project.population is not Population.BY_HAND:
        hint = "write `population: by_hand`"
        raise Refused(Finding("C179", Place("ombud.yaml"), "nobody types entries in this project", hint))
    entry = line_of(_line(";".join(COLUMNS)))
    if not isinstance(entry, Entry):
        raise Refused(Finding("I001", Place("-", 1, 1), entry.why, entry.hint))
    return by_hand(loaded), entry


def _line(prompt: str) -> str:
    """One line of standard input; at a terminal it is asked for, and does not show."""
    if sys.stdin.isatty():
        return str(click.prompt(prompt, hide_input=True, err=True))
    return sys.stdin.readline().strip()


def _flags(entry: Entry) -> tuple[str, str]:
    if not entry.protected:
        return ("no flag, which does not say that nobody is in danger", "dim")
    names = {"sekretessmarkering": entry.confidential, "skyddad folkbokföring": entry.protected_registration}
    return ("protected: " + ", ".join(name for name, stands in names.items() if stands), "bold yellow")
