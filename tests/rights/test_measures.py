"""What a request comes to, purpose by purpose, before and after a handler has chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ombud.policy.model import Allowed, OnErasure, Organisation, Requests, Restricting
from ombud.rights.commands import When
from ombud.rights.decisions import Decision, NewMark, NotToBeChosen, StillWaiting, choose, marks, waiting
from ombud.rights.grounds import BY_OBJECTION, OF_GROUND, Contest, Ground, Keeps, says_no
from ombud.rights.measures import Measures, measures
from ombud.rights.model import Request, RequestKind
from ombud.terms import Act
from tests.rights.policies import IMY, POLICY, STATUTE

ENDS, REVIEW, STAYS = OnErasure.ENDS, OnErasure.REVIEW, OnErasure.STAYS


def asked(kind: RequestKind, **said: Any) -> Measures:
    return measures(Request("r1", kind, date(2026, 3, 2), **said), POLICY)


def north(found: Measures) -> dict[str, Decision]:
    return {each.purpose: each for each in found.decisions if each.company == "north"}


def acts(found: Measures, when: When, purpose: str | None = None) -> list[Act]:
    return [mark.act for mark in found.marks(when, POLICY) if purpose in (None, mark.purpose)]


# --- erase ------------------------------------------------------------------------------------------------------


@pytest.mark.fact("R3")
def test_a_request_to_erase_ends_what_may_end_weighs_what_must_be_weighed_and_leaves_what_the_law_keeps() -> None:
    found = north(asked(RequestKind.ERASE))
    assert {name: each.outcome for name, each in found.items()} == {
        "delivery": STAYS,
        "bookkeeping": STAYS,
        "surveys": REVIEW,
        "safety": REVIEW,
        "rescue": REVIEW,
        "pool": ENDS,
        "offers": ENDS,
        "news": ENDS,
        "mailings": ENDS,
        "odd": REVIEW,
    }
    kept = found["bookkeeping"]
    assert (kept.keeps, kept.article, kept.statutes) == (Keeps.DUTY, "Art. 17(3)(b)", (STATUTE,))
    assert found["delivery"].keeps is Keeps.STILL_NEEDED
    assert (found["pool"].ground, found["pool"].article) == (Ground.CONSENT_WITHDRAWN, "Art. 17(1)(b)")
    assert (found["offers"].ground, found["offers"].article) == (Ground.NOT_NEEDED, "Art. 17(1)(a)")


@pytest.mark.fact("R3")
def test_that_somebody_said_no_is_a_ground_only_where_they_did_now_or_before() -> None:
    for ground in ("", *(each for each in Ground if each is not Ground.OBJECTS_TO_MARKETING)):
        assert north(asked(RequestKind.ERASE, ground=ground))["offers"].ground not in BY_OBJECTION
    request = Request("r1", RequestKind.ERASE, date(2026, 3, 2))
    before = north(measures(request, POLICY, ("offers", "surveys"), said_no=("offers", "surveys", "delivery")))
    assert before["offers"].article == "Art. 17(1)(c), 21(2)"
    assert (before["surveys"].article, before["surveys"].keeps) == ("Art. 17(1)(c), 21(1)", Keeps.OVERRIDING)
    assert before["delivery"].keeps is Keeps.STILL_NEEDED, "nobody can object to a contract"
    by_ombud = north(measures(request, POLICY, ("offers",)))["offers"]
    assert by_ombud.ground is Ground.NOT_NEEDED
    assert [mark.act for mark in by_ombud.if_ends] == [Act.OVERRIDDEN, Act.ENDED, Act.OBJECTED]


def test_an_objection_that_an_erasure_set_on_another_ground_is_not_the_persons_word() -> None:
    assert [says_no(OF_GROUND[each]) for each in (Ground.OBJECTS, Ground.OBJECTS_TO_MARKETING)] == [True, True]
    assert not any(says_no(OF_GROUND[each]) for each in Ground if each not in BY_OBJECTION)
    assert says_no("opted out in crm.customer")
    assert says_no("")


def test_what_stays_after_it_was_weighed_stays_by_what_lets_it_not_by_the_ground_that_was_weighed() -> None:
    open_ = north(asked(RequestKind.ERASE))["surveys"]
    assert open_.article == "Art. 17(1)(a)"
    assert choose(open_, STAYS, "needed to mend faults").article == "Art. 6(1)", "nobody objected: nothing overrides"
    assert choose(open_, ENDS, "no need").article == "Art. 17(1)(a)"
    objected = north(asked(RequestKind.ERASE, ground=Ground.OBJECTS))["surveys"]
    assert choose(objected, STAYS, "fraud").article == "Art. 21(1)"
    assert choose(objected, STAYS, "a dispute", Keeps.LEGAL_CLAIMS).article == "Art. 17(3)(e)"


GROUNDS = [
    (Ground.NOT_NEEDED, "surveys", "Art. 17(1)(a)", REVIEW),
    (Ground.CONSENT_WITHDRAWN, "pool", "Art. 17(1)(b)", ENDS),
    (Ground.OBJECTS_TO_MARKETING, "offers", "Art. 17(1)(c), 21(2)", ENDS),
    (Ground.OBJECTS, "surveys", "Art. 17(1)(c), 21(1)", REVIEW),
    (Ground.UNLAWFUL, "delivery", "Art. 17(1)(d)", REVIEW),
    (Ground.LEGAL_DUTY, "delivery", "Art. 17(1)(e)", REVIEW),
]


@pytest.mark.fact("R3")
@pytest.mark.parametrize(("ground", "purpose", "article", "outcome"), GROUNDS)
def test_each_of_the_six_grounds_is_said_by_its_letter(
    ground: Ground, purpose: str, article: str, outcome: OnErasure
) -> None:
    decided = north(asked(RequestKind.ERASE, ground=ground))[purpose]
    assert (decided.ground, decided.article, decided.outcome) == (ground, article, outcome)
    assert {one for one, *_ in GROUNDS} == set(Ground)


@pytest.mark.parametrize("ground", ["", *Ground])
def test_no_ground_ends_what_a_statute_keeps(ground: str) -> None:
    assert north(asked(RequestKind.ERASE, ground=ground))["bookkeeping"].outcome is STAYS


def test_a_ground_that_cannot_hold_for_a_purpose_is_not_said_of_it() -> None:
    found = north(asked(RequestKind.ERASE, ground=Ground.CONSENT_WITHDRAWN))
    assert found["surveys"].ground is Ground.NOT_NEEDED
    assert found["offers"].ground is Ground.NOT_NEEDED


def test_nothing_is_carried_out_while_a_purpose_waits_and_the_choice_needs_its_reason() -> None:
    found = asked(RequestKind.ERASE)
    with pytest.raises(StillWaiting, match="surveys"):
        found.marks(When.DECIDED, POLICY)
    open_ = waiting(found.decisions)[0]
    with pytest.raises(NotToBeChosen):
        choose(open_, STAYS, "  ")
    with pytest.raises(NotToBeChosen):
        choose(open_, REVIEW, "later")
    with pytest.raises(NotToBeChosen):
        choose(north(found)["bookkeeping"], ENDS, "she insists")
    stays = choose(open_, STAYS, "a dispute about the delivery", Keeps.LEGAL_CLAIMS)
    assert (stays.outcome, stays.keeps, stays.reason) == (STAYS, Keeps.LEGAL_CLAIMS, "a dispute about the delivery")
    assert marks([stays], When.DECIDED) == ()


@pytest.mark.fact("R3")
def test_consent_is_withdrawn_marketing_is_objected_to_and_the_rest_ends_with_its_ground() -> None:
    found = asked(RequestKind.ERASE)
    all_end = Measures(tuple(choose(e, ENDS, "no") if e.outcome is REVIEW else e for e in found.decisions))
    assert acts(all_end, When.DECIDED, "pool") == [Act.WITHDRAWN]
    assert acts(all_end, When.DECIDED, "surveys") == [Act.ENDED]
    assert acts(all_end, When.DECIDED, "mailings") == [Act.WITHDRAWN, Act.ENDED]
    assert acts(all_end, When.CARRIED_OUT, "offers") == [Act.OBJECTED]
    assert acts(all_end, When.DECIDED, "bookkeeping") == []
    assert all(mark.ground.startswith("Art. 17(1)") for mark in all_end.marks(When.DECIDED, POLICY))


def test_a_request_to_one_company_or_about_one_purpose_goes_no_further() -> None:
    assert {each.company for each in asked(RequestKind.ERASE, company="south").decisions} == {"south"}
    assert {each.purpose for each in asked(RequestKind.ERASE, purposes=("offers",)).decisions} == {"offers"}
    only = asked(RequestKind.ERASE, purposes=("offers",), company="south").marks(When.DECIDED, POLICY)
    assert [(mark.purpose, mark.company) for mark in only] == [("offers", "south")]


def test_a_request_to_one_company_marks_no_other_though_it_alone_has_the_purpose_today() -> None:
    (mark,) = asked(RequestKind.WITHDRAW, purposes=("pool",), company="north").marks(When.AT_ONCE, POLICY)
    assert mark.company == "north"


def test_what_every_company_marks_alike_is_marked_once_for_the_group() -> None:
    found = asked(RequestKind.ERASE, purposes=("offers", "pool")).marks(When.DECIDED, POLICY)
    assert {(mark.purpose, mark.company) for mark in found} == {("offers", None), ("pool", None)}
    assert len(found) == 2


# --- object, withdraw -------------------------------------------------------------------------------------------


@pytest.mark.fact("R6")
def test_direct_marketing_stops_at_once_and_nobody_is_asked() -> None:
    found = asked(RequestKind.OBJECT, purposes=("offers", "news", "mailings"))
    assert waiting(found.decisions) == ()
    assert acts(found, When.AT_ONCE, "offers") == [Act.OBJECTED]
    assert acts(found, When.AT_ONCE, "news") == [Act.WITHDRAWN]
    assert acts(found, When.AT_ONCE, "mailings") == [Act.WITHDRAWN, Act.OBJECTED]
    with pytest.raises(NotToBeChosen):
        choose(found.decisions[0], STAYS, "we earn by it")


@pytest.mark.fact("R6")
@pytest.mark.parametrize("purpose", ["surveys", "safety"])
def test_other_interests_are_restricted_until_decided_and_overridden_only_with_a_reason(purpose: str) -> None:
    found = asked(RequestKind.OBJECT, purposes=(purpose,), company="north")
    assert acts(found, When.AT_ONCE) == [Act.OBJECTED]
    (open_,) = waiting(found.decisions)
    with pytest.raises(NotToBeChosen):
        choose(open_, STAYS, "")
    overridden = choose(open_, STAYS, "fraud under investigation")
    assert (overridden.keeps, overridden.article) == (Keeps.OVERRIDING, "Art. 21(1)")
    assert marks([overridden], When.DECIDED) == ()
    assert [mark.act for mark in marks([overridden], When.LIFTED)] == [Act.OVERRIDDEN]
    upheld = choose(open_, ENDS, "nothing overrides")
    assert [mark.act for mark in marks([upheld], When.DECIDED)] == [Act.OVERRIDDEN, Act.ENDED]
    assert [mark.act for mark in marks([upheld], When.CARRIED_OUT)] == [Act.OBJECTED]


@pytest.mark.fact("R6")
def test_nothing_else_can_be_objected_to_and_that_is_said() -> None:
    found = north(asked(RequestKind.OBJECT))
    for purpose in ("delivery", "bookkeeping", "rescue", "pool", "odd"):
        assert (found[purpose].outcome, found[purpose].keeps) == (STAYS, Keeps.NOT_COVERED)
        assert found[purpose].always == ()


@pytest.mark.fact("R9")
def test_a_withdrawal_stops_what_stands_on_consent_at_once_and_leaves_the_rest_standing() -> None:
    found = asked(RequestKind.WITHDRAW)
    stops = {each.purpose for each in found.decisions if each.outcome is ENDS}
    assert stops == {"pool", "news", "mailings"}
    said = found.marks(When.AT_ONCE, POLICY)
    assert {(mark.act, mark.purpose, mark.ground) for mark in said} == {
        (Act.WITHDRAWN, purpose, "Art. 7(3)") for purpose in stops
    }


def test_an_objection_that_is_taken_back_is_and_a_consent_comes_back_by_a_new_one_alone() -> None:
    assert acts(asked(RequestKind.OBJECT, purposes=("offers",)), When.TAKEN_BACK) == [Act.OVERRIDDEN]
    assert acts(asked(RequestKind.WITHDRAW), When.TAKEN_BACK) == []
    assert acts(asked(RequestKind.OBJECT, purposes=("surveys",)), When.LIFTED) == [Act.OVERRIDDEN]
    assert acts(asked(RequestKind.OBJECT, purposes=("surveys",)), When.TAKEN_BACK) == []


# --- restrict, rectify, complain, claim -------------------------------------------------------------------------


@pytest.mark.fact("R4")
@pytest.mark.parametrize(("contest", "letter"), tuple(zip(Contest, "abcd", strict=True)))
def test_a_restriction_says_its_ground_the_uses_left_and_when_it_is_looked_at(contest: Contest, letter: str) -> None:
    found = asked(RequestKind.RESTRICT, ground=contest, purposes=("surveys",))
    (mark,) = found.marks(When.AT_ONCE, POLICY)
    assert (mark.act, mark.purpose, mark.ground) == (Act.RESTRICTED, "surveys", f"Art. 18(1)({letter})")
    assert mark.allows == {
        Allowed.CONSENT,
        Allowed.LEGAL_CLAIMS,
        Allowed.OTHERS_RIGHTS,
        Allowed.PUBLIC_INTEREST,
    }
    assert mark.review == date(2027, 3, 2)
    assert acts(found, When.LIFTED) == [Act.LIFTED]


def test_a_house_may_let_less_pass_than_the_law_does() -> None:
    request = Request("r1", RequestKind.RESTRICT, date(2026, 3, 2), company="south")
    less = Restricting(frozenset({Allowed.LEGAL_CLAIMS}), "our own interest is none of the four")
    policy = replace(POLICY, organisation=Organisation("each", requests=Requests((), restriction=less)))
    (mark,) = measures(request, policy).marks(When.AT_ONCE, policy)
    assert mark.allows == {"legal_claims"}
    assert (mark.purpose, mark.company) == (None, "south")


@pytest.mark.fact("R2")
@pytest.mark.fact("R4")
def test_what_is_said_to_be_wrong_is_restricted_while_that_is_examined() -> None:
    found = asked(RequestKind.RECTIFY)
    (mark,) = found.marks(When.AT_ONCE, POLICY)
    assert (mark.act, mark.ground) == (Act.RESTRICTED, "Art. 18(1)(a)")
    assert acts(found, When.LIFTED) == [Act.LIFTED]


@pytest.mark.fact("R7")
@pytest.mark.fact("R8")
@pytest.mark.parametrize(("kind", "article"), [(RequestKind.COMPLAIN, "Art. 77"), (RequestKind.CLAIM, "Art. 82")])
def test_a_complaint_or_a_claim_holds_what_it_is_about_and_names_the_authority(kind: RequestKind, article: str) -> None:
    found = asked(kind)
    held = NewMark(Act.HELD, None, None, article, When.AT_ONCE, review=date(2027, 3, 2))
    assert found.marks(When.AT_ONCE, POLICY) == (held,)
    assert (found.authority, found.bundle) == (IMY, True)
    assert acts(found, When.TAKEN_BACK) == [Act.RELEASED]


def test_an_answer_alone_marks_nothing() -> None:
    for kind in (RequestKind.ACCESS, RequestKind.PORT):
        assert all(asked(kind).marks(when, POLICY) == () for when in When)


def test_a_ground_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="bored"):
        asked(RequestKind.ERASE, ground="bored")
