"""`ombud models`: the data map that an application's models say beside their columns."""

from __future__ import annotations

import importlib
import sys
from contextlib import redirect_stdout
from difflib import unified_diff
from pathlib import Path
from typing import Any

import click

from ombud.cli.command import Session, options

MADE = "# Made from "
"""How a map begins that was made from models: another is somebody's work, and is not overwritten."""


@click.command()
@options
@click.argument("module", metavar="[MODULE[:NAME]]", required=False)
@click.option("--django", metavar="SETTINGS", help="The models of a Django project, by its settings' module.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="The map to write.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1, with the difference, if FILE says otherwise.")
def models(session: Session, module: str | None, django: str | None, out: Path | None, check: bool) -> int:
    """Make the data map that models of SQLAlchemy or Django say beside their columns.

    MODULE is imported as Python does from this directory; NAME is its declarative base or metadata, and need not be
    said where there is one. What no model says is not guessed: tables that say nothing are refused.

    \b
    Examples:
      ombud models shop.models --out datamap/shop.yaml
      ombud models shop.models:Base --out datamap/shop.yaml --check
      ombud models --django shop.settings --out datamap/shop.yaml
    """
    from ombud.app.loaded import Refused
    from ombud.integrations.declared import Unsaid
    from ombud.terms import Finding, Place

    if (module is None) == (django is None):
        raise click.UsageError("say which models: MODULE of SQLAlchemy's, or --django SETTINGS")
    if check and out is None:
        raise click.UsageError("--check compares with a file: say --out FILE")
    try:
        with redirect_stdout(sys.stderr):  # an application may speak while it is imported
            text = _text(module, django)
    except Unsaid as error:
        raise Refused(*error.findings) from None
    say = session.speaker
    if out is None:
        if say.json:
            say.answer({"map": text})
        else:
            click.echo(text, nl=False)
        return 0
    before = out.read_text(encoding="utf-8", errors="replace") if out.exists() else ""
    if before == text:
        say.line(f"{out} is what the models say.")
        say.answer({"file": str(out), "changed": False})
        return 0
    if check:
        difference = "".join(unified_diff(before.splitlines(True), text.splitlines(True), str(out), "the models"))
        if not say.json:
            click.echo(difference, nl=False)
        raise Refused(
            Finding("C082", Place(str(out)), "the map is not what the models say", "run it again without --check")
        )
    if before and not before.startswith(MADE):
        raise Refused(
            Finding("C075", Place(str(out)), "there is a map already, not made from models", "--out elsewhere")
        )
    out.write_text(text, encoding="utf-8")
    say.line(f"Written to {out}.")
    say.line((f"Next: {session.typed('check', '--live')} says which columns no model speaks of.", "dim"))
    say.answer({"file": str(out), "changed": True})
    return 0


def _text(module: str | None, django: str | None) -> str:
    """The map's text, from code that is imported. Raises Unsaid and Refused."""
    from ombud.app.loaded import Refused
    from ombud.integrations.declared import Unsaid
    from ombud.terms import Finding, Place

    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    name = django or (module or "").partition(":")[0]
    try:
        if django:
            from ombud.integrations.django import map_of as of_django

            return of_django(django)
        imported = importlib.import_module(name)
    except Unsaid:
        raise
    except (Exception, SystemExit) as error:  # whatever the application's own code raises
        # What other errors say may hold an address with its password.
        said = f": {error}" if isinstance(error, ImportError | SyntaxError) else ""
        message = f"it cannot be imported ({type(error).__name__}{said})"
        hint = "run it where Python finds the application; `python -c` with its import says more"
        raise Refused(Finding("C079", Place(name), message, hint)) from None
    from ombud.integrations.sqlalchemy import map_of

    return map_of(_base(imported, (module or "").partition(":")[2]), name)


def _base(imported: Any, name: str) -> Any:
    """The declarative base, or the metadata, that is called so; without a name, the only one."""
    import sqlalchemy as sa
    from sqlalchemy.orm import DeclarativeBase

    from ombud.app.loaded import Refused
    from ombud.terms import Finding, Place

    def fits(value: Any) -> bool:
        return isinstance(value, sa.MetaData) or (
            isinstance(value, type) and DeclarativeBase in value.__bases__ and value is not DeclarativeBase
        )

    known = {each: value for each, value in vars(imported).items() if fits(value)}
    if name and (value := vars(imported).get(name)) is not None and (fits(value) or hasattr(value, "metadata")):
        return value
    if not name and len(known) == 1:
        return next(iter(known.values()))
    message = f"there is no {name}" if name else f"there are {len(known)} declarative bases and metadata"
    hint = f"say MODULE:NAME; there are: {', '.join(known) or 'none'}"
    raise Refused(Finding("C079", Place(imported.__name__), message, hint))
