"""A batch is decided: alike where the rules or the operator's choices say it, and one by one where they do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ombud.app.loaded import Refused
from ombud.app.requests.bulk.guarding import Guard
from ombud.app.requests.bulk.order import Order, Tell
from ombud.app.requests.bulk.pages import LOOKED_AT, pages
from ombud.app.requests.deciding import NotChosen, Settled, about, before, settle
from ombud.app.requests.desk import Desk, Opened
from ombud.app.requests.looking import Looked, look_each
from ombud.app.requests.many import Happening, happen_each
from ombud.app.requests.marks import measures_of, objections
from ombud.app.requests.recipients import CAUSES, owed, recipients_of_each
from ombud.app.requests.waits import OMBUD
from ombud.register.model import Batch
from ombud.rights.decisions import Decision, waiting
from ombud.rights.events import Decided
from ombud.rights.model import State
from ombud.terms import Finding, Place

Same = TypeVar("Same", str, tuple[str, ...])


SHOWN = 20
"""Requests that are told by their ids, of all that lack the same."""


@dataclass
class Lacking:
    """What stood in the way, by request: the purposes that wait for a choice, or why one cannot be made."""

    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    def findings(self, batch: Batch) -> Iterator[Finding]:
        """C144 and C143, once for all who lack the same."""
        for purposes, ids in _alike(self.choices).items():
            message = f"{_counted(ids)} for a choice about {', '.join(purposes)}: {_listed(ids)}"
            each = " ".join(f"--choose {purpose}=ends:REASON" for purpose in purposes)
            all_alike = f"for everybody: ombud request batch {batch.id} --approve {each}"
            alone = f"for one: ombud request approve ID {each}"
            hint = f"{all_alike} (or =stays:REASON); {alone}; say the choices made by now with it, for none is kept"
            yield Finding("C144", Place("--choose"), message, hint)
        for why, ids in _alike(self.wrong).items():
            yield Finding(
                "C143", Place("--choose"), f"{why}: {_listed(ids)}", "choose anew: --choose PURPOSE=ends:REASON"
            )


def decide(desk: Desk, batch: Batch, order: Order, guard: Guard, tell: Tell, *, agreed: bool = True) -> Lacking:
    """Decide whatever is collected and clear; what waits for a choice that was not made goes on waiting.

    Unless it is `agreed`, nothing is decided, and what lacks is told all the same.
    """
    done, lacking = 0, Lacking()
    for named in pages(desk, batch, (State.DECISION,), LOOKED_AT):
        same = guard.same(named)
        said = objections(desk.loaded, same)
        decisions = {
            opened.id: measures_of(desk, opened, objected, anew=True).decisions
            for opened, objected in zip(same, said, strict=True)
        }
        waits = [each for each in same if batch.kind in desk.rules.by_hand or waiting(decisions[each.id])]
        looked = _looked(desk, waits, decisions)
        page = guard.unflagged(same, {id: each.extract.about for id, each in looked.items()})
        one_by_one = {each.id for each in waits}
        by_hand = [each for each in page if each.id in one_by_one]
        settled = [
            (each, found) for each in by_hand if (found := _settled(each, order, decisions[each.id], looked, lacking))
        ]
        if agreed:
            alike = [Happening(each, (Decided(OMBUD),)) for each in page if each.id not in one_by_one]
            happen_each(desk, alike, OMBUD)
            obliged = _obliged(desk, settled, looked)
            chosen = [
                Happening(each, (Decided(order.by, found.in_part, obliged.get(each.id, ())),), found.note)
                for each, found in settled
            ]
            happen_each(desk, chosen, order.by)
        done += len(page)
        tell("deciding", done, 0)
    return lacking


def _looked(desk: Desk, every: Sequence[Opened], decisions: Mapping[str, Sequence[Decision]]) -> Mapping[str, Looked]:
    """What is held of those of whom that has to be known."""
    asked = [each for each in every if each.request.kind in CAUSES or waiting(decisions[each.id])]
    return dict(zip((each.id for each in asked), look_each(desk, asked), strict=True))


def _settled(
    opened: Opened,
    order: Order,
    decisions: Sequence[Decision],
    looked: Mapping[str, Looked],
    lacking: Lacking,
) -> Settled | None:
    """What was decided of one; None where somebody still has to choose, and then what lacks is noted."""
    try:
        choices = (*order.choices, *before(opened, order.choices))
        return settle(opened, decisions, choices, lambda: looked[opened.id])
    except NotChosen as missing:
        lacking.choices[opened.id] = missing.purposes
    except Refused as refusal:
        lacking.wrong[opened.id] = refusal.findings[0].message
    return None


def _alike(said: Mapping[str, Same]) -> Mapping[Same, list[str]]:
    found: dict[Same, list[str]] = {}
    for id, what in said.items():
        found.setdefault(what, []).append(id)
    return found


def _counted(ids: Sequence[str]) -> str:
    return "1 request waits" if len(ids) == 1 else f"{len(ids):,} requests wait"


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(ids[:SHOWN]) + (", …: see --format json" if len(ids) > SHOWN else "")


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
