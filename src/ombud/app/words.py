"""Clocks, bases and amounts in words, for people who read a plan or an explanation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from ombud.claims.live import NO_KIND
from ombud.datamap.columns import key_values
from ombud.datamap.model import SourceMap, Table
from ombud.policy.model import UNSTATED, Add, ClockStep, EndOf, Inclusive, Policy, Purpose, While
from ombud.terms import Period


def held_for(purpose: Purpose) -> str:
    """How long a purpose holds, such as `12 months after relationship_ended`."""
    match purpose.keep:
        case While(state) if state == UNSTATED:
            return "no period is stated: it stays"
        case While(state):
            return f"while {state}"
        case clock:
            steps = [_step(step) for step in clock.steps if not isinstance(step, Inclusive)]
            if not steps:
                return f"until {clock.start}"
            start = "from" if any(isinstance(step, Inclusive) for step in clock.steps) else "after"
            if not isinstance(clock.steps[0], Add):
                return f"{', '.join(steps)}, {start} {clock.start}"
            return ", ".join([f"{steps[0]} {start} {clock.start}", *steps[1:]])


def _step(step: ClockStep) -> str:
    match step:
        case Add(period):
            return amount(period)
        case EndOf(unit):
            return f"to the end of the {unit.replace('_', ' ')}"
        case Inclusive():
            return ""
        case _ as never:
            assert_never(never)


def amount(period: Period) -> str:
    """A period in words: `7 years`, `1 year 6 months`."""
    parts = ((period.years, "year"), (period.months, "month"), (period.days, "day"))
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n) or "0 days"


def purposes_of(policy: Policy, source: SourceMap, table: str) -> Iterator[tuple[str, str]]:
    """Each purpose bound on a table, following its parent, with how long any company holds it."""
    mapped = source.tables[table]
    name = mapped.follows or mapped.copy_of
    if name is not None:
        yield from purposes_of(policy, source, mapped.links[name].to)
        return
    bound = dict.fromkeys(binding.purpose for kind in mapped.kinds for binding in kind.bindings)
    for purpose in bound:
        said = periods(policy, purpose)
        if said:
            yield purpose, "; ".join(f"{p} ({', '.join(c)})" if len(said) > 1 else p for p, c in said.items())


def periods(policy: Policy, purpose: str) -> dict[str, list[str]]:
    """How long a purpose holds, in words, and in which companies, in the policy's order."""
    found: dict[str, list[str]] = {}
    for company, own in policy.purposes.items():
        if purpose in own:
            found.setdefault(held_for(own[purpose]), []).append(company)
    return found


def no_kind(table: Table) -> str:
    """Why no row of this table has a kind that has none: such as a key that the map does not list."""
    columns = key_values(table)
    return f"its {columns[0]} is not listed in `keys`" if columns else NO_KIND


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 row`, `1,204 rows`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def numbered(one: str, numbers: Sequence[int]) -> str:
    """Things by their numbers: `mark 3`, `marks 3, 5`."""
    return f"{one}{'' if len(numbers) == 1 else 's'} {', '.join(map(str, numbers))}"
