"""A batch is decided: alike where the rules or the operator's choices say it, and one by one where they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ombud.app.loaded import Refused
from ombud.app.requests.bulk.guarding import Guard
from ombud.app.requests.bulk.order import Order, Tell
from ombud.app.requests.bulk.pages import LOOKED_AT
from ombud.app.requests.deciding import Settled, about, before, settle
from ombud.app.requests.desk import Desk, Opened
from ombud.app.requests.looking import Looked, look_each
from ombud.app.requests.many import Happening, happen_each
from ombud.app.requests.marks import measures_of, objections
from ombud.app.requests.recipients import CAUSES, owed, recipients_of_each
from ombud.app.requests.working import OMBUD
from ombud.register.model import Batch
from ombud.rights.decisions import Decision, waiting
from ombud.rights.events import Decided
from ombud.rights.model import State


def decide(desk: Desk, batch: Batch, order: Order, guard: Guard, tell: Tell) -> None:
    """Decide whatever is collected and clear; what waits for a choice that was not made goes on waiting."""
    done = 0
    for page in guard.pages((State.DECISION,), LOOKED_AT):
        said = objections(desk.loaded, page)
        decisions = {
            opened.id: measures_of(desk, opened, objected, anew=True).decisions
            for opened, objected in zip(page, said, strict=True)
        }
        by_hand = [each for each in page if batch.kind in desk.rules.by_hand or waiting(decisions[each.id])]
        looked = _looked(desk, by_hand, decisions)
        one_by_one = {each.id for each in by_hand}
        alike = [Happening(each, (Decided(OMBUD),)) for each in page if each.id not in one_by_one]
        happen_each(desk, alike, OMBUD)
        settled = [(each, found) for each in by_hand if (found := _settled(each, order, decisions[each.id], looked))]
        obliged = _obliged(desk, settled, looked)
        chosen = [
            Happening(each, (Decided(order.by, found.in_part, obliged.get(each.id, ())),), found.note)
            for each, found in settled
        ]
        happen_each(desk, chosen, order.by)
        done += len(page)
        tell("deciding", done, 0)


def _looked(desk: Desk, every: Sequence[Opened], decisions: Mapping[str, Sequence[Decision]]) -> Mapping[str, Looked]:
    """What is held of those of whom that has to be known."""
    asked = [each for each in every if each.request.kind in CAUSES or waiting(decisions[each.id])]
    return dict(zip((each.id for each in asked), look_each(desk, asked), strict=True))


def _settled(
    opened: Opened, order: Order, decisions: Sequence[Decision], looked: Mapping[str, Looked]
) -> Settled | None:
    """What was decided of one; None where somebody still has to choose."""
    try:
        choices = (*order.choices, *before(opened, order.choices))
        return settle(opened, decisions, choices, lambda: looked[opened.id])
    except Refused:
        return None


def _obliged(
    desk: Desk, every: Sequence[tuple[Opened, Settled]], looked: Mapping[str, Looked]
) -> Mapping[str, tuple[str, ...]]:
    """Whom each decision obliges to tell, before anything of it is done (Art. 19)."""
    telling = [(opened, settled) for opened, settled in every if opened.request.kind in CAUSES]
    found = recipients_of_each(desk, [(opened, looked[opened.id].extract) for opened, _ in telling])
    return {
        opened.id: owed(opened, recipients, about(opened, settled.decisions))
        for (opened, settled), (recipients, _) in zip(telling, found, strict=True)
    }
