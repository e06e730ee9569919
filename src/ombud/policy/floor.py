"""The floor: a company's policy refines the group's, judged by category, whatever the purposes are called.

`spec/policy.md`, "The floor". The group allows what its claims allow; a company's claim beyond that is refused with a
diff. Beyond may go only a purpose of the company's own, by consent or by a named statute. Duties only lengthen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ombud.policy.model import (
    UNSTATED,
    Add,
    Article9,
    Basis,
    BasisKind,
    Clock,
    ClockStep,
    Keep,
    OnErasure,
    Policy,
    Purpose,
    State,
    Use,
    While,
    covers,
)
from ombud.policy.words import say_bases, say_keep
from ombud.policy.years import Years, every_last_day
from ombud.terms import FIRST_DAY, Finding, Place

NARROWING = frozenset({Use.SEALED, Use.AGGREGATES_ONLY})
RECENT = (date(2025, 1, 1) - FIRST_DAY).days
"""Where the search for a day that shows a difference begins, so that readers meet a day of their own time."""
WIDENING = frozenset({Use.DIRECT_MARKETING, Use.READS_DEVICE})
SOFTENING = (OnErasure.ENDS, OnErasure.REVIEW, OnErasure.STAYS)
"""From the strongest effect of an erasure request to the weakest."""


@dataclass(frozen=True, slots=True)
class _Breach:
    """One way in which a purpose goes beyond on one category: what the group allows, what the company asks."""

    code: str
    what: str
    allows: str
    asks: str
    category: str = ""


def below(
    policy: Policy, allowed: Mapping[str, Mapping[str, Purpose]], categories: frozenset[str], files: Mapping[str, Place]
) -> tuple[Finding, ...]:
    """What the companies ask beyond what the group allows.

    `allowed[company]` holds the group's purposes as the group states them, `categories` the group's own paths, `files`
    where each company's file begins. P030 longer, P031 more recipients, P032 more regions, P033 weaker basis,
    P034 a duty shortened, P035 another kind of use, P036 a weaker effect of an erasure request.
    """
    findings: list[Finding] = []
    for company, place in files.items():
        asked = policy.purposes.get(company, {})
        for one in asked.values():
            same = allowed[company].get(one.id)
            if same is None or replace(one, place=same.place) != same:
                findings.extend(_told(company, one, _beyond(policy, company, one, allowed[company], categories)))
        for duty in (p for p in allowed[company].values() if p.at_least):
            breach = _shortened(policy, company, duty, asked.get(duty.id))
            if breach is not None:
                where = asked[duty.id].place if duty.id in asked else place
                findings.extend(_told(company, replace(duty, place=where), iter((breach,))))
    return tuple(findings)


def _beyond(
    policy: Policy, company: str, ask: Purpose, allowed: Mapping[str, Purpose], categories: frozenset[str]
) -> Iterator[_Breach]:
    same = allowed.get(ask.id)
    years = policy.companies[company].fiscal_years
    for path in sorted(policy.categories):
        if not covers(ask.data, path) or path.split(".")[0] not in categories:
            continue
        group = [p for p in allowed.values() if covers(p.data, path)]
        duty = same is not None and same.at_least and ask.at_least and covers(same.data, path)
        for basis in ask.bases:
            if same is None and _exempt(basis):
                continue
            grants = [p for p in group if any(_stands_on(basis, other, same_name=p.id == ask.id) for other in p.bases)]
            if not grants:
                bases = sorted({say_bases(p.bases) for p in group})
                yield _Breach(
                    "P033",
                    "stands on a weaker basis than the group allows",
                    " or ".join(bases) or "nothing",
                    say_bases((basis,)),
                    path,
                )
                continue
            yield from _handed(policy, ask, grants, path)
            yield from _used(ask, same, grants, path)
            longer = (
                None
                if duty
                else _longer(
                    ask.keep,
                    [p.keep for p in grants if p.keep != While(UNSTATED) or p.id == ask.id],
                    policy.states,
                    years,
                )
            )
            if longer is not None:
                keeps = "; ".join(f"{say_keep(p.keep)} ({p.id})" for p in grants)
                yield _Breach(
                    "P030", "keeps longer than the group allows", keeps, f"{say_keep(ask.keep)}{longer}", path
                )
    if same is not None and same.article9 not in (None, ask.article9) and ask.article9 is not Article9.EXPLICIT_CONSENT:
        yield _Breach(
            "P033",
            "stands on another condition of Art. 9 than the group's",
            str(same.article9),
            str(ask.article9 or "none"),
        )


def _exempt(basis: Basis) -> bool:
    named = basis.kind is BasisKind.LEGAL_OBLIGATION and bool(basis.statutes)
    return basis.kind is BasisKind.CONSENT or named


def _stands_on(ask: Basis, grant: Basis, *, same_name: bool) -> bool:
    """As strong as a basis the group stands on: the same, consent, or its own unstated one, now stated."""
    if grant.kind is BasisKind.NONE:
        return False
    if grant.state not in (None, ask.state):
        return False
    if grant.kind is BasisKind.UNSTATED:
        return same_name
    return ask.kind in (grant.kind, BasisKind.CONSENT)


def _handed(policy: Policy, ask: Purpose, grants: list[Purpose], path: str) -> Iterator[_Breach]:
    to = {name for p in grants for name in p.recipients}
    more = sorted(set(ask.recipients) - to)
    if not more:
        return
    yield _Breach(
        "P031",
        "is handed to more recipients than the group allows",
        ", ".join(sorted(to)) or "nobody",
        ", ".join(more),
        path,
    )
    inside = {region for name in to for region in policy.recipients[name].regions}
    outside = {region for name in more for region in policy.recipients[name].regions} - inside
    if outside:
        yield _Breach(
            "P032",
            "goes to more regions than the group allows",
            ", ".join(sorted(inside)) or "nowhere",
            ", ".join(sorted(outside)),
            path,
        )


def _used(ask: Purpose, same: Purpose | None, grants: list[Purpose], path: str) -> Iterator[_Breach]:
    narrow = frozenset.intersection(*(p.uses for p in grants)) & NARROWING
    wide = frozenset[Use]().union(*(p.uses for p in grants)) & WIDENING
    lost, won = narrow - ask.uses, (ask.uses & WIDENING) - wide
    if same is not None and Use.DIRECT_MARKETING in same.uses - ask.uses:
        lost |= {Use.DIRECT_MARKETING}  # without it the right to object at any time is gone (Art. 21(2))
    if lost or won:
        yield _Breach(
            "P035", "is used otherwise than the group allows", _words(narrow | wide | lost), _words(ask.uses), path
        )
    weakest = max((SOFTENING.index(p.on_erasure) for p in ((same,) if same is not None else grants)), default=0)
    if SOFTENING.index(ask.on_erasure) > weakest:
        yield _Breach(
            "P036",
            "gives way less to an erasure request than the group allows",
            SOFTENING[weakest],
            ask.on_erasure,
            path,
        )


def _words(uses: frozenset[Use]) -> str:
    return ", ".join(sorted(uses)) or "plain use"


# --- comparing clocks -------------------------------------------------------------------------------------------


def _ending(keep: Keep, states: Mapping[str, State], *, grant: bool) -> tuple[str, tuple[ClockStep, ...]] | None:
    """A keep as a start and steps, where it can be told so; a state that must begin grants less than that."""
    if isinstance(keep, Clock):
        return keep.start, keep.steps
    state = states[keep.state]
    if state.ends is None or (grant and state.begins is not None):
        return None
    return state.ends, ()


def _plainly_within(ask: tuple[ClockStep, ...], grant: tuple[ClockStep, ...]) -> bool:
    """Whether each step is the same or adds less; steps are monotone, so that the clock never ends later."""
    if len(ask) != len(grant):
        return False
    return all(one == other or _adds_less(one, other) for one, other in zip(ask, grant, strict=True))


def _adds_less(ask: ClockStep, grant: ClockStep) -> bool:
    if not isinstance(ask, Add) or not isinstance(grant, Add):
        return False
    less, more = ask.period, grant.period
    return less.years * 12 + less.months <= more.years * 12 + more.months and less.days <= more.days


def _longer(ask: Keep, grants: list[Keep], states: Mapping[str, State], years: Years) -> str | None:
    """What shows that a keep outlives every one of the grants together; None if it never does."""
    if ask in grants or While(UNSTATED) in grants:
        return None
    asked = _ending(ask, states, grant=False)
    if asked is None:
        return ""
    start, steps = asked
    ends = [end for keep in grants if (end := _ending(keep, states, grant=True)) is not None]
    same_start = dict.fromkeys(granted for other, granted in ends if other == start)
    if not same_start:
        return ""
    if any(_plainly_within(steps, granted) for granted in same_start):
        return None
    clocks = [every_last_day(granted, years) for granted in same_start]
    worst, at = timedelta(0), 0
    days = every_last_day(steps, years)
    for n in (*range(RECENT, len(days)), *range(RECENT)):
        last = days[n]
        excess = last - max(clock[n] for clock in clocks)
        if last != date.max and excess > worst:
            worst, at = excess, n
    if not worst:
        return None
    return f": for {FIRST_DAY + timedelta(days=at)} until {days[at]}, not {max(clock[at] for clock in clocks)}"


def _shortened(policy: Policy, company: str, duty: Purpose, ask: Purpose | None) -> _Breach | None:
    """Where a company does less than a duty to keep."""
    stated = f"at least {say_keep(duty.keep)}"
    if ask is None:
        return _Breach("P034", "drops a duty to keep", stated, "none")
    if not ask.at_least:
        return _Breach("P034", "makes a duty to keep an option", stated, say_keep(ask.keep))
    if any(not covers(ask.data, path) for path in duty.data):
        return _Breach("P034", "narrows a duty to keep", ", ".join(sorted(duty.data)), ", ".join(sorted(ask.data)))
    if not set(duty.bases) <= set(ask.bases):
        return _Breach("P034", "takes the basis from a duty to keep", say_bases(duty.bases), say_bases(ask.bases))
    years = policy.companies[company].fiscal_years
    if ask.keep == duty.keep or _longer(duty.keep, [ask.keep], policy.states, years) is None:
        return None
    return _Breach("P034", "shortens a duty to keep", stated, say_keep(ask.keep))


# --- the refusal ------------------------------------------------------------------------------------------------


def _told(company: str, ask: Purpose, breaches: Iterator[_Breach]) -> Iterator[Finding]:
    grouped: dict[_Breach, list[str]] = {}
    for breach in breaches:
        paths = grouped.setdefault(replace(breach, category=""), [])
        if breach.category and not any(breach.category == p or breach.category.startswith(f"{p}.") for p in paths):
            paths.append(breach.category)
    for breach, paths in grouped.items():
        of = f" ({', '.join(paths)})" if paths else ""
        yield Finding(
            breach.code,
            ask.place,
            f"{ask.id} of {company} {breach.what}{of}\n  - group: {breach.allows}\n  + {company}: {breach.asks}\n ",
            "a company may only add requirements; beyond goes only a purpose of its own, by consent or a named statute",
        )
