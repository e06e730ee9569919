"""The marks of a request, each moment's set once, whoever is killed in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ombud.app.loaded import Loaded
from ombud.app.marking import Wish, mark_for_request
from ombud.app.requests.desk import Desk, Opened
from ombud.app.requests.looking import subjects_of
from ombud.app.standing_marks import standing_marks
from ombud.policy.model import OnErasure
from ombud.rights.commands import When
from ombud.rights.decisions import Decision, choose, waiting
from ombud.rights.events import Decided
from ombud.rights.grounds import Keeps
from ombud.rights.measures import Measures, measures
from ombud.rights.model import State
from ombud.terms import Act, Finding, IdRef

NOTHING_HELD = "nothing is held for it"
"""Why nobody has to choose about a purpose: of this person, no datum stands on it."""

UNDECIDED = frozenset({State.COLLECTING, State.REVIEW, State.DECISION})


def measures_of(desk: Desk, opened: Opened, *, anew: bool = False) -> Measures:
    """What the request comes to, with what a handler has chosen where the rules leave a choice; `anew`: without.

    While a reopened request is looked at anew, what was chosen holds; that nothing was held is to be seen again.
    """
    found = measures(opened.request, desk.loaded.policy, _objected(desk.loaded, opened))
    said_before = () if anew else opened.note(Decided).get("chosen", ())
    chosen = {
        (each["company"], each["purpose"]): each
        for each in said_before
        if each["reason"] != NOTHING_HELD or opened.request.state not in UNDECIDED
    }
    decisions = tuple(
        choose(each, OnErasure(said["outcome"]), said["reason"], Keeps(said["keeps"]) if said.get("keeps") else None)
        if (said := chosen.get((each.company, each.purpose))) and each.outcome is OnErasure.REVIEW
        else each
        for each in found.decisions
    )
    return replace(found, decisions=decisions)


def open_choices(desk: Desk, opened: Opened) -> tuple[Decision, ...]:
    """The purposes that wait for a handler."""
    return waiting(measures_of(desk, opened).decisions)


def set_marks(desk: Desk, opened: Opened, when: When) -> tuple[Finding, ...]:
    """Set the marks of this moment that are not set yet; which sources have not acknowledged them."""
    wanted = measures_of(desk, opened).marks(when, desk.loaded.policy)
    wishes = [
        Wish(
            mark.act,
            subjects_of(opened),
            mark.purpose,
            mark.company,
            ground=mark.ground,
            every_purpose=True,
            request=opened.id,
            allows=mark.allows,
            review=mark.review,
        )
        for mark in wanted
    ]
    return mark_for_request(desk.loaded, wishes)[1] if wishes else ()


def _objected(loaded: Loaded, opened: Opened) -> Sequence[str]:
    """The purposes to which an objection of the person stands, by an earlier round of this request too."""
    digest, _ = loaded.keys()
    named = (text.partition("=") for text in opened.asked.subjects if "=" in text)
    refs = {IdRef(kind, digest(kind, value)) for kind, _, value in named}
    every = tuple({purpose: None for own in loaded.policy.purposes.values() for purpose in own})
    found: list[str] = []
    for each in standing_marks(loaded.marks(), loaded.today()):
        mark = each.mark
        if mark.act is Act.OBJECTED and each.undone is None and mark.refs & refs:
            found += [mark.purpose] if mark.purpose else every
    return tuple(dict.fromkeys(found))
