"""Requests as data: what the commands answer with `--format json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ombud.app.requests.desk import Desk, Opened
    from ombud.app.requests.working import Worked
    from ombud.rights.deadlines import Deadline


def case_open(state: object) -> bool:
    """Whether a request in this state still has something to be done by a day."""
    return str(state) not in ("closed", "withdrawn", "delivered")


def told_one(desk: Desk, opened: Opened, due: Deadline) -> dict[str, Any]:
    from ombud.app.requests.marks import measures_of
    from ombud.rights.guards import in_the_way

    request = opened.request
    return told_case(request, due) | {
        "company": request.company,
        "purposes": list(request.purposes),
        "language": request.language,
        "proof": request.proof.value,
        "protected": request.protected,
        "parts": {source: part.value for source, part in request.parts.items()},
        "restriction": request.restriction.value,
        "extended": request.extended_on.isoformat() if request.extended_on else None,
        "answered": request.answered.isoformat() if request.answered else None,
        "answered_in_part": request.answered_in_part.isoformat() if request.answered_in_part else None,
        "verdict": request.verdict.value if request.verdict else None,
        "recipients": {name: each.told.value for name, each in request.tellings.items()},
        "transfers": {name: each.told.value for name, each in request.transfers.items()},
        "in_the_way": list(in_the_way(request)),
        "reasons": [dict(each) for each in due.reasons],
        "decisions": [
            {
                "company": each.company,
                "purpose": each.purpose,
                "outcome": each.outcome.value,
                "article": each.article,
                "statutes": list(each.statutes),
            }
            for each in measures_of(desk, opened).decisions
        ],
    }


def transfers_said(opened: Opened) -> list[str]:
    """What became of each transfer to another controller, in words, and of one that nobody has begun."""
    said = {"open": "not taken over yet: ombud request work", "told": "handed over"}
    found = []
    for to, each in opened.request.transfers.items():
        found.append(
            f"to {to}: {said.get(each.told.value, 'not handed over')}" + (f" ({each.words})" if each.words else "")
        )
    if (to := opened.asked.to) and to not in opened.request.transfers:
        found.append(f"to {to}: asked for: ombud request transfer")
    return found


def told_case(request: Any, due: Deadline) -> dict[str, Any]:
    return {
        "id": request.id,
        "kind": request.kind.value,
        "state": request.state.value,
        "received": request.received.isoformat(),
        "answer_by": due.act_by.isoformat(),
        "due": due.due.isoformat(),
        "due_if_eves": due.due_if_eves.isoformat(),
        "days_left": due.days_left,
        "overdue": due.overdue and case_open(request.state),
    }


def told_work(worked: Worked) -> dict[str, Any]:
    done = {
        source: {
            "deleted": {name: table.deleted for name, table in each.tables.items() if table.deleted},
            "blanked": {
                name: sum(table.blanked.values()) for name, table in each.tables.items() if any(table.blanked.values())
            },
            "complete": each.complete,
        }
        for source, each in worked.done.items()
    }
    said: dict[str, Any] = {"done": done}
    if worked.looked is not None:
        extract = worked.looked.extract
        said |= {"records": len(extract.records), "perhaps": extract.perhaps, "proposals": worked.looked.review.open}
    return said


def happened(each: Any) -> dict[str, Any]:
    return {"number": each.number, "day": each.day.isoformat(), "what": each.kind, "by": each.actor}
