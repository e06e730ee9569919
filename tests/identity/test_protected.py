"""A protected identity: automation stops, the address is hidden, nothing is linked, and doubt protects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ombud.rights.forwarding import FORWARDING, forwarded
from ombud.rights.population import Entry, NotFound
from ombud.rights.protected import (
    FLAGGED,
    HIDDEN,
    NEUTRAL,
    UNFLAGGED,
    Deed,
    Flag,
    Ground,
    Protection,
    Rule,
    Words,
    email,
    flags_of,
    shown,
    together,
)
from tests.identity.people import ANNA, BOTH, MARKED, NOW, SHELTERED

FLAGS = st.builds(Flag, st.sampled_from(Ground), st.sampled_from(["crm", "register", "R-1"]))
SOMEBODY = frozenset({"maria"})


def protected(ground: Ground = Ground.SOURCE) -> Protection:
    return Protection((Flag(ground, "crm"),), SOMEBODY)


def test_every_deed_has_its_rule_flagged_or_not() -> None:
    assert set(FLAGGED) == set(UNFLAGGED) == set(Deed)


def test_a_flag_never_allows_what_was_not_allowed_without_it() -> None:
    for deed in Deed:
        for by in (None, "maria", "johan"):
            assert not protected().may(deed, by) or Protection((), SOMEBODY).may(deed, by)


@pytest.mark.parametrize("ground", Ground)
def test_automation_stops_on_a_flag_from_anywhere_the_persons_own_word_and_doubt_included(ground: Ground) -> None:
    for deed in (Deed.DECIDE, Deed.CARRY_OUT, Deed.DELIVER, Deed.TELL_RECIPIENTS, Deed.SHOW_CASE, Deed.SEND_LETTER):
        assert not protected(ground).may(deed, None)
        assert not protected(ground).may(deed, "johan"), "not named"
        assert protected(ground).may(deed, "maria")


def test_the_persons_own_word_is_enough() -> None:
    said = together([Flag(Ground.OWN_WORD, "R-1")], flags_of(ANNA))
    assert not Protection(said, SOMEBODY).may(Deed.DELIVER, None)


def test_what_only_protects_waits_for_nobody() -> None:
    for deed in (Deed.STOP_USE, Deed.HOLD):
        assert protected().may(deed, None)


def test_the_address_is_shown_to_named_handlers_alone() -> None:
    address = ("Storgatan 1", "111 22 STOCKHOLM")
    assert shown(address, protected(), "maria") == address
    for viewer in (None, "johan", ""):
        assert shown(address, protected(), viewer) == (HIDDEN,)
    assert shown(address, Protection(), None) == address


@pytest.mark.parametrize("language", ["sv", "en", "de"])
def test_an_e_mail_says_nothing_in_its_subject_nor_in_a_preview(language: str) -> None:
    words = Words("Ditt registerutdrag, Farid", "Farid Norrskog, här är dina uppgifter")
    sent = email(protected(), words, language)
    assert sent in NEUTRAL.values()
    assert "Farid" not in f"{sent.subject} {sent.body}"
    assert email(Protection(), words, language) == words


def test_neutral_words_name_no_request_right_or_company() -> None:
    for words in NEUTRAL.values():
        said = f"{words.subject} {words.body}".lower()
        assert not [each for each in ("utdrag", "uppgifter", "radera", "data", "request", "gdpr") if each in said]


def test_a_changed_identity_is_linked_by_nothing() -> None:
    for deed in (Deed.MATCH_FORMER_CONTACT, Deed.MATCH_FORMER_NUMBER, Deed.MATCH_LIKENESS):
        assert not protected().may(deed, "maria")


def test_no_flag_does_not_mean_unprotected_so_no_former_number_links_anybody_and_likeness_is_asked_about() -> None:
    nobody_knows = Protection()
    assert not nobody_knows.may(Deed.MATCH_FORMER_NUMBER, "maria")
    assert nobody_knows.rule(Deed.MATCH_LIKENESS) is Rule.ASKED
    assert not nobody_knows.may(Deed.MATCH_LIKENESS, None)


def test_either_flag_of_the_register_is_one_and_no_answer_is_doubt() -> None:
    for entry in (MARKED, SHELTERED, BOTH):
        assert [flag.ground for flag in flags_of(entry)] == [Ground.REGISTER]
    assert flags_of(ANNA) == flags_of(NotFound(NOW)) == ()
    assert [flag.ground for flag in flags_of(None)] == [Ground.DOUBT]


@given(st.lists(st.lists(FLAGS, max_size=3), max_size=4))
def test_no_place_that_knows_of_no_flag_takes_one_away(places: list[list[Flag]]) -> None:
    found = together(*places, flags_of(ANNA))
    assert Protection(found).stands == any(places)
    assert set(found) == {flag for flags in places for flag in flags}


def test_a_letter_goes_sealed_inside_another_and_only_the_inner_one_says_to_whom() -> None:
    letter = forwarded(MARKED.name, MARKED.number)
    assert letter.sealed
    assert letter.outer == FORWARDING
    assert letter.inner == (MARKED.name, MARKED.number)
    outside = " ".join((*letter.outer, *letter.covering, repr(letter)))
    for secret in (MARKED.number, "Farid", "Norrskog"):
        assert secret not in outside


def test_without_a_number_nothing_can_be_forwarded() -> None:
    with pytest.raises(ValueError, match="finds the person by the number"):
        forwarded("Farid Norrskog", "")


def test_a_flag_prints_a_place_and_never_a_person() -> None:
    entry = MARKED
    assert isinstance(entry, Entry)
    assert "Norrskog" not in repr(Protection(flags_of(entry), SOMEBODY))
