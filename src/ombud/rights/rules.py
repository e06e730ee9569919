"""What differs between kinds of request, as tables; a house may set its own where `Rules` has a field for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ombud.rights.deadlines import PROMPT
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

NEEDS: Mapping[RequestKind, Proof] = {
    RequestKind.ACCESS: Proof.CONTACT_POINT,
    RequestKind.RECTIFY: Proof.CONTACT_POINT,
    RequestKind.ERASE: Proof.CONTACT_POINT,
    RequestKind.RESTRICT: Proof.SESSION,
    RequestKind.PORT: Proof.CONTACT_POINT,
    RequestKind.OBJECT: Proof.SESSION,
    RequestKind.WITHDRAW: Proof.SESSION,
    RequestKind.COMPLAIN: Proof.SESSION,
    RequestKind.CLAIM: Proof.CONTACT_POINT,
}
"""How much must be proven: more where an answer could tell a stranger, or destroy (Art. 12(6), proportionate)."""

BY_HAND = frozenset(
    {RequestKind.RECTIFY, RequestKind.ERASE, RequestKind.RESTRICT, RequestKind.COMPLAIN, RequestKind.CLAIM}
)
"""Kinds that a person decides even where nothing has to be looked at."""

LADDER = tuple(Proof)


def proves(proof: Proof, at_least: Proof) -> bool:
    """Whether a rung of the ladder is as high as another."""
    return LADDER.index(proof) >= LADDER.index(at_least)


@dataclass(frozen=True, slots=True)
class Rules:
    """A house's own rules. `prompt` and `remind` are in days: after receipt, and before the answer is due."""

    needs: Mapping[RequestKind, Proof] = field(default_factory=lambda: NEEDS)
    by_hand: frozenset[RequestKind] = BY_HAND
    prompt: int = PROMPT
    remind: int = 7
