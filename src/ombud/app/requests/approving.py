"""What two people decide: whatever changes the data of many people of one file (spec/requests.md §2, law 10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ombud.app.requests.desk import Desk, Opened, told
from ombud.policy.model import OnErasure
from ombud.register.model import Approval
from ombud.register.trouble import OneAndTheSame
from ombud.rights.events import Reviewed
from ombud.rights.rules import CHANGES
from ombud.rights.signs import sign_of
from ombud.terms import Finding, Place

TWO_FROM = 100
"""From so many people on, two approve what changes their data: a mistake in one file is a mistake about all of them."""

OF_BATCH, OF_REQUEST = "batch", "request"
"""What an approval is of."""

Said = tuple[str | None, str, OnErasure, str]
"""A choice, as far as it tells one approval from another: company, purpose, outcome, reason."""


def agree(desk: Desk, what: str, about: str, choices: Iterable[Said], by: str) -> None:
    """Note that somebody agrees, to these choices; who has agreed before may say so again."""
    kind, id = _which(desk, what, about, choices)
    with told():
        try:
            desk.store.approve(Approval(kind, id, by, desk.now()))
        except OneAndTheSame:
            return


def agreed(desk: Desk, choices: Sequence[Said], *about: tuple[str, str]) -> tuple[str, ...]:
    """The different people who have agreed to one of these (what, and which), with the same choices; in that order."""
    found: dict[str, str] = {}
    for each in about:
        with told():
            for approval in desk.store.approvals(*_which(desk, *each, choices)):
                found.setdefault(sign_of(approval.by), approval.by)
    return tuple(found.values())


def takes_two(desk: Desk, opened: Opened) -> tuple[str, int] | None:
    """The batch and how many people it names, where two decide about this request of it; None where one does.

    One does where a handler has looked at it by itself, or handles a protected identity.
    """
    looked_at = any(entry.kind == Reviewed.__name__ for entry in opened.history)
    if opened.request.kind not in CHANGES or opened.request.protected or looked_at:
        return None
    with told():
        found = desk.store.batch_of(opened.id)
    return found if found is not None and found[1] >= TWO_FROM else None


def second_lacks(desk: Desk, opened: Opened, choices: Sequence[Said], by: str) -> tuple[Finding, ...]:
    """Note that somebody agrees to one request; C189 where it is of a large batch, and one more has to agree."""
    batch = takes_two(desk, opened)
    if batch is None:
        return ()
    agree(desk, OF_REQUEST, opened.id, choices, by)
    id, people = batch
    who = agreed(desk, choices, (OF_REQUEST, opened.id), (OF_BATCH, id))
    if len(who) > 1:
        return ()
    message = (
        f"it is one of a batch of {people:,} people: {who[0]} has approved it, and one more must, with the same choices"
    )
    hint = f"by another: ombud request approve {opened.id}; or with the others: ombud request batch {id} --approve"
    return (Finding("C189", Place("request"), message, hint),)


def _which(desk: Desk, what: str, about: str, choices: Iterable[Said]) -> tuple[str, str]:
    """What was chosen is a part of what is approved: who approves one thing has not approved another."""
    said = sorted(f"{company}/{purpose}={outcome}:{reason}" for company, purpose, outcome, reason in choices)
    if not said:
        return what, about
    digest, _ = desk.loaded.keys()
    return f"{what}/{digest('text', ' '.join(said))[:16]}", about
