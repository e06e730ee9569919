"""Who has agreed that a batch is carried out: somebody, or of many people's requests two different ones."""

from __future__ import annotations

from collections.abc import Sequence

from ombud.app.loaded import Refused
from ombud.app.requests import approving
from ombud.app.requests.approving import OF_BATCH, agree, agreed
from ombud.app.requests.deciding import Choice
from ombud.app.requests.desk import Desk
from ombud.register.model import Batch
from ombud.rights.rules import CHANGES
from ombud.terms import Finding, Place


def needed(desk: Desk, batch: Batch, people: int) -> int:
    """How many different people must approve any part of a batch that names so many."""
    if batch.kind in CHANGES and people >= approving.TWO_FROM:
        return 2
    return 1 if batch.kind in desk.rules.by_hand else 0


def approve(desk: Desk, batch: Batch, choices: Sequence[Choice], by: str) -> None:
    """Note that somebody agrees, to these choices; who has agreed before may say so again."""
    agree(desk, OF_BATCH, batch.id, [each.said for each in choices], by)


def waits_for(desk: Desk, batch: Batch, choices: Sequence[Choice], people: int, undecided: int) -> tuple[Finding, ...]:
    """C187 where not enough people have approved the batch with these choices; nothing where they have."""
    wanted = needed(desk, batch, people)
    who = agreed(desk, [each.said for each in choices], (OF_BATCH, batch.id)) if wanted else ()
    if len(who) >= wanted:
        return ()
    lacks = f"{who[0]} has approved it, and one more must" if who else f"{wanted} must approve it"
    of = f" of a batch of {people:,} people" if people != undecided else ""
    message = f"{undecided:,} requests{of} are not decided yet: {lacks}, with the same choices"
    hint = f"ombud request batch {batch.id} --approve --by SIGN"
    return (Finding("C187", Place("request"), message, hint),)


def check_choices(desk: Desk, choices: Sequence[Choice]) -> None:
    """Raises Refused for a choice about a purpose that nobody has."""
    known = {purpose for own in desk.loaded.policy.purposes.values() for purpose in own}
    for each in choices:
        if each.purpose not in known:
            raise Refused(Finding("C143", Place("--choose"), "there is no such purpose", "see the policy's purposes"))
