"""What commands have in common: where the project is, how to answer, and no traceback for a user's mistake."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ombud.app.loaded import Loaded, Surroundings
    from ombud.cli.say import Speaker


def day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    """A calendar day from its text, YYYY-MM-DD."""
    if value is None:
        return None
    from ombud.policy.shape import day as calendar_day
    from ombud.terms import FIRST_DAY, LAST_DAY

    found = calendar_day(value)
    if found is None:
        raise click.BadParameter(f"{value[:20]!r} is not a day; write YYYY-MM-DD, such as 2026-11-02")
    if not FIRST_DAY <= found <= LAST_DAY:
        raise click.BadParameter(f"{value} is not between {FIRST_DAY.isoformat()} and {LAST_DAY.isoformat()}")
    return found


@dataclass
class Session:
    """What a command gets: the project's directory, somebody to say it, and what it takes from outside.

    `named`: the directory was said, so the next command has to say it too.
    """

    directory: Path
    speaker: Speaker
    around: Surroundings
    named: bool = False

    def loaded(self, *, all_findings: bool = False) -> Loaded:
        """The project, read and without errors; else these are said (all findings, if asked) and the command ends."""
        from ombud.app.loaded import Refused, load
        from ombud.terms import Level

        found, findings = load(self.directory, self.around)
        if found is None:
            raise Refused(*(f for f in findings if all_findings or f.level is Level.ERROR))
        return found

    def typed(self, *words: str | Path) -> str:
        """A command as it is typed from where the user is."""
        here = Path.cwd()
        paths = (w.absolute() if isinstance(w, Path) else w for w in words)
        near = (str(w.relative_to(here)) if isinstance(w, Path) and w.is_relative_to(here) else str(w) for w in paths)
        return shlex.join(("ombud", *near, *(("--project", str(self.directory)) if self.named else ())))


def options(command: Callable[..., int]) -> Callable[..., None]:
    """Give a command `--project` and `--format`; it takes a Session first and gives its exit code."""

    @click.option(
        "-C",
        "--project",
        "directory",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="The directory of ombud.yaml; else this one, or the nearest above that has one.",
    )
    @click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How to answer.",
    )
    @click.pass_context
    def run(ctx: click.Context, /, directory: Path | None, form: str, **rest: Any) -> None:
        from ombud.cli.say import Speaker

        for name, value in rest.items():
            if not all(_is_text(each) for each in (value if isinstance(value, tuple) else (value,))):
                raise click.BadParameter(
                    "this is not text: the terminal sent bytes that are not UTF-8", param_hint=name
                )
        speaker = Speaker(json=form == "json", here=Path.cwd())
        ctx.exit(_guarded(speaker, directory, ctx.obj, command, rest))

    run.__doc__ = command.__doc__
    run.__name__ = command.__name__
    run.__dict__.update(
        {"__click_params__": run.__dict__["__click_params__"] + getattr(command, "__click_params__", [])}
    )
    return run


def _is_text(value: object) -> bool:
    """Whether it can be written down: a byte that is not UTF-8 arrives as a lone surrogate."""
    return not isinstance(value, str) or not any("\ud800" <= c <= "\udfff" for c in value)


def _guarded(
    speaker: Speaker, directory: Path | None, around: Surroundings | None, command: Callable[..., int], rest: Any
) -> int:
    from ombud.app.loaded import Refused
    from ombud.app.opening import surroundings
    from ombud.app.project import find

    try:
        chosen = directory if directory is not None else find(Path.cwd())
        speaker.project = chosen
        return command(Session(chosen, speaker, around or surroundings(), directory is not None), **rest)
    except Refused as refusal:
        speaker.refuse(refusal.findings)
        return 1
    except OSError as error:
        speaker.stop(error)
        return 1
