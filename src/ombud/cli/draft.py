"""`ombud draft`: a policy from systems that somebody described in fideslang."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, options

if TYPE_CHECKING:
    from ombud.datamap.declarations.draft import Draft


@click.command()
@options
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the draft goes, - for standard output; else to the project's policy.",
)
@click.option("--force", is_flag=True, help="Overwrite a policy that is there.")
def draft(session: Session, files: tuple[Path, ...], out: Path | None, force: bool) -> int:
    """Draft a policy from systems in fideslang: why data is held, on which basis, for how long, who gets it.

    Each privacy declaration becomes a purpose; equal ones become one. What is guessed or left out says so on its line.
    `check` refuses the draft until you have said what fideslang cannot: moments, agreements, regions, zone, companies.

    \b
    Examples:
      ombud draft systems.yml --out -
      ombud draft systems.yml --out drafted/group.yaml
      ombud draft systems.yml crm_dataset.yml --format json
      ombud draft .fides --out drafted/group.yaml --force
    """
    from ombud.app import drafting
    from ombud.app.discovering import around

    say = session.speaker
    found = drafting.files_of(files)
    to = out or drafting.place_of(session.directory)
    told = str(to) == "-" or say.json
    if not told:
        drafting.refuse_what_is_there(to, found, force)
    made = drafting.drafted(found, around(session.directory).vocabulary)
    if say.json:
        say.answer(drafting.as_json(made))
        return 0
    text = drafting.text_of(made, found)
    if told:
        click.echo(text, nl=False)
        return 0
    drafting.write(to, text)
    _sum_up(session, made, text, to)
    return 0


def _sum_up(session: Session, made: Draft, text: str, to: Path) -> None:
    from ombud.app.drafting import refused
    from ombud.datamap.declarations.written import SAID

    say = session.speaker
    declared = sum(len(each.origins) for each in made.purposes.values())
    say.line(f"{declared} privacy declarations came to {len(made.purposes)} purposes.")
    for key, source in made.sources.items():
        say.line(f"{key}: its map's purposes: {', '.join(source.purposes)}")
    if made.homeless:
        say.line(("Of no dataset: ", "yellow"), ", ".join(made.homeless), ".")
    say.line((f"Written to {to}. {text.count(SAID) - 1} places with `{SAID}` say what was guessed or left out.", "dim"))
    check = session.typed("check")
    say.line((f"Next: {check} names what it refuses ({refused(text)} errors): each is yours to decide.", "dim"))
