"""A request to erase (Art. 17): what happens to each purpose, on which ground, or by which exception it stays."""

from __future__ import annotations

from collections.abc import Collection

from ombud.policy.model import BasisKind, OnErasure, Policy, Purpose, Use
from ombud.rights.commands import When
from ombud.rights.decisions import Decision, NewMark, concerned
from ombud.rights.grounds import OF_EXCEPTION, OF_GROUND, Ground, Keeps
from ombud.rights.model import Request
from ombud.terms import Act

OBJECTABLE = frozenset({BasisKind.LEGITIMATE_INTERESTS, BasisKind.PUBLIC_TASK})
"""The bases that Art. 21(1) covers."""

AGAINST_ANY_BASIS = frozenset({Ground.UNLAWFUL, Ground.LEGAL_DUTY})
"""Grounds that may hold whatever the basis is: what the policy would let stay is weighed."""


def erasing(
    request: Request, policy: Policy, objected: Collection[str] = (), said_no: Collection[str] = ()
) -> tuple[Decision, ...]:
    """What a request to erase comes to, by company and purpose, as the policy's `erasure` has it.

    `request.ground` is the ground that the person names, if any. `objected` are purposes to which an objection stands
    already: it would postpone their end, and is set anew once that is done. `said_no` are those of them to which the
    person has said no before, in their own words: only there, or where they name it now, is that the ground.
    """
    named = Ground(request.ground) if request.ground else None
    return tuple(
        _decided(company, purpose, _ground(purpose, named, said_no=purpose.id in said_no), named, objected)
        for company, purpose in concerned(request, policy)
    )


def bases_of(purpose: Purpose) -> frozenset[BasisKind]:
    """The kinds of basis that a purpose stands on, in whichever state."""
    return frozenset(basis.kind for basis in purpose.bases)


def statutes_of(purpose: Purpose) -> tuple[str, ...]:
    """The statutes that its bases name, each once."""
    return tuple(dict.fromkeys(statute for basis in purpose.bases for statute in basis.statutes))


def ends(company: str, purpose: Purpose, article: str, *, objects: bool, objected: bool) -> tuple[NewMark, ...]:
    """The marks by which a purpose ends for a person.

    What stands on consent alone is withdrawn, and may be consented to again. An objection (`objects`: it is made now;
    `objected`: it stands) is set aside for the end, and set once that is carried out, for what comes later
    (spec/claims.md §3).
    """
    bases = bases_of(purpose)
    withdrawn = NewMark(Act.WITHDRAWN, purpose.id, company, article)
    if bases == {BasisKind.CONSENT} and not objected:
        return (withdrawn,)
    found = [NewMark(Act.OVERRIDDEN, purpose.id, company, article)] if objected else []
    found += [withdrawn] if BasisKind.CONSENT in bases else []
    found.append(NewMark(Act.ENDED, purpose.id, company, article))
    if objects or objected:
        found.append(NewMark(Act.OBJECTED, purpose.id, company, article, When.CARRIED_OUT))
    return tuple(found)


def _decided(
    company: str, purpose: Purpose, ground: Ground, named: Ground | None, objected: Collection[str]
) -> Decision:
    outcome, keeps = _outcome(purpose, named), _keeps(purpose, ground)
    statutes = statutes_of(purpose) if keeps is Keeps.DUTY else ()
    if outcome is OnErasure.STAYS:
        return Decision(company, purpose.id, outcome, OF_EXCEPTION[keeps], None, keeps, statutes)
    objects = Use.DIRECT_MARKETING in purpose.uses or ground is Ground.OBJECTS
    article = OF_GROUND[ground]
    marks = ends(company, purpose, article, objects=objects, objected=purpose.id in objected)
    if outcome is OnErasure.ENDS:
        return Decision(company, purpose.id, outcome, article, ground, if_ends=marks)
    return Decision(company, purpose.id, outcome, article, ground, keeps, statutes, if_ends=marks)


def _outcome(purpose: Purpose, named: Ground | None) -> OnErasure:
    """The policy's, and review where the ground that is named may hold against what it would let stay."""
    if purpose.on_erasure is not OnErasure.STAYS or _is_duty(purpose):
        return purpose.on_erasure
    weighed = named in AGAINST_ANY_BASIS or (named is Ground.OBJECTS and bool(bases_of(purpose) & OBJECTABLE))
    return OnErasure.REVIEW if weighed else OnErasure.STAYS


def _is_duty(purpose: Purpose) -> bool:
    return purpose.at_least or BasisKind.LEGAL_OBLIGATION in bases_of(purpose)


def _keeps(purpose: Purpose, ground: Ground) -> Keeps:
    """What lets it stay, where it does. Nothing overrides an objection that nobody has made."""
    bases = bases_of(purpose)
    if _is_duty(purpose) or (BasisKind.PUBLIC_TASK in bases and statutes_of(purpose)):
        return Keeps.DUTY
    return Keeps.OVERRIDING if ground is Ground.OBJECTS and bases & OBJECTABLE else Keeps.STILL_NEEDED


def _ground(purpose: Purpose, named: Ground | None, *, said_no: bool) -> Ground:
    """The ground that is named where it can hold for this purpose, else the one that is true without it.

    To ask for erasure says that what rests on consent alone is not consented to any more; it says no to nothing.
    """
    bases = bases_of(purpose)
    marketing = Use.DIRECT_MARKETING in purpose.uses
    fits = {
        Ground.NOT_NEEDED: True,
        Ground.CONSENT_WITHDRAWN: BasisKind.CONSENT in bases,
        Ground.OBJECTS_TO_MARKETING: marketing,
        Ground.OBJECTS: bool(bases & OBJECTABLE) and not marketing,
        Ground.UNLAWFUL: True,
        Ground.LEGAL_DUTY: True,
    }
    if named is not None and fits[named]:
        return named
    if bases == {BasisKind.CONSENT}:
        return Ground.CONSENT_WITHDRAWN
    if said_no and (marketing or bases & OBJECTABLE):
        return Ground.OBJECTS_TO_MARKETING if marketing else Ground.OBJECTS
    return Ground.NOT_NEEDED
