"""What a notice that a restriction ends comes to, at the terminal: what was noted, and what it means for the case."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ombud.cli.command import Session

if TYPE_CHECKING:
    from ombud.app.requests.desk import Desk, Opened


def say_notice(session: Session, desk: Desk, opened: Opened, how: str, by: str) -> dict[str, Any]:
    """Tell it, and give it as data: who was told, when and how; what may be used again from when; what is left then."""
    from dataclasses import replace

    from ombud.rights.guards import in_the_way
    from ombud.rights.model import Restriction, State
    from ombud.terms import Act

    say, today = session.speaker, desk.today()
    lifts = today + timedelta(days=1)
    restricted = [mark for mark in desk.loaded.marks() if mark.request == opened.id and mark.act is Act.RESTRICTED]
    purposes = sorted({mark.purpose or "everything" for mark in restricted})
    left = in_the_way(replace(opened.request, restriction=Restriction.LIFTED))
    say.line((opened.id, "bold"), f": noted on {today.isoformat()} by {by}: the person who asked was told by {how}")
    say.line(f"that the restriction ends; it held {', '.join(purposes)}.", indent=2)
    if opened.request.state in (State.DELIVERED, State.REFUSED, State.WITHDRAWN):
        say.line(f"It is lifted from {lifts.isoformat()} on, not on the same day: ombud request work", indent=2)
        say.line("Then it is closed." if not left else f"Then it waits still: {'; '.join(left)}.", indent=2)
    elif opened.request.state is State.CLOSED:
        say.line(f"It is lifted from {lifts.isoformat()} on, not on the same day: ombud request work", indent=2)
    else:
        say.line(f"It is lifted once the request is answered, and not before {lifts.isoformat()}.", indent=2)
    return {
        "notice": {
            "to": "person",
            "how": how,
            "by": by,
            "day": today.isoformat(),
            "purposes": purposes,
            "lifts_from": lifts.isoformat(),
            "left": list(left),
        }
    }
