"""The laws of a request's life, tried on whatever may happen in whatever order (spec/requests.md §2)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import get_args

import pytest

from ombud.rights.commands import Begin, CarryOut, Close, Command, Decide, Lift, TellRecipients
from ombud.rights.events import (
    Addressed,
    AskedForProof,
    Begun,
    CarriedOut,
    Closed,
    Collected,
    Concluded,
    Decided,
    Delivered,
    DeliveredInPart,
    Event,
    Extended,
    Failed,
    FellShort,
    Find,
    FlaggedProtected,
    Followed,
    Found,
    Happened,
    Identified,
    Lifted,
    MustTell,
    NoticeGiven,
    NotTransferred,
    Received,
    RecipientNotTold,
    RecipientTold,
    Refusal,
    Refused,
    Reminded,
    Reopened,
    Restricted,
    Returned,
    Reviewed,
    RowTakenBack,
    TransferAsked,
    Transferred,
    WithdrawnByPerson,
)
from ombud.rights.guards import owes_letter
from ombud.rights.life import NotAllowed, replay, step
from ombud.rights.model import Ending, Part, Proof, Request, RequestKind, Restriction, State, Told, Verdict
from ombud.rights.moves import MOVES, TRIGGERS, Word
from ombud.rights.next import todo
from ombud.rights.recipients import may_close
from ombud.rights.rules import DISPUTES, Rules
from ombud.rights.written import NAMES, Unreadable, read, written
from tests.rights.requests import MONDAY

SOURCES = ("crm", "hr", "shop")
RECIPIENTS = ("caterer", "carrier")
CONTROLLERS = ("grannen", "kooperativet")


def text(chance: Random) -> str:
    return chance.choice(["", "case 7", "case 7", "case 7", "case 7"])


def some(chance: Random) -> tuple[str, ...]:
    return tuple(chance.sample(RECIPIENTS, chance.choice([0, 0, 1, 2])))


MADE: dict[type[Event], Callable[[Random], Event]] = {
    AskedForProof: lambda _: AskedForProof(),
    FellShort: lambda c: FellShort(c.choice(list(Proof))),
    Identified: lambda c: Identified(c.choice([Proof.SESSION, Proof.STAFF]), SOURCES[: c.choice([1, 2, 2])]),
    FlaggedProtected: lambda _: FlaggedProtected(),
    Collected: lambda c: Collected(c.choice(SOURCES)),
    Failed: lambda c: Failed(c.choice(SOURCES), text(c)),
    Reviewed: lambda c: Reviewed(text(c)),
    Decided: lambda c: Decided(text(c), c.random() < 0.5, some(c)),
    Refused: lambda c: Refused(
        c.choice(list(Refusal)), text(c), c.choice([(), ("a.lind",), ("a.lind", "A.Lind"), ("a.lind", "b.ek")])
    ),
    CarriedOut: lambda c: CarriedOut(c.choice(SOURCES)),
    DeliveredInPart: lambda c: DeliveredInPart(text(c)),
    Delivered: lambda c: Delivered(text(c)),
    Addressed: lambda _: Addressed(),
    Concluded: lambda c: Concluded(c.choice(list(Verdict)), text(c)),
    Followed: lambda c: Followed(text(c)),
    Reminded: lambda c: Reminded(MONDAY, c.choice([7, 2, 0, -1])),
    Returned: lambda c: Returned(text(c)),
    MustTell: lambda c: MustTell(some(c)),
    RecipientTold: lambda c: RecipientTold(c.choice(RECIPIENTS), text(c)),
    TransferAsked: lambda c: TransferAsked(c.choice(CONTROLLERS)),
    Transferred: lambda c: Transferred(c.choice(CONTROLLERS), text(c)),
    NotTransferred: lambda c: NotTransferred(c.choice(CONTROLLERS), text(c)),
    RecipientNotTold: lambda c: RecipientNotTold(c.choice(RECIPIENTS), c.choice(list(Told)), text(c)),
    Restricted: lambda _: Restricted(),
    NoticeGiven: lambda c: NoticeGiven(text(c)),
    Lifted: lambda _: Lifted(),
    Extended: lambda c: Extended(text(c)),
    WithdrawnByPerson: lambda _: WithdrawnByPerson(),
    Reopened: lambda c: Reopened(c.choice(SOURCES)),
    Closed: lambda _: Closed(),
    RowTakenBack: lambda _: RowTakenBack(),
    Begun: lambda _: Begun(),
}
SELDOM = (
    *(WithdrawnByPerson, Refused, Reopened, Returned, FlaggedProtected, Extended, MustTell, RowTakenBack),
    *(TransferAsked, Transferred, NotTransferred, Addressed, Reminded),
)
"""What turns a request aside: met now and then, so that most walks come to an end."""


ANSWERS: dict[type[Command], Event] = {
    Begin: Begun(),
    Close: Closed(),
    Decide: Decided("ombud"),
    Lift: Lifted(),
}
"""Commands that one event answers, whatever was found."""


def anything(chance: Random, request: Request) -> Event:
    """Mostly what the tables have for the request's state, now and then what they do not."""
    words = [word for state, word in MOVES if state is request.state]
    weights = [1 if word in SELDOM else 10 for word in words]
    word: Word = chance.choice(list(MADE)) if chance.random() < 0.1 else chance.choices(words, weights)[0]
    return Found(word) if isinstance(word, Find) else MADE[word](chance)


