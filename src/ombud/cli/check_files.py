"""The files that a check writes for others to read: SARIF for a code host, Markdown for a comment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ombud.cli.comment import comment as as_comment
from ombud.cli.sarif import sarif as as_sarif

if TYPE_CHECKING:
    from ombud.app.checking import Live
    from ombud.app.loaded import Loaded
    from ombud.cli.command import Session
    from ombud.terms import Finding


def refuse_others(*files: Path | None) -> None:
    """Raises Refused where one of these files is there and is not of this command's making, or all are one."""
    from ombud.app.loaded import Refused
    from ombud.terms import Finding, Place

    asked = [each for each in files if each is not None]
    if len({each.resolve() for each in asked}) < len(asked):
        raise Refused(
            Finding("C075", Place(str(asked[0])), "two files are to be written here", "give each its own name")
        )
    for each in asked:
        if each.exists() and each.stat().st_size and not _OURS.match(each.read_bytes()[:400]):
            message = "there is a file already, and it is none that `check` wrote"
            raise Refused(Finding("C075", Place(str(each)), message, "name another, or move it away"))


_OURS = re.compile(rb'### ombud: |\{\s*"\$schema": "[^"]*sarif')


def write(
    session: Session, found: Sequence[Finding], sarif: Path | None, comment: Path | None, looked: str
) -> list[str]:
    """Write the findings to the files that were asked for; which. Raises OSError."""
    told, made = session.speaker.told(found), []
    for path, text in (
        (sarif, as_sarif(told) if sarif else ""),
        (comment, as_comment(told, looked) if comment else ""),
    ):
        if path is not None:
            path.write_text(text, encoding="utf-8", errors="replace")
            made.append(str(path))
    return made


def compared(loaded: Loaded, seen: Live | None) -> str:
    """What was looked at, in a sentence."""
    if seen is None:
        return "The policy and the maps were read; no database was looked at."
    looked = [name for name in loaded.datamap.sources if name not in seen.unseen]
    what = f"the {'database' if len(looked) == 1 else 'databases'} of {', '.join(looked)}" if looked else "no database"
    missing = f" Not looked at: {', '.join(seen.unseen)}." if seen.unseen else ""
    return f"Compared with {what}.{missing}"
