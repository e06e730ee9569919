"""Whether data may be handed to a recipient: what the policy says of it (O3, O4, P11; Arts 5(1)(b), 26, 28)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ombud.policy.model import BasisKind, Policy, Purpose, Recipient, RecipientRole, Use
from ombud.policy.tree import guess
from ombud.terms import Finding, Place

TO, FOR = Place("RECIPIENT"), Place("--purpose")


def known(policy: Policy, recipient: str, purpose: str) -> Iterator[Finding]:
    """C164: the policy has no such recipient, or no company such a purpose."""
    if recipient not in policy.recipients:
        yield Finding("C164", TO, "the policy has no such recipient", guess(recipient, dict(policy.recipients)))
    purposes = {name: None for own in policy.purposes.values() for name in own}
    if purpose not in purposes:
        yield Finding("C164", FOR, "there is no such purpose", guess(purpose, purposes))


def in_force(policy: Policy, recipient: Recipient, day: date) -> Iterator[Finding]:
    """C165: nobody but an authority gets data without a written agreement that was in force on that day."""
    agreement = policy.agreements.get(recipient.agreement or "")
    if agreement is None and recipient.role != RecipientRole.AUTHORITY:
        message = f"there is no written agreement with {recipient.id} that says how it may use the data"
        yield Finding("C165", TO, message, "sign one, and name it in the policy: `agreements`, `recipients`")
    elif agreement is not None and agreement.dated > day:
        message = f"the agreement with {recipient.id} is of {agreement.dated}, and the data was handed over on {day}"
        yield Finding("C165", TO, message, "hand over from that day on, or name the agreement that was in force")


def for_purpose(recipient: Recipient, purpose: Purpose, company: str) -> Iterator[Finding]:
    """C166: the purpose is for nobody else, or not for this recipient. C167: marketing of its own, without consent."""
    if Use.SEALED in purpose.uses:
        message = f"{purpose.id} is for nobody else, sister companies included"
        yield Finding("C166", FOR, message, "it is handed to nobody")
    elif recipient.id not in purpose.recipients:
        allowed = f"it is handed to {', '.join(purpose.recipients)}" if purpose.recipients else "it is handed to nobody"
        message = f"{company} hands nothing to {recipient.id} for {purpose.id}"
        yield Finding("C166", FOR, message, f"{allowed}; a policy that is to allow more says so first")
    elif recipient.own_marketing and not by_consent(purpose):
        message = f"{recipient.id} may use it for marketing of its own, and {purpose.id} does not rest on consent"
        yield Finding("C167", FOR, message, "hand it over for a purpose with `basis: consent` alone")


def by_consent(purpose: Purpose) -> bool:
    """Whether nothing but consent lets the data be used for this."""
    return all(basis.kind is BasisKind.CONSENT for basis in purpose.bases)
