"""How a claim can end: which knowledge about a row is enough to call one dead (`spec/claims.md` §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ombud.plan.calendar import Stretch, after, before, over
from ombud.policy.model import Basis, BasisKind, Clock, Company, Policy, Purpose, State, Use, While


@dataclass(frozen=True, slots=True)
class Ask:
    """A set of known moments: the days of a stretch (None: no day), and whether `not yet` and `none` belong to it."""

    days: Stretch | None = None
    not_yet: bool = False
    never: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """One purpose × basis in one company: its claim is dead by clock when any of `moments` is in its set.

    `objectable` is whether an undecided objection keeps it (Art. 21(1)); `direct` whether it is direct marketing.
    """

    purpose: Purpose
    basis: BasisKind
    company: str
    moments: tuple[tuple[str, Ask], ...]

    @property
    def direct(self) -> bool:
        return Use.DIRECT_MARKETING in self.purpose.uses

    @property
    def objectable(self) -> bool:
        return self.basis in (BasisKind.LEGITIMATE_INTERESTS, BasisKind.PUBLIC_TASK)


def ends_of(policy: Policy, company: str, purpose: Purpose, today: date) -> tuple[End, ...]:
    """The ways this company's claims of a purpose can end, one a basis."""
    return tuple(
        End(purpose, basis.kind, company, _moments(policy, policy.companies[company], purpose, basis, today))
        for basis in purpose.bases
        if basis.kind is not BasisKind.NONE
    )


def _moments(
    policy: Policy, company: Company, purpose: Purpose, basis: Basis, today: date
) -> tuple[tuple[str, Ask], ...]:
    asked: list[tuple[str, Ask]] = []
    match purpose.keep:
        case Clock() as clock:
            asked.append((clock.start, Ask(over(clock, today, company.fiscal_years), never=True)))
        case While(state):
            asked.extend(_not_holding(policy.states[state], today))
    if basis.state is not None:
        asked.extend(_not_holding(policy.states[basis.state], today))
    return tuple(asked)


def _not_holding(state: State, today: date) -> list[tuple[str, Ask]]:
    asked: list[tuple[str, Ask]] = []
    if state.ends is not None:
        asked.append((state.ends, Ask(before(today), never=True)))
    if state.begins is not None:
        asked.append((state.begins, Ask(after(today), not_yet=True, never=True)))
    return asked
