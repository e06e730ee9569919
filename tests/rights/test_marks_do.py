"""The marks of a decision do what the decision says, by the oracle's reading (spec/claims.md §3 and §4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from ombud.claims.live import on_row
from ombud.claims.read import Reading
from ombud.claims.world import World
from ombud.datamap.model import (
    Binding,
    DataMap,
    Encoding,
    FromColumn,
    IdentifierColumn,
    IsCompany,
    IsSubject,
    Kind,
    SourceMap,
    Subject,
    Table,
    TimeColumn,
)
from ombud.policy.model import OnErasure, Use
from ombud.rights.commands import When
from ombud.rights.decisions import Decision, NewMark, choose, marks
from ombud.rights.grounds import Ground
from ombud.rights.measures import measures
from ombud.rights.model import Request, RequestKind
from ombud.terms import Act, IdRef, Mark
from tests.rights.policies import POLICY, PURPOSES

ASKED, LATER = date(2026, 3, 2), date(2026, 3, 9)
DAYS = TimeColumn("born", Encoding.DATE), TimeColumn("ended", Encoding.DATE)
HER = IdRef("email", "email:her")
CONSENTED = NewMark(Act.CONSENTED, None, None, "")


@dataclass(frozen=True, slots=True)
class Said:
    """Marks that were set on a day."""

    day: date
    marks: tuple[NewMark, ...]


def lives(purpose: str, today: date, said: Iterable[Said], born: date | None = date(2025, 1, 1)) -> bool:
    """Whether any claim of the purpose lives on her row, whose clock has not started."""
    born_at, ended_at = DAYS
    kind = Kind("row", (), (Binding(purpose),), {"ended": FromColumn((ended_at,))}, {})
    table = Table("customer", ("id",), IsCompany("north"), (kind,), owners=(IsSubject("customer"),), born=born_at)
    subject = Subject("customer", "customer", (IdentifierColumn("email", "email"),))
    world = World({"crm": {"customer": ({"id": 1, "email": "her", "born": born and str(born), "ended": None},)}})
    numbered = [(each.day, mark) for each in said for mark in each.marks]
    set_ = [
        Mark(n, day, m.act, frozenset({HER}), m.purpose, m.company, m.ground, m.allows)
        for n, (day, m) in enumerate(numbered, 1)
    ]
    datamap = DataMap({"crm": SourceMap("crm", {"customer": table}, {"customer": subject})})
    look = Reading(POLICY, datamap, world, set_, today, lambda k, value: f"{k}:{value}" if value else "")
    return any(claim.live for claim in on_row(look, look.rows["crm", "customer"][0]).claims)


def decided(kind: RequestKind, purpose: str, outcome: OnErasure | None = None, ground: str = "") -> Decision:
    request = Request("r1", kind, ASKED, company="north", purposes=(purpose,), ground=ground)
    (decision,) = measures(request, POLICY).decisions
    return choose(decision, outcome, "weighed") if outcome and decision.outcome is OnErasure.REVIEW else decision


def carried_out(decision: Decision, on: date = LATER) -> tuple[Said, ...]:
    """What was said until the sweep: consent long ago, what is set at once, what was decided."""
    return (
        Said(date(2025, 1, 1), (CONSENTED,)),
        Said(ASKED, marks([decision], When.AT_ONCE)),
        Said(on, marks([decision], When.DECIDED)),
    )


@pytest.mark.fact("R3")
@pytest.mark.parametrize("ground", ["", *Ground])
@pytest.mark.parametrize("purpose", list(PURPOSES))
def test_what_ends_at_a_request_to_erase_is_dead_on_that_day_and_what_stays_lives(purpose: str, ground: str) -> None:
    ended = decided(RequestKind.ERASE, purpose, OnErasure.ENDS, ground=ground)
    assert lives(purpose, LATER, carried_out(ended)) is (ended.outcome is OnErasure.STAYS)
    stays = decided(RequestKind.ERASE, purpose, OnErasure.STAYS, ground=ground)
    assert lives(purpose, LATER, carried_out(stays)) is (stays.outcome is OnErasure.STAYS)


@pytest.mark.fact("R3")
@pytest.mark.parametrize("purpose", ["offers", "mailings", "surveys"])
def test_an_objection_that_stood_already_does_not_put_the_erasure_off(purpose: str) -> None:
    request = Request("r1", RequestKind.ERASE, ASKED, company="north", purposes=(purpose,))
    (found,) = measures(request, POLICY, objected=(purpose,)).decisions
    ended = found if found.outcome is OnErasure.ENDS else choose(found, OnErasure.ENDS, "weighed")
    stood = Said(ASKED - timedelta(days=3), (NewMark(Act.OBJECTED, purpose, "north", ""),))
    assert not lives(purpose, LATER, (stood, *carried_out(ended)))
    assert Act.OBJECTED in {mark.act for mark in marks([ended], When.CARRIED_OUT)}, "and it stands again afterwards"


@pytest.mark.fact("R6")
@pytest.mark.parametrize("purpose", ["offers", "mailings"])
def test_marketing_data_that_comes_back_after_the_erasure_is_still_objected_to(purpose: str) -> None:
    ended = decided(RequestKind.ERASE, purpose)
    said = (*carried_out(ended), Said(LATER, marks([ended], When.CARRIED_OUT)))
    back = LATER + timedelta(days=1)
    assert lives(purpose, back, carried_out(ended), born=back), "without it, it would be used again"
    assert not lives(purpose, LATER + timedelta(days=POLICY.undo + 1), said, born=back), "restricted, then removed"


@pytest.mark.fact("R3")
@pytest.mark.fact("R6")
@pytest.mark.parametrize("kind", [RequestKind.ERASE, RequestKind.OBJECT])
@pytest.mark.parametrize("purpose", ["surveys", "safety"])
def test_an_objection_that_was_upheld_does_not_keep_what_something_else_held_then(
    purpose: str, kind: RequestKind
) -> None:
    """A contract, a statute or another's claim lets go of the row years later: the objection must not hold it then."""
    upheld = decided(kind, purpose, OnErasure.ENDS, ground=Ground.OBJECTS if kind is RequestKind.ERASE else "")
    stands = Said(LATER, marks([upheld], When.CARRIED_OUT))
    assert Act.OBJECTED in {mark.act for mark in stands.marks}
    assert not lives(purpose, LATER + timedelta(days=400), (*carried_out(upheld), stands))
    back = LATER + timedelta(days=1)
    assert lives(purpose, back, (*carried_out(upheld), stands), born=back), "what comes back is not used, and weighed"
    assert lives(purpose, back, (*carried_out(upheld), stands), born=None), "nor what nobody can date"


