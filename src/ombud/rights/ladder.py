"""The ladder of identity as tables: how much proof a request needs, and by which ways it is reached (spec/identity.md).

Art. 12(6) lets a controller ask for more only where it has reasonable doubts, and Recital 64 asks for reasonable
measures. So what is needed follows from what a wrong answer would do, never from what could be asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ombud.rights.model import Proof, RequestKind

LADDER = (Proof.NONE, Proof.SESSION, Proof.CONTACT_POINT, Proof.E_IDENTIFICATION, Proof.STAFF)
"""The rungs, lowest first."""


class Stake(StrEnum):
    """What happens where the wrong person asks: nothing, a use stops, data change, or data are handed out."""

    HEARD = "heard"
    STOPS = "stops"
    CHANGES = "changes"
    DISCLOSES = "discloses"


STAKES: Mapping[RequestKind, Stake] = {
    RequestKind.ACCESS: Stake.DISCLOSES,
    RequestKind.PORT: Stake.DISCLOSES,
    RequestKind.RECTIFY: Stake.CHANGES,
    RequestKind.ERASE: Stake.CHANGES,
    RequestKind.RESTRICT: Stake.STOPS,
    RequestKind.OBJECT: Stake.STOPS,
    RequestKind.WITHDRAW: Stake.STOPS,
    RequestKind.COMPLAIN: Stake.HEARD,
    RequestKind.CLAIM: Stake.HEARD,
}
"""Who complains or claims damages is heard whoever they are; what is then disclosed to them is a request of its own."""


class Sensitivity(StrEnum):
    """How much harm the data may do: the most sensitive of what is held decides. Rising."""

    ORDINARY = "ordinary"
    MASKED = "masked"
    SPECIAL = "special"
    PROTECTED = "protected"


SENSITIVITIES = tuple(Sensitivity)


class FirstKnown(StrEnum):
    """How the person became known: by a contact point, an account, an identity number, or on paper."""

    CONTACT_POINT = "contact_point"
    ACCOUNT = "account"
    NUMBER = "number"
    PAPER = "paper"


class Channel(StrEnum):
    """By which way a request came in."""

    PORTAL = "portal"
    FORM = "form"
    EMAIL = "email"
    PHONE = "phone"
    POST = "post"
    DESK = "desk"


NEEDS: Mapping[Stake, tuple[Proof, Proof, Proof, Proof]] = {
    Stake.HEARD: (Proof.NONE, Proof.NONE, Proof.NONE, Proof.NONE),
    Stake.STOPS: (Proof.SESSION, Proof.SESSION, Proof.SESSION, Proof.CONTACT_POINT),
    Stake.CHANGES: (Proof.CONTACT_POINT, Proof.CONTACT_POINT, Proof.E_IDENTIFICATION, Proof.STAFF),
    Stake.DISCLOSES: (Proof.CONTACT_POINT, Proof.E_IDENTIFICATION, Proof.E_IDENTIFICATION, Proof.STAFF),
}
"""The rung that is needed, by what is at stake: for ordinary, masked, special and protected data."""

PROVABLE: Mapping[FirstKnown, Proof] = {
    FirstKnown.CONTACT_POINT: Proof.CONTACT_POINT,
    FirstKnown.ACCOUNT: Proof.CONTACT_POINT,
    FirstKnown.NUMBER: Proof.E_IDENTIFICATION,
    FirstKnown.PAPER: Proof.E_IDENTIFICATION,
}
"""The highest rung that has anything to be compared with. More would collect data only to identify (Art. 11(1)).

Not for a protected identity: there a named handler decides in any case.
"""

ALREADY_SEEN: frozenset[tuple[Stake, FirstKnown]] = frozenset(
    {(Stake.CHANGES, FirstKnown.ACCOUNT), (Stake.DISCLOSES, FirstKnown.ACCOUNT)}
)
"""Whoever has signed in to an account sees and changes ordinary data there anyway: the session is enough."""


class Way(StrEnum):
    """A way to prove who one is. There is none that hands over a copy of an identity document.

    `LETTER` is a code by post to the address in the population register, `FORWARDED` the same through the tax
    agency's forwarding, `SHOWN` a document that a handler looks at and does not keep.
    """

    SIGN_IN = "sign_in"
    CODE = "code"
    SIGNATURE = "signature"
    BANK_ID = "bank_id"
    LETTER = "letter"
    FORWARDED = "forwarded"
    HANDLER = "handler"
    SHOWN = "shown"


GIVES: Mapping[Way, Proof] = {
    Way.SIGN_IN: Proof.SESSION,
    Way.CODE: Proof.CONTACT_POINT,
    Way.SIGNATURE: Proof.CONTACT_POINT,
    Way.BANK_ID: Proof.E_IDENTIFICATION,
    Way.LETTER: Proof.STAFF,
    Way.FORWARDED: Proof.STAFF,
    Way.HANDLER: Proof.STAFF,
    Way.SHOWN: Proof.STAFF,
}
"""The rung that each way reaches."""

BURDEN = tuple(Way)
"""Ways in the order of what they ask of the person, the least first: a question names the first that is enough."""

CARRIES: Mapping[Channel, frozenset[Way]] = {
    Channel.PORTAL: frozenset({Way.SIGN_IN, Way.CODE, Way.BANK_ID}),
    Channel.FORM: frozenset({Way.SIGN_IN, Way.CODE, Way.BANK_ID}),
    Channel.EMAIL: frozenset({Way.SIGN_IN, Way.CODE, Way.BANK_ID}),
    Channel.PHONE: frozenset({Way.CODE, Way.HANDLER}),
    Channel.POST: frozenset({Way.SIGNATURE}),
    Channel.DESK: frozenset({Way.SHOWN, Way.HANDLER}),
}
"""What each channel can carry at once."""

ON_PAPER = frozenset({Way.SIGNATURE, Way.LETTER, Way.FORWARDED})
"""Ways that need no screen."""

ALWAYS: Mapping[bool, frozenset[Way]] = {
    False: frozenset({Way.LETTER, Way.HANDLER}),
    True: frozenset({Way.FORWARDED, Way.HANDLER}),
}
"""Ways that stand open on every channel, so that nobody needs a BankID or a screen; True: of a protected identity,
to whom no letter goes by an address that stands in a file.
"""


def at_least(reached: Proof, needed: Proof) -> bool:
    """Whether one rung is as high as another."""
    return LADDER.index(reached) >= LADDER.index(needed)


def most_sensitive(held: frozenset[Sensitivity]) -> Sensitivity:
    """The most sensitive of what is held; nothing said is ordinary."""
    return max(held, key=SENSITIVITIES.index, default=Sensitivity.ORDINARY)


def needed(kind: RequestKind, held: frozenset[Sensitivity], known: FirstKnown) -> Proof:
    """The rung that a request needs: by its stake and the data, capped by what can be compared at all."""
    stake, sensitivity = STAKES[kind], most_sensitive(held)
    rung = NEEDS[stake][SENSITIVITIES.index(sensitivity)]
    if sensitivity is Sensitivity.PROTECTED:
        return rung
    if sensitivity is Sensitivity.ORDINARY and (stake, known) in ALREADY_SEEN:
        return Proof.SESSION
    return min(rung, PROVABLE[known], key=LADDER.index)


def ways(rung: Proof, channel: Channel, *, protected: bool) -> tuple[Way, ...]:
    """Every way that reaches the rung and stands open to who asks on this channel, the least burden first."""
    is_open = CARRIES[channel] | ALWAYS[protected]
    return tuple(way for way in BURDEN if way in is_open and at_least(GIVES[way], rung))
