"""What differs between kinds of request, as tables; a house may set its own where `Rules` has a field for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ombud.policy.model import Policy
from ombud.rights.deadlines import PROMPT
from ombud.rights.ladder import LADDER, FirstKnown, needed
from ombud.rights.model import Proof, RequestKind

CHANGES = frozenset(
    {RequestKind.RECTIFY, RequestKind.ERASE, RequestKind.RESTRICT, RequestKind.OBJECT, RequestKind.WITHDRAW}
)
"""Kinds that change something in each source. Of the others the answer is all: what was collected is done."""

AT_ONCE = frozenset(
    {
        RequestKind.RECTIFY,  # Art. 18(1)(a): restricted while accuracy is examined
        RequestKind.RESTRICT,  # not used while the ground is examined
        RequestKind.OBJECT,  # Art. 21(1), (3): stops, or waits for the decision
        RequestKind.WITHDRAW,  # Art. 7(3)
        RequestKind.COMPLAIN,  # what it is about is held
        RequestKind.CLAIM,
    }
)
"""Kinds that set marks as soon as it is known who asks, before anything is decided."""

DISPUTES = frozenset({RequestKind.COMPLAIN, RequestKind.CLAIM})
"""Kinds whose answer says that they came in, and of which it is decided later what comes of them."""

NEEDS: Mapping[RequestKind, Proof] = {
    kind: max(
        needed(kind, frozenset(), FirstKnown.CONTACT_POINT),
        Proof.SESSION if kind in AT_ONCE else Proof.NONE,  # a stranger's word may hold or stop nothing
        key=LADDER.index,
    )
    for kind in RequestKind
}
"""How much must be proven of who is known by a contact point, for ordinary data; `ladder.needed` says it of others."""

BY_HAND = frozenset(
    {RequestKind.RECTIFY, RequestKind.ERASE, RequestKind.RESTRICT, RequestKind.COMPLAIN, RequestKind.CLAIM}
)
"""Kinds that a person decides even where nothing has to be looked at."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A house's own rules, and what they come to for one request.

    `needs` is how much must be proven. `prompt` is in days after receipt.
    `known` is the version of the policy whose rules who handles requests has confirmed to know; empty: nobody has to.
    """

    needs: Mapping[RequestKind, Proof] = field(default_factory=lambda: NEEDS)
    by_hand: frozenset[RequestKind] = BY_HAND
    prompt: int = PROMPT
    known: str = ""


def rules_of(policy: Policy) -> Rules:
    """The rules of a house with this policy: what it does not say is as here. It may want more decided by hand."""
    said = policy.organisation.requests if policy.organisation else None
    prompt = said.prompt.days if said and said.prompt else PROMPT
    more = frozenset(map(RequestKind, said.by_hand.kinds)) if said and said.by_hand else frozenset()
    return Rules(by_hand=BY_HAND | more, prompt=prompt, known=said.staff.version if said and said.staff else "")
