"""Small random policies: a few purposes, with every sort of basis, clock, state and company that the model knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from ombud.policy.model import (
    Add,
    Basis,
    BasisKind,
    Category,
    Clock,
    ClockStep,
    Company,
    EndOf,
    Inclusive,
    Keep,
    MomentTerm,
    OnErasure,
    Policy,
    Purpose,
    State,
    Use,
    While,
)
from ombud.terms import Period

ZONE = "Europe/Stockholm"
ZONES = ("Pacific/Apia", "America/New_York", "Asia/Kathmandu", "Africa/Cairo", "America/Sao_Paulo", "America/Havana")
"""West of UTC, odd minutes east of it, and midnights that do not exist or come twice, a whole day that does not."""

MOMENTS = ("started", "ended", "closed", "over")
CATEGORIES = ("contact.name", "contact.email", "contact.home.street", "order", "health", "text")
DATA = ("contact", "contact.name", "contact.home", "order", "health")

STEPS: tuple[tuple[ClockStep, ...], ...] = (
    (),
    (Add(Period(months=12)),),
    (Add(Period(months=1)),),
    (Inclusive(), Add(Period(months=3))),
    (Add(Period(months=3)), Inclusive()),
    (Add(Period(days=30)),),
    (Add(Period(years=1, months=1, days=5)),),
    (EndOf("month"),),
    (EndOf("month"), Add(Period(months=1))),
    (EndOf("year"), Add(Period(months=6))),
    (EndOf("year"),),
    (Inclusive(), EndOf("month"), Add(Period(months=1)), EndOf("year")),
    (Add(Period(years=4)), Inclusive()),
    (Add(Period(months=6)), Add(Period(months=6)), Add(Period(days=1))),
    (EndOf("fiscal_year"), Add(Period(years=1)), EndOf("year")),
    (EndOf("fiscal_year"), Add(Period(years=1)), EndOf("fiscal_year")),
    (Add(Period(months=1)), EndOf("fiscal_year")),
)

BASES = (
    (BasisKind.CONTRACT, 25),
    (BasisKind.LEGITIMATE_INTERESTS, 25),
    (BasisKind.CONSENT, 20),
    (BasisKind.LEGAL_OBLIGATION, 10),
    (BasisKind.PUBLIC_TASK, 7),
    (BasisKind.VITAL_INTERESTS, 4),
    (BasisKind.UNSTATED, 5),
    (BasisKind.NONE, 4),
)


def draw_policy(random: Random) -> Policy:
    """A policy of one to three companies; a later company refines, or lacks, the first one's purposes."""
    names = ["alfa", "beta", "gamma"][: random.choice((1, 2, 2, 3))]
    states = {name: _state(random, name) for name in ("customer", "member")[: random.randint(0, 2)]}
    group = {f"p{n}": _purpose(random, f"p{n}", tuple(states)) for n in range(random.randint(1, 4))}
    purposes: dict[str, Mapping[str, Purpose]] = {names[0]: group}
    for name in names[1:]:
        purposes[name] = {
            id: replace(p, keep=_keep(random, tuple(states))) if random.random() < 0.2 else p
            for id, p in group.items()
            if random.random() < 0.9
        }
    masked = {path: Category(path, masked=random.random() < 0.2) for path in CATEGORIES}
    return Policy(
        zone=ZONE if random.random() < 0.85 else random.choice(ZONES),
        categories=masked,
        companies={name: Company(name, name.title(), fiscal_years=_years(random)) for name in names},
        purposes=purposes,
        moments={name: MomentTerm(name) for name in MOMENTS},
        states=states,
        undo=random.choice((0, 1, 30)),
        group=names[0],
    )


def _purpose(random: Random, id: str, states: tuple[str, ...]) -> Purpose:
    kinds, weights = zip(*BASES, strict=True)
    bases = tuple(
        Basis(kind, random.choice(states) if states and random.random() < 0.25 else None)
        for kind in random.choices(kinds, weights, k=random.choice((1, 1, 1, 2)))
    )
    return Purpose(
        id,
        bases,
        frozenset(random.sample(DATA, random.choice((2, 4, 5, 5, 5)))),
        _keep(random, states),
        random.choice(list(OnErasure)),
        at_least=random.random() < 0.2,
        uses=frozenset({use for use in Use if random.random() < (0.3 if use is Use.DIRECT_MARKETING else 0.1)}),
    )


def _keep(random: Random, states: tuple[str, ...]) -> Keep:
    if states and random.random() < 0.2:
        return While(random.choice(states))
    return Clock(random.choice(MOMENTS), random.choice(STEPS))


def _state(random: Random, name: str) -> State:
    begins = random.choice((None, "started", "over"))
    ends = random.choice((None, "ended", "closed")) if begins else random.choice((None, "ended", "ended", "ended"))
    return State(name, begins, ends)


def _years(random: Random) -> tuple[tuple[date, date], ...]:
    """Fiscal years from a month on; the list may be short, or begin with a long year."""
    month = random.choice((1, 1, 5, 9))
    first, last = random.choice(((1990, 2045), (1990, 2045), (2016, 2026)))
    starts = [date(year, month, 1) for year in range(first, last + 1)]
    if random.random() < 0.2:
        del starts[1]
    return tuple((a, b - timedelta(days=1)) for a, b in pairwise(starts))
