"""When the desk is reminded of a request: once for each number of days before it is due, and once when it is late."""

from __future__ import annotations

from collections.abc import Iterable

from ombud.rights.deadlines import Deadline
from ombud.rights.events import Reminded
from ombud.rights.model import Request, State

DAYS = (7, 2, 0)
"""Days before a request is due on which the desk is reminded, where a house says no others."""

LATE = -1
"""Once it is late, whatever the house says."""

ANSWERED = frozenset({State.DELIVERED, State.WITHDRAWN, State.CLOSED})


def reminder(request: Request, due: Deadline, days: Iterable[int] = DAYS) -> Reminded | None:
    """What the desk is to be told of a request now; None where it was told, or nothing is near.

    Of several numbers of days that have come at once, the least is told. A day that has moved, by an extension or by a
    clock that stood still, is another day. While the clock stands still nobody is reminded.
    """
    if request.state in ANSWERED or request.answered is not None or due.standing_still:
        return None
    told = min((each.left for each in request.reminded if each.due == due.act_by), default=None)
    come = [each for each in (*days, LATE) if due.days_left <= each and (told is None or each < told)]
    return Reminded(due.act_by, min(come)) if come else None
