"""A protected identity at the desk: who is named, and what nobody else may do or see (spec/identity.md §4)."""

from __future__ import annotations

from collections.abc import Sequence

from ombud.app.loaded import Refused
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.many import Happening, happen_each, read_each
from ombud.register.model import Case
from ombud.register.model import Protection as Said
from ombud.rights.events import FlaggedProtected
from ombud.rights.model import Request
from ombud.rights.protected import Deed, Flag, Ground, Protection
from ombud.rights.signs import sign_of
from ombud.terms import Finding, Place


def protection_of(desk: Desk, opened: Opened) -> Protection:
    """The flags that stand about whom a request is about, or may be, and who handles them by name."""
    with told():
        person = desk.store.person(opened.case.person)
        known = desk.store.protection_of([each.digest for each in person.identities]) or person.protection
    if known is not None:
        return Protection((Flag(Ground.REGISTER, known.why),), frozenset(map(sign_of, known.seen_by)))
    return Protection((Flag(Ground.DOUBT, opened.id),)) if opened.request.protected else Protection()


def may(desk: Desk, opened: Opened, deed: Deed, by: str | None) -> bool:
    """Whether `by` (a sign; None: a machine) may do it."""
    return protection_of(desk, opened).may(deed, None if by is None else sign_of(by))


def allow(desk: Desk, opened: Opened, deed: Deed, by: str | None) -> None:
    """Raises Refused (C178) where only a named handler may do it, and `by` is none; C223 where they know no rules."""
    desk.check_knows(by)
    if not may(desk, opened, deed, by):
        raise Refused(not_named(protection_of(desk, opened)))


def not_named(protection: Protection) -> Finding:
    """What anybody else is told: who is named is not."""
    named = "ask one who is named" if protection.handlers else "name one: ombud request protect ID --seen-by SIGN"
    message = "the identity is protected: only a handler who is named for this person may do it"
    return Finding("C178", Place("request"), message, named)


def may_name(desk: Desk, opened: Opened, by: str) -> bool:
    """Whether `by` may say who handles the person: anybody while nobody is named, and then who is."""
    protection = protection_of(desk, opened)
    return not protection.stands or not protection.handlers or sign_of(by) in protection.handlers


def flag_each(desk: Desk, found: Sequence[tuple[Opened, Said]], by: str) -> tuple[Opened, ...]:
    """The identities are protected from now on, and those say so and who is named: remembered of each person, and told
    of each request that does not say it yet. Answers that wait are put together anew, for they may say an address.

    Protection reaches every open request about whom one of these may be. The requests after it, in their order.
    """
    if not found:
        return ()
    with told(), desk.store.transaction():
        desk.store.protect_each({opened.case.person: protection for opened, protection in found})
        flag_others(desk, [opened.case for opened, _ in found], by)
        fresh = [opened for opened, _ in found]
        desk.store.discard_answers_of([each.id for each in fresh], desk.today())
        return happen_each(desk, [Happening(each, _unless_said(each.request)) for each in fresh], by)


def flag_others(desk: Desk, cases: Sequence[Case], by: str) -> None:
    """The protection of these requests' persons reaches the other open ones about whom they may be about: each is
    flagged and remembers who is named, and its answer is put together anew. To be called inside a transaction.
    """
    own = {case.request.id for case in cases}
    others = [each for each in desk.store.open_with({case.person for case in cases}) if each.request.id not in own]
    new = [each for each in read_each(desk, others) if not each.request.protected]
    if not new:
        return
    digests = desk.store.digests_of({each.case.person for each in new})
    known = desk.store.protections_of([digests[each.case.person] for each in new])
    bare = {each.case.person: said for each, said in zip(new, known, strict=True) if said is not None}
    for person in desk.store.protected_among(bare):
        del bare[person]  # whoever is protected already keeps what was said of them
    desk.store.protect_each(bare)
    desk.store.discard_answers_of([each.id for each in new], desk.today())
    happen_each(desk, [Happening(each, (FlaggedProtected(),)) for each in new], by)


def _unless_said(request: Request) -> tuple[FlaggedProtected, ...]:
    return () if request.protected else (FlaggedProtected(),)
