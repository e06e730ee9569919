"""Whether an answer that is put together now says all that there is (spec/requests.md §2, laws 1 and 2).

It is read anew after the decision, weeks after it perhaps: a source may be away by then, and there may be rows and
texts that nobody has looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from ombud.app.requests.deciding import written
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.looking import ANSWERS, Looked, unread
from ombud.app.requests.many import Happening, happen_each
from ombud.app.requests.waits import OMBUD
from ombud.rights.events import Reopened, Reviewed
from ombud.rights.model import State
from ombud.rights.others import Decision
from ombud.terms import Finding, Level, Place

SHOWN = 20
"""Requests that are told by their ids."""


def away(ids: Sequence[str], sources: Sequence[str], level: Level = Level.WARNING) -> Finding:
    """C230: these answers wait until everything can be read again."""
    message = f"{_listed(ids)}: {', '.join(sources)} cannot be read now, and the answer would lack what is held there"
    return Finding("C230", Place("request"), message, "once it can be read: ombud request work", level)


def lacks(opened: Opened, looked: Looked | None) -> tuple[str, ...]:
    """The sources that an answer put together now would leave out. Of one that was given already, none."""
    if looked is None or opened.request.state is not State.CARRIED_OUT:
        return ()
    return tuple(sorted(unread(looked)))


def unseen(opened: Opened, looked: Looked) -> tuple[str, ...]:
    """The sources in which somebody has to look at what was not there when the answer was decided."""
    if opened.request.kind not in ANSWERS or opened.request.state not in (State.CARRYING_OUT, State.CARRIED_OUT):
        return ()
    left_out = frozenset(opened.note(Reviewed).get("left_out", ()))
    rows = {each.row.source for each in looked.doubts if written(each.row) not in left_out}
    texts = {
        cell.source
        for cell, known in looked.review.cells.items()
        if any(each.decision is Decision.OPEN for each in known.proposals)
    }
    return tuple(sorted((rows | texts) & opened.request.parts.keys()))


def look_again(desk: Desk, every: Sequence[tuple[Opened, Sequence[str]]]) -> tuple[Opened, ...]:
    """Take requests back to collecting, each for the sources in which somebody has to look; what waits is discarded."""
    with told(), desk.store.transaction():
        desk.store.discard_answers_of([opened.id for opened, _ in every], desk.today())
        back = [Happening(opened, tuple(map(Reopened, sources))) for opened, sources in every]
        return happen_each(desk, back, OMBUD)


def to_look_at(ids: Sequence[str]) -> Finding:
    """C231: something came to these since they were decided."""
    message = f"{_listed(ids)}: since it was decided something came that somebody has to look at"
    return Finding("C231", Place("request"), message, "ombud request work, then: ombud request show", Level.WARNING)


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(ids[:SHOWN]) + (", …" if len(ids) > SHOWN else "")
