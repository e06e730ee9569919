"""A request goes its way: who may do what when, and what keeps it from being called done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ombud.rights.commands import (
    AskForProof,
    CarryOut,
    Close,
    Collect,
    Decide,
    Deliver,
    FollowUp,
    GiveNotice,
    Lift,
    Remind,
    Review,
    SetMarks,
    TellRecipient,
    When,
)
from ombud.rights.events import (
    AskedForProof,
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
    Reviewed,
    WithdrawnByPerson,
)
from ombud.rights.life import NotAllowed, step
from ombud.rights.model import Ending, Part, Pause, Proof, RequestKind, Restriction, State, Told, Verdict
from ombud.rights.rules import Rules
from tests.rights.requests import MONDAY, SOURCES, carried_out, decided, delivered, known, lived, told

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
    assert told()[1] == (AskForProof(Proof.CONTACT_POINT), Remind(date(2026, 3, 26)))
    collect = tuple(map(Collect, SOURCES))
    assert told(*known()[:1])[1] == (*collect, Remind(date(2026, 3, 26)))
    assert told(*known()[:1], kind=RECTIFY)[1][0] == SetMarks(When.AT_ONCE)
    assert told(*known(), Found(Find.TO_REVIEW))[1] == (Review(),)
    assert told(*known(), Found(Find.TO_REVIEW), Reviewed("a.lind"))[1] == (Decide(by_hand=True),)
    assert told(*known(), Found(Find.CLEAR))[1] == (Decide(by_hand=False),)
    assert told(*known(), Found(Find.CLEAR), kind=ERASE)[1] == (Decide(by_hand=True),)
    assert told(*decided(ERASE), kind=ERASE)[1] == (SetMarks(When.DECIDED), *map(CarryOut, SOURCES))
    assert told(*carried_out(ERASE, "caterer"), kind=ERASE)[1] == (
        SetMarks(When.CARRIED_OUT),
        TellRecipient("caterer"),
        Deliver(in_part=False, by_hand=False),
    )
    assert told(*delivered(ERASE), kind=ERASE)[1] == (Close(),)


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
    request, _ = step(None, Received("r1", ACCESS, MONDAY - timedelta(days=3)), MONDAY)
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
    request, commands = told(AskedForProof(), FellShort(Proof.SESSION))
    assert (request.state, request.proof) == (State.IDENTITY, Proof.SESSION)
    assert request.pauses[-1].until is not None
    assert commands[0] == AskForProof(Proof.CONTACT_POINT)
    assert len(lived(AskedForProof(), FellShort(Proof.SESSION), AskedForProof()).pauses) == 2


def test_a_protected_identity_stops_what_is_automatic() -> None:
    assert "handler" in refusal(*known(), FlaggedProtected(), Found(Find.CLEAR))
    assert told(*known(), Found(Find.CLEAR), FlaggedProtected())[1] == (Decide(by_hand=True),)
    assert told(*carried_out(ACCESS), FlaggedProtected())[1] == (Deliver(in_part=False, by_hand=True),)


# --- never a false complete -------------------------------------------------------------------------------------

SEVEN = tuple(f"source{n}" for n in range(7))
HR_DOWN: tuple[Event, ...] = (
    Identified(Proof.STAFF, (*SEVEN, "hr")),
    *(Collected(source) for source in SEVEN),
    Failed("hr", "connection refused"),
)


def test_seven_of_eight_sources_are_not_all() -> None:
    request, commands = told(*HR_DOWN, Found(Find.CLEAR), Decided("a.lind"))
    assert request.state is State.CARRYING_OUT
    assert request.parts["hr"] is Part.UNREAD
    assert commands == (Deliver(in_part=True, by_hand=False),)
    with pytest.raises(NotAllowed):
        lived(*HR_DOWN, Found(Find.CLEAR), Decided("a.lind"), Delivered("portal"))


def test_what_is_missing_comes_later_and_only_then_it_is_carried_out() -> None:
    partly = (*HR_DOWN, Found(Find.CLEAR), Decided("a.lind"), DeliveredInPart("portal"))
    request = lived(*partly)
    assert (request.state, request.answered) == (State.CARRYING_OUT, None)
    assert request.answered_in_part is not None
    again, commands = told(*partly, Reopened("hr"))
    assert (again.state, commands) == (State.COLLECTING, (Collect("hr"),))
    whole = lived(*partly, Reopened("hr"), Collected("hr"), Found(Find.CLEAR), Decided("a.lind"))
    assert (whole.state, set(whole.parts.values())) == (State.CARRIED_OUT, {Part.DONE})


def test_nothing_is_found_before_every_source_was_looked_at() -> None:
    assert "not looked at yet: hr" in refusal(*known()[:2], Found(Find.NOTHING))
    assert "no source could be read" in refusal(
        Identified(Proof.STAFF, ("crm",)), Failed("crm", "down"), Found(Find.NOTHING)
    )


def test_a_sweep_that_failed_in_one_source_keeps_the_erasure_open_until_it_is_done_there() -> None:
    partly = (*decided(ERASE), CarriedOut("crm"), Failed("hr", "locked"))
    request, commands = told(*partly, kind=ERASE)
    assert (request.state, request.parts["hr"]) == (State.CARRYING_OUT, Part.FAILED)
    assert commands == (CarryOut("hr"), Deliver(in_part=True, by_hand=False))
    assert lived(*partly, CarriedOut("hr"), kind=ERASE).state is State.CARRIED_OUT


def test_what_failed_before_a_new_decision_is_tried_again_after_it() -> None:
    again = (*decided(ERASE), CarriedOut("crm"), Failed("hr", "locked"), Reopened("shop"), Collected("shop"))
    commands = told(*again, Found(Find.CLEAR), Decided("a.lind"), kind=ERASE)[1]
    assert commands == (SetMarks(When.DECIDED), CarryOut("hr"), CarryOut("shop"))


def test_a_source_that_was_never_read_cannot_be_carried_out() -> None:
    partly = (Identified(Proof.STAFF, SOURCES), Collected("crm"), Failed("hr", "down"), Found(Find.CLEAR))
    assert "hr is unread" in refusal(*partly, Decided("a.lind"), CarriedOut("hr"), kind=ERASE)


def test_nothing_is_said_of_a_source_that_is_no_part_of_it() -> None:
    assert "no part" in refusal(*known()[:1], Collected("warehouse"))
    assert "no part" in refusal(*known()[:1], Failed("warehouse", "down"))


@pytest.mark.parametrize("until", range(2, len(delivered(ERASE)) + 1))
def test_a_source_that_is_added_while_a_request_is_open_is_looked_at_too(until: int) -> None:
    before = delivered(ERASE)[:until]
    request, commands = told(*before, Reopened("shop"), kind=ERASE)
    assert request.state is State.COLLECTING
    assert Collect("shop") in commands
    assert request.answered is None
    left: list[Event] = [Collected(source) for source, part in request.parts.items() if part is Part.PENDING]
    left += [Found(Find.CLEAR), Decided("a.lind")]
    done = [CarriedOut(source) for source, part in request.parts.items() if part is not Part.DONE]
    assert lived(*before, Reopened("shop"), *left, *done[:-1], kind=ERASE).state is State.CARRYING_OUT
    assert lived(*before, Reopened("shop"), *left, *done, kind=ERASE).state is State.CARRIED_OUT


def test_an_answer_that_came_back_has_not_reached_anybody() -> None:
    request, commands = told(*delivered(ACCESS), Returned("unknown at the address"))
    assert (request.state, request.answered) == (State.CARRIED_OUT, None)
    assert commands == (Deliver(in_part=False, by_hand=False),)


# --- recipients -------------------------------------------------------------------------------------------------


@pytest.mark.fact("R2")
@pytest.mark.fact("R3")
@pytest.mark.parametrize("kind", [RECTIFY, ERASE])
def test_a_case_is_not_closed_over_a_recipient_with_neither_receipt_nor_reason(kind: RequestKind) -> None:
    done = delivered(kind, "caterer", "carrier")
    assert "caterer is neither told" in refusal(*done, RecipientTold("carrier", "250 OK"), Closed(), kind=kind)
    both = (RecipientTold("carrier", "250 OK"), RecipientNotTold("caterer", Told.IMPOSSIBLE, "dissolved in 2025"))
    request, commands = told(*done, *both, kind=kind)
    assert commands == (FollowUp(by_hand=False),)
    assert request.tellings["caterer"].words == "dissolved in 2025"
    assert told(*done, *both, Followed("post"), kind=kind)[1] == (Close(),)
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
    assert told(*done, kind=ERASE)[1] == (Close(),)


def test_an_answer_that_came_back_leaves_open_what_is_open_when_it_goes_again() -> None:
    back = (*delivered(ERASE, "caterer"), Returned("moved"), RecipientTold("caterer", "250 OK"))
    assert told(*back, Delivered("post"), kind=ERASE)[1] == (Close(),)


@pytest.mark.fact("R7")
@pytest.mark.fact("R8")
@pytest.mark.parametrize("kind", [COMPLAIN, CLAIM])
def test_a_complaint_and_a_claim_are_not_closed_before_it_is_decided_and_told_what_comes_of_them(
    kind: RequestKind,
) -> None:
    done = delivered(kind)
    assert "what comes of it has not been decided" in refusal(*done, Closed(), kind=kind)
    concluded = (*done, Concluded(Verdict.IN_PART, "a.lind"))
    assert told(*concluded, kind=kind)[1] == (FollowUp(by_hand=False),)
    assert "what the answer left open" in refusal(*concluded, Closed(), kind=kind)
    assert told(*concluded, Followed("post"), kind=kind)[1] == (Close(),)
    assert "by whom" in refusal(*done, Concluded(Verdict.UPHELD, " "), kind=kind)
    told_already = (*concluded, Followed("post"), Concluded(Verdict.REJECTED, "a.lind"))
    assert "has been told what came of it" in refusal(*told_already, kind=kind)
    once = (*carried_out(kind), Concluded(Verdict.UPHELD, "a.lind"), Delivered("post"))
    assert told(*once, kind=kind)[1] == (Close(),), "the answer says it"


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
    assert told(*done, kind=ERASE)[1] == (TellRecipient("carrier"),)
    assert "carrier" in refusal(*done, Closed(), kind=ERASE)


# --- restriction ------------------------------------------------------------------------------------------------


@pytest.mark.fact("R4")
def test_a_restriction_is_lifted_only_after_the_person_was_told() -> None:
    stands = (*known()[:1], Restricted())
    assert "has not been told" in refusal(*stands, Lifted(), kind=RECTIFY)
    request, commands = told(*stands, NoticeGiven("post"), kind=RECTIFY)
    assert [command.not_before for command in commands if isinstance(command, Lift)] == [MONDAY + timedelta(days=4)]
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
    assert told(*done, kind=RECTIFY)[1] == (GiveNotice(by_hand=False),)
    assert "not lifted" in refusal(*done, Closed(), kind=RECTIFY)
    lifted = (*done, NoticeGiven("post"), Lifted())
    assert told(*lifted, kind=RECTIFY)[1] == (Close(),)
    assert lived(*lifted, Closed(), kind=RECTIFY).state is State.CLOSED


@pytest.mark.fact("R4")
def test_a_restriction_that_was_asked_for_outlives_its_request_and_is_lifted_after_notice_all_the_same() -> None:
    identified, *rest = delivered(RESTRICT)
    closed = (identified, Restricted(), *rest, Closed())
    assert told(*closed[:-1], kind=RESTRICT)[1] == (Close(),), "nobody is told of an end that is not near"
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
    assert told(*refused)[1] == (Deliver(in_part=False, by_hand=False),)
    assert "has not been told" in refusal(*refused, Closed())
    assert told(*refused, Delivered("post"))[1] == (Close(),)
    closed = lived(*refused, Delivered("post"), Closed())
    assert (closed.state, closed.ending) == (State.CLOSED, Ending.REFUSED)


def test_what_is_done_in_one_source_is_not_refused_nor_taken_back_any_more() -> None:
    partly = (*decided(ERASE), CarriedOut("crm"), Reopened("shop"), Collected("shop"), Found(Find.CLEAR))
    assert "already in crm" in refusal(*partly, Refused(Refusal.EXEMPT, "law", ("a.lind",)), kind=ERASE)
    assert "already in crm" in refusal(*partly, WithdrawnByPerson(), kind=ERASE)
    assert "being carried out" in refusal(*decided(ERASE), WithdrawnByPerson(), kind=ERASE)


def test_a_person_may_take_back_what_they_asked_for() -> None:
    request, commands = told(*known(), WithdrawnByPerson())
    assert (request.state, request.ending, commands) == (State.WITHDRAWN, Ending.WITHDRAWN, (Close(),))


def test_a_correction_that_is_taken_back_leaves_a_restriction_to_be_lifted_first() -> None:
    taken_back = (*known()[:1], Restricted(), WithdrawnByPerson())
    assert told(*taken_back, kind=RECTIFY)[1] == (SetMarks(When.TAKEN_BACK), GiveNotice(by_hand=False))
    assert "not lifted" in refusal(*taken_back, Closed(), kind=RECTIFY)


def test_an_extension_is_told_once_with_its_reason_inside_the_first_month() -> None:
    request, commands = told(*known(), Extended("eight sources, and much to mask"))
    assert (request.state, request.extended_on) == (State.COLLECTING, MONDAY + timedelta(days=4))
    assert commands == (Remind(date(2026, 5, 26)),)
    assert "extended already" in refusal(*known(), Extended("many"), Extended("more"))
    assert "reason" in refusal(*known(), Extended(""))
    with pytest.raises(NotAllowed, match="first month"):
        step(lived(*known()), Extended("many"), date(2026, 4, 8))