@pytest.mark.fact("R6")
@pytest.mark.parametrize("purpose", ["offers", "mailings"])
def test_an_erasure_leaves_no_days_to_undo_it(purpose: str) -> None:
    ended = decided(RequestKind.ERASE, purpose)
    stands = Said(LATER, marks([ended], When.CARRIED_OUT))
    assert not lives(purpose, LATER + timedelta(days=1), (*carried_out(ended), stands))


@pytest.mark.fact("R6")
@pytest.mark.parametrize("purpose", ["surveys", "safety"])
def test_an_objection_waits_then_ends_or_is_overridden(purpose: str) -> None:
    upheld = decided(RequestKind.OBJECT, purpose, OnErasure.ENDS)
    assert lives(purpose, LATER, carried_out(upheld)[:2]), "restricted, and not deleted, until it is decided"
    assert not lives(purpose, LATER, carried_out(upheld))
    overridden = decided(RequestKind.OBJECT, purpose, OnErasure.STAYS)
    lifted = Said(LATER, marks([overridden], When.LIFTED))
    assert lives(purpose, LATER, (*carried_out(overridden), lifted))


@pytest.mark.fact("R6")
@pytest.mark.parametrize("purpose", [name for name, each in PURPOSES.items() if Use.DIRECT_MARKETING in each.uses])
def test_direct_marketing_is_gone_once_it_cannot_be_undone_any_more(purpose: str) -> None:
    objected = carried_out(decided(RequestKind.OBJECT, purpose))
    assert lives(purpose, ASKED + timedelta(days=POLICY.undo), objected) is (purpose != "news")
    assert not lives(purpose, ASKED + timedelta(days=POLICY.undo + 1), objected)


@pytest.mark.fact("R9")
def test_a_withdrawal_ends_what_stood_on_consent_and_a_new_consent_begins_it_again() -> None:
    withdrawn = carried_out(decided(RequestKind.WITHDRAW, "pool"))
    assert lives("pool", ASKED, withdrawn[:1])
    assert not lives("pool", ASKED, withdrawn)
    assert lives("pool", LATER, (*withdrawn, Said(LATER, (CONSENTED,))))


@pytest.mark.fact("R7")
@pytest.mark.fact("R8")
@pytest.mark.parametrize("kind", [RequestKind.COMPLAIN, RequestKind.CLAIM])
def test_a_complaint_holds_even_what_an_erasure_ended(kind: RequestKind) -> None:
    held = measures(Request("r2", kind, ASKED), POLICY)
    ended = carried_out(decided(RequestKind.ERASE, "offers"))
    assert not lives("offers", LATER, ended)
    assert lives("offers", LATER, (*ended, Said(ASKED, held.marks(When.AT_ONCE, POLICY))))
    released = Said(LATER, held.marks(When.TAKEN_BACK, POLICY))
    assert not lives("offers", LATER, (*ended, Said(ASKED, held.marks(When.AT_ONCE, POLICY)), released))


@pytest.mark.fact("R4")
def test_what_is_restricted_is_not_deleted_until_it_is_lifted() -> None:
    contested = measures(Request("r2", RequestKind.RECTIFY, ASKED), POLICY)
    ended = carried_out(decided(RequestKind.ERASE, "offers"))
    restricted = Said(LATER, contested.marks(When.AT_ONCE, POLICY))
    assert lives("offers", LATER, (*ended, restricted))
    assert not lives("offers", LATER, (*ended, restricted, Said(LATER, contested.marks(When.LIFTED, POLICY))))
