"""`ombud sql`: what would run on an engine that ombud does not run on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ombud.cli.command import Session, options

if TYPE_CHECKING:
    from ombud.sql.compiled.source import Said
    from ombud.sql.compiled.targets import Target

DIALECTS = ("sqlserver", "oracle", "snowflake", "bigquery", "trino", "databricks", "redshift")


@click.command()
@options
@click.argument("source", metavar="SOURCE")
@click.option("--dialect", type=click.Choice(DIALECTS), required=True, help="Which engine it is said to.")
@click.option("--table", metavar="T", help="Only what is about this table.")
def sql(session: Session, source: str, dialect: str, table: str | None) -> int:
    """Show the SQL that would run on an engine that ombud does not run on: compiled, not run.

    The columns' types come from the source's live database, which is only read. Each statement is read back in the
    engine's grammar and compared with what was built; what cannot be said is refused, with the reason.

    \b
    Examples:
      ombud sql crm --dialect snowflake
      ombud sql crm --dialect sqlserver --table invoice
    """
    from ombud.app.compiling import compiled, refusals, target_of

    say = session.speaker
    target = target_of(dialect)
    loaded = session.loaded()
    found = list(compiled(loaded, source, target, table))
    refused = refusals(loaded, source, target, found)
    if not say.json:
        click.echo(text(source, target, found), nl=False)
    say.findings(refused)
    told = [
        {"step": e.step.name, "says": e.step.says, "table": e.table, "sql": e.text, "refused": e.refused} for e in found
    ]
    say.answer({"source": source, "engine": target.title, "beware": target.beware, "statements": told,
                "findings": say.told(refused)})  # fmt: skip
    return 1 if refused else 0


def text(source: str, target: Target, found: list[Said]) -> str:
    """All of it as one file of SQL, which says first what it is."""
    from ombud.cli.say import clean

    lines = [f"-- Compiled, not run: what ombud would run for {source} on {target.title}, were it to run there.",
             "-- Not here, for Python does it: who has which identifier, what marks say, locks."]  # fmt: skip
    lines += [f"-- {each}" for each in target.beware]
    step = None
    for each in found:
        if each.step != step:
            step = each.step
            lines += ["", f"-- {step.name}: {step.says}"]
        lines += ["", each.text or f"-- {each.table}: refused: {each.refused}"]
    whole = "\n".join(lines) + "\n"
    shown = clean(whole, lines=True)
    note = "-- A \ufffd stands for a character that no terminal shows; --format json has it.\n"
    return shown if shown == whole else note + shown
