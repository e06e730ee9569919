"""`ombud discover`: a draft of a data map for a database that nobody has described."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, options

if TYPE_CHECKING:
    from ombud.datamap.guess.draft import Draft
    from ombud.datamap.guess.said import Said


FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@options
@click.argument("database", metavar="[URL|SOURCE]", required=False)
@click.option("--review", type=FILE, help="Go through the guesses of this draft, the riskiest first.")
@click.option("--out", type=FILE, help="Where the draft goes, - for standard output; else to the project's maps.")
@click.option("--source", help="What the map calls the database; else after its address.")
@click.option("--rows", type=click.IntRange(0, 10_000), default=200, show_default=True, help="Rows to read of a table.")
@click.option("--seconds", type=click.IntRange(1, 3600), default=60, show_default=True, help="How long to read.")
@click.option("--fideslang", type=FILE, help="A dataset that describes the database: it goes before guesses.")
@click.option("--dataset", metavar="KEY", help="Which dataset of that file, by its fides_key; else that of the source.")
@click.option("--force", is_flag=True, help="Overwrite a map that is there; what it calls columns is kept.")
def discover(
    session: Session,
    database: str | None,
    review: Path | None,
    out: Path | None,
    source: str | None,
    rows: int,
    seconds: int,
    fideslang: Path | None,
    dataset: str | None,
    force: bool,
) -> int:
    """Draft a data map: whom each table is about, and what its columns hold.

    Looks at the schema and at some rows of each table, which are only read and told to nobody. Every guess carries its
    reason; nothing is planned by a map as long as it holds a guess.

    \b
    Examples:
      ombud discover crm --out -
      ombud discover sqlite:///crm.db --source crm2 --out draft.yaml
      ombud discover sqlite:///crm.db --rows 50 --seconds 20 --format json
      ombud discover crm --fideslang crm_dataset.yml --out -
      ombud discover crm --fideslang crm_dataset.yml --dataset crm --out -
      ombud discover crm --review datamap/crm.yaml
    """
    if review is not None:
        from ombud.cli.discover_review import go_through

        return go_through(session, review, database)
    if database is None:
        raise click.UsageError("say which database: its address, or the name of a source; or --review FILE")
    if dataset is not None and fideslang is None:
        raise click.UsageError("--dataset says which of a file's datasets is meant: give the file with --fideslang")
    from ombud.app.discovering import Bounds, address, around, as_json, text_of, told_of
    from ombud.app.discovering import discover as found_in
    from ombud.app.loaded import Refused
    from ombud.app.project import Address
    from ombud.terms import Finding, Place

    say, of = session.speaker, around(session.directory)
    at = address(session.directory, database, session.around.environ)
    at = Address(source or at.source, at.url, at.place)
    to = out or (of.datamaps / f"{at.source}.yaml" if of.datamaps else Path(f"{at.source}.yaml"))
    told = str(to) == "-" or say.json
    if not told and to.exists() and not force:
        raise Refused(Finding("C075", Place(str(to)), "there is a map already", "--out elsewhere, or --force"))
    with say.progress() as bar:
        tasks: dict[str, object] = {}

        def step(stage: str, table: str, many: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=many)
            bar.update(tasks[stage], advance=1, description=f"{stage} {table[:30]}")  # type: ignore[arg-type]

        draft, described = found_in(at, Bounds(rows, seconds), step, fideslang, dataset)
    if say.json:
        say.answer(as_json(draft) | ({"described": told_of(described)} if fideslang else {}))
        return 0
    before = to.read_text(encoding="utf-8", errors="replace") if to.is_file() and not told else ""
    text = text_of(draft, of, before)
    if told:
        click.echo(text, nl=False)
    else:
        to.write_text(text, encoding="utf-8")
        _sum_up(session, database, draft, to)
    from ombud.cli.say import clean

    for head, rest in _described(described, fideslang) if fideslang else ():
        if told:  # standard output is the draft's
            click.echo(clean(head + rest), err=True)
        else:
            session.speaker.line((head, "yellow"), rest)
    return 0


def _described(said: Said, file: Path) -> Iterator[tuple[str, str]]:
    """What came of somebody's description, and what of it the database does not have, or is not used."""
    ways = len(said.references) + len(said.owners)
    yield "", f"{file} describes {len(said.columns)} columns and {ways} ways from table to table."
    if said.missing:
        yield "The database does not have: ", f"{_some(said.missing)}."
    if said.unused:
        why = "they lead to another dataset, or not from a column to a key or an identifier"
        yield "References that are not used: ", f"{_some(said.unused)}: {why}."


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")


def _sum_up(session: Session, database: str, draft: Draft, to: Path) -> None:
    say = session.speaker
    columns = sum(len(made.holds) for made in draft.tables.values())
    subjects = [name for name, made in draft.tables.items() if made.subject]
    lost = [n for n, made in draft.tables.items() if not made.subject and not made.way and not made.identifiers]
    say.line(
        f"{len(draft.tables)} tables seem to be about persons, {len(draft.others)} not; {columns} personal columns."
    )
    say.line(f"Persons: {', '.join(subjects) or 'no table is of persons'}.")
    if lost:
        say.line(("No path to a person yet: ", "yellow"), _some(lost), ".")
    if draft.unread:
        say.line(("Not read: ", "bold red"), _some(list(draft.unread)), ".")
    say.line((f"Written to {to}. Every line with `# guess:` waits for somebody who knows the database.", "dim"))
    # An address may hold a password: it is not said again.
    of = database if "://" not in database else "URL"
    say.line((f"Next: {session.typed('discover', of, '--review', to)} goes through them.", "dim"))
