"""Is it the person? Proven, a question, or somebody has to decide (Arts 11, 12(2) and 12(6); spec/identity.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ombud.rights.ladder import BURDEN, STAKES, Channel, FirstKnown, Sensitivity, Stake, Way, at_least, needed, ways
from ombud.rights.model import Proof, RequestKind


class OnFile(StrEnum):
    """What is on file, and certainly this person's, that a proof can be compared with."""

    ACCOUNT = "account"
    EMAIL = "email"
    PHONE = "phone"
    NUMBER = "number"
    REGISTERED_ADDRESS = "registered_address"


COMPARES: dict[Way, frozenset[OnFile]] = {
    Way.SIGN_IN: frozenset({OnFile.ACCOUNT}),
    Way.CODE: frozenset({OnFile.EMAIL, OnFile.PHONE}),
    Way.SIGNATURE: frozenset({OnFile.REGISTERED_ADDRESS}),
    Way.BANK_ID: frozenset({OnFile.NUMBER}),
    Way.LETTER: frozenset({OnFile.REGISTERED_ADDRESS}),
    Way.FORWARDED: frozenset({OnFile.NUMBER}),
    Way.HANDLER: frozenset(OnFile),
    Way.SHOWN: frozenset(OnFile),
}
"""A way needs one of these on file: else it would prove who somebody is, and not that the data are theirs.

`FORWARDED` needs the number, since the tax agency finds the person by it.
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """How somebody asked. `reached` is the rung proven so far; `signed` a letter in writing with a signature.

    `refused` are ways that have been tried and failed, or that the person cannot use: they are not asked for again.
    """

    kind: RequestKind
    channel: Channel
    known: FirstKnown
    on_file: frozenset[OnFile]
    held: frozenset[Sensitivity] = frozenset()
    reached: Proof = Proof.NONE
    signed: bool = False
    refused: frozenset[Way] = frozenset()

    @property
    def protected(self) -> bool:
        """Whether a protected identity is asked about."""
        return Sensitivity.PROTECTED in self.held


@dataclass(frozen=True, slots=True)
class Proven:
    """It is the person. `only_to_the_register`: the proof is a signature, so the answer goes to the address in the
    population register alone; whoever else signed gets nothing by it.
    """

    rung: Proof
    only_to_the_register: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A question has to be put; until it is answered the clock may stand still (`deadlines.stops`).

    `least` asks least of the person; `others` stand open too and are named in the question, a way without BankID
    and a way on paper among them wherever there is one.
    """

    rung: Proof
    least: Way
    others: tuple[Way, ...] = ()


class Why(StrEnum):
    """Why nothing can be asked."""

    NOTHING_ON_FILE = "nothing on file can be compared with what the person could show (Art. 11(2))"
    NOTHING_LEFT = "every way that is enough has failed, or the person cannot use it"


@dataclass(frozen=True, slots=True)
class Impossible:
    """No question would settle it: a handler decides. The person is told, and may add what they know (Art. 11(2))."""

    rung: Proof
    why: Why


Outcome = Proven | Ask | Impossible


def judge(asked: Asked) -> Outcome:
    """Whether the person is proven enough for what they ask; else the question that asks least of them."""
    rung = needed(asked.kind, asked.held, asked.known)
    if at_least(asked.reached, rung):
        return Proven(asked.reached)
    if asked.signed and _a_signature_does(asked, rung) and OnFile.REGISTERED_ADDRESS in asked.on_file:
        return Proven(Proof.CONTACT_POINT, only_to_the_register=True)
    comparable = tuple(way for way in _enough(asked, rung) if COMPARES[way] & asked.on_file)
    left = tuple(way for way in comparable if way not in asked.refused)
    if left:
        return Ask(rung, left[0], left[1:])
    return Impossible(rung, Why.NOTHING_LEFT if comparable else Why.NOTHING_ON_FILE)


def _enough(asked: Asked, rung: Proof) -> tuple[Way, ...]:
    found = set(ways(rung, asked.channel, protected=asked.protected)) - {Way.SIGNATURE}
    if asked.channel is Channel.POST and not asked.signed and _a_signature_does(asked, rung):
        found.add(Way.SIGNATURE)
    return tuple(way for way in BURDEN if way in found)


def _a_signature_does(asked: Asked, rung: Proof) -> bool:
    """Where a contact point would do; and for what is handed out, since only the registered address receives it."""
    if asked.protected:
        return False
    handed_out = STAKES[asked.kind] is Stake.DISCLOSES
    return at_least(Proof.E_IDENTIFICATION if handed_out else Proof.CONTACT_POINT, rung)
