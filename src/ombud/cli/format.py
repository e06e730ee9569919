"""`ombud format`: a project's files in one form."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import click

from ombud.cli.command import Session, options


@click.command("format")
@options
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--check", is_flag=True, help="Write nothing; exit 1, with the difference, if a file has another form.")
def format_files(session: Session, files: tuple[Path, ...], check: bool) -> int:
    """Give the policy, the maps and ombud.yaml one form: how far keys stand in, where lines end.

    Comments and order stay, and so does what a file says. What stands in brackets with a comment inside stays as it is,
    and so does a file of JSON; a file that has something no form is known for is told (C083), and left whole.

    \b
    Examples:
      ombud format
      ombud format datamap/crm.yaml
      ombud format --check
    """
    from ombud.app.formatting import Formed, formed, of_project, write
    from ombud.terms import Finding, Level

    say, changed, told = session.speaker, list[str](), list[Finding]()
    for each in formed([*files] or of_project(session.directory)):
        if not isinstance(each, Formed):
            told.append(each)
        elif not each.same:
            changed.append(str(each.path))
            if not check:
                write(each)
                say.line(f"{each.path} is formatted.")
            elif not say.json:
                before, after = each.before.splitlines(keepends=True), each.after.splitlines(keepends=True)
                click.echo("".join(unified_diff(before, after, str(each.path), "formatted")), nl=False)
    say.findings(told)
    if not changed:
        say.line("Every file has its form." if not told else "Every other file has its form.")
    say.answer({"changed": changed, "findings": say.told(told)})
    return 1 if (check and changed) or any(each.level is Level.ERROR for each in told) else 0
