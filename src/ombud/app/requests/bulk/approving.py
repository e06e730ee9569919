"""Who has agreed that a batch is carried out: somebody, or of many people's requests two different ones."""

from __future__ import annotations

from collections.abc import Sequence

from ombud.app.loaded import Refused
from ombud.app.requests.deciding import Choice
from ombud.app.requests.desk import Desk, told
from ombud.register.model import Approval, Batch
from ombud.register.trouble import OneAndTheSame
from ombud.rights.rules import CHANGES
from ombud.terms import Finding, Place

WHAT = "batch"

TWO_FROM = 100
"""From so many people on, two approve what changes their data: a mistake in one file is a mistake about all of them."""


def needed(desk: Desk, batch: Batch, persons: int) -> int:
    """How many different people must approve a batch."""
    if batch.kind in CHANGES and persons >= TWO_FROM:
        return 2
    return 1 if batch.kind in desk.rules.by_hand else 0


def approve(desk: Desk, batch: Batch, choices: Sequence[Choice], by: str) -> None:
    """Note that somebody agrees, to these choices; who has agreed before may say so again."""
    with told():
        try:
            desk.store.approve(Approval(WHAT, _about(desk, batch, choices), by, desk.now()))
        except OneAndTheSame:
            return


def waits_for(desk: Desk, batch: Batch, choices: Sequence[Choice], persons: int) -> tuple[Finding, ...]:
    """C187 where not enough people have approved the batch with these choices; nothing where they have."""
    wanted = needed(desk, batch, persons)
    with told():
        found = desk.store.approvals(WHAT, _about(desk, batch, choices)) if wanted else ()
    if len(found) >= wanted:
        return ()
    who = f"{found[0].by} has approved it, and one more must" if found else f"{wanted} must approve it"
    message = f"{persons:,} requests are not decided yet: {who}, with the same choices"
    hint = f"ombud request batch {batch.id} --approve --by SIGN"
    return (Finding("C187", Place("request"), message, hint),)


def check_choices(desk: Desk, choices: Sequence[Choice]) -> None:
    """Raises Refused for a choice about a purpose that nobody has."""
    known = {purpose for own in desk.loaded.policy.purposes.values() for purpose in own}
    for each in choices:
        if each.purpose not in known:
            raise Refused(Finding("C143", Place("--choose"), "there is no such purpose", "see the policy's purposes"))


def _about(desk: Desk, batch: Batch, choices: Sequence[Choice]) -> str:
    """The batch and what was chosen for all of it: who approves one thing has not approved another."""
    if not choices:
        return batch.id
    digest, _ = desk.loaded.keys()
    said = sorted(f"{each.company}/{each.purpose}={each.outcome}:{each.reason}" for each in choices)
    return f"{batch.id}/{digest('text', ' '.join(said))[:16]}"
