"""What is decided of a purpose in a company, why, and which marks carry that out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from ombud.policy.model import OnErasure, Policy, Purpose
from ombud.rights.commands import When
from ombud.rights.grounds import OF_EXCEPTION, Ground, Keeps
from ombud.rights.model import Request
from ombud.terms import Act


@dataclass(frozen=True, slots=True)
class NewMark:
    """A mark to set, at which moment of a request. `purpose` and `company` are None for all of them."""

    act: Act
    purpose: str | None
    company: str | None
    ground: str
    when: When = When.DECIDED
    allows: frozenset[str] = frozenset()
    review: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a purpose's hold on the person's data in a company.

    `outcome` REVIEW waits for a handler. `article` is the ground's where it ends or is weighed, else the exception's;
    `keeps` says why it stays, or would, with `statutes` where a law demands it; `reason` is the handler's. Marks are
    set whatever is decided, if it ends, or if it stays.
    """

    company: str
    purpose: str
    outcome: OnErasure
    article: str
    ground: Ground | None = None
    keeps: Keeps | None = None
    statutes: tuple[str, ...] = ()
    reason: str = ""
    always: tuple[NewMark, ...] = ()
    if_ends: tuple[NewMark, ...] = ()
    if_stays: tuple[NewMark, ...] = ()


class NotToBeChosen(Exception):
    """A choice where none is open, or without its reason."""


class StillWaiting(Exception):
    """Marks of a decision were asked for while a purpose waits for a handler. It names purposes, never people."""

    def __init__(self, waiting: Iterable[Decision]) -> None:
        self.waiting = tuple(waiting)
        super().__init__("not chosen yet: " + ", ".join(f"{each.purpose} ({each.company})" for each in self.waiting))


def choose(decision: Decision, outcome: OnErasure, reason: str, keeps: Keeps | None = None) -> Decision:
    """A handler's choice where a purpose waits: it ends, or it stays, for this reason. Raises NotToBeChosen.

    `keeps` says what lets it stay, where that is another exception than the rules would have it: of what stays, its
    article is the decision's.
    """
    if decision.outcome is not OnErasure.REVIEW:
        raise NotToBeChosen(f"{decision.purpose} {decision.outcome}, and nobody has to choose")
    if outcome is OnErasure.REVIEW:
        raise NotToBeChosen(f"{decision.purpose} ends or stays")
    if not reason.strip():
        raise NotToBeChosen(f"that {decision.purpose} {outcome} needs a reason")
    keeps = keeps or decision.keeps
    article = OF_EXCEPTION[keeps] if keeps and outcome is OnErasure.STAYS else decision.article
    return replace(decision, outcome=outcome, article=article, reason=reason, keeps=keeps)


def waiting(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Those that wait for a handler."""
    return tuple(each for each in decisions if each.outcome is OnErasure.REVIEW)


def marks(decisions: Iterable[Decision], when: When) -> tuple[NewMark, ...]:
    """The marks of a moment, in the order in which they are set.

    Raises StillWaiting for what needs a decision: what is set at once, taken back or lifted does not.
    """
    known = tuple(decisions)
    if when in (When.DECIDED, When.CARRIED_OUT) and waiting(known):
        raise StillWaiting(waiting(known))
    return tuple(mark for each in known for mark in _of(each) if mark.when is when)


def _of(decision: Decision) -> Iterator[NewMark]:
    """What a decision sets at any moment. While it waits, it has what would lift it: a withdrawn request is lifted."""
    yield from decision.always
    yield from decision.if_ends if decision.outcome is OnErasure.ENDS else decision.if_stays


def concerned(request: Request, policy: Policy) -> Iterator[tuple[str, Purpose]]:
    """The purposes with personal data that a request is about: company and purpose, in the policy's order."""
    for company, purposes in policy.purposes.items():
        if request.company in (None, company):
            for purpose in purposes.values():
                if purpose.data and (not request.purposes or purpose.id in request.purposes):
                    yield company, purpose


def together(found: Iterable[NewMark], policy: Policy) -> tuple[NewMark, ...]:
    """The same marks, said of the whole group where every company that has the purpose gets one alike."""
    having = {
        purpose: {company for company, own in policy.purposes.items() if purpose in own}
        for own in policy.purposes.values()
        for purpose in own
    }
    alike: dict[NewMark, list[str | None]] = {}
    for mark in found:
        alike.setdefault(replace(mark, company=None), []).append(mark.company)
    said: list[NewMark] = []
    for mark, companies in alike.items():
        if None in companies or (mark.purpose in having and having[mark.purpose] <= set(companies)):
            said.append(mark)
        else:
            said += [replace(mark, company=company) for company in companies if company is not None]
    return tuple(said)
