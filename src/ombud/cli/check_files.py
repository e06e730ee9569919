"""The files that a check writes for others to read: SARIF for a code host, Markdown for a comment."""

from __future__ import annotations

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
