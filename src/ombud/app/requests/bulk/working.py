"""The loop over a batch: each state in its turn, everybody in it at once; whoever was killed goes on where it was."""

from __future__ import annotations

from collections.abc import Mapping

from ombud.app.requests.bulk.answering import answer
from ombud.app.requests.bulk.approving import check_choices, waits_for
from ombud.app.requests.bulk.carrying_out import carry_out
from ombud.app.requests.bulk.collecting import collect
from ombud.app.requests.bulk.deciding import Lacking, decide
from ombud.app.requests.bulk.guarding import Guard
from ombud.app.requests.bulk.order import BatchWorked, Order, Tell, Waiting, quietly
from ombud.app.requests.desk import Desk, told
from ombud.app.requests.working import added
from ombud.register.model import Batch
from ombud.rights.model import State

WAITS = (State.RECEIVED, State.IDENTITY, State.COLLECTING, State.REVIEW, State.DECISION, State.CARRYING_OUT)

SHOWN = 1_000
"""Requests that wait for somebody, which are told one by one."""


def work_batch(desk: Desk, id: str, order: Order, tell: Tell = quietly) -> BatchWorked:
    """Take every request of a batch as far as it goes without a person of its own. Raises Refused.

    Where one needs a person, that one waits, and no other. Run again, it goes on: nothing is done twice.
    """
    desk.check_knows(order.by)
    check_choices(desk, order.choices)
    with told():
        batch = desk.store.batch(id)
    guard = Guard(desk, batch)
    findings = collect(desk, batch, guard, tell)
    states = _states(desk, batch)
    undecided = states.get(State.DECISION, 0)
    unagreed = waits_for(desk, batch, order.choices, sum(states.values()), undecided) if undecided else ()
    lacking = Lacking()
    if undecided and (order.approving or not unagreed):
        lacking = decide(desk, batch, order, guard, tell, agreed=not unagreed)
    carried = carry_out(desk, batch, order, guard, tell)
    guard.renew()
    written = answer(desk, batch, order, guard, tell)
    findings = added(added(added(findings, carried.findings), written.findings), guard.findings)
    findings = (*findings, *unagreed, *lacking.findings(batch))
    waiting = _waiting(desk, batch, lacking.choices)
    states, done = _states(desk, batch), carried.done
    return BatchWorked(batch, states, waiting, done, written.answers, findings, written.unaddressed)


def _states(desk: Desk, batch: Batch) -> dict[State, int]:
    with told():
        return dict(desk.store.states_of(batch.id))


def _waiting(desk: Desk, batch: Batch, choices: Mapping[str, tuple[str, ...]]) -> tuple[Waiting, ...]:
    with told():
        found = [
            *desk.store.batched(batch.id, WAITS, most=SHOWN),
            *desk.store.batched(batch.id, (State.CARRIED_OUT,), most=SHOWN, protected=True),
        ]
    return tuple(
        Waiting(line, case.request.id, case.request.state, case.request.protected, choices.get(case.request.id, ()))
        for line, case in sorted(found, key=lambda each: each[0])[:SHOWN]
    )
