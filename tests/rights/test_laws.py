"""The laws of a request's life, tried on whatever may happen in whatever order (spec/requests.md §2)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ombud.rights.commands import Close
from ombud.rights.events import (
    AskedForProof,
    CarriedOut,
    Closed,
    Collected,
    Decided,
    Delivered,
    DeliveredInPart,
    Event,
    Extended,
    Failed,
    FellShort,
    Find,
    FlaggedProtected,
    Found,
    Happened,
    Identified,
    Lifted,
    MustTell,
    NoticeGiven,
    Received,
    RecipientNotTold,
    RecipientTold,
    Refusal,
    Refused,
    Reopened,
    Restricted,
    Returned,
    Reviewed,
    WithdrawnByPerson,
)
from ombud.rights.life import NotAllowed, replay, step
from ombud.rights.model import Ending, Part, Proof, RequestKind, Restriction, State, Told
from ombud.rights.moves import MOVES, TRIGGERS
from ombud.rights.recipients import may_close
from ombud.rights.written import NAMES, Unreadable, read, written
from tests.rights.requests import MONDAY

SOURCE = st.sampled_from(["crm", "hr", "shop"])
RECIPIENT = st.sampled_from(["caterer", "carrier"])
TEXT = st.sampled_from(["", "case 7"])
RECIPIENTS = st.lists(RECIPIENT, max_size=2, unique=True).map(tuple)
RECEIVED = st.builds(
    Received,
    id=st.just("r1"),
    kind=st.sampled_from(list(RequestKind)),
    on=st.just(MONDAY),
    company=st.sampled_from([None, "konsult"]),
    purposes=st.sampled_from([(), ("newsletter",)]),
    protected=st.booleans(),
)
EVENT: st.SearchStrategy[Event] = st.one_of(
    st.just(AskedForProof()),
    st.builds(FellShort, st.sampled_from(list(Proof))),
    st.builds(Identified, st.sampled_from(list(Proof)), st.sampled_from([("crm",), ("crm", "hr")])),
    st.just(FlaggedProtected()),
    st.builds(Collected, SOURCE),
    st.builds(Failed, SOURCE, TEXT),
    st.builds(Found, st.sampled_from(list(Find))),
    st.builds(Reviewed, TEXT),
    st.builds(Decided, TEXT, st.booleans(), RECIPIENTS),
    st.builds(Refused, st.sampled_from(list(Refusal)), TEXT, st.sampled_from([(), ("a",), ("a", "A"), ("a", "b")])),
    st.builds(CarriedOut, SOURCE),
    st.builds(DeliveredInPart, TEXT),
    st.builds(Delivered, TEXT),
    st.builds(Returned, TEXT),
    st.builds(MustTell, RECIPIENTS),
    st.builds(RecipientTold, RECIPIENT, TEXT),
    st.builds(RecipientNotTold, RECIPIENT, st.sampled_from(list(Told)), TEXT),
    st.just(Restricted()),
    st.builds(NoticeGiven, TEXT),
    st.just(Lifted()),
    st.builds(Extended, TEXT),
    st.just(WithdrawnByPerson()),
    st.builds(Reopened, SOURCE),
    st.just(Closed()),
)
ONWARD = st.one_of(
    st.just(Identified(Proof.STAFF, ("crm", "hr"))),
    st.builds(Collected, SOURCE),
    st.just(Found(Find.TO_REVIEW)),
    st.just(Reviewed("a.lind")),
    st.builds(Decided, st.just("a.lind"), st.booleans(), RECIPIENTS),
    st.builds(CarriedOut, SOURCE),
    st.just(Delivered("post")),
    st.just(Closed()),
)
"""What brings a request on, so that the walk does not stay where it began."""


@settings(max_examples=300, deadline=None)
@given(RECEIVED, st.lists(st.tuples(st.one_of(ONWARD, EVENT), st.integers(0, 3)), min_size=10, max_size=60))
def test_whatever_happens_the_laws_hold(first: Received, happenings: list[tuple[Event, int]]) -> None:
    request, _ = step(None, first, MONDAY)
    history, day = [Happened(MONDAY, first)], MONDAY
    noticed: date | None = None
    for event, later in happenings:
        day += timedelta(days=later)
        before = request
        try:
            request, commands = step(request, event, day)
        except NotAllowed as refused:
            assert refused.reason
            continue
        history.append(Happened(day, event))
        # It is carried out when every part is done, and never before.
        if request.state in (State.CARRIED_OUT, State.DELIVERED):
            assert set(request.parts.values()) == {Part.DONE}
        # No source is done whose data nobody looked at.
        for source, part in request.parts.items():
            assert part is not Part.DONE or any(h.event == Collected(source) for h in history)
        # It is not closed over a recipient, an untold refusal, or what it restricted.
        if request.state is State.CLOSED and before.state is not State.CLOSED:
            assert may_close(request.tellings.values())
            assert request.answered or request.ending is Ending.WITHDRAWN
            lasts = request.kind is RequestKind.RESTRICT and request.ending in (Ending.GRANTED, Ending.IN_PART)
            assert lasts or request.restriction in (Restriction.NONE, Restriction.LIFTED)
        # A restriction is lifted after notice to the person, given while it stood.
        if isinstance(event, Restricted):
            noticed = None
        if isinstance(event, NoticeGiven):
            noticed = day
        if isinstance(event, Lifted):
            assert noticed is not None
            assert noticed < day
        # What is asked for may be done.
        if Close() in commands:
            assert step(request, Closed(), day)[0].state is State.CLOSED
    # The same events make the same request, also once they were kept.
    assert replay(history) == request
    kept = [(h.day, json.loads(json.dumps(written(h.event)))) for h in history]
    assert replay(Happened(on, read(said)) for on, said in kept) == request


# --- the tables -------------------------------------------------------------------------------------------------


def test_every_event_and_every_state_is_in_the_table() -> None:
    events = {word for _, word in MOVES if isinstance(word, type)} | {Received, Found}
    assert events == set(get_args(Event)) == set(NAMES.values())
    assert {state for state, _ in MOVES} == set(State)
    assert {word for _, word in MOVES if isinstance(word, Find)} == set(Find)


def test_from_every_state_there_is_a_way_to_the_end() -> None:
    leads = {(state, to) for (state, _), to in MOVES.items()} | {(state, to) for state, (_, to) in TRIGGERS.items()}
    ends = {State.CLOSED}
    for _ in State:
        ends |= {state for state, to in leads if to in ends}
    assert ends == set(State)


def test_nothing_leads_out_of_what_is_closed() -> None:
    assert {to for (state, _), to in MOVES.items() if state is State.CLOSED} == {State.CLOSED}


def test_replaying_does_not_judge_again_by_the_rules_of_today() -> None:
    weak = (Happened(MONDAY, Received("r1", RequestKind.ACCESS, MONDAY)), Happened(MONDAY, Identified(Proof.NONE, ("crm",))))
    assert replay(weak).state is State.COLLECTING


def test_nothing_has_no_request() -> None:
    with pytest.raises(NotAllowed):
        replay(())
    with pytest.raises(NotAllowed):
        replay((Happened(MONDAY, Closed()),))


@pytest.mark.parametrize(
    "said",
    [{}, {"event": "Nothing"}, {"event": "Closed", "why": "x"}, {"event": "Collected"}, {"event": "Found", "what": "x"}],
)
def test_what_is_no_event_is_not_read_as_one(said: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        read(said)
