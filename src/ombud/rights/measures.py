"""What a request comes to before anybody decides: by purpose, in marks, and for whom (one rule for each kind)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from ombud.policy.model import Allowed, Policy
from ombud.rights.commands import When
from ombud.rights.decisions import Decision, NewMark, marks, together
from ombud.rights.erasing import erasing
from ombud.rights.grounds import OF_CONTEST, Contest
from ombud.rights.model import Request, RequestKind
from ombud.rights.objecting import objecting, withdrawing
from ombud.rights.working_days import months_after
from ombud.terms import Act

LOOKED_AT_AFTER = 12
"""Months after which a hold or restriction is looked at again: it must not stand because nobody remembers it."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What a request comes to. `decisions` by purpose; `fixed` marks that no purpose decides.

    `authority` (name, link) is whom the person may turn to (Art. 77); `bundle`: what is known is gathered for it, or
    for a court (Art. 79, 82).
    """

    decisions: tuple[Decision, ...] = ()
    fixed: tuple[NewMark, ...] = ()
    authority: Mapping[str, str] = field(default_factory=dict)
    bundle: bool = False
    of_group: bool = True

    def marks(self, when: When, policy: Policy) -> tuple[NewMark, ...]:
        """The marks of a moment, in order; of a request to the group, one for all companies that get the same.

        Raises StillWaiting.
        """
        found = (*(mark for mark in self.fixed if mark.when is when), *marks(self.decisions, when))
        return together(found, policy) if self.of_group else found


def measures(
    request: Request,
    policy: Policy,
    objected: Collection[str] = (),
    said_no: Collection[str] = (),
) -> Measures:
    """What a request comes to under the policy. `request.ground`: of Ground to erase, of Contest to restrict.

    `objected`: purposes to which an objection stands, and `said_no` those of them to which the person has said no by
    themselves. Raises ValueError for a ground that is none.
    """
    requests = policy.organisation.requests if policy.organisation else None
    allows = requests.restriction.allows if requests and requests.restriction else tuple(Allowed)
    authority = policy.organisation.authority if policy.organisation else {}
    match request.kind:
        case RequestKind.ERASE:
            found = Measures(erasing(request, policy, objected, said_no))
        case RequestKind.OBJECT:
            found = Measures(objecting(request, policy))
        case RequestKind.WITHDRAW:
            found = Measures(withdrawing(request, policy))
        case RequestKind.RESTRICT:
            contest = Contest(request.ground) if request.ground else Contest.ACCURACY
            found = Measures(fixed=tuple(_restricted(request, contest, allows)))
        case RequestKind.RECTIFY:
            found = Measures(fixed=tuple(_restricted(request, Contest.ACCURACY, allows)))
        case RequestKind.COMPLAIN:
            found = Measures(fixed=tuple(_held(request, "Art. 77")), bundle=True)
        case RequestKind.CLAIM:
            found = Measures(fixed=tuple(_held(request, "Art. 82")), bundle=True)
        case RequestKind.ACCESS | RequestKind.PORT:
            found = Measures()
        case _:
            assert_never(request.kind)
    return replace(found, authority=authority, of_group=request.company is None)


def _restricted(request: Request, contest: Contest, allows: Collection[Allowed]) -> Iterator[NewMark]:
    article, let = OF_CONTEST[contest], frozenset(str(use) for use in allows)
    for purpose in request.purposes or (None,):
        mark = NewMark(Act.RESTRICTED, purpose, request.company, article, When.AT_ONCE, let, _later(request.received))
        yield mark
        yield replace(mark, act=Act.LIFTED, when=When.LIFTED, allows=frozenset(), review=None)


def _held(request: Request, article: str) -> Iterator[NewMark]:
    """All that is known of the person, so that what a dispute is about does not go while it lasts (Art. 17(3)(e))."""
    mark = NewMark(Act.HELD, None, request.company, article, When.AT_ONCE, review=_later(request.received))
    yield mark
    yield replace(mark, act=Act.RELEASED, when=When.TAKEN_BACK, review=None)


def _later(day: date) -> date:
    return months_after(day, LOOKED_AT_AFTER)
