"""How much proof is asked for follows from what a wrong answer would do, and there is always a way."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.rights.identity import Ask, Asked, Impossible, OnFile, Proven, Why, judge
from ombud.rights.ladder import (
    LADDER,
    NEEDS,
    ON_PAPER,
    Channel,
    FirstKnown,
    Sensitivity,
    Stake,
    Way,
    at_least,
    needed,
    ways,
)
from ombud.rights.model import Proof, RequestKind

ACCESS, ERASE, OBJECT, COMPLAIN = RequestKind.ACCESS, RequestKind.ERASE, RequestKind.OBJECT, RequestKind.COMPLAIN
EVERYTHING = frozenset(OnFile)
PROTECTED = frozenset({Sensitivity.PROTECTED})

ASKED = st.builds(
    Asked,
    kind=st.sampled_from(RequestKind),
    channel=st.sampled_from(Channel),
    known=st.sampled_from(FirstKnown),
    on_file=st.frozensets(st.sampled_from(OnFile)),
    held=st.frozensets(st.sampled_from(Sensitivity)),
    reached=st.sampled_from(Proof),
    signed=st.booleans(),
    refused=st.frozensets(st.sampled_from(Way)),
)


def test_there_is_always_a_way_without_bankid_and_always_one_on_paper() -> None:
    for rung, channel, protected in product(Proof, Channel, (True, False)):
        found = ways(rung, channel, protected=protected)
        assert set(found) - {Way.BANK_ID}
        assert set(found) & ON_PAPER


def test_no_letter_goes_by_a_file_to_a_protected_identity() -> None:
    for rung, channel in product(Proof, Channel):
        assert Way.LETTER not in ways(rung, channel, protected=True)


def test_no_way_takes_a_copy_of_an_identity_document() -> None:
    assert not [way for way in Way if "copy" in way or "document" in way]


@given(st.sampled_from(RequestKind), st.sampled_from(FirstKnown))
def test_more_sensitive_data_never_need_less(kind: RequestKind, known: FirstKnown) -> None:
    rungs = [LADDER.index(needed(kind, frozenset({each}), known)) for each in Sensitivity]
    assert rungs == sorted(rungs)


def test_a_higher_stake_never_needs_less() -> None:
    for column in range(4):
        rungs = [LADDER.index(NEEDS[stake][column]) for stake in Stake]
        assert rungs == sorted(rungs)


@pytest.mark.parametrize(
    ("kind", "held", "known", "rung"),
    [
        (ACCESS, Sensitivity.ORDINARY, FirstKnown.CONTACT_POINT, Proof.CONTACT_POINT),
        (ACCESS, Sensitivity.ORDINARY, FirstKnown.ACCOUNT, Proof.SESSION),
        (ACCESS, Sensitivity.MASKED, FirstKnown.NUMBER, Proof.E_IDENTIFICATION),
        (ACCESS, Sensitivity.SPECIAL, FirstKnown.CONTACT_POINT, Proof.CONTACT_POINT),
        (ACCESS, Sensitivity.PROTECTED, FirstKnown.CONTACT_POINT, Proof.STAFF),
        (ERASE, Sensitivity.SPECIAL, FirstKnown.NUMBER, Proof.E_IDENTIFICATION),
        (OBJECT, Sensitivity.SPECIAL, FirstKnown.NUMBER, Proof.SESSION),
        (COMPLAIN, Sensitivity.PROTECTED, FirstKnown.PAPER, Proof.NONE),
    ],
)
def test_proof_is_proportionate_to_how_the_person_was_first_known(
    kind: RequestKind, held: Sensitivity, known: FirstKnown, rung: Proof
) -> None:
    assert needed(kind, frozenset({held}), known) is rung


def test_a_code_is_asked_for_where_a_contact_point_is_enough_and_bankid_is_only_one_of_the_others() -> None:
    outcome = judge(Asked(ACCESS, Channel.EMAIL, FirstKnown.NUMBER, EVERYTHING))
    assert isinstance(outcome, Ask)
    assert outcome.least is Way.CODE
    assert set(outcome.others) == {Way.BANK_ID, Way.LETTER, Way.HANDLER}


def test_nobody_is_asked_again_by_a_way_that_failed() -> None:
    first = Asked(ACCESS, Channel.EMAIL, FirstKnown.CONTACT_POINT, frozenset({OnFile.EMAIL}))
    outcome = judge(Asked(first.kind, first.channel, first.known, first.on_file, refused=frozenset({Way.CODE})))
    assert isinstance(outcome, Ask)
    assert outcome.least is Way.HANDLER
    every = frozenset(Way)
    left = judge(Asked(first.kind, first.channel, first.known, first.on_file, refused=every))
    assert left == Impossible(Proof.CONTACT_POINT, Why.NOTHING_LEFT)


def test_where_nothing_on_file_could_be_compared_no_question_is_put_and_a_person_decides() -> None:
    outcome = judge(Asked(ACCESS, Channel.FORM, FirstKnown.CONTACT_POINT, frozenset()))
    assert outcome == Impossible(Proof.CONTACT_POINT, Why.NOTHING_ON_FILE)


@pytest.mark.fact("R1")
def test_a_signed_letter_is_enough_and_is_answered_at_the_address_in_the_population_register_alone() -> None:
    held = frozenset({Sensitivity.MASKED})
    signed = Asked(ACCESS, Channel.POST, FirstKnown.NUMBER, EVERYTHING, held, signed=True)
    outcome = judge(signed)
    assert isinstance(outcome, Proven)
    assert outcome.only_to_the_register


@pytest.mark.fact("R1")
def test_an_unsigned_letter_is_answered_with_the_question_for_a_signature() -> None:
    outcome = judge(Asked(ACCESS, Channel.POST, FirstKnown.NUMBER, EVERYTHING))
    assert isinstance(outcome, Ask)
    assert outcome.least is Way.SIGNATURE
    assert Way.HANDLER in outcome.others


@pytest.mark.fact("R1")
def test_a_signature_without_a_registered_address_proves_nothing() -> None:
    outcome = judge(Asked(ACCESS, Channel.POST, FirstKnown.PAPER, frozenset({OnFile.EMAIL}), signed=True))
    assert isinstance(outcome, Ask)
    assert Way.SIGNATURE not in (outcome.least, *outcome.others)


def test_a_signature_proves_nothing_of_a_protected_identity_whose_address_is_in_no_file() -> None:
    for kind in (ACCESS, OBJECT):
        outcome = judge(Asked(kind, Channel.POST, FirstKnown.NUMBER, EVERYTHING, PROTECTED, signed=True))
        assert isinstance(outcome, Ask)
        assert outcome.least is Way.FORWARDED


def test_a_signature_alone_erases_nothing_special_since_nothing_is_handed_to_the_registered_address() -> None:
    held = frozenset({Sensitivity.SPECIAL})
    outcome = judge(Asked(ERASE, Channel.POST, FirstKnown.NUMBER, EVERYTHING, held, signed=True))
    assert isinstance(outcome, Ask)
    assert outcome.least is Way.LETTER


@given(ASKED)
def test_whoever_is_proven_has_the_rung_or_has_signed_and_everybody_else_is_asked_or_decided(asked: Asked) -> None:
    rung = needed(asked.kind, asked.held, asked.known)
    match judge(asked):
        case Proven(reached, only):
            assert at_least(reached, rung) or (only and asked.signed and not asked.protected)
        case Ask(least=least, others=others):
            assert not {least, *others} & asked.refused
            assert not at_least(asked.reached, rung)
        case Impossible():
            assert not at_least(asked.reached, rung)


@given(ASKED)
def test_a_protected_identity_is_proven_to_a_handler_before_anything_is_handed_out(asked: Asked) -> None:
    outcome = judge(asked)
    if asked.protected and asked.kind in (ACCESS, RequestKind.PORT) and isinstance(outcome, Proven):
        assert outcome.rung is Proof.STAFF