@pytest.mark.parametrize("kind", list(RequestKind))
def test_whatever_happens_the_laws_hold(kind: RequestKind) -> None:
    met: Counter[State] = Counter()
    for seed in range(60):
        met.update(walk(kind, Random(f"{kind} {seed}")))
    assert set(met) == set(State), "the walk does not come everywhere"


def walk(kind: RequestKind, chance: Random) -> set[State]:
    """Let eighty things happen to a request, and look after each; the states that it came to."""
    first = Received("r1", kind, MONDAY, chance.choice([None, "konsult"]), protected=chance.random() < 0.2)
    met = {State.RECEIVED}
    request = step(None, first, MONDAY)
    history, day = [Happened(MONDAY, first)], MONDAY
    noticed: date | None = None
    untold: set[str] = set()
    """Recipients that had not been told when the person was answered, of which no letter has said more since."""
    for _ in range(80):
        day += timedelta(days=chance.choice([0, 0, 1]))
        event, before = anything(chance, request), request
        try:
            request = step(request, event, day)
        except NotAllowed:
            continue
        history.append(Happened(day, event))
        met.add(request.state)
        # It is carried out when every part is done, and never before.
        if request.state in (State.CARRIED_OUT, State.DELIVERED):
            assert set(request.parts.values()) == {Part.DONE}
        # No source is done whose data nobody looked at.
        for source, part in request.parts.items():
            assert part is not Part.DONE or any(h.event == Collected(source) for h in history)
        # It is not closed over a recipient, an untold refusal, or what it restricted.
        if request.state is State.CLOSED and before.state is not State.CLOSED:
            assert may_close(request.tellings.values())
            assert may_close(request.transfers.values())
            assert request.answered or request.ending is Ending.WITHDRAWN
            lasts = request.kind is RequestKind.RESTRICT and request.ending in (Ending.GRANTED, Ending.IN_PART)
            assert lasts or request.restriction in (Restriction.NONE, Restriction.LIFTED)
        # Nothing is handed to another controller but what is to be taken along; the person is told what came of it.
        assert request.kind is RequestKind.PORT or not request.transfers
        if isinstance(event, Delivered):
            assert all(each.told is not Told.OPEN for each in request.transfers.values())
        # Nor over what the answer left open, until a letter has told it: recipients, and what a dispute came to.
        match event:
            case Delivered() if request.state is State.DELIVERED:
                untold = {name for name, each in request.tellings.items() if each.told is Told.OPEN}
            case MustTell(more) if before.state is State.DELIVERED:
                untold |= set(more)
            case Followed():
                untold = {name for name in untold if before.tellings[name].told is Told.OPEN}
            case Returned() | Reopened():
                untold = set()
        if request.state is State.CLOSED and before.state is State.DELIVERED:
            assert not untold
            assert kind not in DISPUTES or (request.verdict is not None and request.verdict_told is not None)
        if isinstance(event, Followed):
            assert owes_letter(before)
            assert untold <= set(request.promised), "of whom nothing is known yet another letter follows"
        # A restriction is lifted after notice to the person, given while it stood.
        if isinstance(event, Restricted):
            noticed = None
        if isinstance(event, NoticeGiven):
            noticed = day
        if isinstance(event, Lifted):
            assert noticed is not None
            assert noticed < day
        # What is asked for may be done, however often; of a protected identity nothing that only a handler may.
        for named in (True, False):
            for command in todo(request, day, Rules(), named=named):
                if (answer := ANSWERS.get(type(command))) is not None:
                    step(request, answer, day)
                assert not (request.protected and isinstance(command, Decide))
                assert named or not isinstance(command, (Begin, CarryOut, TellRecipients))
    # The same events make the same request, also once they were kept.
    assert replay(history) == request
    kept = [(h.day, json.loads(json.dumps(written(h.event)))) for h in history]
    assert replay(Happened(on, read(said)) for on, said in kept) == request
    return met


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
    weak = (
        Happened(MONDAY, Received("r1", RequestKind.ACCESS, MONDAY)),
        Happened(MONDAY, Identified(Proof.NONE, ("crm",))),
    )
    assert replay(weak).state is State.COLLECTING


def test_nothing_has_no_request() -> None:
    with pytest.raises(NotAllowed):
        replay(())
    with pytest.raises(NotAllowed):
        replay((Happened(MONDAY, Closed()),))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"event": "Nothing"},
        {"event": "Closed", "why": "x"},
        {"event": "Collected"},
        {"event": "Found", "what": "x"},
    ],
)
def test_what_is_no_event_is_not_read_as_one(said: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        read(said)
