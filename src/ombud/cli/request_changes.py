"""A correction at the terminal: what stands there and what is to, for the handler who asks by their sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ombud.cli.command import Session

if TYPE_CHECKING:
    from ombud.app.requests.desk import Desk, Opened
    from ombud.app.requests.rectifying import Change

HIDDEN = "•••"
"""What stands in a value's place for whoever does not say who they are."""
TOLD = ("row", "cell", "before", "after", "removes", "done")
"""What is told of a cell as data."""


def say_changes(session: Session, desk: Desk, opened: Opened, by: str | None, *, sees: bool) -> dict[str, Any]:
    """The cells of a correction, and the same as data under `corrections`; nothing of any other request.

    Values are shown to who gives a sign; of a protected identity nobody but who is named sees even which cells.
    """
    from ombud.app.loaded import Refused
    from ombud.app.requests.rectifying import changes
    from ombud.app.words import count
    from ombud.rights.model import RequestKind

    say = session.speaker
    if opened.request.kind is not RequestKind.RECTIFY:
        return {}
    if not sees:
        cells = len(opened.asked.settings)
        say.line((f"{count(cells, 'cell')} to be corrected: shown to who is named.", "dim"), indent=2)
        return {"corrections": [dict.fromkeys(TOLD)] * cells}
    try:
        found = changes(desk, opened)
    except Refused as refusal:
        say.findings(refusal.findings)
        return {}
    shown = by is not None
    rows = [(each.row, each.cell, *_words(each, shown=shown), "done" if each.done else "·") for each in found]
    say.table(("row", "cell", "stands there" if not all(e.done for e in found) else "stood there", "is to", ""), rows)
    if not shown and not all(each.wiped for each in found):
        say.line(("Values are shown to who asks with --by SIGN.", "dim"), indent=2)
    return {"corrections": [_told(each, shown=shown) for each in found]}


def say_words(session: Session, opened: Opened, by: str | None, *, sees: bool) -> dict[str, Any]:
    """What an open complaint or claim is about, to who gives a sign and may see it; the same as data under `words`."""
    from ombud.rights.model import RequestKind, State

    request = opened.request
    if request.kind not in (RequestKind.COMPLAIN, RequestKind.CLAIM) or request.state is State.CLOSED or not sees:
        return {}
    if by is None:
        session.speaker.line(("What it is about is shown to who asks with --by SIGN.", "dim"), indent=2)
        return {"words": None}
    session.speaker.line(("in their words: ", "dim"), opened.asked.words, indent=2)
    return {"words": opened.asked.words}


def _told(each: Change, *, shown: bool) -> dict[str, Any]:
    removes = each.after is None and not each.wiped
    before, after = (each.before, each.after) if shown else (None, None)
    return dict(zip(TOLD, (each.row, each.cell, before, after, removes, each.done), strict=True))


def _words(each: Change, *, shown: bool) -> tuple[str, str]:
    """Before and after, in words where there is no value."""
    if each.wiped:
        return "kept no more", "kept no more"
    after = "removed" if each.after is None else each.after if shown else HIDDEN
    if each.before is None:
        return "not looked at yet", after
    return ("nothing" if not each.before else each.before if shown else HIDDEN), after
