"""A request goes its way: who may do what when, and what keeps it from being called done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ombud.rights.commands import (
    Answer,
    Begin,
    CarryOut,
    Check,
    Close,
    Collect,
    Decide,
    Hear,
    Lift,
    NoteHandings,
    SetMarks,
    TellRecipients,
    When,
)
from ombud.rights.events import (
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
    RowTakenBack,
    WithdrawnByPerson,
)
from ombud.rights.life import NotAllowed, step
from ombud.rights.model import Ending, Part, Pause, Proof, RequestKind, Restriction, State, Told, Verdict
from ombud.rights.next import to_reopen, todo
from ombud.rights.rules import Rules
from tests.rights.requests import MONDAY, SOURCES, asks, carried_out, decided, delivered, known, lived

ACCESS, ERASE, RECTIFY, RESTRICT, COMPLAIN, CLAIM = (
    RequestKind.ACCESS,
    RequestKind.ERASE,
    RequestKind.RECTIFY,
    RequestKind.RESTRICT,
    RequestKind.COMPLAIN,
    RequestKind.CLAIM,
)


def refusal(*events: Event, kind: RequestKind = ACCESS) -> str:
    """Why the last of these events is not allowed; the others are."""
    lived(*events[:-1], kind=kind)
    with pytest.raises(NotAllowed) as refused:
        lived(*events, kind=kind)
    return refused.value.reason


# --- the way ----------------------------------------------------------------------------------------------------


def test_an_access_request_goes_its_way() -> None:
    ways = [lived(*delivered(ACCESS)[:n]).state for n in range(len(delivered(ACCESS)) + 1)]
    assert ways == [
        State.RECEIVED,
        State.COLLECTING,
        State.COLLECTING,
        State.COLLECTING,
        State.DECISION,
        State.CARRIED_OUT,
        State.DELIVERED,
    ]
    assert lived(*delivered(ACCESS), Closed()).state is State.CLOSED


def test_a_request_asks_for_what_comes_next() -> None:
    at_once, decided_, after = (SetMarks(when) for when in (When.AT_ONCE, When.DECIDED, When.CARRIED_OUT))
    assert asks() == ()
    assert asks(*known()[:1]) == (Collect(),)
    assert asks(*known()[:1], kind=RECTIFY) == (at_once, Collect())
    assert asks(*known(), Found(Find.TO_REVIEW)) == ()
    assert asks(*known(), Found(Find.CLEAR)) == (Decide(),)
    assert asks(*known(), Found(Find.CLEAR), kind=ERASE) == ()
    each = tuple(map(CarryOut, SOURCES))
    assert asks(*decided(ERASE), kind=ERASE) == (Check(), Begin(), NoteHandings(), decided_, *each)
    begun = (*decided(ERASE), Begun(), CarriedOut("crm"))
    assert asks(*begun, kind=ERASE) == (Check(), NoteHandings(), decided_, CarryOut("hr"))
    assert asks(*carried_out(ERASE, "caterer"), kind=ERASE) == (after, TellRecipients(), Answer())
    assert asks(*carried_out(ACCESS)) == (Answer(),)
    complaint = RequestKind.COMPLAIN
    assert asks(*carried_out(complaint), kind=complaint) == (SetMarks(When.AT_ONCE, first=True), Answer())
    assert asks(*delivered(ERASE, "caterer"), kind=ERASE) == (Hear(),)
    assert asks(*delivered(ERASE), kind=ERASE) == (Close(),)
    assert asks(*delivered(ERASE), Closed(), kind=ERASE) == ()


def test_a_move_that_is_in_no_table_is_refused_and_says_where_it_stands() -> None:
    with pytest.raises(NotAllowed) as refused:
        lived(*known(), Delivered("post"))
    assert (refused.value.state, refused.value.event) == ("collecting", "delivered")


def test_nothing_happens_to_what_was_never_received() -> None:
    with pytest.raises(NotAllowed):
        step(None, Closed(), MONDAY)
    with pytest.raises(NotAllowed):
        step(None, Received("r1", ACCESS, MONDAY + timedelta(days=1)), MONDAY)


def test_a_letter_that_lay_over_the_weekend_counts_from_the_day_it_came() -> None:
    request = step(None, Received("r1", ACCESS, MONDAY - timedelta(days=3)), MONDAY)
    assert request.received == MONDAY - timedelta(days=3)
    with pytest.raises(NotAllowed):
        step(request, AskedForProof(), MONDAY - timedelta(days=4))


# --- who asks ---------------------------------------------------------------------------------------------------


def test_too_little_proof_does_not_begin_anything() -> None:
    assert "needs contact_point" in refusal(Identified(Proof.SESSION, SOURCES))
    assert lived(Identified(Proof.SESSION, SOURCES), kind=RequestKind.WITHDRAW).state is State.COLLECTING
    strict = Rules(needs=dict.fromkeys(RequestKind, Proof.STAFF))
    with pytest.raises(NotAllowed):
        lived(Identified(Proof.E_IDENTIFICATION, SOURCES), rules=strict)


def test_the_clock_stands_still_from_the_question_to_the_answer() -> None:
    asked = lived(AskedForProof(), AskedForProof())
    assert asked.pauses == (Pause(MONDAY + timedelta(days=1)),)
    answered = lived(AskedForProof(), AskedForProof(), Identified(Proof.STAFF, SOURCES))
    assert answered.pauses == (Pause(MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)),)


def test_an_answer_that_proves_too_little_ends_the_pause_and_is_asked_about_again() -> None:
    request = lived(AskedForProof(), FellShort(Proof.SESSION))
    assert (request.state, request.proof) == (State.IDENTITY, Proof.SESSION)
    assert request.pauses[-1].until is not None
    assert len(lived(AskedForProof(), FellShort(Proof.SESSION), AskedForProof()).pauses) == 2


def test_a_protected_identity_stops_what_is_automatic() -> None:
    assert "handler" in refusal(*known(), FlaggedProtected(), Found(Find.CLEAR))
    assert asks(*known(), Found(Find.CLEAR), FlaggedProtected()) == ()
    withdrawal = RequestKind.WITHDRAW
    for named, begins in ((True, (Check(), Begin())), (False, ())):
        assert asks(*decided(withdrawal), FlaggedProtected(), kind=withdrawal, named=named)[:2] == begins
    assert asks(*carried_out(withdrawal), FlaggedProtected(), kind=withdrawal, named=False) == ()


def test_a_row_that_is_not_theirs_is_taken_back_before_anything_is_decided_and_all_is_looked_at_anew() -> None:
    for before, after in (
        ((), State.RECEIVED),
        ((AskedForProof(),), State.IDENTITY),
        (known()[:2], State.COLLECTING),
        ((*known(), Found(Find.TO_REVIEW)), State.COLLECTING),
        ((*known(), Found(Find.CLEAR)), State.COLLECTING),
    ):
        assert lived(*before, RowTakenBack()).state is after
    assert asks(*known(), Found(Find.CLEAR), RowTakenBack()) == (Collect(),)
    assert "while it is" in refusal(*decided(ERASE), RowTakenBack(), kind=ERASE)


def test_what_was_decided_anew_is_begun_anew() -> None:
    begun = (*decided(ERASE), Begun(), Failed("crm", "locked"))
    assert lived(*begun, kind=ERASE).begun
    again = (*begun, Reopened("shop"), Collected("shop"), Found(Find.CLEAR), Decided("a.lind"))
    assert not lived(*again, kind=ERASE).begun


# --- never a false complete -------------------------------------------------------------------------------------

SEVEN = tuple(f"source{n}" for n in range(7))
HR_DOWN: tuple[Event, ...] = (
    Identified(Proof.STAFF, (*SEVEN, "hr")),
    *(Collected(source) for source in SEVEN),
    Failed("hr", "connection refused"),
)


def test_seven_of_eight_sources_are_not_all() -> None:
    request = lived(*HR_DOWN, Found(Find.CLEAR), Decided("a.lind"))
    assert request.state is State.CARRYING_OUT
    assert request.parts["hr"] is Part.UNREAD
    assert asks(*HR_DOWN, Found(Find.CLEAR), Decided("a.lind")) == ()
    assert to_reopen(request, [*SEVEN, "hr", "shop"]) == ("hr", "shop")
    with pytest.raises(NotAllowed):
        lived(*HR_DOWN, Found(Find.CLEAR), Decided("a.lind"), Delivered("portal"))


def test_what_is_missing_comes_later_and_only_then_it_is_carried_out() -> None:
    partly = (*HR_DOWN, Found(Find.CLEAR), Decided("a.lind"), DeliveredInPart("portal"))
    request = lived(*partly)
    assert (request.state, request.answered) == (State.CARRYING_OUT, None)
    assert request.answered_in_part is not None
    again = lived(*partly, Reopened("hr"))
    assert (again.state, again.parts["hr"]) == (State.COLLECTING, Part.PENDING)
    assert asks(*partly, Reopened("hr")) == (Collect(),)
    whole = lived(*partly, Reopened("hr"), Collected("hr"), Found(Find.CLEAR), Decided("a.lind"))
    assert (whole.state, set(whole.parts.values())) == (State.CARRIED_OUT, {Part.DONE})


def test_nothing_is_found_before_every_source_was_looked_at() -> None:
    assert "not looked at yet: hr" in refusal(*known()[:2], Found(Find.NOTHING))
    assert "no source could be read" in refusal(
        Identified(Proof.STAFF, ("crm",)), Failed("crm", "down"), Found(Find.NOTHING)
    )


def test_a_sweep_that_failed_in_one_source_keeps_the_erasure_open_until_it_is_done_there() -> None:
    partly = (*decided(ERASE), CarriedOut("crm"), Failed("hr", "locked"))
    request = lived(*partly, kind=ERASE)
    assert (request.state, request.parts["hr"]) == (State.CARRYING_OUT, Part.FAILED)
    assert asks(*partly, kind=ERASE)[-1] == CarryOut("hr")
    assert lived(*partly, CarriedOut("hr"), kind=ERASE).state is State.CARRIED_OUT


def test_what_failed_before_a_new_decision_is_tried_again_after_it() -> None:
    again = (*decided(ERASE), CarriedOut("crm"), Failed("hr", "locked"), Reopened("shop"), Collected("shop"))
    found = asks(*again, Found(Find.CLEAR), Decided("a.lind"), kind=ERASE)
    assert found[:2] == (Check(), Begin())
    assert found[2:] == (NoteHandings(), SetMarks(When.DECIDED), CarryOut("hr"), CarryOut("shop"))


def test_a_source_that_was_never_read_cannot_be_carried_out() -> None:
    partly = (Identified(Proof.STAFF, SOURCES), Collected("crm"), Failed("hr", "down"), Found(Find.CLEAR))
    assert "hr is unread" in refusal(*partly, Decided("a.lind"), CarriedOut("hr"), kind=ERASE)


def test_nothing_is_said_of_a_source_that_is_no_part_of_it() -> None:
    assert "no part" in refusal(*known()[:1], Collected("warehouse"))
    assert "no part" in refusal(*known()[:1], Failed("warehouse", "down"))


@pytest.mark.parametrize("until", range(2, len(delivered(ERASE)) + 1))
def test_a_source_that_is_added_while_a_request_is_open_is_looked_at_too(until: int) -> None:
    before = delivered(ERASE)[:until]
    request = lived(*before, Reopened("shop"), kind=ERASE)
    assert request.state is State.COLLECTING
    assert asks(*before, Reopened("shop"), kind=ERASE) == (Collect(),)
    assert request.answered is None
    left: list[Event] = [Collected(source) for source, part in request.parts.items() if part is Part.PENDING]
    left += [Found(Find.CLEAR), Decided("a.lind")]
    done = [CarriedOut(source) for source, part in request.parts.items() if part is not Part.DONE]
    assert lived(*before, Reopened("shop"), *left, *done[:-1], kind=ERASE).state is State.CARRYING_OUT
    assert lived(*before, Reopened("shop"), *left, *done, kind=ERASE).state is State.CARRIED_OUT


def test_an_answer_that_came_back_has_not_reached_anybody() -> None:
    request = lived(*delivered(ACCESS), Returned("unknown at the address"))
    assert (request.state, request.answered) == (State.CARRIED_OUT, None)
    assert asks(*delivered(ACCESS), Returned("unknown at the address")) == (Answer(),)


# --- recipients -------------------------------------------------------------------------------------------------


@pytest.mark.fact("R2")
@pytest.mark.fact("R3")
@pytest.mark.parametrize("kind", [RECTIFY, ERASE])
def test_a_case_is_not_closed_over_a_recipient_with_neither_receipt_nor_reason(kind: RequestKind) -> None:
    done = delivered(kind, "caterer", "carrier")
    assert "caterer is neither told" in refusal(*done, RecipientTold("carrier", "250 OK"), Closed(), kind=kind)
    both = (RecipientTold("carrier", "250 OK"), RecipientNotTold("caterer", Told.IMPOSSIBLE, "dissolved in 2025"))
    request = lived(*done, *both, kind=kind)
    assert asks(*done, *both, kind=kind) == (Answer(),)
    assert request.tellings["caterer"].words == "dissolved in 2025"
    assert asks(*done, *both, Followed("post"), kind=kind) == (Close(),)
    assert lived(*done, *both, Followed("post"), Closed(), kind=kind).state is State.CLOSED


@pytest.mark.fact("R2")
def test_who_was_answered_before_recipients_were_told_gets_a_second_letter_once_all_of_that_is_known() -> None:
    done = (*delivered(ERASE, "caterer", "carrier"), RecipientTold("carrier", "250 OK"))
    assert "left nothing open that is known" in refusal(*done, Followed("post"), kind=ERASE)
    done = (*done, RecipientTold("caterer", "250 OK"))
    assert "what the answer left open" in refusal(*done, Closed(), kind=ERASE)
    assert "how" in refusal(*done, Followed(""), kind=ERASE)
    followed = (*done, Followed("post"))
    assert "left nothing open" in refusal(*followed, Followed("post"), kind=ERASE)
    later = (*followed, MustTell(("printer",)), RecipientTold("printer", "250 OK"))
    assert "what the answer left open" in refusal(*later, Closed(), kind=ERASE), "he was not named in either letter"


def test_who_is_answered_after_recipients_were_told_gets_one_letter() -> None:
    done = (*carried_out(ERASE, "caterer"), RecipientTold("caterer", "250 OK"), Delivered("post"))
    assert asks(*done, kind=ERASE) == (Close(),)


def test_an_answer_that_came_back_leaves_open_what_is_open_when_it_goes_again() -> None:
    back = (*delivered(ERASE, "caterer"), Returned("moved"), RecipientTold("caterer", "250 OK"))
    assert asks(*back, Delivered("post"), kind=ERASE) == (Close(),)


@pytest.mark.fact("R7")
@pytest.mark.fact("R8")
@pytest.mark.parametrize("kind", [COMPLAIN, CLAIM])
def test_a_complaint_and_a_claim_are_not_closed_before_it_is_decided_and_told_what_comes_of_them(
    kind: RequestKind,
) -> None:
    done = delivered(kind)
    assert "what comes of it has not been decided" in refusal(*done, Closed(), kind=kind)
    concluded = (*done, Concluded(Verdict.IN_PART, "a.lind"))
    assert asks(*concluded, kind=kind) == (Answer(),)
    assert "what the answer left open" in refusal(*concluded, Closed(), kind=kind)
    assert asks(*concluded, Followed("post"), kind=kind) == (Close(),)
    assert "by whom" in refusal(*done, Concluded(Verdict.UPHELD, " "), kind=kind)
    told_already = (*concluded, Followed("post"), Concluded(Verdict.REJECTED, "a.lind"))
    assert "has been told what came of it" in refusal(*told_already, kind=kind)
    once = (*carried_out(kind), Concluded(Verdict.UPHELD, "a.lind"), Delivered("post"))
    assert asks(*once, kind=kind) == (Close(),), "the answer says it"


def test_nothing_but_a_complaint_or_a_claim_is_concluded() -> None:
    assert "only a complaint or a claim" in refusal(
        *carried_out(ERASE), Concluded(Verdict.UPHELD, "a.lind"), kind=ERASE
    )


def test_a_recipient_is_left_untold_only_for_what_the_law_lets_and_with_the_reason() -> None:
    done = delivered(ERASE, "caterer")
    assert "reason" in refusal(*done, RecipientNotTold("caterer", Told.DISPROPORTIONATE, " "), kind=ERASE)
    assert "impossible or" in refusal(*done, RecipientNotTold("caterer", Told.OPEN, "no time"), kind=ERASE)
    assert "receipt" in refusal(*done, RecipientTold("caterer", ""), kind=ERASE)
    assert "not among" in refusal(*done, RecipientTold("carrier", "250 OK"), kind=ERASE)


def test_a_recipient_learned_of_later_is_told_too() -> None:
    done = (*delivered(ERASE, "caterer"), RecipientTold("caterer", "250 OK"), MustTell(("carrier",)))
    assert asks(*done, kind=ERASE) == (Hear(),)
    assert "carrier" in refusal(*done, Closed(), kind=ERASE)


# --- restriction ------------------------------------------------------------------------------------------------


@pytest.mark.fact("R4")
def test_a_restriction_is_lifted_only_after_the_person_was_told() -> None:
    stands = (*known()[:1], Restricted())
    assert "has not been told" in refusal(*stands, Lifted(), kind=RECTIFY)
    request = lived(*stands, NoticeGiven("post"), kind=RECTIFY)
    assert request.restriction is Restriction.NOTICED
    with pytest.raises(NotAllowed, match="same day"):
        step(request, Lifted(), MONDAY + timedelta(days=3))
    assert lived(*stands, NoticeGiven("post"), Lifted(), kind=RECTIFY).restriction is Restriction.LIFTED


def test_a_restriction_that_is_set_again_needs_a_new_notice() -> None:
    again = (*known()[:1], Restricted(), NoticeGiven("post"), Restricted())
    assert "has not been told" in refusal(*again, Lifted(), kind=RECTIFY)


@pytest.mark.fact("R4")
def test_what_was_contested_is_not_closed_while_it_is_restricted() -> None:
    identified, *rest = delivered(RECTIFY)
    done = (identified, Restricted(), *rest)
    assert asks(*done, kind=RECTIFY) == ()
    noticed = lived(*done, NoticeGiven("post"), kind=RECTIFY)
    lifts = (SetMarks(When.LIFTED, first=True), Lift())
    on = MONDAY + timedelta(days=len(done) + 1)
    assert [todo(noticed, day, Rules(), named=True) for day in (on, on + timedelta(days=1))] == [(), lifts]
    assert "not lifted" in refusal(*done, Closed(), kind=RECTIFY)
    lifted = (*done, NoticeGiven("post"), Lifted())
    assert asks(*lifted, kind=RECTIFY) == (Close(),)
    assert lived(*lifted, Closed(), kind=RECTIFY).state is State.CLOSED


@pytest.mark.fact("R4")
def test_a_restriction_that_was_asked_for_outlives_its_request_and_is_lifted_after_notice_all_the_same() -> None:
    identified, *rest = delivered(RESTRICT)
    closed = (identified, Restricted(), *rest, Closed())
    assert asks(*closed[:-1], kind=RESTRICT) == (Close(),)
    assert lived(*closed, kind=RESTRICT).restriction is Restriction.STANDS
    assert "has not been told" in refusal(*closed, Lifted(), kind=RESTRICT)
    lifted = lived(*closed, NoticeGiven("post"), Lifted(), kind=RESTRICT)
    assert (lifted.state, lifted.restriction) == (State.CLOSED, Restriction.LIFTED)


# --- refusal, withdrawal, extension -----------------------------------------------------------------------------


@pytest.mark.parametrize("why", [Refusal.EXCESSIVE, Refusal.MANIFESTLY_UNFOUNDED])
def test_what_is_excessive_or_unfounded_takes_two_different_people(why: Refusal) -> None:
    assert "two people" in refusal(*known(), Refused(why, "a request a week, to harm", ("a.lind",)))
    assert "two people" in refusal(*known(), Refused(why, "a request a week, to harm", ("a.lind", "A.Lind ")))
    assert "reason" in refusal(*known(), Refused(why, " ", ("a.lind", "b.ek")))
    refused = lived(*known(), Refused(why, "a request a week, to harm", ("a.lind", "b.ek")))
    assert (refused.state, refused.ending) == (State.REFUSED, Ending.REFUSED)


def test_another_refusal_takes_one_and_a_reason() -> None:
    assert "by whom" in refusal(*known(), Refused(Refusal.EXEMPT, "trade secrets", ()))
    assert lived(*known(), Refused(Refusal.EXEMPT, "trade secrets", ("a.lind",))).state is State.REFUSED


def test_nobody_is_refused_as_unknown_once_it_is_known_who_asks() -> None:
    unknown = Refused(Refusal.UNIDENTIFIED, "no answer in two months", ("a.lind",))
    assert lived(AskedForProof(), unknown).state is State.REFUSED
    assert "known who asks" in refusal(*known(), unknown)


def test_a_refusal_is_not_closed_before_it_is_told() -> None:
    refused = (*known(), Refused(Refusal.EXEMPT, "trade secrets", ("a.lind",)))
    assert asks(*refused) == (Answer(),)
    assert "has not been told" in refusal(*refused, Closed())
    assert asks(*refused, Delivered("post")) == (Close(),)
    closed = lived(*refused, Delivered("post"), Closed())
    assert (closed.state, closed.ending) == (State.CLOSED, Ending.REFUSED)


def test_what_is_done_in_one_source_is_not_refused_nor_taken_back_any_more() -> None:
    partly = (*decided(ERASE), CarriedOut("crm"), Reopened("shop"), Collected("shop"), Found(Find.CLEAR))
    assert "already in crm" in refusal(*partly, Refused(Refusal.EXEMPT, "law", ("a.lind",)), kind=ERASE)
    assert "already in crm" in refusal(*partly, WithdrawnByPerson(), kind=ERASE)
    assert "being carried out" in refusal(*decided(ERASE), WithdrawnByPerson(), kind=ERASE)


def test_a_person_may_take_back_what_they_asked_for() -> None:
    request = lived(*known(), WithdrawnByPerson())
    assert (request.state, request.ending) == (State.WITHDRAWN, Ending.WITHDRAWN)
    assert asks(*known(), WithdrawnByPerson()) == (Close(),)


def test_a_correction_that_is_taken_back_leaves_a_restriction_to_be_lifted_first() -> None:
    taken_back = (*known()[:1], Restricted(), WithdrawnByPerson())
    assert asks(*taken_back, kind=RECTIFY) == (SetMarks(When.TAKEN_BACK),)
    assert "not lifted" in refusal(*taken_back, Closed(), kind=RECTIFY)


def test_an_extension_is_told_once_with_its_reason_inside_the_first_month() -> None:
    request = lived(*known(), Extended("eight sources, and much to mask"))
    assert (request.state, request.extended_on) == (State.COLLECTING, MONDAY + timedelta(days=4))
    assert "extended already" in refusal(*known(), Extended("many"), Extended("more"))
    assert "reason" in refusal(*known(), Extended(""))
    with pytest.raises(NotAllowed, match="first month"):
        step(lived(*known()), Extended("many"), date(2026, 4, 8))
