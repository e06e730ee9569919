"""Clocks and bases in a few words, as messages show them."""

from __future__ import annotations

from typing import assert_never

from ombud.policy.model import UNSTATED, Add, Basis, Clock, ClockStep, EndOf, Inclusive, Keep, While


def say_keep(keep: Keep) -> str:
    """A keep as the file would say it in one line."""
    match keep:
        case While(state):
            return UNSTATED if state == UNSTATED else f"while {state}"
        case Clock(start, ()):
            return f"until {start}"
        case Clock(start, (Add(period),)):
            return f"after {start} for {period}"
        case Clock(start, (Add(period), Inclusive())):
            return f"from {start} for {period}"
        case Clock(start, steps):
            return ", ".join((start, *map(_step, steps)))
        case _:
            assert_never(keep)


def _step(step: ClockStep) -> str:
    match step:
        case Add(period):
            return str(period)
        case EndOf(unit):
            return f"end of {unit}"
        case Inclusive():
            return "day before"
        case _:
            assert_never(step)


def say_bases(bases: tuple[Basis, ...]) -> str:
    """Bases with their states and statutes."""
    return " and ".join(
        str(basis.kind)
        + (f" while {basis.state}" if basis.state else "")
        + (f" ({', '.join(basis.statutes)})" if basis.statutes else "")
        for basis in bases
    )
