"""A person says no to a use (Art. 21), or takes back their consent (Art. 7(3))."""

from __future__ import annotations

from ombud.policy.model import BasisKind, OnErasure, Policy, Purpose, Use
from ombud.rights.commands import When
from ombud.rights.decisions import Decision, NewMark, concerned
from ombud.rights.erasing import OBJECTABLE, bases_of, ends
from ombud.rights.grounds import OF_EXCEPTION, OF_GROUND, Ground, Keeps
from ombud.rights.model import Request
from ombud.terms import Act

TO_MARKETING, TO_INTERESTS = "Art. 21(2)", "Art. 21(1)"
CONSENT_BACK = "Art. 7(3)"


def objecting(request: Request, policy: Policy) -> tuple[Decision, ...]:
    """What an objection comes to, by company and purpose.

    Direct marketing stops at once and always. What stands on legitimate interests or a public task is restricted at
    once, and waits: it ends, or a handler says which compelling grounds override. Nothing else can be objected to.
    """
    return tuple(_objected(company, purpose) for company, purpose in concerned(request, policy))


def withdrawing(request: Request, policy: Policy) -> tuple[Decision, ...]:
    """What a withdrawal of consent comes to: what stands on consent stops at once, and nothing else does (R9)."""
    return tuple(_withdrawn(company, purpose) for company, purpose in concerned(request, policy))


def _objected(company: str, purpose: Purpose) -> Decision:
    bases = bases_of(purpose)
    if Use.DIRECT_MARKETING in purpose.uses:
        return _stops(company, purpose)
    if not bases & OBJECTABLE:
        return _not_covered(company, purpose)
    return Decision(
        company,
        purpose.id,
        OnErasure.REVIEW,
        TO_INTERESTS,
        Ground.OBJECTS,
        Keeps.OVERRIDING,
        always=(NewMark(Act.OBJECTED, purpose.id, company, TO_INTERESTS, When.AT_ONCE),),
        if_ends=ends(company, purpose, OF_GROUND[Ground.OBJECTS], objects=True, objected=True),
        if_stays=(NewMark(Act.OVERRIDDEN, purpose.id, company, TO_INTERESTS, When.LIFTED),),
    )


def _stops(company: str, purpose: Purpose) -> Decision:
    """Direct marketing: no reason is asked, none overrides (Art. 21(3)). Consent alone is withdrawn by it."""
    bases = bases_of(purpose)
    always = []
    if BasisKind.CONSENT in bases:
        always.append(NewMark(Act.WITHDRAWN, purpose.id, company, TO_MARKETING, When.AT_ONCE))
    if bases != {BasisKind.CONSENT}:
        always.append(NewMark(Act.OBJECTED, purpose.id, company, TO_MARKETING, When.AT_ONCE))
        always.append(NewMark(Act.OVERRIDDEN, purpose.id, company, TO_MARKETING, When.TAKEN_BACK))
    return Decision(
        company, purpose.id, OnErasure.ENDS, TO_MARKETING, Ground.OBJECTS_TO_MARKETING, always=tuple(always)
    )


def _withdrawn(company: str, purpose: Purpose) -> Decision:
    if BasisKind.CONSENT not in bases_of(purpose):
        return _not_covered(company, purpose)
    mark = NewMark(Act.WITHDRAWN, purpose.id, company, CONSENT_BACK, When.AT_ONCE)
    return Decision(company, purpose.id, OnErasure.ENDS, CONSENT_BACK, Ground.CONSENT_WITHDRAWN, always=(mark,))


def _not_covered(company: str, purpose: Purpose) -> Decision:
    keeps = Keeps.NOT_COVERED
    return Decision(company, purpose.id, OnErasure.STAYS, OF_EXCEPTION[keeps], None, keeps)
