"""The marks of a request, each moment's set once, whoever is killed in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ombud.app.loaded import Loaded
from ombud.app.marking import Reach, Wish, mark_for_requests
from ombud.app.requests.called import called, not_theirs
from ombud.app.requests.desk import Desk, Opened
from ombud.app.requests.looking import map_for
from ombud.app.standing_marks import StandingMark, standing_marks
from ombud.app.whom import whom
from ombud.policy.model import OnErasure
from ombud.rights.commands import When
from ombud.rights.decisions import Decision, choose, waiting
from ombud.rights.events import Decided
from ombud.rights.grounds import Keeps, says_no
from ombud.rights.measures import Measures, measures
from ombud.rights.model import RequestKind, State
from ombud.terms import TRACK_OF, Act, Finding, IdRef, Mark, Ref

NOTHING_HELD = "nothing is held for it"
"""Why nobody has to choose about a purpose: of this person, no datum stands on it."""

UNDECIDED = frozenset({State.COLLECTING, State.REVIEW, State.DECISION})


@dataclass(frozen=True, slots=True)
class Objected:
    """The purposes to which an objection stands, and those of them to which the person has said no by themselves."""

    standing: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def measures_of(desk: Desk, opened: Opened, objected: Objected | None = None, *, anew: bool = False) -> Measures:
    """What the request comes to, with what a handler has chosen where the rules leave a choice; `anew`: without.

    While a reopened request is looked at anew, what was chosen holds; that nothing was held is to be seen again.
    `objected`: what `objections` says of it, where that is known already.
    """
    if objected is None:
        (objected,) = objections(desk.loaded, [opened]) if opened.request.kind is RequestKind.ERASE else (Objected(),)
    found = measures(opened.request, desk.loaded.policy, objected.standing, said_no=objected.said)
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
    return set_marks_of_each(desk, [opened], when)


def set_marks_of_each(desk: Desk, every: Sequence[Opened], when: When) -> tuple[Finding, ...]:
    """The same for several: one transaction of the register, and one acknowledgement of each source.

    Before anything is carried out each source acknowledges what marks there are, also where these requests set none.
    """
    said = objections(desk.loaded, every)
    wishes = [
        Wish(
            mark.act,
            purpose=mark.purpose,
            company=mark.company,
            ground=mark.ground,
            every_purpose=True,
            request=opened.id,
            allows=mark.allows,
            review=mark.review,
        )
        for opened, objected in zip(every, said, strict=True)
        for mark in measures_of(desk, opened, objected).marks(when, desk.loaded.policy)
    ]
    if not wishes and when is not When.DECIDED:
        return ()
    of = {opened.id: opened for opened in every}
    return mark_for_requests(desk.loaded, wishes, lambda ids: _reached(desk, [of[id] for id in sorted(ids)]))


def _reached(desk: Desk, every: Sequence[Opened]) -> Mapping[str, Reach]:
    """Whom the marks of these reach: as it was written down when they were begun, else as it is now."""
    found = {each.id: called(each).refs for each in every if each.request.begun}
    for protected in (False, True):
        fresh = [each for each in every if not each.request.begun and each.request.protected is protected]
        people = whom(map_for(desk, protected=protected), list(map(called, fresh)), former=not protected)
        found |= {each.id: person.refs for each, person in zip(fresh, people, strict=True)}
    return {each.id: Reach(found[each.id], not_theirs(each)) for each in every}


def objections(loaded: Loaded, every: Sequence[Opened]) -> tuple[Objected, ...]:
    """Of each, the purposes to which an objection of the person stands, by an earlier round of this request too.

    One that this request alone has set aside stands for it: it is set anew once that is carried out.
    """
    digest, _ = loaded.keys()
    track = [mark for mark in loaded.marks() if TRACK_OF[mark.act] is TRACK_OF[Act.OBJECTED]]
    request_of = {mark.seq: mark.request for mark in track}
    of: dict[Ref, list[StandingMark]] = defaultdict(list)
    for each in standing_marks(track, loaded.today()):
        if each.mark.act is Act.OBJECTED:
            for ref in each.mark.refs:
                of[ref].append(each)
    purposes = tuple({purpose: None for own in loaded.policy.purposes.values() for purpose in own})

    def purposes_of(standing: Sequence[Mark]) -> tuple[str, ...]:
        return tuple({name: None for mark in standing for name in ((mark.purpose,) if mark.purpose else purposes)})

    def of_one(opened: Opened) -> Objected:
        named = (text.partition("=") for text in opened.asked.subjects if "=" in text)
        known = {
            each.mark.seq: each for kind, _, value in named for each in of.get(IdRef(kind, digest(kind, value)), ())
        }
        standing = [
            each.mark
            for _, each in sorted(known.items())
            if each.undone is None or request_of[each.undone] == opened.id
        ]
        own_words = [mark for mark in standing if mark.request != opened.id and says_no(mark.ground)]
        return Objected(purposes_of(standing), purposes_of(own_words))

    return tuple(map(of_one, every)) if of else (Objected(),) * len(every)
