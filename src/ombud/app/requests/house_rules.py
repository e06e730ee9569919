"""What whoever handles requests has to know of this house: its rules in words, and who has confirmed that they do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from ombud.app.requests.approving import TWO_FROM
from ombud.app.requests.desk import RULES, Desk, told
from ombud.policy.model import Allowed, Requests
from ombud.register.model import Approval
from ombud.register.trouble import OneAndTheSame
from ombud.rights.guards import TWO_APPROVE
from ombud.rights.model import RequestKind


@dataclass(frozen=True, slots=True)
class HouseRule:
    """One rule: what it is about, in words what holds, and the policy's reason where it is the house's own."""

    about: str
    says: str
    reason: str = ""


def house_rules(desk: Desk) -> tuple[HouseRule, ...]:
    """The rules by which requests are handled here, as the policy and the law make them."""
    organisation = desk.loaded.policy.organisation
    return tuple(_rules(desk, organisation.requests if organisation else None))


def confirm(desk: Desk, by: str) -> None:
    """Write down that somebody knows the rules of the policy's version; who has said so before may say so again."""
    with told(), suppress(OneAndTheSame):
        desk.store.approve(Approval(RULES, desk.rules.known, by, desk.now()))


def confirmed(desk: Desk) -> tuple[Approval, ...]:
    """Who has confirmed it of this version, in the order in which they did."""
    with told():
        return desk.store.approvals(RULES, desk.rules.known) if desk.rules.known else ()


def _rules(desk: Desk, said: Requests | None) -> Iterator[HouseRule]:
    policy, rules = desk.loaded.policy, desk.rules
    if said is not None:
        yield HouseRule("ways", f"people ask by {', '.join(said.ways)}")
    yield HouseRule("time", "inside a month of receipt; two more where they are told why inside the first")
    prompt = said.prompt.reason if said and said.prompt else ""
    yield HouseRule("identity", f"a question of who asks stops the clock within {rules.prompt} days", prompt)
    for kind in RequestKind:
        yield HouseRule(
            f"proof for {kind}", f"{rules.needs[kind].replace('_', ' ')} or more, and more for what is sensitive"
        )
    by_hand = said.by_hand.reason if said and said.by_hand else ""
    kinds = ", ".join(sorted(rules.by_hand))
    yield HouseRule("decided by somebody", kinds, by_hand)
    why = " or ".join(sorted(each.replace("_", " ") for each in TWO_APPROVE))
    yield HouseRule("decided by two", f"a refusal as {why}; a batch that changes {TWO_FROM} people's data or more")
    observed = said.portability if said else None
    counts = "counts" if observed and observed.observed else "does not count"
    yield HouseRule("portability", f"what was observed {counts} as provided", observed.reason if observed else "")
    less = said.restriction if said else None
    uses = ", ".join(sorted(less.allows if less else Allowed)).replace("_", " ")
    yield HouseRule("restriction", f"stored, and used for {uses or 'nothing'}", less.reason if less else "")
    yield HouseRule("protected identity", "only named handlers see, decide, deliver; no address on any sheet")
    for effect, purposes in _on_erasure(desk).items():
        yield HouseRule(f"erasure: {effect}", ", ".join(purposes))
    yield HouseRule("complaints", f"to {policy.organisation.authority.get('name', 'the authority')}"
                    if policy.organisation else "to the authority")  # fmt: skip


def _on_erasure(desk: Desk) -> dict[str, list[str]]:
    """The purposes by what a request for erasure does to them in some company."""
    found: dict[str, list[str]] = {}
    for own in desk.loaded.policy.purposes.values():
        for id, purpose in own.items():
            of = found.setdefault(purpose.on_erasure.value, [])
            if id not in of:
                of.append(id)
    return {kind: sorted(ids) for kind, ids in sorted(found.items())}
