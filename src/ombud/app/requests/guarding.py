"""A protected identity at the desk: who is named, and what nobody else may do or see (spec/identity.md §4)."""

from __future__ import annotations

from ombud.app.loaded import Refused
from ombud.app.requests.desk import Desk, Opened, told
from ombud.rights.events import FlaggedProtected
from ombud.rights.protected import Deed, Flag, Ground, Protection
from ombud.terms import Finding, Place


def protection_of(desk: Desk, opened: Opened) -> Protection:
    """The flags that stand about whom a request is about, or may be, and who handles them by name."""
    with told():
        person = desk.store.person(opened.case.person)
        known = desk.store.protection_of([each.digest for each in person.identities]) or person.protection
    if known is not None:
        return Protection((Flag(Ground.REGISTER, known.why),), frozenset(map(_sign, known.seen_by)))
    return Protection((Flag(Ground.DOUBT, opened.id),)) if opened.request.protected else Protection()


def may(desk: Desk, opened: Opened, deed: Deed, by: str | None) -> bool:
    """Whether `by` (a sign; None: a machine) may do it."""
    return protection_of(desk, opened).may(deed, None if by is None else _sign(by))


def allow(desk: Desk, opened: Opened, deed: Deed, by: str | None) -> None:
    """Raises Refused (C178) where only a named handler may do it, and `by` is none."""
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
    return not protection.stands or not protection.handlers or _sign(by) in protection.handlers


def flag_others(desk: Desk, opened: Opened, by: str) -> None:
    """Protection reaches every open request about whom this one may be: each is flagged and remembers who is named,
    and its answer is put together anew. To be called inside a transaction.
    """
    person = desk.store.person(opened.case.person)
    digests = [each.digest for each in person.identities]
    for case in desk.store.requests_of(digests, open_only=True):
        if case.request.id == opened.id:
            continue
        other = desk.read(case.request.id)
        if not other.request.protected:
            desk.store.discard_answers(other.id, desk.today())
            desk.happen(other, FlaggedProtected(), by=by)
            if person.protection is not None and desk.store.person(case.person).protection is None:
                desk.store.protect(case.person, person.protection)


def _sign(by: str) -> str:
    return " ".join(by.split()).casefold()
