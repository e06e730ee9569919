"""A policy with one purpose for each way in which the law treats them, in two companies."""

from __future__ import annotations

from ombud.policy.model import (
    Basis,
    BasisKind,
    Clock,
    Company,
    OnErasure,
    Organisation,
    Policy,
    Purpose,
    Use,
)
from ombud.policy.purposes import ERASURE

STATUTE = "bokföringslagen (1999:1078) 7 kap. 2 §"
MARKETING = frozenset({Use.DIRECT_MARKETING})


def purpose(id: str, *kinds: BasisKind, uses: frozenset[Use] = frozenset(), at_least: bool = False) -> Purpose:
    """A purpose on these bases, which an erasure request treats as the language says where the file does not."""
    bases = tuple(Basis(kind, statutes=(STATUTE,) if kind is BasisKind.LEGAL_OBLIGATION else ()) for kind in kinds)
    effect = OnErasure.ENDS if uses else ERASURE[kinds[0]]
    return Purpose(id, bases, frozenset({"contact"}), Clock("ended"), effect, at_least, uses)


PURPOSES = {
    each.id: each
    for each in (
        purpose("delivery", BasisKind.CONTRACT),
        purpose("bookkeeping", BasisKind.LEGAL_OBLIGATION, at_least=True),
        purpose("surveys", BasisKind.LEGITIMATE_INTERESTS),
        purpose("safety", BasisKind.PUBLIC_TASK),
        purpose("rescue", BasisKind.VITAL_INTERESTS),
        purpose("pool", BasisKind.CONSENT),
        purpose("offers", BasisKind.LEGITIMATE_INTERESTS, uses=MARKETING),
        purpose("news", BasisKind.CONSENT, uses=MARKETING),
        purpose("mailings", BasisKind.LEGITIMATE_INTERESTS, BasisKind.CONSENT, uses=MARKETING),
        purpose("odd", BasisKind.UNSTATED),
    )
}
IMY = {"name": "Integritetsskyddsmyndigheten", "link": "https://www.imy.se/"}
POLICY = Policy(
    "Europe/Stockholm",
    {"north": Company("north", "Norra AB"), "south": Company("south", "Södra AB")},
    {"north": PURPOSES, "south": {name: each for name, each in PURPOSES.items() if name != "pool"}},
    undo=30,
    organisation=Organisation("each", authority=IMY),
)
